"""Supervision: agenda and actions, each act done once and written down whole."""

from datetime import timedelta

from django.utils import timezone

from audit.models import Event
from courses import action_actions
from courses.models import CourseAction
from supervision import agenda_actions
from supervision.models import AgendaItem
from tests.cast import Cast, client_named, course_for, on_the_agenda
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def _action(cast: Cast, **fields: object) -> CourseAction:
    values = {
        "what": "Write to the GP",
        "owner": cast.tara,
        "due_on": timezone.localdate(),
        "agreed_by": cast.sunil,
    }
    return CourseAction.objects.create(course=cast.course, **{**values, **fields})


@case_of(action_actions.agree_action)
def an_action_is_agreed(cast: Cast) -> Case:
    return Case(
        by=cast.sunil,
        writes={CourseAction: 1, Event: 1},
        given={
            "course": cast.course,
            "what": "Write to the GP",
            "owner": cast.tara,
            "due_on": timezone.localdate(),
        },
    )


@case_of(action_actions.close_action)
def an_action_is_done(cast: Cast) -> Case:
    given = {"action": _action(cast), "outcome": "done", "words": "Sent."}
    return Case(by=cast.tara, writes={CourseAction: 0, Event: 1}, given=given)


@case_of(action_actions.reopen_action)
def an_action_is_not_done_after_all(cast: Cast) -> Case:
    action = _action(cast, outcome="done", closed_at=timezone.now(), closed_by=cast.tara)
    return Case(by=cast.tara, writes={CourseAction: 0, Event: 1}, given={"action": action})


@case_of(action_actions.change_action)
def an_action_is_put_off_and_given_to_another(cast: Cast) -> Case:
    due_on = timezone.localdate() + timedelta(days=7)
    given = {"action": _action(cast), "due_on": due_on, "owner": cast.sunil}
    return Case(by=cast.tara, writes={CourseAction: 0, Event: 1}, given=given)


@case_of(agenda_actions.propose_course)
def a_course_is_put_on_the_agenda(cast: Cast) -> Case:
    given = {"course": cast.course, "question": "Is grief still the focus?"}
    return Case(by=cast.tara, writes={AgendaItem: 1, Event: 1}, given=given)


@case_of(agenda_actions.propose_course)
def a_question_is_added_to_what_is_on_the_agenda(cast: Cast) -> Case:
    on_the_agenda(cast.course, cast.sunil)
    given = {"course": cast.course, "question": "Is grief still the focus?"}
    return Case(by=cast.tara, writes={AgendaItem: 0, Event: 1}, given=given)


@case_of(agenda_actions.change_question)
def a_question_is_changed(cast: Cast) -> Case:
    item = on_the_agenda(cast.course, cast.tara, "Why?")
    given = {"item": item, "question": "How?", "version": 1}
    return Case(by=cast.sunil, writes={AgendaItem: 0, Event: 1}, given=given)


@case_of(agenda_actions.take_off)
def a_course_is_taken_off_the_agenda(cast: Cast) -> Case:
    given = {"item": on_the_agenda(cast.course, cast.tara), "version": 1}
    return Case(by=cast.sunil, writes={AgendaItem: 0, Event: 1}, given=given)


@case_of(agenda_actions.move_item)
def the_agenda_is_put_in_order(cast: Cast) -> Case:
    on_the_agenda(cast.course, cast.tara, position=1)
    other = course_for(client_named("Nora", "Banks"), cast.tara)
    item = on_the_agenda(other, cast.tara, position=2)
    given = {"item": item, "way": agenda_actions.Way.UP}
    return Case(by=cast.sunil, writes={AgendaItem: 0, Event: 1}, given=given)
