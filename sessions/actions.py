"""Every write to a session: booking, moving, cancelling, the draft, signing, absence. Each is one transaction, says by whom,
and leaves a row on the trail."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses import protocol
from courses.actions import start_treatment
from courses.holding import hold_open_course
from courses.models import Course
from courses.transfers import carrier_at
from outcomes.measures import BY_CODE
from outcomes.models import Alert, Came, Response, SafetyPlan
from outcomes.recording import raise_alerts, record_response
from outcomes.scoring import score
from outcomes.signals import raise_signals
from outcomes.telling import tell_now
from sessions import agreed, drafts, mentions
from sessions.drafts import AlreadySigned, DraftOfAnother, Typed, clean
from sessions.links import attach_received
from sessions.models import (
    CANCELLED,
    MISSED,
    SEEN,
    ContactDue,
    Mode,
    Note,
    NoteKind,
    Reflection,
    ReflectionShare,
    RiskAnswer,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from sessions.note_states import state_of_session
from sessions.signing import reflection_sha256_of, sha256_now
from sessions.slots import attendance_of, slot_of, when_of
from staff.models import Room, User

YEARS_AHEAD, YEARS_BACK = timedelta(days=3 * 366), timedelta(days=20 * 366)  # beyond them a year is a slip
SIGNED = "This session is signed: what is signed does not change."
IN_ERROR = "This session was entered in error. Nothing was changed."
STILL_TYPING = timedelta(
    minutes=15
)  # since the last keystroke; then the mails of an alert go without a signature
LONGEST_EVENT = 200  # characters, as the column
EARLY = timedelta(minutes=15)  # a session may be logged as soon as the client is in the room


# --- The diary --------------------------------------------------------------------------------------------------------


def book_session(
    *,
    course: Course,
    therapist: User,
    kind: str,
    appointment_type: str,
    starts_at: datetime,
    minutes: int,
    mode: str,
    room: Room | None,
    by: User,
) -> TherapySession:
    """An appointment. Raises ValidationError with a sentence when therapist, client or room is taken."""
    _check_year(starts_at)
    with refused():
        course = hold_open_course(course.pk)
        session = TherapySession(
            course=course,
            client_id=course.client_id,
            therapist=therapist,
            kind=kind,
            appointment_type=appointment_type,
            starts_at=starts_at,
            minutes=minutes,
            mode=mode,
            room=room if mode == Mode.IN_PERSON else None,
            booked_by=by,
        )
        session.save()
        record(Action.CREATE, "Booked an appointment", by=by, about=session)
    return session


def move_session(
    *,
    session: TherapySession,
    starts_at: datetime,
    minutes: int,
    mode: str,
    room: Room | None,
    by: User,
    version: int,
    seen: Seen | None = None,
) -> TherapySession:
    """The same appointment at another time or place. Raises ValidationError when it has been logged, `Stale` when it was
    changed since its page was shown."""
    _check_year(starts_at)
    with refused():
        hold_open_course(session.course_id)
        session = locked(session)
        _still_ahead(session)
        if session.version != version:
            refuse_stale(session, seen, slot_of(session))
        session.starts_at, session.minutes, session.mode = starts_at, minutes, mode
        session.room = room if mode == Mode.IN_PERSON else None
        session.version += 1
        session.save()
        record(Action.CHANGE, "Moved an appointment", by=by, about=session)
    return session


def cancel_session(
    *, session: TherapySession, code: str, by: User, seen: Seen | None = None
) -> TherapySession:
    """Cancelled by the client (2) or by the service (4). `Stale` where the page showed it at another time."""
    if code not in CANCELLED:
        raise ValidationError({"code": "Say who cancelled."})
    with refused():
        hold_open_course(session.course_id)
        session = locked(session)
        _still_ahead(session)
        if seen is not None and seen.shown:
            refuse_stale(session, seen, when_of(session))
        _set_attendance(session, code, by=by, at=timezone.now())
        session.save()
        record(Action.CHANGE, "Cancelled an appointment", by=by, about=session)
    return session


def record_attendance_by_administrator(
    *, session: TherapySession, attendance: str, by: User, seen: Seen | None = None
) -> TherapySession:
    """What came of an appointment, said by somebody who sees nothing clinical. A client who did not come makes contact due,
    whoever the client is: the page must not tell who has an open alert. `Stale` where somebody else has said something
    else meanwhile, the therapist who logged it for one."""
    if attendance not in protocol.ATTENDANCE:
        raise ValidationError({"attendance": "Choose what came of the appointment."})
    with refused():
        hold_open_course(session.course_id)
        session = locked(session)
        _not_in_error(session)
        if seen is not None:
            refuse_stale(session, seen, attendance_of(session) | (when_of(session) if seen.shown else {}))
        now = timezone.now()
        if attendance in SEEN + MISSED and session.starts_at > now:
            raise ValidationError(
                {"attendance": "This appointment lies ahead. Cancel it or move it instead."}
            )
        _set_attendance(session, attendance, by=by, at=now)
        session.save()
        if attendance in MISSED:
            due = ContactDue(
                session=session,
                course_id=session.course_id,
                for_person_id=_who_reaches(session),
                raised_by=by,
            )
            # An administrator cannot read whether one is there already.
            ContactDue.objects.bulk_create([due], ignore_conflicts=True)
        renumber(session.course_id)
        _begin_treatment(session, by=by)
        record(Action.CHANGE, "Recorded attendance", by=by, about=session)
        session.refresh_from_db()
    return session


def record_absence(
    *,
    session: TherapySession,
    attendance: str,
    what_was_tried: str = "",
    by: User,
    at: datetime | None = None,
) -> TherapySession:
    """The therapist's own word that a client did not come, could not be seen, or cancelled; complete without a note.

    With an open alert on the course or a safety plan, says first what was tried to reach the client."""
    at = at or timezone.now()
    if attendance in SEEN or attendance not in protocol.ATTENDANCE:
        raise ValidationError({"attendance": "Choose why the client was not seen."})
    with refused():
        hold_open_course(session.course_id)
        session = locked(session)
        _not_signed(session)
        _not_in_error(session)
        _record_absence(session, attendance, what_was_tried, by=by, at=at)
        renumber(session.course_id)
        record(Action.CHANGE, "Recorded an absence", by=by, about=session)
    return session


def answer_contact(*, due: ContactDue, what_was_tried: str, by: User) -> ContactDue:
    """What was tried to reach a client who did not come."""
    with refused():
        fresh = ContactDue.objects.select_for_update(of=("self",)).filter(pk=due.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        due = fresh
        if due.answered_at:
            raise ValidationError("Somebody has answered this already.")
        if not what_was_tried.strip():
            raise ValidationError({"what_was_tried": "Say what was tried to reach the client."})
        due.answered_at, due.answered_by, due.what_was_tried = (
            timezone.now(),
            by,
            clean("what_was_tried", what_was_tried),
        )
        due.save()
        record(Action.CHANGE, "Answered a contact due", by=by, about=due)
    return due


def start_walk_in(*, course: Course, by: User, at: datetime | None = None) -> TherapySession:
    """The session to log now: today's appointment of this course that nobody has logged, or a new one that begins now."""
    at = at or timezone.now()
    today = timezone.localdate(at)
    for session in course.sessions.filter(entered_in_error_at=None, attendance=None).order_by("starts_at"):
        if timezone.localdate(session.starts_at) == today:
            return session
    starts_at = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
    return book_session(
        course=course,
        therapist=by,
        kind="treatment",
        appointment_type=protocol.SESSION_KINDS["treatment"].appointment_type,
        starts_at=starts_at,
        minutes=50,
        mode=Mode.IN_PERSON,
        room=None,
        by=by,
    )


