"""What the pages of a signed session and of a signed contact note state: facts, scores, the signed words, and what followed the
signature: addenda, decisions, an entry in error. Questions only; their number does not grow with what followed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from access import policy
from courses import tasks, techniques
from courses.models import Course
from courses.protocol import ATTENDANCE
from interpersonal.models import Person
from outcomes.measures import BY_CODE
from outcomes.models import Response
from sessions import life, measure_pages, mentions, note_actions, signing
from sessions.decision_forms import CosignForm
from sessions.life import State
from sessions.models import (
    ContactDue,
    CoSignature,
    EnteredInError,
    ErrorKind,
    Note,
    NoteKind,
    Reflection,
    ReflectionShare,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from sessions.note_states import state_of_session
from staff.models import User

# As read; the form that asks has the same answers with what else to write.
RISK = {"unchanged": "Asked, unchanged", "changed": "Asked, changed", "not_asked": "Not asked"}
HEADINGS = {
    NoteKind.SESSION: ("Mood and the week’s events", "Work done", "Between now and next time"),
    NoteKind.CONTACT: ("", "What was said", "What follows"),
    NoteKind.ADDENDUM: ("", "", ""),
    NoteKind.LETTER: ("", "", ""),
    NoteKind.SUPERVISION: ("", "What was discussed", "Decision"),
}
TONES = {
    State.SIGNED: "good",
    State.COSIGNED: "good",
    State.DRAFT: "warn",
    State.AWAITING_COSIGN: "warn",
    State.RETURNED: "warn",
    State.ENTERED_IN_ERROR: "warn",
}


@dataclass(frozen=True)
class Item:
    """`answer` is the option in words, with its value before it."""

    question: str
    answer: str


@dataclass(frozen=True)
class Form:
    """One questionnaire as it was answered. `result` is total and band, or that it is incomplete; `href` is its own page, with
    where it comes from."""

    name: str
    about: str
    result: str
    came: str
    items: list[Item]
    href: str


@dataclass(frozen=True)
class Part:
    """A part of the note under its heading."""

    heading: str
    words: str


@dataclass(frozen=True)
class Act:
    """A link to what this person may do about the note now."""

    words: str
    href: str


@dataclass(frozen=True)
class Struck:
    """It was entered in error. `reason` and `by` are empty where this person may not read why; `is_sealed` says that they may
    not read the words either."""

    at: datetime
    is_wrong_client: bool
    is_sealed: bool
    reason: str
    by: str

    @property
    def words(self) -> str:
        return "Entered in error, for the wrong client" if self.is_wrong_client else "Entered in error"


@dataclass(frozen=True)
class Addendum:
    note: Note
    is_intact: bool
    struck: Struck | None
    error_href: str


@dataclass(frozen=True)
class Decision:
    """`is_intact` is None where the reader may not see all of what was decided about, and so cannot check it."""

    row: CoSignature
    is_intact: bool | None

    @property
    def is_returned(self) -> bool:
        return self.row.decision == CoSignature.Decision.RETURNED


@dataclass(frozen=True)
class After:
    """One thing that followed the signature: an addendum, or a decision about the note."""

    at: datetime
    addendum: Addendum | None = None
    decision: Decision | None = None


@dataclass(frozen=True)
class ReadNote:
    """One signed or struck-out note as the template states it. `returned` is the decision that its author has to answer, for
    the author alone; `cosign` the form of a decision, for whom it waits."""

    note: Note
    state: State
    is_intact: bool
    late: str
    carried: str
    parts: list[Part]
    techniques: list[str]
    tasks: list[str]
    people: list[Person]
    risk: str
    after: list[After]
    struck: Struck | None
    returned: Decision | None
    cosign: CosignForm | None
    acts: list[Act]

    @property
    def state_words(self) -> str:
        return self.struck.words if self.struck else self.state.label

    @property
    def tone(self) -> str:
        return TONES[self.state]


@dataclass(frozen=True)
class Read:
    """Everything that the page of a session states. `signed` is None where there is no note that this person may read;
    `unsigned_days` then says since when somebody else's draft waits, in whole days."""

    signed: ReadNote | None
    struck: Struck | None
    unsigned_days: int | None
    attendance: str
    foci: list[str]
    forms: list[Form]
    reflection: Reflection | None
    shared_at: datetime | None
    contact_due: ContactDue | None
    acts: list[Act]

    @property
    def is_sealed(self) -> bool:
        return self.struck is not None and self.struck.is_sealed


# --- A session --------------------------------------------------------------------------------------------------------


