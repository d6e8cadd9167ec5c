"""The one list of a course: its sessions and, for who reads them, the contacts between them, each with where its note stands.
What a note says is not asked for, and a contact takes no number and has no place in a count, the strip or a chart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from access import policy
from courses.models import Course
from record.acts import Act, session_acts
from record.addresses import address
from record.words import plural
from sessions import contacts, life
from sessions.life import State
from sessions.models import NoteKind, TherapySession
from sessions.note_states import NoteState
from staff.models import User

# Where somebody still has to do something.
OPEN = (State.DRAFT, State.AWAITING_COSIGN, State.RETURNED)


@dataclass(frozen=True)
class Notes:
    """All notes of a course by what they are about. Empty for who may not read clinical content."""

    states: Sequence[NoteState] = ()

    @cached_property
    def of_session(self) -> dict[UUID, NoteState]:
        return {note.session_id: note for note in self.states if note.session_id}

    @cached_property
    def of_contacts(self) -> list[NoteState]:
        """Letters among them."""
        return [note for note in self.states if note.kind in (NoteKind.CONTACT, NoteKind.LETTER)]

    @cached_property
    def _addenda(self) -> dict[UUID, list[NoteState]]:
        found = defaultdict(list)
        for note in self.states:
            if note.adds_to_id and not note.is_in_error:
                found[note.adds_to_id].append(note)
        return found

    def addenda(self, note: NoteState) -> list[NoteState]:
        """Those that stand; drafts too."""
        return self._addenda.get(note.note_id, [])

    def state(self, note: NoteState) -> State:
        last = life.Decided(note.decision, note.decided_at) if note.decision and note.decided_at else None
        return life.state_of(
            note.piece,
            addenda=[addendum.piece for addendum in self.addenda(note)],
            last=last,
            is_in_error=note.is_in_error,
        )


@dataclass(frozen=True)
class Mark:
    """A few words about the note. `tone` is empty for plain words, "warn" where something is still to be done."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """One session or contact of the list. `session` is None for a contact, of which `how` says how and with whom; `by` names
    who held it."""

    at: datetime
    title: str
    by: str
    session: TherapySession | None = None
    about: str = ""
    how: str = ""
    attendance: str = ""
    scores: list[Act] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    is_struck: bool = False


@dataclass(frozen=True)
class Reader:
    """Who looks at which course, and when."""

    course: Course
    user: User
    is_clinical: bool
    at: datetime
    carrier: User | None

    def by(self, person_id: UUID, name: str) -> str:
        """Named where it was not the therapist who carries the course."""
        return "" if self.carrier and person_id == self.carrier.pk else name

    def age(self, since: datetime) -> str:
        days = (timezone.localdate(self.at) - timezone.localdate(since)).days
        return {0: "begun today", 1: "1 day old"}.get(days, f"{days} days old")


# --- Sessions ---------------------------------------------------------------------------------------------------------


def session_row(session: TherapySession, notes: Notes, scores: list[Act], reader: Reader) -> Row:
    note, kind = notes.of_session.get(session.pk), session.get_kind_display()
    is_struck = session.entered_in_error_at is not None
    about = [session.get_phase_display()]
    if session.number and session.kind != "treatment":
        about.insert(0, kind)
    return Row(
        session=session,
        at=session.starts_at,
        title=f"Session {session.number}" if session.number else kind,
        about=" · ".join(filter(None, about)),
        by=reader.by(session.therapist_id, session.therapist.full_name),
        attendance="Entered in error" if is_struck else session.get_attendance_display() or "",
        scores=scores,
        marks=[] if is_struck else _session_marks(session, note, notes, reader),
        acts=_session_acts(session, note, notes, reader),
        is_struck=is_struck,
    )


def _session_marks(
    session: TherapySession, note: NoteState | None, notes: Notes, reader: Reader
) -> list[Mark]:
    if note:
        return _marks(note, session.starts_at, notes, reader)
    if session.attendance is None:
        return [Mark("Not logged yet", "warn")] if session.ends_at < reader.at else []
    return [Mark("No note yet", "warn")] if reader.is_clinical and session.was_seen else []


def _session_acts(session: TherapySession, note: NoteState | None, notes: Notes, reader: Reader) -> list[Act]:
    course, user = reader.course, reader.user
    is_struck = session.entered_in_error_at is not None
    is_own_draft = note is not None and note.signed_at is None and note.author_id == user.pk
    if not is_struck and (session.attendance is None or is_own_draft):
        return session_acts(session, course, user, at=reader.at)
    if not reader.is_clinical or session.is_cancelled:
        return []
    if not is_struck and session.was_seen and note is None:
        return session_acts(session, course, user, at=reader.at)
    about = f" the session on {_day(session.starts_at)}"
    read = _act("Read", address("sessions:detail", course.pk, session.pk), about)
    return [*_addendum_acts(note, notes, reader), *read]


# --- Contacts ---------------------------------------------------------------------------------------------------------


def contact_rows(notes: Notes, reader: Reader) -> list[Row]:
    """By the time of the contact; a draft, whose time nobody has signed yet, by when it was begun."""
    if not notes.of_contacts:
        return []
    lines = {line.note_id: line for line in contacts.signed_of(reader.course, reader.user)}
    rows = [_contact_row(note, lines.get(note.note_id), notes, reader) for note in notes.of_contacts]
    return [row for row in rows if row]


def _contact_row(note: NoteState, line: contacts.Line | None, notes: Notes, reader: Reader) -> Row | None:
    """Of somebody else's draft only that it is there and how old it is; of one that was struck out nothing."""
    is_own = note.author_id == reader.user.pk
    if note.is_in_error and not note.signed_at and not is_own:
        return None
    at = line.happened_at if line else note.started_at
    return Row(
        at=at,
        title="Letter" if note.kind == NoteKind.LETTER else "Contact",
        how=line.words if line else "",
        by=reader.by(line.author_id, line.author) if line else "",
        # A letter is late for nothing.
        marks=_marks(note, note.signed_at or at if note.kind == NoteKind.LETTER else at, notes, reader),
        acts=_contact_acts(note, notes, reader) if line or is_own else [],
        is_struck=note.is_in_error,
    )


