"""What waits for a signature: one's own work by age, notes to co-sign, and by therapist for those who look after others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from courses.models import Course
from record.addresses import address
from record.words import days_ago, short_day
from sessions.cosigning import awaiting
from sessions.models import Note, NoteKind
from sessions.unsigned import OVERDUE_AFTER, Unsigned
from staff.models import User

MOST_SHOWN = 100
MOST_TO_COSIGN = 50


@dataclass(frozen=True)
class Row:
    """One line of a list: whose client, what, how old, and where it is gone on with (empty for who may not)."""

    course_id: UUID
    client: str
    href: str
    what: str
    age: str
    is_overdue: bool
    act: str
    label: str


@dataclass(frozen=True)
class OfTherapist:
    """The work of one therapist in numbers; `person` opens the rows."""

    person: User
    count: int
    overdue: int
    oldest: str


def own_rows(user: User, waiting: Iterable[Unsigned], *, now: datetime) -> list[Row]:
    """The person's own, each with the page on which it is gone on with."""
    own = [one for one in waiting if one.author == user.pk]
    return _rows(user, own, now=now, with_act=True)


def rows_of(user: User, therapist: UUID, waiting: Iterable[Unsigned], *, now: datetime) -> list[Row]:
    """The rows behind the number of one therapist. What a draft says stays its author's."""
    theirs = [one for one in waiting if one.author == therapist]
    return _rows(user, theirs, now=now, with_act=False)


def by_therapist(user: User, waiting: Iterable[Unsigned], *, now: datetime) -> list[OfTherapist]:
    """Others' work in numbers, the oldest first."""
    by_author: dict[UUID, list[Unsigned]] = {}
    for one in waiting:
        if one.author != user.pk:
            by_author.setdefault(one.author, []).append(one)
    people = User.objects.in_bulk(by_author)
    return [
        OfTherapist(
            person=people[author],
            count=len(theirs),
            overdue=sum(one.is_overdue(at=now) for one in theirs),
            oldest=days_ago(theirs[0].due_from, now),
        )
        for author, theirs in by_author.items()
    ]


def to_cosign(user: User, *, now: datetime) -> list[Row]:
    """Notes that wait for this person's co-signature, the first put forward first."""
    notes = awaiting(user, at=now)[:MOST_TO_COSIGN]
    return [
        Row(
            course_id=note.course_id,
            client=note.course.client.name,
            href=address("courses:detail", note.course_id),
            what=f"{_note_of(note, now)}, {note.author.full_name}",
            age=f"put forward {_since(note.put_forward_at, now)}",
            is_overdue=now - note.put_forward_at > OVERDUE_AFTER,
            act=f"{address('supervision:cosign')}?note={note.pk}",
            label="Read and co-sign",
        )
        for note in notes
    ]


def _rows(user: User, waiting: list[Unsigned], *, now: datetime, with_act: bool) -> list[Row]:
    shown = waiting[:MOST_SHOWN]
    courses = Course.objects.visible_to(user).select_related("client").in_bulk({one.course for one in shown})
    return [
        Row(
            course_id=one.course,
            client=courses[one.course].client.name,
            href=address("courses:detail", one.course),
            what=_what(one, now, is_own=with_act),
            age=_since(one.due_from, now),
            is_overdue=one.is_overdue(at=now),
            act=_go_on(one) if with_act else "",
            label="Finish" if one.note else "Write",
        )
        for one in shown
        if one.course in courses
    ]


def _what(one: Unsigned, now: datetime, *, is_own: bool) -> str:
    """To others a draft outside sessions is a note and nothing nearer."""
    day = short_day(one.due_from, now)
    if one.note is None:
        return f"No note yet of the session on {day}"
    if one.kind == NoteKind.SESSION:
        return f"Draft of the session on {day}"
    return f"{NoteKind(one.kind).label if is_own else 'Note'}, begun on {day}"


def _go_on(one: Unsigned) -> str:
    if one.kind == NoteKind.CONTACT:
        return address("sessions:contact_note", one.course, one.note)
    if one.kind == NoteKind.LETTER:
        return address("sessions:letter", one.course, one.note)
    if one.kind == NoteKind.SUPERVISION:
        return address(
            "supervision:record", one.course, one.note
        )  # which leads on to the case in its meeting
    if one.kind == NoteKind.ADDENDUM:
        return address("sessions:addendum", one.course, one.note)
    return address("sessions:log", one.course, one.session)


def _note_of(note: Note, now: datetime) -> str:
    if note.session is not None:
        number = f"Session {note.session.number}" if note.session.number else note.session.get_kind_display()
        return f"{number} of {short_day(note.session.starts_at, now)}"
    if note.kind == NoteKind.LETTER:
        return f"Letter of {short_day(note.signed_at, now)}"
    return f"Contact note of {short_day(note.happened_at, now)}"


def _since(moment: datetime, now: datetime) -> str:
    age = days_ago(moment, now)
    return age if age == "today" else f"{age} ago"
