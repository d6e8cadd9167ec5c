"""Work for the whole clinic that no person does: in whose name it acts, and when it last ran."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from audit.acting import acting
from staff.models import LastRun, User

REMIND = "remind"
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


def say_it_ran(*, name: str, at: datetime) -> None:
    with acting_for_the_clinic():
        LastRun.objects.update_or_create(name=name, defaults={"ran_at": at})
