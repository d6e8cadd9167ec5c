"""A course goes from one therapist to another, now or at a minute ahead, for good or for a time, and its appointments with it.

Access moves at that minute by itself: what is written here are rows of `courses.Allocation` that say from when to when, and
every policy reads them. What lies ahead can be called off until it begins. Who carries a course first: `allocating.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from audit.models import Action
from audit.trail import record
from courses.actions import check_room_for_more, check_treats, count_drafts, unsigned_words, what_it_says
from courses.holding import hold_open_course
from courses.models import Allocation, Course
from courses.transfers import carrying_at, planned_of, say_planned
from sessions.going_along import Clash, appointments_between, clashes_of
from sessions.models import TherapySession
from staff.models import User

A_YEAR = timedelta(days=366)


@dataclass
class Handed:
    """What was done: the row that begins, the appointments that went along, and those that could not."""

    allocation: Allocation
    moved: list[TherapySession] = field(default_factory=list)
    left: list[Clash] = field(default_factory=list)


def transfer_course(
    *,
    course: Course,
    therapist: User,
    reason: str,
    by: User,
    at: datetime | None = None,
    take_appointments: bool = True,
    leave_clashes: bool = False,
    leave_drafts: bool = False,
    version: int | None = None,
    seen: Seen | None = None,
) -> Handed:
    """Another therapist carries the course from `at` on, from this minute where it is None; whoever carries it now does until
    then. Appointments after that minute go along where the new therapist is free. Raises ValidationError where one cannot,
    unless `leave_clashes`: then it stays with the former therapist and is in what is returned.

    At this minute nobody leaves unsigned notes behind, unless they can no longer sign in and a lead lets them (`leave_drafts`):
    then these stay as they are, their author's."""
    with refused():
        course, current, now = _held(course, version, seen)
        since = _since(at, now)
        _check(course, current, therapist, reason)
        drafts = count_drafts(course, of=current.therapist) if since == now else 0
        if drafts and not (leave_drafts and by.is_lead and not current.therapist.is_active):
            raise ValidationError(unsigned_words(drafts, current.therapist, by))
        check_room_for_more(therapist, reason=reason)
        current.ends_at = since
        current.save(update_fields=["ends_at"])
        begins = Allocation.objects.create(
            course=course, therapist=therapist, starts_at=since, by=by, reason=reason.strip()
        )
        done = Handed(begins)
        if take_appointments:
            _take_along(done, current.therapist, therapist, since, None, leave_clashes=leave_clashes)
        _keep(course)
        left = f", {drafts} unsigned" if drafts else ""
        what = "Handed the course over" if since == now else "Planned a hand-over"
        _record(what + left, begins, done, by=by, reason=reason)
    return done


def cover_course(
    *,
    course: Course,
    therapist: User,
    until: datetime,
    reason: str,
    by: User,
    at: datetime | None = None,
    take_appointments: bool = True,
    leave_clashes: bool = False,
    version: int | None = None,
    seen: Seen | None = None,
) -> Handed:
    """Another therapist carries the course from `at`, or from this minute, to `until`; then it is its therapist's again, by
    itself. Unsigned notes do not stand in the way: their author signs them when the course is back."""
    with refused():
        course, current, now = _held(course, version, seen)
        since = _since(at, now)
        if until <= since:
            raise ValidationError({"until_day": "A cover ends after it begins."})
        if until > now + A_YEAR:
            raise ValidationError({"until_day": "A cover ends within a year. Transfer the course instead."})
        _check(course, current, therapist, reason)
        check_treats(current.therapist)
        check_room_for_more(therapist, reason=reason)
        current.ends_at = since
        current.save(update_fields=["ends_at"])
        given = {"course": course, "by": by, "reason": reason.strip()}
        begins = Allocation.objects.create(
            therapist=therapist, kind=Allocation.Kind.COVER, starts_at=since, ends_at=until, **given
        )
        Allocation.objects.create(therapist=current.therapist, starts_at=until, **given)
        done = Handed(begins)
        if take_appointments:
            _take_along(done, current.therapist, therapist, since, until, leave_clashes=leave_clashes)
        _keep(course)
        what = "Had the course covered" if since == now else "Planned a cover"
        _record(what, begins, done, by=by, reason=reason)
    return done