def read_session(
    session: TherapySession, user: User, *, course: Course, at: datetime, cosign: CosignForm | None = None
) -> Read:
    """What this person may read of it. Of one that was entered for the wrong client others learn that, and nothing more."""
    note = Note.objects.visible_to(user).filter(session=session).select_related("author", "session").first()
    errors = _errors_of(course, user)
    if note is not None and not (note.is_signed or session.entered_in_error_at):
        note = None  # one's own draft, which is written elsewhere
    signed = _read(note, user, course, at, errors, cosign, with_acts=True) if note else None
    code = session.attendance
    reflection = _of(Reflection.objects.visible_to(user), session).select_related("author").first()
    struck = errors.of_session(session, note)
    unsigned_days = None if note or struck else _days_unsigned(session, at)
    return Read(
        signed=signed,
        struck=struck,
        unsigned_days=unsigned_days,
        attendance=ATTENDANCE[code].long_label if code else "",
        foci=[focus.get_area_display() for focus in _of(SessionFocus.objects.visible_to(user), session)],
        forms=_forms(session, user),
        reflection=reflection,
        shared_at=_shared_at(reflection, user) if reflection else None,
        contact_due=_contact_due(session, user, struck),
        acts=[] if note or struck or unsigned_days is not None else _acts_of_session(session, user, course),
    )


def own_draft(session: TherapySession, user: User) -> UUID | None:
    """The key of a draft that this person is writing about the session."""
    return (
        Note.objects.visible_to(user)
        .drafts()
        .standing()
        .filter(session=session, author=user)
        .values_list("pk", flat=True)
        .first()
    )


def _of(rows: QuerySet, session: TherapySession) -> QuerySet:
    return rows.filter(session=session)


def _contact_due(session: TherapySession, user: User, struck: Struck | None) -> ContactDue | None:
    """Of a session that was struck out nobody waits for an answer any more."""
    due = _of(ContactDue.objects.visible_to(user), session).select_related("answered_by").first()
    return None if due and struck and due.answered_at is None else due


def _shared_at(reflection: Reflection, user: User) -> datetime | None:
    shares = ReflectionShare.objects.visible_to(user).filter(reflection=reflection, ended_at=None)
    return shares.values_list("shared_at", flat=True).first()


def _acts_of_session(session: TherapySession, user: User, course: Course) -> list[Act]:
    """Of a session without a note: missed, or held and not written about."""
    if session.attendance is None or not policy.may_strike_session(user, session, None):
        return []
    return [Act("Entered in error", reverse("sessions:error", args=[course.pk, session.pk]))]


def _days_unsigned(session: TherapySession, at: datetime) -> int | None:
    state = state_of_session(session)
    if state is None or state.signed_at is not None:
        return None
    return (timezone.localdate(at) - timezone.localdate(state.started_at)).days


# --- A note of any kind -----------------------------------------------------------------------------------------------


def read_note(
    note: Note,
    user: User,
    *,
    course: Course,
    at: datetime,
    cosign: CosignForm | None = None,
    with_acts: bool = True,
) -> ReadNote:
    """A signed session or contact note, or one that was struck out, with all that followed. `note` came through `visible_to`
    with its author and session; `cosign` is the form of a decision that was refused. Without acts nothing on it can be done:
    so it stands beside an addendum that is being written."""
    return _read(note, user, course, at, _errors_of(course, user), cosign, with_acts=with_acts)


def _read(
    note: Note,
    user: User,
    course: Course,
    at: datetime,
    errors: "_Errors",
    cosign: CosignForm | None,
    *,
    with_acts: bool,
) -> ReadNote:
    note.course = course
    added = list(
        Note.objects.visible_to(user)
        .filter(adds_to=note)
        .select_related("author")
        .order_by("signed_at", "pk")
    )
    decisions = _decisions(note, user, added, errors)
    struck = errors.of_note(note)
    standing = [addendum for addendum in added if errors.of_note(addendum) is None]
    last = decisions[-1] if decisions else None
    state = life.state_of(
        life.Piece(note.signed_at, note.needs_cosign),
        addenda=[life.Piece(addendum.signed_at, addendum.needs_cosign) for addendum in standing],
        last=life.Decided(last.row.decision, last.row.at) if last else None,
        is_in_error=struck is not None,
    )
    is_mine = note.author_id == user.pk
    if (
        cosign is None
        and with_acts
        and state == State.AWAITING_COSIGN
        and policy.may_cosign(user, note, at=at)
    ):
        cosign = CosignForm(initial={"seen": _seen(note, standing)})
    elif cosign is not None:
        cosign.show_now(_seen(note, standing), waits=state == State.AWAITING_COSIGN)
    return ReadNote(
        note=note,
        state=state,
        is_intact=signing.holds(note),
        late=_late(note),
        carried=_carried(note),
        parts=words_of(note),
        techniques=techniques_of(note),
        tasks=tasks_of(note),
        people=mentions.named(note, user),
        risk=RISK.get(note.risk_answer, ""),
        after=_after(note, added, decisions, user, course, errors, with_acts=with_acts),
        struck=struck,
        returned=last if is_mine and state == State.RETURNED else None,
        cosign=cosign if with_acts else None,
        acts=_acts(note, user, course, state, added, struck) if with_acts else [],
    )


