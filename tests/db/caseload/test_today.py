"""Today: what is next, what needs attention and why, the caseload."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from audit.models import Event
from courses.models import Course
from outcomes.models import Response
from sessions.models import SessionLink, TherapySession
from tests.cast import (
    Cast,
    agreed_focus,
    answered,
    client_named,
    course_for,
    held_session,
    link_for,
    note_of,
    person,
    session_of,
)
from tests.db.caseload.reading import spread, words
from tests.roles import as_owner

NOON = timezone.make_aware(datetime(2026, 11, 23, 12, 0))


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return


def test_the_head_greets_and_says_the_day(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    text = words(client.get("/today/"))
    assert "Monday 23 November 2026" in text
    assert "Good afternoon, Tara" in text


def test_the_day_says_each_appointment_and_its_next_act(client: Browser, cast: Cast) -> None:
    with as_owner():
        course = Course.objects.get(pk=cast.course.pk)
        for number in (1, 2, 3):
            held_session(course, cast.tara, NOON - timedelta(weeks=5 - number), number)
        signed = held_session(course, cast.tara, NOON - timedelta(hours=3), 4)
        note_of(signed)
        session_of(course, cast.tara, NOON - timedelta(minutes=10))
        session_of(course, cast.tara, NOON + timedelta(hours=2), mode="video")
        session_of(course, cast.tara, NOON + timedelta(hours=4), attendance="2")
        session_of(course, cast.tara, NOON + timedelta(days=1))
    client.force_login(cast.tara)
    text = words(client.get("/today/"))
    assert "4 appointments" in text
    assert "09:00 Maya Fielding Session 4 · Initial · In person ✓ Logged, signed 09:50" in text
    assert "11:50 Maya Fielding Session 5 · Middle · In person" in text
    assert "14:00 Maya Fielding Session 5 · Middle · Video" in text
    assert "16:00 Maya Fielding Session 5 · Middle · In person · Client cancelled" in text


def test_the_caseload_says_how_far_what_changed_and_what_is_next(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        for number, total in enumerate([19, 17, 15, 14, 13, 12], start=1):
            session = held_session(cast.course, cast.tara, NOON - timedelta(weeks=7 - number), number)
            answered(session, "phq9", spread(total))
        session_of(cast.course, cast.tara, NOON + timedelta(days=1, hours=-2), mode="phone")
        agreed_focus(cast.course, "conflict", cast.tara)
    client.force_login(cast.tara)
    text = words(client.get("/today/"))
    assert "1 active of 16 places · 1 shown" in text
    assert f"{cast.maya.number} · 36 Middle · session 7 next Conflict" in text
    assert "19 → 12 Reliable improvement Tomorrow 10:00 Phone" in text


def test_what_needs_attention_is_capped_and_its_count_opens_every_row(client: Browser, cast: Cast) -> None:
    with as_owner():
        for number in range(21):
            course_for(client_named(f"Client{number:02}", "Waiting"), cast.tara, status="in_treatment")
    client.force_login(cast.tara)
    page = client.get("/today/")
    assert "20 of 21" in words(page)
    assert page.content.decode().count("Nothing is booked in the next 14 days.") == 20
    behind = client.get("/attention/all/")
    assert behind.content.decode().count("Nothing is booked in the next 14 days.") == 21
    assert (
        client.get("/attention/not-booked/").content.decode().count("Nothing is booked in the next 14 days.")
        == 21
    )
    assert client.get("/attention/risk/").status_code == 200
    assert client.get("/attention/nonsense/").status_code == 404


def test_an_empty_day_says_what_will_stand_here(client: Browser, cast: Cast) -> None:
    with as_owner():
        new = person("Nora New", "therapist")
    client.force_login(new)
    text = words(client.get("/today/"))
    assert "No appointments today" in text
    assert "Nothing needs you now" in text
    assert "No courses yet" in text
    assert "0 active of 16 places · 0 shown" in text


def test_somebody_else_s_day_and_caseload_are_not_shown(client: Browser, cast: Cast) -> None:
    with as_owner():
        session_of(cast.others_course, cast.olga, NOON)
        session_of(cast.course, cast.tara, NOON)
    client.force_login(cast.olga)
    text = words(client.get("/today/"))
    assert "Owen Pritchard" in text
    assert "Fielding" not in text


def test_the_trail_remembers_which_courses_were_listed(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    client.get("/today/")
    with as_owner():
        event = Event.objects.get(user=cast.tara)
    assert (event.action, event.what, event.object_ids) == ("list", "Today", [cast.course.pk])


def appointment(cast: Cast) -> TherapySession:
    with as_owner():
        return session_of(cast.course, cast.tara, NOON + timedelta(hours=2))


def filled_in(cast: Cast, session: TherapySession) -> None:
    at = NOON - timedelta(hours=3)
    with as_owner():
        link, _ = link_for(cast.course, cast.tara, ended_at=at, finished_at=at, end_reason="finished")
        SessionLink.objects.create(session=session, course=cast.course, link=link)
        for measure, items in (("phq9", 9), ("gad7", 7)):
            Response.objects.create(
                course=cast.course,
                measure=measure,
                instrument_version="1",
                answers=[1] * items,
                total=items,
                came="link",
                link=link,
                taken_at=at,
            )


def test_measures_that_are_not_in_yet_can_be_sent_for(client: Browser, cast: Cast) -> None:
    with as_owner():
        session_of(cast.course, cast.tara, NOON + timedelta(minutes=30), minutes=15)
    session = appointment(cast)
    client.force_login(cast.tara)
    page = client.get("/today/")
    assert "14:00 Maya Fielding Session 1 · Initial · In person · measures not in yet Send link" in words(
        page
    )
    assert f"/courses/{cast.course.pk}/links/new/?session={session.pk}" in page.content.decode()


def test_an_appointment_says_what_has_come_by_link_and_when(client: Browser, cast: Cast) -> None:
    filled_in(cast, appointment(cast))
    client.force_login(cast.tara)
    assert "Session 1 · Initial · In person · PHQ-9 and GAD-7 received 09:00" in words(client.get("/today/"))


def test_the_open_page_of_today_is_told_only_of_what_is_new(client: Browser, cast: Cast) -> None:
    session = appointment(cast)
    client.force_login(cast.tara)
    mark = client.get("/today/").context["appointments_mark"]
    assert client.get("/today/appointments/", {"mark": mark}).status_code == 204
    filled_in(cast, session)
    assert "received 09:00" in words(client.get("/today/appointments/", {"mark": mark}))
