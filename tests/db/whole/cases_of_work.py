"""Focus, formulation, contract and tasks: each act done once and written down whole."""

from audit.models import Event
from courses import task_actions
from courses.models import TaskMark
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
