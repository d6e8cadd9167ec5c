"""Who carries a course at a minute that may lie ahead, and what is planned for it. Questions only."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format

from courses.models import Allocation, Course
from staff.models import User


def carrying_at(course: Course, at: datetime) -> Allocation | None:
    """The allocation of whoever carries it then; a screener does not."""
    return course.allocations.current(at=at).carrying().select_related("therapist").first()


def carrier_at(course: Course, at: datetime) -> User | None:
    row = carrying_at(course, at)
    return row.therapist if row else None


def is_covered(course: Course, at: datetime) -> bool:
    """Somebody carries it for a time."""
    row = carrying_at(course, at)
    return row is not None and row.kind == Allocation.Kind.COVER


def planned_of(course: Course, *, at: datetime) -> list[Allocation]:
    """Transfers and covers whose time has not come, in order; what was called off is not among them."""
    rows = course.allocations.carrying().filter(starts_at__gt=at)
    standing = Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))
    return list(rows.filter(standing).select_related("therapist", "by").order_by("starts_at"))


def say_planned(planned: Sequence[Allocation]) -> str:
    """What stands in the way of another act."""
    first = planned[0]
    day = date_format(timezone.localtime(first.starts_at), "D j M Y, H:i")
    return f"This course goes to {first.therapist.full_name} on {day}. Call that off first."
