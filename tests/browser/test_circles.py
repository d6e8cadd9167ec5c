"""The closeness circles in a real Chromium: one journey by keyboard alone, one by dragging, without script, names that do not
collide as they are really drawn, and axe in both themes."""

import os
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from interpersonal.models import Person, Picture, SafetyConcern
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, person_of, picture_of

PICTURES = os.environ.get("IPT_PICTURES")  # a folder for screenshots, for whoever wants to look


def relationships(clinic: Cast, live_server: Any) -> str:
    return f"{live_server.url}/courses/{clinic.course.pk}/relationships/"


def mark(page: Page, name: str) -> Locator:
    return page.locator(f'svg[data-circles] a.person[data-name="{name}"]')


@pytest.fixture
def people(clinic: Cast) -> Cast:
    with building():
        tom = person_of(clinic.course, clinic.tara, x=26.0, y=-9.0, focus_area="conflict", hard="Silence.")
        person_of(clinic.course, clinic.tara, "Mum", relationship="mother", x=32.0, y=-44.0, has_died=True)
        person_of(clinic.course, clinic.tara, "Priya", relationship="friend", x=-82.0, y=22.0)
        SafetyConcern.objects.create(person=tom, course=clinic.course, text="Threw a cup.", by=clinic.tara)
        picture_of(clinic.course, clinic.tara)
        Person.objects.filter(name="Priya").update(x=-50.0, y=14.0)
        person_of(clinic.course, clinic.tara, "Leigh", relationship="manager")
    return clinic


def test_by_keyboard_alone_people_are_added_placed_kept_and_compared(
    page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(relationships(clinic, live_server))
    for name, who in (("Tom", "partner"), ("Joan", "sister"), ("Leigh", "manager")):
        page.get_by_label("Name", exact=True).focus()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(who)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text(f"{name} is on the list")
    live = page.locator("[data-live]")
    # From the tray into the outer circle, and inwards.
    mark(page, "Tom").focus()
    page.keyboard.press("ArrowUp")
    expect(live).to_have_text("Tom: acquaintances, up.")
    expect(mark(page, "Tom")).to_have_attribute("data-version", "2")
    expect(mark(page, "Tom")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowDown")
    expect(live).to_have_text("Tom: closest, up.")
    expect(mark(page, "Tom")).to_have_attribute("data-version", "3")
    expect(mark(page, "Tom")).to_be_focused()
    mark(page, "Joan").focus()
    page.keyboard.press("ArrowLeft")
    expect(mark(page, "Joan")).to_have_attribute("data-version", "2")
    expect(mark(page, "Joan")).to_have_attribute("aria-label", "Joan, sister: acquaintances, left")
    # Enter opens.
    mark(page, "Tom").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#person-heading")).to_have_text("Tom")
    # A picture of the start is proposed, and kept.
    page.get_by_role("link", name="Keep this picture").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep this picture").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Circles: start")
    # Joan comes closer.
    page.goto(relationships(clinic, live_server))
    mark(page, "Joan").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".circles-words")).to_contain_text("Joan has come closer.")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".circles-words")).to_contain_text("Everybody is as close as before.")
    mark(page, "Joan").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".circles-words")).to_contain_text("Joan has come closer.")
    page.get_by_role("link", name="Compare", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".compare-words")).to_have_text("Joan has come closer.")
    with building():
        assert Picture.objects.get().places.count() == 3


