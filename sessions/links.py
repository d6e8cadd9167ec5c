"""Which link to questionnaires belongs to which session: sending one for a session, those that fall due by themselves, and what
a session has received by link. The link itself is outcomes.links'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject, Now
from django.utils import timezone

from access.refusals import refused
from courses.models import Course
from outcomes import links
from outcomes.measures import BY_CODE
from outcomes.models import Alert, Came, Link, Response
from outcomes.models.links import LASTS
from outcomes.results import in_words
from outcomes.wording import words_when_answered
from sessions.drafts import hold
from sessions.models import SessionLink, SessionResponse, TherapySession
from staff.jobs import acting_for_the_clinic
from staff.models import Clinic, User

FROM = time(8)  # a mail at midnight helps nobody
LONG_AGO = datetime(1900, 1, 1, tzinfo=timezone.get_default_timezone())


# --- Sending for a session --------------------------------------------------------------------------------------------


def send_for(
    *,
    course: Course,
    session: TherapySession | None,
    measures: Sequence[str],
    how: str,
    by: User,
    at: datetime,
    send_at_once: bool = True,
) -> tuple[Link, str]:
    """A link for that session, or for none, and its token: by mail, or to be handed over by whoever asked for it. Raises what
    `links.make_link` raises."""
    with refused():
        day = timezone.localdate(session.starts_at) if session else None
        link, token = links.make_link(course=course, measures=measures, how=how, for_day=day, by=by, at=at)
        if session is not None:
            SessionLink.objects.create(session=session, course_id=course.pk, link=link)
        if how == Link.How.MAIL:
            links.send_link(link=link, token=token, to=link.course.client, send_at_once=send_at_once)
    return link, token


def session_for(course: Course, user: User, *, at: datetime) -> TherapySession | None:
    """The session that a link made now is filled in for: today's, or the next one, if it begins before the link expires."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = TherapySession.objects.visible_to(user).filter(course=course).ahead(at=today)
    return rows.filter(starts_at__lte=at + LASTS).order_by("starts_at").first()


# --- What falls due by itself -----------------------------------------------------------------------------------------


def send_due_links(*, at: datetime) -> int:
    """One mail for each appointment that comes as many days ahead as the clinic has set, and how many were queued. Each in a
    transaction of its own; safe twice, and at once."""
    with acting_for_the_clinic():
        clinic = Clinic.objects.first() or Clinic()
        if not clinic.link_days_before:
            return 0
        keys = list(_due(clinic.link_days_before, at=at).values_list("pk", flat=True))
    return sum(_send_due(key, clinic, at=at) for key in keys)


def falls_due(day: date, days_before: int) -> datetime:
    """When the mail about a session of that day goes: at eight in the morning by the clinic's clock, winter and summer."""
    return timezone.make_aware(datetime.combine(day - timedelta(days=days_before), FROM))


def _due(days_before: int, *, at: datetime) -> QuerySet[TherapySession]:
    """Appointments to come of open courses whose client may be mailed, and for which no link of that day was made. A link that
    the client is filling in just now is not taken away: its course waits for the next run."""
    last = timezone.localdate(at) + timedelta(days=days_before)
    if at < falls_due(last, days_before):
        last -= timedelta(days=1)
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    made = SessionLink.objects.filter(session=OuterRef("pk"), link__for_day=F("session__starts_at__date"))
    begun = Link.objects.live(at=at).filter(course=OuterRef("course"), begun_at__isnull=False)
    return (
        TherapySession.objects.ahead(at=at)
        .filter(starts_at__lt=end, course__in=Course.objects.open())
        .filter(client__may_email=True)
        .exclude(client__email="")
        .exclude(Exists(made))
        .exclude(Exists(begun))
        .order_by("starts_at")
    )


