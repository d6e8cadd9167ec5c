"""A status moves only along the table, each move is remembered, and the end leaves nothing undone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.acting import act_as
from courses.actions import end_course, move_course, start_treatment
from courses.models import Course, CourseMove
from staff.models import Clinic
from tests.cast import Cast, client_named, course_for, held_session, note_of, session_of
from tests.roles import as_owner

today = timezone.localdate


def moves_of(course: Course) -> list[tuple[str, str]]:
    return list(course.moves.exclude(before="").order_by("at").values_list("before", "after"))


def test_the_first_attended_session_takes_a_waiting_course_into_treatment(cast: Cast) -> None:
    act_as(cast.tara.pk)
    course = start_treatment(course=cast.course, on=today(), by=cast.tara)
    assert (course.status, course.started_on) == ("in_treatment", today())
    assert moves_of(course) == [("waiting", "in_treatment")]


def test_a_referred_course_passes_through_waiting(cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="referred")
    act_as(cast.tara.pk)
    course = start_treatment(course=cast.course, on=today(), by=cast.tara)
    assert course.status == "in_treatment"
    assert moves_of(course) == [("referred", "waiting"), ("waiting", "in_treatment")]


def test_an_earlier_session_logged_late_moves_the_first_day_back(cast: Cast) -> None:
    act_as(cast.tara.pk)
    start_treatment(course=cast.course, on=today(), by=cast.tara)
    start_treatment(course=cast.course, on=today() - timedelta(days=7), by=cast.tara)
    course = start_treatment(course=cast.course, on=today() - timedelta(days=3), by=cast.tara)
    assert course.started_on == today() - timedelta(days=7)
    assert len(moves_of(course)) == 1
