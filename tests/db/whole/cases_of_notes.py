"""Contact notes, addenda, co-signing, what was entered in error and what is carried to the right record, each act done once
and written down whole."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from audit.models import Event
from courses.models import Course
from outcomes.models import Alert, AlertAct, Response
from sessions import letter_actions
from sessions import note_actions as actions
from sessions.drafts import AlreadySigned, StaleDraft
from sessions.models import (
    CoSignature,
    DraftVersion,
    EnteredInError,
    LetterGiven,
    Note,
    NoteKind,
    Reflection,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from staff.models import OutgoingMail
from tests.cast import (
    Cast,
    answered,
    client_named,
    course_for,
    held_session,
    letter_to_client,
    note_of,
    session_of,
)
from tests.db.whole.cases_of_sessions import THOUGHTS_OF_DEATH, days_ago
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def second_session(cast: Cast) -> TherapySession:
    """The second of three, so that another moves up when it is struck out."""
    return [held_session(cast.course, cast.tara, days_ago(30 - 7 * n), n) for n in (1, 2, 3)][1]


def signed_note(cast: Cast, **fields: Any) -> Note:
    return note_of(second_session(cast), **fields)


def contact(cast: Cast, **fields: Any) -> Note:
    return Note.objects.create(
        **{
            "kind": NoteKind.CONTACT,
            "course": cast.course,
            "author": cast.tara,
            "work": "Rang about Tuesday.",
            **fields,
        }
    )


def signed_contact(cast: Cast, **fields: Any) -> Note:
    return contact(
        cast,
        happened_at=days_ago(2),
        with_whom="client",
        how="phone",
        risk_answer="unchanged",
        signed_at=timezone.now(),
        sha256="0" * 64,
        **fields,
    )


def rung(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What stands on the page of a contact note."""
    return {
        "note_id": uuid4(),
        "course": cast.course,
        "based_on": 0,
        "words": {"work": "Rang about Tuesday.", "next_time": "Rings back.", "risk_answer": "unchanged"},
        "form": {
            "happened_on": f"{days_ago(2):%Y-%m-%d}",
            "happened_time": "10:15",
            "with_whom": "client",
            "who": "",
            "how": "phone",
        },
        **changes,
    }


def added(original: Note, **changes: Any) -> dict[str, Any]:
    """What stands on the page of an addendum."""
    return {
        "note_id": uuid4(),
        "original": original,
        "based_on": 0,
        "words": {"work": "It was Tom's sister who rang."},
        "form": {"reason": "A name was wrong."},
        **changes,
    }


# --- Contact notes ----------------------------------------------------------------------------------------------------


@case_of(actions.save_contact_note)
def a_contact_is_begun(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={Note: 1, DraftVersion: 1}, given=rung(cast))


@case_of(actions.save_contact_note)
def a_contact_that_another_window_has_overtaken_is_kept_in_the_history(cast: Cast) -> Case:
    note = contact(cast, version=4)
    return Case(
        by=cast.tara,
        writes={DraftVersion: 1},
        given=rung(cast, note_id=note.pk, based_on=3),
        refusal=StaleDraft,
    )


@case_of(actions.sign_contact_note)
def a_contact_is_signed(cast: Cast) -> Case:
    note = contact(cast, version=1)
    return Case(
        by=cast.tara,
        writes={Note: 0, DraftVersion: 1, Event: 1},
        given=rung(cast, note_id=note.pk, based_on=1),
    )


@case_of(actions.sign_contact_note)
def a_contact_that_was_signed_meanwhile_keeps_what_was_sent_too_late(cast: Cast) -> Case:
    note = signed_contact(cast, version=2)
    return Case(
        by=cast.tara,
        writes={DraftVersion: 1},
        given=rung(cast, note_id=note.pk, based_on=1),
        refusal=AlreadySigned,
    )


# --- Addenda ----------------------------------------------------------------------------------------------------------


@case_of(actions.save_addendum)
def an_addendum_is_begun(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={Note: 1, DraftVersion: 1}, given=added(signed_note(cast)))


@case_of(actions.sign_addendum)
def the_lead_adds_to_a_note(cast: Cast) -> Case:
    return Case(
        by=cast.lena,
        writes={Note: 1, DraftVersion: 1, Event: 1},
        given=added(signed_note(cast)),
    )


# --- Letters ----------------------------------------------------------------------------------------------------------


