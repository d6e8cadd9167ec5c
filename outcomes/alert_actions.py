"""What a person does about an alert: raises one by hand, acknowledges it, writes down what was done, closes it. Those that an
answer raises come with the answer (recording.py); who is told of them is in telling.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.refusals import NOT_YOURS, refused
from audit import trail
from audit.models import Action
from courses.models import Course
from outcomes.models import ActKind, Alert, AlertAct, AlertKind, Came
from outcomes.telling import hold_course, tell_now
from staff.models import User

BY_HAND = [kind for kind in AlertKind if kind != AlertKind.ANSWER]
FOLLOWED_UP_WITHIN = timedelta(days=183)


def raise_alert(*, course: Course, kind: str, words: str, by: User, key: UUID | None = None) -> Alert:
    """By hand, with what was noticed; whoever is to be told is told in the same transaction. `key` is the new row's, where the
    page made one: a form that is sent twice raises one alert. ValidationError by field for what is missing."""
    missing = {}
    if kind not in BY_HAND:
        missing["kind"] = "Choose what the alert is about."
    if not words.strip():
        missing["words"] = "Say what you noticed."
    if missing:
        raise ValidationError(missing)
    with refused():
        hold_course(course.pk)
        raised = Alert.objects.filter(pk=key, course=course, raised_by=by).first() if key else None
        if raised is not None:
            return raised
        now = timezone.now()
        alert = Alert(
            id=key or uuid4(),
            course_id=course.pk,
            kind=kind,
            words=words.strip(),
            raised_by=by,
            raised_at=now,
            tell_from=now,
        )
        alert.save(force_insert=True)
        trail.record(Action.CREATE, "Raised an alert", by=by, about=alert, client_id=course.client_id)
        tell_now([alert], at=now)
    return alert


def acknowledge_alert(*, alert: Alert, by: User) -> Alert:
    """Says that somebody has seen it and is on it. The first to say so stands; ValidationError for the second."""
    with _held(alert) as fresh:
        if fresh.acknowledged_at:
            raise ValidationError(
                f"{_name(fresh.acknowledged_by)} has acknowledged this alert already.", code="acknowledged"
            )
        fresh.acknowledged_at = timezone.now()
        fresh.acknowledged_by = by
        fresh.save(update_fields=["acknowledged_at", "acknowledged_by"])
        _record("Acknowledged an alert", fresh, by)
    return fresh


def record_act(
    *, alert: Alert, kind: str, what_was_done: str, by: User, follow_up_on: date | None = None
) -> AlertAct:
    """What was done, and by when somebody looks again; the alert stays open. ValidationError by field, and when somebody else
    has closed it meanwhile."""
    _check_act(kind, what_was_done)
    _check_follow_up(follow_up_on)
    with _held(alert) as fresh:
        act = _add_act(fresh, kind, what_was_done, by=by, follow_up_on=follow_up_on)
        _record("Did something about an alert", fresh, by)
    return act


def close_alert(
    *, alert: Alert, what_was_done: str, by: User, kind: str = ActKind.OTHER, typed_in_error: bool = False
) -> Alert:
    """Closes it for good by a recorded act or, an answer that was typed in error, with why it is one. ValidationError without
    words, for an error in what nobody typed, or when somebody else has closed it meanwhile."""
    _check_act(kind, what_was_done, typed_in_error=typed_in_error)
    with _held(alert) as fresh:
        if typed_in_error and (fresh.response is None or fresh.response.came != Came.TYPED):
            raise ValidationError("Only an answer that somebody here typed in was typed in error.")
        # Before the alert itself: of a closed one nothing is written down any more, and a cover's view ends with it.
        _add_act(fresh, kind, what_was_done, by=by, closes=True)
        fresh.closed_at = timezone.now()
        fresh.closed_by = by
        fresh.what_was_done = what_was_done.strip()
        fresh.typed_in_error = typed_in_error
        fresh.save(update_fields=["closed_at", "closed_by", "what_was_done", "typed_in_error"])
        _record("Closed an alert as typed in error" if typed_in_error else "Closed an alert", fresh, by)
    return fresh


def _check_act(kind: str, words: str, *, typed_in_error: bool = False) -> None:
    missing = {}
    if kind not in ActKind.values:
        missing["kind"] = "Say what was done: choose from the list."
    if not words.strip():
        missing["what_was_done"] = (
            "Say how the answer came to be typed in error." if typed_in_error else "Say what was done."
        )
    if missing:
        raise ValidationError(missing)


def _check_follow_up(day: date | None) -> None:
    today = timezone.localdate()
    if day is not None and not today <= day <= today + FOLLOWED_UP_WITHIN:
        raise ValidationError({"follow_up_on": "Look again today or later, within half a year."})


def _add_act(
    alert: Alert, kind: str, words: str, *, by: User, follow_up_on: date | None = None, closes: bool = False
) -> AlertAct:
    act = AlertAct(
        alert=alert,
        course_id=alert.course_id,
        kind=kind,
        words=words.strip(),
        follow_up_on=follow_up_on,
        closes=closes,
        by=by,
    )
    act.save(force_insert=True)
    return act


@contextmanager
def _held(alert: Alert) -> Iterator[Alert]:
    """One transaction with the row as it is now, held until it ends: of two people who answer at once the second is told."""
    with refused():
        hold_course(alert.course_id)
        rows = Alert.objects.select_for_update(of=("self",), no_key=True)
        fresh = (
            rows.select_related("course", "response", "acknowledged_by", "closed_by")
            .filter(pk=alert.pk)
            .first()
        )
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.closed_at:
            when = timezone.localtime(fresh.closed_at)
            raise ValidationError(
                f"{_name(fresh.closed_by)} closed this alert on {when:%a} {when.day} {when:%b %Y} at {when:%H:%M}."
                " Nothing was changed.",
                code="closed",
            )
        yield fresh


def _name(person: User | None) -> str:
    return person.full_name if person else "Somebody"


def _record(what: str, alert: Alert, by: User) -> None:
    trail.record(Action.CHANGE, what, by=by, about=alert, client_id=alert.course.client_id)