def call_off_transfer(
    *, course: Course, by: User, version: int | None = None, seen: Seen | None = None
) -> Handed:
    """What lies ahead does not come: whoever carries the course now goes on. A cover that has begun ends at this minute, and
    the course is its therapist's again. Appointments go back where that therapist is free; the others are returned."""
    with refused():
        course, current, now = _held(course, version, seen)
        planned = planned_of(course, at=now)
        if not planned:
            raise ValidationError("Nothing is planned for this course: it has begun, or was called off.")
        others = {each.therapist for each in planned} - {current.therapist}
        for each in planned:
            each.ends_at = each.starts_at
            each.save(update_fields=["ends_at"])
        if current.kind == Allocation.Kind.COVER:
            back = planned[-1].therapist
            check_treats(back)
            drafts = count_drafts(course, of=current.therapist)
            if drafts:
                raise ValidationError(unsigned_words(drafts, current.therapist, by))
            current.ends_at = now
            current.save(update_fields=["ends_at"])
            others, stays = (
                {current.therapist},
                Allocation.objects.create(
                    course=course, therapist=back, starts_at=now, by=by, reason="The cover was ended."
                ),
            )
        else:
            current.ends_at = None
            current.save(update_fields=["ends_at"])
            stays = current
        done = Handed(stays)
        for other in sorted(others, key=lambda each: each.pk):
            _take_along(done, other, stays.therapist, now, None, leave_clashes=True)
        _keep(course)
        _record("Called off what was planned", stays, done, by=by, reason="")
    return done


# --- What all of them need --------------------------------------------------------------------------------------------


def _held(course: Course, version: int | None, seen: Seen | None) -> tuple[Course, Allocation, datetime]:
    """The course, held, with the allocation of whoever carries it now; and the minute, read once nobody else acts on it."""
    fresh = hold_open_course(course.pk)
    if version is not None and version != fresh.version:
        refuse_stale(fresh, seen, what_it_says(fresh))
    now = timezone.now()
    current = carrying_at(fresh, now)
    if current is None:
        raise ValidationError("Nobody carries this course yet. Allocate it first.")
    return fresh, current, now


def _since(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at <= now:
        raise ValidationError({"day": "This time is past. Choose a later one, or leave it empty for now."})
    if at > now + A_YEAR:
        raise ValidationError({"day": "Check the year: this is more than a year ahead."})
    return at


def _check(course: Course, current: Allocation, therapist: User, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Say why, in a few words."})
    planned = planned_of(course, at=timezone.now())
    if planned:
        raise ValidationError(say_planned(planned))
    if therapist.pk == current.therapist_id:
        raise ValidationError({"therapist": f"{therapist.full_name} carries this course already."})
    check_treats(therapist)


def _take_along(
    done: Handed,
    from_whom: User,
    to: User,
    since: datetime,
    until: datetime | None,
    *,
    leave_clashes: bool,
) -> None:
    sessions = appointments_between(done.allocation.course, from_whom, since, until)
    clashes = {clash.session.pk: clash for clash in clashes_of([(each, to) for each in sessions])}
    if clashes and not leave_clashes:
        raise ValidationError({"leave_clashes": [clash.words for clash in clashes.values()]})
    for session in sessions:
        if session.pk in clashes:
            done.left.append(clashes[session.pk])
            continue
        session.therapist = to
        session.version += 1
        session.save(update_fields=["therapist", "version"])
        done.moved.append(session)


def _keep(course: Course) -> None:
    course.version += 1
    course.save(update_fields=["version"])


def _record(what: str, allocation: Allocation, done: Handed, *, by: User, reason: str) -> None:
    if done.moved:
        what += f"; {len(done.moved)} appointment{'' if len(done.moved) == 1 else 's'} along"
    if done.left:
        what += f"; {len(done.left)} stayed"
    record(
        Action.CHANGE,
        what,
        by=by,
        about=allocation,
        client_id=allocation.course.client_id,
        reason=reason.strip(),
    )


def in_a_list(clashes: Sequence[Clash]) -> str:
    return ", ".join(clash.when for clash in clashes)