def written_letter(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What stands on the page of a letter."""
    return {
        "note_id": uuid4(),
        "course": cast.course,
        "based_on": 0,
        "words": {},
        "form": {
            "about": "ending",
            "to": "client",
            "address": "Maya Fielding",
            "greeting": "Dear Maya",
            "use_returning": "1",
            "part_returning": "Ring us within a year.",
        },
        **changes,
    }


@case_of(letter_actions.save_letter)
def a_letter_is_begun(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={Note: 1, DraftVersion: 1}, given=written_letter(cast))


@case_of(letter_actions.sign_letter)
def a_letter_is_signed(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={Note: 1, DraftVersion: 1, Event: 1}, given=written_letter(cast))


@case_of(letter_actions.record_giving)
def a_letter_is_given_to_the_client(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={LetterGiven: 1, Event: 1},
        given={
            "note": letter_to_client(cast.course, cast.tara),
            "to": "client",
            "how": "handed",
            "given_on": timezone.localdate(),
        },
    )


# --- Co-signing -------------------------------------------------------------------------------------------------------


def _of_a_trainee(cast: Cast) -> Note:
    cast.tara.is_trainee = True
    cast.tara.save(update_fields=["is_trainee"])
    return signed_note(cast, needs_cosign=True)


def _decision(note: Note, decision: str, comment: str = "") -> dict[str, Any]:
    return {"note": note, "decision": decision, "comment": comment, "seen": actions.what_is_read([note])}


@case_of(actions.decide_note)
def a_note_is_cosigned(cast: Cast) -> Case:
    return Case(
        by=cast.sunil,
        writes={CoSignature: 1, Event: 1},
        given=_decision(_of_a_trainee(cast), "cosigned"),
    )


@case_of(actions.decide_note)
def a_note_is_returned(cast: Cast) -> Case:
    return Case(
        by=cast.sunil,
        writes={CoSignature: 1, Event: 1},
        given=_decision(_of_a_trainee(cast), "returned", "Say who rang."),
    )


# --- Entered in error -------------------------------------------------------------------------------------------------


def second_session_with_an_alert(cast: Cast) -> TherapySession:
    session = second_session(cast)
    response = answered(session, "phq9", THOUGHTS_OF_DEATH)
    Alert.objects.create(course=cast.course, response=response, item=9, value=1)
    SessionFocus.objects.create(session=session, course=cast.course, area="conflict")
    Reflection.objects.create(session=session, course=cast.course, author=cast.tara, text="Hm.")
    note_of(session)
    return session


@case_of(actions.enter_session_in_error)
def a_session_was_the_wrong_clients(cast: Cast) -> Case:
    """Its alert is closed, the later session moves up, treatment has no first day written down yet, the lead has mail."""
    return Case(
        by=cast.tara,
        writes={
            EnteredInError: 1,
            TherapySession: 0,
            Course: 0,
            Alert: 0,
            AlertAct: 1,
            OutgoingMail: 1,
            Event: 3,
        },
        given={
            "session": second_session_with_an_alert(cast),
            "kind": "wrong_client",
            "reason": "It was Owen's.",
        },
    )


@case_of(actions.enter_session_in_error)
def a_session_was_a_mistake(cast: Cast) -> Case:
    return Case(
        by=cast.lena,
        writes={EnteredInError: 1, TherapySession: 0, Course: 0, Event: 2},
        given={"session": second_session_with_an_alert(cast), "kind": "mistake", "reason": "Logged twice."},
    )


@case_of(actions.enter_note_in_error)
def a_contact_was_the_wrong_clients(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={EnteredInError: 1, OutgoingMail: 1, Event: 1},
        given={"note": signed_contact(cast), "kind": "wrong_client", "reason": "It was Owen's mother."},
    )


# --- Carried to the right record --------------------------------------------------------------------------------------


def _hers_too(cast: Cast) -> Course:
    return course_for(client_named("Noor", "Jabari"), cast.tara)


def _wrong_client(cast: Cast, **what: Any) -> None:
    EnteredInError.objects.create(
        course=cast.course, kind="wrong_client", reason="It was Noor's.", by=cast.tara, **what
    )


@case_of(actions.carry_session)
def a_session_is_carried_to_the_right_client(cast: Cast) -> Case:
    session = second_session_with_an_alert(cast)
    _wrong_client(cast, session=session, note=session.note)
    session.entered_in_error_at, session.number = timezone.now(), None
    session.save()
    return Case(
        by=cast.tara,
        writes={
            TherapySession: 1,
            Note: 1,
            DraftVersion: 1,
            Response: 1,
            SessionResponse: 1,
            Alert: 1,
            Reflection: 1,
            Event: 1,
        },
        given={"session": session, "to": _hers_too(cast)},
    )


@case_of(actions.carry_session)
def a_session_is_carried_into_an_appointment_of_the_right_client(cast: Cast) -> Case:
    session = second_session_with_an_alert(cast)
    _wrong_client(cast, session=session, note=session.note)
    session.entered_in_error_at, session.number = timezone.now(), None
    session.save()
    course = _hers_too(cast)
    return Case(
        by=cast.tara,
        writes={
            Note: 1,
            DraftVersion: 1,
            Response: 1,
            SessionResponse: 1,
            Alert: 1,
            Reflection: 1,
            Event: 1,
        },
        given={
            "session": session,
            "to": course,
            "into": session_of(course, cast.tara, days_ago(1)),
        },
    )


@case_of(actions.carry_note)
def a_contact_is_carried_to_the_right_client(cast: Cast) -> Case:
    note = signed_contact(cast)
    _wrong_client(cast, note=note)
    return Case(
        by=cast.tara,
        writes={Note: 1, DraftVersion: 1, Event: 1},
        given={"note": note, "to": _hers_too(cast)},
    )
