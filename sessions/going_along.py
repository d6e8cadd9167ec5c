"""Which appointments go along when a course changes hands, and which cannot, because the new therapist is not free. Questions
only, the same number for one course or a whole caseload."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from courses.models import Course
from sessions.free_slots import Hours, hours_of
from sessions.models import TherapySession
from sessions.slots import in_words
from staff.models import Leave, User


@dataclass(frozen=True)
class Clash:
    """An appointment that its new therapist cannot hold."""

    session: TherapySession
    therapist: User
    why: str

    @property
    def when(self) -> str:
        local = timezone.localtime(self.session.starts_at)
        return f"{in_words(local.date())}, {local:%H:%M}"

    @property
    def words(self) -> str:
        return f"{self.when}: {self.therapist.full_name} {self.why}."


def appointments_between(
    course: Course, therapist: User, since: datetime, until: datetime | None
) -> list[TherapySession]:
    """Still to be held by that therapist, from the one minute on and before the other."""
    rows = course.sessions.filter(therapist=therapist).ahead(at=since)
    if until is not None:
        rows = rows.filter(starts_at__lt=until)
    return list(rows.order_by("starts_at"))


def clashes_of(going: Sequence[tuple[TherapySession, User]]) -> list[Clash]:
    """Those of these appointments that cannot go to the therapist beside them: another session, leave, or outside the hours
    that are written down. Three queries, none where nothing goes."""
    if not going:
        return []
    people = list({therapist.pk: therapist for _, therapist in going}.values())
    since = min(session.starts_at for session, _ in going)
    until = max(session.ends_at for session, _ in going)
    taken = _taken(people, since, until)
    away = list(
        Leave.objects.filter(
            person__in=people,
            starts_on__lte=timezone.localdate(until),
            ends_on__gte=timezone.localdate(since),
        ).values_list("person", "starts_on", "ends_on")
    )
    hours = hours_of(people)
    found = []
    for session, therapist in going:
        day = timezone.localdate(session.starts_at)
        if any(a < session.ends_at and b > session.starts_at for a, b in taken[therapist.pk]):
            why = "has another session"
        elif any(who == therapist.pk and first <= day <= last for who, first, last in away):
            why = "is on leave"
        elif not _works(therapist, session, hours):
            why = "does not work then"
        else:
            continue
        found.append(Clash(session, therapist, why))
    return found


def _works(therapist: User, session: TherapySession, hours: Hours) -> bool:
    if not hours.are_written_of(therapist):
        return True
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return any(
        begins <= starts.time() and ends.date() == starts.date() and ends.time() <= until
        for begins, until in hours.on(therapist, starts.weekday())
    )


def _taken(
    people: Sequence[User], since: datetime, until: datetime
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    taken = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "select whose, starts_at, ends_at from times_taken_of(%s::uuid[], null, '{}', %s, %s)",
            [[each.pk for each in people], since, until],
        )
        for whose, starts, ends in cursor.fetchall():
            taken[whose].append((starts, ends))
    return taken
