"""Reads settings from the environment, strictly: what is missing or misspelt is said in one sentence."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's text; raises ImproperlyConfigured when it is empty and has no default."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"Set the environment variable {name}: the clinic cannot start without it."
        )
    return default


def flag(name: str, default: bool) -> bool:
    """1 or 0; anything else is refused rather than guessed."""
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")
    return value == "1"


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(name: str) -> dict[str, Any]:
    """A Django database entry from `postgresql://user:password@host:port/name?host=/socket/folder`.

    A socket folder may stand as the host parameter, as libpq has it.
    """
    url = urlparse(text(name))
    if url.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"{name} must begin with postgresql://")
    options = dict(parse_qsl(url.query))
    return {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", None) or url.hostname or "",
        "PORT": options.pop("port", None) or str(url.port or ""),
        "OPTIONS": options,
    }
