"""What stands around a supervision line: a circle that a new one would close, what hangs on one that ends, and who stands in on
which days. Questions only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from staff.models import Leave, SupervisionLine, User

# --- Circles ----------------------------------------------------------------------------------------------------------


def hold_lines() -> None:
    """Until the transaction ends: two lines that are drawn at one moment would each not see the other. The same lock as the
    trigger `lines_make_no_circle` takes, which has the last word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('staff_supervisionline', 0))")


def circle_of(line: SupervisionLine) -> list[User]:
    """The people of the circle that this new line would close, from its therapist down to its supervisor: each supervises the
    next, all at one time. Empty where it closes none."""
    below: dict[Any, list[SupervisionLine]] = {}
    for one in SupervisionLine.objects.exclude(ends_at__lte=line.starts_at).select_related("therapist"):
        below.setdefault(one.supervisor_id, []).append(one)
    return _down([line.therapist], line.starts_at, line.ends_at, below, to=line.supervisor)


def _down(
    chain: list[User],
    since: datetime,
    until: datetime | None,
    below: dict[Any, list[SupervisionLine]],
    *,
    to: User,
) -> list[User]:
    """`since` and `until` are the time at which every line of the chain so far holds."""
    for one in below.get(chain[-1].pk, []):
        begins = max(since, one.starts_at)
        ends = min((end for end in (until, one.ends_at) if end), default=None)
        if (ends and begins >= ends) or one.therapist in chain:
            continue
        if one.therapist == to:
            return [*chain, to]
        if found := _down([*chain, one.therapist], begins, ends, below, to=to):
            return found
    return []


def circle_in_words(circle: list[User]) -> str:
    """ "Tara supervises Olga, who supervises Sunil." """
    first, second, *others = [person.full_name for person in circle]
    return f"{first} supervises {second}{''.join(f', who supervises {name}' for name in others)}"


# --- What hangs on a line ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hangs:
    """In numbers, so that an administrator may know them: supervision records of this supervisor about this therapist's cases
    that are begun and not signed, what is on the agenda for the therapist's courses, and their notes that wait to be
    co-signed."""

    records: int
    items: int
    to_cosign: int

    @property
    def is_anything(self) -> bool:
        return any((self.records, self.items, self.to_cosign))


def hangs_on(line: SupervisionLine) -> Hangs:
    with connection.cursor() as cursor:
        cursor.execute("SELECT records, items, to_cosign FROM hangs_on_line(%s)", [line.pk])
        row = cursor.fetchone()
    return Hangs(*row) if row else Hangs(0, 0, 0)


# --- Who stands in when -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StandsIn:
    """Days on which a supervisor is away, and who has the line meanwhile; None where nobody is named."""

    line: SupervisionLine
    deputy: User | None
    starts_on: date
    ends_on: date
    is_now: bool


def stand_ins(lines: Iterable[SupervisionLine], *, on: date) -> dict[Any, list[StandsIn]]:
    """By the key of a line, for leave that is not over: from the first to the last day on which both the leave and the line
    hold."""
    lines = list(lines)
    away: dict[Any, list[Leave]] = {}
    rows = Leave.objects.filter(person__in={line.supervisor_id for line in lines}, ends_on__gte=on)
    for leave in rows.order_by("starts_on"):
        away.setdefault(leave.person_id, []).append(leave)
    found: dict[Any, list[StandsIn]] = {}
    for line in lines:
        for leave in away.get(line.supervisor_id, []):
            starts = max(leave.starts_on, timezone.localdate(line.starts_at))
            ends = min(leave.ends_on, timezone.localdate(line.ends_at)) if line.ends_at else leave.ends_on
            if starts <= ends and ends >= on:
                found.setdefault(line.pk, []).append(
                    StandsIn(line, line.deputy, starts, ends, is_now=starts <= on <= ends)
                )
    return found