# --- The note ---------------------------------------------------------------------------------------------------------


def save_draft(*, session: TherapySession, by: User, at: datetime | None = None, **typed: Any) -> Note:
    """Keeps everything that was typed, complete or not, and raises an alert at once where item 9 is above 0. `typed` is what
    `drafts.Typed` says; its form carries attendance, mode, minutes, kind, appointment_type, phase, phase_reason, focus (a
    list) and what_was_tried.

    Raises StaleDraft when a newer version is there, AlreadySigned, or ValidationError by field for text that PostgreSQL cannot
    keep (NUL, half a character) or an answer out of range. What is refused for its version is kept in the draft's history."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, session=session), refused():
        hold_open_course(session.course_id)
        session = locked(session)
        return _save_draft(session, by, sent, at)


def sign_session(
    *,
    session: TherapySession,
    by: User,
    next_appointment: Mapping[str, Any] | None = None,
    appointment_seen: int | None = None,
    at: datetime | None = None,
    **typed: Any,
) -> Note:
    """Saves, checks, sets the facts of the session, counts it, signs it and books the next appointment: whole or not at all.

    `next_appointment` carries starts_at, minutes, mode and room; `appointment_seen` is the version of the session on the page:
    what the office said of it meanwhile is not written over before its therapist has seen it. Raises ValidationError by field
    for what is missing, and what `save_draft` raises."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, session=session), refused():
        course = hold_open_course(session.course_id)
        session = locked(session)
        note = _save_draft(session, by, sent, at)
        _check_seen(session, appointment_seen)
        _check_complete(session, note, course, at)
        note.event = _event_of(note)
        if note.form.get("attendance") in SEEN:
            _set_facts(session, note, course, by=by, at=at)
        else:
            _record_absence(
                session, note.form["attendance"], str(note.form.get("what_was_tried", "")), by=by, at=at
            )
        renumber(course.pk)
        _begin_treatment(session, by=by)
        agreed.close_ticked(note, by)
        note = _sign(session, note, at=at)
        _raise_what_is_signed(session, by=by)
        tell_now(Alert.objects.open().filter(response__in_session__session=session), at=at)
        if SessionResponse.objects.filter(session=session).exists():
            raise_signals(course.pk, at=at)
        record(Action.SIGN, "Signed a session", by=by, about=note, client_id=session.client_id)
        if next_appointment is not None:
            _book_next(course, next_appointment, by=by, at=at)
    return note


