"""A signed note as it is read: what followed it, co-signing, striking out, carrying, and what of it is printed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from sessions.models import Note
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast
from tests.db.sessions import written

SignIn = Callable[[User], None]


@pytest.fixture
def notes(clinic: Cast) -> dict[str, Note]:
    """Waiting, returned, a mistake, and one on the wrong record; Tara treats somebody else as well."""
    with building():
        clinic.tara.is_trainee = True
        clinic.tara.save()
        people.course_for(people.client_named("Rosa", "Right"), clinic.tara)
    with transaction.atomic():
        made = {
            name: written.signed_session(clinic, days)
            for name, days in (("waiting", 4), ("returned", 5), ("mistake", 6), ("wrong", 7))
        }
        written.signed_addendum(clinic, made["waiting"])
        written.decide(made["returned"], clinic.sunil, "returned", "Say what was agreed about Sunday.")
        written.strike(made["mistake"], clinic.tara)
        written.strike(made["wrong"], clinic.tara, "wrong_client", "It was somebody else")
    return made


def address(live_server: Any, note: Note, page: str = "read") -> str:
    return f"{live_server.url}/courses/{note.course_id}/sessions/{note.session_id}/{page}/"


@pytest.mark.parametrize(("theme", "width"), [("light", 360), ("dark", 1280)])
def test_every_page_of_a_note_is_clean_for_axe(
    page: Page,
    live_server: Any,
    clinic: Cast,
    notes: dict[str, Note],
    sign_in: SignIn,
    axe: Callable[[Page], list[str]],
    theme: Any,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    for person, name, where in (
        (clinic.sunil, "waiting", "read"),
        (clinic.tara, "returned", "read"),
        (clinic.tara, "mistake", "read"),
        (clinic.tara, "wrong", "read"),
        (clinic.sunil, "wrong", "read"),
        (clinic.tara, "returned", "error"),
        (clinic.tara, "wrong", "carry"),
    ):
        sign_in(person)
        page.goto(address(live_server, notes[name], where))
        for summary in page.locator("main details.struck-words > summary").all():
            summary.click()
        assert axe(page) == [], (name, where)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, where)
    page.get_by_role("link", name="Rosa Right").click()
    assert axe(page) == []


def test_a_supervisor_returns_a_note_and_co_signs_it_once_it_is_answered(
    page: Page, live_server: Any, clinic: Cast, notes: dict[str, Note], sign_in: SignIn
) -> None:
    sign_in(clinic.sunil)
    page.goto(address(live_server, notes["waiting"]))
    page.get_by_role("button", name="Return to Tara Tree").click()
    expect(page.locator("#error_comment")).to_have_text("Say what the author should change or add.")
    page.get_by_label("Comment to the author").fill("Who was told?")
    page.get_by_role("button", name="Return to Tara Tree").click()
    expect(page.locator("h1")).to_contain_text("Returned with a comment")
    with transaction.atomic():
        written.signed_addendum(clinic, notes["waiting"], text="Her sister was told.")
    page.reload()
    page.get_by_role("button", name="Co-sign for Maya Fielding").click()
    expect(page.locator("h1")).to_contain_text("Signed and co-signed")


def test_what_is_signed_is_printed_with_all_that_followed_and_nothing_else(
    page: Page, live_server: Any, clinic: Cast, notes: dict[str, Note], sign_in: SignIn
) -> None:
    sign_in(clinic.tara)
    page.goto(address(live_server, notes["waiting"]))
    page.emulate_media(media="print")
    for words in (written.WORDS, "It was Ben.", "A wrong name.", "Signed by"):
        expect(page.get_by_text(words).first).to_be_visible()
    for words in ("Write an addendum", "Entered in error", written.PRIVATE):
        for found in page.get_by_text(words).all():
            expect(found).to_be_hidden()


def test_what_was_struck_out_is_printed_when_it_was_opened_and_what_is_sealed_never(
    page: Page, live_server: Any, clinic: Cast, notes: dict[str, Note], sign_in: SignIn
) -> None:
    sign_in(clinic.tara)
    for name, is_printed in (("mistake", True), ("wrong", False)):
        page.emulate_media(media="screen")
        page.goto(address(live_server, notes[name]))
        expect(page.get_by_text(written.WORDS)).to_be_hidden()
        page.get_by_text("Read what was written").press("Enter")
        expect(page.get_by_text(written.WORDS)).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_text(written.WORDS)).to_be_visible(visible=is_printed)


def test_the_words_go_from_the_wrong_record_to_the_right_one(
    page: Page, live_server: Any, clinic: Cast, notes: dict[str, Note], sign_in: SignIn
) -> None:
    sign_in(clinic.tara)
    page.goto(address(live_server, notes["waiting"]))
    page.get_by_role("link", name="Entered in error", exact=True).click()
    page.get_by_label("It belongs to another client").check()
    page.get_by_label("How it came to be").fill("I had the wrong page open.")
    page.get_by_role("button", name="Mark as entered in error for Maya Fielding").click()
    page.get_by_role("link", name="Carry the words to the right record").click()
    page.get_by_role("link", name="Rosa Right").click()
    page.get_by_role("button", name="Carry to Rosa Right").click()
    expect(page.get_by_label("Work done")).to_have_value(written.WORDS)
    expect(page.locator("main")).to_contain_text("Rosa Right")
