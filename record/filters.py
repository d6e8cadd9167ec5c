"""What a list can be narrowed by, as its form shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from courses import protocol
from courses.lifecycle import Status
from record.wanted import Wanted

PHASES = protocol.PHASES
FOCI = {code: area.label for code, area in protocol.FOCUS_AREAS.items()} | {"none": "Not yet agreed"}
SHOWN = {"": "Open", "closed": "Ended", "all": "Open and ended"}
STATUSES = {"": "Open", **dict(Status.choices), "all": "Open and ended"}


@dataclass(frozen=True)
class Filter:
    """One choice of the form: its name, its label, what may be chosen, and what is."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str


def phase(wanted: Wanted) -> Filter:
    return Filter("phase", "Phase", [("", "Any phase"), *PHASES.items()], wanted.phase)


def focus(wanted: Wanted) -> Filter:
    return Filter("focus", "Focus", [("", "Any focus"), *FOCI.items()], wanted.focus)


def shown(wanted: Wanted) -> Filter:
    return Filter("show", "Courses", list(SHOWN.items()), wanted.show)


def status(wanted: Wanted) -> Filter:
    return Filter("show", "Status", list(STATUSES.items()), wanted.show)


def therapist(wanted: Wanted, people: Iterable[tuple[Any, str]]) -> Filter:
    options = [("", "Any therapist"), *((str(key), name) for key, name in people)]
    return Filter("therapist", "Therapist", options, str(wanted.therapist or ""))


def flag(wanted: Wanted, flags: Iterable[tuple[str, str]]) -> Filter:
    return Filter("flag", "Flag", [("", "Any flag, or none"), *flags], wanted.flag)
