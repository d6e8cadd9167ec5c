"""The waiting list in a real browser: several at once with a preview, by keyboard and without script; axe in both themes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from courses.models import Course
from referrals.models import ContactAttempt, Referral, WaitPause
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, client_named, course_for


@pytest.fixture
def waits(clinic: Cast) -> list[Course]:
    """Twelve who wait, of all kinds."""
    today = timezone.localdate()
    with building():
        found = []
        for number in range(12):
            client = client_named(f"Wanda{number:02}", "Waits", needs_evenings=number % 2 == 0)
            course = course_for(
                client,
                clinic.tara if number % 5 == 4 else None,
                status="referred" if number % 5 == 0 else "waiting",
                referred_on=today - timedelta(days=12 * number),
                priority=number % 3,
            )
            Referral.objects.create(
                course=course, way="letter", entered_by=clinic.ada, priority_reason="Asked for it."
            )
            ContactAttempt.objects.create(course=course, how="phone", result="no_answer", by=clinic.ada)
            found.append(course)
        since = today - timedelta(days=3)
        WaitPause.objects.create(course=found[3], starts_on=since, reason="Abroad.", by=clinic.ada)
        Course.objects.filter(pk=found[3].pk).update(paused_since=since)
        return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_the_waiting_list(
    page: Page,
    live_server: Any,
    clinic: Cast,
    waits: list[Course],
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    sign_in(clinic.ada)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 900})
    rows = "&".join(f"row={course.pk}" for course in waits)
    for address in (
        "/waiting/",
        "/waiting/?view=board",
        "/waiting/?group=ready&clock=runs",
        f"/waiting/acts/?act=pause&{rows}",
        f"/courses/{waits[3].pk}/waiting/",
        f"/courses/{waits[4].pk}/waiting/",
    ):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_several_are_acted_on_at_once_after_a_preview_without_script(
    without_script: Callable[[], BrowserContext],
    live_server: Any,
    clinic: Cast,
    waits: list[Course],
    sign_in: Callable[[User], None],
) -> None:
    sign_in(clinic.ada)
    page = without_script().new_page()
    page.goto(f"{live_server.url}/clinic/")
    page.get_by_role("link", name="Waiting list").first.click()
    for number in (2, 3, 7):
        page.get_by_label(f"Choose Wanda{number:02} Waits").check()
    page.get_by_label("With those who are ticked").select_option(label="Pause the clock")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The clock stands still already")).to_be_visible()
    page.get_by_label("Why").fill("The clinic moves house.")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("at 24 days")).to_be_visible()
    expect(page.get_by_text("at 84 days")).to_be_visible()
    page.get_by_role("button", name="Pause the clock: 2 clients").click()
    expect(page.get_by_text("Pause the clock: done for 2 clients.")).to_be_visible()
    page.get_by_role("link", name="Wanda07 Waits", exact=True).click()
    expect(page.get_by_text("The clinic moves house.")).to_be_visible()
    page.get_by_role("button", name="Let the clock of Wanda07 Waits run again").click()
    expect(page.get_by_text("The clock of Wanda07 Waits runs again.")).to_be_visible()