def _contact_acts(note: NoteState, notes: Notes, reader: Reader) -> list[Act]:
    is_letter = note.kind == NoteKind.LETTER
    what = "letter" if is_letter else "contact note"
    place, about = (reader.course.pk, note.note_id), f" the {what} begun on {_day(note.started_at)}"
    read, write = ("letter_read", "letter") if is_letter else ("contact_read", "contact_note")
    if note.signed_at or note.is_in_error:
        return [
            *_addendum_acts(note, notes, reader),
            *_act("Read", address(f"sessions:{read}", *place), about),
        ]
    if not policy.may_write_contact(reader.user, reader.course):
        return []
    return _act("Go on", address(f"sessions:{write}", *place), f" with{about}")


# --- What a row says about its note ---------------------------------------------------------------------------------------


def _marks(note: NoteState, happened_at: datetime, notes: Notes, reader: Reader) -> list[Mark]:
    """Where the note stands, how late it was written, and what was added to it."""
    state = notes.state(note)
    if state == State.DRAFT:
        whose = "Your draft" if note.author_id == reader.user.pk else "Unsigned draft"
        return [Mark(f"{whose}, {reader.age(note.started_at)}", "warn")]
    marks = [Mark(state.label, "warn" if state in OPEN else "")]
    if state == State.ENTERED_IN_ERROR:
        return marks
    if late := life.days_late(happened_at, note.signed_at):
        marks.append(Mark(f"Late entry, {plural(late, 'day')}"))
    addenda = notes.addenda(note)
    if signed := sum(addendum.signed_at is not None for addendum in addenda):
        marks.append(Mark("1 addendum" if signed == 1 else f"{signed} addenda"))
    return marks + [
        Mark(f"Your addendum, {reader.age(addendum.started_at)}", "warn")
        for addendum in _own_unsigned(addenda, reader)
    ]


def _addendum_acts(note: NoteState | None, notes: Notes, reader: Reader) -> list[Act]:
    """One's own addendum that is not signed yet is gone on with."""
    if note is None:
        return []
    return [
        act
        for addendum in _own_unsigned(notes.addenda(note), reader)
        for act in _act(
            "Go on", address("sessions:addendum", reader.course.pk, addendum.note_id), " with the addendum"
        )
    ]


def _own_unsigned(addenda: Iterable[NoteState], reader: Reader) -> list[NoteState]:
    return [
        addendum
        for addendum in addenda
        if addendum.signed_at is None and addendum.author_id == reader.user.pk
    ]


def _act(words: str, href: str, about: str) -> list[Act]:
    return [Act(words, href, about)] if href else []


def _day(at: datetime) -> str:
    when = timezone.localtime(at)
    return f"{when.day} {when:%B}"
