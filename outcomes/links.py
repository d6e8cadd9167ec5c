"""Links by which a client fills in questionnaires without signing in: making one, sending it, withdrawing it, and what its
state is in words. Who may do it is asked of `access.policy` by the pages. The client's own pages are in by_link.py; which
session a link belongs to is said in `sessions.links`."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from access.refusals import NOT_YOURS, refused
from audit import trail
from audit.models import Action
from clients.models import Client
from courses.models import Course, Goal
from outcomes.measures import BY_CODE
from outcomes.models import ClinicWording, EndReason, Link
from outcomes.models.links import LASTS
from staff import outbox
from staff.models import Clinic, User

GOALS = "goals"
ORDER = (*BY_CODE, GOALS)  # in which they are asked
LEFT_AFTER = timedelta(minutes=10)  # without an answer: the client has put it away
NO_CONSENT = "The client's consent to contact does not name mail. Hand the link over instead."
NO_EMAIL = "There is no email address of the client. Hand the link over instead."


# --- Making, sending and ending ---------------------------------------------------------------------------------------


def make_link(
    *, course: Course, measures: Sequence[str], how: str, for_day: date | None, by: User, at: datetime
) -> tuple[Link, str]:
    """A link and its token. The token is stored nowhere: whoever calls this hands it on at once, or it is lost. A former link
    of the course ends. Raises ValidationError for a course that is not open, for questionnaires that cannot be asked, and for
    mail where the client has not agreed to it."""
    with refused():
        fresh = _fresh(course)
        asked = _askable(fresh, measures)
        if how == Link.How.MAIL and (why := why_no_mail(fresh.client)):
            raise ValidationError({"how": why})
        _end_former(fresh, at=at)
        token = secrets.token_urlsafe(32)
        link = Link(
            course=fresh,
            measures=asked,
            token_hash=hashed(token),
            how=how,
            for_day=for_day,
            created_by=by,
            created_at=at,
            expires_at=at + LASTS,
        )
        link.save(force_insert=True)
        what = "Sent a link to questionnaires" if how == Link.How.MAIL else "Made a link to hand over"
        trail.record(Action.CREATE, what, by=by, about=link, client_id=fresh.client_id)
    return link, token


def send_link(*, link: Link, token: str, to: Client, send_at_once: bool = True) -> None:
    """The mail to the client, in the transaction in which the link was made. It says nothing of therapy and no name beyond the
    first: others may read over a shoulder."""
    words = {
        "client": to,
        "clinic": Clinic.objects.first() or Clinic(),
        "link": link,
        "address": address_of(token),
        "day": link.for_day,
        "until": timezone.localtime(link.expires_at),
    }
    mail = render_to_string("outcomes/mail/link.txt", words).strip()
    subject, _, body = mail.partition("\n")
    outbox.queue(to=to.email, subject=subject, body=body.lstrip(), send_at_once=send_at_once)


def withdraw_link(*, link: Link, by: User) -> Link:
    """Ends a link that has not ended; what the client has answered so far stays. ValidationError where it has ended."""
    with refused():
        fresh = (
            Link.objects.select_for_update(of=("self",)).select_related("course").filter(pk=link.pk).first()
        )
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.ended_at:
            raise ValidationError(f"{ENDED[fresh.end_reason]} Nothing was changed.", code="ended")
        now = timezone.now()
        fresh.ended_at, fresh.end_reason = (
            (fresh.expires_at, EndReason.EXPIRED) if fresh.expires_at <= now else (now, EndReason.WITHDRAWN)
        )
        fresh.save(update_fields=["ended_at", "end_reason"])
        what = "Withdrew a link to questionnaires"
        trail.record(Action.CHANGE, what, by=by, about=fresh, client_id=fresh.course.client_id)
    return fresh


def hashed(secret: str) -> bytes:
    """As a token, or a cookie's secret, is stored. Whatever a stranger sends has a hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def address_of(token: str) -> str:
    """Where the client opens it."""
    return settings.SITE_URL + reverse("by_link:open", args=[token])


