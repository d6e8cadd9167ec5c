"""One course of IPT from the letter on the desk to the goodbye, through its pages, by a clock that the test sets."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from io import BytesIO
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from courses.models import Course
from interpersonal.models import Picture
from sessions.models import Note, TherapySession
from staff.models import User, WorkingHours
from tests.browser.conftest import building
from tests.cast import Cast, person

PICTURES = os.environ.get("IPT_PICTURES")  # a folder for the pictures of the how-to pages
# PHQ-9 of sessions 1 to 16, item by item: from 18 to 5.
ANSWERS = (
    "333222210",
    "332222210",
    "332222210",
    "322222110",
    "222222110",
    "222221110",
    "222211110",
    "221111110",
    "211111110",
    "211111100",
    "111111100",
    "111111000",
    "111110100",
    "111110000",
    "111101000",
    "111100100",
)

# The event of some weeks, and the tasks ticked in some sessions.
EVENTS = {2: "Argument about Sunday lunch", 8: "Told Tom before she was angry", 14: "Signed for a flat"}
TASKS = {
    1: ("initial_symptoms", "initial_explaining"),
    4: ("initial_focus", "initial_formulation", "initial_contract"),
    8: ("middle_review",),
    16: ("end_goodbye",),
}


@contextmanager
def dated_by_the_test() -> Iterator[None]:
    """PostgreSQL has a clock of its own and refuses a signature that another day dates (tests/db/sessions/).
    Here the days are the test's."""
    triggers = (("therapy_sessions_note", "signature_dated_when_made"),)
    with building(), connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        yield
    finally:
        with building(), connection.cursor() as cursor:
            for table, name in triggers:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