def test_a_drag_moves_escape_takes_it_back_and_somebody_elses_move_is_told(
    page: Page, live_server: Any, people: Cast, sign_in: Callable[[User], None]
) -> None:
    sign_in(people.tara)
    page.goto(relationships(people, live_server))
    expect(page.locator("[data-moves]")).to_be_visible()
    drag(page, "Tom", 60, 90)
    expect(mark(page, "Tom")).to_have_attribute("data-version", "2")
    moved = mark(page, "Tom").get_attribute("data-at")
    assert moved is not None
    assert "down" in moved
    page.get_by_role("button", name="Undo").click()
    expect(mark(page, "Tom")).to_have_attribute("data-x", "26.0")
    # Escape while it is dragged.
    drag(page, "Tom", 60, 90, escape=True)
    expect(page.locator("[data-live]")).to_contain_text("Tom stays where they were")
    expect(mark(page, "Tom")).to_have_attribute("data-version", "3")
    # Somebody moves Tom from another window.
    with building():
        Person.objects.filter(name="Tom").update(x=0.0, y=-80.0, version=4)
    drag(page, "Tom", -40, 40)
    expect(page.locator("[data-live]")).to_contain_text("Your move was not kept: Tom is acquaintances, up.")
    expect(mark(page, "Tom")).to_have_attribute("data-y", "-80.0")
    # A click without moving opens.
    mark(page, "Mum").locator(".mark").click()
    expect(page.locator("#person-heading")).to_have_text("Mum")


def drag(page: Page, name: str, right: int, down: int, *, escape: bool = False) -> None:
    box = mark(page, name).locator(".mark").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down, steps=4)
    if escape:
        page.keyboard.press("Escape")
    page.mouse.up()


def test_without_script_a_form_moves_and_a_link_opens(
    live_server: Any,
    people: Cast,
    sign_in: Callable[[User], None],
    without_script: Callable[[], BrowserContext],
) -> None:
    sign_in(people.tara)
    page = without_script().new_page()
    page.goto(relationships(people, live_server))
    page.get_by_role("table").get_by_role("link", name="Leigh").click()
    page.get_by_text("Where Leigh stands").click()
    page.get_by_label("How close").select_option("3")
    page.get_by_label("On which side of the client").select_option("right")
    page.get_by_role("button", name="Move Leigh").click()
    expect(page.get_by_role("status").first).to_contain_text("Leigh: acquaintances, right.")


@pytest.mark.parametrize("width", [360, 1280])
def test_names_do_not_collide_as_they_are_drawn(
    page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None], width: int
) -> None:
    with building():
        for number in range(20):
            person_of(
                clinic.course,
                clinic.tara,
                f"{['Wilhelmina', 'Joan', 'Priya', 'Tom', 'Mr-Whitehouse'][number % 5]} {number}",
                relationship="friend of the family",
                x=-60.0 + 6 * (number % 10) * 2,
                y=30.0 if number < 10 else -40.0,
            )
    sign_in(clinic.tara)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(relationships(clinic, live_server))
    page.evaluate("document.fonts.ready")
    boxes = page.evaluate(
        "[...document.querySelectorAll('svg[data-circles] a.person text')].map(text => text.getBoundingClientRect())"
        ".filter(box => box.width).map(box => [box.left, box.top + 2, box.right, box.bottom - 2])"
    )
    assert len(boxes) >= 20
    for one, other in combinations(boxes, 2):
        assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_people(
    page: Page,
    live_server: Any,
    people: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
) -> None:
    sign_in(people.tara)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
    with building():
        tom = Person.objects.get(name="Tom")
        kept = Picture.objects.get()
    here = relationships(people, live_server)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for address in (
            f"{here}?person={tom.pk}",
            f"{here}?show=start",
            f"{here}compare/",
            f"{here}pictures/{kept.pk}/",
            f"{here}pictures/keep/",
            f"{here}{tom.pk}/",
            f"{here}{tom.pk}/safety/",
            f"{here}{tom.pk}/take-off/",
            f"{here}add/",
        ):
            page.goto(address)
            if PICTURES:
                name = (
                    re.sub(r"[0-9a-f-]{36}/?", "", address.removeprefix(here)).strip("/?=").replace("/", "-")
                )
                page.screenshot(path=Path(PICTURES) / f"people-{name}-{width}-{theme}.png", full_page=True)
            assert axe(page) == [], (width, re.sub(r"[0-9a-f-]{36}", "…", address))
            assert page.evaluate("document.documentElement.scrollWidth") <= width
