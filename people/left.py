"""What stands in somebody's name: shown before their sign-in ends and afterwards, until others have it. It keeps nobody
from being shut out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from staff.models import Leave, SupervisionLine, User


@dataclass(frozen=True)
class Left:
    """Courses to hand over, referrals to screen, supervision lines that run or are to begin, and leave of others, now or ahead,
    that they cover."""

    courses: int
    referrals: int
    supervises: list[SupervisionLine]
    supervised_by: list[SupervisionLine]
    deputy: list[SupervisionLine]
    covers: list[Leave]

    @property
    def is_anything(self) -> bool:
        return any(
            (self.courses, self.referrals, self.supervises, self.supervised_by, self.deputy, self.covers)
        )


def left_by(person: User, *, at: datetime) -> Left:
    lines = SupervisionLine.objects.exclude(ends_at__lte=at).select_related(
        "supervisor", "therapist", "deputy"
    )
    covers = person.covers.filter(ends_on__gte=timezone.localdate(at)).select_related("person").reverse()
    held = _held(person.allocations, at=at)
    return Left(
        courses=held.carrying().count(),
        referrals=held.screening().count(),
        supervises=list(lines.filter(supervisor=person)),
        supervised_by=list(lines.filter(therapist=person)),
        deputy=list(lines.filter(deputy=person)),
        covers=list(covers),
    )


def with_courses_left(people: QuerySet[User], *, at: datetime) -> QuerySet[User]:
    """The people with `courses_left`: how many open courses are allocated to each."""
    held = (
        Q(allocations__starts_at__lte=at, allocations__course__ended_on=None)
        & (Q(allocations__ends_at=None) | Q(allocations__ends_at__gt=at))
        & ~Q(allocations__kind="screening")
    )
    return people.annotate(courses_left=Count("allocations", filter=held))


def _held(allocations: Any, *, at: datetime) -> Any:
    """A relation of a higher room, by its name."""
    return allocations.current(at=at).filter(course__ended_on=None)
