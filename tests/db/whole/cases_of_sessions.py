"""A session from booking to signed note, and the alerts that its answers raise, each act done once and written down whole."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from audit.models import Event
from courses.models import Course, CourseAction, CourseMove
from interpersonal.models import Person
from outcomes import alert_actions, signals
from outcomes.models import Alert, AlertAct, AlertTold, Response, Signal
from sessions import actions, conflict
from sessions.drafts import StaleDraft
from sessions.forms import LogForm
from sessions.models import (
    ContactDue,
    DraftVersion,
    Note,
    Reflection,
    ReflectionShare,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from staff.models import OutgoingMail
from tests.cast import (
    Cast,
    action_of,
    agreed_focus,
    answered,
    held_session,
    note_of,
    room,
    session_of,
    signal_of,
)
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of

MODERATE = [1, 2, 1, 2, 1, 2, 1, 1, 0]
THOUGHTS_OF_DEATH = [1, 2, 1, 2, 1, 2, 1, 1, 1]


def days_ago(days: int, hour: int = 10) -> datetime:
    return (timezone.localtime() - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def yesterday(cast: Cast, **fields: Any) -> TherapySession:
    return session_of(cast.course, cast.tara, days_ago(1), **fields)


def typed(session: TherapySession, **changes: Any) -> dict[str, Any]:
    """Everything that stands on the page, and item 9 above 0."""
    tom = Person.objects.create(
        course=session.course, name="Tom", relationship="Partner", added_by=session.therapist
    )
    return {
        "session": session,
        "based_on": 0,
        "words": {
            "week": "Low on Tuesday.",
            "work": "Role play of Sunday's talk.",
            "next_time": "Ask Tom.",
            "risk_answer": "unchanged",
            "techniques": ["role_play"],
            "went": "partly",
            "went_words": "Half of it.",
            "tasks": ["initial_timeline"],
            "people": [str(tom.pk)],
        },
        "form": {
            "attendance": "5",
            "mode": "in_person",
            "minutes": "50",
            "focus": ["conflict"],
            "event": "Argued with Tom.",
        },
        "answers": {"phq9": THOUGHTS_OF_DEATH, "gad7": [1, 1, 2, 1, 0, 1, 1]},
        "reflection": "I talked too much.",
        **changes,
    }


# --- The diary --------------------------------------------------------------------------------------------------------


@case_of(actions.book_session)
def an_appointment_is_booked(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={TherapySession: 1, Event: 1},
        given={
            "course": cast.course,
            "therapist": cast.tara,
            "kind": "treatment",
            "appointment_type": "02",
            "starts_at": days_ago(-7),
            "minutes": 50,
            "mode": "in_person",
            "room": room(),
        },
    )


@case_of(actions.move_session)
def an_appointment_is_moved(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={TherapySession: 0, Event: 1},
        given={
            "session": yesterday(cast),
            "starts_at": days_ago(-2),
            "minutes": 50,
            "mode": "video",
            "room": None,
            "version": 1,
        },
    )


@case_of(actions.cancel_session)
def the_client_cancels(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={TherapySession: 0, Event: 1},
        given={"session": yesterday(cast), "code": "2"},
    )


@case_of(actions.record_attendance_by_administrator)
def the_desk_says_that_the_client_did_not_come(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={TherapySession: 0, ContactDue: 1, Event: 1},
        given={"session": yesterday(cast), "attendance": "3"},
    )


@case_of(actions.record_attendance_by_administrator)
def the_desk_says_that_the_client_came_for_the_first_time(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={TherapySession: 0, Course: 0, CourseMove: 1, Event: 2},
        given={"session": yesterday(cast), "attendance": "5"},
    )


@case_of(actions.record_absence)
def the_therapist_says_that_the_client_did_not_come(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={TherapySession: 0, ContactDue: 1, Event: 1},
        given={"session": yesterday(cast), "attendance": "3", "what_was_tried": "Rang twice."},
    )


@case_of(actions.answer_contact)
def a_client_who_did_not_come_is_reached(cast: Cast) -> Case:
    session = yesterday(cast, attendance="3", attendance_at=days_ago(1), attendance_by=cast.ada)
    due = ContactDue.objects.create(
        session=session, course=cast.course, for_person=cast.tara, raised_by=cast.ada
    )
    return Case(
        by=cast.tara,
        writes={ContactDue: 0, Event: 1},
        given={"due": due, "what_was_tried": "Rang, will come."},
    )


@case_of(actions.start_walk_in)
def a_client_walks_in(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={TherapySession: 1, Event: 1}, given={"course": cast.course})


# --- The note ---------------------------------------------------------------------------------------------------------


@case_of(actions.save_draft)
def a_first_draft_raises_an_alert(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Note: 1, DraftVersion: 1, Response: 2, SessionResponse: 2, Alert: 1, Reflection: 1},
        given=typed(yesterday(cast)),
    )


@case_of(actions.save_draft)
def a_draft_is_saved_again(cast: Cast) -> Case:
    session = yesterday(cast)
    note = note_of(session, signed=False)
    answered(session, "phq9", [0, *MODERATE[1:]])
    Reflection.objects.create(session=session, course=cast.course, author=cast.tara, text="Hm.")
    return Case(
        by=cast.tara,
        writes={Note: 0, DraftVersion: 1, Response: 1, SessionResponse: 1, Alert: 1, Reflection: 0},
        given=typed(session, based_on=note.version),
    )


@case_of(actions.save_draft)
def a_draft_that_another_window_has_overtaken_is_kept_in_the_history(cast: Cast) -> Case:
    session = yesterday(cast)
    note_of(session, signed=False, version=4)
    return Case(
        by=cast.tara,
        writes={DraftVersion: 1},
        given=typed(session, based_on=3),
        refusal=StaleDraft,
    )


@case_of(conflict.keep_what_stands)
def what_another_window_saved_without_a_pause_becomes_a_version(cast: Cast) -> Case:
    session = yesterday(cast)
    note = note_of(session, signed=False)
    draft = conflict.Draft(
        course=cast.course,
        note=note,
        form_class=LogForm,
        save=actions.save_draft,
        title=str(session),
        write_url="",
        history_url="",
        about=session,
    )
    return Case(by=cast.tara, writes={DraftVersion: 1}, given={"draft": draft, "note": note})


@case_of(actions.sign_session)
def the_first_session_is_signed_with_all_that_hangs_on_it(cast: Cast) -> Case:
    """An alert, a renumbered later session, the treatment begun and the next appointment booked."""
    session = session_of(cast.course, cast.tara, days_ago(5))
    held_session(cast.course, cast.tara, days_ago(2), 1)
    agreed_focus(cast.course, "conflict", cast.tara)
    return Case(
        by=cast.tara,
        writes={
            TherapySession: 1,
            Note: 1,
            DraftVersion: 1,
            Response: 2,
            SessionResponse: 2,
            SessionFocus: 1,
            Alert: 1,
            AlertTold: 1,
            OutgoingMail: 1,
            Reflection: 1,
            Course: 0,
            CourseMove: 1,
            Event: 3,
        },
        given=typed(
            session,
            next_appointment={
                "starts_at": days_ago(-7),
                "minutes": 50,
                "mode": "in_person",
                "room": room(),
            },
        ),
    )


@case_of(actions.sign_session)
def a_session_is_signed_to_which_nobody_came(cast: Cast) -> Case:
    form = {"attendance": "3", "what_was_tried": "Rang twice."}
    return Case(
        by=cast.tara,
        writes={TherapySession: 0, Note: 1, DraftVersion: 1, ContactDue: 1, Event: 1},
        given=typed(yesterday(cast), form=form, answers={}, reflection=""),
    )


@case_of(actions.sign_session)
def a_session_is_signed_and_what_supervision_asked_is_done(cast: Cast) -> Case:
    action = action_of(cast.course, cast.tara, cast.sunil)
    form = {
        "attendance": "3",
        "what_was_tried": "Rang twice.",
        "actions_done": [str(action.pk)],
        f"came_of_{action.pk}": "Sent on Monday.",
    }
    return Case(
        by=cast.tara,
        writes={TherapySession: 0, Note: 1, DraftVersion: 1, ContactDue: 1, CourseAction: 0, Event: 2},
        given=typed(yesterday(cast), form=form, answers={}, reflection=""),
    )


def _reflection(cast: Cast) -> Reflection:
    return Reflection.objects.create(
        session=yesterday(cast), course=cast.course, author=cast.tara, text="I talked too much."
    )


@case_of(actions.share_reflection)
def a_reflection_is_shared(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={ReflectionShare: 1, Event: 1}, given={"reflection": _reflection(cast)})


@case_of(actions.stop_sharing_reflection)
def a_reflection_is_shared_no_longer(cast: Cast) -> Case:
    reflection = _reflection(cast)
    ReflectionShare.objects.create(reflection=reflection, course=cast.course, by=cast.tara)
    return Case(by=cast.tara, writes={ReflectionShare: 0, Event: 1}, given={"reflection": reflection})


# --- Alerts -----------------------------------------------------------------------------------------------------------


def _alert(cast: Cast) -> Alert:
    response = answered(yesterday(cast), "phq9", [*THOUGHTS_OF_DEATH])
    return Alert.objects.create(course=cast.course, response=response, item=9, value=1)


@case_of(alert_actions.acknowledge_alert)
def an_alert_is_acknowledged(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={Alert: 0, Event: 1}, given={"alert": _alert(cast)})


@case_of(signals.review_signal)
def a_signal_is_reviewed(cast: Cast) -> Case:
    response = answered(yesterday(cast), "phq9", [*MODERATE])
    given = {"signal": signal_of(response), "considered": ["dose"], "plan": "Weekly again."}
    return Case(by=cast.tara, writes={Signal: 0, Event: 1}, given=given)


@case_of(alert_actions.close_alert)
def an_alert_is_closed(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Alert: 0, AlertAct: 1, Event: 1},
        given={"alert": _alert(cast), "what_was_done": "Talked it through, safe tonight."},
    )


@case_of(alert_actions.record_act)
def an_alert_is_followed_up(cast: Cast) -> Case:
    return Case(
        by=cast.sunil,
        writes={AlertAct: 1, Event: 1},
        given={"alert": _alert(cast), "kind": "gp", "what_was_done": "Rang the GP, who sees May tomorrow."},
    )


@case_of(alert_actions.raise_alert)
def an_alert_about_a_plan_is_raised_by_hand(cast: Cast) -> Case:
    """The therapist and, of a plan at once, the supervisor are told."""
    return Case(
        by=cast.tara,
        writes={Alert: 1, AlertTold: 2, OutgoingMail: 2, Event: 1},
        given={"course": cast.course, "kind": "plan", "words": "Has put tablets by.", "key": uuid4()},
    )
