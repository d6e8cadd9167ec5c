"""What falls due by itself: alerts that somebody must be told of, mail that waits, reminders of unsigned notes, old versions of
drafts. Run every five minutes by script/server, by a timer or by cron (docs/how-to/reminders.md). What is overdue is worked out
when a page is read, never here alone."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from database.locks import only_one
from outcomes import signals, telling
from outcomes.archive import refresh_expected
from sessions import links, reminders
from staff import jobs, outbox

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
_log = logging.getLogger(__name__)


def tell_of_alerts(*, at: datetime) -> str:
    mails = telling.tell_due(at=at)
    return f"mails about alerts: {mails}" if mails else ""


def remind_of_unsigned_notes(*, at: datetime) -> str:
    mails = reminders.remind_authors(at=at, page=settings.SITE_URL + reverse("caseload:unsigned"))
    return f"people reminded of unsigned notes: {mails}" if mails else ""


def remind_of_cosigning(*, at: datetime) -> str:
    mails = reminders.remind_of_cosigning(at=at, page=settings.SITE_URL + reverse("supervision:cosign"))
    return f"people reminded of notes to co-sign: {mails}" if mails else ""


def forget_old_versions(*, at: datetime) -> str:
    """Versions of drafts, 30 days after the note was signed; the database has its own clock for it."""
    with jobs.acting_for_the_clinic(), connection.cursor() as cursor:
        cursor.execute("SELECT forget_old_versions()")
        (forgotten,) = cursor.fetchone()
    return f"old versions of drafts forgotten: {forgotten}" if forgotten else ""


def send_links_due(*, at: datetime) -> str:
    made = links.send_due_links(at=at)
    return f"links to questionnaires sent: {made}" if made else ""


def ask_of_what_was_left(*, at: datetime) -> str:
    raised = signals.raise_for_links_left(at=at)
    return f"courses to be reviewed by what came by link: {raised}" if raised else ""


def send_mail_that_waits(*, at: datetime) -> str:
    sent, waiting = outbox.send_due(at=at)
    return f"mails sent: {sent}, waiting still: {waiting}" if sent or waiting else ""


def refresh_expected_course(*, at: datetime) -> str:
    """Once a week; where it failed, again after a day."""
    if not jobs.is_due(jobs.EXPECTED, every=A_WEEK, at=at) or not jobs.is_due(
        jobs.EXPECTED_TRIED, every=A_DAY, at=at
    ):
        return ""
    with only_one(jobs.EXPECTED) as alone:
        if not alone:
            return ""
        jobs.say_it_ran(name=jobs.EXPECTED_TRIED, at=at)
        done = refresh_expected(at=at)
        jobs.say_it_ran(name=jobs.EXPECTED, at=at)
    return f"expected course made anew of {done.courses} ended courses" if done.is_new else ""


# Alerts first; mail last, with what the others put there; then what may take minutes in a large clinic.
STEPS: tuple[Callable[..., str], ...] = (
    tell_of_alerts,
    remind_of_unsigned_notes,
    remind_of_cosigning,
    forget_old_versions,
    send_links_due,
    ask_of_what_was_left,
    send_mail_that_waits,
    refresh_expected_course,
)


class Command(BaseCommand):
    help = (
        "Sends mail that waits and reminders that are due. Safe to run twice, also at once; "
        "says nothing where nothing was due."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IPT_DB_ROLE == "owner":
            raise CommandError("This command works as the web does: leave IPT_DB_ROLE away.")
        with only_one(jobs.REMIND) as alone:
            if not alone:
                self.stdout.write("Another run is under way, which does the same.")
                return
            failed = [step.__name__ for step in STEPS if not self._does(step)]
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}. See what it says above.")
            jobs.say_it_ran(name=jobs.REMIND, at=timezone.now())

    def _does(self, step: Callable[..., str]) -> bool:
        """Whether the step came to its end. One that fails must not stop the others."""
        try:
            done = step(at=timezone.now())
        except Exception:
            _log.exception("remind: %s failed", step.__name__)
            return False
        if done:
            self.stdout.write(done)
        return True
