"""Every write to a note beside the log of a session: contact notes, addenda, a supervisor's decision, an entry in error and
what is carried to the right record. Each is one transaction, says by whom, and leaves a row on the trail."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time

from access import policy
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.actions import correct_start
from courses.holding import hold_open_course
from courses.models import Course
from outcomes.alert_actions import close_alert
from outcomes.models import Alert, Came
from sessions import drafts, life
from sessions.actions import YEARS_BACK, locked, renumber, save_draft, seal
from sessions.drafts import AlreadySigned, Typed, clean
from sessions.models import (
    ContactHow,
    ContactWith,
    CoSignature,
    EnteredInError,
    ErrorKind,
    Note,
    NoteKind,
    Reflection,
    RiskAnswer,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from sessions.note_states import sessions_with_a_note
from sessions.signing import decision_sha256_of
from sessions.slots import moment
from staff import outbox
from staff.models import Role, User

SIGNED = "This note is signed: what is signed does not change. Write an addendum."
FOR_THE_WRONG_CLIENT = "Entered for the wrong client: the session that it came from was entered in error."


# --- Contact notes ----------------------------------------------------------------------------------------------------


def save_contact_note(
    *, note_id: UUID, course: Course, by: User, at: datetime | None = None, **typed: Any
) -> Note:
    """Keeps everything that was typed about a contact outside sessions, complete or not. `note_id` is a key that the page made:
    the first save begins the note. `typed` is what `drafts.Typed` says; its form carries happened_on, happened_time, with_whom,
    who and how, its words `work` (what was said), `next_time` (what follows), `risk_answer` and `risk`.

    Raises what `sessions.actions.save_draft` raises."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=note_id), refused():
        return _save_contact(note_id, course, by, sent, at)


def sign_contact_note(
    *, note_id: UUID, course: Course, by: User, at: datetime | None = None, **typed: Any
) -> Note:
    """Saves, checks and signs: whole or not at all. Raises ValidationError by field for what is missing."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=note_id), refused():
        note = _save_contact(note_id, course, by, sent, at)
        facts, missing = _facts_of_contact(note, at)
        if missing:
            raise ValidationError(missing)
        for name, value in facts.items():
            setattr(note, name, value)
        note = seal(note, at=at)
        record(Action.SIGN, "Signed a contact note", by=by, about=note, client_id=course.client_id)
    return note


def _save_contact(note_id: UUID, course: Course, by: User, typed: Typed, at: datetime) -> Note:
    drafts.hold(note_id)
    note = draft_of(note_id, NoteKind.CONTACT, course, by) or Note(
        id=note_id, kind=NoteKind.CONTACT, course_id=course.pk, author=by, version=0, started_at=at
    )
    drafts.write(note, typed, at=at)
    return note


def _facts_of_contact(note: Note, at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns that signing fills, and what is missing or wrong, by field."""
    form, missing = note.form, {}
    happened_at = None
    day, hour = _parsed(parse_date, form.get("happened_on")), _parsed(parse_time, form.get("happened_time"))
    if day is None:
        missing["happened_on"] = "Write the day of the contact."
    if hour is None:
        missing["happened_time"] = "Write the time of the contact."
    if day is not None and hour is not None:
        try:
            happened_at = moment(day, hour)
        except ValidationError as refusal:
            missing["happened_time"] = refusal.messages[0]
    if happened_at is not None and happened_at > at:
        missing["happened_on"] = "This contact lies ahead. Write down what has happened."
    if happened_at is not None and happened_at < at - YEARS_BACK:
        missing["happened_on"] = "Check the year of the contact."
    if form.get("with_whom") not in ContactWith.values:
        missing["with_whom"] = "Say with whom the contact was."
    if form.get("how") not in ContactHow.values:
        missing["how"] = "Say how: by phone, message, email, letter, video or in person."
    if not note.work.strip():
        missing["work"] = "Write what was said."
    missing |= _risk_missing(note, asked=form.get("with_whom") == ContactWith.CLIENT)
    facts = {
        "happened_at": happened_at,
        "with_whom": form.get("with_whom", ""),
        "who": str(form.get("who", "")).strip()[:120],
        "how": form.get("how", ""),
    }
    return facts, missing


