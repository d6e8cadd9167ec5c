"""The course page: who reads it, what an administrator's leaves out, and what it costs."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event
from courses.models import Course
from outcomes.models import Alert
from sessions.models import ContactDue, SessionFocus
from tests.cast import (
    Cast,
    addendum_to,
    agreed_focus,
    answered,
    client_named,
    contact_note_of,
    held_session,
    note_of,
    session_of,
)
from tests.roles import as_owner

# Written into every clinical table, and into nothing that an administrator may see.
CANARY = "kingfisher"


def ago(days: int, hour: int = 10) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def fill(cast: Cast, count: int = 5) -> None:
    """Weekly sessions, each signed and measured, one missed, one draft of Tara's and one appointment ahead."""
    course, tara = cast.course, cast.tara
    with as_owner():
        began = ago(7 * count + 7).date()
        Course.objects.filter(pk=course.pk).update(
            status="in_treatment", referred_on=began - timedelta(days=20), started_on=began
        )
        for n in range(1, count + 1):
            session = held_session(course, tara, ago(7 * (count - n) + 7), n)
            answered(session, "phq9", [2] * 8 + [0])
            answered(session, "gad7", [2, 2, 2, 2, 2, None, 2] if n == 2 else [1] * 7)
            SessionFocus.objects.create(session=session, course=course, area="grief")
            note_of(session, week=CANARY, work=CANARY, next_time=CANARY, risk=CANARY)
        missed = session_of(course, tara, ago(4), attendance="3", attendance_at=ago(4), attendance_by=tara)
        ContactDue.objects.create(session=missed, course=course, for_person=tara, raised_by=cast.ada)
        drafted = session_of(course, tara, ago(2))
        note_of(drafted, signed=False, week=CANARY, started_at=ago(2, 11))
        session_of(course, tara, ago(-5))
        agreed_focus(course, "grief", tara, about=f"for {CANARY}")


def raise_alert(cast: Cast) -> Alert:
    with as_owner():
        session = held_session(cast.course, cast.tara, ago(1), 90)
        response = answered(session, "phq9", [1] * 8 + [2])
        return Alert.objects.create(course=cast.course, response=response, item=9, value=2)


