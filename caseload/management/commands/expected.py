"""Makes the expected course anew from the clinic's own ended courses. `manage.py remind` does it by itself once a week."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from database.locks import only_one
from outcomes.archive import refresh_expected
from outcomes.expected import LEAST_COURSES
from staff import jobs


class Command(BaseCommand):
    help = (
        "Makes the expected course from the clinic's ended courses. Safe to run twice, also at once; "
        "a run that finds nothing new changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IPT_DB_ROLE == "owner":
            raise CommandError("This command works as the web does: leave IPT_DB_ROLE away.")
        with only_one(jobs.EXPECTED) as alone:
            if not alone:
                self.stdout.write("Another run is under way, which does the same.")
                return
            try:
                done = refresh_expected(at=timezone.now(), watch=_bar)
            except RuntimeError as error:
                raise CommandError(f"Nothing was changed: {error}.") from error
            jobs.say_it_ran(name=jobs.EXPECTED, at=timezone.now())
        self.stdout.write(f"{done.courses} ended courses with two sessions or more read.")
        if done.model is None:
            self.stdout.write(f"Too few for a band, which needs {LEAST_COURSES} courses. Nothing was kept.")
        elif done.is_new:
            bands = done.model.bands.count()
            self.stdout.write(f"Model {done.model.pk} keeps {bands} bands of them.")
        else:
            self.stdout.write(f"Model {done.model.pk} says the same already. Nothing was added.")


def _bar(count: int) -> Callable[[int], Any]:
    """A progress bar where somebody looks on; nothing in a log."""
    return tqdm(total=count, unit=" courses", disable=None, leave=False).update
