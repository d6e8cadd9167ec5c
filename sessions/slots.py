"""When an appointment may be: which one is proposed, what speaks against a time, what is taken. Questions only, no writes.

What speaks against a time is said and can be overruled by a tick; what cannot be (two sessions at one time) is refused by the
database alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from clients.models import Client
from courses.models import Course
from sessions.models import Mode, TherapySession
from staff.models import Holiday, Leave, Room, User, Weekday

A_WEEK = timedelta(days=7)
FAR_AHEAD = timedelta(days=366)


def moment(day: date, at: time) -> datetime:
    """That local time. Raises ValidationError in the hour that a change of the clock leaves out or brings twice."""
    zone = timezone.get_current_timezone()
    first, second = (datetime.combine(day, at, zone).replace(fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return first
    what = (
        f"goes forward, and there is no {at:%H:%M}"
        if before is not None and after is not None and before < after
        else f"goes back, and {at:%H:%M} comes twice"
    )
    raise ValidationError(
        f"On {in_words(day)} the clock {what}. Choose an earlier or a later time.", code="clock"
    )


def in_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def slot_of(session: TherapySession) -> dict[str, Any]:
    """Time and place of an appointment as its page shows and changes them, by name of the field."""
    local = timezone.localtime(session.starts_at)
    return {
        "day": local.date(),
        "at": local.time(),
        "minutes": session.minutes,
        "mode": session.mode,
        "room": session.room,
    }


def when_of(session: TherapySession) -> dict[str, Any]:
    """The appointment as a page states it on which something else is decided about it."""
    local = timezone.localtime(session.starts_at)
    return {"Appointment": f"{in_words(local.date())}, {local:%H:%M}, {session.minutes} minutes"}


def attendance_of(session: TherapySession) -> dict[str, Any]:
    """What came of an appointment, by name of the field."""
    return {"attendance": session.attendance}


@dataclass(frozen=True)
class Slot:
    """A time and place that a page begins with."""

    day: date
    at: time
    minutes: int
    mode: str
    room_id: UUID | None


def same_slot_next(course: Course, user: User, *, at: datetime) -> Slot | None:
    """The weekday and local hour of the course's latest appointment, a week on or as many weeks as it takes to lie ahead;
    None where there has been none. An hour stays an hour when the clocks change."""
    sessions = TherapySession.objects.visible_to(user).filter(course=course).standing()
    last = sessions.order_by("-starts_at").first()
    if last is None:
        return None
    was = timezone.localtime(last.starts_at)
    day = was.date() + A_WEEK
    while day < timezone.localdate(at):
        day += A_WEEK
    return Slot(day, was.time(), last.minutes, last.mode, last.room_id)


def what_speaks_against(
    starts_at: datetime,
    minutes: int,
    *,
    mode: str,
    room: Room | None,
    client: Client,
    therapist: User,
    at: datetime,
) -> list[str]:
    """Sentences, none where nothing does. `at` is now."""
    local = timezone.localtime(starts_at)
    day = local.date()
    said = []
    if starts_at < at:
        said.append(f"{in_words(day)}, {local:%H:%M} is past.")
    elif starts_at > at + FAR_AHEAD:
        said.append(f"{in_words(day)} is more than a year ahead.")
    if holiday := Holiday.objects.filter(day=day).first():
        said.append(f"The clinic is closed on {in_words(day)}: {holiday.name}.")
    if leave := Leave.objects.on(day).filter(person=therapist).select_related("cover").first():
        said.append(
            f"{therapist.full_name} is on leave until {in_words(leave.ends_on)}; {leave.cover.full_name} covers."
        )
    said += _outside_hours(therapist, local, minutes)
    if mode == Mode.IN_PERSON and room and client.needs_step_free and not room.is_step_free:
        said.append(f"{room.name} is not step-free, and {client.name} needs a step-free room.")
    return said


def _outside_hours(therapist: User, local: datetime, minutes: int) -> list[str]:
    """Saturdays and Sundays count as outside where nobody has written down when the therapist works."""
    hours = list(therapist.working_hours.all())
    weekday = Weekday(local.weekday())
    if not hours:
        if weekday >= Weekday.SATURDAY:
            return [f"{in_words(local.date())} is a {weekday.label}."]
        return []
    spans = [span for span in hours if span.weekday == weekday]
    ends = local + timedelta(minutes=minutes)
    within = any(
        span.starts <= local.time() and ends.date() == local.date() and ends.time() <= span.ends
        for span in spans
    )
    if within:
        return []
    if not spans:
        return [f"{therapist.full_name} does not work on a {weekday.label}."]
    times = " and ".join(f"from {span.starts:%H:%M} to {span.ends:%H:%M}" for span in spans)
    return [f"{therapist.full_name} works on {weekday.label}s {times}."]


def taken_on(day: date, therapist: User, client: Client) -> list[tuple[datetime, datetime, str]]:
    """What therapist and client already have on that day: from, to, and whose it is. Times only: whom the therapist sees is
    no part of it."""
    since = timezone.make_aware(datetime.combine(day, time()))
    until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    with connection.cursor() as cursor:
        cursor.execute(
            "select starts_at, ends_at, taken from times_taken(%s, %s, null, %s, %s) order by 1",
            [therapist.pk, client.pk, since, until],
        )
        return [
            (
                timezone.localtime(starts),
                timezone.localtime(ends),
                therapist.full_name if whose == "therapist" else client.name,
            )
            for starts, ends, whose in cursor.fetchall()
        ]
