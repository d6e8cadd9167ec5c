"""Who has room for one more course. Asked for those who allocate: they alone see every allocation."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from courses import lifecycle
from courses.models import Allocation
from staff.models import Leave, Role, User


@dataclass(frozen=True)
class Places:
    """One therapist: how many open courses they carry, of how many, and the last day of leave if they are away."""

    therapist: User
    carried: int
    away_until: date | None

    @property
    def free(self) -> int:
        return max(self.therapist.places - self.carried, 0)

    @property
    def scale(self) -> int:
        """How long a bar of these places is: at least one, so that it can be drawn."""
        return max(self.therapist.places, self.carried, 1)

    @property
    def is_full(self) -> bool:
        return self.free == 0


def places_of(*therapists: User, at: datetime) -> list[Places]:
    """The places of these therapists, or of everybody who treats; most free places first. Three queries at most."""
    people = list(therapists) or list(User.objects.working().with_role(Role.THERAPIST))
    carried = dict(
        Allocation.objects.current(at=at)
        .carrying()
        .filter(therapist__in=people, course__status__in=lifecycle.OPEN)
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
    places = [Places(person, carried.get(person.pk, 0), away.get(person.pk)) for person in people]
    return sorted(places, key=lambda each: (-each.free, each.therapist.full_name))
