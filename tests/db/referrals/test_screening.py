"""A referral is given to a clinician who decides; before that nobody waits, and the office decides nothing."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from access import policy
from audit.acting import act_as
from audit.models import Event
from courses.actions import move_course
from courses.models import Allocation, Course, CourseMove
from outcomes.models import Alert, Response
from referrals.models import Referral, ReferralWords, Screening
from referrals.screening import (
    give_to_screener,
    give_to_screeners,
    record_screening,
    take_back_from_screener,
    what_is_known,
)
from tests.cast import Cast, client_named, course_for, person, referral_for
from tests.roles import as_owner


@pytest.fixture
def sara(cast: Cast) -> Any:
    with as_owner():
        return person("Sara Screener", "therapist", is_screener=True)


@pytest.fixture
def referral(cast: Cast, sara: Any) -> Course:
    with as_owner():
        return referral_for(client_named("Noor", "Jabari"), sara)


def screened(course: Course, by: Any, **given: Any) -> Screening:
    return record_screening(
        **{
            "key": uuid4(),
            "course": course,
            "suitability": "suitable",
            "risk": "Nothing said; asked, and there is nothing.",
            "done": "Talked for 20 minutes on the phone.",
            "by": by,
            **given,
        }
    )


def stands(course: Course) -> tuple[str, str]:
    with as_owner():
        fresh = Course.objects.get(pk=course.pk)
    return fresh.status, fresh.end_reason


def holders(course: Course) -> list[str]:
    with as_owner():
        current = Allocation.objects.filter(course=course).current(at=timezone.now())
        return [f"{row.therapist.full_name}: {row.kind}" for row in current.select_related("therapist")]


def test_a_referral_is_given_to_a_screener_who_can_read_it_from_that_minute(cast: Cast, sara: Any) -> None:
    with as_owner():
        course = referral_for(client_named("Noor", "Jabari"))
        ReferralWords.objects.create(course=course, problem="Cries every day.")
    act_as(sara.pk)
    assert Course.objects.visible_to(sara).filter(pk=course.pk).exists()
    assert not ReferralWords.objects.visible_to(sara).exists()
    act_as(cast.ada.pk)
    give_to_screener(course=course, screener=sara, by=cast.ada)
    act_as(sara.pk)
    assert ReferralWords.objects.visible_to(sara).get().problem == "Cries every day."
    assert policy.may_screen(sara, course)
    assert not policy.treats(sara, course)
    act_as(cast.lena.pk)
    event = Event.objects.get(course_id=course.pk)
    assert (event.what, event.user_id) == (
        "Gave the referral to Sara Screener to be screened",
        cast.ada.pk,
    )


def test_given_to_somebody_else_it_is_the_first_ones_no_more(cast: Cast, sara: Any, referral: Course) -> None:
    with as_owner():
        seth = person("Seth Second", "therapist", is_screener=True)
    act_as(cast.lena.pk)
    give_to_screener(course=referral, screener=seth, by=cast.lena, version=1)
    assert holders(referral) == ["Seth Second: screening"]
    act_as(sara.pk)
    assert not policy.may_screen(sara, Course.objects.get(pk=referral.pk))
    assert not policy.may_read_referral(sara, referral)


def test_only_screeners_are_given_referrals_that_nobody_decided(
    cast: Cast, sara: Any, referral: Course
) -> None:
    act_as(cast.ada.pk)
    for nobody in (cast.tara, cast.lena, cast.ada):
        with pytest.raises(ValidationError, match="does not screen referrals here"):
            give_to_screener(course=referral, screener=nobody, by=cast.ada)
    with pytest.raises(ValidationError, match="screens this referral already"):
        give_to_screener(course=referral, screener=sara, by=cast.ada)
    with pytest.raises(ValidationError, match="is not screened any more"):
        give_to_screener(course=cast.course, screener=sara, by=cast.ada)
    with as_owner():
        Course.objects.filter(pk=cast.others_course.pk).update(status="referred")
    with pytest.raises(ValidationError, match="Olga Other carries this course already"):
        give_to_screener(course=cast.others_course, screener=sara, by=cast.ada)


def test_a_course_that_was_opened_without_its_arrival_gets_one_when_it_is_given(
    cast: Cast, sara: Any
) -> None:
    with as_owner():
        course = course_for(client_named("Noor", "Jabari"), status="referred")
    act_as(cast.ada.pk)
    give_to_screener(course=course, screener=sara, by=cast.ada)
    arrival = Referral.objects.get(course=course)
    assert (arrival.get_way_display(), arrival.entered_by, arrival.received_at) == (
        "Not written down",
        cast.ada,
        course.opened_at,
    )
    act_as(sara.pk)
    screened(course, sara)
    with as_owner():
        assert Referral.objects.get(course=course).screened_by == sara


def test_without_an_arrival_the_decision_stands_all_the_same(cast: Cast, sara: Any, referral: Course) -> None:
    with as_owner():
        Referral.objects.all().delete()
    act_as(sara.pk)
    screened(referral, sara)
    assert stands(referral) == ("waiting", "")


def test_a_referral_is_taken_back(cast: Cast, sara: Any, referral: Course) -> None:
    act_as(cast.ada.pk)
    take_back_from_screener(course=referral, by=cast.ada, version=1)
    assert holders(referral) == []
    with pytest.raises(ValidationError, match="Nobody screens this referral now"):
        take_back_from_screener(course=referral, by=cast.ada)


def test_several_referrals_are_given_at_once_or_none_of_them(cast: Cast, sara: Any) -> None:
    with as_owner():
        noor = referral_for(client_named("Noor", "Jabari"))
        omar = referral_for(client_named("Omar", "Khan"))
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Choose at least one"):
        give_to_screeners(courses=[], screener=sara, by=cast.ada)
    with pytest.raises(ValidationError, match="Omar Khan: Somebody changed this"):
        give_to_screeners(courses=[(noor, 1), (omar, 7)], screener=sara, by=cast.ada)
    assert holders(noor) == []
    give_to_screeners(courses=[(noor, 1), (omar, 1)], screener=sara, by=cast.ada)
    assert holders(noor) == holders(omar) == ["Sara Screener: screening"]


def test_who_is_suitable_waits_and_the_screeners_access_ends(cast: Cast, sara: Any, referral: Course) -> None:
    with as_owner():
        ReferralWords.objects.create(course=referral, problem="Cries every day.")
    act_as(sara.pk)
    screened(referral, sara, likely_focus="grief")
    assert stands(referral) == ("waiting", "")
    assert holders(referral) == []
    act_as(sara.pk)
    assert not ReferralWords.objects.visible_to(sara).exists()
    assert not Screening.objects.visible_to(sara).exists()
    act_as(cast.lena.pk)
    found = Screening.objects.get(course=referral)
    assert (found.screener, found.likely_focus) == (sara, "grief")
    arrival = Referral.objects.get(course=referral)
    assert (arrival.screened_by, arrival.screened_at) == (sara, found.at)
    assert set(Event.objects.filter(course_id=referral.pk).values_list("what", flat=True)) == {
        "Screened the referral",
        "Moved the course from referred to waiting",
    }


def test_who_is_not_suitable_is_not_taken_on_with_a_reason_of_the_list(
    cast: Cast, sara: Any, referral: Course
) -> None:
    act_as(sara.pk)
    with pytest.raises(ValidationError, match="Say why"):
        screened(referral, sara, suitability="not_suitable", end_reason="11")
    for code in ("", "46"):
        with pytest.raises(ValidationError, match="Choose from the list why it ends"):
            screened(referral, sara, suitability="not_suitable", end_reason=code, reasons="Psychosis.")
    assert stands(referral) == ("referred", "")
    act_as(sara.pk)
    screened(referral, sara, suitability="not_suitable", end_reason="11", reasons="Psychosis.")
    assert stands(referral) == ("not_taken_on", "11")
    assert holders(referral) == []
    act_as(cast.ada.pk)
    move = CourseMove.objects.get(course=referral, after="not_taken_on")
    assert move.reason == "Screened: Not suitable; pointed to another service."
    act_as(sara.pk)
    assert not Course.objects.visible_to(sara).filter(pk=referral.pk).exists()


def test_more_information_leaves_it_where_it_is(cast: Cast, sara: Any, referral: Course) -> None:
    act_as(sara.pk)
    screened(referral, sara, suitability="more_information", reasons="Ask the GP about the medicine.")
    assert stands(referral) == ("referred", "")
    assert holders(referral) == ["Sara Screener: screening"]
    act_as(sara.pk)
    screened(referral, sara)
    assert stands(referral) == ("waiting", "")
    with as_owner():
        assert Screening.objects.filter(course=referral).count() == 2


def test_risk_and_what_was_done_are_said(cast: Cast, sara: Any, referral: Course) -> None:
    act_as(sara.pk)
    for left_out in ("risk", "done"):
        with pytest.raises(ValidationError):
            screened(referral, sara, **{left_out: "  "})
    assert stands(referral) == ("referred", "")


def test_a_page_that_is_sent_twice_decides_once(cast: Cast, sara: Any, referral: Course) -> None:
    key = uuid4()
    act_as(sara.pk)
    for _ in range(2):
        screened(referral, sara, key=key, suitability="more_information", reasons="Ask the GP.")
    assert Screening.objects.visible_to(sara).count() == 1


def test_what_came_in_meanwhile_is_read_before_it_is_decided(cast: Cast, sara: Any, referral: Course) -> None:
    from access.meanwhile import Seen, Stale, plain

    act_as(sara.pk)
    seen = Seen({name: plain(value) for name, value in what_is_known(referral).items()})
    with as_owner():
        ReferralWords.objects.create(course=referral, problem="She rang again.", thoughts_of_harm=True)
    act_as(sara.pk)
    with pytest.raises(Stale) as stale:
        screened(referral, sara, seen=seen)
    assert stale.value.stands["Words about the problem"] == "1"
    assert stale.value.stands["Open alerts"] == "1"
    assert stands(referral) == ("referred", "")


def test_an_open_alert_stays_and_does_not_hold_the_decision_up(
    cast: Cast, sara: Any, referral: Course
) -> None:
    with as_owner():
        ReferralWords.objects.create(course=referral, problem="Cries.", thoughts_of_harm=True)
    act_as(sara.pk)
    screened(referral, sara)
    assert stands(referral)[0] == "waiting"
    act_as(cast.lena.pk)
    assert Alert.objects.visible_to(cast.lena).open().filter(course=referral).exists()


def test_first_scores_are_kept_with_the_screening_and_item_nine_alerts(
    cast: Cast, sara: Any, referral: Course
) -> None:
    act_as(sara.pk)
    screened(
        referral,
        sara,
        scores={"phq9": [2, 2, 2, 2, 2, 2, 2, 2, 1], "gad7": [1, 1, 1, None, 1, 1, 1]},
    )
    with as_owner():
        totals = dict(Response.objects.filter(course=referral).values_list("measure", "total"))
        assert totals == {"phq9": 17, "gad7": None}
        assert Alert.objects.get(course=referral).value == 1
    act_as(sara.pk)
    with connection.cursor() as cursor:
        cursor.execute("select phq9, gad7 from first_scores_of(%s)", [[referral.pk]])
        assert cursor.fetchall() == [(17, None)]


def test_a_lead_screens_what_nobody_holds_and_what_somebody_else_holds(
    cast: Cast, sara: Any, referral: Course
) -> None:
    with as_owner():
        free = course_for(client_named("Omar", "Khan"), status="referred")
    for course in (free, referral):
        act_as(cast.lena.pk)
        screened(course, cast.lena)
        assert stands(course) == ("waiting", "")
        assert holders(course) == []
    with as_owner():
        assert Referral.objects.get(course=free).screened_by == cast.lena


def test_an_administrator_screens_nothing(cast: Cast, referral: Course) -> None:
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        screened(referral, cast.ada)
    assert stands(referral) == ("referred", "")


def test_who_waits_or_is_treated_is_not_screened(cast: Cast) -> None:
    act_as(cast.lena.pk)
    with pytest.raises(ValidationError, match="This course is waiting: it was screened"):
        screened(cast.course, cast.lena)


def test_who_was_not_taken_on_waits_when_a_lead_finds_them_suitable(
    cast: Cast, sara: Any, referral: Course
) -> None:
    act_as(sara.pk)
    screened(referral, sara, suitability="not_suitable", end_reason="10", reasons="In hospital.")
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="screened first"):
        move_course(course=referral, to="waiting", by=cast.ada, reason="Asked to come back.")
    act_as(cast.lena.pk)
    with pytest.raises(ValidationError, match="opened again when it is found suitable"):
        screened(referral, cast.lena, suitability="more_information", reasons="Ask.")
    screened(referral, cast.lena, suitability="not_suitable", reasons="Still in hospital.")
    assert stands(referral) == ("not_taken_on", "10")
    act_as(cast.lena.pk)
    screened(referral, cast.lena)
    assert stands(referral) == ("waiting", "")
    act_as(cast.ada.pk)
    assert (
        CourseMove.objects.filter(course=referral).latest("at").reason == "Screened again and found suitable."
    )


ADMINISTRATIVE = {"14", "16", "17", "50", "95"}


@pytest.mark.parametrize("code", ["10", "11", "12", "13", "14", "16", "17", "50", "95"])
@pytest.mark.parametrize("status", ["referred", "waiting"])
def test_the_office_writes_down_that_somebody_declined_and_never_that_ipt_does_not_suit(
    cast: Cast, referral: Course, status: str, code: str
) -> None:
    with as_owner():
        Course.objects.filter(pk=referral.pk).update(status=status)
    act_as(cast.ada.pk)

    def not_taken_on() -> None:
        move_course(course=referral, to="not_taken_on", by=cast.ada, reason="Said so.", end_reason=code)

    if code in ADMINISTRATIVE:
        not_taken_on()
        assert stands(referral) == ("not_taken_on", code)
        if status == "referred":
            assert holders(referral) == []
    else:
        with pytest.raises(ValidationError, match="is a clinician’s to say"):
            not_taken_on()
        assert stands(referral) == (status, "")


def test_a_course_that_was_carried_before_there_were_screenings_starts_as_ever(cast: Cast) -> None:
    from courses.actions import start_treatment

    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="referred")
    act_as(cast.tara.pk)
    assert start_treatment(course=cast.course, on=timezone.localdate(), by=cast.tara).status == "in_treatment"


def test_the_key_of_the_page_is_the_rows(cast: Cast, sara: Any, referral: Course) -> None:
    act_as(sara.pk)
    key = UUID(int=7)
    assert screened(referral, sara, key=key, suitability="more_information", reasons="Ask.").pk == key
