"""Who is told of an alert and when: the rules first, then whose alert it is, then the mails. What a person does about one is in
alert_actions.py. Nothing here weighs a danger: an answer has a value, and each value somebody who hears of it.

For other rooms: `tell_now(alerts, at=…)` in the transaction that raised them, whoever acts there; `tell_due(at=…)` for what
falls due by itself."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from courses.models import Allocation
from outcomes.measures import BY_CODE
from outcomes.models import Alert, AlertKind, AlertTold, Response
from staff import outbox
from staff.jobs import acting_for_the_clinic, as_the_system
from staff.models import Clinic, Leave, Role, SupervisionLine, User
from staff.working_days import add_working_days

FIRST, SUPERVISOR, LEAD = AlertTold.Stage.FIRST, AlertTold.Stage.SUPERVISOR, AlertTold.Stage.LEAD
MORNING = time(8)
LOOK_BACK = timedelta(
    days=14
)  # a closed alert is still told to the supervisor; longer than any run of days off

_log = logging.getLogger(__name__)

# The day that lies a number of working days after another.
Calendar = Callable[[date, int], date]


# --- Which tellings are due -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What the rules ask of an alert. `measure` is empty and `value` None for one raised by hand; `rise` is the points since
    the last answer to the same question, None where there was none. `is_answered`: somebody acknowledged it or did something
    about it."""

    kind: str
    measure: str
    value: int | None
    rise: int | None
    raised_at: datetime
    tell_from: datetime
    is_answered: bool = False
    is_closed: bool = False


@dataclass(frozen=True)
class Due:
    """Somebody hears of it. `anew`: whoever holds that place now is told, also where somebody else was told before."""

    stage: str
    why: str
    anew: bool


def due(facts: Facts, clinic: Clinic, *, at: datetime, after: Calendar) -> list[Due]:
    """The tellings that are due at a moment, by stage; whether they were done already is not asked here."""
    if at < facts.tell_from:
        return []
    found = [] if facts.is_closed else [Due(FIRST, "The alert is theirs to answer", anew=True)]
    waits = not (facts.is_answered or facts.is_closed)
    days = clinic.unanswered_supervisor_days
    silent = waits and at >= working_days_after(facts.raised_at, days, after)
    why = why_at_once(facts, clinic) or _why_within_a_day(facts, clinic, at=at, after=after)
    if why or silent:
        found.append(Due(SUPERVISOR, why or _unanswered(days), anew=silent))
    days = clinic.unanswered_lead_days
    if waits and at >= working_days_after(facts.raised_at, days, after):
        found.append(Due(LEAD, _unanswered(days), anew=True))
    return found


def why_at_once(facts: Facts, clinic: Clinic) -> str:
    """Why the supervisor hears of it together with the owner; empty where they do not."""
    value = facts.value or 0
    if facts.kind == AlertKind.PLAN:
        return "A plan, intent or means was noted"
    if facts.measure == "core10" and clinic.core10_at_once and value > 0:
        return "CORE-10 item 6 is above 0: it asks about plans"
    if facts.measure == "phq9" and value >= clinic.supervisor_at_once_from:
        return f"PHQ-9 item 9 is {value}"
    if facts.rise is not None and facts.rise >= clinic.supervisor_told_rise:
        return f"{facts.rise} points more than the last answer"
    return ""


def _why_within_a_day(facts: Facts, clinic: Clinic, *, at: datetime, after: Calendar) -> str:
    value = facts.value or 0
    if facts.measure != "phq9" or value < clinic.supervisor_told_from:
        return ""
    return f"PHQ-9 item 9 is {value}" if at >= next_morning(facts.raised_at, after) else ""


def next_morning(since: datetime, after: Calendar) -> datetime:
    """08:00 of the next working day, and never more than one working day later: of what came in the small hours, the same
    hour."""
    day = after(timezone.localdate(since), 1)
    morning = datetime.combine(day, MORNING, tzinfo=timezone.get_current_timezone())
    return min(morning, working_days_after(since, 1, after))


