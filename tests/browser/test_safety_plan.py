"""The safety plan in a real browser: written by keyboard, two clicks away, on paper, axe in both themes, no script, and the
words that stay when the sign-in is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from outcomes.models import SafetyPlan, SafetyPlanCopy
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast


@pytest.fixture
def plan(clinic: Cast) -> SafetyPlan:
    with building():
        for number, coping in ((1, "A bath."), (2, "A walk by the canal.")):
            plan = SafetyPlan.objects.create(
                course=clinic.course,
                number=number,
                coping=coping,
                people="Joan, 01234 567890",
                may_share_with="Joan",
                review_on=timezone.localdate() - timedelta(days=2),
                written_by=clinic.tara,
                written_at=timezone.now() - timedelta(days=20 - number),
            )
        SafetyPlanCopy.objects.create(
            plan=plan,
            course=clinic.course,
            given_to="client",
            how="printed",
            given_on=timezone.localdate() - timedelta(days=3),
            by=clinic.tara,
        )
        return plan


def plan_of(clinic: Cast, live_server: Any) -> str:
    return f"{live_server.url}/courses/{clinic.course.pk}/safety-plan/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_a_plan(
    page: Page,
    live_server: Any,
    clinic: Cast,
    plan: SafetyPlan,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    sign_in(clinic.tara)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 900})
    for address in ("", "edit/", "2/", "1/", "print/"):
        page.goto(plan_of(clinic, live_server) + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_a_plan_is_written_read_and_handed_out_without_script(
    without_script: Callable[[], BrowserContext],
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
) -> None:
    sign_in(clinic.tara)
    page = without_script().new_page()
    page.goto(f"{live_server.url}/courses/{clinic.course.pk}/")
    page.get_by_role("link", name="No safety plan").click()
    page.get_by_role("link", name="Write a safety plan").click()
    page.get_by_label("What I can do by myself").fill("A walk by the canal.")
    page.get_by_role("button", name="Save the safety plan of Maya Fielding").click()
    expect(page.get_by_text("Version 1 of the safety plan stands.")).to_be_visible()
    page.get_by_text("Record a copy", exact=True).click()
    page.get_by_label("Given to").select_option("client")
    page.get_by_label("How").select_option("printed")
    page.get_by_role("button", name="Record that a copy was given").click()
    expect(page.get_by_text("The client, printed")).to_be_visible()


def test_from_the_log_page_the_plan_is_one_click_away(
    page: Page, live_server: Any, clinic: Cast, plan: SafetyPlan, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(f"{live_server.url}/clients/{clinic.maya.pk}/")
    page.get_by_role("link", name="Safety plan, ").first.click()
    expect(page.get_by_role("heading", name="Safety plan", exact=True)).to_be_visible()
    expect(page.get_by_text("2 days ago")).to_be_visible()


def test_the_paper_shows_the_plan_and_the_numbers_and_no_banner(
    page: Page, live_server: Any, clinic: Cast, plan: SafetyPlan, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(plan_of(clinic, live_server) + "print/")
    page.emulate_media(media="print")
    expect(page.get_by_text("A walk by the canal.")).to_be_visible()
    expect(page.get_by_text("116 123")).to_be_visible()
    assert "Fielding" not in page.locator("body").inner_text()
    assert "Tara" not in page.locator("body").inner_text()