def _send_due(key: UUID, clinic: Clinic, *, at: datetime) -> bool:
    """Whether a link was made. Asked again with the session held: another run, a change of the appointment or of the consent
    may have come before."""
    try:
        with acting_for_the_clinic():
            course = Course.objects.filter(sessions=key).get()
            hold(course.pk)
            session = _due(clinic.link_days_before, at=at).filter(pk=key).first()
            asked = [code for code in clinic.link_measures if not links.why_not(code, course)]
            if session is None or not asked:
                return False
            by = User.objects.get(is_system=True)
            send_for(
                course=course,
                session=session,
                measures=asked,
                how=Link.How.MAIL,
                by=by,
                at=at,
                send_at_once=False,
            )
    except ValidationError:
        return False  # somebody else has sent one at this moment
    return True


# --- What was received ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """One questionnaire that the client has finished. `typed` says that there are typed answers of the same session too."""

    response: Response
    name: str
    words: str
    risks: list[str]
    alert: Alert | None
    typed: bool

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Each question with its answer in words."""
        asked = words_when_answered(self.response.measure, self.response.instrument_version)
        return [
            (words, "not answered" if value is None else asked.label(value))
            for words, value in zip(asked.items, self.response.answers, strict=True)
        ]


@dataclass(frozen=True)
class ByLink:
    """What stands on the log page about links: what has come, and how far the client is with what has not. `mark` changes
    whenever there is something new to show."""

    received: list[Received]
    waiting: str

    @property
    def mark(self) -> str:
        return ".".join(
            [*(str(one.response.pk)[:8] + str(one.typed)[0] for one in self.received), self.waiting]
        )

    @property
    def codes(self) -> set[str]:
        """Whose digits need not be typed."""
        return {one.response.measure for one in self.received if not one.typed}


def received_for(session: TherapySession) -> Q:
    """A condition on `outcomes.Response`: filled in by link for this session, or since the last one and for no other, and the
    link has ended, so that the client changes nothing any more."""
    course = TherapySession.objects.filter(course=session.course_id, entered_in_error_at=None)
    before = course.filter(starts_at__lt=session.starts_at).order_by("-starts_at")
    last = Coalesce(Subquery(before.values("starts_at")[:1]), LONG_AGO)
    evening = timezone.localtime(session.starts_at).replace(hour=0, minute=0, second=0, microsecond=0)
    loose = Q(link__for_session=None, link__finished_at__gt=last) & Q(
        link__finished_at__lt=evening + timedelta(days=1)
    )
    over = Q(link__ended_at__isnull=False) | Q(link__expires_at__lte=Now())
    mine = Q(link__for_session__session=session.pk) | loose
    return Q(course=session.course_id, came=Came.LINK, in_error_at=None, in_session=None) & over & mine


def by_link_of(session: TherapySession, user: User, *, at: datetime) -> ByLink:
    """For whoever logs the session: two questions, and one more where an answer asks about risk."""
    rows = list(
        Response.objects.visible_to(user)
        .filter(Q(in_session__session=session.pk) | received_for(session))
        .select_related("link")
        .order_by("taken_at")
    )
    typed = {row.measure for row in rows if row.came != Came.LINK and set(row.answers) != {None}}
    newest = {row.measure: row for row in rows if row.came == Came.LINK}
    alerts = _open_alerts(newest.values(), user)
    received = [_received(newest[code], alerts, typed=code in typed) for code in BY_CODE if code in newest]
    return ByLink(received, _waiting(session, user, at=at))


def received_of_rows(user: User) -> ArraySubquery:
    """For a list of sessions: which questionnaires have come by link for each, and when."""
    over = Q(link__ended_at__isnull=False) | Q(link__expires_at__lte=Now())
    mine = Q(in_session__session=OuterRef("pk")) | Q(
        link__for_session__session=OuterRef("pk"), in_session=None
    )
    rows = Response.objects.visible_to(user).by_link().filter(mine & over, in_error_at=None)
    return ArraySubquery(rows.order_by("taken_at").values(json=JSONObject(measure="measure", at="taken_at")))


def _open_alerts(responses: Any, user: User) -> dict[UUID, Alert]:
    risky = [row.pk for row in responses if _risks(row)]
    if not risky:
        return {}
    return {
        alert.response_id: alert for alert in Alert.objects.visible_to(user).open().filter(response__in=risky)
    }


def _received(response: Response, alerts: dict[UUID, Alert], *, typed: bool) -> Received:
    return Received(
        response=response,
        name=BY_CODE[response.measure].name,
        words=f"{BY_CODE[response.measure].name} received by link {links.moment(response.taken_at)}: "
        f"{in_words(response)}",
        risks=_risks(response),
        alert=alerts.get(response.pk),
        typed=typed,
    )


def _risks(response: Response) -> list[str]:
    """Each answer above 0 to a question about harm, in words."""
    measure = BY_CODE[response.measure]
    asked = words_when_answered(response.measure, response.instrument_version)
    return [
        f"Item {item}: {asked.label(value)}"
        for item in measure.risk_items
        if (value := response.answers[item - 1])
    ]


def _waiting(session: TherapySession, user: User, *, at: datetime) -> str:
    """How far the client is with the link of this session, or with the course's own live one; empty where all has come."""
    link = (
        Link.objects.visible_to(user)
        .filter(course=session.course_id)
        .filter(Q(for_session__session=session.pk) | Q(ended_at=None, expires_at__gt=at))
        .annotate(given=_answers_given())
        .order_by("-created_at")
        .first()
    )
    if link is None or link.finished_at:
        return ""
    return progress_in_words(link, at=at)


