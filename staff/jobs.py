"""Work for the whole clinic that no person does: in whose name it acts, and when it last ran."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from audit.acting import act_as, acting
from staff.models import LastRun, User

REMIND = "remind"
EXPECTED = "expected"  # the expected course was made anew
EXPECTED_TRIED = "expected-tried"
LATE_AFTER = timedelta(minutes=30)


@contextmanager
def acting_for_the_clinic() -> Iterator[None]:
    """A transaction in which the system person acts. Raises RuntimeError where there is none: behind row security such work
    would see no row and say that all is well."""
    system = User.objects.filter(is_system=True).values_list("pk", flat=True).first()
    with acting(system), connection.cursor() as cursor:
        cursor.execute("SELECT i_am_the_system()")
        if cursor.fetchone() != (True,):
            raise RuntimeError("there is no system person: manage.py migrate makes one")
        yield


@contextmanager
def as_the_system() -> Iterator[None]:
    """A part of somebody's transaction that nobody does by themself: who is told of an alert, what a score asks for. The
    person who acted before acts again afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.user_id', true)")
        (before,) = cursor.fetchone()
    with acting_for_the_clinic():
        yield
    act_as(UUID(before) if before else None)


def say_it_ran(*, name: str, at: datetime) -> None:
    with acting_for_the_clinic():
        LastRun.objects.update_or_create(name=name, defaults={"ran_at": at})


def is_due(name: str, *, every: timedelta, at: datetime) -> bool:
    """Whether the job has not run to its end within that time."""
    return not LastRun.objects.filter(name=name, ran_at__gt=at - every).exists()