def share_reflection(*, reflection: Reflection, by: User) -> ReflectionShare:
    """The author shows a reflection to whoever supervises them."""
    if reflection.author_id != by.pk:
        raise ValidationError("Only its author shares a reflection.")
    with refused():
        hold_open_course(reflection.course_id)
        share = reflection.shares.filter(ended_at=None).first()
        if share is None:
            share = ReflectionShare.objects.create(
                reflection=reflection, course_id=reflection.course_id, by=by
            )
            record(Action.CHANGE, "Shared a reflection", by=by, about=share)
    return share


def stop_sharing_reflection(*, reflection: Reflection, by: User) -> None:
    """From now on the reflection is its author's alone again."""
    if reflection.author_id != by.pk:
        raise ValidationError("Only its author stops sharing a reflection.")
    with refused():
        hold_open_course(reflection.course_id)
        for share in reflection.shares.filter(ended_at=None):
            share.ended_at = timezone.now()
            share.save(update_fields=["ended_at"])
            record(Action.CHANGE, "Stopped sharing a reflection", by=by, about=share)


# --- Counting ---------------------------------------------------------------------------------------------------------


def renumber(course_id: UUID) -> None:
    """Numbers follow the dates: a session logged late takes its place and the later ones move up. A phase follows its number
    until the note is signed, and stays from then on. Call it with the course locked."""
    course = Course.objects.get(pk=course_id)
    signed = _signed_sessions(course_id)
    changed = []
    number = 0
    for session in TherapySession.objects.filter(course_id=course_id).order_by("starts_at", "id"):
        number += session.counts
        wanted = number if session.counts else None
        phase = session.phase
        if session.pk not in signed and not session.phase_reason and _has_phase(session):
            phase = protocol.phase_of(course.plan, number if session.counts else number + 1)
        if (wanted, phase) != (session.number, session.phase):
            session.number, session.phase = wanted, phase
            changed.append(session)
    if changed:
        TherapySession.objects.bulk_update(changed, ["number", "phase"])


def _has_phase(session: TherapySession) -> bool:
    return session.entered_in_error_at is None and (session.was_seen or session.was_missed)


def next_number(course: Course, session: TherapySession | None = None) -> int:
    """The number that a session takes if its client is seen: one more than the counted sessions before it."""
    counted = course.sessions.numbered()
    if session is not None:
        counted = counted.exclude(pk=session.pk).filter(starts_at__lt=session.starts_at)
    return counted.count() + 1


# --- Inside a transaction ---------------------------------------------------------------------------------------------


def locked(session: TherapySession) -> TherapySession:
    fresh = TherapySession.objects.select_for_update(of=("self",)).filter(pk=session.pk).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    return fresh


def _check_year(starts_at: datetime) -> None:
    now = timezone.now()
    if not now - YEARS_BACK <= starts_at <= now + YEARS_AHEAD:
        raise ValidationError({"starts_at": "Check the year of the appointment."})


def _still_ahead(session: TherapySession) -> None:
    _not_in_error(session)
    if session.attendance is not None:
        raise ValidationError("This appointment has been logged already.")


def _not_in_error(session: TherapySession) -> None:
    if session.entered_in_error_at is not None:
        raise ValidationError(IN_ERROR)


