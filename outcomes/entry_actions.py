"""What a therapist enters about how a client is: a questionnaire with its answers, a total from paper, ratings of goals, and
that something was entered in error. Each is one transaction, says by whom, and leaves a row on the trail. Which session a
questionnaire was given at is said in `sessions.measure_actions`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.holding import hold_open_course
from courses.models import Course, Goal
from outcomes.measures import BY_CODE
from outcomes.models import Alert, GoalRating, Response
from outcomes.recording import record_response, record_total
from outcomes.signals import raise_signals
from outcomes.telling import tell_now
from staff.models import User

YEARS_BACK = 20  # beyond them a year is a slip
LOCKED = (
    "This questionnaire is part of a signed note: what is signed does not change. Write an addendum to the note, or say that"
    " the session was entered in error."
)


Attach = Callable[[Response], object]


def by_itself(response: Response) -> None:
    """Given on a day, at no session: nothing else is written."""


def enter_measure(
    *,
    key: UUID,
    course: Course,
    measure: str,
    answers: Sequence[int | None],
    taken_at: datetime,
    by: User,
    unscored: int | None = None,
    without_work: bool = False,
    version: str = "",
    attach: Attach = by_itself,
) -> Response:
    """One questionnaire with its answers, None for what was left out. `key` is the page's: sent twice it makes one response.
    `attach` writes what else belongs to it, before anybody is told. An answer that says that somebody may be in danger alerts
    at once, and a score that asks for a review raises its signal."""
    _check_measure(measure)
    with refused():
        course = hold_open_course(course.pk, "client")
        before = entered_already(key, course)
        if before is not None:
            return before
        _check_day(course, taken_at)
        response = record_response(
            key=key,
            course=course,
            measure=measure,
            answers=answers,
            taken_at=taken_at,
            by=by,
            unscored=unscored,
            without_work=without_work,
            version=version,
        )
        attach(response)
        at = timezone.now()
        tell_now(Alert.objects.open().filter(response=response), at=at)
        raise_signals(course.pk, at=at)
        record(Action.CREATE, "Entered a questionnaire", by=by, about=response, client_id=course.client_id)
    return response


def enter_total(
    *,
    key: UUID,
    course: Course,
    measure: str,
    total: int,
    taken_at: datetime,
    by: User,
    without_work: bool = False,
    attach: Attach = by_itself,
) -> Response:
    """A total that is known from paper, without the answers. `key` and `attach` as above."""
    _check_measure(measure)
    with refused():
        course = hold_open_course(course.pk, "client")
        before = entered_already(key, course)
        if before is not None:
            return before
        _check_day(course, taken_at)
        try:
            response = record_total(
                key=key,
                course=course,
                measure=measure,
                total=total,
                taken_at=taken_at,
                by=by,
                without_work=without_work,
            )
        except ValidationError as refusal:
            raise ValidationError({"total": refusal.messages}) from refusal
        attach(response)
        raise_signals(course.pk, at=timezone.now())
        record(Action.CREATE, "Entered a total from paper", by=by, about=response, client_id=course.client_id)
    return response


def strike_response(*, response: Response, reason: str, by: User) -> Response:
    """Says that it was entered in error, for good: it counts no more and can still be read. An alert that it raised stays until
    a person closes it. ValidationError without a reason, for what is part of a signed note, and for the second who says so."""
    with refused():
        fresh = Response.objects.select_for_update(of=("self",)).filter(pk=response.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.locked_at:
            raise ValidationError(LOCKED, code="locked")
        if fresh.is_in_error:
            raise ValidationError("This was entered in error already. Nothing was changed.", code="struck")
        if not reason.strip():
            raise ValidationError({"reason": "Say why it was entered in error."})
        fresh.in_error_at, fresh.in_error_by, fresh.in_error_reason = timezone.now(), by, reason.strip()
        fresh.save(update_fields=["in_error_at", "in_error_by", "in_error_reason"])
        raise_signals(fresh.course_id, at=fresh.in_error_at)
        record(
            Action.CHANGE,
            "Said that a questionnaire was entered in error",
            by=by,
            about=fresh,
            client_id=response.course.client_id,
        )
    return fresh


def rate_goals(*, course: Course, ratings: Mapping[UUID, int], rated_on: date, by: User) -> list[GoalRating]:
    """How near each goal is on that day, by its key. A rating that stands already is not added a second time."""
    with refused():
        course = hold_open_course(course.pk, "client")
        check_day(course, rated_on, field="rated_on")
        goals = {goal.pk: goal for goal in Goal.objects.filter(course=course).current()}
        if not ratings:
            raise ValidationError("Rate at least one goal, from 0 to 10.")
        if set(ratings) - set(goals):
            raise ValidationError("One of these goals has ended meanwhile. Nothing was saved.")
        added = []
        for key, value in ratings.items():
            last = GoalRating.objects.filter(goal_id=key, rated_on=rated_on).order_by("entered_at").last()
            if last is None or last.value != value:
                rating = GoalRating(
                    goal=goals[key], course=course, value=value, rated_on=rated_on, entered_by=by
                )
                rating.save(force_insert=True)
                added.append(rating)
        if added:
            record(Action.CREATE, "Rated goals", by=by, about=added[0], client_id=course.client_id)
    return added


# --- What all of them need --------------------------------------------------------------------------------------------


def entered_already(key: UUID, course: Course) -> Response | None:
    """What this page has sent before."""
    return Response.objects.filter(pk=key, course=course).first()


def check_day(course: Course, day: date, *, field: str = "day") -> None:
    """Not ahead, not before the client was born, not so far back that the year must be a slip."""
    today = timezone.localdate()
    if day > today:
        raise ValidationError(
            {field: f"{date_format(day, 'D j M Y')} lies ahead. Choose today or an earlier day."}
        )
    if day < course.client.date_of_birth:
        raise ValidationError({field: f"{course.client.name} was born later. Check the day."})
    if day < today - timedelta(days=YEARS_BACK * 366):
        raise ValidationError({field: f"This is more than {YEARS_BACK} years back. Check the year."})


def _check_day(course: Course, taken_at: datetime) -> None:
    check_day(course, timezone.localdate(taken_at))


def _check_measure(measure: Any) -> None:
    if measure not in BY_CODE:
        raise ValidationError("Choose a questionnaire from the list.")