def working_days_after(since: datetime, days: int, after: Calendar) -> datetime:
    """The same time by the clock, so many working days later."""
    local = timezone.localtime(since)
    return datetime.combine(after(local.date(), days), local.time(), tzinfo=timezone.get_current_timezone())


def _unanswered(days: int) -> str:
    return f"Unanswered for {days} working day{'' if days == 1 else 's'}"


# --- Whose it is ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owner:
    """Who answers an alert now. `role` is theirs in it (therapist, screener, cover, supervisor, deputy or lead), `why` says it
    in a sentence. Without people nobody is left in the clinic who could."""

    people: tuple[User, ...]
    role: str
    why: str

    @property
    def names(self) -> str:
        return " and ".join(person.full_name for person in self.people) or "Nobody"

    def includes(self, person: User) -> bool:
        return any(one.pk == person.pk for one in self.people)


class Routes:
    """Who carries these courses, who is away, covers, supervises and leads at a moment: four questions, however many courses.
    The reader must be able to see the courses' allocations."""

    def __init__(self, courses: Iterable[UUID], *, at: datetime) -> None:
        held = Allocation.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=at), course__in=set(courses), starts_at__lte=at
        )
        self._carriers, self._screened = {}, set()
        for row in held.select_related("therapist"):
            self._carriers[row.course_id] = row.therapist
            if row.kind == Allocation.Kind.SCREENING:
                self._screened.add(row.course_id)
        self._leave: dict[UUID, list[Leave]] = {}
        away = Leave.objects.on(timezone.localdate(at)).select_related("cover").order_by("-ends_on", "pk")
        for leave in away:
            self._leave.setdefault(leave.person_id, []).append(leave)
        self._lines: dict[UUID, list[SupervisionLine]] = {}
        lines = SupervisionLine.objects.current(at=at).filter(therapist__in=self._carriers.values())
        for line in lines.select_related("supervisor", "deputy").order_by("starts_at", "pk"):
            self._lines.setdefault(line.therapist_id, []).append(line)
        self._leads = tuple(User.objects.working().with_role(Role.LEAD))

    def owner(self, alert: Alert) -> Owner:
        """The therapist; else the cover, unless the alert is restricted; else who supervises; else the leads."""
        therapist = self._carriers.get(alert.course_id)
        if therapist is None:
            return self.leads("No therapist carries the course")
        if self._is_here(therapist):
            if alert.course_id in self._screened:
                return Owner((therapist,), "screener", f"{therapist.full_name} screens the referral.")
            return Owner((therapist,), "therapist", f"{therapist.full_name} carries the course.")
        away = self._away(therapist)
        for leave in self._leave.get(therapist.pk, []):
            if not alert.is_restricted and self._is_here(leave.cover) and is_clinical(leave.cover):
                return Owner((leave.cover,), "cover", f"{away}; {leave.cover.full_name} covers.")
        above = self.above(alert)
        if above.role == "lead":
            return self.leads(f"{away}, and nobody who covers or supervises is here")
        why = "this kind of alert is not shown to a cover" if alert.is_restricted else "no cover is here"
        return Owner(above.people, above.role, f"{away}; {why}. {above.why}")

    def above(self, alert: Alert) -> Owner:
        """Who supervises the therapist: the supervisor who is here, the deputy of one on leave, else the leads."""
        therapist = self._carriers.get(alert.course_id)
        if therapist is None:
            return self.leads("No therapist carries the course")
        lines = self._lines.get(therapist.pk, [])
        here = {
            line.supervisor: None
            for line in lines
            if self._is_here(line.supervisor) and line.supervisor.is_supervisor
        }
        if here:
            return _in_words(tuple(here), "supervisor", f"supervises {therapist.full_name}")
        deputies: dict[User, None] = {}
        for line in lines:
            if line.supervisor_id in self._leave and line.deputy is not None and self._is_here(line.deputy):
                deputies[line.deputy] = None
        if deputies:
            return _in_words(tuple(deputies), "deputy", "deputises for the supervisor, who is on leave")
        return self.leads(f"Nobody who supervises {therapist.full_name} is here")

    def leads(self, why: str) -> Owner:
        return Owner(self._leads, "lead", f"{why}: it is the clinical lead’s.")

    def of_stage(self, stage: str, alert: Alert) -> Owner:
        """Who is told at that stage."""
        if stage == FIRST:
            return self.owner(alert)
        return self.above(alert) if stage == SUPERVISOR else self.leads("Nobody has answered")

    def _is_here(self, person: User) -> bool:
        return person.is_active and person.pk not in self._leave

    def _away(self, therapist: User) -> str:
        if not therapist.is_active:
            return f"{therapist.full_name} no longer works here"
        until = max(leave.ends_on for leave in self._leave[therapist.pk])
        return f"{therapist.full_name} is on leave until {until:%a} {until.day} {until:%b %Y}"


