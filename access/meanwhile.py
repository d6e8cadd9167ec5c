"""Two people edit one row: the second is told, and nothing of either is lost. What a page showed travels with its form
(`access.forms.EditForm`); here it is held against the row as it stands, which the action has locked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from access.words import tidied
from staff.models import User

Plain = str | bool | list[str]

SAID = "Somebody changed this while you were writing. Nothing was overwritten."


@dataclass(frozen=True)
class Seen:
    """What a page showed of a row, and what was typed over it, by the names of the form's fields. A name that is no field of
    the form is a fact which the page stated. Nothing `shown` means that the page is not known."""

    shown: Mapping[str, Plain] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)

    def knew(self, name: str, now: Plain) -> bool:
        """Whether the page showed what stands. Where it is not known, an empty value is not lost by being written over."""
        return same(self.shown[name], now) if name in self.shown else now in ("", False, [])


class Stale(ValidationError):
    """The row says something else than the page showed; `stands` is what it says now."""

    def __init__(self, row: Model | None, stands: Mapping[str, Any]) -> None:
        super().__init__(SAID, code="stale")
        self.row, self.stands = row, stands


def refuse_stale(row: Model | None, seen: Seen | None, stands: Mapping[str, Any]) -> None:
    """Raises `Stale` unless each value that `stands` is the one which the page showed or the one which was typed. `row` is
    where to ask who it was, None where no history is kept."""
    seen = seen or Seen()
    for name, value in stands.items():
        now = plain(value)
        if seen.knew(name, now):
            continue
        if name not in seen.typed or not same(plain(seen.typed[name]), now):
            raise Stale(row, stands)


def plain(value: Any) -> Plain:
    """A value as it can travel with a page and be compared: text, yes or no, or a list of texts."""
    if isinstance(value, bool):
        return value
    if value is None:
        return ""
    if isinstance(value, list | tuple | set):
        return [str(plain(each)) for each in value]
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def same(one: Plain, other: Plain) -> bool:
    """Whether two values say the same. Browsers send their own ends of lines and a list in any order."""
    return _bare(one) == _bare(other)


def _bare(value: Plain) -> Plain:
    if isinstance(value, list):
        return sorted(value)
    return tidied(value)


def last_change(row: Model | None) -> tuple[User | None, datetime | None]:
    """Who changed the row last, and when, as far as its history tells: what a command changed names nobody."""
    if row is None:
        return None, None
    events = row.events.order_by("-pgh_created_at", "-pgh_id")  # type: ignore[attr-defined]  # pghistory's relation
    last = events.values_list("pgh_created_at", "pgh_context__metadata__user").first()
    if last is None:
        return None, None
    at, key = last
    try:
        return User.objects.filter(pk=key, is_system=False).first() if key else None, at
    except ValidationError:  # nobody was signed in
        return None, at
