"""A course goes from one person to another, each act done once and written down whole."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from audit.models import Event
from courses.models import Allocation, Course
from sessions import allocating
from sessions.models import TherapySession
from tests.cast import Cast, client_named, course_for
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def a_weekday(hour: int) -> datetime:
    """Within working hours, a week or so ahead."""
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(hour)))


@case_of(allocating.allocate_with_appointment)
def a_course_is_allocated_with_its_first_appointment(cast: Cast) -> Case:
    return Case(
        by=cast.lena,
        writes={Course: 0, Allocation: 1, TherapySession: 1, Event: 2},
        given={
            "course": course_for(client_named("Noor", "Jabari")),
            "therapist": cast.tara,
            "starts_at": a_weekday(10),
            "minutes": 50,
            "mode": "video",
            "room": None,
        },
    )