def is_clinical(person: User) -> bool:
    """An administrator who covers for a therapist looks after the diary; an alert goes past them."""
    return person.is_therapist or person.is_supervisor or person.is_lead


def owner_of(alert: Alert, at: datetime) -> Owner:
    return Routes([alert.course_id], at=at).owner(alert)


def _in_words(people: tuple[User, ...], role: str, what: str) -> Owner:
    return Owner(people, role, " ".join(f"{person.full_name} {what}." for person in people))


# --- Telling ----------------------------------------------------------------------------------------------------------

REASONS = {
    "therapist": "It is about a client of yours.",
    "screener": "It is about a referral that you screen.",
    "cover": "You cover for a colleague who is away.",
    "supervisor": "You supervise the therapist.",
    "deputy": "You stand in for a supervisor who is away.",
    "lead": "You are a clinical lead, and it has come to you.",
}


def tell_now(alerts: Iterable[Alert], *, at: datetime) -> None:
    """Tells of what was raised by link, on the entry page, by hand, or is signed now, without waiting for the typing to stop.
    In the transaction of whoever acts, a client by link too; the mails go once it stands."""
    keys = [alert.pk for alert in alerts]
    if keys:
        with as_the_system():
            for key in keys:
                _tell(key, at=at, waits_for_typing=False)


def tell(alert: Alert, at: datetime) -> int:
    """Does whatever is due for one alert, as the system person, and answers how many mails go out. Safe twice, and at once."""
    with as_the_system():
        return _tell(alert.pk, at=at)


def tell_due(*, at: datetime) -> int:
    """The same for all alerts, each in a transaction of its own; the mails wait for `send_due`. One that cannot be told keeps
    no other from being told: the failure is raised when all have had their turn."""
    with acting_for_the_clinic():
        closed_lately = Q(closed_at__isnull=False, typed_in_error=False, raised_at__gt=at - LOOK_BACK)
        rows = Alert.objects.filter(Q(closed_at=None) | closed_lately, tell_from__lte=at)
        keys = list(rows.order_by("raised_at").values_list("pk", flat=True))
    mails, failures = 0, []
    for key in keys:
        try:
            with acting_for_the_clinic():
                mails += _tell(key, at=at, send_at_once=False)
        except Exception as failure:
            _log.exception("Nobody could be told of alert %s.", key)
            failures.append(failure)
    if failures:
        raise failures[0]
    return mails


