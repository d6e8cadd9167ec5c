"""Whose courses supervision is about: those of the therapists whom somebody supervises now, or stands in for; for the lead,
every one."""

from datetime import datetime

from django.db.models import QuerySet

from access import policy
from courses.models import Allocation, Course
from staff.models import User


def supervised(user: User, *, now: datetime) -> QuerySet[Course]:
    """The courses of those whom this person supervises, or deputises for a supervisor on leave."""
    current = (
        Allocation.objects.current(at=now).carrying().filter(therapist__in=policy.supervised_by(user, at=now))
    )
    return Course.objects.content_visible_to(user).filter(pk__in=current.values("course"))


def looked_after(user: User, *, now: datetime) -> QuerySet[Course]:
    """As `supervised`; the lead looks after every course that somebody carries."""
    if not policy.sees_all_content(user):
        return supervised(user, now=now)
    current = Allocation.objects.current(at=now).carrying()
    return Course.objects.content_visible_to(user).filter(pk__in=current.values("course"))
