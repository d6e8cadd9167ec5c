"""Who is told by mail that notes wait for their signature, or for their co-signature. Keys and times are read and nothing
else: a mail names no client, and says no word of what a note is about. Of a draft its author alone is told, of a trainee's
signed note those who may co-sign it now; others see how much waits on their own pages."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.template.loader import render_to_string

from sessions.cosigning import Waits, all_that_wait
from sessions.models import NoteReminder
from sessions.unsigned import OVERDUE_AFTER, Unsigned, unsigned
from staff import outbox
from staff.jobs import acting_for_the_clinic
from staff.models import Clinic, User

AFTER = (24, 72)  # hours after which an author is reminded, once each


def reminded_by(waiting: Unsigned) -> dict[str, UUID | None]:
    """What a reminder hangs on: the session where there is one, so that a draft begun meanwhile is no news."""
    return {"session_id": waiting.session, "note_id": None if waiting.session else waiting.note}


def due(waiting: Unsigned, *, at: datetime) -> list[int]:
    """The numbers of hours that have passed."""
    return [hours for hours in AFTER if waiting.due_from + timedelta(hours=hours) <= at]


def remind_authors(*, at: datetime, page: str) -> int:
    """Queues one mail for each author of whom something has come to 24 or 72 hours since the last time, and returns how many.
    `page` is the address that the mail names. Each author in a transaction of their own, mail and memory together."""
    with acting_for_the_clinic():
        waiting = [row for row in unsigned() if due(row, at=at)]
        told = set(
            NoteReminder.objects.filter(
                Q(session__in=[row.session for row in waiting if row.session])
                | Q(note__in=[row.note for row in waiting if row.note])
            ).values_list("session_id", "note_id", "person_id", "hours")
        )
        people = User.objects.working().in_bulk({row.author for row in waiting})
    mails = 0
    for author, rows in groupby(sorted(waiting, key=_author), key=_author):
        own = list(rows)
        news = [
            NoteReminder(**reminded_by(row), course_id=row.course, person_id=author, hours=hours, at=at)
            for row in own
            for hours in due(row, at=at)
            if (*reminded_by(row).values(), author, hours) not in told
        ]
        if news and author in people:
            _remind(people[author], own, news, at=at, page=page)
            mails += 1
    return mails


def _author(waiting: Unsigned) -> UUID:
    return waiting.author


# --- Notes that wait for a co-signature -------------------------------------------------------------------------------

COSIGN_HOURS = OVERDUE_AFTER // timedelta(hours=1)


def remind_of_cosigning(*, at: datetime, page: str) -> int:
    """Queues one mail for each person who may co-sign something that has waited for more than 72 hours and was not told of it,
    and returns how many. Put forward anew by an addendum, a note is news again. `page` is the address that the mail names.
    Each person in a transaction of their own, mail and memory together."""
    # Hours that have passed: on a local clock, which is set back and forward, 72 hours would be 71 or 73.
    at = at.astimezone(UTC)
    with acting_for_the_clinic():
        waiting = all_that_wait(since_before=at - OVERDUE_AFTER, at=at)
        told = set(
            NoteReminder.objects.filter(
                note__in=[row.piece for row in waiting], hours=COSIGN_HOURS
            ).values_list("note", "person")
        )
        people = User.objects.working().in_bulk({person for row in waiting for person in row.whose})
    mails = 0
    for person in sorted(people.values(), key=lambda person: person.pk):
        own = [row for row in waiting if person.pk in row.whose]
        news = [row for row in own if (row.piece, person.pk) not in told]
        if news:
            _remind_of_cosigning(person, own, news, at=at, page=page)
            mails += 1
    return mails


def _remind_of_cosigning(
    person: User, waiting: list[Waits], news: Iterable[Waits], *, at: datetime, page: str
) -> None:
    rows = [
        NoteReminder(note_id=row.piece, course_id=row.course, person=person, hours=COSIGN_HOURS, at=at)
        for row in news
    ]
    days = (at - min(row.since for row in waiting)).days
    _send("sessions/mail/cosign.txt", person, rows, count=len(waiting), days=days, page=page)


# --- One mail, and that it was sent -----------------------------------------------------------------------------------


def _remind(
    person: User, waiting: list[Unsigned], news: Iterable[NoteReminder], *, at: datetime, page: str
) -> None:
    days = (at - waiting[0].due_from).days
    _send("sessions/mail/unsigned.txt", person, news, count=len(waiting), days=days, page=page)


def _send(template: str, person: User, news: Iterable[NoteReminder], **words: Any) -> None:
    clinic = Clinic.objects.first() or Clinic()
    mail = render_to_string(template, {"person": person, "clinic": clinic, **words}).strip()
    subject, _, body = mail.partition("\n")
    with acting_for_the_clinic():
        NoteReminder.objects.bulk_create(news)
        outbox.queue(to=person.email, subject=subject, body=body.lstrip(), send_at_once=False)
