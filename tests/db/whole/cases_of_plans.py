"""Safety plans and endings: each act done once and written down whole."""

from django.utils import timezone

from audit.models import Event
from courses import ending
from courses.models import Course, EndingPlan
from outcomes import safety_plan
from outcomes.models import SafetyPlan, SafetyPlanCopy
from tests.cast import Cast
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


@case_of(safety_plan.save_safety_plan)
def a_safety_plan_is_written(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={SafetyPlan: 1, Event: 1},
        given={"course": cast.course, "changes": {"coping": "A walk by the canal."}},
    )


@case_of(safety_plan.record_copy)
def a_copy_is_given(cast: Cast) -> Case:
    SafetyPlan.objects.create(course=cast.course, number=1, coping="A walk.", written_by=cast.tara)
    return Case(
        by=cast.tara,
        writes={SafetyPlanCopy: 1, Event: 1},
        given={
            "course": cast.course,
            "given_to": "client",
            "how": "printed",
            "given_on": timezone.localdate(),
        },
    )


@case_of(ending.save_ending)
def an_ending_is_written(cast: Cast) -> Case:
    Course.objects.filter(pk=cast.course.pk).update(status="in_treatment", started_on=timezone.localdate())
    return Case(
        by=cast.tara,
        writes={EndingPlan: 1, Event: 1},
        given={"course": cast.course, "changes": {"feelings": "Sad to stop, and proud."}},
    )
