"""Naming a person of the client's relationships while writing a session's note, by keyboard alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from interpersonal.models import Person
from sessions.models import Note, TherapySession
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

NAMES = [("Tom", "Partner"), ("Anna", "Sister"), ("Aunt May", "Aunt"), ("Toby", "Son")]
NAMES += [(f"Friend {number}", "Friend") for number in range(1, 8)]


@pytest.fixture
def session(clinic: Cast) -> TherapySession:
    with building():
        for name, relationship in NAMES:
            Person.objects.create(
                course=clinic.course, name=name, relationship=relationship, added_by=clinic.tara
            )
        held = people.held_session(clinic.course, clinic.tara, timezone.now() - timedelta(days=7), 1)
        people.note_of(held, next_time="Write one argument down.")
        return people.session_of(clinic.course, clinic.tara, timezone.now() - timedelta(hours=1))


@pytest.fixture
def log(
    page: Page, live_server: Any, session: TherapySession, clinic: Cast, sign_in: Callable[[User], None]
) -> Page:
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("sessions:log", args=[session.course_id, session.pk]))
    return page


def offered(page: Page) -> list[str]:
    return page.locator("#mentions:visible [role=option]").all_inner_texts()


def test_a_name_is_chosen_by_keyboard_and_its_person_is_ticked_and_signed(
    log: Page, session: TherapySession, axe: Callable[[Page], list[str]]
) -> None:
    week = log.get_by_label("Mood and the week's events")
    week.press_sequentially("Argued with @to")
    assert offered(log) == ["Tom partner", "Toby son"]
    assert log.locator("[aria-selected=true]").inner_text() == "Tom partner"
    for theme in ("light", "dark"):
        log.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert axe(log) == []
    log.keyboard.press("ArrowDown")
    log.keyboard.press("Enter")
    expect(week).to_have_value("Argued with Toby")
    expect(week).to_be_focused()
    expect(log.get_by_role("checkbox", name="Toby son")).to_be_checked()
    week.press_sequentially(", then rang @may")
    log.keyboard.press("Tab")
    expect(week).to_have_value("Argued with Toby, then rang Aunt May")
    event = log.get_by_label("Event of the week")
    event.press_sequentially("@Friend 7")
    log.keyboard.press("Enter")
    expect(event).to_have_value("Friend 7")
    expect(log.get_by_role("checkbox", name="Friend 7")).to_be_visible()  # no longer behind a click
    log.get_by_role("radio", name="Partly").check()
    log.get_by_label("How it went", exact=True).fill("Half of it.")
    log.get_by_label("Attended", exact=True).check()
    log.get_by_label("Asked, unchanged").check()
    log.get_by_role("button", name="Sign for Maya Fielding").click()
    log.wait_for_url(lambda url: "/sessions/" not in url)
    with building():
        note = Note.objects.get(session=session)
        names = set(Person.objects.filter(pk__in=note.people).values_list("name", flat=True))
    assert names == {"Toby", "Aunt May", "Friend 7"}
    assert (note.event, note.went, note.went_words) == ("Friend 7", "partly", "Half of it.")


def test_escape_closes_and_an_address_or_a_stranger_offers_nobody(log: Page) -> None:
    work = log.get_by_label("Work done")
    work.press_sequentially("@")
    assert len(offered(log)) == len(NAMES)
    log.keyboard.press("Escape")
    assert offered(log) == []
    work.press_sequentially("To")
    assert offered(log) == []  # closed until the next @
    work.press_sequentially(" wrote to tom@to")
    assert offered(log) == []
    work.press_sequentially(" and @Zed")
    assert offered(log) == []
    expect(work).to_have_value("@To wrote to tom@to and @Zed")
    work.press_sequentially(" @To")
    assert offered(log) == ["Tom partner", "Toby son"]
    log.get_by_label("Event of the week").focus()
    assert offered(log) == []


def test_a_tap_takes_a_name_on_a_narrow_page(log: Page) -> None:
    log.set_viewport_size({"width": 360, "height": 800})
    work = log.get_by_label("Work done")
    work.press_sequentially("Role play with @an")
    log.get_by_role("option", name="Anna sister").click()
    expect(work).to_have_value("Role play with Anna")
    expect(log.get_by_role("checkbox", name="Anna sister")).to_be_checked()
    assert log.evaluate("document.documentElement.scrollWidth") <= 360
