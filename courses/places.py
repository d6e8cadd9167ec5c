"""Who has room for one more course. Asked for those who allocate: they alone see every allocation."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q
from django.utils import timezone

from courses import lifecycle
from courses.models import Allocation
from staff.models import Clinic, Leave, Role, User


@dataclass(frozen=True)
class Places:
    """One therapist: how many open courses they carry, how many more come to them on a day that is set already, of how many,
    and the last day of leave if they are away. `trainees_most` is the clinic's limit for trainees."""

    therapist: User
    carried: int
    away_until: date | None
    coming: int = 0
    trainees_most: int | None = None

    @property
    def most(self) -> int:
        """Their own places, and no more than the clinic gives a trainee."""
        places = self.therapist.places
        if self.therapist.is_trainee and self.trainees_most is not None:
            return min(places, self.trainees_most)
        return places

    @property
    def taken(self) -> int:
        return self.carried + self.coming

    @property
    def free(self) -> int:
        return max(self.most - self.taken, 0)

    @property
    def scale(self) -> int:
        """How long a bar of these places is: at least one, so that it can be drawn."""
        return max(self.most, self.taken, 1)

    @property
    def is_full(self) -> bool:
        return self.free == 0

    @property
    def why_full(self) -> str:
        """A sentence that asks for a reason; empty where there is a place."""
        if not self.is_full:
            return ""
        more = (
            f", and {self.coming} more {'is' if self.coming == 1 else 'are'} to come" if self.coming else ""
        )
        return f"{self.therapist.full_name} carries {self.carried} of {self.most}{more}. Say why one more."


def places_of(*therapists: User, at: datetime) -> list[Places]:
    """The places of these therapists, or of everybody who treats; most free places first. Four queries at most."""
    people = list(therapists) or list(User.objects.working().with_role(Role.THERAPIST))
    now = Q(starts_at__lte=at)
    counts = {
        key: (carried, carried_or_coming - carried)
        for key, carried, carried_or_coming in Allocation.objects.carrying()
        .filter(Q(ends_at=None) | (Q(ends_at__gt=at) & Q(ends_at__gt=F("starts_at"))))
        .filter(therapist__in=people, course__status__in=lifecycle.OPEN)
        .order_by()
        .values_list("therapist")
        .annotate(carried=Count("course", distinct=True, filter=now), all=Count("course", distinct=True))
    }
    away = dict(
        Leave.objects.on(timezone.localdate(at))
        .filter(person__in=people)
        .order_by()
        .values_list("person", "ends_on")
    )
    limit = trainees_carry_at_most()
    places = [
        Places(person, carried, away.get(person.pk), coming, limit)
        for person in people
        for carried, coming in (counts.get(person.pk, (0, 0)),)
    ]
    return sorted(places, key=lambda each: (-each.free, each.therapist.full_name))


def trainees_carry_at_most() -> int:
    """What the clinic decided, or its usual answer."""
    return (Clinic.objects.first() or Clinic()).trainee_places_most
