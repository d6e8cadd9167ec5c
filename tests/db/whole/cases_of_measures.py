"""Questionnaires, goals and the clinic's own wording: each act done once and written down whole."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from audit.models import Event
from courses import goal_actions
from courses.models import Goal
from outcomes import entry_actions, wording_actions
from outcomes.models import Alert, AlertTold, ClinicWording, GoalRating, Response
from sessions import measure_actions
from sessions.models import SessionResponse, TherapySession
from staff.models import OutgoingMail
from tests.cast import Cast, answered, held_session
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def a_session(cast: Cast) -> TherapySession:
    return held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 1)


def a_goal(cast: Cast) -> Goal:
    return Goal.objects.create(
        course=cast.course, text="See Ruth again", agreed_on=timezone.localdate(), agreed_by=cast.tara
    )


@case_of(entry_actions.enter_measure)
def thoughts_of_death_are_entered_for_today(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Response: 1, Alert: 1, AlertTold: 1, OutgoingMail: 1, Event: 1},
        given={
            "key": uuid4(),
            "course": cast.course,
            "measure": "phq9",
            "answers": [0] * 8 + [1],
            "taken_at": timezone.now(),
        },
    )


@case_of(entry_actions.enter_total)
def a_total_is_copied_from_paper(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Response: 1, Event: 1},
        given={
            "key": uuid4(),
            "course": cast.course,
            "measure": "phq9",
            "total": 14,
            "taken_at": timezone.now(),
        },
    )


@case_of(entry_actions.strike_response)
def a_questionnaire_was_another_clients(cast: Cast) -> Case:
    response = answered(a_session(cast), "gad7", [1] * 7)
    return Case(
        by=cast.tara,
        writes={Response: 0, Event: 1},
        given={"response": response, "reason": "Another client's sheet."},
    )


@case_of(measure_actions.enter_measure_at_session)
def a_questionnaire_was_given_at_a_session(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Response: 1, SessionResponse: 1, Event: 1},
        given={"session": a_session(cast), "key": uuid4(), "measure": "core10", "answers": [0] * 10},
    )


@case_of(measure_actions.enter_total_at_session)
def a_total_belongs_to_a_session(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Response: 1, SessionResponse: 1, Event: 1},
        given={"session": a_session(cast), "key": uuid4(), "measure": "wsas", "total": 20},
    )


@case_of(measure_actions.strike_response)
def a_session_is_free_for_the_right_questionnaire(cast: Cast) -> Case:
    response = answered(a_session(cast), "gad7", [1] * 7)
    return Case(
        by=cast.tara,
        writes={Response: 0, SessionResponse: -1, Event: 1},
        given={"response": response, "reason": "Another client's sheet."},
    )


@case_of(goal_actions.agree_goal)
def a_goal_is_agreed(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Goal: 1, Event: 1},
        given={"course": cast.course, "text": "See Ruth again", "agreed_on": timezone.localdate()},
    )


@case_of(goal_actions.end_goal)
def a_goal_is_ended(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={Goal: 0, Event: 1}, given={"goal": a_goal(cast)})


@case_of(entry_actions.rate_goals)
def a_goal_is_rated(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={GoalRating: 1, Event: 1},
        given={"course": cast.course, "ratings": {a_goal(cast).pk: 2}, "rated_on": timezone.localdate()},
    )


@case_of(wording_actions.enter_wording)
def the_clinics_words_are_entered(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={ClinicWording: 1, Event: 1},
        given={
            "measure": "wsas",
            "stem": "How far?",
            "items": ["Work.", "Home.", "With others.", "Alone.", "Close ones."],
            "labels": [""] * 9,
            "licence": "By letter of 1 May 2026.",
        },
    )
