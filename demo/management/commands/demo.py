"""`manage.py demo`: fills the invented clinic."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from clients.models import Client
from courses.models import Course
from demo import bulk
from demo.build import build_clinic
from demo.emptying import empty_the_demo
from sessions.models import TherapySession
from staff.models import Clinic, User

SMALLEST = 1000


class Command(BaseCommand):
    help = (
        "Fills the invented clinic: people, clients and courses at every point of life, with dates around today. "
        "The same seed and day give the same clinic. Run again, it begins anew. Runs as owner (IPT_DB_ROLE=owner)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another number, another clinic (default 1)")
        parser.add_argument(
            "--today", type=_day, default=None, metavar="YYYY-MM-DD", help="the day around which dates lie"
        )
        parser.add_argument(
            "--clients",
            type=int,
            default=None,
            metavar="N",
            help="a clinic of that many clients, for measuring",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO=0 stands for a real clinic, which no invented people join.")
        self._refuse_the_wrong_role()
        today = options["today"] or timezone.localdate()
        if options["clients"] is not None:
            self._say_how_large(options["clients"])
        with transaction.atomic():
            self._make_room()
            staff, rows = build_clinic(
                seed=options["seed"], today=today, progress=lambda plans: self._bar(plans, "Courses")
            )
            if options["clients"] is not None:
                more = bulk.Size(options["clients"] - len(rows.clients))
                bulk.fill_up(more, seed=options["seed"], today=today, staff=staff, progress=self._bar)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                # The next client who is registered gets the number after the last invented one.
                cursor.execute(
                    "SELECT setval('client_numbers', max(substr(number, 3)::int)) FROM clients_client"
                )
                # The first pages are planned with statistics, before autovacuum has come by.
                cursor.execute("ANALYZE")
        self.stdout.write(
            f"The invented clinic: {User.objects.working().count():,} people, {Client.objects.count():,} clients, "
            f"{Course.objects.count():,} courses, {TherapySession.objects.count():,} sessions around {today:%d %B %Y}."
        )

    def _say_how_large(self, clients: int) -> None:
        if clients < SMALLEST:
            raise CommandError(f"A clinic for measuring has {SMALLEST:,} clients or more.")
        self.stdout.write(bulk.Size(clients).in_words())
        self.stdout.flush()

    def _bar(self, steps: Any, name: str) -> Any:
        return tqdm(steps, desc=name, disable=None, leave=False)

    def _refuse_the_wrong_role(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'staff_user'::regclass"
            )
            if not cursor.fetchone()[0]:
                raise CommandError("Only the database's owner fills the clinic: set IPT_DB_ROLE=owner.")

    def _make_room(self) -> None:
        clinic = Clinic.objects.filter(pk=1).first()
        if clinic is not None and clinic.is_demo:
            empty_the_demo()
        elif User.objects.filter(is_system=False).exists():
            raise CommandError(
                "This database holds a clinic that is not the invented one: nothing was written."
            )


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").date()
