"""Who carries a course: from this minute one therapist and no other, with a place to spare or a reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.acting import act_as
from courses.actions import allocate_course
from courses.models import Allocation, Course
from courses.places import places_of
from staff.models import Leave, User
from tests.cast import Cast, client_named, course_for, held_session, note_of, person
from tests.roles import as_owner


def test_a_course_is_handed_over_at_this_minute(cast: Cast) -> None:
    act_as(cast.ada.pk)
    allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada)
    old, new = cast.course.allocations.order_by("starts_at")
    assert (old.therapist, new.therapist) == (cast.tara, cast.olga)
    assert old.ends_at == new.starts_at
    assert new.ends_at is None
    assert not Course.objects.visible_to(cast.tara).filter(pk=cast.course.pk).exists()
    assert Course.objects.visible_to(cast.olga).filter(pk=cast.course.pk).exists()


def test_allocation_leaves_a_course_waiting(cast: Cast) -> None:
    with as_owner():
        course = course_for(client_named("Noor", "Jabari"))
    act_as(cast.ada.pk)
    allocate_course(course=course, therapist=cast.tara, by=cast.ada)
    assert Course.objects.get(pk=course.pk).status == "waiting"


def test_a_full_therapist_takes_one_more_only_with_a_reason(cast: Cast) -> None:
    with as_owner():
        User.objects.filter(pk=cast.olga.pk).update(places=1)
    cast.olga.refresh_from_db()
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Olga Other carries 1 of 1"):
        allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada)
    made = allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada, reason="Speaks Polish.")
    assert made.reason == "Speaks Polish."


def test_nobody_leaves_unsigned_notes_behind(cast: Cast) -> None:
    with as_owner():
        note_of(held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 1), signed=False)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Tara Tree has 1 unsigned note in this course"):
        allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada)


@pytest.mark.parametrize("who", ["sunil", "ada", "nadia"])
def test_only_a_therapist_carries_a_course(cast: Cast, who: str) -> None:
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="does not treat clients here"):
        allocate_course(course=cast.course, therapist=getattr(cast, who), by=cast.ada)


def test_who_has_left_carries_no_course(cast: Cast) -> None:
    with as_owner():
        gone = person("Gina Gone", "therapist", is_active=False)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="does not treat clients here"):
        allocate_course(course=cast.course, therapist=gone, by=cast.ada)


def test_the_same_therapist_twice_is_said(cast: Cast) -> None:
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Tara Tree carries this course already"):
        allocate_course(course=cast.course, therapist=cast.tara, by=cast.ada)


def test_a_closed_course_is_allocated_to_nobody(cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="ended", ended_on=timezone.localdate())
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Open it again first"):
        allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada)


def test_a_therapist_allocates_nothing_even_without_a_page(cast: Cast) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        allocate_course(course=cast.course, therapist=cast.olga, by=cast.tara)


def test_places_count_open_courses_that_are_carried_now(cast: Cast) -> None:
    with as_owner():
        course_for(client_named("Elsie", "Tran"), cast.tara)
        course_for(client_named("Paul", "Reyes"), cast.tara, status="ended", ended_on=timezone.localdate())
        before = course_for(client_named("Gareth", "Bowen"), cast.tara)
        Allocation.objects.filter(course=before).update(ends_at=timezone.now() - timedelta(days=1))
        Leave.objects.create(
            person=cast.olga,
            starts_on=timezone.localdate() - timedelta(days=1),
            ends_on=timezone.localdate() + timedelta(days=5),
            cover=cast.tara,
        )
    act_as(cast.ada.pk)
    olga, tara = places_of(at=timezone.now())
    assert (tara.therapist, tara.carried, tara.free, tara.away_until) == (cast.tara, 2, 14, None)
    assert (olga.therapist, olga.carried, olga.free) == (cast.olga, 1, 15)
    assert olga.away_until == timezone.localdate() + timedelta(days=5)
