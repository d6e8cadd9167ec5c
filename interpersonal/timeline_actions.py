"""What happened in a client's life is put on the timeline, put better, taken off. Reading it is the record's.

Each action locks the course first, so that it meets a hand-over or an ending one at a time, and works on a fresh row. What it
refuses is a ValidationError."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.dates import ApproximateDate
from courses.holding import hold_open_course
from courses.models import Course
from interpersonal.models import Person, TimelineEntry
from staff.models import User

AT_MOST = 1000  # of one course: a life has fewer, a runaway program more


def add_entry(
    *,
    course: Course,
    kind: str,
    title: str,
    when: ApproximateDate,
    until: ApproximateDate | None = None,
    goes_on: bool = False,
    person: Person | None = None,
    mood: int | None = None,
    effect: str = "",
    by: User,
) -> TimelineEntry:
    """One event more. The person is of this course's inventory."""
    with refused():
        fresh = hold_open_course(course.pk, "client")
        if TimelineEntry.objects.filter(course=fresh).standing().count() >= AT_MOST:
            raise ValidationError(
                f"The timeline holds {AT_MOST} events. Take one off before you add another."
            )
        entry = TimelineEntry(course=fresh, added_by=by)
        _say(entry, kind, title, when, until, goes_on, person, mood, effect)
        entry.save(force_insert=True)
        record(Action.CREATE, "Put an event on the timeline", by=by, about=entry, client_id=fresh.client_id)
    return entry


def change_entry(
    *,
    entry: TimelineEntry,
    kind: str,
    title: str,
    when: ApproximateDate,
    until: ApproximateDate | None = None,
    goes_on: bool = False,
    person: Person | None = None,
    mood: int | None = None,
    effect: str = "",
    version: int,
    seen: Seen | None = None,
    by: User,
) -> TimelineEntry:
    """`version` is the event as the person saw it, and `seen` what their page said: what changed since is said instead of
    overwritten."""
    with refused():
        course = hold_open_course(entry.course_id, "client")
        fresh = _standing(entry)
        if fresh.version != version:
            refuse_stale(fresh, seen, what_it_says(fresh))
        _say(fresh, kind, title, when, until, goes_on, person, mood, effect)
        fresh.version += 1
        fresh.save()
        record(
            Action.CHANGE, "Changed an event of the timeline", by=by, about=fresh, client_id=course.client_id
        )
    return fresh


def take_off_entry(*, entry: TimelineEntry, by: User) -> TimelineEntry:
    """It is shown no more; the row stays, and says who took it off."""
    with refused():
        course = hold_open_course(entry.course_id, "client")
        fresh = _standing(entry)
        fresh.removed_at, fresh.removed_by = timezone.now(), by
        fresh.version += 1
        fresh.save(update_fields=["removed_at", "removed_by", "version"])
        record(
            Action.CHANGE, "Took an event off the timeline", by=by, about=fresh, client_id=course.client_id
        )
    return fresh


def what_it_says(entry: TimelineEntry) -> dict[str, Any]:
    """By the names of the form's fields."""
    return {
        "kind": entry.kind,
        "title": entry.title,
        "when": ApproximateDate(entry.starts_on, entry.starts_to),
        "until": ApproximateDate(entry.ends_on, entry.ends_to) if entry.ends_on else None,
        "goes_on": entry.goes_on,
        "person": str(entry.person_id or ""),
        "mood": entry.mood,
        "effect": entry.effect,
    }


def _say(
    entry: TimelineEntry,
    kind: str,
    title: str,
    when: ApproximateDate,
    until: ApproximateDate | None,
    goes_on: bool,
    person: Person | None,
    mood: int | None,
    effect: str,
) -> None:
    _check_days(entry.course, when, until, goes_on)
    is_new = person is not None and person.pk != entry.person_id
    if person is not None and is_new and (person.course_id != entry.course_id or person.removed_at):
        raise ValidationError({"person": "Choose somebody of this client’s relationships."})
    entry.kind, entry.title, entry.effect = kind, " ".join(title.split()), " ".join(effect.split())
    if not entry.title:
        raise ValidationError({"title": "Write what happened."})
    entry.starts_on, entry.starts_to = when
    entry.ends_on, entry.ends_to = None, "day"
    if until is not None:
        # Until 2019, having begun in March of it: the first of January would lie before the beginning.
        entry.ends_on, entry.ends_to = max(until.day, when.day), until.exact
    entry.goes_on, entry.person, entry.mood = goes_on, person, mood
    entry.clean_fields(exclude=["course", "added_by", "person"])


def _check_days(course: Course, when: ApproximateDate, until: ApproximateDate | None, goes_on: bool) -> None:
    today = timezone.localdate()
    for name, day in (("when", when), ("until", until)):
        if day is not None and day.day > today:
            raise ValidationError({name: f"{day} lies ahead. The timeline holds what has happened."})
    if when.last_day < _first_day(course):
        raise ValidationError({"when": "That is long before the client was born. Check the year."})
    if until is not None and goes_on:
        raise ValidationError({"until": "Say when it ended, or that it still goes on: not both."})
    if until is not None and until.last_day < when.day:
        raise ValidationError({"until": "An event cannot end before it began."})


def _first_day(course: Course) -> date:
    """A family's story begins before the client does: a hundred years are enough."""
    born = course.client.date_of_birth
    return date(max(born.year - 100, 1), 1, 1)


def _standing(entry: TimelineEntry) -> TimelineEntry:
    rows = TimelineEntry.objects.select_related("course__client").select_for_update(of=("self",))
    fresh = rows.filter(pk=entry.pk).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if fresh.removed_at is not None:
        raise ValidationError("This event has been taken off the timeline already. Nothing was changed.")
    return fresh
