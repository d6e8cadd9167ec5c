"""A therapist leaves and the caseload is handed over; and a course is allocated with keys alone. Axe on every page of both."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from courses.actions import therapist_of
from sessions.models import TherapySession
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, client_named, course_for, person, session_of
from tests.db.sessions.test_allocating import soon


def test_a_therapist_leaves_and_the_caseload_is_handed_over(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    with building():
        elsie = course_for(client_named("Elsie", "Tran", asks_for="woman"), clinic.tara)
        wanda = person("Wanda Woman", "therapist", gender="woman")
        ahead = session_of(elsie, clinic.tara, soon(9))
        User.objects.filter(pk=clinic.tara.pk).update(is_active=False)
    sign_in(clinic.ada)
    page.goto(f"{live_server.url}/people/{clinic.tara.pk}/hand-over/")
    assert axe(page) == []
    page.get_by_role("textbox", name="Why").fill("Left the clinic.")
    page.get_by_role("button", name="Propose who takes the courses").click()
    expect(page.get_by_text("Nothing moves before you send it.")).to_be_visible()
    assert axe(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe(page) == []
    expect(page.get_by_label("Therapist for Elsie Tran")).to_have_value(str(wanda.pk))
    page.get_by_label("Therapist for Maya Fielding").select_option(str(clinic.olga.pk))
    page.get_by_role("button", name="Save the plan").click()
    with building():
        assert therapist_of(elsie) == clinic.tara
    page.get_by_role("button", name="Send: hand over 2 courses").click()
    expect(page.get_by_text("The caseload of Tara Tree is handed over.")).to_be_visible()
    with building():
        assert (therapist_of(elsie), therapist_of(clinic.course)) == (wanda, clinic.olga)
        ahead.refresh_from_db()
        assert ahead.therapist == wanda


def test_a_course_is_allocated_with_its_first_appointment_by_keys_alone(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    with building():
        noor = course_for(client_named("Noor", "Jabari", needs_evenings=False))
    sign_in(clinic.lena)
    page.goto(f"{live_server.url}/courses/{noor.pk}/allocate/")
    assert axe(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe(page) == []
    page.get_by_label("Name of the therapist").focus()
    page.keyboard.type("tara")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Olga Other")).to_have_count(0)
    slot = page.get_by_role("button", name="Allocate Noor Jabari to Tara Tree and book").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if slot.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(
        page.get_by_text("Tara Tree carries the course of Noor Jabari now. First appointment:")
    ).to_be_visible()
    with building():
        assert TherapySession.objects.get(course=noor).therapist == clinic.tara
