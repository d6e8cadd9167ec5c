"""A therapist enters every questionnaire by keyboard alone, in a real browser, wide and on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from outcomes.models import Alert, ClinicWording, Response
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

PHONE = {"width": 360, "height": 740}
# What is typed, one digit a question, and by hand what it comes to. The last digit of PHQ-9 and UCLA-3 is not counted.
TYPED = {
    "phq9": ("3210321001"[:9] + "2", [3, 2, 1, 0, 3, 2, 1, 0, 0], 2, "12 of 27, moderate"),
    "gad7": ("1230123", [1, 2, 3, 0, 1, 2, 3], None, "12 of 21, moderate"),
    # Items 2 and 3 the other way round: 1 + 4 + 0 + 2 + 3 + 0 + 4 + 1 + 2 + 3.
    "core10": ("1042304123", [1, 0, 4, 2, 3, 0, 4, 1, 2, 3], None, "20 of 40, moderately severe"),
    "wsas": ("87654", [8, 7, 6, 5, 4], None, "30 of 40, moderately severe or worse"),
    "ucla3": ("1235", [1, 2, 3], 5, "6 of 9"),
}


@pytest.fixture
def choosing(page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]) -> Page:
    """The page on which a questionnaire is chosen, open before the therapist."""
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("outcomes:measure_new", args=[clinic.course.pk]))
    return page


def choose(choosing: Page, code: str) -> None:
    """Open that questionnaire by keyboard; its script is there, which answers the digits."""
    choosing.locator(f"a[href*='measure={code}']").first.press("Enter")
    choosing.wait_for_url(re.compile(f"measure={code}"))


def is_wider_than_its_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("code", TYPED)
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_every_measure_is_filled_in_by_keyboard(
    choosing: Page, clinic: Cast, axe: Callable[[Page], list[str]], code: str, size: str
) -> None:
    digits, answers, beside, said = TYPED[code]
    if size == "phone":
        choosing.set_viewport_size(PHONE)
    choose(choosing, code)
    assert axe(choosing) == []
    assert not is_wider_than_its_window(choosing)
    choosing.locator("input[name=item_1][value='']").focus()
    for digit in digits:
        choosing.keyboard.press(digit)
    expect(choosing.get_by_role("button", name=re.compile("^Keep the"))).to_be_focused()
    choosing.keyboard.press("Enter")
    expect(choosing.get_by_text(said).first).to_be_visible()
    assert axe(choosing) == []
    assert not is_wider_than_its_window(choosing)
    with building():
        response = Response.objects.get(course=clinic.course)
        assert (response.measure, response.answers, response.unscored) == (code, answers, beside)


def test_arrows_choose_too_and_backspace_takes_an_answer_back(choosing: Page, clinic: Cast) -> None:
    choose(choosing, "gad7")
    choosing.locator("input[name=item_1][value='']").focus()
    choosing.keyboard.press("ArrowRight")  # from the last round to the first: 0
    choosing.keyboard.press("ArrowRight")
    expect(choosing.locator("input[name=item_1][value='1']")).to_be_checked()
    choosing.keyboard.press("Backspace")
    expect(choosing.locator("input[name=item_1][value='']")).to_be_checked()
    choosing.keyboard.press("2")
    choosing.keyboard.press("9")  # no answer of this questionnaire: nothing happens
    expect(choosing.locator("input[name=item_2][value='']")).to_be_focused()
    choosing.keyboard.press("Backspace")
    expect(choosing.locator("input[name=item_1][value='2']")).to_be_focused()


def test_what_is_refused_leads_to_its_question_with_all_that_was_typed(
    choosing: Page, axe: Callable[[Page], list[str]]
) -> None:
    choose(choosing, "wsas")
    choosing.get_by_label("Work does not apply").check()
    choosing.locator("input[name=item_1][value='']").focus()
    for digit in "31234":
        choosing.keyboard.press(digit)
    choosing.keyboard.press("Enter")
    problem = choosing.get_by_role("link", name=re.compile("^Work has an answer"))
    expect(problem).to_be_visible()
    assert axe(choosing) == []
    problem.click()
    expect(choosing.locator("input[name=item_1][value='0']")).to_be_focused()
    choosing.keyboard.press("Backspace")
    expect(choosing.locator("input[name=item_5][value='4']")).to_be_checked()
    choosing.get_by_role("button", name=re.compile("^Keep the")).click()
    expect(choosing.get_by_text("10 of 32, work does not apply").first).to_be_visible()


def test_thoughts_of_death_say_at_once_what_to_do_and_lead_to_the_alert(
    choosing: Page, clinic: Cast, axe: Callable[[Page], list[str]]
) -> None:
    choose(choosing, "phq9")
    choosing.locator("input[name=item_9][value='1']").check(force=True)
    choosing.get_by_role("button", name=re.compile("^Keep the")).click()
    expect(choosing.get_by_text("Item 9 is above 0: ask directly, today.")).to_be_visible()
    assert axe(choosing) == []
    choosing.get_by_role("link", name="Open the alert", exact=True).click()
    expect(choosing.get_by_role("heading", level=1)).to_contain_text("Alert")
    with building():
        assert Alert.objects.get().course == clinic.course


def test_without_script_a_total_from_paper_and_a_goal_are_kept(
    browser: Any, live_server: Any, clinic: Cast, sign_in: Callable[[User], None], context: Any
) -> None:
    sign_in(clinic.tara)
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(live_server.url + reverse("outcomes:measure_new", args=[clinic.course.pk]))
    page.get_by_role("link", name="Only the total of the PHQ-9").click()
    page.get_by_label("Total", exact=True).fill("14")
    page.get_by_role("button", name=re.compile("^Keep the")).click()
    expect(page.get_by_text("14 of 27, moderate, total only, from paper").first).to_be_visible()
    page.goto(live_server.url + reverse("outcomes:goals", args=[clinic.course.pk]))
    page.get_by_label("Goal, in the client's words").fill("See Ruth again")
    page.get_by_role("button", name=re.compile("^Agree this goal")).click()
    page.get_by_role("group", name="See Ruth again").get_by_label("3", exact=True).check(force=True)
    page.get_by_role("button", name=re.compile("^Keep the ratings")).click()
    expect(page.get_by_text("3 of 10").first).to_be_visible()
    plain.close()


def test_the_list_one_struck_out_and_the_goals_are_clean_at_both_widths(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    with building():
        session = people.held_session(clinic.course, clinic.tara, timezone.now() - timedelta(days=4), 1)
        struck = people.answered(session, "phq9", [1] * 9)
        people.answered(session, "gad7", [2] * 6 + [None])
        ClinicWording.objects.create(
            measure="wsas",
            number=1,
            stem="How far does it get in the way?",
            items=[f"Question {n} as printed." for n in range(1, 6)],
            labels=["not at all", *[""] * 7, "very severely"],
            licence="By letter of 1 May 2026.",
            entered_by=clinic.ada,
        )
    sign_in(clinic.tara)
    course = [clinic.course.pk]
    error = reverse("outcomes:response_error", args=[*course, struck.pk])
    page.goto(live_server.url + error)
    page.get_by_label("Why it was entered in error").fill("Another client's sheet.")
    page.get_by_role("button", name=re.compile("^Strike out")).click()
    expect(page.get_by_role("heading", name="Entered in error", level=2)).to_be_visible()
    addresses = [
        reverse("outcomes:response", args=[*course, struck.pk]),
        reverse("outcomes:measures", args=course),
        reverse("outcomes:goals", args=course),
        reverse("outcomes:measure_new", args=course) + "?measure=wsas",
        error,
    ]
    for size in (PHONE, {"width": 1280, "height": 900}):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for address in addresses:
                page.goto(live_server.url + address)
                assert axe(page) == [], (address, scheme)
                assert not is_wider_than_its_window(page), address
    sign_in(clinic.ada)
    page.goto(live_server.url + reverse("measures:wording", args=["wsas"]))
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert not is_wider_than_its_window(page)
