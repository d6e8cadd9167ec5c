"""Mail that goes out: a row in the transaction of what asks for it, sent once that stands, tried again by `manage.py remind`.

No mail is lost, and none breaks what asked for it. One may arrive twice: whoever is killed between the mail server's answer and
the row's own word that it was sent leaves a mail that is sent again. Its words hold no client's data: they say that something
waits and where, and the page asks for a sign-in. A mail to a client holds the one copy of a link's token, and so does one with
which a password is chosen: while it waits the words are sealed (`staff.cipher`), so that whoever reads the table reads no link.
"""

import enum
import logging
from datetime import datetime, timedelta
from functools import partial
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from staff.cipher import InvalidToken, cipher_for
from staff.models import OutgoingMail

GIVE_UP_AFTER = timedelta(days=3)  # as long as the link of an invitation lasts
UNREADABLE = "its words cannot be read: SECRET_KEY has changed since it was written"
_MAIL = "outgoing mail"
_SEALED = "sealed:"  # rows of the release before this one are in clear, and go out as they are
_REFUSALS = (SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused)
_log = logging.getLogger(__name__)


class Went(enum.Enum):
    OUT = "sent"
    NOT = "this one could not be sent"
    NEVER = "this one can never be sent"
    NOWHERE = "the mail server is away"
    ELSEWHERE = "somebody else sends it, or has sent it"


def queue(
    *, to: str, subject: str, body: str, urgent: bool = False, send_at_once: bool = True
) -> OutgoingMail:
    """A mail in the same transaction, sent once it is committed. `send_at_once=False` leaves it to the next `send_due`, for
    whoever queues many. A mail server that is down is not the caller's concern."""
    mail = OutgoingMail(to=to, subject=" ".join(subject.split())[:200], body=_seal(body), urgent=urgent)
    mail.save(force_insert=True)
    if send_at_once:
        # Robust: what was done stands, whatever becomes of the mail about it.
        transaction.on_commit(partial(_send_now, mail.pk), robust=True)
    return mail


def send_due(*, at: datetime) -> tuple[int, int]:
    """Sends what waits, each in a transaction of its own, and returns how many went out and how many wait still. Stops where
    the mail server is away: the others would only sit out its silence too. What it has refused for three days is given up."""
    sent = 0
    for pk in list(OutgoingMail.objects.unsent().in_turn().values_list("pk", flat=True)):
        went = _send(pk, at=at)
        sent += went is Went.OUT
        if went is Went.NOWHERE:
            break
    return sent, OutgoingMail.objects.unsent().count()


def words_of(mail: OutgoingMail) -> str:
    """What a mail that waits says. Raises InvalidToken where it was sealed under another SECRET_KEY."""
    if not mail.body.startswith(_SEALED):
        return mail.body
    return cipher_for(_MAIL).decrypt(mail.body.removeprefix(_SEALED).encode()).decode()


def _seal(words: str) -> str:
    return _SEALED + cipher_for(_MAIL).encrypt(words.encode()).decode()


def _send_now(pk: UUID) -> None:
    _send(pk, at=timezone.now())


def _send(pk: UUID, *, at: datetime) -> Went:
    with transaction.atomic():
        # Locked while it is sent, so that two who send at one moment do not send it twice.
        mail = OutgoingMail.objects.unsent().select_for_update(skip_locked=True).filter(pk=pk).first()
        if mail is None:
            return Went.ELSEWHERE
        mail.tries += 1
        went = _hand_over(mail)
        if went is Went.OUT:
            mail.sent_at, mail.last_error = at, ""
        elif went is Went.NEVER or (went is Went.NOT and mail.created_at <= at - GIVE_UP_AFTER):
            mail.given_up_at = at
        if mail.sent_at or mail.given_up_at:
            mail.body = ""
        mail.save(update_fields=["tries", "last_error", "sent_at", "given_up_at", "body"])
    return went


def _hand_over(mail: OutgoingMail) -> Went:
    """Gives it to the mail server; on a failure `last_error` says which, without the address or the words."""
    try:
        EmailMessage(mail.subject, words_of(mail), None, [mail.to]).send()
    except InvalidToken:
        went, mail.last_error = Went.NEVER, UNREADABLE
    except _REFUSALS as error:
        went, mail.last_error = Went.NOT, f"the mail server refused it ({_code(error)})"
    except OSError as error:
        went, mail.last_error = Went.NOWHERE, f"the mail server could not be used ({type(error).__name__})"
    except Exception as error:
        # A mail that cannot even be written down must not stop those behind it.
        went, mail.last_error = Went.NOT, f"it could not be written ({type(error).__name__})"
    else:
        return Went.OUT
    _log.warning("Mail %s was not sent: %s.", mail.pk, mail.last_error)
    return went


def _code(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        return ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
    return str(error.smtp_code) if isinstance(error, SMTPResponseException) else type(error).__name__