def _parsed(parse: Any, text: Any) -> Any:
    """None for what is no day or no time, also for one that no calendar has."""
    try:
        return parse(str(text or "").strip())
    except ValueError:
        return None


def _risk_missing(note: Note, *, asked: bool) -> dict[str, str]:
    """With the client somebody asks about risk, or says why not; with others it may be left empty."""
    if not note.risk_answer:
        return {"risk_answer": "Say whether you asked about risk."} if asked else {}
    if note.risk.strip():
        return {}
    if note.risk_answer == RiskAnswer.CHANGED:
        return {"risk": "Describe what has changed about risk."}
    if note.risk_answer == RiskAnswer.NOT_ASKED:
        return {"risk": "Say why you did not ask about risk."}
    return {}


# --- Addenda ----------------------------------------------------------------------------------------------------------


def save_addendum(
    *, note_id: UUID, original: Note, by: User, at: datetime | None = None, **typed: Any
) -> Note:
    """Keeps a draft of what is to be added to a signed note, by its author or the lead: `work` is the text, `reason` in the
    form says why. The signed note itself never changes. Raises what `sessions.actions.save_draft` raises."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=note_id), refused():
        return _save_addendum(note_id, original, by, sent, at)


def sign_addendum(
    *, note_id: UUID, original: Note, by: User, at: datetime | None = None, **typed: Any
) -> Note:
    """Saves, checks and signs what is added. A trainee's puts the note forward for co-signing (again). Raises ValidationError
    by field for what is missing."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=note_id), refused():
        note = _save_addendum(note_id, original, by, sent, at)
        missing = {}
        reason = str(note.form.get("reason", "")).strip()
        if not reason:
            missing["reason"] = "Say why the note needs an addendum."
        if not note.work.strip():
            missing["work"] = "Write what is to be added."
        if missing:
            raise ValidationError(missing)
        note.reason = reason
        # The hour after the wait: a decision that was made meanwhile did not read this, so the note is put forward after it.
        note = seal(note, at=max(at, timezone.now()))
        record(Action.SIGN, "Signed an addendum", by=by, about=note, client_id=note.course.client_id)
    return note


def _save_addendum(note_id: UUID, original: Note, by: User, typed: Typed, at: datetime) -> Note:
    drafts.hold(original.root_id)
    drafts.hold(note_id)
    if not original.is_signed or original.adds_to_id is not None:
        raise ValidationError("An addendum adds to a signed note. A draft is changed, not added to.")
    if EnteredInError.objects.filter(note=original).exists():
        raise AlreadySigned("This note was entered in error: nothing is added to it.")
    if not policy.may_add_to(by, original):
        raise ValidationError("Only its author or the clinical lead adds to a signed note.")
    note = draft_of(note_id, NoteKind.ADDENDUM, original.course, by)
    if note is not None and note.adds_to_id != original.pk:
        raise ValidationError("This addendum belongs to another note.")
    note = note or Note(
        id=note_id,
        kind=NoteKind.ADDENDUM,
        adds_to=original,
        course_id=original.course_id,
        author=by,
        version=0,
        started_at=at,
    )
    drafts.write(note, typed, at=at)
    return note


# --- Co-signing -------------------------------------------------------------------------------------------------------


def decide_note(*, note: Note, decision: str, comment: str, seen: str, by: User) -> CoSignature:
    """A supervisor co-signs a trainee's signed note or returns it with a comment. `seen` is `what_is_read` as the page showed
    it: nobody co-signs an addendum that they have not read. Raises ValidationError where the note waits for nobody, where it
    is one's own, or where somebody else supervises its author."""
    with refused():
        drafts.hold(note.pk)
        if decision not in CoSignature.Decision.values:
            raise ValidationError({"decision": "Choose whether you co-sign the note or return it."})
        if note.author_id == by.pk:
            raise ValidationError("Nobody co-signs their own note.")
        if not policy.may_cosign(by, note):
            raise ValidationError("Only a supervisor of its author co-signs this note.", code="not_yours")
        if not life.may_move(state_of(note), life.State(decision)):
            raise ValidationError("This note does not wait for a co-signature.", code="stale")
        read = pieces_read(note)
        if seen != what_is_read(read):
            raise ValidationError(
                "An addendum was signed while you were reading. Read it, then decide.", code="stale"
            )
        comment = clean("comment", comment).strip()
        if decision == CoSignature.Decision.RETURNED and not comment:
            raise ValidationError({"comment": "Say what the author should change or add."})
        made = CoSignature(
            note=note, course_id=note.course_id, decision=decision, comment=comment, by=by, at=timezone.now()
        )
        made.sha256 = decision_sha256_of(made, read=[piece.sha256 for piece in read])
        made.save(force_insert=True)
        what = "Co-signed a note" if decision == CoSignature.Decision.COSIGNED else "Returned a note"
        record(Action.SIGN, what, by=by, about=note, client_id=note.course.client_id)
    return made


