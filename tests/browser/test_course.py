"""The course page, a signed session and an alert in a real browser: the chart, axe in both themes, no script, print."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from outcomes.models import Alert
from sessions.models import Note, Reflection
from sessions.signing import sha256_now
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

PRIVATE = "I felt useless with them"


@pytest.fixture
def alert(clinic: Cast) -> Alert:
    """Four signed and measured sessions, an appointment ahead, and an alert after the last."""
    course, tara = clinic.course, clinic.tara
    with building():
        now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        for number, worst in enumerate([3, 3, 2, 1], 1):
            held = people.held_session(course, tara, now - timedelta(days=7 * (5 - number)), number)
            form = people.answered(held, "phq9", [worst] * 8 + [1 if number == 4 else 0])
            people.answered(held, "gad7", [worst] * 7)
            Reflection.objects.create(session=held, course=course, author=tara, text=PRIVATE)
            note = people.note_of(held, signed=False, risk_answer="unchanged")
            note.signed_at = held.ends_at
            Note.objects.filter(pk=note.pk).update(signed_at=note.signed_at, sha256=sha256_now(note))
        people.session_of(course, tara, now + timedelta(days=3))
        return Alert.objects.create(course=course, response=form, item=9, value=1)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console says, a refusal by the page's policy among it."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def course_of(alert: Alert, live_server: Any) -> str:
    return f"{live_server.url}/courses/{alert.course_id}/"


def session_of(alert: Alert, live_server: Any) -> str:
    return f"{course_of(alert, live_server)}sessions/{alert.response.in_session.session_id}/read/"


def test_the_chart_is_drawn_with_every_line_named_and_nothing_that_the_policy_refuses(
    page: Page,
    live_server: Any,
    clinic: Cast,
    alert: Alert,
    sign_in: Callable[[User], None],
    complaints: list[str],
) -> None:
    sign_in(clinic.tara)
    page.goto(course_of(alert, live_server))
    chart = page.locator("#course-chart svg")
    expect(chart).to_have_attribute("role", "img")
    # Item scores of 1 on the last form: eight times 1, and 1 for item 9; seven times 1.
    expect(chart).to_contain_text("PHQ-9 9")
    expect(chart).to_contain_text("GAD-7 7")
    expect(chart).to_contain_text("PHQ-9 caseness 10")
    expect(chart.locator("style")).to_have_count(0)
    expect(chart.locator("> title")).to_have_text("Symptoms over sessions")
    expect(chart.locator("> desc")).to_contain_text("PHQ-9 24 at session 1, 9 at session 4")
    expect(page.locator("#course-progress-table")).not_to_have_attribute("open", "")
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_course_session_and_alert(
    page: Page,
    live_server: Any,
    clinic: Cast,
    alert: Alert,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    complaints: list[str],
    theme: str,
    width: int,
) -> None:
    sign_in(clinic.tara)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 900})
    course = course_of(alert, live_server)
    for address in (course, session_of(alert, live_server), f"{course}alerts/{alert.pk}/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    assert complaints == []


def test_the_administrators_course_page_has_no_chart_and_passes_axe(
    page: Page,
    live_server: Any,
    clinic: Cast,
    alert: Alert,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    sign_in(clinic.ada)
    page.goto(course_of(alert, live_server))
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page.locator("#course-chart")).to_have_count(0)
    assert axe(page) == []


def test_without_script_the_table_says_what_the_chart_would(
    without_script: Callable[[], BrowserContext],
    live_server: Any,
    clinic: Cast,
    alert: Alert,
    sign_in: Callable[[User], None],
) -> None:
    sign_in(clinic.tara)
    page = without_script().new_page()
    page.goto(course_of(alert, live_server))
    expect(page.locator("#course-progress-table table")).to_be_visible()
    expect(page.locator("#course-progress-table tbody tr").first).to_contain_text("24, severe")


def test_the_private_reflection_is_not_printed(
    page: Page, live_server: Any, clinic: Cast, alert: Alert, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(session_of(alert, live_server))
    expect(page.get_by_text(PRIVATE)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text(PRIVATE)).to_be_hidden()
    expect(page.get_by_text("Looked at Sunday's argument.")).to_be_visible()


def test_an_alert_is_opened_from_the_course_and_closed_with_what_was_done(
    page: Page, live_server: Any, clinic: Cast, alert: Alert, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(course_of(alert, live_server))
    page.get_by_role("link", name="Open alert", exact=True).click()
    page.get_by_label("What you did").select_option("family")
    page.get_by_label("In words").fill("Spoke with May and her sister.")
    page.get_by_role("button", name="Close the alert about Maya Fielding").click()
    expect(page.get_by_text("The alert is closed.")).to_be_visible()
    expect(page.get_by_text("Spoke with May and her sister.")).to_be_visible()
    page.get_by_role("link", name="Course of Maya Fielding").click()
    expect(page.get_by_text("No open alert")).to_be_visible()
