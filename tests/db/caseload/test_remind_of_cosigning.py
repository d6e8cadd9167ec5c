"""Whoever may co-sign a trainee's note is told once by mail when it has waited for more than 72 hours, without a name."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from audit.acting import act_as
from sessions import reminders
from sessions.models import Note, NoteReminder
from staff import outbox
from staff.models import OutgoingMail, User
from tests.cast import (
    Cast,
    addendum_to,
    client_named,
    contact_note_of,
    course_for,
    decided,
    letter_to_client,
    note_of,
    person,
    session_of,
    struck_out,
    supervises,
    system_person,
)
from tests.roles import as_owner

PAGE = "https://clinic.example/supervision/cosign/"
HOURS, SECOND = timedelta(hours=72), timedelta(seconds=1)


@pytest.fixture
def signed(cast: Cast) -> datetime:
    """When Tara, a trainee, signed a session note ten days ago."""
    moment = timezone.now().replace(microsecond=0) - timedelta(days=10)
    with as_owner():
        system_person()
        cast.tara.is_trainee = True
        cast.tara.save()
        note_of(
            session_of(cast.course, cast.tara, moment - timedelta(minutes=50)),  # signed at its end
            needs_cosign=True,
            work="Cried about Tom.",
        )
    return moment


def note_of_tara(cast: Cast) -> Note:
    return Note.objects.get(author=cast.tara, kind="session")


def told(at: datetime) -> list[str]:
    """Whom a run at that moment writes to."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    count = reminders.remind_of_cosigning(at=at, page=PAGE)
    new = list(OutgoingMail.objects.exclude(pk__in=before).values_list("to", flat=True))
    assert len(new) == count
    return sorted(new)


def on_leave(person: User, at: datetime, cover: User) -> None:
    day = timezone.localdate(at)
    with as_owner():
        person.leave.create(starts_on=day, ends_on=day, cover=cover)


def test_the_supervisor_is_told_once_when_it_is_over_72_hours(cast: Cast, signed: datetime) -> None:
    assert told(signed + HOURS) == []
    assert told(signed + HOURS + SECOND) == [cast.sunil.email]
    assert told(signed + HOURS + SECOND) == []
    assert told(signed + timedelta(days=9)) == []


def test_the_mail_names_no_client_and_no_word_of_the_note(cast: Cast, signed: datetime) -> None:
    told(signed + HOURS + SECOND)
    written = OutgoingMail.objects.get()
    assert written.subject == "IPT Clinic: a note waits for your co-signature"
    assert outbox.words_of(written) == (
        "Dear Sunil Super,\n\n"
        "one note that you may co-sign has waited for 3 days.\n\n"
        "You find it here, and can return what is not ready:\n\n"
        "https://clinic.example/supervision/cosign/"
    )


def test_one_mail_however_many_wait(cast: Cast, signed: datetime) -> None:
    with as_owner():
        contact_note_of(cast.course, cast.tara, needs_cosign=True, signed_at=signed + timedelta(hours=2))
        letter_to_client(cast.course, cast.tara, needs_cosign=True, signed_at=signed - timedelta(days=2))
    assert told(signed + timedelta(days=4)) == [cast.sunil.email]
    written = OutgoingMail.objects.get()
    assert written.subject == "IPT Clinic: 3 notes wait for your co-signature"
    assert "3 notes that you may co-sign have waited for more than three days." in outbox.words_of(written)
    assert "The oldest has waited for 6 days." in outbox.words_of(written)


def test_what_was_decided_or_struck_out_waits_for_nobody(cast: Cast, signed: datetime) -> None:
    with as_owner():
        decided(note_of_tara(cast), cast.sunil, at=signed + timedelta(hours=1))
        other = contact_note_of(cast.course, cast.tara, needs_cosign=True, signed_at=signed)
        struck_out(other, cast.tara)
    assert told(signed + timedelta(days=9)) == []


def test_put_forward_anew_it_is_news_after_another_72_hours(cast: Cast, signed: datetime) -> None:
    assert told(signed + HOURS + SECOND) == [cast.sunil.email]
    again = signed + timedelta(days=5)
    with as_owner():
        decided(note_of_tara(cast), cast.sunil, "returned", at=signed + timedelta(days=4))
        addendum_to(note_of_tara(cast), needs_cosign=True, signed_at=again)
    assert told(again + HOURS) == []
    assert told(again + HOURS + SECOND) == [cast.sunil.email]
    assert told(again + timedelta(days=4)) == []


def test_the_deputy_is_told_while_the_supervisor_is_away_and_the_supervisor_on_coming_back(
    cast: Cast, signed: datetime
) -> None:
    at = signed + timedelta(days=4)
    on_leave(cast.sunil, at, cast.dana)
    assert told(at) == [cast.dana.email]
    assert told(at) == []
    assert told(at + timedelta(days=1)) == [cast.sunil.email]
    assert told(at + timedelta(days=2)) == []


def test_the_lead_is_told_where_nobody_else_is_there(cast: Cast, signed: datetime) -> None:
    at = signed + timedelta(days=4)
    on_leave(cast.sunil, at, cast.dana)
    on_leave(cast.dana, at, cast.olga)
    assert told(at) == [cast.lena.email]


def test_the_lead_is_told_of_what_was_left_behind_at_a_hand_over(cast: Cast, signed: datetime) -> None:
    with as_owner():
        cast.course.allocations.update(ends_at=signed + timedelta(days=1))
    assert told(signed + timedelta(days=4)) == [cast.lena.email]


