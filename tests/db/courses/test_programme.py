"""A course opens with its referral, one at a time, and plans as many sessions as its phases hold."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.acting import act_as
from courses.actions import change_programme, open_course
from courses.models import Course
from tests.cast import Cast, client_named
from tests.roles import as_owner


@pytest.mark.parametrize(
    ("programme", "split", "planned"),
    [
        ("ipt16", [4, 8, 4], 16),
        ("brief8", [2, 4, 2], 8),
        ("adolescent12", [4, 5, 3], 12),
        ("maintenance", None, 12),
    ],
)
def test_a_course_opens_as_referred_with_the_plan_of_its_programme(
    cast: Cast, programme: str, split: list[int] | None, planned: int
) -> None:
    with as_owner():
        client = client_named("Noor", "Jabari")
    act_as(cast.ada.pk)
    opened = open_course(
        client=client,
        programme=programme,
        referred_on=timezone.localdate(),
        referral_source="A1",
        by=cast.ada,
    )
    course = Course.objects.get(pk=opened.pk)
    assert (course.status, course.split, course.planned_sessions) == ("referred", split, planned)
    assert course.moves.get().after == "referred"


def test_a_client_has_one_open_course(cast: Cast) -> None:
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="already has an open course"):
        open_course(
            client=cast.maya,
            programme="ipt16",
            referred_on=timezone.localdate(),
            referral_source="A1",
            by=cast.ada,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"programme": "nonsense"},
        {"split": [4, 8]},
        {"split": [0, 0, 0]},
        {"split": [4, 99, 4]},
        {"referral_source": "Z9"},
        {"referred_on": date(1950, 1, 1)},
        {"referred_on": date(2999, 1, 1)},
        {"programme": "maintenance", "planned": 500},
    ],
)
def test_what_makes_no_plan_is_refused(cast: Cast, wrong: dict) -> None:
    with as_owner():
        client = client_named("Noor", "Jabari")
    act_as(cast.ada.pk)
    right = {"programme": "ipt16", "referred_on": timezone.localdate(), "referral_source": "A1"}
    with pytest.raises(ValidationError):
        open_course(client=client, by=cast.ada, **(right | wrong))


def test_a_course_may_have_a_split_of_its_own(cast: Cast) -> None:
    act_as(cast.tara.pk)
    course = change_programme(
        course=cast.course, programme="ipt16", split=[5, 8, 5], version=1, by=cast.tara, reason="Slow start."
    )
    assert (course.split, course.planned_sessions, course.version) == ([5, 8, 5], 18, 2)


def test_a_programme_does_not_change_without_a_reason_or_a_change(cast: Cast) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Say why"):
        change_programme(course=cast.course, programme="brief8", by=cast.tara, reason=" ")
    with pytest.raises(ValidationError, match="Nothing has changed"):
        change_programme(course=cast.course, programme="ipt16", split=[4, 8, 4], by=cast.tara, reason="x")


def test_who_acts_on_an_old_page_is_told_what_stands_now(cast: Cast) -> None:
    act_as(cast.tara.pk)
    change_programme(course=cast.course, programme="brief8", version=1, by=cast.tara, reason="Agreed.")
    with pytest.raises(ValidationError, match="Somebody changed this"):
        change_programme(course=cast.course, programme="ipt12", version=1, by=cast.tara, reason="Agreed.")
    assert Course.objects.get(pk=cast.course.pk).programme == "brief8"
