"""What those who run the waiting list do: the clock of a wait is paused and resumed, a priority is set, an attempt to reach
somebody is logged. Nothing of it is clinical. The clock's rule is `courses.models.days_waited`.

As in `courses.actions`: `version` is the course as the person saw it, `seen` what their page said; whether somebody may do it
is asked of `access.policy` by the pages."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.models import Course, Priority
from referrals.models import AttemptHow, AttemptResult, ContactAttempt, Referral, WaitPause
from staff.models import User


def pause_wait(
    *,
    course: Course,
    starts_on: date,
    reason: str,
    by: User,
    ends_on: date | None = None,
    version: int | None = None,
    seen: Seen | None = None,
) -> WaitPause:
    """The clock stands still from that day on, up to and without `ends_on`; without one until it is resumed. No day before the
    referral, none that lies ahead, none that another pause has."""
    with refused():
        course = _held(course, version, seen)
        _check_start(course, starts_on)
        if not reason.strip():
            raise ValidationError({"reason": "Say why the clock stands still."})
        if ends_on is not None:
            _check_end(starts_on, ends_on)
        elif course.paused_since:
            raise ValidationError(f"The clock stands still already, since {_day(course.paused_since)}.")
        _check_free(course, starts_on, ends_on)
        pause = WaitPause(
            course=course, starts_on=starts_on, ends_on=ends_on, reason=" ".join(reason.split()), by=by
        )
        if ends_on is None:
            course.paused_since = starts_on
        else:
            pause.ended_by = by
            course.paused_days += (ends_on - starts_on).days
        pause.clean_fields(exclude=["course", "by", "ended_by"])
        pause.save(force_insert=True)
        _save(course, "paused_since", "paused_days")
        record(
            Action.CHANGE,
            "Paused the clock of the wait",
            by=by,
            about=pause,
            client_id=course.client_id,
            reason=pause.reason,
        )
    return pause


def resume_wait(
    *,
    course: Course,
    ends_on: date,
    by: User,
    version: int | None = None,
    seen: Seen | None = None,
) -> WaitPause:
    """The clock runs again from that day on."""
    with refused():
        course = _held(course, version, seen)
        pause = course.wait_pauses.select_for_update(of=("self",)).running().first()
        if pause is None:
            raise ValidationError("The clock runs already.")
        _check_end(pause.starts_on, ends_on)
        pause.ends_on, pause.ended_by = ends_on, by
        pause.save(update_fields=["ends_on", "ended_by"])
        course.paused_since = None
        # A course that was opened again has its wait counted from later than the referral.
        counted_from = course.referred_on + timedelta(days=course.paused_days)
        course.paused_days += max((ends_on - max(pause.starts_on, counted_from)).days, 0)
        _save(course, "paused_since", "paused_days")
        record(Action.CHANGE, "Resumed the clock of the wait", by=by, about=pause, client_id=course.client_id)
    return pause


def set_priority(
    *,
    course: Course,
    priority: int,
    reason: str,
    by: User,
    version: int | None = None,
    seen: Seen | None = None,
) -> Course:
    """Who is offered a place first, and why. The reason stands with the referral, and on the trail: a course that was opened
    before there were referrals has the trail alone."""
    with refused():
        course = _held(course, version, seen, priority_of)
        words = " ".join(reason.split())
        if priority not in Priority.values:
            raise ValidationError({"priority": "Choose a priority from the list."})
        if not words:
            raise ValidationError({"reason": "Say why, in a few words."})
        referral = Referral.objects.select_for_update(of=("self",)).filter(course=course).first()
        if priority == course.priority and (referral is None or words == referral.priority_reason):
            raise ValidationError(
                f"Nothing has changed: it is {course.get_priority_display().lower()} already."
            )
        if referral is not None:
            referral.priority_reason = words
            referral.clean_fields(["course", "entered_by", "screened_by"])
            referral.save(update_fields=["priority_reason"])
        course.priority = priority
        _save(course, "priority")
        what = f"Set the priority to {Priority(priority).label.lower()}"
        record(Action.CHANGE, what, by=by, about=course, reason=words)
    return course


def log_attempt(
    *,
    course: Course,
    how: str,
    result: str,
    by: User,
    at: datetime | None = None,
    words: str = "",
    key: UUID | None = None,
) -> ContactAttempt:
    """That somebody tried to reach the person, and what came of it. `key` is the page's own: sent twice, it is logged once."""
    with refused():
        course = _held(course)
        before = course.contact_attempts.filter(pk=key, by=by).first() if key else None
        if before is not None:
            return before
        at = at or timezone.now()
        if at > timezone.now():
            raise ValidationError({"day": f"{_day(at)}, {timezone.localtime(at):%H:%M}, lies ahead."})
        if timezone.localdate(at) < course.referred_on:
            raise ValidationError(
                {"day": f"The referral came later, on {_day(course.referred_on)}. Check the day."}
            )
        if how not in AttemptHow.values or result not in AttemptResult.values:
            raise ValidationError("Say how you tried and what came of it: choose from the lists.")
        attempt = ContactAttempt(
            course=course, at=at, how=how, result=result, words=" ".join(words.split()), by=by
        )
        if key:
            attempt.pk = key
        attempt.clean_fields(exclude=["course", "by"])
        attempt.save(force_insert=True)
        record(
            Action.CREATE, "Logged an attempt to reach them", by=by, about=attempt, client_id=course.client_id
        )
    return attempt


