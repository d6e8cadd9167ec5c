"""Two people edit one row: the second is told, and loses nothing. For rows that carry no version of their own."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model


def fingerprint(row: Model, fields: tuple[str, ...]) -> str:
    """What a form showed, as a short mark that travels with it."""
    values = [str(row._meta.get_field(name).value_from_object(row)) for name in fields]  # type: ignore[union-attr]  # columns
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:24]


def refuse_stale(row: Model, seen: str, values: Mapping[str, Any]) -> None:
    """Raises ValidationError, with what the row says now, unless it still says what the form showed. `row` is locked;
    `values` are those typed."""
    if seen == fingerprint(row, tuple(values)):
        return
    now = [
        f"{_name(row, field)} is now {_words(getattr(row, field))}"
        for field, typed in values.items()
        if getattr(row, field) != typed
    ]
    raise ValidationError(
        "Somebody else changed this while you were writing"
        + (f": {'; '.join(now)}" if now else "")
        + ". What you wrote is still here: save again to keep it.",
        code="stale",
    )


def _name(row: Model, field: str) -> str:
    return str(row._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # columns


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "empty" if value in (None, "") else str(value)
