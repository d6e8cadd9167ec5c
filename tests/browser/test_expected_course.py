"""The expected course and a signal in a real browser: the band is drawn and named, and a review is written by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from outcomes.models import ExpectedBand, ExpectedModel, Signal
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast


@pytest.fixture
def signal(clinic: Cast) -> Signal:
    """PHQ-9 16, 16, 14 and 20 over four sessions, of which a model expects at most 15 at the fourth."""
    course, tara = clinic.course, clinic.tara
    with building():
        now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        scores: list[Any] = [[2] * 8 + [0], [2] * 8 + [0], [2] * 7 + [0, 0], [3] * 6 + [2, 0, 0]]
        for number, answers in enumerate(scores, 1):
            held = people.held_session(course, tara, now - timedelta(days=7 * (5 - number)), number)
            form = people.answered(held, "phq9", answers)
            people.answered(held, "gad7", [1] * 7)
            people.answered(held, "core10", [1, 1, 1, 1, 1, 0, 1, 1, 1, 1])
        model = ExpectedModel.objects.create(courses=412, digest="x")
        for number in range(1, 17):
            ExpectedBand.objects.create(
                model=model,
                measure="phq9",
                baseline_low=15,
                baseline_high=19,
                session_number=number,
                courses=60 - number,
                low=max(2, 14 - number),
                high=max(9, 19 - number),
            )
        return Signal.objects.create(
            course=course,
            measure="phq9",
            rule="expected",
            response=form,
            session_number=4,
            baseline=16,
            score=20,
            limit=15,
            model=model,
        )


def course_of(signal: Signal, live_server: Any) -> str:
    return f"{live_server.url}/courses/{signal.course_id}/"


def test_the_band_is_drawn_behind_the_scores_and_named(
    page: Page, live_server: Any, clinic: Cast, signal: Signal, sign_in: Callable[[User], None]
) -> None:
    said: list[str] = []
    page.on("console", lambda words: said.append(words.text) if words.type == "error" else None)
    sign_in(clinic.tara)
    page.goto(course_of(signal, live_server))
    chart = page.locator("#course-chart svg")
    expect(chart).to_contain_text("Expected PHQ-9")
    expect(chart).to_contain_text("PHQ-9 20")
    expect(page.locator(".band-words")).to_contain_text("412 courses")
    page.get_by_text("As a table").click()
    expect(page.locator(".band-table tbody tr").nth(3)).to_contain_text("10 to 15")
    assert said == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_course_with_a_band_and_on_the_signal(
    page: Page,
    live_server: Any,
    clinic: Cast,
    signal: Signal,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    sign_in(clinic.tara)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 900})
    course = course_of(signal, live_server)
    for address in (course, f"{course}signals/{signal.pk}/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_a_review_is_written_by_keyboard(
    page: Page, live_server: Any, clinic: Cast, signal: Signal, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(course_of(signal, live_server))
    page.get_by_role("link", name="Review of").press("Enter")
    page.get_by_role("button", name="Keep the review").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Tick what you considered.")
    page.get_by_label("The focus").press("Space")
    page.get_by_label("The plan").fill("Ask in supervision whether grief is the focus.")
    page.get_by_role("button", name="Keep the review").press("Enter")
    expect(page.get_by_role("heading", name="The review")).to_be_visible()
    page.goto(course_of(signal, live_server))
    expect(page.get_by_text("Plan: Ask in supervision whether grief is the focus.")).to_be_visible()
