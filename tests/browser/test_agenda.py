"""From a question on the course page to what was done about it, in a real browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast


def test_a_question_is_brought_ordered_by_keyboard_and_what_was_agreed_is_done_in_the_next_session(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    without_script: Callable[[], BrowserContext],
) -> None:
    def check_axe() -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
            assert axe(page) == [], (theme, page.url)

    course, tara, sunil = clinic.course, clinic.tara, clinic.sunil
    with building():
        nora = people.course_for(people.client_named("Nora", "Banks"), tara)
        people.on_the_agenda(nora, tara, "Does she come for herself?", position=1)

    # The therapist, from the course page, in one act.
    sign_in(tara)
    page.goto(f"{live_server.url}/courses/{course.pk}/")
    page.get_by_label("Question for supervision").fill("Is grief still the focus?")
    page.get_by_role("button", name="Put on the agenda").click()
    expect(page.get_by_text("Maya Fielding is on the agenda for supervision.")).to_be_visible()
    check_axe()

    # The supervisor orders it by keyboard; the focus stays on the button.
    sign_in(sunil)
    page.goto(f"{live_server.url}/supervision/agenda/")
    expect(page.locator(".items .who")).to_have_text(["Nora Banks", "Maya Fielding"])
    check_axe()
    page.get_by_role("button", name="Move Maya Fielding up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".items .who")).to_have_text(["Maya Fielding", "Nora Banks"])
    expect(page.get_by_role("button", name="Move Maya Fielding down")).to_be_focused()
    expect(page.locator("[data-order-said]")).to_have_text("Maya Fielding is number 1 now.")
    page.locator(".items > li", has_text="Nora Banks").drag_to(page.locator(".items > li").first)
    expect(page.locator(".items .who")).to_have_text(["Nora Banks", "Maya Fielding"])
    page.reload()
    expect(page.locator(".items .who")).to_have_text(["Nora Banks", "Maya Fielding"])
    plain = without_script().new_page()
    plain.goto(f"{live_server.url}/supervision/agenda/")
    plain.get_by_role("button", name="Move Maya Fielding up").click()
    expect(plain.locator(".items .who")).to_have_text(["Maya Fielding", "Nora Banks"])
    plain.set_viewport_size({"width": 360, "height": 740})
    assert plain.evaluate("document.documentElement.scrollWidth") <= 360

    # What was agreed stands on Today and in the next log; it is done when the session is signed.
    with building():
        people.action_of(course, tara, sunil, "Redraw the circles together")
        people.session_of(course, tara, timezone.now() - timedelta(hours=1))
    sign_in(tara)
    page.goto(f"{live_server.url}/today/")
    expect(page.locator("#own-actions")).to_be_visible()
    check_axe()
    page.goto(f"{live_server.url}/courses/{course.pk}/")
    expect(page.get_by_role("link", name="Redraw the circles together")).to_be_visible()
    page.get_by_role("link", name="Log session 1").click()
    page.get_by_role("checkbox", name="Done: Redraw the circles together").check()
    page.get_by_label("What came of “Redraw the circles together”").fill("Her sister moved inwards.")
    expect(page.locator("#save-state")).to_contain_text("Draft saved")
    page.reload()
    expect(page.get_by_role("checkbox", name="Done: Redraw the circles together")).to_be_checked()
    check_axe()
    page.locator("input[name=attendance][value='5']").check(force=True)
    page.locator("input[name=risk_answer][value=unchanged]").check(force=True)
    page.locator("input[name=next_choice][value=none]").check(force=True)
    page.get_by_role("button", name="Sign for Maya Fielding").click()
    expect(page.get_by_text("Session 1 of Maya Fielding is signed.")).to_be_visible()
    page.goto(f"{live_server.url}/courses/{course.pk}/supervision/")
    expect(page.locator("section", has=page.locator("#closed-actions"))).to_contain_text(
        "Her sister moved inwards."
    )
    check_axe()
    page.goto(f"{live_server.url}/today/")
    expect(page.locator("#own-actions")).to_have_count(0)
