"""A referral is given to a screener, decided, and its outcome told: each act done once, whole or not at all."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.models import Event
from courses.models import Allocation, Course, CourseMove
from outcomes.models import Alert, AlertTold, Response
from referrals import outcome_letters, screening
from referrals.models import OutcomeLetter, Referral, Screening
from staff.models import OutgoingMail, User
from tests.cast import Cast, client_named, course_for, person, referral_for, system_person
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of

KEY = UUID(int=11)


def sara() -> User:
    return person("Sara Screener", "therapist", is_screener=True)


def decided(course: Course, **given: Any) -> dict[str, Any]:
    return {
        "key": KEY,
        "course": course,
        "suitability": "suitable",
        "risk": "Nothing said; asked, and there is nothing.",
        "done": "Talked on the phone.",
        **given,
    }


@case_of(screening.give_to_screener)
def a_referral_that_nobody_wrote_down_is_given_to_a_screener(cast: Cast) -> Case:
    course = course_for(client_named("Noor", "Jabari"), status="referred")
    return Case(
        by=cast.ada,
        writes={Course: 0, Referral: 1, Allocation: 1, Event: 1},
        given={"course": course, "screener": sara(), "version": 1},
    )


@case_of(screening.give_to_screener)
def a_referral_is_given_to_another_screener(cast: Cast) -> Case:
    course = referral_for(client_named("Noor", "Jabari"), sara())
    seth = person("Seth Second", "therapist", is_screener=True)
    return Case(
        by=cast.lena,
        writes={Course: 0, Allocation: 1, Event: 1},
        given={"course": course, "screener": seth, "version": 1},
    )


@case_of(screening.give_to_screeners)
def two_referrals_are_given_at_once(cast: Cast) -> Case:
    courses = [(referral_for(client_named(name, "Jabari")), 1) for name in ("Noor", "Omar")]
    return Case(
        by=cast.ada,
        writes={Course: 0, Allocation: 2, Event: 2},
        given={"courses": courses, "screener": sara()},
    )


@case_of(screening.take_back_from_screener)
def a_referral_is_taken_back(cast: Cast) -> Case:
    course = referral_for(client_named("Noor", "Jabari"), sara())
    return Case(
        by=cast.ada, writes={Course: 0, Allocation: 0, Event: 1}, given={"course": course, "version": 1}
    )


@case_of(screening.record_screening)
def a_referral_is_suitable_and_item_nine_alerts(cast: Cast) -> Case:
    system_person()
    screener = sara()
    course = referral_for(client_named("Noor", "Jabari"), screener)
    return Case(
        by=screener,
        writes={
            Screening: 1,
            Response: 1,
            Alert: 1,
            AlertTold: 1,
            OutgoingMail: 1,
            Referral: 0,
            Course: 0,
            CourseMove: 1,
            Allocation: 0,
            Event: 3,
        },
        given=decided(course, scores={"phq9": [1] * 9}),
    )


@case_of(screening.record_screening)
def a_referral_is_not_suitable(cast: Cast) -> Case:
    screener = sara()
    course = referral_for(client_named("Noor", "Jabari"), screener)
    return Case(
        by=screener,
        writes={Screening: 1, Referral: 0, Course: 0, CourseMove: 1, Allocation: 0, Event: 2},
        given=decided(course, suitability="not_suitable", end_reason="11", reasons="Psychosis."),
    )


@case_of(screening.record_screening)
def more_information_is_asked_for(cast: Cast) -> Case:
    screener = sara()
    course = referral_for(client_named("Noor", "Jabari"), screener)
    return Case(
        by=screener,
        writes={Screening: 1, Course: 0, Event: 1},
        given=decided(course, suitability="more_information", reasons="Ask the GP."),
    )


@case_of(screening.record_screening)
def who_was_not_taken_on_is_opened_again(cast: Cast) -> Case:
    course = course_for(
        client_named("Noor", "Jabari"), status="not_taken_on", ended_on=timezone.localdate(), end_reason="10"
    )
    return Case(
        by=cast.lena,
        writes={Screening: 1, Referral: 1, Course: 0, CourseMove: 1, Event: 2},
        given=decided(course),
    )


@case_of(outcome_letters.write_outcome_letter)
def a_letter_about_the_outcome_is_written(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={OutcomeLetter: 1, Event: 1},
        given={"key": KEY, "course": cast.course, "kind": "accepted", "to": "client", "body": "Dear Maya"},
    )


@case_of(outcome_letters.mark_letter_sent)
def a_letter_about_the_outcome_has_gone(cast: Cast) -> Case:
    letter = OutcomeLetter.objects.create(
        course=cast.course, kind="accepted", body="Dear Maya", made_by=cast.ada
    )
    return Case(
        by=cast.ada, writes={OutcomeLetter: 0, Event: 1}, given={"letter": letter, "on": timezone.localdate()}
    )
