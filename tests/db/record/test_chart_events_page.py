"""The chart of a course marks what happened while it went on, and its table names it."""

import json
import re
from datetime import timedelta

from django.test import Client as Browser
from django.utils import timezone

from tests.cast import Cast, answered, event_of, held_session, note_of, struck_out
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner

ARGUED = "Argued with Tom about the move"


def opened(client: Browser, cast: Cast) -> str:
    client.force_login(cast.tara)
    return client.get(f"/courses/{cast.course.pk}/").content.decode()


def test_weeks_and_events_in_the_time_of_the_course_stand_on_its_chart_at_no_question_more(
    client: Browser, cast: Cast
) -> None:
    now = timezone.now().replace(hour=10, minute=0)
    with as_owner():
        for number in (1, 2):
            session = held_session(cast.course, cast.tara, now - timedelta(days=28 - 7 * number), number)
            answered(session, "phq9", [2] * 9)
            note = note_of(session, event=ARGUED if number == 2 else "")
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/"
    before, _ = queries_of(client, address)
    with as_owner():
        event_of(cast.course, cast.tara)  # long before the course
        for n in range(20):
            day = timezone.localdate() - timedelta(days=18)
            event_of(cast.course, cast.tara, title=f"Moved in, {n}", starts_on=day)
    after, _ = queries_of(client, address)
    assert len(after) == len(before) <= 9
    page = opened(client, cast)
    drawn = json.loads(
        re.search(r'id="course-progress" type="application/json">(.*?)</script>', page).group(1)
    )  # type: ignore[union-attr]
    places = {event["title"]: event["place"] for event in drawn["events"]}
    assert places[ARGUED] == 1.6
    assert places["Moved in, 0"] == 1.429
    assert len(places) == 21
    assert "Symptoms and events" in page
    table = page.split("event-table")[1].split("</table>")[0]
    assert ARGUED in table
    assert "Mum died" not in table
    with as_owner():
        struck_out(note, cast.tara)
    assert ARGUED not in opened(client, cast)


def test_an_administrator_finds_no_event_on_the_course_page(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1)
        note_of(session, event=ARGUED)
        event_of(cast.course, cast.tara, title="Moved in", starts_on=timezone.localdate())
    client.force_login(cast.ada)
    page = client.get(f"/courses/{cast.course.pk}/").content.decode()
    assert ARGUED not in page
    assert "Moved in" not in page
