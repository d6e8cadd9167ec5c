"""A course goes from one person to another, each act done once and written down whole."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from audit.models import Event
from caseload import handover_actions
from caseload.handover import preview
from courses.models import Allocation, Course, HandOver, HandOverItem
from sessions import allocating, transferring
from sessions.models import TherapySession
from staff.models import OutgoingMail
from tests.cast import Cast, client_named, course_for, session_of
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def a_weekday(hour: int) -> datetime:
    """Within working hours, a week or so ahead."""
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(hour)))


@case_of(allocating.allocate_with_appointment)
def a_course_is_allocated_with_its_first_appointment(cast: Cast) -> Case:
    return Case(
        by=cast.lena,
        writes={Course: 0, Allocation: 1, TherapySession: 1, Event: 2},
        given={
            "course": course_for(client_named("Noor", "Jabari")),
            "therapist": cast.tara,
            "starts_at": a_weekday(10),
            "minutes": 50,
            "mode": "video",
            "room": None,
        },
    )


@case_of(transferring.transfer_course)
def a_transfer_is_planned_with_its_appointments(cast: Cast) -> Case:
    session_of(cast.course, cast.tara, a_weekday(10))
    return Case(
        by=cast.lena,
        writes={Course: 0, Allocation: 1, TherapySession: 0, Event: 1},
        given={
            "course": cast.course,
            "therapist": cast.olga,
            "at": timezone.now() + timedelta(hours=1),
            "reason": "Moves away.",
            "version": 1,
        },
    )


@case_of(transferring.cover_course)
def a_cover_is_planned_with_its_return(cast: Cast) -> Case:
    session_of(cast.course, cast.tara, a_weekday(10))
    return Case(
        by=cast.ada,
        writes={Course: 0, Allocation: 2, TherapySession: 0, Event: 1},
        given={
            "course": cast.course,
            "therapist": cast.olga,
            "until": timezone.now() + timedelta(days=30),
            "reason": "Ill.",
        },
    )


@case_of(transferring.call_off_transfer)
def a_cover_that_runs_is_ended(cast: Cast) -> Case:
    now = timezone.now()
    until = now + timedelta(days=20)
    cast.course.allocations.update(ends_at=now - timedelta(hours=1))
    given = {"course": cast.course, "by": cast.ada}
    Allocation.objects.create(
        therapist=cast.olga, kind="cover", starts_at=now - timedelta(hours=1), ends_at=until, **given
    )
    Allocation.objects.create(therapist=cast.tara, starts_at=until, **given)
    session_of(cast.course, cast.olga, a_weekday(10))
    return Case(
        by=cast.lena,
        writes={Course: 0, Allocation: 1, TherapySession: 0, Event: 1},
        given={"course": cast.course},
    )


def a_plan(cast: Cast) -> HandOver:
    """For the one course that Tara carries."""
    plan = HandOver.objects.create(
        of=cast.tara,
        at=timezone.now().replace(second=0, microsecond=0),
        reason="Leaves the clinic.",
        made_by=cast.ada,
    )
    HandOverItem.objects.create(hand_over=plan, course=cast.course, to=cast.olga)
    return plan


@case_of(handover_actions.plan_hand_over)
def a_hand_over_is_planned(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={HandOver: 1, HandOverItem: 1, Event: 1},
        given={"of": cast.tara, "at": None, "reason": "Leaves the clinic."},
    )


@case_of(handover_actions.change_hand_over)
def a_line_of_a_hand_over_is_taken_out(cast: Cast) -> Case:
    plan = a_plan(cast)
    return Case(
        by=cast.lena,
        writes={HandOver: 0, HandOverItem: 0, Event: 1},
        given={"plan": plan, "at": plan.at, "reason": "Moves away.", "receivers": {cast.course.pk: None}},
    )


@case_of(handover_actions.undo_hand_over)
def a_hand_over_is_taken_back(cast: Cast) -> Case:
    return Case(by=cast.ada, writes={HandOver: 0, Event: 1}, given={"plan": a_plan(cast)})


@case_of(handover_actions.send_hand_over)
def a_hand_over_is_sent(cast: Cast) -> Case:
    session_of(cast.course, cast.tara, a_weekday(10))
    plan = a_plan(cast)
    mark = preview(plan, reader=cast.lena, at=timezone.now()).mark
    return Case(
        by=cast.ada,
        writes={HandOver: 0, Course: 0, Allocation: 1, TherapySession: 0, OutgoingMail: 2, Event: 2},
        given={"plan": plan, "mark": mark, "agreed": False},
    )
