"""The course strip's marks: one for each planned session, grouped by phase, and a thin one for each that was missed.
How it is drawn is the look's affair."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Protocol

from courses import protocol

ATTENDED, MISSED, NEXT, PLANNED = "on", "missed", "next", ""

Strip = list[tuple[str, list[str]]]


class Held(Protocol):
    """What the strip asks of a session: `phase` may be empty."""

    @property
    def number(self) -> int | None: ...
    @property
    def phase(self) -> str: ...
    @property
    def was_missed(self) -> bool: ...


def strip_of(plan: str | Sequence[int], planned: int, sessions: Iterable[Held]) -> Strip:
    """The marks, phase by phase. `plan` is what `protocol.phase_of` asks for, `sessions` the treatment sessions in the
    order of their dates; those without a number that were not missed leave no mark.

    A missed session uses up no planned one. Sessions beyond the plan are marked as well, and no next one then."""
    marks: list[tuple[str, str]] = []
    attended = 0
    for session in sessions:
        if session.number is not None:
            attended += 1
            marks.append((session.phase or protocol.phase_of(plan, attended), ATTENDED))
        elif session.was_missed:
            marks.append((session.phase or protocol.phase_of(plan, attended + 1), MISSED))
    ahead = range(attended + 1, planned + 1)
    marks += [(protocol.phase_of(plan, n), NEXT if n == attended + 1 else PLANNED) for n in ahead]
    return [
        (phase, [state for _, state in group]) for phase, group in groupby(marks, key=lambda mark: mark[0])
    ]