class Months:
    """The clock of the whole journey, and who sits before the page."""

    def __init__(self, page: Page, address: str, sign_in: Callable[[User], None]) -> None:
        self.page, self.address, self.sign_in = page, address, sign_in
        self.clock: Any = None

    def at(self, moment: datetime, person: User) -> None:
        """That person sits down at that moment."""
        if self.clock is not None:
            self.clock.stop()
        self.clock = time_machine.travel(moment, tick=True)
        self.clock.start()
        self.sign_in(person)

    def goes_to(self, name: str, *keys: Any) -> None:
        self.page.goto(self.address + reverse(name, args=keys))

    def presses(self, name: str) -> None:
        """And waits for the page that comes of it: an address that is asked for meanwhile would break it off."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()


@pytest.fixture
def months(page: Page, live_server: Any, sign_in: Callable[[User], None]) -> Iterator[Months]:
    with dated_by_the_test():
        months = Months(page, live_server.url, sign_in)
        yield months
        if months.clock is not None:
            months.clock.stop()


def test_a_course_from_referral_to_ending(months: Months, page: Page, clinic: Cast) -> None:
    with building():
        sara = person("Sara Screener", "therapist", is_screener=True, places=0)
        for weekday in range(5):
            WorkingHours.objects.create(person=clinic.tara, weekday=weekday, starts=time(9), ends=time(17))
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday() + 7 * 20)

    def on(days: int, hour: int = 9, minute: int = 30) -> datetime:
        return datetime.combine(
            monday + timedelta(days=days), time(hour, minute), timezone.get_current_timezone()
        )

    # --- Referral, screening, allocation.
    months.at(on(0), clinic.ada)
    months.goes_to("referrals:new")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Last name").fill("Jabari")
    page.get_by_label("Date of birth").fill("1995-04-02")
    page.get_by_label("How it came").select_option("letter")
    page.get_by_label("Who referred").select_option("A1")
    page.get_by_label("What the difficulty is").fill("Cries every day since they moved in with his parents.")
    months.presses("Register and enter the referral")
    months.follows("Give to a screener")
    months.presses("Give Noor Jabari to Sara Screener")
    expect(page.get_by_role("status")).to_contain_text("Sara Screener")

    months.at(on(1), sara)
    page.goto(months.address)
    months.follows("Screen Noor Jabari")
    page.get_by_label("Risk: what the form says").fill("Nothing on the letter; asked on the phone: none.")
    page.get_by_label("What was done").fill("Rang her, explained the wait.")
    page.get_by_label("Suitable for IPT: may wait").check()
    page.get_by_label("Likely focus").select_option(label="Conflict")
    months.presses("Record the screening of Noor Jabari")
    expect(page.get_by_role("status")).to_contain_text("waiting list")

    months.at(on(3), clinic.ada)
    page.goto(months.address)
    page.locator("#ready").get_by_role("link", name="Allocate Noor Jabari").click()
    page.get_by_role("button", name=re.compile("^Allocate Noor Jabari to Tara Tree and book ")).first.click()
    expect(page.get_by_role("status")).to_contain_text("Noor Jabari")
    with building():
        course = Course.objects.get(client__first_name="Noor")

    # --- An assessment and sixteen sessions, each logged when it is over, and what is done between them.
    def session(name: str, **words: str) -> None:
        with building():
            booked = TherapySession.objects.get(course=course, attendance=None)
        months.at(booked.starts_at + timedelta(minutes=50), clinic.tara)
        months.goes_to("courses:detail", course.pk)
        months.follows(name)
        page.get_by_label("Attended", exact=True).check()
        for box, text in words.items():
            page.locator(f"#id_{box}").fill(text)

    def signed() -> None:
        months.presses("Sign for Noor Jabari")
        page.wait_for_url(re.compile(reverse("courses:detail", args=[course.pk]) + "$"))

    between = {
        1: people_are_placed,
        2: life_is_told,
        4: work_is_agreed,
        8: goals_are_rated,
        15: end_is_planned,
    }
    session("Log assessment", work="Heard how it began.", next_time="Think of who matters.")
    page.locator("[name=risk_answer][value=changed]").check()
    page.locator("#id_risk").fill("Asked directly: thoughts on some days, no plan.")
    signed()
    for number, answers in enumerate(ANSWERS, 1):
        session(
            f"Log session {number}",
            event=EVENTS.get(number, ""),
            week=f"Week {number}.",
            work=f"Work of session {number}.",
            next_time=f"Task {number}.",
        )
        page.locator("[name=risk_answer][value=unchanged]").check()
        page.locator("#id_phq9_1").press_sequentially(answers)
        page.locator("#id_gad7_1").press_sequentially(answers[:7])
        for task in TASKS.get(number, ()):
            box = page.locator(f"[name=tasks][value={task}]")
            if not box.is_visible():
                page.get_by_text(re.compile("^Tasks of the .* phase")).click()
            box.check()
        if number == len(ANSWERS):
            page.get_by_label("No next appointment now").check()
        signed()
        if number in between:
            between[number](months, course)

    the_course_is_looked_at(months, course)
    a_letter_is_signed(months, course)
    months.goes_to("courses:end", course.pk)
    page.get_by_label("The course is over").check()
    page.locator("#id_end_reason").select_option("46")
    months.presses("End treatment of Noor Jabari")
    expect(page.get_by_role("status").first).to_contain_text("Noor Jabari")

    with building():
        course.refresh_from_db()
        assert (course.status, course.end_reason) == ("ended", "46")
        assert Note.objects.filter(course=course).signed().of_sessions().count() == 17
        numbered = TherapySession.objects.filter(course=course).numbered().order_by("number")
        phases = list(numbered.values_list("phase", flat=True))
        assert phases == ["initial"] * 4 + ["middle"] * 8 + ["end"] * 4
        assert Picture.objects.filter(course=course).count() == 2


def people_are_placed(months: Months, course: Course) -> None:
    page = months.page
    months.goes_to("interpersonal:people", course.pk)
    for name, who in (("Tom", "partner"), ("Joan", "sister")):
        page.get_by_label("Name", exact=True).fill(name)
        page.keyboard.press("Tab")
        page.keyboard.type(who)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text(f"{name} is on the list")
        person = page.locator(f'svg[data-circles] a.person[data-name="{name}"]')
        person.focus()
        page.keyboard.press("ArrowUp" if name == "Tom" else "ArrowLeft")
        expect(person).to_have_attribute("data-version", "2")
    months.follows("Keep this picture")
    months.presses("Keep this picture")
    expect(page.get_by_role("heading", level=1)).to_have_text("Circles: start")


def life_is_told(months: Months, course: Course) -> None:
    page = months.page
    months.goes_to("record:timeline", course.pk)
    months.follows("Add an event")
    page.get_by_label("What happened").fill("Moved in with his parents")
    page.get_by_label("Relationship", exact=True).check()
    page.locator("#id_when").fill("March 2024")
    months.presses("Put it on the timeline of Noor Jabari")
    expect(page.get_by_role("rowheader", name="Moved in with his parents")).to_be_visible()
    expect(page.get_by_role("rowheader", name=EVENTS[2])).to_be_visible()


def work_is_agreed(months: Months, course: Course) -> None:
    page = months.page
    months.goes_to("courses:focus", course.pk)
    page.get_by_role("radio", name="Conflict").check()
    page.locator("#id_about").fill("with Tom")
    page.locator("#id_conflict_person").select_option("Tom (partner)")
    page.get_by_role("radio", name="Impasse").check()
    months.presses("Agree the focus of Noor Jabari")
    months.goes_to("courses:formulation_edit", course.pk)
    expect(page.locator("#id_agreed_at_session")).to_have_value("4")
    page.locator("#id_text").fill(
        "It began when we moved in with his parents, and I stopped saying what I want."
    )
    months.presses("Save the formulation")
    months.goes_to("outcomes:goals", course.pk)
    page.get_by_label("Goal, in the client's words").fill("Say what I want before I am angry")
    months.presses("Agree this goal with Noor Jabari")
    months.goes_to("courses:contract_edit", course.pk)
    months.presses("Agree the contract with Noor Jabari")
    expect(page.get_by_text("16, 50 minutes each")).to_be_visible()


def goals_are_rated(months: Months, course: Course) -> None:
    page = months.page
    months.goes_to("outcomes:goals", course.pk)
    page.locator("label:has([name^=goal_][value='5'])").click()
    months.presses("Keep the ratings of Noor Jabari")
    expect(page.get_by_role("status").first).to_contain_text("rated")


def end_is_planned(months: Months, course: Course) -> None:
    page = months.page
    months.goes_to("interpersonal:people", course.pk)
    joan = page.locator('svg[data-circles] a.person[data-name="Joan"]')
    joan.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".circles-words")).to_contain_text("Joan has come closer.")
    months.goes_to("interpersonal:picture_new", course.pk)
    page.get_by_label("End", exact=True).check()
    months.presses("Keep this picture")
    months.goes_to("courses:ending", course.pk)
    expect(page.get_by_text("The last session is next").first).to_be_visible()
    months.follows("Write the ending")
    page.get_by_label("What has changed").fill("I say what I want.")
    page.get_by_label("Early signs of a low spell").fill("Three days without answering Joan.")
    months.presses("Save the ending of Noor Jabari")
    expect(page.get_by_text("Version 1 of the ending stands.")).to_be_visible()


def the_course_is_looked_at(months: Months, course: Course) -> None:
    """Everything that was done stands on its page, and no page is wider than a phone."""
    page = months.page
    for name, words in (
        ("courses:detail", "It began when we moved in with his parents"),
        ("interpersonal:people", "Joan"),
        ("record:timeline", EVENTS[8]),
        ("courses:formulation", "Say what I want before I am angry"),
        ("courses:contract", "16, 50 minutes each"),
        ("courses:tasks", "Mid-point review"),
        ("courses:ending", "I say what I want."),
    ):
        months.goes_to(name, course.pk)
        expect(page.locator("main").get_by_text(words).filter(visible=True).first).to_be_visible()
        for theme, width in product(("light", "dark"), (360, 1280)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name.split(':')[1]}-{theme}-{width}.png", full_page=True)
        page.emulate_media(color_scheme="light")


def a_letter_is_signed(months: Months, course: Course) -> None:
    page = months.page
    months.goes_to("courses:ending", course.pk)
    months.follows("Write an ending letter")
    months.follows("To Noor Jabari")
    expect(page.get_by_label("What has changed", exact=True)).to_have_value("I say what I want.")
    months.presses("Sign for Noor Jabari")
    # Joan stands in an early sign that Noor named: the letter asks before it names her.
    named = page.get_by_label("Joan, sister: let the name stand")
    if named.is_visible():
        named.check()
        months.presses("Sign for Noor Jabari")
    expect(page.get_by_text("The ending letter to the client is signed.")).to_be_visible()
    months.goes_to("sessions:letters", course.pk)
    page.get_by_role("link", name=re.compile("^Read the ending letter")).click()
    href = page.get_by_role("link", name="Open the PDF").get_attribute("href")
    opened = page.context.request.get(f"{months.address}{href}")
    words = " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(opened.body())).pages)
    assert "I say what I want." in " ".join(words.split())
