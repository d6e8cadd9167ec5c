"""The progress review in a real browser: from a row to its reason, to what was considered; axe in both themes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Course
from outcomes.models import Alert
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, answered, client_named, course_for, held_session


@pytest.fixture
def course(clinic: Cast) -> Course:
    """Two sessions without a GAD-7; the second PHQ-9 far above the first."""
    with building():
        course = course_for(client_named("Ruth", "Linley"), clinic.tara, status="in_treatment")
        for number, answers in ((1, [1] * 8 + [0]), (2, [2] * 8 + [0])):
            start = timezone.now() - timedelta(days=21 - 7 * number)
            answered(held_session(course, clinic.tara, start, number), "phq9", answers)  # type: ignore[arg-type]
        other = course_for(client_named("Ian", "Alarmed"), clinic.tara, status="in_treatment")
        session = held_session(other, clinic.tara, timezone.now() - timedelta(days=3), 1)
        response = answered(session, "phq9", [1] * 9)
        Alert.objects.create(course=other, response=response, item=9, value=1)
    return course


def test_a_supervisor_opens_a_reason_and_says_what_they_considered(
    page: Page,
    live_server: Any,
    clinic: Cast,
    course: Course,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    sign_in(clinic.sunil)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{live_server.url}/supervision/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Ian Alarmed")
    row = page.get_by_role("row", name="Ruth Linley")
    row.get_by_role("link", name="No GAD-7").click()
    expect(page.get_by_role("region", name="Whom this page is about")).to_contain_text("Ruth Linley")
    page.go_back()
    row.get_by_text("Why, and what was considered").click()
    row.get_by_role("listitem").filter(has_text="No GAD-7 at sessions 1 and 2").get_by_role("link").click()
    page.get_by_role("textbox", name="What you considered").fill("She answers the PHQ-9 alone for now.")
    page.get_by_role("button", name="Keep for Ruth Linley").click()
    expect(page.get_by_role("heading", name="Progress review")).to_be_visible()
    expect(row).to_contain_text("considered by Sunil Super until")
    expect(row.locator(".tag.considered")).to_have_text("No GAD-7")
    row.get_by_text("Why, and what was considered").click()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
        assert axe(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_the_review(
    page: Page,
    live_server: Any,
    clinic: Cast,
    course: Course,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    sign_in(clinic.lena)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 900})
    for address in (
        "/supervision/",
        "/supervision/service/",
        "/supervision/flags/",
        "/supervision/flags/risk/",
        "/supervision/figures/improvement/",
        "/supervision/figures/phq9/",
        f"/courses/{course.pk}/flags/measure/{course.pk}/",
    ):
        page.goto(f"{live_server.url}{address}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
