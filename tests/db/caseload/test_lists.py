"""Lists show each person what they may see, in the order asked for, and nothing else."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from audit.models import Event
from courses.models import Allocation, Course
from outcomes.models import Alert
from staff.models import Leave
from tests.cast import (
    Cast,
    agreed_focus,
    answered,
    client_named,
    course_for,
    held_session,
    note_of,
    person,
    session_of,
    supervises,
)
from tests.db.caseload.reading import names, spread, words
from tests.roles import as_owner

NOON = timezone.make_aware(datetime(2026, 11, 23, 12, 0))
YEARS = timedelta(days=7300)
PEOPLE = ("tara", "olga", "sunil", "dana", "ada", "lena", "nadia")


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


# --- Who sees what


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("tara", "/today/"),
        ("sunil", "/supervision/"),
        ("dana", "/supervision/"),
        ("ada", "/office/"),
        ("lena", "/all/"),
    ],
)
def test_each_lands_on_the_page_of_their_role(client: Browser, cast: Cast, who: str, page: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/").headers["Location"] == page


def test_somebody_with_several_roles_lands_on_the_first(client: Browser, cast: Cast) -> None:
    with as_owner():
        both = person("Lea Both", "lead", "therapist")
    client.force_login(both)
    assert client.get("/").headers["Location"] == "/today/"


def test_somebody_without_a_role_is_told_what_to_do(client: Browser, cast: Cast) -> None:
    client.force_login(cast.nadia)
    assert "Ask an administrator of the clinic to give you one" in words(client.get("/"))


ALLOWED = {
    "/today/": {"tara", "olga", "sunil", "dana", "lena"},
    "/caseload/": {"tara", "olga", "sunil", "dana", "lena"},
    "/attention/all/": {"tara", "olga", "sunil", "dana", "lena"},
    "/supervisees/": {"sunil", "dana"},
    "/all/": {"lena"},
    "/clinic/": {"ada"},
    "/office/": {"ada", "lena"},
    "/office/ready/": {"ada", "lena"},
    "/find/": set(PEOPLE),
}


@pytest.mark.parametrize("address", ALLOWED)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_list_opens_for_its_roles_alone(client: Browser, cast: Cast, who: str, address: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address).status_code == (200 if who in ALLOWED[address] else 403)
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("who", "address", "listed"),
    [
        ("tara", "/caseload/", ["Maya Fielding"]),
        ("olga", "/caseload/", ["Owen Pritchard"]),
        ("sunil", "/caseload/", []),
        ("sunil", "/supervisees/", ["Maya Fielding"]),
        ("dana", "/supervisees/", []),
        ("ada", "/clinic/", ["Maya Fielding", "Owen Pritchard"]),
        ("lena", "/all/", ["Maya Fielding", "Owen Pritchard"]),
        ("tara", "/find/?q=owen", []),
        ("olga", "/find/?q=owen", ["Owen Pritchard"]),
        ("sunil", "/find/?q=maya", ["Maya Fielding"]),
        ("ada", "/find/?q=o", ["Owen Pritchard"]),
        ("lena", "/find/?q=may", ["Maya Fielding"]),
        ("nadia", "/find/?q=maya", []),
    ],
)
def test_a_list_holds_what_the_reader_may_see(
    client: Browser, cast: Cast, who: str, address: str, listed: list[str]
) -> None:
    client.force_login(getattr(cast, who))
    assert names(client.get(address)) == listed


def test_a_deputy_sees_the_list_while_the_supervisor_is_on_leave(client: Browser, cast: Cast) -> None:
    with as_owner():
        # The database's own clock is not stopped at noon: it asks for the day on which the test runs.
        ends_on = NOON.date() + YEARS
        Leave.objects.create(person=cast.sunil, starts_on=NOON.date(), ends_on=ends_on, cover=cast.dana)
    client.force_login(cast.dana)
    assert names(client.get("/supervisees/")) == ["Maya Fielding"]


def test_a_course_that_was_handed_over_has_left_the_list(client: Browser, cast: Cast) -> None:
    with as_owner():
        Allocation.objects.filter(course=cast.course).update(ends_at=NOON - timedelta(minutes=1))
    client.force_login(cast.tara)
    assert names(client.get("/caseload/?show=all")) == []


def test_a_course_that_ended_stays_readable_behind_its_filter(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="ended", ended_on=NOON.date())
        Allocation.objects.filter(course=cast.course).update(ends_at=NOON + YEARS)
    client.force_login(cast.tara)
    assert names(client.get("/caseload/")) == []
    page = client.get("/caseload/?show=closed")
    assert names(page) == ["Maya Fielding"]
    assert "Ended 23 Nov after 0 sessions" in words(page)
    assert "0 active of 16 places · 1 shown" in words(page)


# --- Nothing clinical for an administrator

CANARIES = (
    "Grief",
    "Conflict",
    "Life change",
    "Not yet agreed",
    "PHQ-9",
    "GAD-7",
    "Reliable",
    "canary",
    "item 9",
    "Draft",
)


def test_an_administrator_reads_nothing_clinical_on_any_list(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        session = held_session(cast.course, cast.tara, NOON - timedelta(weeks=2), 1)
        response = answered(session, "phq9", [2] * 9)
        answered(session, "gad7", [2] * 7)
        Alert.objects.create(course=cast.course, response=response, item=9, value=2)
        agreed_focus(cast.course, "grief", cast.tara, about="canary about")
        note_of(session, work="canary words")
        held_session(cast.course, cast.tara, NOON - timedelta(weeks=1), 2)
    client.force_login(cast.ada)
    for address in ("/clinic/", "/clinic/?show=all", "/find/?q=maya", "/"):
        page = client.get(address, follow=True)
        assert "Maya Fielding" in words(page)
        for canary in CANARIES:
            assert canary not in words(page), (address, canary)
    assert "Initial · session 3 next" in words(client.get("/clinic/"))
    assert "Tara Tree" in words(client.get("/clinic/"))


def test_the_lead_reads_focus_and_scores_of_all(client: Browser, cast: Cast) -> None:
    with as_owner():
        agreed_focus(cast.others_course, "grief", cast.olga)
        for week, total in ((2, 15), (1, 4)):
            answered(
                held_session(cast.others_course, cast.olga, NOON - timedelta(weeks=week), 3 - week),
                "phq9",
                spread(total),
            )
    client.force_login(cast.lena)
    text = words(client.get("/all/"))
    assert "Owen Pritchard" in text
    assert "Grief 15 → 4 Reliable recovery" in text


def test_a_supervisor_sees_which_courses_have_an_open_alert(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, NOON - timedelta(weeks=1), 1)
        response = answered(session, "phq9", [0] * 8 + [1])
        Alert.objects.create(course=cast.course, response=response, item=9, value=1)
    for person_, address in ((cast.sunil, "/supervisees/"), (cast.lena, "/all/")):
        client.force_login(person_)
        assert f"Maya Fielding {cast.maya.number} · 36 Risk" in words(client.get(address))


# --- Order


def three_courses(cast: Cast) -> None:
    """Anna: 3 sessions, PHQ-9 from 10 to 16, no appointment. Bea: 1 session and one score, appointment on Friday.
    Cleo: 2 sessions, PHQ-9 from 18 to 6, appointment today. Maya Fielding, of the cast: nothing yet."""
    for first, scores, days in (("Anna", [10, 12, 16], None), ("Bea", [12], 4), ("Cleo", [18, 6], 0)):
        course = course_for(client_named(first, f"{first}son"), cast.tara, status="in_treatment")
        hour = {"Anna": 1, "Bea": 2, "Cleo": 3}[first]
        for number, total in enumerate(scores, start=1):
            day = NOON - timedelta(weeks=4 - number) + timedelta(hours=hour)
            answered(held_session(course, cast.tara, day, number), "phq9", spread(total))
        if days is not None:
            session_of(course, cast.tara, NOON + timedelta(days=days, hours=hour))
        if first == "Cleo":
            agreed_focus(course, "grief", cast.tara)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "Cleo Bea Anna Maya"),
        ("next", "Cleo Bea Anna Maya"),
        ("-next", "Bea Cleo Anna Maya"),
        ("name", "Anna Bea Cleo Maya"),
        ("-name", "Maya Cleo Bea Anna"),
        ("course", "Maya Bea Cleo Anna"),
        ("-course", "Anna Cleo Bea Maya"),
        ("change", "Anna Cleo Bea Maya"),
        ("-change", "Cleo Anna Bea Maya"),
    ],
)
def test_a_caseload_is_sorted_as_asked(client: Browser, cast: Cast, sort: str, order: str) -> None:
    with as_owner():
        three_courses(cast)
    client.force_login(cast.tara)
    page = client.get(f"/caseload/?sort={sort}")
    assert [name.split()[0] for name in names(page)] == order.split()
    assert page.content.decode().count("aria-sort") == 1


def test_a_score_after_the_treatment_moves_no_row(client: Browser, cast: Cast) -> None:
    with as_owner():
        three_courses(cast)
        cleo = Course.objects.get(client__first_name="Cleo")
        after = held_session(
            cleo, cast.tara, NOON - timedelta(days=3), None, kind="follow_up", appointment_type="06"
        )
        answered(after, "phq9", spread(24))
    client.force_login(cast.tara)
    page = client.get("/caseload/?sort=change")
    assert [name.split()[0] for name in names(page)] == ["Anna", "Cleo", "Bea", "Maya"]
    assert "18 → 6 Reliable recovery" in words(page)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("phase=initial", {"Anna", "Bea", "Cleo", "Maya"}),
        ("phase=middle", set()),
        ("focus=grief", {"Cleo"}),
        ("focus=none", {"Anna", "Bea", "Maya"}),
        ("q=cleo", {"Cleo"}),
        ("q=bea beason", {"Bea"}),
        ("q=eason", set()),
        ("focus=grief&q=anna", set()),
    ],
)
def test_a_caseload_is_narrowed_as_asked(client: Browser, cast: Cast, asked: str, listed: set[str]) -> None:
    with as_owner():
        three_courses(cast)
    client.force_login(cast.tara)
    page = client.get(f"/caseload/?{asked}")
    assert {name.split()[0] for name in names(page)} == listed
    assert f"{len(listed)} shown" in words(page)


@pytest.mark.parametrize(
    ("attended", "phase"),
    [(0, "initial"), (3, "initial"), (4, "middle"), (11, "middle"), (12, "end"), (16, "end")],
)
def test_the_phase_asked_for_is_that_of_the_next_session(
    client: Browser, cast: Cast, attended: int, phase: str
) -> None:
    with as_owner():
        for number in range(1, attended + 1):
            held_session(cast.course, cast.tara, NOON - timedelta(weeks=20 - number), number)
    client.force_login(cast.tara)
    listed = {
        asked for asked in ("initial", "middle", "end") if names(client.get(f"/caseload/?phase={asked}"))
    }
    assert listed == {phase}


def test_supervisees_are_narrowed_by_therapist(client: Browser, cast: Cast) -> None:
    with as_owner():
        supervises(cast.sunil, cast.olga)
    client.force_login(cast.sunil)
    assert names(client.get("/supervisees/?sort=name")) == ["Maya Fielding", "Owen Pritchard"]
    assert names(client.get(f"/supervisees/?therapist={cast.olga.pk}")) == ["Owen Pritchard"]


def test_who_waits_longest_comes_first_for_the_administrator(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(referred_on=NOON.date() - timedelta(days=20))
        Course.objects.filter(pk=cast.others_course.pk).update(referred_on=NOON.date() - timedelta(days=50))
    client.force_login(cast.ada)
    page = client.get("/clinic/?show=waiting")
    assert names(page) == ["Owen Pritchard", "Maya Fielding"]
    assert "50 days ago" in words(page)
    assert names(client.get("/clinic/?show=waiting&sort=name")) == ["Maya Fielding", "Owen Pritchard"]


# --- Pages


def test_forty_rows_stand_on_a_page(client: Browser, cast: Cast) -> None:
    with as_owner():
        for number in range(45):
            course_for(client_named(f"Client{number:02}", "Aaron"), cast.tara)
    client.force_login(cast.tara)
    first, second = client.get("/caseload/?sort=name"), client.get("/caseload/?sort=name&page=2")
    assert len(names(first)) == 40
    assert names(second) == [*(f"Client{number} Aaron" for number in range(40, 45)), "Maya Fielding"]
    assert "46 active of 16 places · 46 shown" in words(first)
    assert "Page 2 of 2" in words(second)
    assert "The list ends before it" in words(client.get("/caseload/?page=3"))


def test_the_trail_remembers_the_page_that_was_shown(client: Browser, cast: Cast) -> None:
    client.force_login(cast.ada)
    client.get("/clinic/")
    client.get("/find/?q=maya")
    client.get("/find/?q=nobody")
    with as_owner():
        events = list(Event.objects.filter(user=cast.ada).order_by("at", "what"))
    assert {(event.action, event.what, frozenset(event.object_ids)) for event in events} == {
        ("list", "Clinic’s courses", frozenset({cast.course.pk, cast.others_course.pk})),
        ("list", "Find a client", frozenset({cast.maya.pk})),
    }


# --- Nonsense


NONSENSE = (
    "",
    "--name",
    "-",
    "drop table",
    "é",
    "\0",
    "0",
    "-1",
    "99999999999999999999",
    "²",
    "%",
    "_",
    "\\",
    "'",
    "a" * 5000,
)


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("tara", "/caseload/"),
        ("tara", "/today/"),
        ("sunil", "/supervisees/"),
        ("lena", "/all/"),
        ("ada", "/clinic/"),
    ],
)
def test_nonsense_in_an_address_gives_the_list_as_it_is(
    client: Browser, cast: Cast, who: str, address: str
) -> None:
    client.force_login(getattr(cast, who))
    luck = random.Random(7)
    for name in ("sort", "phase", "focus", "show", "therapist", "page", "q", "unknown"):
        # One reading of the address serves all lists: the first is asked everything, each other a share of it.
        for value in NONSENSE if address == "/caseload/" else luck.sample(NONSENSE, 5):
            asked: dict[str, Any] = {
                name: value,
                luck.choice(["sort", "show", "page"]): luck.choice(NONSENSE),
            }
            assert client.get(address, asked).status_code == 200, asked
    for sort in ("client__number", "-pk", "change; --", "next,name"):
        assert names(client.get(address, {"sort": sort})) == names(client.get(address))


def test_nonsense_in_a_search_finds_nobody(client: Browser, cast: Cast) -> None:
    client.force_login(cast.ada)
    for value in NONSENSE:
        assert names(client.get("/find/", {"q": value})) == []
    assert names(client.get("/find/", {"q": "  MAYA   fielding "})) == ["Maya Fielding"]
    assert names(client.get("/find/", {"q": cast.maya.number.lower()})) == ["Maya Fielding"]


def test_what_somebody_typed_is_shown_as_text(client: Browser, cast: Cast) -> None:
    with as_owner():
        course_for(client_named("<b>Bob</b>", "O'Hara & Sons"), cast.tara)
    client.force_login(cast.tara)
    html = client.get("/caseload/?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in html
    assert "&lt;b&gt;Bob&lt;/b&gt; O&#x27;Hara &amp; Sons" in client.get("/caseload/").content.decode()


def test_a_search_while_typing_gets_the_clients_alone(client: Browser, cast: Cast) -> None:
    client.force_login(cast.ada)
    fragment = client.get("/find/?q=maya", headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert names(fragment) == ["Maya Fielding"]


def test_empty_lists_say_how_to_begin(client: Browser, cast: Cast) -> None:
    with as_owner():
        Allocation.objects.all().delete()
    client.force_login(cast.tara)
    assert "Courses that are allocated to you stand here" in words(client.get("/caseload/"))
    assert "No course fits what you asked for" in words(client.get("/caseload/?phase=end"))
    client.force_login(cast.sunil)
    assert "An administrator sets who supervises whom" in words(client.get("/supervisees/"))
    client.force_login(cast.ada)
    assert "Write the beginning of a name" in words(client.get("/find/"))
    assert "Only clients whom you may see are searched" in words(client.get("/find/?q=zzz"))


def test_a_client_is_found_by_either_number_in_full(client: Browser, cast: Cast) -> None:
    with as_owner():
        cast.maya.nhs_number = "9434765919"
        cast.maya.save()
    client.force_login(cast.ada)
    digits = cast.maya.number.removeprefix("C-")
    for asked in (cast.maya.number, digits, "943 476 5919", "9434765919"):
        assert names(client.get("/find/", {"q": asked})) == ["Maya Fielding"], asked
    assert names(client.get("/find/", {"q": digits[:-1]})) == []
