"""A client fills in a form by link on a phone 360 px wide, with script and without, and each page passes axe."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from outcomes.models import Alert, Response
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def token(clinic: Cast) -> str:
    with building():
        people.system_person()
        return people.link_for(clinic.course, clinic.tara)[1]


def fits(page: Page) -> bool:
    """Nothing is wider than the screen, and what is pressed is at least 44 px high, but for links within a sentence."""
    return page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll("
        "'main .btn, main .answer, main .help-lines a, main .left-out a, main .form-control')]"
        ".every(each => each.getBoundingClientRect().height >= 44)"
    )


def press(page: Page, number: int, answer: str) -> None:
    expect(page.get_by_text(f"Question {number} of 17.")).to_be_visible()
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Next").click()


def fill_in(page: Page, address: str, look: Callable[[Page], None]) -> None:
    """From the link to the thanks, item 9 above 0 and one question left out."""
    page.set_viewport_size(PHONE)
    page.goto(address)
    assert page.url.endswith("/q/")
    look(page)
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("1")
    page.get_by_label("Year").fill("1980")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("You have 4 tries left")
    look(page)
    page.get_by_label("Day").fill("17")
    page.get_by_label("Month").fill("5")
    page.get_by_label("Year").fill("1990")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Hello May")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Begin").click()
    look(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer")
    look(page)
    for number in range(1, 9):
        press(page, number, "Several days")
    expect(page.get_by_text("Question 9 of 17.")).to_be_visible()
    page.wait_for_load_state()
    page.go_back()
    expect(page.get_by_label("Several days", exact=True)).to_be_checked()
    look(page)
    page.get_by_role("button", name="Next").click()
    press(page, 9, "Several days")
    expect(page.get_by_role("link", name="Samaritans 116 123").first).to_be_visible()
    assert page.url.endswith("/q/9/help/")
    look(page)
    page.get_by_role("link", name="Go on with the questions").click()
    press(page, 10, "Very difficult")
    for number in range(11, 17):
        press(page, number, "Not at all")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("Question 16 of 17.")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="I would rather not answer").click()
    expect(page.get_by_role("heading", name="One question is left out")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Thank you, May")).to_be_visible()
    expect(page.get_by_role("link", name="NHS 111, option 2")).to_be_visible()
    look(page)
    page.goto(address)
    expect(page.get_by_role("heading", name="This link has ended")).to_be_visible()
    look(page)


def what_is_kept() -> None:
    with building():
        by_measure = {response.measure: response for response in Response.objects.all()}
        phq9, gad7 = by_measure["phq9"], by_measure["gad7"]
        assert (phq9.answers, phq9.total, phq9.unscored, phq9.came) == ([1] * 9, 9, 2, "link")
        assert (gad7.answers, gad7.total) == ([0] * 6 + [None], None)
        assert Alert.objects.get().value == 1


def test_a_client_fills_in_the_form_on_a_phone(
    page: Page, live_server: Any, token: str, axe: Callable[[Page], list[str]]
) -> None:
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )

    def look(page: Page) -> None:
        assert axe(page) == []
        assert fits(page), page.url

    fill_in(page, f"{live_server.url}/q/{token}/", look)
    what_is_kept()
    # The page of a link that has ended is answered with 410, which the console repeats.
    assert [said for said in complaints if "410" not in said] == []


def test_a_client_fills_in_the_form_without_script(
    without_script: Callable[[], BrowserContext], live_server: Any, token: str
) -> None:
    page = without_script().new_page()
    fill_in(page, f"{live_server.url}/q/{token}/", lambda page: None)
    what_is_kept()


def test_the_form_is_filled_in_by_keyboard_in_dark_colours(
    page: Page, live_server: Any, token: str, axe: Callable[[Page], list[str]]
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/q/{token}/")
    assert axe(page) == []
    page.get_by_label("Day").focus()
    for part in ("17", "5"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    page.keyboard.type("1990")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Begin").press("Enter")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 of 17.")).to_be_visible()
    with building():
        assert Response.objects.get().answers[0] == 1