def pieces_read(note: Note) -> list[Note]:
    """The signed note and its signed addenda, in the order of their signing."""
    addenda = Note.objects.filter(adds_to=note, in_error=None).exclude(signed_at=None)
    return [note, *addenda.order_by("signed_at", "pk")]


def what_is_read(pieces: list[Note]) -> str:
    """One short mark for what lies before a supervisor."""
    return "-".join(piece.sha256[:16] for piece in pieces)


def state_of(note: Note) -> life.State:
    """Where a note stands, by its rows."""
    last = note.decisions.order_by("-at", "-pk").first()
    addenda = Note.objects.filter(adds_to=note, in_error=None)
    return life.state_of(
        life.Piece(note.signed_at, note.needs_cosign),
        addenda=[life.Piece(piece.signed_at, piece.needs_cosign) for piece in addenda],
        last=life.Decided(last.decision, last.at) if last else None,
        is_in_error=EnteredInError.objects.filter(note=note).exists(),
    )


# --- Entered in error -------------------------------------------------------------------------------------------------


def enter_session_in_error(*, session: TherapySession, kind: str, reason: str, by: User) -> EnteredInError:
    """Strikes out a session with its note: it stays readable and counts no more, and the others are numbered anew. Entered for
    the wrong client, its words are sealed, its open alerts are closed as such, and the lead is told. By the note's author, the
    therapist where there is no note, or the lead."""
    with refused():
        _hold_note_of(session)
        course = _lock_also_ended(session.course_id)
        session = locked(session)
        note = Note.objects.filter(session=session).first()
        _check_error(kind, reason)
        if session.entered_in_error_at is not None:
            raise ValidationError("This session has been entered in error already.")
        if not policy.may_strike_session(by, session, note):
            raise ValidationError("Only its author or the clinical lead says that this was entered in error.")
        if session.attendance is None and note is None:
            raise ValidationError("This appointment has not been logged: cancel it or move it instead.")
        made = _strike(course, kind, reason, by=by, session=session, note=note)
        session.entered_in_error_at, session.number = made.at, None
        session.version += 1
        session.save(update_fields=["entered_in_error_at", "number", "version"])
        renumber(course.pk)
        if course.is_open:
            correct_start(course=course, on=_first_counted(course), by=by)
        if kind == ErrorKind.WRONG_CLIENT:
            _close_alerts(session, by=by)
    return made


def enter_note_in_error(*, note: Note, kind: str, reason: str, by: User) -> EnteredInError:
    """Strikes out a contact note or an addendum, a draft too. A session's note is struck out with its session."""
    with refused():
        drafts.hold(note.root_id)
        _check_error(kind, reason)
        if note.kind == NoteKind.SESSION:
            raise ValidationError("A session's note is struck out with its session.")
        if note.kind == NoteKind.SUPERVISION and not note.is_signed:
            raise ValidationError("A case that is not signed yet is emptied in its meeting, not struck out.")
        if not policy.may_strike(by, note):
            raise ValidationError("Only its author or the clinical lead says that this was entered in error.")
        if EnteredInError.objects.filter(note=note).exists():
            raise ValidationError("This note has been entered in error already.")
        return _strike(note.course, kind, reason, by=by, note=note)


