"""A supervision meeting in a real browser: begun with the agenda, written and saved while it is typed, signed, read and signed
by the therapist; and a second window that is shown both versions. axe on every page of it, in both themes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, answered, client_named, course_for, held_session, note_of, on_the_agenda
from tests.db.caseload.reading import spread


@pytest.fixture
def on_the_list(clinic: Cast) -> Cast:
    """Two of Tara's courses on the agenda, the first with a question, a note and two scores."""
    with building():
        now = timezone.now()
        for number in (1, 2):
            session = held_session(clinic.course, clinic.tara, now - timedelta(days=21 - 7 * number), number)
            answered(session, "phq9", spread(12 + number))
            note_of(session)
        second = course_for(client_named("Nora", "Banks"), clinic.tara, status="in_treatment")
        on_the_agenda(clinic.course, clinic.tara, "Is grief still the focus?", position=1)
        on_the_agenda(second, clinic.tara, position=2)
    return clinic


def test_from_the_agenda_to_a_record_that_the_therapist_signs(
    page: Page,
    live_server: Any,
    on_the_list: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    page.emulate_media(reduced_motion="reduce")

    def looks_right() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            assert axe(page) == []
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.set_viewport_size({"width": 1280, "height": 900})

    cast = on_the_list
    sign_in(cast.sunil)
    page.goto(f"{live_server.url}/supervision/meetings/")
    page.get_by_role("link", name="Begin a meeting").click()
    looks_right()
    page.get_by_role("button", name="Begin the meeting").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Supervision with Tara Tree")
    expect(page.locator(".meeting-list li")).to_have_count(2)
    looks_right()
    page.get_by_role("link", name="Go to the cases").click()
    expect(page.get_by_text("Tara Tree asks: “Is grief still the focus?”")).to_be_visible()
    page.get_by_label("What was discussed").fill("The anniversary came up first.")
    page.get_by_text("Changes", exact=True).click()
    expect(page.locator("[data-save-state]")).to_contain_text("Draft saved")
    page.reload()
    expect(page.get_by_label("What was discussed")).to_have_value("The anniversary came up first.")
    expect(page.get_by_label("Changes")).to_be_checked()
    looks_right()
    second = page.context.new_page()
    second.goto(page.url)
    second.get_by_label("Decision", exact=True).fill("Written in another window")
    expect(second.locator("[data-save-state]")).to_contain_text("Draft saved")
    page.get_by_label("Decision", exact=True).fill("Look at the focus again")
    page.get_by_role("button", name="Sign record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("changed in another window")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_label("Decision", exact=True)).to_have_value("Look at the focus again")
    second.close()
    page.get_by_label("What, action 1").fill("Bring the timeline")
    page.get_by_label("By when, action 1").fill((timezone.localdate() + timedelta(days=7)).isoformat())
    page.get_by_role("button", name="Add an action").click()
    expect(page.get_by_label("What, action 2")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Sign record").click()
    expect(page.get_by_text("Say whether risk was discussed.")).to_be_visible()
    looks_right()
    page.get_by_role("link", name="Say whether risk was discussed.").click()
    page.locator("#id_risk_said").get_by_text("Not needed, why").click()
    page.get_by_label("What was said about risk").fill("Asked each week, unchanged.")
    page.get_by_role("button", name="Sign record").click()
    expect(page.get_by_role("heading", name="Not reached: carried over")).to_be_visible()
    page.get_by_role("button", name="Sign the record of 1 case").click()
    expect(page.get_by_text("The meeting is signed.")).to_be_visible()

    sign_in(cast.tara)
    page.goto(f"{live_server.url}/supervision/meetings/")
    looks_right()
    page.get_by_role("link", name="Read and sign").click()
    for words in (
        "The anniversary came up first.",
        "Look at the focus again",
        "Bring the timeline",
        "Changes",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    looks_right()
    page.get_by_role("button", name="Sign for Maya Fielding").click()
    expect(page.get_by_text("Read and signed by")).to_be_visible()
    assert page.get_by_text("Unchanged since").count() == 2
    looks_right()