def _not_signed(session: TherapySession) -> None:
    if session.pk in _signed_sessions(session.course_id):
        raise ValidationError(SIGNED)


def _signed_sessions(course_id: UUID) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select signed_sessions(%s)", [course_id])
        return set(cursor.fetchone()[0])


def _who_reaches(session: TherapySession) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("select therapist_of(%s)", [session.course_id])
        return cursor.fetchone()[0] or session.therapist_id


def _set_attendance(session: TherapySession, attendance: str, *, by: User, at: datetime) -> None:
    session.attendance, session.attendance_at, session.attendance_by = attendance, at, by
    session.number = None if attendance not in SEEN else session.number
    session.version += 1
    if session.counts and session.number is None:
        # A number of its own until the whole course is counted anew, a moment later in this transaction.
        last = (
            TherapySession.objects.filter(course_id=session.course_id).numbered().order_by("-number").first()
        )
        session.number = (last.number or 0) + 1 if last else 1


def _record_absence(
    session: TherapySession, attendance: str, what_was_tried: str, *, by: User, at: datetime
) -> None:
    if session.starts_at > at + EARLY and attendance in MISSED:
        raise ValidationError({"attendance": "This appointment lies ahead. Cancel it or move it instead."})
    tried = clean("what_was_tried", what_was_tried)
    if attendance in MISSED:
        if not tried:
            _ask_what_was_tried(session)
        if tried:
            _contact_was_tried(session, tried, by=by, at=at)
    _set_attendance(session, attendance, by=by, at=at)
    session.save()


def _ask_what_was_tried(session: TherapySession) -> None:
    """Somebody who may be in danger did not come: there is an open alert, or a safety plan of this course or an earlier one."""
    if Alert.objects.open().filter(course_id=session.course_id).exists():
        why = "There is an open alert"
    elif SafetyPlan.objects.filter(course__client_id=session.client_id).exists():
        why = "The client has a safety plan"
    else:
        return
    raise ValidationError({"what_was_tried": f"{why}: say first what was tried to reach the client."})


def _contact_was_tried(session: TherapySession, tried: str, *, by: User, at: datetime) -> None:
    due = ContactDue.objects.filter(session=session).first() or ContactDue(
        session=session, course_id=session.course_id, for_person=by, raised_by=by, raised_at=at
    )
    due.answered_at, due.answered_by, due.what_was_tried = at, by, tried
    due.save()


def _begin_treatment(session: TherapySession, *, by: User) -> None:
    """The first attended treatment session starts the treatment, and stops the clock of the wait."""
    if session.counts:
        course = Course.objects.get(pk=session.course_id)
        if course.started_on is None:
            start_treatment(course=course, on=timezone.localdate(session.starts_at), by=by)


def _save_draft(session: TherapySession, by: User, typed: Typed, at: datetime) -> Note:
    note = Note.objects.filter(session=session).first()
    if note is not None and note.is_signed:
        raise AlreadySigned(SIGNED)
    if session.entered_in_error_at is not None:
        raise AlreadySigned(IN_ERROR)
    if note is None:
        _refuse_second_author(session, by)
        note = Note(session=session, course_id=session.course_id, author=by, version=0, started_at=at)
    is_first = note.version == 0
    if set(typed.words["people"]) - set(note.people):
        mentions.refuse_strangers(typed.words["people"], session.course_id)
    if drafts.write(note, typed, at=at):
        _save_answers(session, typed, is_first=is_first, by=by, at=at)
        _save_reflection(session, typed.reflection, by=by, at=at)
    return note


def _refuse_second_author(session: TherapySession, by: User) -> None:
    """A draft that only its author may see is there all the same."""
    state = state_of_session(session)
    if state is not None and state.author_id != by.pk:
        raise DraftOfAnother(drafts.whose(state.author_id))


