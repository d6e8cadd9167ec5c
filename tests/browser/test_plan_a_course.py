"""What is agreed with a client, in a real browser: focus with its details, formulation, contract and re-contract, tasks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from interpersonal.models import Person
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast


def test_a_course_is_planned_from_the_focus_to_the_tasks(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    def check_axe() -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
            assert axe(page) == [], (theme, page.url)

    course, tara = clinic.course, clinic.tara
    with building():
        now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        for number in range(1, 9):
            people.held_session(course, tara, now - timedelta(days=7 * (9 - number)), number)
        Person.objects.create(course=course, name="Tom", relationship="partner", added_by=tara)
    sign_in(tara)
    home = f"{live_server.url}/courses/{course.pk}/"
    page.goto(home)
    expect(page.get_by_text("8 of 16 sessions are over")).to_be_visible()
    page.get_by_role("navigation", name="Pages of this course").get_by_role(
        "link", name="Formulation and goals"
    ).click()
    expect(page.get_by_text("No formulation yet")).to_be_visible()

    page.get_by_role("link", name="Agree the focus").click()
    expect(page.locator("#id_old_role")).to_be_hidden()
    page.get_by_role("radio", name="Conflict").check()
    page.locator("#id_about").fill("with Tom")
    page.locator("#id_conflict_person").select_option("Tom (partner)")
    page.get_by_role("radio", name="Impasse").check()
    page.locator("#id_own_expectations").fill("That a day is named.")
    check_axe()
    page.get_by_role("button", name="Agree the focus of").click()
    expect(page.get_by_text("Conflict: with Tom, impasse")).to_be_visible()

    page.goto(f"{home}formulation/write/")
    expect(page.locator("#id_agreed_at_session")).to_have_value("8")
    page.locator("#id_text").fill("It began when we moved.")
    check_axe()
    page.get_by_role("button", name="Save the formulation").click()
    expect(page.get_by_text("agreed at session 8")).to_be_visible()
    check_axe()

    page.get_by_role("link", name="Contract", exact=True).click()
    page.get_by_role("link", name="Agree the contract").click()
    page.locator("#id_weekday").select_option("Thursday")
    check_axe()
    page.get_by_role("button", name="Agree the contract with").click()
    expect(page.get_by_text("16, 50 minutes each")).to_be_visible()
    page.get_by_role("link", name="Extend, shorten or change it").click()
    page.locator("#id_middle_sessions").fill("10")
    page.locator("#id_reason").fill("A slow start.")
    page.get_by_role("button", name="Keep the new contract").click()
    expect(page.get_by_text("Extended from 16 to 18 sessions")).to_be_visible()
    expect(page.get_by_role("img", name="8 of 18 sessions attended, 0 missed")).to_be_visible()
    check_axe()

    page.get_by_role("link", name="Tasks", exact=True).click()
    expect(page.get_by_text("There is a contract since")).to_be_visible()
    page.locator("#initial_contract button").first.click()
    expect(page.locator("#initial_contract")).to_contain_text("by Tara Tree")
    timeline = page.locator("#initial_timeline")
    timeline.get_by_text("Another day, or does not apply").click()
    timeline.get_by_label("Note, or why it does not apply").fill("Done in an earlier therapy.")
    timeline.get_by_role("button", name="Does not apply").click()
    expect(page.locator("#initial_timeline")).to_contain_text("Done in an earlier therapy.")
    check_axe()
