"""A therapist writes down a call and adds to a signed note, in a real browser."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions.models import Note
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def course(page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]) -> Page:
    """The course page, open before its therapist; one session of four days ago is signed."""
    with building():
        held = people.held_session(clinic.course, clinic.tara, timezone.now() - timedelta(days=4), 1)
        people.note_of(held, work="Spoke about her father.")
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("courses:detail", args=[clinic.course.pk]))
    return page


def state(page: Page) -> Any:
    return page.locator("#save-state")


def is_wider_than_its_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_call_is_written_down_saved_by_itself_signed_and_listed(
    course: Page, clinic: Cast, axe: Callable[[Page], list[str]]
) -> None:
    course.get_by_role("link", name="Write a contact note about Maya Fielding").click()
    expect(state(course)).to_have_text("Nothing to save yet")
    course.get_by_label("GP or practice").check()
    course.get_by_label("Their name").fill("Dr Hill")
    course.get_by_label("Phone", exact=True).check()
    course.get_by_label("What was said").press_sequentially("The dose was doubled.", delay=10)
    expect(state(course)).to_contain_text("Draft saved", timeout=5000)
    course.reload()
    expect(course.get_by_label("What was said")).to_have_value("The dose was doubled.")
    expect(course.get_by_label("Their name")).to_have_value("Dr Hill")
    assert axe(course) == []
    course.get_by_role("button", name="Sign for Maya Fielding").click()
    course.wait_for_url(re.compile(reverse("courses:detail", args=[clinic.course.pk]) + "$"))
    row = course.get_by_role("row", name=re.compile("Contact"))
    expect(row).to_contain_text("Phone, Dr Hill (GP or practice)")
    expect(row).to_contain_text("Signed")
    assert axe(course) == []
    row.get_by_role("link", name="Read").click()
    expect(course.get_by_text("The dose was doubled.")).to_be_visible()
    assert axe(course) == []
    with building():
        assert Note.objects.get(kind="contact").signed_at is not None


def test_what_is_asked_for_follows_the_answers_and_never_hides_words(course: Page) -> None:
    course.get_by_role("link", name="Write a contact note").click()
    why, name = course.get_by_label(re.compile("why you did not ask$")), course.get_by_label("Their name")
    expect(why).to_be_hidden()
    course.get_by_label("Not asked, why").check()
    why.fill("She rang from work.")
    course.get_by_label("Asked, unchanged").check()
    expect(why).to_be_visible()
    why.fill("")
    expect(why).to_be_hidden()
    expect(name).to_be_visible()
    course.get_by_label("The client", exact=True).check()
    expect(name).to_be_hidden()


def test_a_contact_note_fits_a_phone_and_its_refusals_lead_to_their_fields(
    course: Page, axe: Callable[[Page], list[str]]
) -> None:
    course.set_viewport_size(PHONE)
    assert not is_wider_than_its_window(course)
    course.get_by_role("link", name="Write a contact note").click()
    course.get_by_role("button", name="Sign for Maya Fielding").click()
    expect(course.get_by_role("heading", name="Not signed yet")).to_be_visible()
    course.get_by_role("link", name="Write what was said.").click()
    expect(course.get_by_label("What was said")).to_be_focused()
    assert not is_wider_than_its_window(course)
    assert axe(course) == []


def test_an_addendum_is_written_beside_the_note_and_read_with_it(
    course: Page, clinic: Cast, axe: Callable[[Page], list[str]]
) -> None:
    course.get_by_role("link", name="Read the session").click()
    course.get_by_role("link", name="Write an addendum").click()
    expect(course.get_by_text("Spoke about her father.")).to_be_visible()
    course.get_by_label("Why the note needs an addendum").fill("The wrong relative.")
    course.get_by_label("What is to be added").fill("It was her brother.")
    expect(state(course)).to_contain_text("Draft saved", timeout=5000)
    assert axe(course) == []
    course.set_viewport_size(PHONE)
    assert not is_wider_than_its_window(course)
    course.get_by_role("button", name="Sign for Maya Fielding").click()
    course.wait_for_url(re.compile(reverse("courses:detail", args=[clinic.course.pk]) + "$"))
    expect(course.get_by_role("row", name=re.compile("Session 1"))).to_contain_text("1 addendum")
