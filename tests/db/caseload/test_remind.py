"""`manage.py remind`: authors are told once after a day and once after three, mail that waits goes out, and two runs at once do
no more than one. It works as the app role, in the system person's name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from audit.acting import act_as
from caseload.management.commands import remind as command
from database.locks import only_one
from sessions import reminders
from sessions.models import NoteReminder
from staff import outbox
from staff.models import LastRun, OutgoingMail, User
from tests.cast import Cast, held_session, note_of, system_person
from tests.roles import as_owner

PAGE = "https://clinic.example/unsigned/"


@pytest.fixture
def system(db: None) -> User:
    with as_owner():
        return system_person()


@pytest.fixture
def ended(cast: Cast, system: User) -> datetime:
    """Tara's session of this morning ended at this moment and was attended; nobody wrote a note."""
    moment = timezone.now() - timedelta(days=20)
    with as_owner():
        held_session(cast.course, cast.tara, moment - timedelta(minutes=50), 1)
    return moment


def reminded(at: datetime) -> list[str]:
    """Whom a run at that moment writes to."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    count = reminders.remind_authors(at=at, page=PAGE)
    new = list(OutgoingMail.objects.exclude(pk__in=before).values_list("to", flat=True))
    assert len(new) == count
    return new


def run() -> str:
    said = StringIO()
    call_command("remind", stdout=said, stderr=said)
    return said.getvalue()


# --- Whom, when -------------------------------------------------------------------------------------------------------


def test_an_author_is_reminded_once_after_a_day_and_once_after_three(cast: Cast, ended: datetime) -> None:
    second = timedelta(seconds=1)
    assert reminded(ended + timedelta(hours=24) - second) == []
    assert reminded(ended + timedelta(hours=24)) == [cast.tara.email]
    assert reminded(ended + timedelta(hours=24)) == []
    assert reminded(ended + timedelta(hours=72) - second) == []
    assert reminded(ended + timedelta(hours=72)) == [cast.tara.email]
    assert reminded(ended + timedelta(days=19)) == []


def test_who_was_never_reminded_gets_one_mail_and_not_two(cast: Cast, ended: datetime) -> None:
    assert reminded(ended + timedelta(hours=100)) == [cast.tara.email]
    assert reminded(ended + timedelta(hours=101)) == []


def test_a_draft_begun_after_the_reminder_is_no_news(cast: Cast, ended: datetime) -> None:
    assert reminded(ended + timedelta(hours=24)) == [cast.tara.email]
    with as_owner():
        note_of(cast.course.sessions.get(), signed=False)
    assert reminded(ended + timedelta(hours=30)) == []
    assert reminded(ended + timedelta(hours=72)) == [cast.tara.email]


def test_nobody_is_reminded_of_what_is_signed(cast: Cast, ended: datetime) -> None:
    with as_owner():
        note_of(cast.course.sessions.get(), signed=True)
    assert reminded(ended + timedelta(hours=80)) == []


def test_one_mail_for_each_author_and_run(cast: Cast, ended: datetime) -> None:
    with as_owner():
        for day in (1, 2, 3):
            held_session(cast.course, cast.tara, ended - timedelta(days=day), 1 + day)
        held_session(cast.others_course, cast.olga, ended - timedelta(days=1), 1)
    assert sorted(reminded(ended + timedelta(hours=25))) == sorted([cast.tara.email, cast.olga.email])
    (to_tara,) = OutgoingMail.objects.filter(to=cast.tara.email)
    assert to_tara.subject == "IPT Clinic: 4 notes wait for your signature"
    assert (
        "4 notes of yours are not written or not signed yet. The oldest has waited for 4 days."
        in outbox.words_of(to_tara)
    )


def test_who_no_longer_works_here_gets_no_mail(cast: Cast, ended: datetime) -> None:
    with as_owner():
        User.objects.filter(pk=cast.tara.pk).update(is_active=False)
    assert reminded(ended + timedelta(hours=30)) == []


def test_the_mail_says_how_many_and_where_and_nothing_clinical(cast: Cast, ended: datetime) -> None:
    with as_owner():
        note_of(cast.course.sessions.get(), signed=False, week="Cried about Tom.", work="Grief work.")
    reminded(ended + timedelta(hours=24))
    written = OutgoingMail.objects.get()
    assert written.subject == "IPT Clinic: a note waits for your signature"
    assert outbox.words_of(written) == (
        "Dear Tara Tree,\n\n"
        "one note of yours is not written or not signed yet. It has waited for more than a day.\n\n"
        "You find it here:\n\n"
        "https://clinic.example/unsigned/\n\n"
        "Drafts are kept as you left them."
    )


def test_a_mail_that_cannot_be_queued_leaves_no_memory_of_it(
    cast: Cast, ended: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**fields: Any) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "queue", fail)
        with pytest.raises(LookupError):
            reminders.remind_authors(at=ended + timedelta(hours=24), page=PAGE)
    assert reminded(ended + timedelta(hours=24)) == [cast.tara.email]


def test_what_was_reminded_is_the_system_persons_memory_alone(cast: Cast, ended: datetime) -> None:
    reminded(ended + timedelta(hours=24))
    for person in (cast.tara, cast.sunil, cast.ada, cast.lena):
        act_as(person.pk)
        assert NoteReminder.objects.count() == 0
    with as_owner():
        assert NoteReminder.objects.values_list("hours", flat=True).get() == 24


# --- The command ------------------------------------------------------------------------------------------------------


def test_it_sends_what_waits_and_says_when_it_ran(cast: Cast, ended: datetime, settings: Any) -> None:
    settings.SITE_URL = "https://clinic.example"
    outbox.queue(to="lena@clinic.example", subject="Waits", body="Since the mail server was down.")
    said = run()
    assert sorted(sent.subject for sent in mail.outbox) == [
        "IPT Clinic: a note waits for your signature",
        "Waits",
    ]
    assert "\nhttps://clinic.example/unsigned/\n" in mail.outbox[-1].body + mail.outbox[0].body
    assert said == "people reminded of unsigned notes: 1\nmails sent: 2, waiting still: 0\n"
    assert timezone.now() - LastRun.objects.get(name="remind").ran_at < timedelta(minutes=1)


def test_twice_sends_nothing_twice_and_says_nothing(cast: Cast, ended: datetime) -> None:
    run()
    first = LastRun.objects.get(name="remind").ran_at
    assert run() == ""
    assert len(mail.outbox) == 1
    assert LastRun.objects.get(name="remind").ran_at > first


def test_two_at_once_do_the_work_of_one(cast: Cast, ended: datetime) -> None:
    with only_one("remind") as alone:
        assert alone
        assert run() == "Another run is under way, which does the same.\n"
        assert mail.outbox == []
    run()
    assert len(mail.outbox) == 1


def test_a_run_that_is_killed_holds_up_nobody(db: None) -> None:
    """The lock goes with the connection, which goes with the process."""
    with only_one("remind"), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid"
            " where l.locktype = 'advisory' and a.datname = current_database() and a.pid <> pg_backend_pid()"
        )
        assert cursor.fetchone() == (1,)


def test_a_mail_server_that_is_down_is_no_failure_of_the_run(
    cast: Cast, ended: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailBackend, messages: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert "mails sent: 0, waiting still: 1" in run()
    assert LastRun.objects.exists()


EACH_STEP = [
    "tell_of_alerts",
    "remind_of_unsigned_notes",
    "remind_of_cosigning",
    "forget_old_versions",
    "send_links_due",
    "ask_of_what_was_left",
    "send_mail_that_waits",
    "refresh_expected_course",
]


@pytest.mark.parametrize("broken", EACH_STEP)
def test_a_step_that_fails_stops_no_other_and_fails_the_run(
    cast: Cast, ended: datetime, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    done: list[str] = []

    def following(step: Callable[..., str]) -> Callable[..., str]:
        def follow(*, at: datetime) -> str:
            done.append(step.__name__)
            if step.__name__ == broken:
                raise LookupError
            return step(at=at)

        follow.__name__ = step.__name__
        return follow

    monkeypatch.setattr(command, "STEPS", tuple(following(step) for step in command.STEPS))
    with pytest.raises(CommandError, match=broken):
        run()
    assert done == EACH_STEP
    assert not LastRun.objects.filter(name="remind").exists()


def test_without_a_system_person_it_fails_rather_than_see_nothing(cast: Cast) -> None:
    with as_owner():
        User.objects.filter(is_system=True).delete()
    with pytest.raises(CommandError, match="remind_of_unsigned_notes"):
        run()


def test_it_refuses_to_work_as_the_owner(db: None, settings: Any) -> None:
    settings.IPT_DB_ROLE = "owner"
    with pytest.raises(CommandError, match="leave IPT_DB_ROLE away"):
        run()


def test_links_in_its_mail_lead_to_the_first_host_of_the_clinic() -> None:
    assert live_settings.SITE_URL == "http://127.0.0.1"
