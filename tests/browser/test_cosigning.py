"""What a trainee has signed, in the queue of their supervisor: by keys, without script, and a deputy's for a week."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from sessions.models import CoSignature, Note
from staff.models import Leave, User
from tests.browser.conftest import building
from tests.cast import Cast, contact_note_of, letter_to_client, note_of, session_of

SignIn = Callable[[User], None]


@pytest.fixture
def waiting(clinic: Cast) -> list[Note]:
    """A letter of four days ago, a session note and a contact note wait, in this order."""
    now = timezone.now()
    with building():
        clinic.tara.is_trainee = True
        clinic.tara.save()
        session = session_of(clinic.course, clinic.tara, now - timedelta(days=2))
        return [
            letter_to_client(
                clinic.course, clinic.tara, needs_cosign=True, signed_at=now - timedelta(days=4)
            ),
            note_of(session, needs_cosign=True),
            contact_note_of(clinic.course, clinic.tara, needs_cosign=True),
        ]


def place(page: Page, words: str) -> None:
    # A decision writes, and leads to the next page: on a machine with much to do that takes its time.
    expect(page.locator(".pagehead .num")).to_have_text(words, timeout=20_000)


def decisions() -> list[tuple[str, str]]:
    with building():
        return list(CoSignature.objects.order_by("at").values_list("decision", "comment"))


def test_a_supervisor_goes_through_the_queue_by_keys_alone(
    page: Page,
    live_server: Any,
    clinic: Cast,
    waiting: list[Note],
    sign_in: SignIn,
    axe: Callable[[Page], list[str]],
) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in(clinic.sunil)
    page.goto(f"{live_server.url}/supervision/cosign/")
    place(page, "1 of 3 that wait")
    assert axe(page) == []
    page.keyboard.press("n")
    place(page, "2 of 3 that wait")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740})
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("p")
    place(page, "1 of 3 that wait")
    page.keyboard.press("c")
    place(page, "1 of 2 that wait")
    expect(page.get_by_text("Co-signed for Maya Fielding: the note of Tara Tree.")).to_be_visible()
    # Letters that are typed are words: nothing is decided by them.
    page.keyboard.press("r")
    comment = page.get_by_label("Comment to Tara Tree")
    expect(comment).to_be_focused()
    page.keyboard.type("connected, or not?")
    expect(comment).to_have_value("connected, or not?")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Co-sign for Maya Fielding")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    place(page, "1 of 1 that waits")
    # The keys can be turned off, and stay off.
    page.get_by_role("checkbox", name="Keys").uncheck()
    page.keyboard.press("c")
    page.reload()
    page.keyboard.press("c")
    place(page, "1 of 1 that waits")
    page.get_by_role("button", name="Co-sign for Maya Fielding").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert axe(page) == []
    assert decisions() == [("cosigned", ""), ("returned", "connected, or not?"), ("cosigned", "")]


def test_without_script_it_is_all_there(
    live_server: Any,
    clinic: Cast,
    waiting: list[Note],
    sign_in: SignIn,
    without_script: Callable[[], BrowserContext],
) -> None:
    sign_in(clinic.sunil)
    page = without_script().new_page()
    page.goto(f"{live_server.url}/supervision/cosign/")
    page.get_by_role("link", name="Next", exact=True).click()
    place(page, "2 of 3 that wait")
    expect(page.get_by_text("Keys", exact=True)).to_be_hidden()
    page.get_by_label("Comment to Tara Tree").fill("Say more about Sunday.")
    page.get_by_role("button", name="Return with the comment").click()
    place(page, "2 of 2 that wait")
    assert decisions() == [("returned", "Say more about Sunday.")]


def test_a_deputy_has_the_line_for_a_week(
    page: Page, live_server: Any, clinic: Cast, waiting: list[Note], sign_in: SignIn
) -> None:
    today = timezone.localdate()
    queue, supervisees = f"{live_server.url}/supervision/cosign/", f"{live_server.url}/supervisees/"
    sign_in(clinic.dana)
    page.goto(queue)
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()

    sign_in(clinic.ada)
    page.goto(f"{live_server.url}/people/{clinic.sunil.pk}/leave/")
    page.get_by_label("First day away").fill(today.isoformat())
    page.get_by_label("Last day away").fill((today + timedelta(days=6)).isoformat())
    page.get_by_label("Cover").select_option(str(clinic.dana.pk))
    page.get_by_role("button", name="Add leave").click()
    expect(page.get_by_text("Dana Deputy stands in for Sunil Super")).to_be_visible()

    sign_in(clinic.dana)
    page.goto(supervisees)
    expect(page.get_by_text("Maya Fielding").first).to_be_visible()
    page.goto(queue)
    place(page, "1 of 3 that wait")
    page.keyboard.press("c")
    place(page, "1 of 2 that wait")

    # The day after: the same days, seven days later.
    with building():
        Leave.objects.update(starts_on=today - timedelta(days=7), ends_on=today - timedelta(days=1))
    page.get_by_role("button", name="Co-sign for Maya Fielding").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Co-sign")
    page.goto(queue)
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    page.goto(supervisees)
    expect(page.get_by_text("Maya Fielding")).to_have_count(0)

    sign_in(clinic.sunil)
    page.goto(queue)
    place(page, "1 of 2 that wait")
    with building():
        assert list(CoSignature.objects.values_list("by", flat=True)) == [clinic.dana.pk]
