"""Notes as the actions write and sign them, in the author's own name. Call these outside `as_owner()`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from audit.acting import act_as
from courses.models import Course
from sessions import actions, note_actions
from sessions.models import CoSignature, EnteredInError, Note, Reflection, TherapySession
from staff.models import User
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

WORDS = "Rehearsed what to say to Dan"
RISK = "Thought of the bridge on Sunday"
PRIVATE = "I felt useless with them"


def as_trainee(cast: Cast) -> Cast:
    """Tara is a trainee from now on."""
    with as_owner():
        cast.tara.is_trainee = True
        cast.tara.save()
    return cast


def days_ago(days: int, hour: int = 10) -> datetime:
    return (timezone.now() - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def appointment(cast: Cast, days: int = 1, *, course: Course | None = None) -> TherapySession:
    with as_owner():
        return people.session_of(course or cast.course, cast.tara, days_ago(days))


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "based_on": 0,
        "words": {
            "week": "Low on Tuesday.",
            "work": WORDS,
            "risk_answer": "changed",
            "risk": RISK,
            "techniques": ["role_play"],
        },
        "form": {"attendance": "5", "mode": "in_person", "minutes": "50", "focus": ["grief"]},
        "answers": {"phq9": [1] * 8 + [2], "gad7": [1] * 7},
        "reflection": PRIVATE,
    } | changes


def signed_session(cast: Cast, days: int = 1, **changes: Any) -> Note:
    """Words, scores with an alert, a focus and a private reflection: all that a session can have."""
    session = appointment(cast, days)
    act_as(cast.tara.pk)
    return actions.sign_session(session=session, by=cast.tara, **typed(**changes))


def draft_of_session(cast: Cast, days: int = 1, **changes: Any) -> Note:
    session = appointment(cast, days)
    act_as(cast.tara.pk)
    return actions.save_draft(session=session, by=cast.tara, **typed(**changes))


def typed_contact(**form: str) -> dict[str, Any]:
    return {
        "based_on": 0,
        "words": {"work": WORDS, "next_time": "Ring again.", "risk_answer": "unchanged"},
        "form": {
            "happened_on": f"{timezone.localdate() - timedelta(days=2):%Y-%m-%d}",
            "happened_time": "09:30",
            "with_whom": "client",
            "who": "",
            "how": "phone",
            **form,
        },
    }


def signed_contact(cast: Cast) -> Note:
    act_as(cast.tara.pk)
    return note_actions.sign_contact_note(
        note_id=uuid4(), course=cast.course, by=cast.tara, **typed_contact()
    )


def draft_of_contact(cast: Cast) -> Note:
    act_as(cast.tara.pk)
    return note_actions.save_contact_note(
        note_id=uuid4(), course=cast.course, by=cast.tara, **typed_contact()
    )


def signed_addendum(cast: Cast, note: Note, by: User | None = None, text: str = "It was Ben.") -> Note:
    by = by or cast.tara
    act_as(by.pk)
    return note_actions.sign_addendum(
        note_id=uuid4(),
        original=note,
        by=by,
        based_on=0,
        words={"work": text},
        form={"reason": "A wrong name."},
    )


def decide(note: Note, by: User, decision: str = "cosigned", comment: str = "") -> CoSignature:
    act_as(by.pk)
    note = Note.objects.get(pk=note.pk)
    return note_actions.decide_note(
        note=note, decision=decision, comment=comment, seen=what_is_read(note), by=by
    )


def what_is_read(note: Note) -> str:
    return note_actions.what_is_read(note_actions.pieces_read(note))


def strike(note: Note, by: User, kind: str = "mistake", reason: str = "Written twice") -> EnteredInError:
    act_as(by.pk)
    if note.session_id:
        return note_actions.enter_session_in_error(session=note.session, kind=kind, reason=reason, by=by)
    return note_actions.enter_note_in_error(note=note, kind=kind, reason=reason, by=by)


def shared_reflection(cast: Cast, note: Note) -> Reflection:
    act_as(cast.tara.pk)
    reflection = Reflection.objects.get(session=note.session_id)
    actions.share_reflection(reflection=reflection, by=cast.tara)
    return reflection
