"""A client answers by link on a phone, and the therapist's open pages show it without a reload; sending a link, as a therapist
sees it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from outcomes.models import Link
from sessions.models import SessionLink, TherapySession
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.browser.test_by_link import fill_in
from tests.cast import Cast

WITHIN = 30_000  # ms


@pytest.fixture
def session(clinic: Cast) -> TherapySession:
    with building():
        return people.session_of(clinic.course, clinic.tara, timezone.now() - timedelta(minutes=5))


@pytest.fixture
def token(clinic: Cast, session: TherapySession) -> str:
    with building():
        link, token = people.link_for(clinic.course, clinic.tara)
        SessionLink.objects.create(session=session, course=clinic.course, link=link)
        return token


def test_what_a_client_answers_on_a_phone_stands_on_the_open_log_page_within_thirty_seconds(
    page: Page,
    new_context: Callable[..., BrowserContext],
    live_server: Any,
    clinic: Cast,
    session: TherapySession,
    token: str,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("sessions:log", args=[session.course_id, session.pk]))
    expect(page.locator("#by-link")).to_contain_text("not opened yet")
    page.get_by_label("Mood and the week's events").fill("A quiet week.")
    page.get_by_label("Mood and the week's events").focus()
    phone = new_context().new_page()
    fill_in(phone, f"{live_server.url}/q/{token}/", lambda page: None)
    shown = page.locator("#by-link")
    expect(shown).to_contain_text("PHQ-9 received by link today", timeout=WITHIN)
    expect(shown).to_contain_text("9 of 27, mild")
    expect(shown).to_contain_text("Item 9: 1, Several days")
    expect(shown.get_by_role("link", name="What to do")).to_be_visible()
    expect(page.get_by_label("Mood and the week's events")).to_have_value("A quiet week.")
    expect(page.get_by_label("Mood and the week's events")).to_be_focused()
    assert axe(page) == []
    assert complaints == []


def test_today_and_the_course_page_show_it_too(
    page: Page,
    new_context: Callable[..., BrowserContext],
    live_server: Any,
    clinic: Cast,
    session: TherapySession,
    token: str,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("caseload:today"))
    course = page.context.new_page()
    course.goto(live_server.url + reverse("courses:detail", args=[session.course_id]))
    expect(page.locator("#appointments-today")).to_contain_text("link sent, measures not in yet")
    phone = new_context().new_page()
    fill_in(phone, f"{live_server.url}/q/{token}/", lambda page: None)
    expect(course.locator("#links-by-mail")).to_contain_text("Finished today", timeout=WITHIN)
    expect(page.locator("#appointments-today")).to_contain_text("PHQ-9 and GAD-7 received", timeout=WITHIN)
    assert axe(course) == []
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_therapist_hands_a_link_over_at_the_width_of_a_phone(
    page: Page,
    live_server: Any,
    clinic: Cast,
    session: TherapySession,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    scheme: Any,
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("outcomes:link_new", args=[clinic.course.pk]))
    expect(page.get_by_label("PHQ-9, depression")).to_be_checked()
    assert axe(page) == []
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("img", name="Code to scan")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the address")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    address = page.locator("#link-address").inner_text()
    page.get_by_role("link", name="Done").click()
    expect(page.locator("#links-by-mail")).to_contain_text("Handed over today")
    assert address not in page.content()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("#links-by-mail")).to_contain_text("Withdrawn")
    with building():
        assert Link.objects.get().end_reason == "withdrawn"
