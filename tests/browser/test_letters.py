"""From the ending to a letter in the client's hand, in a real browser: written, looked at, stopped at a name, signed, opened as
PDF; axe in both themes on every page of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from courses.models import Course
from interpersonal.models import Person
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, answered, held_session, letter_to_client
from tests.db.caseload.reading import spread


@pytest.fixture
def near_its_end(clinic: Cast) -> Cast:
    """Thirteen of sixteen sessions held, and somebody on the inventory."""
    with building():
        now = timezone.now()
        Course.objects.filter(pk=clinic.course.pk).update(
            status="in_treatment",
            referred_on=timezone.localdate() - timedelta(days=120),
            started_on=timezone.localdate() - timedelta(days=91),
        )
        for n in range(1, 14):
            session = held_session(clinic.course, clinic.tara, now - timedelta(days=7 * (14 - n)), n)
            if n in (1, 13):
                answered(session, "phq9", spread(20 if n == 1 else 7))
        Person.objects.create(course=clinic.course, name="Tom", relationship="partner", added_by=clinic.tara)
    return clinic


def test_from_the_ending_to_a_letter_in_the_clients_hand(
    page: Page, live_server: Any, near_its_end: Cast, sign_in: Callable[[User], None]
) -> None:
    cast = near_its_end
    sign_in(cast.tara)
    page.goto(f"{live_server.url}/courses/{cast.course.pk}/")
    page.locator(".countdown").get_by_role("link", name="Ending").click()
    expect(page.get_by_text("3 sessions left")).to_be_visible()
    page.get_by_role("link", name="Write the ending").click()
    page.get_by_label("What has changed").fill("Tom listens now.")
    page.get_by_label("How to return").fill("Ring us within a year.")
    page.get_by_role("button", name="Save the ending of Maya Fielding").click()
    expect(page.get_by_text("Version 1 of the ending stands.")).to_be_visible()

    page.get_by_role("link", name="Write an ending letter").click()
    page.get_by_role("link", name="To Maya Fielding").click()
    changed = page.get_by_label("What has changed", exact=True)
    expect(changed).to_have_value("Your partner listens now.")
    changed.fill("Evenings with Tom are calm.")
    expect(page.locator("[data-save-state]")).to_contain_text("saved")

    page.get_by_role("button", name="Preview the letter").click()
    expect(page.get_by_text("Draft, not signed").first).to_be_visible()
    expect(page.get_by_text("Names in this letter:")).to_be_visible()
    page.get_by_role("link", name="Back to the letter").click()
    page.get_by_role("button", name="Sign for Maya Fielding").click()
    expect(page.get_by_text("The letter names Tom (partner).").first).to_be_visible()
    page.get_by_label("Tom, partner: let the name stand").check()
    page.get_by_role("button", name="Sign for Maya Fielding").click()
    expect(page.get_by_text("The ending letter to the client is signed.")).to_be_visible()

    page.get_by_role("link", name="Letters", exact=True).click()
    page.get_by_role("link", name=re.compile("^Read the ending letter")).click()
    href = page.get_by_role("link", name="Open the PDF").get_attribute("href")
    opened = page.context.request.get(f"{live_server.url}{href}")
    assert opened.headers["content-type"] == "application/pdf"
    words = " ".join(each.extract_text() for each in PdfReader(BytesIO(opened.body())).pages)
    assert "Evenings with Tom are calm." in words
    assert "Draft" not in words
    page.get_by_text("Record that it was given").click()
    page.get_by_label("How").select_option("handed")
    page.get_by_role("button", name="Record it for Maya Fielding").click()
    expect(page.get_by_text("The client, by hand")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_ending_and_letters(
    page: Page,
    live_server: Any,
    near_its_end: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
) -> None:
    cast = near_its_end
    with building():
        signed = letter_to_client(cast.course, cast.tara)
        draft = letter_to_client(cast.course, cast.tara, signed=False)
    sign_in(cast.tara)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
    for address in (
        "ending/",
        "ending/edit/",
        "letters/",
        "letters/new/",
        f"letters/{draft.pk}/",
        f"letters/{draft.pk}/preview/",
        f"letters/{signed.pk}/read/",
    ):
        page.goto(f"{live_server.url}/courses/{cast.course.pk}/{address}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert axe(page) == [], address
