"""Focus, formulation, contract and tasks: each act done once and written down whole."""

from django.utils import timezone

from audit.models import Event
from courses import actions, contract_actions, formulation_actions, task_actions
from courses.models import Contract, Course, Focus, Formulation, TaskMark
from interpersonal import focus_actions
from interpersonal.focus_actions import Chosen
from interpersonal.models import FocusPerson, Person
from tests.cast import Cast
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


@case_of(task_actions.mark_task)
def a_task_is_done(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={TaskMark: 1, Event: 1},
        given={"course": cast.course, "task": "initial_timeline", "state": "done"},
    )


@case_of(formulation_actions.write_formulation)
def a_formulation_is_written(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Formulation: 1, Event: 1},
        given={"course": cast.course, "text": "It began when we moved.", "agreed_on": timezone.localdate()},
    )


def _contract(cast: Cast) -> Contract:
    return Contract.objects.create(
        course=cast.course, number=1, planned_sessions=16, agreed_on=timezone.localdate(), agreed_by=cast.tara
    )


@case_of(contract_actions.agree_contract)
def a_first_contract_is_agreed(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Contract: 1, Event: 1},
        given={"course": cast.course, "split": [4, 8, 4], "agreed_on": timezone.localdate()},
    )


@case_of(contract_actions.agree_contract)
def a_contract_is_extended_and_the_programme_with_it(cast: Cast) -> Case:
    _contract(cast)
    return Case(
        by=cast.tara,
        writes={Contract: 1, Course: 0, Event: 2},
        given={
            "course": cast.course,
            "split": [4, 10, 4],
            "agreed_on": timezone.localdate(),
            "reason": "A slow start.",
        },
    )


@case_of(actions.change_programme)
def a_programme_is_made_shorter_and_the_contract_with_it(cast: Cast) -> Case:
    _contract(cast)
    return Case(
        by=cast.tara,
        writes={Contract: 1, Course: 0, Event: 2},
        given={"course": cast.course, "programme": "ipt12", "version": 1, "reason": "Moves away."},
    )


@case_of(focus_actions.agree_focus_with_people)
def a_focus_is_agreed_with_the_person_it_has_to_do_with(cast: Cast) -> Case:
    tom = Person.objects.create(course=cast.course, name="Tom", relationship="partner", added_by=cast.tara)
    return Case(
        by=cast.tara,
        writes={Focus: 1, FocusPerson: 1, Course: 0, Event: 1},
        given={
            "course": cast.course,
            "chosen": [Chosen("conflict", "with Tom", {"stage": "impasse"}, str(tom.pk))],
            "agreed_on": timezone.localdate(),
        },
    )
