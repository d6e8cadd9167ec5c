"""Who of the inventory came up in a session: whom the log page offers, whose keys a note may hold, and in which sessions
somebody came up. The people themselves are of `interpersonal`. Questions only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from courses.models import Course
from interpersonal.models import Person
from sessions.models import Note
from staff.models import User

AT_ONCE = 8
MOST = 60  # of whom a page offers; whoever is ticked is among them


@dataclass(frozen=True)
class CameUp:
    """One session in which somebody came up. `number` is None where it takes none."""

    session_id: UUID
    number: int | None
    starts_at: datetime


@dataclass(frozen=True)
class Offered:
    """Those shown at once, and those one click away."""

    at_once: list[Person]
    more: list[Person]


def offered(course: Course, user: User, *, chosen: Sequence[str] = ()) -> Offered:
    """Whom a note of this course may name: those ticked first, also who was taken off since, then who is part of the focus,
    then the others as they were added. One question."""
    people = Person.objects.visible_to(user).filter(course=course).only(*_NEEDED)
    ticked = set(chosen)
    wanted = [one for one in people if one.removed_at is None or str(one.pk) in ticked]
    wanted.sort(key=lambda one: (str(one.pk) not in ticked, one.focus_area == ""))
    wanted = wanted[: max(MOST, len(ticked))]
    first = max(AT_ONCE, sum(str(one.pk) in ticked for one in wanted))
    return Offered(wanted[:first], wanted[first:])


_NEEDED = ("id", "course", "name", "relationship", "focus_area", "removed_at", "added_at")


def choices(course: Course, user: User) -> list[tuple[str, str]]:
    """Key and name of everybody on the inventory, also of who was taken off, for a page that says in words who came up."""
    people = Person.objects.visible_to(user).filter(course=course)
    return [(str(key), name) for key, name in people.values_list("pk", "name")]


def named(note: Note, user: User) -> list[Person]:
    """Who came up in a note, in the order of the note; no question where nobody did."""
    if not note.people:
        return []
    people = Person.objects.visible_to(user).filter(course=note.course_id, pk__in=note.people)
    return sorted(people.only(*_NEEDED), key=lambda one: note.people.index(one.pk))


def refuse_strangers(people: Iterable[UUID], course_id: UUID) -> None:
    """Raises ValidationError where one of them is no person of this course."""
    wanted = set(people)
    if Person.objects.filter(course=course_id, pk__in=wanted).count() != len(wanted):
        raise ValidationError({"people": "Choose people of this client's own relationships."})


def came_up(course: Course, user: User) -> dict[UUID, list[CameUp]]:
    """In which signed sessions each person of a course came up, oldest first, as far as this reader may read the notes. One
    question for all of them."""
    notes = (
        Note.objects.visible_to(user)
        .signed()
        .of_sessions()
        .filter(course=course, session__entered_in_error_at=None)
        .exclude(people=[])
        .order_by("session__starts_at", "session_id")
        .values_list("people", "session_id", "session__number", "session__starts_at")
    )
    found: dict[UUID, list[CameUp]] = {}
    for people, *session in notes:
        for key in people:
            found.setdefault(key, []).append(CameUp(*session))
    return found
