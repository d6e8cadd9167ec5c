"""Who screens referrals, how many each holds, and who is away: asked for those who name a screener."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from courses.lifecycle import Status
from courses.models import Allocation
from staff.models import Leave, Role, User, UserQuerySet


@dataclass(frozen=True)
class Screener:
    """`held` are referrals that they have not decided yet."""

    person: User
    held: int
    away_until: date | None


def screeners() -> UserQuerySet:
    """Therapists named as screeners who may sign in."""
    return User.objects.working().with_role(Role.THERAPIST).filter(is_screener=True)


def with_what_they_hold(*, at: datetime) -> list[Screener]:
    """Who holds fewest first, whoever is away last. Three questions."""
    people = list(screeners())
    held = dict(
        Allocation.objects.current(at=at)
        .screening()
        .filter(therapist__in=people, course__status=Status.REFERRED)
        .order_by()
        .values_list("therapist")
        .annotate(courses=Count("course"))
    )
    away = dict(
        Leave.objects.on(timezone.localdate(at))
        .filter(person__in=people)
        .order_by()
        .values_list("person", "ends_on")
    )
    rows = [Screener(person, held.get(person.pk, 0), away.get(person.pk)) for person in people]
    return sorted(rows, key=lambda row: (row.away_until is not None, row.held, row.person.full_name))
