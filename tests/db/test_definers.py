"""Functions that see past the policies give numbers, keys and times, to those who may know them, and are not empty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.acting import act_as
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner


def one(sql: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("who", "count"), [("tara", 1), ("sunil", 1), ("ada", 1), ("lena", 1), ("olga", 0), ("nadia", 0)]
)
def test_unsigned_drafts_are_counted_for_those_near_the_course(cast: Cast, who: str, count: int) -> None:
    with as_owner():
        session = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1)
        people.note_of(session, signed=False)
    act_as(getattr(cast, who).pk)
    assert one("select count_drafts(%s)", cast.course.pk) == count


@pytest.mark.parametrize(("who", "count"), [("tara", 1), ("ada", 1), ("olga", 0), ("nadia", 0)])
def test_a_similar_name_is_counted_for_those_who_see_the_client(cast: Cast, who: str, count: int) -> None:
    with as_owner():
        people.client_named("Mia", "Feilding")
    act_as(getattr(cast, who).pk)
    assert one("select count_similar_clients(%s)", cast.maya.pk) == count


@pytest.mark.parametrize(("who", "count"), [("tara", 1), ("ada", 1), ("sunil", 1), ("olga", 0)])
def test_signed_sessions_are_known_by_key_alone(cast: Cast, who: str, count: int) -> None:
    with as_owner():
        people.note_of(people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1))
    act_as(getattr(cast, who).pk)
    assert len(one("select signed_sessions(%s)", cast.course.pk)) == count  # type: ignore[arg-type]


def test_a_taken_hour_is_known_by_its_times(cast: Cast) -> None:
    with as_owner():
        room = people.room()
        theirs = people.session_of(
            cast.others_course, cast.olga, timezone.now() + timedelta(days=1), room=room
        )
    act_as(cast.tara.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select starts_at, taken from times_taken(%s, %s, %s, %s, %s)",
            [cast.tara.pk, cast.maya.pk, room.pk, timezone.now(), timezone.now() + timedelta(days=2)],
        )
        assert cursor.fetchall() == [(theirs.starts_at, "room")]


def test_the_therapist_of_a_course_is_the_one_who_carries_it_now(cast: Cast) -> None:
    act_as(cast.ada.pk)
    assert one("select therapist_of(%s)", cast.course.pk) == cast.tara.pk


def test_a_deputy_sees_the_courses_while_the_supervisor_is_on_leave_and_not_after(cast: Cast) -> None:
    act_as(cast.dana.pk)
    assert one("select cardinality(courses_near_me())") == 0
    today = timezone.localdate()
    with as_owner():
        leave = cast.sunil.leave.create(starts_on=today, ends_on=today, cover=cast.dana)
    act_as(cast.dana.pk)
    assert one("select cardinality(courses_near_me())") == 1
    with as_owner():
        leave.starts_on = leave.ends_on = today - timedelta(days=1)
        leave.save()
    act_as(cast.dana.pk)
    assert one("select cardinality(courses_near_me())") == 0


def test_access_ends_with_the_allocation_at_that_minute(cast: Cast) -> None:
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now())
    act_as(cast.tara.pk)
    assert one("select cardinality(courses_near_me())") == 0


def test_access_ends_when_a_person_may_no_longer_sign_in(cast: Cast) -> None:
    with as_owner():
        type(cast.tara).objects.filter(pk__in=[cast.tara.pk, cast.ada.pk, cast.lena.pk]).update(
            is_active=False
        )
    for person in (cast.tara, cast.ada, cast.lena):
        act_as(person.pk)
        assert one("select count(*) from clients_client") == 0
