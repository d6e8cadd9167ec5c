"""One focus is agreed with the client, at most two; what is changed stays on the record with its reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.acting import act_as
from courses.actions import agree_focus
from courses.models import Course, Focus
from tests.cast import Cast, agreed_focus
from tests.roles import as_owner


def test_two_areas_are_agreed_the_main_one_first(cast: Cast) -> None:
    act_as(cast.tara.pk)
    agree_focus(
        course=cast.course,
        areas=[("conflict", "with Tom (partner)"), ("grief", "")],
        agreed_on=timezone.localdate(),
        by=cast.tara,
    )
    standing = Focus.objects.visible_to(cast.tara).current().order_by("position")
    assert [(focus.position, focus.area, focus.about) for focus in standing] == [
        (1, "conflict", "with Tom (partner)"),
        (2, "grief", ""),
    ]


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ([], "Agree one focus, at most two"),
        ([("conflict", ""), ("grief", ""), ("isolation", "")], "Agree one focus, at most two"),
        ([("grief", ""), ("grief", "again")], "two different areas"),
        ([("sadness", "")], "Choose conflict, life change, grief or isolation"),
    ],
)
def test_what_is_no_focus_is_refused(cast: Cast, areas: list[tuple[str, str]], words: str) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match=words):
        agree_focus(course=cast.course, areas=areas, agreed_on=timezone.localdate(), by=cast.tara)


def test_a_change_says_why_and_ends_what_stood(cast: Cast) -> None:
    with as_owner():
        agreed_focus(cast.course, "conflict", cast.tara)
    act_as(cast.tara.pk)
    change = {"course": cast.course, "areas": [("life_change", "the move")], "by": cast.tara}
    with pytest.raises(ValidationError, match="Say why the focus changes"):
        agree_focus(agreed_on=timezone.localdate(), **change)
    agree_focus(agreed_on=timezone.localdate(), reason="The conflict is settled.", **change)
    old, new = Focus.objects.visible_to(cast.tara).order_by("agreed_on", "area")
    assert (old.area, old.reason, old.ended_at is None) == ("conflict", "The conflict is settled.", False)
    assert (new.area, new.reason, new.ended_at) == ("life_change", "", None)


def test_the_same_focus_again_is_no_change(cast: Cast) -> None:
    with as_owner():
        agreed_focus(cast.course, "conflict", cast.tara)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Nothing has changed"):
        agree_focus(
            course=cast.course,
            areas=[("conflict", "")],
            agreed_on=timezone.localdate(),
            by=cast.tara,
            reason="x",
        )


def test_a_focus_is_agreed_between_the_referral_and_today(cast: Cast) -> None:
    act_as(cast.tara.pk)
    for day in (timezone.localdate() + timedelta(days=1), cast.course.referred_on - timedelta(days=1)):
        with pytest.raises(ValidationError):
            agree_focus(course=cast.course, areas=[("grief", "")], agreed_on=day, by=cast.tara)


def test_a_closed_course_agrees_no_focus(cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="ended", ended_on=timezone.localdate())
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError):
        agree_focus(course=cast.course, areas=[("grief", "")], agreed_on=timezone.localdate(), by=cast.tara)


def test_an_administrator_reads_no_focus_whatever_is_asked(cast: Cast) -> None:
    with as_owner():
        agreed_focus(cast.course, "conflict", cast.tara)
    act_as(cast.ada.pk)
    assert not Focus.objects.all().exists()