def hold_course(course_id: UUID) -> None:
    """Whoever writes about an alert holds its course first, as a therapist who saves does: nobody waits crosswise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hold_course(%s)", [course_id])


def _tell(key: UUID, *, at: datetime, waits_for_typing: bool = True, send_at_once: bool = True) -> int:
    course_id = Alert.objects.values_list("course_id", flat=True).get(pk=key)
    hold_course(course_id)
    # Held until the end: of two who tell at one moment the second finds it done.
    rows = Alert.objects.select_for_update(of=("self",), no_key=True).select_related("response")
    alert = rows.get(pk=key)
    if alert.typed_in_error:
        return 0
    if not waits_for_typing and alert.tell_from > at and alert.closed_at is None:
        alert.tell_from = at
        alert.save(update_fields=["tell_from"])
    clinic = Clinic.objects.first() or Clinic()
    news = _news(alert, clinic, at=at)
    AlertTold.objects.bulk_create(news)
    to_mail = {row.person_id: row for row in reversed(news)}
    for row in to_mail.values():
        _mail(row, clinic, send_at_once=send_at_once)
    return len(to_mail)


def _news(alert: Alert, clinic: Clinic, *, at: datetime) -> list[AlertTold]:
    """The tellings that are due and not done yet."""
    facts = facts_of(alert)
    waiting = due(facts, clinic, at=at, after=add_working_days)
    done = set(alert.told.values_list("person_id", "stage"))
    stages_done = {stage for _, stage in done}
    waiting = [one for one in waiting if one.anew or one.stage not in stages_done]
    if not waiting:
        return []
    routes = Routes([alert.course_id], at=at)
    news = []
    for one in waiting:
        to = routes.of_stage(one.stage, alert)
        if not to.people:
            _log.error("Nobody is left who could be told of alert %s: make somebody clinical lead.", alert.pk)
        news += [
            AlertTold(
                alert=alert,
                course_id=alert.course_id,
                person=person,
                role=to.role,
                stage=one.stage,
                why=one.why,
                at=at,
            )
            for person in to.people
            if (person.pk, one.stage) not in done
        ]
    return news


def facts_of(alert: Alert) -> Facts:
    return Facts(
        kind=alert.kind,
        measure=alert.response.measure if alert.response else "",
        value=alert.value,
        rise=rise_of(alert),
        raised_at=alert.raised_at,
        tell_from=alert.tell_from,
        is_answered=alert.acknowledged_at is not None or alert.acts.exists(),
        is_closed=alert.closed_at is not None,
    )


def rise_of(alert: Alert) -> int | None:
    """Points since the last answer to the same question in the course, below 0 where it fell; None without one."""
    if alert.response is None or alert.item is None or alert.value is None:
        return None
    last = next((row.answers[alert.item - 1] for row in answers_before(alert)), None)
    return None if last is None else alert.value - last


def answers_before(alert: Alert) -> list[Response]:
    """The forms of the course on which this question was answered before, the last first."""
    now = alert.response
    if now is None or alert.item is None:
        return []
    earlier = Q(taken_at__lt=now.taken_at) | Q(taken_at=now.taken_at, entered_at__lt=now.entered_at)
    rows = Response.objects.standing().filter(
        earlier, course_id=alert.course_id, measure=now.measure, is_total_only=False
    )
    given = [row for row in rows.exclude(pk=now.pk) if row.answers[alert.item - 1] is not None]
    return sorted(given, key=lambda row: (row.taken_at, row.entered_at), reverse=True)


def measure_of(alert: Alert) -> str:
    """The code of the measure, also for who may see the alert and not the form: no two ask about danger in the same place."""
    if alert.response is not None:
        return alert.response.measure
    return next((code for code, measure in BY_CODE.items() if alert.item in measure.risk_items), "")


def _mail(told: AlertTold, clinic: Clinic, *, send_at_once: bool) -> None:
    """It names no client and holds no clinical word: an alert waits, where, and what to do if the page does not open."""
    page = settings.SITE_URL + reverse("outcomes:alert", args=[told.course_id, told.alert_id])
    words = {"clinic": clinic, "person": told.person, "page": page, "reason": REASONS[told.role]}
    subject, _, body = render_to_string("outcomes/mail/alert.txt", words).strip().partition("\n")
    outbox.queue(
        to=told.person.email, subject=subject, body=body.lstrip(), urgent=True, send_at_once=send_at_once
    )
