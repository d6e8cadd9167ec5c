"""A status moves only along the table, each move is remembered, and the end leaves nothing undone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.actions import end_course, move_course, start_treatment
from courses.models import Course, CourseMove
from staff.models import Clinic
from tests.cast import Cast, course_for, held_session, note_of, session_of
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


def in_treatment(cast: Cast) -> Course:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(
            status="in_treatment", started_on=today() - timedelta(days=30)
        )
    return cast.course


def test_a_pause_says_why(cast: Cast) -> None:
    course = in_treatment(cast)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Say why"):
        move_course(course=course, to="paused", by=cast.tara)
    paused = move_course(course=course, to="paused", by=cast.tara, reason="In hospital until March.")
    assert paused.status == "paused"
    assert course.moves.latest("at").reason == "In hospital until March."


@pytest.mark.parametrize("to", ["referred", "paused", "ended", "follow_up", "nonsense", ""])
def test_a_waiting_course_cannot_become_what_the_table_does_not_hold(cast: Cast, to: str) -> None:
    act_as(cast.lena.pk)
    with pytest.raises(ValidationError):
        move_course(course=cast.course, to=to, by=cast.lena, reason="Because.")
    assert Course.objects.get(pk=cast.course.pk).status == "waiting"


def test_who_is_not_taken_on_has_a_reason_of_that_list(cast: Cast) -> None:
    act_as(cast.ada.pk)
    for code in ("", "46", "zz"):
        with pytest.raises(ValidationError, match="Choose from the list why it ends"):
            move_course(
                course=cast.course, to="not_taken_on", by=cast.ada, reason="Declined.", end_reason=code
            )
    course = move_course(
        course=cast.course, to="not_taken_on", by=cast.ada, reason="Declined.", end_reason="14"
    )
    assert (course.status, course.end_reason, course.ended_on) == ("not_taken_on", "14", today())


def test_a_course_ends_and_stays_readable_for_ninety_days(cast: Cast) -> None:
    course = in_treatment(cast)
    act_as(cast.tara.pk)
    ended = end_course(course=course, reason_code="46", on=today(), by=cast.tara)
    assert (ended.status, ended.end_reason, ended.ended_on) == ("ended", "46", today())
    assert Course.objects.visible_to(cast.tara).filter(pk=course.pk).exists()
    allocation = course.allocations.get()
    assert timezone.localdate(allocation.ends_at) == today() + timedelta(days=91)
    assert timezone.localtime(allocation.ends_at).hour == 0


def test_an_end_that_is_entered_late_does_not_shut_the_record_at_once(cast: Cast) -> None:
    course = in_treatment(cast)
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults={"readable_days_after_end": 0})
    act_as(cast.tara.pk)
    end_course(course=course, reason_code="46", on=today() - timedelta(days=20), by=cast.tara)
    with as_owner():
        allocation = course.allocations.get()
    assert allocation.ends_at >= timezone.now() - timedelta(minutes=1)


def test_unsigned_notes_hold_the_end_up(cast: Cast) -> None:
    course = in_treatment(cast)
    with as_owner():
        session = held_session(course, cast.tara, timezone.now() - timedelta(days=1), 1)
        note_of(session, signed=False)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="You have 1 unsigned note in this course"):
        end_course(course=course, reason_code="46", on=today(), by=cast.tara)
    act_as(cast.lena.pk)
    with pytest.raises(ValidationError, match="Tara Tree has 1 unsigned note in this course"):
        end_course(course=course, reason_code="46", on=today(), by=cast.lena)


def test_appointments_ahead_hold_the_end_up(cast: Cast) -> None:
    course = in_treatment(cast)
    with as_owner():
        session_of(course, cast.tara, timezone.now() + timedelta(days=3))
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="1 appointment still stands open"):
        end_course(course=course, reason_code="46", on=today(), by=cast.tara)
    with pytest.raises(ValidationError, match="1 appointment still stands open"):
        end_course(course=course, reason_code="46", on=today(), by=cast.tara, to="follow_up")


def test_a_follow_up_appointment_may_lie_ahead_when_follow_up_begins(cast: Cast) -> None:
    course = in_treatment(cast)
    with as_owner():
        session_of(
            course, cast.tara, timezone.now() + timedelta(days=30), kind="follow_up", appointment_type="06"
        )
    act_as(cast.tara.pk)
    moved = end_course(course=course, reason_code="46", on=today(), by=cast.tara, to="follow_up")
    assert (moved.status, moved.end_reason, moved.ended_on) == ("follow_up", "46", None)
    assert course.allocations.get().ends_at is None


def test_a_course_does_not_end_before_its_last_session(cast: Cast) -> None:
    course = in_treatment(cast)
    with as_owner():
        held_session(course, cast.tara, timezone.now() - timedelta(days=2), 1)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="A session was held after that"):
        end_course(course=course, reason_code="46", on=today() - timedelta(days=9), by=cast.tara)
    with pytest.raises(ValidationError, match="lies ahead"):
        end_course(course=course, reason_code="46", on=today() + timedelta(days=1), by=cast.tara)


def test_a_course_that_is_opened_again_waits_with_the_same_therapist(cast: Cast) -> None:
    course = in_treatment(cast)
    act_as(cast.tara.pk)
    end_course(course=course, reason_code="47", on=today(), by=cast.tara)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Say why"):
        move_course(course=course, to="waiting", by=cast.ada)
    again = move_course(course=course, to="waiting", by=cast.ada, reason="Asked to come back.")
    assert (again.status, again.ended_on, again.end_reason) == ("waiting", None, "")
    assert course.allocations.get().ends_at is None


def test_a_client_with_another_open_course_keeps_the_old_one_closed(cast: Cast) -> None:
    with as_owner():
        old = course_for(cast.maya, status="ended", ended_on=today(), end_reason="46")
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="already has an open course"):
        move_course(course=old, to="waiting", by=cast.ada, reason="Asked.")


def test_treatment_does_not_begin_before_the_referral(cast: Cast) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="before its referral"):
        start_treatment(course=cast.course, on=date(2001, 1, 1), by=cast.tara)


def test_a_stranger_moves_nothing_even_without_a_page(cast: Cast) -> None:
    act_as(cast.olga.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        move_course(course=cast.course, to="not_taken_on", by=cast.olga, reason="No.", end_reason="10")
    assert not CourseMove.objects.filter(course=cast.course).exists()


def test_each_move_stands_on_the_trail(cast: Cast) -> None:
    course = in_treatment(cast)
    act_as(cast.tara.pk)
    end_course(course=course, reason_code="46", on=today(), by=cast.tara)
    act_as(cast.lena.pk)
    event = Event.objects.get(course_id=course.pk, action="change")
    assert (event.what, event.user_id) == ("Moved the course from in treatment to ended", cast.tara.pk)