def what_stands(course: Course) -> dict[str, Any]:
    """What a page on which somebody decides about a wait states of it."""
    since = course.paused_since
    return {
        "Status": course.get_status_display(),
        "Clock": f"stands still since {_day(since)}" if since else "runs",
        "Days without": course.paused_days,
    }


def priority_of(course: Course) -> dict[str, Any]:
    """The priority as its page shows and changes it, by name of the field, and why it is that one."""
    referral = Referral.objects.filter(course=course).first()
    return {"priority": course.priority, "Why": referral.priority_reason if referral else ""}


def _check_start(course: Course, starts_on: date) -> None:
    if starts_on > timezone.localdate():
        raise ValidationError({"starts_on": f"{_day(starts_on)} lies ahead. Choose today or an earlier day."})
    if starts_on < course.referred_on:
        raise ValidationError(
            {
                "starts_on": f"The referral came later, on {_day(course.referred_on)}: no pause begins before it."
            }
        )


def _check_end(starts_on: date, ends_on: date) -> None:
    if ends_on > timezone.localdate():
        raise ValidationError({"ends_on": f"{_day(ends_on)} lies ahead. Choose today or an earlier day."})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": f"The pause began later, on {_day(starts_on)}. Check the day."})


def _check_free(course: Course, starts_on: date, ends_on: date | None) -> None:
    others = course.wait_pauses.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        others = others.filter(starts_on__lt=ends_on)
    other = others.first()
    if other is not None:
        until = f"to {_day(other.ends_on)}" if other.ends_on else "on"
        raise ValidationError(
            {"starts_on": f"The clock stood still then already, from {_day(other.starts_on)} {until}."}
        )


def _held(
    course: Course,
    version: int | None = None,
    seen: Seen | None = None,
    says: Callable[[Course], dict[str, Any]] = what_stands,
) -> Course:
    """The course as it stands, held until the act is done. Raises `Stale` when its page said something else."""
    fresh = Course.objects.select_for_update(of=("self",)).filter(pk=course.pk).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if version is not None and version != fresh.version:
        refuse_stale(fresh, seen, says(fresh))
    if not fresh.waits:
        raise ValidationError(f"This course is {fresh.get_status_display().lower()}: nobody waits in it.")
    return fresh


def _save(course: Course, *fields: str) -> None:
    course.version += 1
    course.save(update_fields=[*fields, "version"])


def _day(day: date | datetime) -> str:
    return date_format(timezone.localtime(day) if isinstance(day, datetime) else day, "D j M Y")
