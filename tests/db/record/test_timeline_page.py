"""The timeline of a course: everything on one axis and in one table, each fact read where it stands."""

import gzip
import re
from datetime import date, datetime, timedelta

from django.test import Client as Browser
from django.utils import timezone

from interpersonal.models import TimelineEntry
from tests.cast import (
    Cast,
    answered,
    event_of,
    held_session,
    note_of,
    person,
    struck_out,
    supervises,
)
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner

ARGUED = "Argued with Tom about the move"


def opened(client: Browser, cast: Cast, who: str = "tara", asks: str = "", **headers: str) -> str:
    client.force_login(getattr(cast, who))
    answer = client.get(f"/courses/{cast.course.pk}/timeline/{asks}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def hour(days_ago: int) -> datetime:
    return timezone.now().replace(hour=10, minute=0) - timedelta(days=days_ago)


def labels(page: str, lane: str) -> list[str]:
    """The full words of the marks of a lane, in the order of the picture."""
    part = re.search(rf'lane-{lane}".*?</g>\s*(?:<line|</svg>)', page, re.S)
    return re.findall(r'<a class="mark[^>]*><title>([^<]+)</title>', part.group()) if part else []


def test_an_empty_timeline_says_how_to_begin(client: Browser, cast: Cast) -> None:
    page = opened(client, cast)
    assert "No event of this life yet." in page
    assert "Begin with what the client names first" in page
    assert "Add an event" in page
    assert labels(page, "course")[0].startswith("Referred. ")
    assert "Begin with what the client names first" not in opened(client, cast, "sunil")


def test_life_sessions_symptoms_and_weeks_stand_on_one_axis_and_in_the_table(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        event_of(cast.course, cast.tara, mood=1, effect="The first winter")
        event_of(
            cast.course,
            *(cast.tara,),
            kind="mood",
            title="This depression",
            starts_on=date(2026, 3, 1),
            starts_to="month",
            goes_on=True,
        )
        session = held_session(cast.course, cast.tara, hour(10), 1)
        answered(session, "phq9", [2] * 9)
        note_of(session, event=ARGUED)
    page = opened(client, cast)
    [died] = labels(page, "relationship")
    assert died == "Mum died · mood 1. Mon 4 Mar 2019. Relationship. The first winter"
    assert labels(page, "mood")[0].startswith("This depression. since Mar 2026")
    [week] = labels(page, "weeks")
    assert week.startswith(f"{ARGUED}. week to ")
    assert "(session 1)" in week
    assert "<title>Session 1, attended" in page
    assert "PHQ-9 18" in page
    rows = re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+)', page)
    assert rows[0] == "Mum died"
    assert rows.index("This depression") < rows.index(ARGUED) < rows.index("Session 1, attended: PHQ-9 18")


def test_the_key_event_comes_from_signed_notes_and_ones_own_draft_and_leaves_with_a_struck_note(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        draft = note_of(held_session(cast.course, cast.tara, hour(3), 2), signed=False, event="Not told yet")
        struck = note_of(held_session(cast.course, cast.tara, hour(10), 1), event=ARGUED)
    assert len(labels(opened(client, cast), "weeks")) == 2
    assert "your draft" in opened(client, cast)
    for who in ("sunil", "lena"):
        [seen] = labels(opened(client, cast, who), "weeks")
        assert ARGUED in seen
        assert "Not told yet" not in opened(client, cast, who)
    with as_owner():
        struck_out(struck, cast.tara)
    assert ARGUED not in opened(client, cast)
    assert draft.event in opened(client, cast)


def test_two_scales_and_any_stretch_are_drawn_by_the_server(client: Browser, cast: Cast) -> None:
    with as_owner():
        event_of(cast.course, cast.tara)
    years = opened(client, cast)
    assert 'href="?scale=years" aria-current="true"' in years
    course = opened(client, cast, asks="?scale=course")
    assert 'href="?scale=course" aria-current="true"' in course
    assert labels(course, "relationship") == []
    near = opened(client, cast, asks="?from=2019-02-20&to=2019-03-20")
    assert "20 Feb 2019 to 20 Mar 2019" in near
    assert len(labels(near, "relationship")) == 1
    for odd in ("?from=x&to=y", "?from=2019-02-31&to=2019-03-01", "?scale=weeks", "?from=2019-01-01"):
        assert 'href="?scale=years" aria-current="true"' in opened(client, cast, asks=odd)
    for far in ("?from=0001-01-01&to=9999-12-31", "?from=9999-12-01&to=9999-12-31", "?page=99"):
        assert "<svg" in opened(client, cast, asks=far)


def test_the_script_gets_another_stretch_alone_and_the_trail_says_so(client: Browser, cast: Cast) -> None:
    from audit.models import Event

    part = opened(client, cast, asks="?scale=course", **{"hx-request": "true"})
    assert part.lstrip().startswith("<div") or "<html" not in part
    assert 'id="timeline-picture"' in part
    assert "<table" not in part
    with as_owner():
        assert Event.objects.filter(what="Timeline, another stretch of it", user=cast.tara).exists()


def test_five_or_five_hundred_events_cost_the_same_and_stay_light(client: Browser, cast: Cast) -> None:
    def grow(count: int, *, start: int) -> None:
        TimelineEntry.objects.bulk_create(
            TimelineEntry(
                course=cast.course,
                added_by=cast.tara,
                kind=("life", "relationship", "mood", "treatment")[n % 4],
                title=f"Something of the year that happened, number {n}",
                starts_on=date(1996 + n % 30, 1 + n % 12, 1 + n % 28),
                mood=n % 11,
                effect="Lower for a while, then as before",
            )
            for n in range(start, count)
        )

    def meet(count: int, *, start: int) -> None:
        for n in range(start, count):
            session = held_session(cast.course, cast.tara, hour(59 - n), n + 1, minutes=20)
            answered(session, "phq9", [1] * 9)
            note_of(session, event=f"{ARGUED} {n}")

    with as_owner():
        grow(5, start=0)
        meet(3, start=0)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/timeline/"
    five, _ = queries_of(client, address)
    with as_owner():
        grow(500, start=5)
        meet(40, start=3)
    five_hundred, _ = queries_of(client, address)
    assert len(five) == len(five_hundred) <= 12
    page = client.get(address).content
    assert len(gzip.compress(page)) < 40_000
    text = page.decode()
    assert "Page 1 of 6" in text
    assert "number 499" in client.get(f"{address}?page=5").content.decode() + client.get(
        f"{address}?page=6"
    ).content.decode() + "".join(client.get(f"{address}?page={n}").content.decode() for n in (1, 2, 3, 4))


def test_another_supervisor_and_a_stranger_find_no_timeline(client: Browser, cast: Cast) -> None:
    with as_owner():
        other = person("Otto Other", "supervisor")
        supervises(other, cast.olga)
    for who, status in ((other, 404), (cast.olga, 404), (cast.ada, 403)):
        client.force_login(who)
        assert client.get(f"/courses/{cast.course.pk}/timeline/").status_code == status
