"""Two records of one person, in a real browser: told while somebody is typed in, merged by keyboard and parted again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import Client
from courses.models import Course
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, client_named, course_for


@pytest.fixture
def mia(clinic: Cast) -> Client:
    with building():
        Client.objects.filter(pk=clinic.maya.pk).update(phone="07700 900123", address="Flat 2\n17 Long Lane")
        mia = client_named("Mia", "Fielding", phone="0113 496 0000", must_not_be_told="Her mother")
        course_for(mia, clinic.olga, status="ended", ended_on=timezone.localdate(), end_reason="46")
    return mia


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_two_clients_are_merged_and_parted_again(
    page: Page,
    live_server: Any,
    clinic: Cast,
    mia: Client,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    width: int,
    scheme: Any,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sign_in(clinic.ada)
    page.goto(f"{live_server.url}/clients/{clinic.maya.pk}/")
    page.get_by_role("link", name="Same person as …").click()
    assert axe(page) == []
    page.get_by_role("link", name=f"Compare with Mia Fielding, {mia.number}").click()

    expect(page.get_by_text(f"moves to {clinic.maya.number}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    phone = page.get_by_role("group", name="Phone", exact=True)
    expect(phone.get_by_role("radio", name="07700 900123")).to_be_checked()
    phone.get_by_role("radio", name="0113 496 0000").check()
    page.get_by_role("button", name=f"Merge {mia.number}").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Say how you know")
    page.get_by_label("How you know that they are one person").fill("The GP confirms it.")
    page.get_by_role("button", name=f"Merge {mia.number}").click()

    expect(page.get_by_text(f"{mia.number} is merged into this record.")).to_be_visible()
    expect(page.get_by_text("Must not be told: Her mother")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{live_server.url}/clients/{mia.pk}/")
    assert page.url == f"{live_server.url}/clients/{clinic.maya.pk}/"
    expect(page.get_by_text("0113 496 0000")).to_be_visible()

    page.get_by_role("link", name=f"Part {mia.number}").click()
    expect(page.get_by_text(f"back to {mia.number}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    page.get_by_role("button", name=f"Part {mia.number}").click()
    expect(page.get_by_text(f"{mia.number} stands on its own again")).to_be_visible()
    with building():
        maya, again = (Client.objects.get(pk=client.pk) for client in (clinic.maya, mia))
        assert Course.objects.get(client=again).status == "ended"
    assert (maya.phone, maya.must_not_be_told) == ("07700 900123", "")
    assert (again.phone, again.merged_into_id) == ("0113 496 0000", None)


def test_who_may_be_known_already_is_said_while_the_name_is_typed(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    sign_in(clinic.ada)
    page.goto(f"{live_server.url}/clients/new/")
    sent = []
    page.on("request", lambda request: sent.append(request) if "/alike/" in request.url else None)
    page.get_by_label("Address").fill("1 Short Lane")
    page.get_by_label("First name").press_sequentially("Mia")
    page.get_by_label("Last name").press_sequentially("Fielding")
    told = page.locator(".alike-while-typing")
    expect(told.get_by_role("link", name="Maya Fielding")).to_be_visible()
    expect(told).to_contain_text("Similar name")
    assert axe(page) == []
    assert all(request.method == "POST" and request.url.endswith("/alike/") for request in sent)
    assert not [request for request in sent if "Short" in (request.post_data or "")]
    page.get_by_label("Last name").fill("Quist")
    expect(told.get_by_role("link", name="Maya Fielding")).to_have_count(0)
    page.get_by_label("Date of birth").fill("1990-05-17")
    page.get_by_label("Last name").fill("Fielding")
    expect(told).to_contain_text("same date of birth")
    expect(page.get_by_label("Address")).to_have_value("1 Short Lane")