def why_no_mail(client: Client) -> str:
    """Why no link may go to this client by mail; empty where it may."""
    if not client.may_email:
        return NO_CONSENT
    return "" if client.email else NO_EMAIL


def _fresh(course: Course) -> Course:
    found = Course.objects.select_related("client").filter(pk=course.pk).first()
    if found is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if not found.is_open:
        raise ValidationError("This course is not open: no questionnaires are sent.", code="closed")
    return found


def _askable(course: Course, measures: Sequence[str]) -> list[str]:
    """The questionnaires in the order in which they are asked. ValidationError where one cannot be asked."""
    if unknown := [code for code in measures if code not in ORDER]:
        raise ValidationError({"measures": f"There is no questionnaire “{unknown[0]}”."})
    asked = [code for code in ORDER if code in measures]
    if not asked:
        raise ValidationError({"measures": "Choose at least one questionnaire."})
    for code in asked:
        if why := why_not(code, course):
            raise ValidationError({"measures": why})
    return asked


def why_not(code: str, course: Course) -> str:
    """Why a questionnaire cannot be asked by link in this course; empty where it can. Goals are read as the person who acts
    may read them: an administrator sees none."""
    if code == GOALS:
        return "" if Goal.objects.filter(course=course).current().exists() else "No goals are agreed yet."
    about = BY_CODE[code]
    if about.has_exact_wording or ClinicWording.objects.filter(measure=code).exists():
        return ""
    return f"The clinic has not entered its licensed wording of the {about.name}."


def _end_former(course: Course, *, at: datetime) -> None:
    """Held until the new one stands. Of two people who send at one moment the table's constraint lets one through."""
    for link in Link.objects.select_for_update(of=("self",)).filter(course=course, ended_at=None):
        link.ended_at, link.end_reason = (
            (link.expires_at, EndReason.EXPIRED) if link.expires_at <= at else (at, EndReason.REPLACED)
        )
        link.save(update_fields=["ended_at", "end_reason"])


# --- What its state is ------------------------------------------------------------------------------------------------

ENDED: dict[str, str] = {
    EndReason.FINISHED: "The client has finished.",
    EndReason.REPLACED: "Replaced by a newer link.",
    EndReason.EXPIRED: "Expired: a link lasts 72 hours.",
    EndReason.TRIES: "Ended: the date of birth was wrong five times.",
    EndReason.WITHDRAWN: "Withdrawn.",
}


@dataclass(frozen=True)
class State:
    """`words` say where the link stands, without any answer; `tone` is a tag's."""

    words: str
    label: str
    tone: str
    is_live: bool


def state_of(link: Link, *, at: datetime | None = None) -> State:
    """How far the client came, for everybody who may see the diary."""
    at = at or timezone.now()
    if link.finished_at:
        return State(f"Finished {moment(link.finished_at)}", "Finished", "good", False)
    if link.ended_at or link.expires_at <= at:
        why = ENDED[link.end_reason or EndReason.EXPIRED].rstrip(".")
        begun = f"; begun {moment(link.begun_at)}, not finished" if link.begun_at else ""
        return State(why + begun, "Ended", "focus", False)
    if link.begun_at:
        last = link.last_answer_at or link.begun_at
        if last <= at - LEFT_AFTER:
            return State(f"Left at {moment(last)}, not finished", "Left", "warn", True)
        return State(f"Being filled in, last answer {moment(last)}", "Begun", "focus", True)
    if link.opened_at:
        tries = f"; {_times(link.tries)} a wrong date of birth" if link.tries else ""
        return State(f"Opened {moment(link.opened_at)}, not begun{tries}", "Opened", "focus", True)
    sent = "Sent" if link.how == Link.How.MAIL else "Handed over"
    return State(f"{sent} {moment(link.created_at)}, not opened yet", sent, "focus", True)


def names_of(measures: Sequence[str]) -> str:
    """ "PHQ-9, GAD-7 and goals"."""
    names = [BY_CODE[code].name if code in BY_CODE else "goals" for code in measures]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def moment(at: datetime) -> str:
    """ "today 08:41", or with the day."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return f"today {local:%H:%M}"
    return f"{date_format(local, 'D j M Y')}, {local:%H:%M}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
