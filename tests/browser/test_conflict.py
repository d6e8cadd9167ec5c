"""Two windows of one browser write one note; its writer settles it, by keyboard alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from sessions.models import DraftVersion, Note, TherapySession
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

HERE = "She waits to be asked. Tried two other openings in role play; the second felt like her own words."
SAVED = "She leaves the room. Tried two other openings in role play. Link to how her mother ended quarrels."
BOTH = (
    "She waits to be asked.\nShe leaves the room. Tried two other openings in role play; the second felt like her own words."
    " Link to how her mother ended quarrels."
)


@pytest.fixture
def session(clinic: Cast) -> TherapySession:
    with building():
        starts_at = timezone.localtime().replace(second=0, microsecond=0) - timedelta(hours=1)
        return people.session_of(clinic.course, clinic.tara, starts_at, room=people.room("Room 2"))


@pytest.fixture
def windows(
    page: Page, live_server: Any, session: TherapySession, clinic: Cast, sign_in: Callable[[User], None]
) -> tuple[Page, Page]:
    """Both open on the same note, nothing typed yet."""
    sign_in(clinic.tara)
    address = live_server.url + reverse("sessions:log", args=[session.course_id, session.pk])
    other = page.context.new_page()
    for window in (page, other):
        window.goto(address)
    return page, other


def state(page: Page) -> Any:
    return page.locator("#save-state")


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the button of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText ?? ''").startswith(name):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def collide(windows: tuple[Page, Page], **others: str) -> Page:
    """The other window saves first; the first one is told, and asks for both versions."""
    mine, other = windows
    other.get_by_label("Work done").press_sequentially(SAVED, delay=2)
    for label, words in others.items():
        other.get_by_label(label.replace("_", " ")).fill(words)
    expect(state(other)).to_contain_text("Draft saved", timeout=8000)
    mine.get_by_label("Work done").press_sequentially(HERE, delay=2)
    see = state(mine).get_by_role("button", name="See both versions")
    expect(see).to_be_visible(timeout=8000)
    see.focus()
    mine.keyboard.press("Enter")
    expect(mine.get_by_role("heading", name=re.compile("changed in another window"))).to_be_visible()
    return mine


def texts() -> set[str]:
    with building():
        return {version.parts["work"] for version in DraftVersion.objects.all()}


def test_both_are_joined_by_keyboard_and_edited_on(
    windows: tuple[Page, Page], session: TherapySession, axe: Callable[[Page], list[str]]
) -> None:
    page = collide(windows)
    expect(page.locator("#mine-work")).to_have_text(HERE)
    expect(page.locator("#theirs-work")).to_have_text(SAVED)
    expect(page.locator("#mine-work mark").first).to_have_text("waits to be asked")
    assert axe(page) == []
    tab_to(page, "Join both")
    page.keyboard.press("Enter")
    work = page.locator("#id_work")
    expect(work).to_have_value(re.compile("waits to be asked.*leaves the room", re.DOTALL))
    work.press_sequentially(" And on.")
    expect(state(page)).to_contain_text("Draft saved", timeout=8000)
    with building():
        note = Note.objects.get(session=session)
    assert all(
        words in note.work for words in ("waits to be asked", "own words", "leaves the room", "And on.")
    )
    assert {HERE, SAVED} <= texts()


@pytest.mark.parametrize(("button", "stands"), [("Keep this", HERE), ("Take this", SAVED)])
def test_one_side_is_taken_by_keyboard_and_the_other_stays_in_the_history(
    windows: tuple[Page, Page], button: str, stands: str
) -> None:
    page = collide(windows)
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.locator("#id_work")).to_have_value(stands)
    assert {HERE, SAVED} <= texts()
    page.get_by_role("link", name="Earlier versions").click()
    expect(page.get_by_role("heading", name="Earlier versions of your draft")).to_be_visible()


def test_part_by_part_with_the_arrow_keys(windows: tuple[Page, Page], session: TherapySession) -> None:
    page = collide(windows, Between_now_and_next_time="Ask Tom.")
    page.get_by_role("group", name="Work done", exact=True).get_by_label("Both").focus()
    page.keyboard.press("ArrowLeft")  # what was saved
    tab_to(page, "Go on with these choices")
    page.keyboard.press("Enter")
    expect(page.locator("#id_work")).to_have_value(SAVED)
    expect(page.locator("#id_next_time")).to_have_value("Ask Tom.")


def test_a_side_is_copied_whole(windows: tuple[Page, Page]) -> None:
    page = collide(windows)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy Work done, what was saved")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="✓ Copied")).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == SAVED


def test_an_earlier_version_is_brought_back(windows: tuple[Page, Page]) -> None:
    page = collide(windows)
    page.get_by_role("button", name="Take this").click()
    page.get_by_role("link", name="Earlier versions").click()
    page.get_by_role("listitem").filter(has_text="not saved into the note").first.get_by_role("link").click()
    expect(page.locator("#then-work")).to_have_text(HERE)
    page.get_by_role("button", name=re.compile("Bring back what I wrote at")).click()
    expect(page.locator("#id_work")).to_have_value(HERE)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_are_clean_for_axe(
    windows: tuple[Page, Page], axe: Callable[[Page], list[str]], theme: str, width: int
) -> None:
    windows[0].set_viewport_size({"width": width, "height": 900})
    windows[0].emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page = collide(windows, Between_now_and_next_time="Ask Tom.")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Earlier versions").click()
    page.get_by_role("listitem").filter(has_text="not saved").first.get_by_role("link").click()
    expect(page.locator("#then-work")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_both_are_seen_and_joined(
    without_script: Callable[[], BrowserContext],
    live_server: Any,
    session: TherapySession,
    clinic: Cast,
    sign_in: Callable[[User], None],
) -> None:
    sign_in(clinic.tara)
    plain = without_script()
    address = live_server.url + reverse("sessions:log", args=[session.course_id, session.pk])
    mine, other = plain.new_page(), plain.new_page()
    for window, words in ((mine, HERE), (other, SAVED)):
        window.goto(address)
        window.get_by_label("Work done").fill(words)
    other.get_by_role("button", name="Leave as draft").click()
    # It is saved before mine is sent: two sent at once would meet in either order.
    expect(other.get_by_text("Draft for Maya Fielding kept")).to_be_visible()
    mine.get_by_role("button", name="Leave as draft").click()
    expect(mine.locator("#mine-work")).to_have_text(HERE)
    expect(mine.get_by_role("button", name=re.compile("Copy"))).to_have_count(0)
    mine.get_by_role("button", name="Join both, then edit").click()
    expect(mine.locator("#id_work")).to_have_value(re.compile("waits to be asked.*leaves the room"))
