"""Contact notes, and letters among them, in a line: beside a page that is being written, and among the sessions of a course.
Questions only, no writes; a whole contact note is read by reading.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from courses.models import Course
from sessions.letter_parts import title_of
from sessions.models import ContactHow, ContactWith, Note, NoteKind, RiskAnswer
from staff.models import User

AT_MOST = 10  # beside a page; the course page has them all


@dataclass(frozen=True)
class Line:
    """One signed contact. `words` say how and with whom; the note's own words stay in the note."""

    note_id: UUID
    happened_at: datetime
    words: str
    author_id: UUID
    author: str


# As they stand in the middle of a sentence.
WITH = {code: label if code == ContactWith.GP else label.lower() for code, label in ContactWith.choices}
HOW = dict(ContactHow.choices)


def in_words(how: str, with_whom: str, who: str) -> str:
    """Phone, the client; Email, Dr Hill (GP or practice). Of a draft as much as it says."""
    role = WITH.get(with_whom, "")
    if who and with_whom != ContactWith.CLIENT:
        role = f"{who} ({role})" if role else who
    return ", ".join(filter(None, (HOW.get(how, ""), role))) or "Nobody has said how and with whom"


def signed_of(course: Course, user: User) -> list[Line]:
    """All signed ones that this person may read, letters by the day of their signing, oldest first, those entered in error too;
    not a word of what they say."""
    kinds = (NoteKind.CONTACT, NoteKind.LETTER)
    rows = Note.objects.visible_to(user).signed().filter(course=course, kind__in=kinds)
    facts = (
        rows.annotate(at=Coalesce("happened_at", "signed_at"))
        .order_by("at", "pk")
        .values_list(
            *("pk", "at", "how", "with_whom", "who", "author_id", "author__full_name"),
            *("kind", "letter__about", "letter__to"),
        )
    )
    return [
        Line(
            key,
            at,
            title_of(about, to) if kind == NoteKind.LETTER else in_words(how, with_whom, who),
            author_id,
            author,
        )
        for key, at, how, with_whom, who, author_id, author, kind, about, to in facts
    ]


@dataclass(frozen=True)
class Told:
    """One contact as the page of the next session repeats it: when, with whom, how, and how its words begin."""

    note: Note

    @property
    def words(self) -> str:
        return in_words(self.note.how, self.note.with_whom, self.note.who)

    @property
    def is_risk_changed(self) -> bool:
        return self.note.risk_answer == RiskAnswer.CHANGED


def told_since(course: Course, user: User, *, since: datetime | None) -> Sequence[Told]:
    """Signed contacts after the last session, all where there was none, newest first: nobody opens a session without knowing of
    yesterday's call."""
    rows = Note.objects.visible_to(user).signed().standing().filter(course=course, kind=NoteKind.CONTACT)
    if since is not None:
        rows = rows.filter(happened_at__gt=since)
    rows = rows.only("happened_at", "how", "with_whom", "who", "work", "risk_answer", "course_id", "kind")
    return [Told(note) for note in rows.order_by("-happened_at", "-pk")[:AT_MOST]]


def own_drafts(course: Course, user: User) -> list[Note]:
    """Contact notes of this course that the person has begun and not signed."""
    rows = Note.objects.visible_to(user).drafts().standing().filter(course=course, kind=NoteKind.CONTACT)
    return list(rows.filter(author=user).only("started_at", "course_id", "kind").order_by("started_at"))
