"""Mail waits for a mail server that is down: nothing that asked for it fails, nothing is lost, nothing is sent twice."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from staff import outbox
from staff.models import LastRun, OutgoingMail
from tests.cast import Cast, system_person
from tests.roles import as_owner

Committing = Callable[..., Any]
Fails = Callable[[Exception | None], None]


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Fails:
    """Makes the mail server raise an exception from now on; None lets it work again."""
    works = EmailBackend.send_messages

    def behave(error: Exception | None) -> None:
        def send(self: EmailBackend, messages: Any) -> int:
            if error:
                raise error
            return works(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send)

    return behave


def queue(**fields: Any) -> OutgoingMail:
    words = {"to": "tara@clinic.example", "subject": "Two notes wait", "body": "Please sign them."}
    return outbox.queue(**words | fields)


def subjects() -> list[str]:
    return [sent.subject for sent in mail.outbox]


def test_a_mail_goes_out_once_its_transaction_stands(
    db: None, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = queue()
        assert subjects() == []
    row.refresh_from_db()
    assert (mail.outbox[0].to, mail.outbox[0].body) == (["tara@clinic.example"], "Please sign them.")
    assert (row.tries, row.last_error, row.sent_at is not None) == (1, "", True)


def test_a_mail_that_was_sent_holds_no_words(
    db: None, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = queue(body="Choose your password here: https://clinic.example/secret/")
    row.refresh_from_db()
    assert (row.subject, row.body) == ("Two notes wait", "")


def test_what_was_taken_back_sends_nothing(transactional_db: None) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    outbox.send_due(at=timezone.now())
    assert (subjects(), OutgoingMail.objects.count()) == ([], 0)


def test_a_mail_server_that_is_down_breaks_nothing_and_loses_nothing(
    transactional_db: None, mail_server: Fails
) -> None:
    mail_server(ConnectionRefusedError("tara@clinic.example refused"))
    row = queue()
    row.refresh_from_db()
    assert (row.sent_at, row.tries, outbox.words_of(row)) == (None, 1, "Please sign them.")
    assert row.last_error == "the mail server could not be used (ConnectionRefusedError)"
    mail_server(None)
    assert outbox.send_due(at=timezone.now()) == (1, 0)
    assert outbox.send_due(at=timezone.now()) == (0, 0)
    assert subjects() == ["Two notes wait"]


def test_a_refusal_is_kept_without_the_address_or_the_words(
    transactional_db: None, mail_server: Fails
) -> None:
    mail_server(smtplib.SMTPRecipientsRefused({"tara@clinic.example": (550, b"no tara@clinic.example")}))
    row = queue()
    row.refresh_from_db()
    assert row.last_error == "the mail server refused it (550)"


def test_one_mail_that_is_refused_does_not_hold_up_the_others(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = EmailBackend.send_messages

    def refuse_some(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == ["gone@clinic.example"]:
            raise smtplib.SMTPRecipientsRefused({"gone@clinic.example": (550, b"")})
        return works(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_some)
    queue(to="gone@clinic.example", subject="To somebody who left")
    queue(subject="To somebody here")
    assert outbox.send_due(at=timezone.now()) == (1, 1)
    assert subjects() == ["To somebody here"]


def test_the_first_silence_of_the_mail_server_ends_the_run(db: None, mail_server: Fails) -> None:
    mail_server(TimeoutError())
    for number in range(5):
        queue(subject=f"Mail {number}")
    assert outbox.send_due(at=timezone.now()) == (0, 5)
    assert sorted(OutgoingMail.objects.values_list("tries", flat=True)) == [0, 0, 0, 0, 1]


def test_an_urgent_mail_goes_first(db: None) -> None:
    queue(subject="A note waits")
    queue(subject="An alert waits", urgent=True)
    outbox.send_due(at=timezone.now())
    assert subjects() == ["An alert waits", "A note waits"]


def test_what_is_refused_for_three_days_is_given_up_and_its_words_go(db: None, mail_server: Fails) -> None:
    row = queue()
    mail_server(smtplib.SMTPRecipientsRefused({"tara@clinic.example": (550, b"")}))
    outbox.send_due(at=row.created_at + timedelta(days=2, hours=23))
    assert OutgoingMail.objects.get().given_up_at is None
    outbox.send_due(at=row.created_at + timedelta(days=3))
    row.refresh_from_db()
    assert (row.given_up_at is not None, row.sent_at, row.body) == (True, None, "")
    assert row.last_error == "the mail server refused it (550)"


def test_a_mail_server_that_is_away_for_a_week_loses_nothing(db: None, mail_server: Fails) -> None:
    row = queue()
    mail_server(TimeoutError())
    outbox.send_due(at=row.created_at + timedelta(days=7))
    mail_server(None)
    assert outbox.send_due(at=row.created_at + timedelta(days=7)) == (1, 0)
    assert mail.outbox[0].body == "Please sign them."


def test_a_mail_is_late_after_fifteen_minutes(db: None) -> None:
    row = queue()
    late = OutgoingMail.objects.late
    assert not late(at=row.created_at + timedelta(minutes=14, seconds=59)).exists()
    assert late(at=row.created_at + timedelta(minutes=15)).exists()
    outbox.send_due(at=timezone.now())
    assert not late(at=row.created_at + timedelta(minutes=15)).exists()


def test_a_mail_that_somebody_sends_at_this_moment_is_left_to_them(transactional_db: None) -> None:
    row = queue(send_at_once=False)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select 1 from staff_outgoingmail where id = %s for update", [row.pk])
            assert outbox.send_due(at=timezone.now()) == (0, 1)
            assert subjects() == []
            cursor.execute("rollback")
    finally:
        other.close()
    assert outbox.send_due(at=timezone.now()) == (1, 0)


def test_who_is_killed_after_the_mail_server_answered_sends_again_rather_than_never(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = EmailBackend.send_messages

    def send_and_die(self: EmailBackend, messages: Any) -> int:
        works(self, messages)
        raise KeyboardInterrupt

    queue(send_at_once=False)
    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", send_and_die)
        with pytest.raises(KeyboardInterrupt):
            outbox.send_due(at=timezone.now())
    waiting = OutgoingMail.objects.get()
    assert (waiting.sent_at, outbox.words_of(waiting)) == (None, "Please sign them.")
    assert outbox.send_due(at=timezone.now()) == (1, 0)
    assert subjects() == ["Two notes wait", "Two notes wait"]


def test_a_changed_password_is_told_also_when_the_mail_server_was_down(
    client: Client, cast: Cast, mail_server: Fails, django_capture_on_commit_callbacks: Committing
) -> None:
    with as_owner():
        cast.tara.set_password("tea at four in the garden")
        cast.tara.save()
    client.force_login(cast.tara)
    mail_server(smtplib.SMTPServerDisconnected())
    typed = {
        "oldpassword": "tea at four in the garden",
        "password1": "coffee at five in the hall",
        "password2": "coffee at five in the hall",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("account_change_password"), typed).status_code == 302
    mail_server(None)
    outbox.send_due(at=timezone.now())
    assert subjects() == ["Your password was changed"]


# --- A real mail server, as the network shows it ----------------------------------------------------------------------


@pytest.fixture
def port() -> Iterator[socket.socket]:
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        yield server


def by_smtp(settings: Any, server: socket.socket) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()


def test_nobody_listens_at_the_mail_servers_port(db: None, settings: Any, port: socket.socket) -> None:
    by_smtp(settings, port)
    queue()
    assert outbox.send_due(at=timezone.now()) == (0, 1)
    assert "ConnectionRefusedError" in OutgoingMail.objects.get().last_error


def test_a_mail_server_that_says_nothing_is_not_waited_for(
    db: None, settings: Any, port: socket.socket
) -> None:
    assert settings.EMAIL_TIMEOUT == 10
    by_smtp(settings, port)
    settings.EMAIL_TIMEOUT = 0.2
    port.listen()
    queue()
    assert outbox.send_due(at=timezone.now()) == (0, 1)
    assert "SMTPServerDisconnected" in OutgoingMail.objects.get().last_error


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_person_is_added_while_the_mail_server_is_down_and_invited_when_it_is_back(
    client: Client, cast: Cast, mail_server: Fails, django_capture_on_commit_callbacks: Committing
) -> None:
    mail_server(ConnectionRefusedError())
    client.force_login(cast.ada)
    typed = {"full_name": "Iris New", "email": "iris@clinic.example", "roles": ["therapist"], "places": 9}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("staff:add"), typed).status_code == 302
    assert subjects() == []
    mail_server(None)
    outbox.send_due(at=timezone.now())
    assert subjects() == ["IPT Clinic: choose your password"]
    assert "http://testserver/" in mail.outbox[0].body


def test_a_lost_password_is_asked_for_while_the_mail_server_is_down(
    client: Client, cast: Cast, mail_server: Fails, django_capture_on_commit_callbacks: Committing
) -> None:
    mail_server(ConnectionRefusedError())
    with as_owner():
        cast.tara.set_password("tea at four in the garden")
        cast.tara.save()
    for address in (cast.tara.email, "nobody@clinic.example"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("account_reset_password"), {"email": address})
        assert (answer.status_code, answer["Location"]) == (302, reverse("account_reset_password_done"))
    assert OutgoingMail.objects.unsent().count() == 2
    mail_server(None)
    outbox.send_due(at=timezone.now())
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([cast.tara.email, "nobody@clinic.example"])
    assert not OutgoingMail.objects.exclude(body="").exists()


def test_an_address_longer_than_any_can_be_breaks_no_page(client: Client, db: None) -> None:
    address = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    answer = client.post(reverse("account_reset_password"), {"email": address})
    assert answer.status_code in (200, 302)
    assert not OutgoingMail.objects.exists()


# --- What nobody forges -----------------------------------------------------------------------------------------------


FORGERIES = {
    "turn a mail to oneself": "update staff_outgoingmail set \"to\" = 'me@clinic.example', tries = tries + 1",
    "change what a mail says": "update staff_outgoingmail set body = 'Pay here', tries = tries + 1",
    "take its words away unsent": "update staff_outgoingmail set body = '', tries = tries + 1",
    "say that it was written earlier": (
        "update staff_outgoingmail set created_at = created_at - interval '1 day', tries = tries + 1"
    ),
    "forget a try": "update staff_outgoingmail set last_error = 'x'",
    "say that it was sent and keep its words": "update staff_outgoingmail set sent_at = now(), tries = 1",
    "write one that was sent": (
        'insert into staff_outgoingmail (id, "to", subject, body, urgent, created_at, sent_at, tries, last_error)'
        " values (gen_random_uuid(), 'a@clinic.example', 's', '', false, now(), now(), 1, '')"
    ),
    "take one away": "delete from staff_outgoingmail",
    "say that a job has run": "insert into staff_lastrun (name, ran_at) values ('remind', now())",
}


@pytest.mark.parametrize("what", FORGERIES)
def test_nobody_can(cast: Cast, what: str) -> None:
    queue()
    act_as(cast.ada.pk)
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(FORGERIES[what])


def test_what_was_sent_stays_sent(db: None) -> None:
    queue()
    outbox.send_due(at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        OutgoingMail.objects.update(sent_at=None, tries=9)


def test_the_system_says_when_a_job_ran_and_no_earlier_than_before(db: None) -> None:
    with as_owner():
        system = system_person()
    now = timezone.now()
    act_as(system.pk)
    LastRun.objects.create(name="remind", ran_at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        LastRun.objects.update(ran_at=now - timedelta(hours=1))


# --- The database's last word -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sent_at": True, "given_up_at": True, "body": ""}, "mail_is_sent_or_given_up"),
        ({"sent_at": True, "body": "words"}, "mail_that_is_done_holds_no_words"),
        ({"given_up_at": True, "body": "words"}, "mail_that_is_done_holds_no_words"),
    ],
)
def test_a_constraint_refuses(db: None, fields: dict[str, Any], constraint: str) -> None:
    moments = {name: timezone.now() if value is True else value for name, value in fields.items()}
    with as_owner(), pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        OutgoingMail.objects.create(to="a@clinic.example", subject="s", **moments)


def test_there_is_one_system_person(db: None) -> None:
    with as_owner():
        system = system_person()
        with pytest.raises(DatabaseError, match="there_is_one_system_person"), transaction.atomic():
            type(system).objects.create(
                email="two@clinic.invalid", full_name="Two", is_system=True, is_active=False
            )