def progress_in_words(link: Any, *, at: datetime) -> str:
    """ "Questionnaires by link: begun, 5 of 16 answered". `given` lies on the row: the answers of each questionnaire."""
    state = links.state_of(link, at=at)
    if not link.begun_at or not state.is_live:
        return f"{links.names_of(link.measures)} by link: {state.words[0].lower()}{state.words[1:]}."
    given = sum(answer is not None for row in link.given for answer in (*row["answers"], row["unscored"]))
    measures = [BY_CODE[code] for code in link.measures if code in BY_CODE]
    asked = sum(len(measure.items) + (measure.unscored is not None) for measure in measures)
    said = (
        "begun"
        if state.label == "Begun"
        else state.words[0].lower() + state.words[1:].removesuffix(", not finished")
    )
    return f"{links.names_of(link.measures)} by link: {said}, {given} of {asked} answered."


def _answers_given() -> ArraySubquery:
    # As JSON: PostgreSQL has no array of arrays of different lengths.
    rows = Response.objects.filter(link=OuterRef("pk")).order_by()
    return ArraySubquery(rows.values(json=JSONObject(answers="answers", unscored="unscored")))


def attach_received(session: TherapySession, *, typed: Collection[str] = ()) -> dict[str, Response]:
    """The session's own response to each measure, by its code. What was received belongs to the session from now on, and is
    locked with its note. Where a questionnaire was typed too, the typed answers are the session's and the client's, which
    nobody changes, stay with the course: `typed` names those that are being typed."""
    rows = Response.objects.filter(Q(in_session__session=session.pk) | received_for(session))
    found: list[Response] = list(rows.select_related("in_session").order_by("-taken_at"))
    tied: dict[UUID, SessionResponse] = {
        one.pk: one.in_session for one in found if getattr(one, "in_session", None) is not None
    }
    mine = {one.measure: one for one in found if one.pk in tied}
    for response in found:
        if response.came != Came.LINK:
            continue
        if response.measure in typed and mine.get(response.measure) is response:
            tied[response.pk].delete()
            del mine[response.measure]
        elif response.measure not in typed and response.measure not in mine:
            SessionResponse.objects.create(
                session=session, course_id=session.course_id, response=response, measure=response.measure
            )
            mine[response.measure] = response
    return mine