def _strike(
    course: Course,
    kind: str,
    reason: str,
    *,
    by: User,
    session: TherapySession | None = None,
    note: Note | None = None,
) -> EnteredInError:
    made = EnteredInError(
        session=session,
        note=note,
        course_id=course.pk,
        kind=kind,
        reason=clean("reason", reason).strip(),
        by=by,
        at=timezone.now(),
    )
    made.save(force_insert=True)
    what = "Entered in error, wrong client" if kind == ErrorKind.WRONG_CLIENT else "Entered in error"
    record(Action.CHANGE, what, by=by, about=session or note, client_id=course.client_id)
    if kind == ErrorKind.WRONG_CLIENT:
        _tell_the_lead(made, by=by)
    return made


def _hold_note_of(session: TherapySession) -> None:
    """Before the course is locked, as whoever decides about the note or adds to it does: each waits for the other."""
    for note_id in Note.objects.filter(session=session).values_list("pk", flat=True):
        drafts.hold(note_id)


def _check_error(kind: str, reason: str) -> None:
    missing = {}
    if kind not in ErrorKind.values:
        missing["kind"] = (
            "Say what is wrong: that it should not be here, or that it belongs to another client."
        )
    if not clean("reason", reason).strip():
        missing["reason"] = "Say why it was entered in error."
    if missing:
        raise ValidationError(missing)


def _close_alerts(session: TherapySession, *, by: User) -> None:
    """What was typed for the wrong client. What a client filled in by link is their own, whatever was written beside it."""
    linked = SessionResponse.objects.filter(session=session, response__came=Came.TYPED).values("response")
    for alert in Alert.objects.open().filter(response__in=linked):
        close_alert(alert=alert, what_was_done=FOR_THE_WRONG_CLIENT, typed_in_error=True, by=by)


def _tell_the_lead(made: EnteredInError, *, by: User) -> None:
    """No client's name and no clinical word goes into a mail; which record it is stands on the lead's first page."""
    for lead in User.objects.working().with_role(Role.LEAD).exclude(pk=by.pk):
        outbox.queue(
            to=lead.email,
            subject="A note was entered for the wrong client",
            body=f"{by.full_name} has marked a note as entered for the wrong client. Its words are sealed: only its author"
            " and you can read them. Sign in and look on your first page.\n",
            urgent=True,
        )


def _first_counted(course: Course) -> Any:
    first = TherapySession.objects.filter(course=course).numbered().order_by("starts_at").first()
    return timezone.localdate(first.starts_at) if first else None


# --- Carried to the right record --------------------------------------------------------------------------------------


def carry_session(
    *, session: TherapySession, to: Course, by: User, into: TherapySession | None = None
) -> TherapySession:
    """A session that was logged for the wrong client is logged anew, as a draft, for the right one, whom the author carries:
    the words, the facts and the answers, which raise their alerts there. It becomes a session at the same time, or goes into an
    appointment of the right client that nobody has logged. What was struck out stays where it is."""
    with refused():
        hold_open_course(to.pk)
        drafts.hold(session.pk)
        _check_carrying(EnteredInError.objects.filter(session=session).first(), to, by)
        former = Note.objects.filter(session=session, author=by).first()
        if former is None:
            raise ValidationError("There are no words of yours to carry over.")
        new = _appointment_for(into, to) if into else _same_time(session, to, by)
        Note(session=new, course=to, author=by, version=0, carried_from=former.pk).save(force_insert=True)
        reflection = Reflection.objects.filter(session=session, author=by).first()
        save_draft(
            session=new,
            by=by,
            based_on=0,
            words=_words_of(former),
            form=_form_of(session, former),
            answers=_answers_of(session),
            reflection=reflection.text if reflection else "",
        )
        record(Action.CREATE, "Carried a session to the right record", by=by, about=new)
    return new


def _same_time(session: TherapySession, to: Course, by: User) -> TherapySession:
    new = TherapySession(
        course=to,
        client_id=to.client_id,
        therapist=by,
        kind=session.kind,
        appointment_type=session.appointment_type,
        starts_at=session.starts_at,
        minutes=session.minutes,
        mode=session.mode,
        room=session.room,
        booked_by=by,
    )
    new.save()
    return new


def _appointment_for(into: TherapySession, to: Course) -> TherapySession:
    into = locked(into)
    begun = sessions_with_a_note(to.pk)
    if into.course_id != to.pk or into.attendance or into.entered_in_error_at or into.pk in begun:
        raise ValidationError({"into": "This appointment has been logged or begun already. Choose another."})
    return into