def _save_answers(session: TherapySession, typed: Typed, *, is_first: bool, by: User, at: datetime) -> None:
    """An alert about what is still being typed is there at once; the mails wait until the typing has stopped. What was entered
    on the questionnaire's own page is not emptied by the first save of a page on which nothing was typed."""
    given_some = {measure for measure, given in typed.answers.items() if set(given) != {None}}
    standing = attach_received(session, typed=given_some)
    for measure, given in typed.answers.items():
        if measure not in BY_CODE:
            raise ValidationError(f"No questionnaire is called {measure}.")
        former = standing.get(measure)
        beside = _unscored(measure, typed.form)
        if measure not in given_some and (former is None or former.came == Came.LINK or is_first):
            continue
        if former and former.is_total_only:
            former = _beside_a_total(former, beside, is_typed=measure in given_some)
            if former is not None:
                continue
        if former and (list(given), beside) == (former.answers, former.unscored):
            continue
        response = record_response(
            course=session.course,
            measure=measure,
            answers=given,
            taken_at=session.starts_at,
            by=by,
            response=former,
            unscored=beside,
            tell_from=at + STILL_TYPING,
        )
        if former is None:
            SessionResponse.objects.create(
                session=session, course_id=session.course_id, response=response, measure=measure
            )
    if any(score(measure, given).is_risk for measure, given in typed.answers.items()):
        pending = Alert.objects.open().filter(response__in_session__session=session, tell_from__gt=at)
        pending.update(tell_from=at + STILL_TYPING)


def _beside_a_total(paper: Response, beside: int | None, *, is_typed: bool) -> Response | None:
    """A total from paper is not overwritten. Where answers are typed too they are the session's, and the total stays with the
    course: None then."""
    if is_typed:
        paper.in_session.delete()
        return None
    if beside not in (None, paper.unscored):
        paper.unscored = beside
        paper.save(update_fields=["unscored"])
    return paper


def _raise_what_is_signed(session: TherapySession, *, by: User) -> None:
    """An alert that was closed as a slip of the pen, while the answer was never corrected: now it is signed, and no slip."""
    for given in SessionResponse.objects.filter(session=session).select_related("response"):
        raise_alerts(given.response, by=by)


def _unscored(measure: str, form: Mapping[str, Any]) -> int | None:
    """The answer to the question beside the score, None where it was not asked or is none of its answers."""
    asked = BY_CODE[measure].unscored
    given = str(form.get(f"{measure}_difficulty", ""))
    return (
        next((option.value for option in asked.options if str(option.value) == given), None)
        if asked
        else None
    )


def _save_reflection(session: TherapySession, text: str, *, by: User, at: datetime) -> None:
    reflection = Reflection.objects.filter(session=session, author=by).first()
    if reflection is None:
        if not text:
            return
        reflection = Reflection(session=session, course_id=session.course_id, author=by)
    if reflection.text != text:
        reflection.text, reflection.saved_at = text, at
        reflection.save()


def _check_seen(session: TherapySession, version: int | None) -> None:
    if version in (None, session.version):
        return
    begins = timezone.localtime(session.starts_at)
    stands = [f"{begins:%a} {begins.day} {begins:%b %Y}, {begins:%H:%M}", session.get_mode_display().lower()]
    if session.attendance:
        stands.append(f"“{session.get_attendance_display()}”")
    raise ValidationError(
        {
            "attendance": "This appointment was changed while your page was open. It now says: "
            f"{', '.join(stands)}. What you chose is still here: sign again to keep it."
        },
        code="stale",
    )


def _check_complete(session: TherapySession, note: Note, course: Course, at: datetime) -> None:
    """What signing asks for, field by field; a draft asks for nothing."""
    missing: dict[str, str] = {}
    if len(_event_of(note)) > LONGEST_EVENT:
        missing["event"] = f"The event of the week is one line of at most {LONGEST_EVENT} characters."
    attendance = note.form.get("attendance", "")
    if attendance not in protocol.ATTENDANCE:
        missing["attendance"] = "Say whether the client was seen."
    elif attendance in SEEN:
        if session.starts_at > at + EARLY:
            missing["attendance"] = _lies_ahead(session, at)
        if not note.risk_answer:
            missing["risk_answer"] = "Say whether you asked about risk."
        elif note.risk_answer == RiskAnswer.CHANGED and not note.risk.strip():
            missing["risk"] = "Describe what has changed about risk."
        elif note.risk_answer == RiskAnswer.NOT_ASKED and not note.risk.strip():
            missing["risk"] = "Say why you did not ask about risk."
        missing |= _check_facts(session, note, course)
    if missing:
        raise ValidationError(missing)


def _event_of(note: Note) -> str:
    """As typed, in one line."""
    return " ".join(str(note.form.get("event", "")).split())


def _lies_ahead(session: TherapySession, at: datetime) -> str:
    begins = timezone.localtime(session.starts_at)
    when = (
        f"at {begins:%H:%M}" if begins.date() == timezone.localdate(at) else f"on {begins.day} {begins:%b %Y}"
    )
    return f"This session begins {when}. If it is held now, move the appointment first."


