"""What becomes of a score that asks for a review: the signal is raised, and a person answers it. The rules are in
signal_rules.py, the bands in expected.py; what is shown of a signal is in signal_page.py.

A review is about now: only the latest score of a measure is asked, so that an old form which is entered late, or a note that is
signed late, starts nothing. A follow-up or an ended course is never asked, nor an answer that is still being typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from access.refusals import NOT_YOURS, refused
from audit import trail
from audit.models import Action
from courses.lifecycle import OPEN, Status
from courses.models import Course
from outcomes import signal_rules
from outcomes.expected import Cell
from outcomes.models import Came, Considered, ExpectedBand, ExpectedModel, Response, Signal
from staff.jobs import acting_for_the_clinic, as_the_system
from staff.models import User

LOOK_BACK = timedelta(days=3)  # longer than `remind` stands still unnoticed
ENTERED_IN_ERROR = "The score behind this signal was entered in error."


@dataclass(frozen=True)
class Taken:
    """One complete form that counts. `number` is that of the session for which it was filled in, or of the last one attended
    up to that day; 0 before the first."""

    response_id: UUID
    measure: str
    total: int
    day: date
    number: int


def raise_signals(course_id: UUID, *, at: datetime) -> list[Signal]:
    """Asks of each measure's latest score whether the course is to be reviewed, and keeps one open signal a measure. Call it
    in the transaction in which a score begins to count: signed, entered, or finished by link. Whoever acts, the system does
    this; called twice, at once too, it changes nothing more."""
    with as_the_system():
        course = Course.objects.filter(pk=course_id, status__in=OPEN).exclude(status=Status.FOLLOW_UP).first()
        if course is None:
            return []
        earlier = _signals_of(course)
        _close_what_was_struck(earlier, at=at)
        standing = [signal for signal in earlier if signal.stands]
        several = [taken for taken in _taken(course).values() if len(taken) > 1]
        model_id = newest_model().values_list("pk", flat=True).first() if several else None
        found = [_asks(course, taken, standing, model_id, at=at) for taken in several]
        wanted = [signal for signal in found if signal is not None]
        # Of two who raise the same one at once the second finds it there.
        Signal.objects.bulk_create(wanted, ignore_conflicts=True)
    return wanted


def raise_for_links_left(*, at: datetime) -> int:
    """Asks of the courses whose client has answered a whole questionnaire by link and never said that they had finished, once
    the link is over. Answers how many signals that made; safe twice. A link that ended longer ago has been asked about."""
    since = at - LOOK_BACK
    over = Q(link__ended_at__gt=since, link__ended_at__lte=at)
    over |= Q(link__ended_at=None, link__expires_at__gt=since, link__expires_at__lte=at)
    with acting_for_the_clinic():
        rows = Response.objects.standing().by_link().filter(over, link__finished_at=None, total__isnull=False)
        courses = list(rows.order_by("course").values_list("course", flat=True).distinct())
    raised = 0
    for course in courses:
        with acting_for_the_clinic():
            raised += len(raise_signals(course, at=at))
    return raised


def review_signal(*, signal: Signal, considered: Sequence[str], plan: str, by: User) -> Signal:
    """Answers it, once: what was considered, and what the plan is. ValidationError without either, or when somebody else has
    answered it meanwhile."""
    with refused():
        rows = Signal.objects.select_for_update(of=("self",)).select_related("course", "reviewed_by")
        fresh = rows.filter(pk=signal.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.reviewed_at is not None:
            when = timezone.localtime(fresh.reviewed_at)
            who = fresh.reviewed_by.full_name if fresh.reviewed_by else "Somebody"
            raise ValidationError(
                f"{who} reviewed this on {when:%a} {when.day} {when:%b %Y} at {when:%H:%M}. Nothing was changed.",
                code="reviewed",
            )
        missing = {}
        if not considered:
            missing["considered"] = "Tick what you considered."
        if not plan.strip():
            missing["plan"] = "Say what the plan is."
        if missing:
            raise ValidationError(missing)
        fresh.considered = [choice for choice in Considered.values if choice in considered]
        fresh.plan, fresh.reviewed_by, fresh.reviewed_at = plan.strip(), by, timezone.now()
        fresh.save(update_fields=["considered", "plan", "reviewed_by", "reviewed_at"])
        trail.record(Action.CHANGE, "Reviewed a signal", by=by, about=fresh, client_id=fresh.course.client_id)
    return fresh


def newest_model() -> QuerySet[Any]:
    """The key of the model that stands, of which there may be none."""
    return ExpectedModel.objects.order_by("-made_at", "-pk").values("pk")[:1]


@lru_cache(maxsize=4)
def bands_of(model_id: int) -> tuple[ExpectedBand, ...]:
    """The bands of a model in the order of the sessions. A model never changes: a process asks once."""
    bands = ExpectedBand.objects.filter(model=model_id).select_related("model")
    return tuple(bands.order_by("measure", "baseline_low", "session_number"))


def expects_of(model_id: int | None, first: Mapping[str, int | None]) -> list[ExpectedBand]:
    """What a model expects of a course with these first scores, by measure; nothing of a measure without one."""
    return [
        band
        for band in (bands_of(model_id) if model_id else ())
        if (total := first.get(band.measure)) is not None and band.baseline_low <= total <= band.baseline_high
    ]


# --- Inside a transaction ---------------------------------------------------------------------------------------------


def _signals_of(course: Course) -> list[Any]:
    sound = Q(response__in=Response.objects.standing().filter(course=course).values("pk"))
    return list(Signal.objects.filter(course=course).annotate(stands=sound))


def _close_what_was_struck(signals: Sequence[Any], *, at: datetime) -> None:
    """A signal whose score was entered in error would stand in the way of the next one."""
    void = [signal for signal in signals if not signal.stands and signal.reviewed_at is None]
    if not void:
        return
    system = User.objects.get(is_system=True)
    for signal in void:
        signal.considered, signal.plan = [Considered.OTHER.value], ENTERED_IN_ERROR
        signal.reviewed_by, signal.reviewed_at = system, at
        signal.save(update_fields=["considered", "plan", "reviewed_by", "reviewed_at"])
        trail.record(
            Action.CHANGE,
            "Closed a signal whose score was entered in error",
            by=system,
            about=signal,
            course_id=signal.course_id,
        )


def _taken(course: Course) -> dict[str, list[Taken]]:
    """The complete forms of each measure that has signals, oldest first. What is typed on a page whose session is not signed
    does not count yet; a follow-up never does."""
    sessions = course.sessions.filter(number__isnull=False).order_by("starts_at")
    held = [(timezone.localdate(at), number) for at, number in sessions.values_list("starts_at", "number")]
    still_typed = Q(in_session__isnull=False, locked_at=None, came=Came.TYPED)
    rows = (
        Response.objects.standing()
        .filter(course=course, measure__in=signal_rules.MEASURES, total__isnull=False)
        .exclude(still_typed)
        .exclude(in_session__session__kind="follow_up")
        .order_by("taken_at", "entered_at")
        .annotate(number=F("in_session__session__number"))
    )
    taken: dict[str, list[Taken]] = {measure: [] for measure in signal_rules.MEASURES}
    for response in rows:
        day = timezone.localdate(response.taken_at)
        up_to_then = [number for held_on, number in held if held_on <= day]
        number = response.number or max(up_to_then, default=0)
        taken[response.measure].append(Taken(response.pk, response.measure, response.total, day, number))
    return taken


def _asks(
    course: Course,
    taken: Sequence[Taken],
    earlier: Sequence[Signal],
    model_id: int | None,
    *,
    at: datetime,
) -> Signal | None:
    """The signal that the latest of these scores asks for, None for none, or where one is open or this score has had one."""
    first, latest = taken[0], taken[-1]
    expected = expects_of(model_id, {first.measure: first.total})
    ours = [signal for signal in earlier if signal.measure == latest.measure]
    if any(signal.reviewed_at is None or signal.response_id == latest.response_id for signal in ours):
        return None
    band = next((band for band in expected if band.session_number == latest.number), None)
    hit = signal_rules.signal_for(
        latest.measure,
        first.total,
        latest.total,
        latest.number,
        course.planned_sessions if course.split else None,
        # The weeks of a treatment that has not begun say nothing of its effect.
        (latest.day - first.day).days / 7 if latest.number else 0,
        cell_from(band) if band else None,
        asked={signal.rule for signal in ours},
    )
    if hit is None:
        return None
    return Signal(
        course=course,
        measure=latest.measure,
        rule=hit.rule.code,
        response_id=latest.response_id,
        session_number=latest.number,
        baseline=first.total,
        score=latest.total,
        limit=hit.limit,
        model_id=model_id if hit.rule is signal_rules.EXPECTED else None,
        raised_at=at,
    )


def cell_from(band: ExpectedBand) -> Cell:
    """A stored band as the rules read it. Percentiles are scores that somebody had: whole points."""
    return Cell(
        measure=band.measure,
        baseline_low=band.baseline_low,
        baseline_high=band.baseline_high,
        session_number=band.session_number,
        courses=band.courses,
        low=int(band.low),
        high=int(band.high),
        is_pooled=band.is_pooled,
    )