def _seen(note: Note, standing: Iterable[Note]) -> str:
    return note_actions.what_is_read([note, *(addendum for addendum in standing if addendum.is_signed)])


def _after(
    note: Note,
    added: list[Note],
    decisions: list[Decision],
    user: User,
    course: Course,
    errors: "_Errors",
    *,
    with_acts: bool,
) -> list[After]:
    """In the order of time. A draft of an addendum is no part of the record, unless it was struck out."""
    entries = [After(decision.row.at, decision=decision) for decision in decisions]
    for addendum in added:
        addendum.adds_to, addendum.course = note, course
        struck = errors.of_note(addendum)
        if not addendum.is_signed:
            continue
        href = ""
        if with_acts and struck is None and policy.may_strike(user, addendum):
            href = reverse("sessions:note_error", args=[course.pk, addendum.pk])
        entry = Addendum(addendum, signing.holds(addendum), struck, href)
        entries.append(After(addendum.signed_at or addendum.started_at, addendum=entry))
    return sorted(entries, key=lambda entry: entry.at)


def _decisions(note: Note, user: User, added: list[Note], errors: "_Errors") -> list[Decision]:
    """Each with whether its hash holds over what lay before the supervisor then."""
    rows = CoSignature.objects.visible_to(user).filter(note=note).select_related("by").order_by("at", "pk")
    can_check = not errors.hides_addendum_to(note, {addendum.pk for addendum in added})
    decisions = []
    for row in rows:
        read = [note.sha256]
        for addendum in added:
            struck = errors.of_note(addendum)
            if addendum.signed_at and addendum.signed_at <= row.at and (struck is None or struck.at > row.at):
                read.append(addendum.sha256)
        holds = row.sha256 == signing.decision_sha256_of(row, read=read)
        decisions.append(Decision(row, holds if holds or can_check else None))
    return decisions


def _acts(
    note: Note, user: User, course: Course, state: State, added: list[Note], struck: Struck | None
) -> list[Act]:
    if struck is not None:
        return _carrying(note, user, course) if struck.is_wrong_client else []
    acts = []
    if policy.may_add_to(user, note):
        begun = next((one for one in added if not one.is_signed and one.author_id == user.pk), None)
        if begun:
            href = reverse("sessions:addendum", args=[course.pk, begun.pk])
            acts.append(Act("Go on with your addendum", f"{href}?to={note.pk}"))
        else:
            is_answer = state == State.RETURNED and note.author_id == user.pk
            words = "Answer with an addendum" if is_answer else "Write an addendum"
            acts.append(Act(words, reverse("sessions:addendum_new", args=[course.pk, note.pk])))
    if policy.may_strike(user, note):
        is_session = note.kind == NoteKind.SESSION
        name, key = ("error", note.session_id) if is_session else ("note_error", note.pk)
        acts.append(Act("Entered in error", reverse(f"sessions:{name}", args=[course.pk, key])))
    return acts


def _carrying(note: Note, user: User, course: Course) -> list[Act]:
    if note.kind not in (NoteKind.SESSION, NoteKind.CONTACT) or not policy.may_carry(user, note):
        return []
    is_session = note.kind == NoteKind.SESSION
    carried = Note.objects.visible_to(user).filter(carried_from=note.pk, author=user).first()
    if carried is not None:
        name, key = ("log", carried.session_id) if is_session else ("contact_note", carried.pk)
        return [Act("Open where you carried it", reverse(f"sessions:{name}", args=[carried.course_id, key]))]
    name, key = ("carry", note.session_id) if is_session else ("carry_note", note.pk)
    return [Act("Carry the words to the right record", reverse(f"sessions:{name}", args=[course.pk, key]))]


