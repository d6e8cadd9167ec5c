"""A client and a course from the referral to the end, each act done once and written down whole."""

from datetime import date, timedelta

from django.utils import timezone

from audit.models import Event
from clients import actions as clients
from clients.models import Client
from courses import actions as courses
from courses.models import Allocation, Course, CourseMove, Focus
from tests.cast import Cast, agreed_focus, client_named, course_for
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


@case_of(clients.register_client)
def a_client_is_registered(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={Client: 1, Event: 1},
        given={
            "first_name": "Noor",
            "last_name": "Jabari",
            "date_of_birth": date(1987, 2, 3),
            "phone": "01234 567890",
        },
    )


@case_of(clients.change_client)
def a_client_has_moved(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={Client: 0, Event: 1},
        given={
            "client": cast.maya,
            "version": cast.maya.version,
            "changes": {"address": "2 Elm Street", "postcode": "AB1 2CD"},
        },
    )


@case_of(courses.open_course)
def a_course_is_opened(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={Course: 1, CourseMove: 1, Event: 1},
        given={
            "client": client_named("Noor", "Jabari"),
            "programme": "ipt16",
            "referred_on": timezone.localdate(),
            "referral_source": "A1",
        },
    )


@case_of(courses.change_programme)
def a_course_is_made_shorter(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Course: 0, Event: 1},
        given={"course": cast.course, "programme": "ipt12", "version": 1, "reason": "Moves away in spring."},
    )


@case_of(courses.move_course)
def a_course_is_not_taken_on(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={Course: 0, CourseMove: 1, Allocation: 0, Event: 1},
        given={"course": cast.course, "to": "not_taken_on", "end_reason": "14", "reason": "Lives elsewhere."},
    )


@case_of(courses.move_course)
def a_course_is_opened_again(cast: Cast) -> Case:
    course = course_for(
        client_named("Noor", "Jabari"),
        cast.tara,
        status="ended",
        ended_on=timezone.localdate(),
        end_reason="46",
    )
    course.allocations.update(ends_at=timezone.now() + timedelta(days=90))
    return Case(
        by=cast.lena,
        writes={Course: 0, CourseMove: 1, Allocation: 0, Event: 1},
        given={"course": course, "to": "waiting", "reason": "Asked to come back."},
    )


@case_of(courses.start_treatment)
def a_referred_course_is_in_treatment(cast: Cast) -> Case:
    course = course_for(client_named("Noor", "Jabari"), cast.tara, status="referred")
    return Case(
        by=cast.tara,
        writes={Course: 0, CourseMove: 2, Event: 2},
        given={"course": course, "on": timezone.localdate()},
    )


@case_of(courses.correct_start)
def a_treatment_began_later_than_was_thought(cast: Cast) -> Case:
    today = timezone.localdate()
    course = course_for(
        client_named("Noor", "Jabari"), cast.tara, status="in_treatment", started_on=today - timedelta(days=9)
    )
    return Case(by=cast.tara, writes={Course: 0, Event: 1}, given={"course": course, "on": today})


@case_of(courses.end_course)
def a_treatment_ends(cast: Cast) -> Case:
    course = course_for(
        client_named("Noor", "Jabari"), cast.tara, status="in_treatment", started_on=timezone.localdate()
    )
    return Case(
        by=cast.tara,
        writes={Course: 0, CourseMove: 1, Allocation: 0, Event: 1},
        given={"course": course, "reason_code": "46", "on": timezone.localdate(), "version": 1},
    )


@case_of(courses.allocate_course)
def a_course_is_handed_over(cast: Cast) -> Case:
    return Case(
        by=cast.lena,
        writes={Course: 0, Allocation: 1, Event: 1},
        given={"course": cast.course, "therapist": cast.olga, "version": 1},
    )


@case_of(courses.agree_focus)
def the_focus_changes(cast: Cast) -> Case:
    agreed_focus(cast.course, "grief", cast.tara)
    return Case(
        by=cast.tara,
        writes={Course: 0, Focus: 2, Event: 1},
        given={
            "course": cast.course,
            "areas": [("conflict", "with Tom"), ("life_change", "a new town")],
            "agreed_on": timezone.localdate(),
            "reason": "The quarrel weighs more.",
            "version": 1,
        },
    )
