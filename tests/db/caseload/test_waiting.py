"""The waiting list: who stands in which group, what is said of them to whom, what narrows and orders it, acts on several."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from caseload.bulk import ACTS, act_on_many
from courses.models import Course
from outcomes.models import Response
from referrals.models import ContactAttempt, OutcomeLetter, Referral, Screening, WaitPause
from tests.browsing import form_with
from tests.cast import Cast, client_named, course_for, person, session_of
from tests.db.courses.test_races import at_once
from tests.roles import as_owner

CANARY_FOCUS = "grief"
CANARY = ("Grief", "grief", "PHQ-9", "GAD-7", "Likely focus", "CANARY")


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


class World(Cast):
    """Six who wait: Ann and Bea to be screened, Cal and Dot ready, Eve and Fay with a therapist. Sara screens."""

    def __init__(self) -> None:
        super().__init__()
        Course.objects.filter(pk__in=[self.course.pk, self.others_course.pk]).update(status="in_treatment")
        self.sara = person("Sara Screens", "therapist", is_screener=True)
        now = timezone.now()
        self.ann = self._waits("Ann", 3, status="referred", referral_source="B1", way="self")
        self.bea = self._waits("Bea", 9, status="referred", referral_source="A1", way="letter")
        self.bea.allocations.create(therapist=self.sara, kind="screening", by=self.ada)
        self.cal = self._waits("Cal", 35, screened=True)
        self.dot = self._waits("Dot", 130, screened=True, priority=1, reason="Baby due in January.")
        self.eve = self._waits("Eve", 43, screened=True, therapist=self.tara)
        self.fay = self._waits("Fay", 20, screened=True, therapist=self.tara)
        self.ahead = session_of(self.fay, self.tara, now + timedelta(days=3))
        for measure, answers in (("phq9", [2] * 9), ("gad7", [1] * 7)):
            Response.objects.create(
                course=self.cal,
                measure=measure,
                instrument_version="1",
                answers=answers,
                total=sum(answers),
                taken_at=now - timedelta(days=30),
                entered_by=self.sara,
            )

    def _waits(self, name: str, days: int, **given: Any) -> Course:
        screened, reason = given.pop("screened", False), given.pop("reason", "")
        way, therapist = given.pop("way", "letter"), given.pop("therapist", None)
        client = client_named(name, "Waits")
        course = course_for(client, **{"referred_on": ago(days), "referral_source": "A1", **given})
        said = (
            {"screened_at": timezone.now() - timedelta(days=1), "screened_by": self.sara} if screened else {}
        )
        Referral.objects.create(course=course, way=way, entered_by=self.ada, priority_reason=reason, **said)
        if screened:
            Screening.objects.create(
                course=course,
                screener=self.sara,
                suitability="suitable",
                likely_focus=CANARY_FOCUS,
                risk="CANARY none",
                done="CANARY asked",
            )
        if therapist:
            course.allocations.create(therapist=therapist, by=self.ada)
        return course


@pytest.fixture
def world(db: None) -> World:
    with as_owner():
        return World()


def window(somebody: Any) -> Browser:
    browser = Browser()
    browser.force_login(somebody)
    return browser


def page_of(somebody: Any, query: str = "") -> str:
    answer = window(somebody).get(reverse("caseload:waiting") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def names_in(page: str) -> list[str]:
    """First names in the order of the page."""
    return re.findall(r'class="who" href="[^"]*">(\w+) Waits', page)


def section(page: str, slug: str) -> str:
    return page.split(f'aria-labelledby="group-{slug}"')[1].split("</section>")[0]


def test_each_stands_in_one_group_the_most_urgent_and_the_longest_wait_first(world: World) -> None:
    page = page_of(world.ada)
    groups = {slug: names_in(section(page, slug)) for slug in ("screen", "ready", "allocated")}
    assert groups == {"screen": ["Bea", "Ann"], "ready": ["Dot", "Cal"], "allocated": ["Eve", "Fay"]}
    assert "6 waiting · longest 130 days · 2 past 42 days" in page


def test_who_is_in_treatment_or_was_not_taken_on_does_not_wait(world: World) -> None:
    with as_owner():
        Course.objects.filter(pk=world.cal.pk).update(status="in_treatment")
        Course.objects.filter(pk=world.ann.pk).update(status="not_taken_on", ended_on=ago(0))
    assert sorted(names_in(page_of(world.ada))) == ["Bea", "Dot", "Eve", "Fay"]


def test_who_was_treated_before_and_waits_again_is_counted_as_the_filters_count(world: World) -> None:
    with as_owner():
        Course.objects.filter(pk=world.dot.pk).update(started_on=ago(120), paused_days=80)
    dot = section(page_of(world.ada, "?wait=first"), "ready")
    assert names_in(dot) == ["Dot"]
    assert "50 days" in dot


def test_a_row_says_how_it_came_who_screened_how_long_and_what_is_needed(world: World) -> None:
    with as_owner():
        client = world.cal.client
        client.needs_evenings, client.interpreter, client.asks_for = True, "Arabic", "woman"
        client.save()
        ContactAttempt.objects.create(course=world.cal, how="phone", result="no_answer", by=world.ada)
        ContactAttempt.objects.create(course=world.cal, how="text", result="sent", by=world.ada)
        WaitPause.objects.create(course=world.cal, starts_on=ago(5), reason="Abroad.", by=world.ada)
        Course.objects.filter(pk=world.cal.pk).update(paused_since=ago(5))
    page = page_of(world.ada)
    cal, dot = section(page, "ready").split("<tr>")[3], section(page, "ready").split("<tr>")[2]
    for words in (
        "GP, letter",
        "screened by Sara Screens",
        "30 days",
        "Evenings only · Asks for a woman · Interpreter for Arabic",
        "2 attempts to reach them",
        "Stands still since",
        "Abroad.",
        "Allocate",
    ):
        assert words in cal, words
    assert "past 126 days" in dot
    assert "Baby due in January." in dot
    assert "Self-referred" in section(page, "screen")
    assert "given to Sara Screens" in section(page, "screen")
    assert "nobody screens it yet" in section(page, "screen")
    assert "Tara Tree" in section(page, "allocated")
    assert "Not booked" in section(page, "allocated")


# --- Who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("lena", 200), ("sara", 200), ("tara", 403)])
def test_the_list_is_for_those_who_run_it_and_those_who_screen(world: World, who: str, status: int) -> None:
    assert window(getattr(world, who)).get(reverse("caseload:waiting")).status_code == status


@pytest.mark.parametrize("query", ["", "?view=board", "?group=ready", "?wait=first&sort=name"])
def test_an_administrator_never_learns_focus_or_scores(world: World, query: str) -> None:
    page = page_of(world.ada, query)
    assert names_in(page)
    assert [word for word in CANARY if word in page] == []


@pytest.mark.parametrize("who", ["lena", "sara"])
def test_clinicians_who_screen_see_likely_focus_and_first_scores(world: World, who: str) -> None:
    for query in ("", "?view=board"):
        page = page_of(getattr(world, who), query)
        assert "Likely focus: grief · PHQ-9 18 · GAD-7 7" in page
        assert "CANARY" not in page


def test_a_screener_runs_nothing_and_sees_nobodys_places(world: World) -> None:
    page = page_of(world.sara)
    assert len(names_in(page)) == 6
    for words in ("Capacity", "With those who are ticked", "/allocate/", "New referral"):
        assert words not in page


@pytest.mark.parametrize(
    ("who", "rows"),
    [("lena", 2), ("sara", 2), ("ada", 0), ("tara", 0), ("sunil", 0), ("olga", 0), ("nadia", 0)],
)
def test_first_scores_come_to_those_who_screen_and_only_of_who_waits(
    world: World, who: str, rows: int
) -> None:
    """Also not to the therapist who carries one of them, who reads the course itself."""
    with as_owner():
        Course.objects.filter(pk=world.dot.pk).update(status="in_treatment")
    act_as(getattr(world, who).pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select likely_focus, phq9, gad7 from first_scores_of(%s::uuid[]) order by phq9",
            [[world.cal.pk, world.dot.pk, world.eve.pk]],
        )
        assert cursor.fetchall() == [("grief", 18, 7), ("grief", None, None)][:rows]


def test_a_screener_reads_neither_record_nor_words_of_who_waits(world: World) -> None:
    act_as(world.sara.pk)
    assert Course.objects.filter(pk=world.dot.pk).exists()
    assert not Screening.objects.exists()
    assert not Response.objects.exists()


# --- Filters, order, pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?wait=first", ["Dot", "Eve"]),
        ("?wait=second", ["Dot"]),
        ("?wait=soon", ["Cal"]),
        ("?priority=1", ["Dot"]),
        ("?priority=0", ["Ann", "Bea", "Cal", "Eve", "Fay"]),
        ("?need=evenings", ["Fay"]),
        ("?need=man", []),
        ("?clock=paused", ["Eve"]),
        ("?group=ready", ["Cal", "Dot"]),
        ("?group=screen&priority=1", []),
        ("?q=eve", ["Eve"]),
        ("?since={since}", ["Ann", "Bea", "Fay"]),
        ("?since={since}&until={until}", ["Bea", "Fay"]),
        ("?screener={sara}", ["Bea", "Cal", "Dot", "Eve", "Fay"]),
        (
            "?wait=ever&priority=9&group=x&screener=1&since=32&page=x",
            ["Ann", "Bea", "Cal", "Dot", "Eve", "Fay"],
        ),
    ],
)
@pytest.mark.parametrize("who", ["ada", "sara"])
def test_the_list_is_narrowed(world: World, who: str, query: str, names: list[str]) -> None:
    with as_owner():
        world.fay.client.needs_evenings = True
        world.fay.client.save()
        Course.objects.filter(pk=world.eve.pk).update(paused_since=ago(0))
    said = query.format(since=ago(25).isoformat(), until=ago(8).isoformat(), sara=world.sara.pk)
    assert sorted(names_in(page_of(getattr(world, who), said))) == names


def test_the_order_is_asked_for(world: World) -> None:
    with as_owner():
        Course.objects.filter(pk=world.cal.pk).update(priority=2)
    ready = [names_in(page_of(world.ada, f"?group=ready{sort}")) for sort in ("", "&sort=wait", "&sort=name")]
    assert ready == [["Cal", "Dot"], ["Dot", "Cal"], ["Cal", "Dot"]]


def test_the_board_shows_the_same_groups_as_columns_and_leads_to_the_rest(world: World) -> None:
    with as_owner():
        for number in range(12):
            course_for(client_named(f"More{number:02}", "Waits"), referred_on=ago(2))
    page = page_of(world.ada, "?view=board&group=screen")
    assert names_in(section(page, "screen")) == ["Bea", "Ann"]
    assert len(names_in(section(page, "ready"))) == 10
    assert "All 14 in the list" in section(page, "ready")
    rest = page_of(world.ada, "?group=ready")
    assert len(names_in(rest)) == 14


def test_a_long_group_has_pages(world: World) -> None:
    with as_owner():
        for number in range(45):
            course_for(client_named(f"More{number:02}", "Waits"), referred_on=ago(2))
    first, second = page_of(world.ada, "?group=ready"), page_of(world.ada, "?group=ready&page=2")
    assert (len(names_in(first)), len(names_in(second))) == (40, 7)
    assert "Page 1 of 2" in first
    assert not set(names_in(first)) & set(names_in(second))


# --- Acts on several --------------------------------------------------------------------------------------------------


def preview(world: World, act: str, *courses: Course, **typed: str) -> tuple[Browser, str]:
    """Ada ticks them, chooses the act, and says how."""
    ada, address = window(world.ada), reverse("caseload:waiting_acts")
    asked = ada.get(address, {"act": act, "row": [str(course.pk) for course in courses]})
    assert asked.status_code == 200
    shown = ada.post(address, form_with(asked.content.decode(), "act") | typed)
    assert shown.status_code == 200
    return ada, shown.content.decode()


def confirm(browser: Browser, page: str) -> Any:
    return browser.post(
        reverse("caseload:waiting_acts"), form_with(page, "key") | {"confirm": "1"}, follow=True
    )


def test_a_preview_says_who_what_changes_and_who_is_left_out(world: World) -> None:
    ada, page = preview(world, "priority", world.cal, world.dot, world.eve, priority="1", reason="Long wait.")
    included, left_out = page.split("Left out")
    assert re.findall(r"(\w+) Waits", included) == ["Cal", "Eve"]
    assert included.count("Routine") == included.count(">Soon<") == 2
    assert "Dot Waits" in left_out
    assert "Soon already." in left_out
    with as_owner():
        assert list(Course.objects.filter(priority=1).values_list("pk", flat=True)) == [world.dot.pk]
    assert "done for 2 clients" in confirm(ada, page).content.decode()
    with as_owner():
        assert set(Course.objects.filter(priority=1).values_list("pk", flat=True)) == {
            world.dot.pk,
            world.cal.pk,
            world.eve.pk,
        }


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("attempt", {"how": "letter", "result": "sent"}, "one more: letter, sent"),
        ("pause", {"starts_on": ago(5).isoformat(), "reason": "Strike."}, "stands still since"),
    ],
)
def test_what_is_sent_twice_is_done_once(world: World, act: str, typed: dict[str, str], words: str) -> None:
    ada, page = preview(world, act, world.cal, world.eve, **typed)
    assert page.count(words) == 2
    for _ in range(2):
        assert "done for 2 clients" in confirm(ada, page).content.decode()
    with as_owner():
        assert (ContactAttempt.objects.count(), WaitPause.objects.count()) == (
            (2, 0) if act == "attempt" else (0, 2)
        )


def test_clocks_that_stand_still_run_again_together(world: World) -> None:
    ada, page = preview(world, "pause", world.cal, world.eve, starts_on=ago(5).isoformat(), reason="Strike.")
    confirm(ada, page)
    ada, page = preview(world, "resume", world.cal, world.eve, world.fay, ends_on=ago(1).isoformat())
    assert "The clock runs already." in page.split("Left out")[1]
    assert "30 days</td>" in page.split("Left out")[0]
    confirm(ada, page)
    with as_owner():
        waited = Course.objects.filter(pk__in=[world.cal.pk, world.eve.pk])
        assert [(each.paused_days, each.paused_since) for each in waited] == [(4, None)] * 2


def test_referrals_are_given_to_a_screener_together(world: World) -> None:
    ada, page = preview(world, "screener", world.ann, world.bea, world.cal, screener=str(world.sara.pk))
    included, left_out = page.split("Left out")
    assert "nobody screens it yet" in included
    assert "Sara Screens screens this referral already." in left_out
    assert "Has been screened." in left_out
    assert "done for 1 client." in confirm(ada, page).content.decode()
    with as_owner():
        assert world.ann.allocations.get().kind == "screening"


def test_a_letter_to_whom_nobody_could_reach_is_written_for_several(world: World) -> None:
    ada, page = preview(world, "letter", world.ann, world.cal, to="client")
    assert page.count("a letter to the client") == page.count("not safe to write home") == 2
    for _ in range(2):
        assert "done for 2 clients" in confirm(ada, page).content.decode()
    with as_owner():
        letters = OutcomeLetter.objects.order_by("course__client__first_name")
        assert list(letters.values_list("kind", "to", "sent_on")) == [("no_contact", "client", None)] * 2
        assert "Ann Waits" in letters[0].body
    _, told = preview(world, "letter", world.ann, to="gp")
    assert "No GP is known." in told


def test_where_one_has_changed_meanwhile_nothing_is_done_for_anybody(world: World) -> None:
    ada, page = preview(world, "priority", world.cal, world.eve, priority="2", reason="Long wait.")
    lena = window(world.lena)
    lena.post(
        reverse("referrals:pause", args=[world.eve.pk]),
        form_with(lena.get(reverse("referrals:wait", args=[world.eve.pk])).content.decode(), "starts_on")
        | {"reason": "Abroad."},
    )
    told = confirm(ada, page).content.decode()
    assert "Somebody has changed Eve Waits meanwhile. Nothing was done, for nobody" in told
    with as_owner():
        assert not Course.objects.filter(priority=2).exists()
    # The page has looked again: to go on is a choice.
    assert "done for 2 clients" in confirm(ada, told).content.decode()


def test_where_one_can_no_longer_be_acted_on_nothing_is_done_for_anybody(world: World) -> None:
    ada, page = preview(world, "attempt", world.cal, world.eve, how="phone", result="no_answer")
    with as_owner():
        Course.objects.filter(pk=world.eve.pk).update(status="in_treatment")
    told = confirm(ada, page).content.decode()
    assert "Eve Waits: In treatment: nobody waits in this course any more." in told
    with as_owner():
        assert not ContactAttempt.objects.exists()


def test_an_act_without_fields_or_rows_asks_again_and_an_unknown_one_is_not_found(world: World) -> None:
    ada, address = window(world.ada), reverse("caseload:waiting_acts")
    assert "Say why" in ada.post(address, {"act": "priority", "row": str(world.cal.pk)}).content.decode()
    assert "Tick those" in ada.get(address, {"act": "pause", "row": ["x", str(uuid4())]}).content.decode()
    assert ada.get(address, {"act": "marry"}).status_code == 404
    assert window(world.sara).get(address, {"act": "pause"}).status_code == 403


def test_two_who_act_on_the_same_people_at_once_wait_for_each_other(transactional_db: None) -> None:
    with as_owner():
        world = World()
    versions = {course.pk: course.version for course in (world.cal, world.eve, world.dot)}

    def acting(by: Any, priority: int) -> Any:
        def act() -> Any:
            return act_on_many(
                act=ACTS["priority"],
                courses=Course.objects.visible_to(by),
                versions=versions,
                typed={"priority": priority, "reason": "Long wait."},
                key=uuid4(),
                by=by,
            )

        return act

    answers = at_once((world.ada, acting(world.ada, 2)), (world.lena, acting(world.lena, 2)))
    # The second finds done what it wanted.
    assert [len(answer) for answer in answers] == [3, 3]
    with as_owner():
        assert set(Course.objects.filter(pk__in=versions).values_list("priority", "version")) == {(2, 2)}


def test_somebody_who_is_not_there_stops_all(world: World) -> None:
    act_as(world.ada.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        act_on_many(
            act=ACTS["attempt"],
            courses=Course.objects.visible_to(world.ada),
            versions={world.cal.pk: 1, uuid4(): 1},
            typed={"how": "phone", "result": "reached"},
            key=uuid4(),
            by=world.ada,
        )
