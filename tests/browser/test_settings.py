"""The settings in a real browser: the enter key saves and puts nothing back, the page is clean for axe, and so is the page of
somebody who left."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from staff.models import Clinic, User
from tests.browser.conftest import building
from tests.cast import Cast


def test_the_enter_key_saves_and_a_default_is_put_back_where_one_reads_it(
    page: Page, clinic: Cast, live_server: Any, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.lena)
    page.goto(f"{live_server.url}/people/settings/")
    first = page.get_by_label("Days to the first treatment: first standard")
    first.fill("30")
    first.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_label("Days to the first treatment: second standard").fill("100")
    page.get_by_role("button", name=re.compile("^Put back the default.*first standard$")).click()
    expect(first).to_have_value("42")
    expect(first).to_be_in_viewport()
    expect(page.get_by_text("The default stands in the field.")).to_be_in_viewport()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    with building():
        assert Clinic.objects.values_list("wait_first_days", "wait_second_days").get() == (42, 100)


@pytest.mark.parametrize("width", [1280, 360])
def test_settings_and_the_page_of_somebody_who_left_are_clean_for_axe(
    page: Page,
    clinic: Cast,
    live_server: Any,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    width: int,
) -> None:
    with building():
        User.objects.filter(pk=clinic.ada.pk).update(roles=["administrator", "lead"])
        User.objects.filter(pk=clinic.tara.pk).update(is_active=False)
    sign_in(clinic.ada)
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/people/settings/", f"/people/{clinic.tara.pk}/", "/people/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(live_server.url + address)
            assert axe(page) == [], (address, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, scheme)