def page_of(client: Browser, person: Any, course: Course, query: str = "") -> str:
    client.force_login(person)
    response = client.get(f"/courses/{course.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("tara", 200),
        ("olga", 404),
        ("sunil", 200),
        ("dana", 404),
        ("ada", 200),
        ("lena", 200),
        ("nadia", 404),
    ],
)
def test_only_those_who_may_see_the_client_find_the_course(
    client: Browser, cast: Cast, who: str, answer: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(f"/courses/{cast.course.pk}/").status_code == answer


def test_a_stranger_gets_the_page_of_an_address_that_never_existed(client: Browser, cast: Cast) -> None:
    client.force_login(cast.olga)
    theirs = client.get(f"/courses/{cast.course.pk}/").content
    assert theirs == client.get(f"/courses/{uuid4()}/").content


@pytest.mark.parametrize("who", ["tara", "sunil", "lena"])
def test_who_reads_the_content_sees_focus_scores_and_where_each_note_stands(
    client: Browser, cast: Cast, who: str
) -> None:
    fill(cast)
    html = page_of(client, getattr(cast, who), cast.course)
    assert "Grief: for kingfisher" in html
    assert ">PHQ-9 16</a></div>" in html
    assert ">GAD-7 7</a></div>" in html
    assert "Signed" in html
    draft = "Your draft, 2 days old" if who == "tara" else "Unsigned draft, 2 days old"
    assert draft in html
    assert "5 of 16 attended, 1 missed" in html


def test_an_administrator_gets_strip_and_attendance_and_not_one_clinical_word(
    client: Browser, cast: Cast
) -> None:
    fill(cast)
    raise_alert(cast)
    with as_owner():
        note = contact_note_of(cast.course, cast.tara, who=CANARY, work=CANARY)
        addendum_to(note, work=CANARY)
    # The dialog of every page that signs in again has a role of this name.
    html = page_of(client, cast.ada, cast.course).replace('role="alert"', "")
    assert "Did not attend" in html
    assert "6 of 16 sessions attended, 1 missed" in html
    for word in (
        CANARY,
        "Grief",
        "PHQ",
        "GAD",
        "draft",
        "Signed",
        "alert",
        "Symptoms",
        "Contact due",
        "contact",
        "addend",
        "plot",
    ):
        assert word not in html, word


def test_for_an_administrator_no_clinical_table_is_asked(client: Browser, cast: Cast) -> None:
    fill(cast)
    client.force_login(cast.ada)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/courses/{cast.course.pk}/")
    clinical = (
        "courses_focus",
        "outcomes_",
        "sessions_note",
        "sessionfocus",
        "sessionresponse",
        "contactdue",
    )
    for query in asked.captured_queries:
        for table in clinical:
            # The first question, for the course with its focus, finds no row of an administrator's. A link says who sent
            # it and how far the client came, and carries no answer. The banner asks for the plans of courses whose content
            # the reader sees, of which there are none.
            asks = query["sql"].replace("outcomes_link", "")
            assert table not in asks or "courses_focus" in asks or "plan_written_at" in asks, query["sql"]


def test_an_open_alert_and_a_contact_due_stand_on_top(client: Browser, cast: Cast) -> None:
    fill(cast)
    alert = raise_alert(cast)
    html = page_of(client, cast.tara, cast.course)
    assert f"/courses/{cast.course.pk}/alerts/{alert.pk}/" in html
    assert "May did not come on" in html
    assert html.index("To be answered") < html.index("Symptoms over sessions")


def test_the_chart_and_its_table_hold_the_same_numbers(client: Browser, cast: Cast) -> None:
    fill(cast, count=2)
    html = page_of(client, cast.tara, cast.course)
    data = html.split('<script id="course-progress" type="application/json">')[1].split("</script>")[0]
    chart = json.loads(data)
    assert [[point["place"], point["total"]] for point in chart["lines"][0]["points"]] == [[1, 16], [2, 16]]
    # The second GAD-7 has a gap: no total, so no point, and the table says so.
    assert [[point["place"], point["total"]] for point in chart["lines"][1]["points"]] == [[1, 7]]
    assert chart["phases"] == [
        {"code": "initial", "name": "Initial", "first": 1, "last": 4},
        {"code": "middle", "name": "Middle", "first": 5, "last": 12},
        {"code": "end", "name": "End", "first": 13, "last": 16},
    ]
    assert chart["caseness"]["value"] == 10
    table = html.split('id="course-progress-table"')[1].split("</details>")[0]
    assert table.count("16, moderately severe") == 2
    assert table.count("7, mild") == 1
    assert table.count("incomplete") == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "treatment", "appointment_type": "02"}, "Log session 1"),
        ({"kind": "assessment", "appointment_type": "01"}, "Log assessment"),
    ],
)
def test_the_next_act_is_to_log_what_is_booked_today(
    client: Browser, cast: Cast, fields: dict[str, str], words: str
) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, timezone.now() - timedelta(minutes=1), **fields)
    html = page_of(client, cast.tara, cast.course)
    assert f'href="/courses/{cast.course.pk}/sessions/{session.pk}/">{words}<' in html


def test_after_the_end_of_treatment_a_session_is_logged_without_a_number(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="follow_up")
    html = page_of(client, cast.tara, cast.course)
    assert "Log a session" in html


@pytest.mark.parametrize(
    ("who", "offered", "not_offered"),
    [
        ("tara", ["Agree focus", "Programme", "Status", "Book", "Log session"], ["Allocate"]),
        ("sunil", [], ["Agree focus", "Programme", "Status<", "Book ", "Log session", "Allocate"]),
        ("ada", ["Status", "Book Maya Fielding", "Allocate Maya Fielding"], ["Agree focus", "Log session"]),
        ("lena", ["Status", "Allocate Maya Fielding"], ["Agree focus", "Book ", "Log session", "Programme"]),
    ],
)
def test_only_acts_that_the_person_may_do_are_offered(
    client: Browser, cast: Cast, who: str, offered: list[str], not_offered: list[str]
) -> None:
    html = page_of(client, getattr(cast, who), cast.course)
    links = [piece.split("</a>")[0].split(">", 1)[1] for piece in html.split("<a ")[1:]]
    for words in offered:
        assert any(words in link for link in links), words
    for words in not_offered:
        assert not any(words in link for link in links), words


