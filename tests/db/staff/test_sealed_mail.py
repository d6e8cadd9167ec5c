"""The words of a mail that waits are read by this installation alone."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.utils import timezone

from staff import outbox
from staff.adapters import ClinicMFAAdapter
from staff.cipher import InvalidToken, cipher_for
from staff.models import OutgoingMail

WORDS = "https://clinic.example/q/only-here/"


def queue() -> OutgoingMail:
    return outbox.queue(to="maya@example.org", subject="A few questions", body=WORDS)


def test_a_mail_that_waits_lies_sealed(db: None) -> None:
    row = queue()
    row.refresh_from_db()
    assert "only-here" not in row.body
    assert outbox.words_of(row) == WORDS


def test_it_goes_out_in_clear_and_its_words_are_gone(db: None) -> None:
    row = queue()
    outbox.send_due(at=timezone.now())
    row.refresh_from_db()
    assert (mail.outbox[0].body, row.body) == (WORDS, "")


def test_a_mail_that_was_written_in_clear_still_goes_out(db: None) -> None:
    OutgoingMail.objects.create(to="tara@clinic.example", subject="Two notes wait", body="Please sign them.")
    assert outbox.send_due(at=timezone.now()) == (1, 0)
    assert mail.outbox[0].body == "Please sign them."


def test_a_key_that_changed_gives_the_mail_up_and_says_why(db: None, settings: Any) -> None:
    row = queue()
    settings.SECRET_KEY = "another key, since the machine was set up anew"
    second = queue()
    assert outbox.send_due(at=timezone.now()) == (1, 0)
    row.refresh_from_db()
    second.refresh_from_db()
    assert row.given_up_at
    assert row.last_error == "its words cannot be read: SECRET_KEY has changed since it was written"
    assert second.sent_at


def test_a_former_key_that_is_named_still_reads_it(db: None, settings: Any) -> None:
    row = queue()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key"
    assert outbox.words_of(row) == WORDS


def test_what_was_sealed_for_one_purpose_is_no_use_for_another() -> None:
    sealed = cipher_for("outgoing mail").encrypt(b"words")
    with pytest.raises(InvalidToken):
        cipher_for("second factors").decrypt(sealed)


def test_second_factors_of_before_are_read_as_ever(settings: Any) -> None:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    stored = Fernet(base64.urlsafe_b64encode(key)).encrypt(b"a seed").decode()
    assert ClinicMFAAdapter().decrypt(stored) == "a seed"


def test_it_is_not_tried_again_once_it_is_given_up(db: None, settings: Any) -> None:
    queue()
    settings.SECRET_KEY = "another key"
    outbox.send_due(at=timezone.now())
    assert outbox.send_due(at=timezone.now() + timedelta(days=1)) == (0, 0)
