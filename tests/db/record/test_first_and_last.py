"""The first and the last treatment score: the same on the course page, in every list and beside the log page."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit.acting import act_as
from courses.models import Course
from outcomes.models import Response
from record import rows
from record.course_page import course_page, find_course
from sessions.beside import short, this_moment
from sessions.log_page import Beside
from tests.cast import Cast, answered, held_session
from tests.db.caseload.reading import spread
from tests.roles import as_owner


def ago(days: int) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def treated(cast: Cast) -> Course:
    """PHQ-9 20 and GAD-7 14 at the assessment, 16 14 12 and 12 10 9 over three sessions; then a form of the client's own two
    days after the last session, and a follow-up."""
    course, tara = cast.course, cast.tara
    with as_owner():
        Course.objects.filter(pk=course.pk).update(status="in_treatment")
        first = held_session(course, tara, ago(70), None, kind="assessment", appointment_type="01")
        measured = [(first, 20, 14)]
        for number, days, phq9, gad7 in ((1, 56, 16, 12), (2, 49, 14, 10), (3, 42, 12, 9)):
            measured.append((held_session(course, tara, ago(days), number), phq9, gad7))
        after = held_session(course, tara, ago(10), None, kind="follow_up", appointment_type="06")
        for session, phq9, gad7 in [*measured, (after, 4, 3)]:
            answered(session, "phq9", spread(phq9))
            answered(session, "gad7", spread(gad7, 7))
        Response.objects.create(
            course=course,
            measure="phq9",
            instrument_version="1",
            answers=spread(5),
            total=5,
            taken_at=ago(40),
            entered_by=tara,
        )
    act_as(tara.pk)
    return course


def row_of(course: Course, cast: Cast) -> rows.Row:
    (row,) = rows.of_courses(
        Course.objects.visible_to(cast.tara).filter(pk=course.pk), now=timezone.now(), clinical=True
    )
    return row


def test_a_list_says_first_and_last_of_the_treatment_and_draws_all(cast: Cast, treated: Course) -> None:
    change = row_of(treated, cast).change
    assert change is not None
    assert (change.first, change.last) == (20, 12)
    assert change.words == "Reliable improvement"
    assert change.totals == (20, 16, 14, 12, 5, 4)


def test_the_course_page_says_the_same(cast: Cast, treated: Course) -> None:
    course, is_clinical = find_course(cast.tara, treated.pk)
    page = course_page(course, cast.tara, is_clinical=is_clinical, page="1", at=timezone.now())
    assert page.progress is not None
    assert page.progress.change == "Reliable improvement: PHQ-9 down 8, GAD-7 down 5"


def test_the_log_page_says_the_same_and_since_when(cast: Cast, treated: Course) -> None:
    beside = Beside(treated, this_moment(treated, at=timezone.now()), user=cast.tara)
    # Session 2: PHQ-9 20 to 14 and GAD-7 14 to 10, the least that is reliable.
    since = short(ago(49).date())
    assert beside.change_words == f"PHQ-9 down 8, GAD-7 down 5. Reliable improvement since {since}."


def test_one_measure_down_and_the_other_up_is_told_in_points_without_reliable_change(
    cast: Cast, treated: Course
) -> None:
    with as_owner():
        Response.objects.filter(measure="gad7", total=9).update(answers=spread(18, 7), total=18)
    beside = Beside(treated, this_moment(treated, at=timezone.now()), user=cast.tara)
    assert beside.change_words == "PHQ-9 down 8, GAD-7 up 4. No reliable change."
    assert row_of(treated, cast).change.words == "No reliable change"


def test_before_the_first_treatment_session_there_is_a_start_and_no_change(cast: Cast) -> None:
    with as_owner():
        for days, total in ((20, 19), (10, 11)):
            session = held_session(
                cast.course, cast.tara, ago(days), None, kind="assessment", appointment_type="01"
            )
            answered(session, "phq9", spread(total))
    act_as(cast.tara.pk)
    change = row_of(cast.course, cast).change
    assert (change.first, change.last, change.words) == (19, None, "No two scores yet")
    beside = Beside(cast.course, this_moment(cast.course, at=timezone.now()), user=cast.tara)
    assert beside.change_words == "No two scores yet, so nothing to compare."