def test_contact_says_beside_phone_and_address_what_is_safe(client: Browser, cast: Cast) -> None:
    with as_owner():
        client_of_tara = cast.maya
        client_of_tara.phone = "07700 900123"
        client_of_tara.address = "1 Newton Road"
        client_of_tara.may_leave_message = True
        client_of_tara.must_not_be_told = "Her brother Joe"
        client_of_tara.save()
    html = page_of(client, cast.tara, cast.course)
    assert "safe to leave a message" in html
    assert "do not write home" in html
    assert "Her brother Joe" in html


def test_a_long_course_shows_forty_sessions_and_leads_to_the_earlier_ones(
    client: Browser, cast: Cast
) -> None:
    fill(cast, count=60)
    first = page_of(client, cast.tara, cast.course)
    assert "Session 60" in first
    assert ">Earlier</a>" in first
    sessions = first.split('id="sessions"')[1]
    assert "Session 12<" not in sessions
    second = page_of(client, cast.tara, cast.course, "?page=2").split('id="sessions"')[1]
    assert "Session 12<" in second
    assert ">Later</a>" in second


@pytest.mark.parametrize("who", ["tara", "sunil", "ada", "lena"])
def test_five_sessions_cost_as_many_questions_as_five_hundred_and_at_most_nine(
    client: Browser, cast: Cast, who: str
) -> None:
    person = getattr(cast, who)
    fill(cast, count=5)
    few = own_queries(client, person, cast.course)
    with as_owner():
        start = ago(2000)
        for n in range(6, 120):
            session = held_session(cast.course, cast.tara, start + timedelta(days=n), n)
            answered(session, "phq9", [1] * 9)
            note_of(session)
        # A client of Tara's whose name could be mistaken makes the banner ask once more.
        client_named("Maya", "Fielding", date_of_birth=cast.maya.date_of_birth)
    many = own_queries(client, person, cast.course)
    assert len(few) <= 9, "\n".join(few)
    assert len(many) <= 9, "\n".join(many)
    assert len(many) - len(few) <= 1


def own_queries(client: Browser, person: Any, course: Course) -> list[str]:
    """The page's questions without sign-in, the acting person, savepoints and the trail."""
    client.force_login(person)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/courses/{course.pk}/").status_code == 200
    frame = ("django_session", "SAVEPOINT", "set_config", "audit_event", "pghistory", "INSERT INTO")
    questions = [query["sql"] for query in asked.captured_queries]
    sign_in = [sql for sql in questions if 'FROM "staff_user" WHERE' in sql]
    return [sql for sql in questions if sql not in sign_in and not any(word in sql for word in frame)]


def test_reading_the_page_is_one_sentence_on_the_trail(client: Browser, cast: Cast) -> None:
    page_of(client, cast.tara, cast.course)
    with as_owner():
        event = Event.objects.get(course_id=cast.course.pk)
    assert (event.action, event.what, event.user_id, event.client_id) == (
        "read",
        "Course page",
        cast.tara.pk,
        cast.maya.pk,
    )


def test_note_states_say_nothing_to_a_stranger_and_something_to_the_supervisor(cast: Cast) -> None:
    from audit.acting import act_as

    fill(cast)
    counts = {}
    for who in ("tara", "sunil", "olga", "dana", "nadia"):
        act_as(getattr(cast, who).pk)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from note_states(%s)", [cast.course.pk])
            counts[who] = cursor.fetchone()[0]
    assert counts == {"tara": 6, "sunil": 6, "olga": 0, "dana": 0, "nadia": 0}
