"""What the invented clinic shows of referrals, screening and waiting: each state that a page can be in, twice or more."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Exists, F, OuterRef, Q

from caseload import office
from clients.models import Client
from courses.models import Allocation, Course, CourseMove
from outcomes.models import Alert, Response
from referrals.models import (
    ContactAttempt,
    OutcomeLetter,
    Referral,
    ReferralLetter,
    ReferralWords,
    Screening,
    WaitPause,
)
from sessions.models import MISSED, TherapySession
from staff.models import Leave, User
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _past_the_walls(demo_clinic: date, db: None) -> Iterator[None]:
    with as_owner():
        yield


@pytest.fixture
def now(demo_clinic: date) -> datetime:
    return datetime.combine(demo_clinic, time(9, 58), tzinfo=LONDON)


def given(now: datetime) -> Exists:
    return Exists(Allocation.objects.current(at=now).screening().filter(course=OuterRef("pk")))


# --- Referrals --------------------------------------------------------------------------------------------------------


def test_every_course_says_how_it_arrived_and_nothing_arrived_before_it_was_referred() -> None:
    assert not Course.objects.filter(referral=None).exists()
    assert not Referral.objects.exclude(received_at__date=F("course__referred_on")).exists()
    ways = Counter(Referral.objects.values_list("way", flat=True))
    for way in ("self", "letter", "phone", "email", "electronic"):
        assert ways[way] >= 2, way
    assert not Referral.objects.filter(
        Q(way="self", consent_at=None) | Q(way="self", consent_words="")
    ).exists()


def test_words_and_letters_are_there_and_a_letter_is_a_pdf() -> None:
    assert ReferralWords.objects.exclude(problem="").count() >= 100
    assert ReferralLetter.objects.count() >= 3
    for letter in ReferralLetter.objects.all():
        content = bytes(letter.content)
        assert content.startswith(b"%PDF-1.4")
        assert content.endswith(b"%%EOF\n")
        assert len(content) == letter.size


def test_each_tick_about_harm_raised_one_alert_on_the_day_on_which_it_came(now: datetime) -> None:
    ticks = {
        "thoughts": Q(thoughts_of_harm=True),
        "harm_to_others": Q(might_harm_others=True),
        "domestic_abuse": Q(is_being_harmed=True),
        "child": Q(child_at_risk=True),
    }
    raised = Alert.objects.filter(raised_by=None, response=None)
    for kind, tick in ticks.items():
        assert raised.filter(kind=kind).count() == ReferralWords.objects.filter(tick).count(), kind
    assert raised.filter(closed_at=None).count() >= 2
    assert not raised.exclude(raised_at__date=F("course__referred_on")).exists()
    assert raised.filter(course__status="referred", acknowledged_at=None).exists()


# --- Screening --------------------------------------------------------------------------------------------------------


def test_nobody_waits_unscreened_and_who_screened_is_a_clinician() -> None:
    suitable = Screening.objects.filter(course=OuterRef("pk"), suitability="suitable")
    assert (
        not Course.objects.exclude(status__in=["referred", "not_taken_on"]).filter(~Exists(suitable)).exists()
    )
    screeners = set(Screening.objects.values_list("screener__full_name", flat=True))
    assert screeners == {"Amara Osei", "Grace Mbeki", "Ines Ferro"}
    moves = CourseMove.objects.filter(before="referred", after="waiting")
    assert not moves.exclude(by=F("course__referral__screened_by")).exists()


def test_referrals_wait_for_a_screener_or_are_given_to_one_and_some_are_late(
    demo_clinic: date, now: datetime
) -> None:
    referred = Course.objects.filter(status="referred")
    assert referred.filter(~given(now)).count() >= 2
    assert referred.filter(given(now)).count() >= 2
    late = referred.filter(referred_on__lt=demo_clinic - timedelta(days=8))
    assert late.filter(given(now)).exists()
    assert late.filter(~given(now)).exists()
    assert Screening.objects.filter(suitability="more_information", course__status="referred").count() >= 2
    assert Screening.objects.filter(suitability="not_suitable").count() >= 2
    amara = User.objects.get(email="therapist@clinic.example")
    assert Allocation.objects.current(at=now).screening().filter(therapist=amara).count() == 2


def test_a_screening_gives_access_only_until_it_is_recorded() -> None:
    ended = Allocation.objects.screening().exclude(ends_at=None)
    assert ended.count() >= 50
    assert not ended.exclude(ends_at=F("course__referral__screened_at")).exists()
    assert not Allocation.objects.screening().filter(ends_at=None).exclude(course__status="referred").exists()


def test_who_waits_with_nobody_was_asked_for_first_scores() -> None:
    alone = Course.objects.filter(status="waiting").exclude(allocations__kind="treatment")
    scored = Response.objects.filter(course=OuterRef("pk"), measure="phq9", total__isnull=False)
    assert alone.count() >= 8
    assert not alone.filter(~Exists(scored)).exists()


# --- Waiting ----------------------------------------------------------------------------------------------------------


def test_waits_have_passed_the_limit_or_are_near_it_and_clocks_stand_still(demo_clinic: date) -> None:
    waiting = list(Course.objects.filter(status="waiting"))
    days = [course.days_waited(on=demo_clinic) for course in waiting]
    assert sum(count > 42 for count in days) >= 2
    assert sum(28 < count <= 42 for count in days) >= 2
    assert WaitPause.objects.running().count() >= 2
    assert WaitPause.objects.exclude(ends_on=None).exists()
    for course in waiting:
        if course.started_on:
            assert course.days_waited(on=demo_clinic) < 20  # opened again: the clock began anew
            continue
        ended = [pause for pause in course.wait_pauses.all() if pause.ends_on]
        assert course.paused_days == sum((pause.ends_on - pause.starts_on).days for pause in ended)
        running = course.wait_pauses.running().first()
        assert course.paused_since == (running.starts_on if running else None)


def test_priorities_have_reasons_needs_are_there_and_the_office_tried_to_reach_people() -> None:
    priorities = Counter(Course.objects.values_list("priority", flat=True))
    assert priorities[1] >= 2
    assert priorities[2] >= 1
    assert not Referral.objects.filter(course__priority__gt=0, priority_reason="").exists()
    for needs in (Q(needs_evenings=True), Q(needs_video=True), ~Q(asks_for=""), Q(needs_step_free=True)):
        assert Client.objects.filter(needs).count() >= 2
    assert ContactAttempt.objects.count() >= 8
    assert not ContactAttempt.objects.filter(at__lt=F("course__opened_at")).exists()


def test_letters_say_what_became_of_a_referral_some_have_not_gone() -> None:
    kinds = Counter(OutcomeLetter.objects.values_list("kind", flat=True))
    for kind in ("accepted", "not_suitable", "signposted", "no_contact"):
        assert kinds[kind] >= 2, kind
    assert OutcomeLetter.objects.exclude(sent_on=None).count() >= 2
    assert not OutcomeLetter.objects.filter(body__contains="{").exists()


# --- What the office must put right -----------------------------------------------------------------------------------


def test_a_therapist_has_left_and_nobody_has_taken_over_the_courses(now: datetime) -> None:
    noel = User.objects.get(full_name="Noel Harding")
    assert not noel.is_active
    assert Course.objects.open().carried_by(noel, at=now).count() == 3


def test_appointments_lie_in_a_leave_that_was_entered_later(now: datetime) -> None:
    away = Leave.objects.filter(
        person=OuterRef("therapist"),
        starts_on__lte=OuterRef("starts_at__date"),
        ends_on__gte=OuterRef("starts_at__date"),
    )
    assert TherapySession.objects.ahead(at=now).filter(Exists(away)).count() >= 2


def test_two_clients_missed_their_last_two_appointments() -> None:
    missed = 0
    for course in Course.objects.filter(status="in_treatment"):
        last = course.sessions.exclude(attendance=None).exclude(attendance="").order_by("-starts_at")[:2]
        missed += [session.attendance in MISSED for session in last] == [True, True]
    assert missed >= 2


def test_two_people_are_registered_twice_and_one_of_the_pairs_has_two_open_courses() -> None:
    for last, both_open in (("Holt", False), ("Bowen", True)):
        one, other = Client.objects.filter(last_name=last)
        assert (one.date_of_birth, one.phone) == (other.date_of_birth, other.phone)
        assert set(one.similar_keys) & set(other.similar_keys)
        assert (Course.objects.open().filter(client__in=[one, other]).count() == 2) is both_open


def test_every_duty_of_the_office_has_something_to_show(now: datetime) -> None:
    lead = User.objects.get(email="lead@clinic.example")
    counts = {slug: office.duty_page(slug, lead, now=now, page=1).count for slug in office.BY_SLUG}
    assert {slug: count for slug, count in counts.items() if count < (1 if slug == "left" else 2)} == {}