def test_the_lead_is_told_of_a_trainee_without_a_line(cast: Cast, signed: datetime) -> None:
    with as_owner():
        cast.line.ends_at = signed + timedelta(days=1)
        cast.line.save()
    assert told(signed + timedelta(days=4)) == [cast.lena.email]


def test_each_of_two_supervisors_is_told_once(cast: Cast, signed: datetime) -> None:
    with as_owner():
        second = person("Sita Second", "supervisor")
        supervises(second, cast.tara)
    assert told(signed + timedelta(days=4)) == sorted([cast.sunil.email, second.email])
    assert told(signed + timedelta(days=5)) == []


def test_who_no_longer_works_here_or_supervises_nobody_gets_no_mail(cast: Cast, signed: datetime) -> None:
    with as_owner():
        User.objects.filter(pk=cast.sunil.pk).update(is_active=False)
    assert told(signed + timedelta(days=4)) == [cast.lena.email]


def test_a_lead_is_never_told_of_their_own_note(cast: Cast, signed: datetime) -> None:
    with as_owner():
        cast.line.delete()
        cast.tara.roles = ["therapist", "lead"]
        cast.tara.save()
    assert told(signed + timedelta(days=4)) == [cast.lena.email]


@pytest.mark.parametrize(
    ("signed_on", "due"),
    [
        # British Summer Time ends on 25 October 2026 and began on 29 March 2026: 72 hours are 72 hours.
        ((2026, 10, 24, 12, 0), (2026, 10, 27, 11, 0)),
        ((2026, 3, 28, 12, 0), (2026, 3, 31, 13, 0)),
    ],
)
def test_72_hours_are_72_hours_also_when_the_clock_changes(
    cast: Cast, signed_on: tuple[int, ...], due: tuple[int, ...]
) -> None:
    london = ZoneInfo("Europe/London")
    moment = datetime(*signed_on, tzinfo=london).astimezone(UTC)  # type: ignore[arg-type]
    local_due = datetime(*due, tzinfo=london)  # type: ignore[arg-type]
    with as_owner():
        system_person()
        type(cast.line).objects.filter(pk=cast.line.pk).update(starts_at=moment - timedelta(days=9))
        cast.course.allocations.update(starts_at=moment - timedelta(days=9))
        contact_note_of(cast.course, cast.tara, needs_cosign=True, signed_at=moment)
    assert told(local_due) == []
    assert told(local_due + SECOND) == [cast.sunil.email]


def test_a_mail_that_cannot_be_queued_leaves_no_memory_of_it(
    cast: Cast, signed: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**fields: Any) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "queue", fail)
        with pytest.raises(LookupError):
            reminders.remind_of_cosigning(at=signed + timedelta(days=4), page=PAGE)
    assert told(signed + timedelta(days=4)) == [cast.sunil.email]


def test_a_draft_s_reminders_are_another_memory(cast: Cast, signed: datetime) -> None:
    """Its author was told of the unsigned note; that is not what the supervisor is told of now."""
    with as_owner():
        for hours in (24, 72):
            NoteReminder.objects.create(
                note=note_of_tara(cast), course=cast.course, person=cast.tara, hours=hours
            )
    assert told(signed + timedelta(days=4)) == [cast.sunil.email]


def test_it_asks_the_same_number_of_questions_for_one_note_and_for_fifty(
    cast: Cast, signed: datetime
) -> None:
    def asked(at: datetime) -> int:
        with CaptureQueriesContext(connection) as queries:
            told(at)
        return len(queries)

    assert told(signed + timedelta(days=4)) == [cast.sunil.email]
    few = asked(signed + timedelta(days=5))
    with as_owner():
        for hours in range(50):
            contact_note_of(
                cast.course, cast.tara, needs_cosign=True, signed_at=signed - timedelta(hours=hours)
            )
    told(signed + timedelta(days=5))
    assert asked(signed + timedelta(days=6)) == few


def test_the_command_sends_it_with_the_address_of_the_queue(
    cast: Cast, signed: datetime, settings: Any
) -> None:
    settings.SITE_URL = "https://clinic.example"
    call_command("remind")
    assert [sent.to for sent in mail.outbox] == [[cast.sunil.email]]
    assert "\nhttps://clinic.example/supervision/cosign/" in mail.outbox[0].body
    call_command("remind")
    assert len(mail.outbox) == 1


def test_the_list_for_the_mail_and_the_rule_for_one_note_say_the_same(cast: Cast, signed: datetime) -> None:
    """Who is told may decide, and of those who are here nobody who may is left out."""
    with as_owner():
        rina = person("Rina Riley", "therapist", is_trainee=True)
        supervises(cast.dana, rina)
        course = course_for(client_named("Ivo", "Inch"), rina, status="in_treatment")
        contact_note_of(course, rina, needs_cosign=True, signed_at=signed)
        contact_note_of(cast.others_course, cast.olga, needs_cosign=True, signed_at=signed)
        notes = list(Note.objects.filter(needs_cosign=True))
    reminders.remind_of_cosigning(at=timezone.now(), page=PAGE)
    with as_owner():
        rows = set(NoteReminder.objects.values_list("note", "person"))
    expected = set()
    for user in (cast.sunil, cast.dana, cast.lena, cast.tara, cast.ada, rina):
        act_as(user.pk)
        expected |= {(note.pk, user.pk) for note in notes if policy.may_cosign(user, note)}
    assert rows == expected
    assert len(rows) == 3