def carry_note(*, note: Note, to: Course, by: User) -> Note:
    """A contact note that was written on the wrong client's record becomes a draft on the right one."""
    with refused():
        hold_open_course(to.pk)
        drafts.hold(note.pk)
        _check_carrying(EnteredInError.objects.filter(note=note).first(), to, by)
        if note.author_id != by.pk or note.kind != NoteKind.CONTACT:
            raise ValidationError("There are no words of yours to carry over.")
        new = Note(id=uuid4(), kind=NoteKind.CONTACT, course=to, author=by, version=0, carried_from=note.pk)
        typed = Typed(based_on=0, words=_words_of(note), form=note.form or _form_of_contact(note)).cleaned()
        drafts.write(new, typed, at=timezone.now())
        record(Action.CREATE, "Carried a note to the right record", by=by, about=new, client_id=to.client_id)
    return new


def _check_carrying(struck: EnteredInError | None, to: Course, by: User) -> None:
    if struck is None or struck.kind != ErrorKind.WRONG_CLIENT:
        raise ValidationError("Only what was entered for the wrong client is carried over.")
    if to.pk == struck.course_id:
        raise ValidationError({"to": "This is the record on which it was entered by mistake."})
    if not policy.treats(by, to):
        raise ValidationError({"to": "Choose one of your own open courses."})
    if struck.note_id and Note.objects.filter(carried_from=struck.note_id, author=by).exists():
        raise ValidationError("This has been carried over already.")


def _words_of(note: Note) -> dict[str, Any]:
    """The people stay: they are another client's."""
    return {
        **{name: getattr(note, name) for name in drafts.WORDS},
        "risk_answer": note.risk_answer,
        "went": note.went,
        "techniques": list(note.techniques),
        "tasks": list(note.tasks),
    }


# Of another course: its phases are its own, and so is its next appointment.
_STAYS = ("phase", "phase_reason", "next_choice", "next_on", "next_at", "next_mode", "next_room")


def _form_of(session: TherapySession, note: Note) -> dict[str, Any]:
    """The facts as the page had them: of a draft as they were typed, of a signed session as they were signed."""
    if not note.is_signed:
        return {name: value for name, value in note.form.items() if name not in _STAYS}
    areas = SessionFocus.objects.filter(session=session).values_list("area", flat=True)
    return {
        "attendance": session.attendance or "",
        "mode": session.mode,
        "minutes": str(session.minutes),
        "kind": session.kind,
        "appointment_type": session.appointment_type,
        "focus": list(areas),
        **({"event": note.event} if note.event else {}),
    }


def _form_of_contact(note: Note) -> dict[str, Any]:
    when = timezone.localtime(note.happened_at) if note.happened_at else None
    return {
        "happened_on": f"{when:%Y-%m-%d}" if when else "",
        "happened_time": f"{when:%H:%M}" if when else "",
        "with_whom": note.with_whom,
        "who": note.who,
        "how": note.how,
    }


def _answers_of(session: TherapySession) -> dict[str, list[int | None]]:
    """What was typed; what a client has answered by link is that client's own, whose record it is on."""
    linked = SessionResponse.objects.filter(session=session).select_related("response")
    linked = linked.exclude(response__came=Came.LINK)
    return {link.measure: list(link.response.answers) for link in linked}


# --- Inside a transaction ---------------------------------------------------------------------------------------------


def draft_of(note_id: UUID, kind: str, course: Course, by: User) -> Note | None:
    """The draft of that key, None before its first save. Raises AlreadySigned, or ValidationError for what is not one's own."""
    note = Note.objects.filter(pk=note_id).first()
    if note is None:
        return None
    if note.kind != kind or note.course_id != course.pk or note.author_id != by.pk:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if note.is_signed:
        raise AlreadySigned(SIGNED)
    if EnteredInError.objects.filter(note=note).exists():
        raise AlreadySigned("This note was entered in error. Nothing was changed.")
    return note


def _lock_also_ended(course_id: UUID) -> Course:
    """As `courses.holding`; a course that has ended is held by its key, since its row is nobody's to lock any more."""
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if course.is_open:
        return hold_open_course(course_id)
    drafts.hold(course_id)
    return course