def _check_facts(session: TherapySession, note: Note, course: Course) -> dict[str, str]:
    wrong: dict[str, str] = {}
    form = note.form
    minutes = str(form.get("minutes", "")).strip()
    if not minutes.isascii() or not minutes.isdecimal() or len(minutes) > 3 or not 5 <= int(minutes) <= 300:
        wrong["minutes"] = "Write how many minutes the session lasted, from 5 to 300."
    if form.get("mode") not in Mode.values:
        wrong["mode"] = "Say how you met: in person, by video or by phone."
    if form.get("kind", session.kind) not in protocol.SESSION_KINDS:
        wrong["kind"] = "Choose the kind of session from the list."
    appointment_type = form.get("appointment_type", session.appointment_type)
    if appointment_type not in protocol.APPOINTMENT_TYPES:
        wrong["appointment_type"] = "Choose the NHS appointment type from the list."
    phase = form.get("phase") or proposed_phase(course, session)
    if phase not in protocol.PHASES:
        wrong["phase"] = "Choose a phase from the list."
    elif phase != proposed_phase(course, session) and not str(form.get("phase_reason", "")).strip():
        wrong["phase_reason"] = "Say why this session belongs to another phase than its number says."
    if any(area not in protocol.FOCUS_AREAS for area in form.get("focus", [])):
        wrong["focus"] = "Choose focus areas from the list."
    return wrong


def proposed_phase(course: Course, session: TherapySession) -> str:
    """The phase that the session's number falls in."""
    return protocol.phase_of(course.plan, next_number(course, session))


def _set_facts(session: TherapySession, note: Note, course: Course, *, by: User, at: datetime) -> None:
    form = note.form
    proposed = proposed_phase(course, session)
    session.minutes, session.mode = int(str(form["minutes"])), form["mode"]
    session.kind = form.get("kind", session.kind)
    session.appointment_type = form.get("appointment_type", session.appointment_type)
    session.phase = form.get("phase") or proposed
    session.phase_reason = (
        str(form.get("phase_reason", "")).strip()[:300] if session.phase != proposed else ""
    )
    if session.mode != Mode.IN_PERSON:
        session.room = None
    _set_attendance(session, form["attendance"], by=by, at=at)
    session.save()
    chosen = dict.fromkeys(form.get("focus", []))
    SessionFocus.objects.filter(session=session).exclude(area__in=chosen).delete()
    known = set(SessionFocus.objects.filter(session=session).values_list("area", flat=True))
    for area in chosen:
        if area not in known:
            SessionFocus.objects.create(session=session, course_id=session.course_id, area=area)


def _sign(session: TherapySession, note: Note, *, at: datetime) -> Note:
    """Last of all: once signed, neither the note nor the facts of its session move."""
    session.refresh_from_db()
    for link in SessionResponse.objects.filter(session=session).select_related("response"):
        link.response.locked_at = at
        link.response.save(update_fields=["locked_at"])
    reflection = Reflection.objects.filter(session=session, author=note.author_id).first()
    if reflection is not None:
        reflection.locked_at = at
        reflection.save(update_fields=["locked_at"])
        note.reflection_sha256 = reflection_sha256_of(reflection)
    note.session = session
    return seal(note, at=at)


def seal(note: Note, *, at: datetime) -> Note:
    """Signs a note of any kind whose words and facts are complete: what the hash covers is all there, a moment later nothing
    of it moves. Call it inside an action's transaction."""
    note.form = {}
    note.signed_at = note.saved_at = at
    is_trainee = User.objects.values_list("is_trainee", flat=True).get(pk=note.author_id)
    note.needs_cosign = is_trainee and note.kind != NoteKind.SUPERVISION
    note.sha256 = sha256_now(note)
    note.save()
    return note


def _book_next(course: Course, wanted: Mapping[str, Any], *, by: User, at: datetime) -> None:
    try:
        book_session(
            course=course,
            therapist=carrier_at(course, wanted["starts_at"]) or by,
            kind="treatment",
            appointment_type="02",
            starts_at=wanted["starts_at"],
            minutes=wanted["minutes"],
            mode=wanted["mode"],
            room=wanted.get("room"),
            by=by,
        )
    except ValidationError as error:
        raise ValidationError(
            {"next_starts_at": [f"Next appointment: {words}" for words in error.messages]}
        ) from error
    if wanted["starts_at"] <= at:
        raise ValidationError(
            {"next_starts_at": "The next appointment would lie in the past. Choose a later day."}
        )
