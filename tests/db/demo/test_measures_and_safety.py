"""What the invented clinic shows of scores, links, alerts and safety plans: each state that a page can be in."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Exists, F, Max, OuterRef, Q

from access import policy
from courses.models import Course, Goal
from outcomes.models import (
    Alert,
    AlertAct,
    AlertTold,
    ClinicWording,
    ExpectedBand,
    ExpectedModel,
    GoalRating,
    Link,
    Response,
    SafetyPlan,
    SafetyPlanCopy,
    Signal,
)
from outcomes.telling import tell_due
from sessions.models import SessionLink, SessionResponse
from staff.models import Leave
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _past_the_walls(demo_clinic: date, db: None) -> Iterator[None]:
    with as_owner():
        yield


@pytest.fixture
def now(demo_clinic: date) -> datetime:
    return datetime.combine(demo_clinic, time(9, 58), tzinfo=LONDON)


# --- Alerts


def test_alerts_by_hand_are_there_a_restricted_one_among_them_and_answers_of_one_two_and_three() -> None:
    kinds = Counter(Alert.objects.values_list("kind", flat=True))
    assert {"answer", "thoughts", "plan", "child", "adult", "domestic_abuse"} <= set(kinds)
    assert set(Alert.objects.filter(kind="answer").values_list("value", flat=True)) == {1, 2, 3}
    assert Alert.objects.filter(kind="domestic_abuse", closed_at=None).exists()
    assert Alert.objects.filter(response__came="link", closed_at=None, acknowledged_at=None).exists()


def test_follow_ups_are_due_ahead_and_overdue(demo_clinic: date) -> None:
    latest = AlertAct.objects.filter(alert__closed_at=None).exclude(follow_up_on=None)
    assert latest.filter(follow_up_on__lt=demo_clinic).exists()
    assert latest.filter(follow_up_on__gte=demo_clinic).exists()
    assert not latest.filter(follow_up_on__lt=F("at__date")).exists()


def test_every_alert_was_closed_by_an_act_and_nothing_was_done_before_it_was_raised(now: datetime) -> None:
    closing = AlertAct.objects.filter(alert=OuterRef("pk"), closes=True, at=OuterRef("closed_at"))
    assert not Alert.objects.filter(~Exists(closing), closed_at__isnull=False).exists()
    assert not AlertAct.objects.filter(Q(at__lt=F("alert__raised_at")) | Q(at__gt=now)).exists()
    assert not AlertAct.objects.filter(at__gt=F("alert__closed_at")).exists()
    assert AlertAct.objects.filter(closes=False).count() >= 5


def test_owner_supervisor_lead_and_cover_were_told_and_nobody_waits_to_be(now: datetime) -> None:
    roles = Counter(AlertTold.objects.values_list("role", "stage"))
    for told in (("therapist", "first"), ("supervisor", "supervisor"), ("lead", "lead"), ("cover", "first")):
        assert roles[told], told
    assert not AlertTold.objects.filter(Q(at__gt=now) | Q(at__lt=F("alert__tell_from"))).exists()
    assert tell_due(at=now) == 0


def test_a_therapist_is_away_today_and_their_cover_has_an_alert(demo_clinic: date, now: datetime) -> None:
    leave = Leave.objects.on(demo_clinic).get()
    assert (leave.person.full_name, leave.cover.full_name) == ("Elin Hughes", "Grace Mbeki")
    covered = Course.objects.filter(policy.covered_by(leave.cover, at=now))
    assert covered.filter(allocations__therapist=leave.person, alerts__closed_at=None).exists()


# --- Safety plans


def test_safety_plans_have_versions_and_copies_and_two_wait_to_be_looked_at_again(demo_clinic: date) -> None:
    assert SafetyPlan.objects.values("course").distinct().count() >= 8
    assert SafetyPlan.objects.filter(number=2).count() >= 2
    standing = SafetyPlan.objects.filter(pk__in=SafetyPlan.objects.newest().values("pk"))
    assert standing.filter(review_on__lt=demo_clinic).count() >= 2
    assert standing.filter(review_on__gte=demo_clinic).count() >= 2
    assert set(SafetyPlanCopy.objects.values_list("given_to", "how")) == {
        ("client", "printed"),
        ("gp", "post"),
    }
    assert not SafetyPlanCopy.objects.filter(given_on__lt=F("plan__written_at__date")).exists()
    assert not SafetyPlan.objects.filter(Q(coping__contains="{") | Q(people__contains="{")).exists()


# --- Links


def test_links_are_there_from_sent_to_ended(now: datetime) -> None:
    live = Link.objects.live(at=now)
    assert live.filter(opened_at=None).exists()
    assert live.filter(opened_at__isnull=False, begun_at=None).exists()
    assert live.filter(begun_at__isnull=False, finished_at=None, responses__total=None).exists()
    assert set(Link.objects.exclude(end_reason="").values_list("end_reason", flat=True)) == {
        "finished",
        "expired",
        "withdrawn",
        "tries",
    }


def test_what_was_finished_by_link_waits_for_todays_sessions(demo_clinic: date, now: datetime) -> None:
    finished = Link.objects.filter(end_reason="finished")
    assert finished.count() == 2
    for row in SessionLink.objects.filter(link__in=finished).select_related("session"):
        assert row.session.starts_at.astimezone(LONDON).date() == demo_clinic
        assert row.session.attendance in (None, "")
    assert not SessionResponse.objects.filter(response__came="link").exists()
    assert finished.filter(responses__alerts__closed_at=None, responses__alerts__value=1).count() == 1


# --- Scores


def test_every_questionnaire_is_there_in_each_way_that_it_can_be_filled_in() -> None:
    rows = Response.objects
    assert rows.filter(measure="wsas", without_work=True, total__lte=32, answers__0=None).exists()
    assert rows.filter(measure="wsas", without_work=False, total__isnull=False).exists()
    assert rows.filter(measure="core10", total=None).exists()  # one answer is missing: an estimate
    assert rows.filter(measure="core10", total__isnull=False).exists()
    assert rows.filter(measure="ucla3", unscored__isnull=False).exists()
    assert rows.filter(measure="phq9", unscored__isnull=False).exists()
    assert rows.filter(is_total_only=True, came="paper").exists()
    assert ClinicWording.objects.get().measure == "wsas"
    young = Course.objects.filter(programme="adolescent12", status="in_treatment", responses__measure="phq9")
    assert young.exists()


def test_goals_are_rated_from_session_to_session(now: datetime) -> None:
    assert Goal.objects.count() >= 10
    ratings = Counter(GoalRating.objects.values_list("goal", flat=True))
    assert max(ratings.values()) >= 3
    assert not GoalRating.objects.filter(rated_on__lt=F("goal__agreed_on")).exists()
    assert not GoalRating.objects.filter(entered_at__gt=now).exists()


def test_the_ended_courses_make_an_expected_course() -> None:
    model = ExpectedModel.objects.get()
    assert model.courses >= 30
    bands = ExpectedBand.objects.filter(model=model)
    assert {"phq9", "gad7"} == set(bands.values_list("measure", flat=True))
    assert bands.count() >= 10


def test_signals_of_each_rule_are_there_and_some_of_them_are_answered(now: datetime) -> None:
    rules = Counter(Signal.objects.values_list("rule", flat=True))
    assert set(rules) == {"expected", "worsening", "weeks", "mid_course"}
    answered = Counter(Signal.objects.exclude(reviewed_at=None).values_list("rule", flat=True))
    assert set(answered) == set(rules)
    assert Signal.objects.open().values("rule").distinct().count() >= 3
    assert not Signal.objects.filter(Q(reviewed_at__lt=F("raised_at")) | Q(reviewed_at__gt=now)).exists()
    newest = Response.objects.standing().aggregate(last=Max("taken_at"))["last"]
    assert Signal.objects.aggregate(last=Max("raised_at"))["last"] <= newest + timedelta(minutes=60)
