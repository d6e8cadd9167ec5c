"""What the address of the waiting list asks for. As in `record.wanted`, anything else is as if it had not been said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.dateparse import parse_date

from courses.models import Priority
from record.wanted import name_in, page_in

GROUPS = {
    "screen": "To be screened",
    "ready": "Ready to allocate",
    "allocated": "Allocated, first session ahead",
}
SORTS = {"": "Most urgent first", "wait": "Longest wait first", "name": "By name"}
WAITS = {"": "Any wait", "soon": "Near a limit", "first": "Past {first} days", "second": "Past {second} days"}
PRIORITIES = {"": "Any priority", **{str(value): label for value, label in reversed(Priority.choices)}}
NEEDS = {
    "": "Any needs",
    "evenings": "Evenings only",
    "video": "Video only",
    "step_free": "Step-free room",
    "interpreter": "Interpreter",
    "woman": "Asks for a woman",
    "man": "Asks for a man",
}
CLOCKS = {"": "Either", "runs": "Runs", "paused": "Stands still"}
_CHOICES = {
    "group": GROUPS,
    "sort": SORTS,
    "wait": WAITS,
    "priority": PRIORITIES,
    "need": NEEDS,
    "clock": CLOCKS,
}


@dataclass(frozen=True)
class Asked:
    """Empty is the default: everybody who waits, the most urgent first, as a list."""

    view: str = ""
    group: str = ""
    sort: str = ""
    q: str = ""
    wait: str = ""
    priority: str = ""
    need: str = ""
    clock: str = ""
    screener: UUID | None = None
    since: date | None = None
    until: date | None = None
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.wait, self.priority, self.need, self.is_narrowed_further))

    @property
    def is_narrowed_further(self) -> bool:
        """By what the form keeps folded."""
        return any((self.clock, self.screener, self.since, self.until))

    def query(self, **changes: Any) -> str:
        """The address of this list with something changed; a change begins at page 1."""
        asked = replace(self, **{"page": 1, **changes})
        said = {name: value for name, value in vars(asked).items() if value and (name, value) != ("page", 1)}
        return f"?{urlencode(said)}"


def asked(said: Mapping[str, str]) -> Asked:
    """Reads an address."""
    chosen = {name: said.get(name, "") for name in _CHOICES}
    return Asked(
        view="board" if said.get("view") == "board" else "",
        q=name_in(said),
        screener=_key(said.get("screener", "")),
        since=_day(said.get("since", "")),
        until=_day(said.get("until", "")),
        page=page_in(said),
        **{name: value if value in _CHOICES[name] else "" for name, value in chosen.items()},
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
