"""Appointments missed in a row: what counts, what breaks the row, and when the end of a course is proposed."""

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from courses.models import Course
from sessions.missed import missed_in_a_row, proposed_ends
from sessions.models import TherapySession
from staff.models import Clinic
from supervision import flags
from tests.cast import Cast, course_for, session_of
from tests.db.caseload.reading import words
from tests.roles import as_owner


@pytest.mark.parametrize(
    ("codes", "count"),
    [
        ("", 0),
        ("5", 0),
        ("35", 1),
        ("375", 2),
        ("3253", 1),  # cancelled in between: neither counts nor breaks the row
        ("2335", 2),
        ("533", 0),  # was seen the last time
        ("36", 1),  # came late and was seen
        ("333", 3),  # never seen at all
    ],
)
def test_missed_are_those_who_did_not_come_or_came_too_late_since_they_were_last_seen(
    cast: Cast, codes: str, count: int
) -> None:
    """`codes` are attendances, the latest first."""
    assert missed_in_a_row(codes) == count
    with as_owner():
        came(cast, cast.course, codes)
        rows = proposed_ends(TherapySession.objects.filter(course=cast.course))
        found = [(row["missed"], row["course"]) for row in rows]
    assert found == ([(count, cast.course.pk)] if count >= 2 else [])


def came(cast: Cast, course: Course, codes: str) -> None:
    """Past appointments with these attendances, the latest first."""
    now = timezone.now()
    for weeks, code in enumerate(codes, start=1):
        logged(cast, course, now - timedelta(days=7 * weeks), code)


def logged(cast: Cast, course: Course, at: datetime, code: str) -> None:
    """An assessment has no number, so that a row of them needs no counting."""
    session_of(
        course,
        cast.tara,
        at,
        kind="assessment",
        appointment_type="01",
        attendance=code,
        attendance_at=at,
        attendance_by=cast.tara,
    )


def test_what_was_entered_in_error_or_is_not_logged_does_not_count(cast: Cast) -> None:
    with as_owner():
        came(cast, cast.course, "335")
        session_of(cast.course, cast.tara, timezone.now() - timedelta(days=2))
        assert proposed_ends(TherapySession.objects.filter(course=cast.course)).count() == 1
        cast.course.sessions.filter(attendance="3").update(entered_in_error_at=timezone.now())
        assert proposed_ends(TherapySession.objects.filter(course=cast.course)).count() == 0


def test_the_clinic_says_after_how_many(cast: Cast) -> None:
    with as_owner():
        came(cast, cast.course, "33")
        Clinic.objects.update_or_create(pk=1, defaults={"missed_before_proposal": 3})
        assert proposed_ends(TherapySession.objects.all()).count() == 0
        logged(cast, cast.course, timezone.now() - timedelta(days=1), "7")
        assert proposed_ends(TherapySession.objects.all()).get()["missed"] == 3


def test_it_stands_on_the_therapists_pages_until_the_client_is_seen(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        came(cast, cast.course, "73")
    client.force_login(cast.tara)
    for page in ("/today/", "/attention/missed/"):
        assert "Missed 2 in a row" in words(client.get(page)), page
    course = words(client.get(f"/courses/{cast.course.pk}/"))
    assert "missed 2 in a row" in course
    assert "Nothing ends by itself" in course
    assert f'href="/courses/{cast.course.pk}/end/"' in client.get("/attention/missed/").content.decode()
    with as_owner():
        logged(cast, cast.course, timezone.now() - timedelta(hours=3), "6")
    assert "in a row" not in words(client.get("/today/"))
    assert "in a row" not in words(client.get(f"/courses/{cast.course.pk}/"))


def test_of_a_course_that_has_not_begun_it_asks_whether_it_is_taken_on(cast: Cast) -> None:
    with as_owner():
        came(cast, cast.course, "33")
        scope = flags.Scope(reader=cast.tara, courses=[cast.course.pk], now=timezone.now())
        (row,) = flags.rows(scope, flags=[flags.BY_SLUG["missed"]])
    assert row.act == f"/courses/{cast.course.pk}/status/"


def test_an_administrator_reads_it_as_a_fact_and_is_offered_no_end(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        came(cast, cast.course, "33")
    client.force_login(cast.ada)
    assert "Maya Fielding Missed 2 in a row" in words(client.get("/office/missed/"))
    page = client.get(f"/courses/{cast.course.pk}/")
    assert "missed 2 in a row" in words(page)
    assert f'href="/courses/{cast.course.pk}/end/"' not in page.content.decode()


def test_it_never_ends_a_course_and_an_ended_one_is_not_asked_about(cast: Cast) -> None:
    with as_owner():
        other = course_for(cast.course.client, cast.tara, status="ended", ended_on=timezone.localdate())
        came(cast, other, "333")
        scope = flags.Scope(reader=cast.tara, courses=[other.pk], now=timezone.now())
        assert flags.rows(scope, flags=[flags.BY_SLUG["missed"]]) == []
