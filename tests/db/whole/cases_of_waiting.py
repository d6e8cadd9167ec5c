"""Somebody waits: each act done once and written down whole."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from audit.models import Event
from caseload import bulk
from courses.models import Course
from referrals import waiting
from referrals.models import ContactAttempt, Referral, WaitPause
from tests.cast import Cast, client_named, course_for
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


@case_of(waiting.pause_wait)
def a_clock_stands_still(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={Course: 0, WaitPause: 1, Event: 1},
        given={"course": cast.course, "starts_on": timezone.localdate(), "reason": "Abroad.", "version": 1},
    )


@case_of(waiting.resume_wait)
def a_clock_runs_again(cast: Cast) -> Case:
    since = timezone.localdate() - timedelta(days=5)
    WaitPause.objects.create(course=cast.course, starts_on=since, reason="Abroad.", by=cast.ada)
    cast.course.paused_since = since
    cast.course.save()
    return Case(
        by=cast.lena,
        writes={Course: 0, WaitPause: 0, Event: 1},
        given={"course": cast.course, "ends_on": timezone.localdate()},
    )


@case_of(waiting.set_priority)
def a_wait_is_urgent(cast: Cast) -> Case:
    Referral.objects.create(course=cast.course, way="letter", entered_by=cast.ada)
    return Case(
        by=cast.ada,
        writes={Course: 0, Referral: 0, Event: 1},
        given={"course": cast.course, "priority": 2, "reason": "Baby due in January.", "version": 1},
    )


@case_of(waiting.log_attempt)
def somebody_was_rung(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={ContactAttempt: 1, Event: 1},
        given={"course": cast.course, "how": "phone", "result": "no_answer"},
    )


@case_of(bulk.act_on_many)
def several_are_urgent(cast: Cast) -> Case:
    other = course_for(client_named("Noor", "Jabari"))
    Referral.objects.create(course=other, way="letter", entered_by=cast.ada)
    return Case(
        by=cast.ada,
        writes={Course: 0, Referral: 0, Event: 2},
        given={
            "act": bulk.ACTS["priority"],
            "courses": Course.objects.visible_to(cast.ada),
            "versions": {cast.course.pk: 1, other.pk: 1},
            "typed": {"priority": 2, "reason": "Long wait."},
            "key": UUID(int=7),
        },
    )
