"""Somebody refers themself on a phone 360 px wide, with script and without, and each page passes axe."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from referrals.models import Referral, ReferralWords
from tests.browser.conftest import building
from tests.cast import Cast

PHONE: ViewportSize = {"width": 360, "height": 740}


def fits(page: Page) -> bool:
    """Nothing is wider than the screen, and what is pressed is at least 44 px high, but for links within a sentence."""
    return page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll("
        "'main .btn, main .answer, main .help-lines a, main .form-control:not([tabindex=\"-1\"]), main .form-select')]"
        ".every(each => each.getBoundingClientRect().height >= 44)"
    )


def refer(page: Page, address: str, look: Callable[[Page], None]) -> None:
    """From the first page to the thanks, with one thing forgotten and one tick."""
    page.set_viewport_size(PHONE)
    page.goto(address)
    expect(page.get_by_role("link", name="999")).not_to_have_count(0)
    look(page)
    page.get_by_role("link", name="Begin the form").click()
    look(page)
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Last name").fill("Jabari")
    page.get_by_label("Day").fill("3")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("1987")
    page.get_by_label("Phone").fill("01234 567890")
    page.get_by_label("What brings you here?").fill("Low since the funeral.")
    page.get_by_label("I have thoughts of being better off dead").check()
    expect(page.get_by_text("Nobody watches this form live.").first).to_be_visible()
    look(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick that you agree")
    look(page)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="You do not have to carry this alone")).to_be_visible()
    expect(page.get_by_role("link", name="Samaritans 116 123").first).to_be_visible()
    look(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_self_referral_on_a_phone(
    clinic: Cast,
    live_server: Any,
    new_context: Callable[..., BrowserContext],
    page: Page,
    axe: Callable[[Page], list[str]],
    script: bool,
) -> None:
    def look(shown: Page) -> None:
        assert fits(shown)
        if script:
            assert axe(shown) == []

    browser = page if script else new_context(java_script_enabled=False).new_page()
    refer(browser, f"{live_server.url}/refer/", look)
    with building():
        assert Referral.objects.get().way == "self"
        assert ReferralWords.objects.get().thoughts_of_harm