def _late(note: Note) -> str:
    """An addendum and a letter are later by their nature."""
    if not note.days_late or note.kind in (NoteKind.ADDENDUM, NoteKind.LETTER):
        return ""
    days = f"{note.days_late} day{'' if note.days_late == 1 else 's'}"
    what = {NoteKind.SESSION.value: "session", NoteKind.SUPERVISION.value: "meeting"}.get(
        note.kind, "contact"
    )
    return f"Late entry: written {days} after the {what}"


def _carried(note: Note) -> str:
    if note.carried_from is None:
        return ""
    on = timezone.localtime(note.started_at)
    return f"Carried over on {on.day} {on:%b %Y} from a record where it was entered in error."


def techniques_of(note: Note) -> list[str]:
    """What was ticked as done in the session, in words."""
    return [_label(techniques.BY_CODE, code) for code in note.techniques]


def tasks_of(note: Note) -> list[str]:
    """Which tasks of a phase were ticked, in words."""
    return [_label(tasks.BY_CODE, code) for code in note.tasks]


def _label(known: Mapping[str, Any], code: str) -> str:
    return str(known[code].label) if code in known else code


def words_of(note: Note) -> list[Part]:
    """What was written in a note, under its headings; the risk is said apart."""
    headings, words = HEADINGS[NoteKind(note.kind)], (note.week, note.work, note.next_time)
    parts = [
        Part("Event of the week", note.event or str(note.form.get("event", ""))),
        Part("How the last task went", _went(note)),
    ]
    parts += [Part(heading, part) for heading, part in zip(headings, words, strict=True)]
    return [part for part in parts if part.words.strip()]


def _went(note: Note) -> str:
    answer = f"{note.get_went_display()}." if note.went else ""
    return "\n\n".join(filter(None, [answer, note.went_words.strip()]))


# --- What was struck out ----------------------------------------------------------------------------------------------


class _Errors:
    """What of one course was entered in error, in two questions: that it was, for whoever reads the course; why, for whoever
    may read that."""

    def __init__(self, rows: list[dict[str, Any]], reasons: dict[tuple[Any, Any], EnteredInError]) -> None:
        self.rows, self.reasons = rows, reasons

    def of_note(self, note: Note) -> Struck | None:
        """The note is before the reader, so its words are not sealed from them."""
        row = next((row for row in self.rows if row["note_id"] == note.pk), None)
        return self._struck(row, is_sealed=False) if row else None

    def of_session(self, session: TherapySession, note: Note | None) -> Struck | None:
        row = next((row for row in self.rows if row["session_id"] == session.pk), None)
        if row is None:
            return None
        why = self.reasons.get((row["session_id"], row["note_id"]))
        is_wrong_client = row["kind"] == ErrorKind.WRONG_CLIENT
        return self._struck(row, is_sealed=is_wrong_client and note is None and why is None)

    def hides_addendum_to(self, note: Note, seen: set[UUID]) -> bool:
        return any(row["adds_to_id"] == note.pk and row["note_id"] not in seen for row in self.rows)

    def _struck(self, row: dict[str, Any], *, is_sealed: bool) -> Struck:
        why = self.reasons.get((row["session_id"], row["note_id"]))
        return Struck(
            at=row["at"],
            is_wrong_client=row["kind"] == ErrorKind.WRONG_CLIENT,
            is_sealed=is_sealed,
            reason=why.reason if why else "",
            by=why.by.full_name if why else "",
        )


def _errors_of(course: Course, user: User) -> _Errors:
    with connection.cursor() as cursor:
        cursor.execute(
            "select session_id, note_id, adds_to_id, kind, at from entered_in_error(%s)", [course.pk]
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    reasons = EnteredInError.objects.visible_to(user).filter(course=course).select_related("by")
    return _Errors(rows, {(why.session_id, why.note_id): why for why in reasons})


# --- Questionnaires ---------------------------------------------------------------------------------------------------


def _forms(session: TherapySession, user: User) -> list[Form]:
    linked = _of(SessionResponse.objects.visible_to(user), session).select_related("response__entered_by")
    order = list(BY_CODE)
    forms = []
    for link in sorted(linked, key=lambda link: order.index(link.measure)):
        link.session = session  # it is known: nobody asks for it again
        link.response.in_session = link
        forms.append(_form(link.response))
    return forms


def _form(response: Response) -> Form:
    read = measure_pages.read(response)
    items = [Item(line.question, line.answer) for line in read.lines]
    if read.unscored and read.measure.unscored:
        items.append(Item(f"{read.measure.unscored.wording} (not counted)", read.unscored))
    return Form(
        name=read.measure.name,
        about=read.measure.about,
        result=read.said,
        came=read.came,
        items=items,
        href=reverse("outcomes:response", args=[response.course_id, response.pk]),
    )
