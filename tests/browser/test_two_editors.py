"""Two people change one client at once, in a real browser: the second sees both values first, by keyboard and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_second_of_two_sees_both_values_and_goes_on_writing(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    width: int,
    scheme: Any,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sign_in(clinic.tara)
    page.goto(f"{live_server.url}/clients/{clinic.maya.pk}/edit/")
    page.get_by_label("Address").fill("Flat 2\n17 Long Lane")
    with building():
        Client.objects.filter(pk=clinic.maya.pk).update(
            address="1 Short Lane", phone="07700 900111", version=2
        )
    page.get_by_role("button", name="Save details").click()

    panel = page.locator(".meanwhile")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("changed this while you were writing")
    expect(panel.get_by_text("1 Short Lane")).to_be_visible()
    expect(panel.get_by_text("17 Long Lane")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="Phone")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#id_phone")
    expect(page.get_by_label("Address")).to_have_value("Flat 2\n17 Long Lane")

    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_text("What is known of Maya Fielding is saved.")).to_be_visible()
    with building():
        maya = Client.objects.get(pk=clinic.maya.pk)
    assert maya.address.split() == ["Flat", "2", "17", "Long", "Lane"]
    assert maya.phone == "07700 900111"
