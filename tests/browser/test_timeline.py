"""A therapist draws a timeline by keyboard alone, looks closer, moves along it, and puts an event better; then in the other
theme, on a phone, and without script."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from interpersonal.models import TimelineEntry
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, answered, event_of, held_session, note_of

LABELS_THAT_MEET = """() => {
  const boxes = [...document.querySelectorAll("svg.timeline .lane text")]
    .map((text) => text.getBoundingClientRect()).filter((box) => box.width);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
  return boxes.filter((a, n) => boxes.slice(n + 1).some((b) => meet(a, b))).length;
}"""


def a_course(cast: Cast) -> None:
    now = timezone.now().replace(hour=10, minute=0)
    event_of(cast.course, cast.tara)
    for number in (1, 2, 3):
        session = held_session(cast.course, cast.tara, now - timedelta(days=30 - 7 * number), number)
        answered(session, "phq9", [2] * 9)
        note_of(session, event=f"Argued with Tom, {number}")
    for n in range(60):
        event_of(
            cast.course,
            *(cast.tara,),
            kind=("life", "mood", "treatment")[n % 3],
            title=f"Something that happened in that year, {n}",
            starts_on=date(1999 + n // 3, 5, 1 + n % 20) if n < 40 else date(2019, 3, 4),
        )


def shown(page: Page) -> str:
    return page.locator(".shown").inner_text()


def test_a_timeline_is_drawn_looked_at_and_put_better_by_keyboard_alone(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    without_script: Callable[[], BrowserContext],
) -> None:
    with building():
        a_course(clinic)
    sign_in(clinic.tara)
    page.emulate_media(reduced_motion="reduce")
    address = live_server.url + reverse("record:timeline", args=[clinic.course.pk])
    page.goto(address)
    assert axe(page) == []
    assert page.evaluate(LABELS_THAT_MEET) == 0

    page.get_by_role("link", name="Add an event").press("Enter")
    page.get_by_label("What happened").fill("Moved in with Tom’s parents")
    page.locator("[name=kind][value=relationship]").focus()
    page.keyboard.press("Space")
    page.get_by_label("When", exact=True).fill("March 2021")
    page.get_by_label("It still goes on").press("Space")
    assert axe(page) == []
    page.get_by_role("button", name=re.compile("Put it on the timeline")).press("Enter")
    expect(page.get_by_text("The event is on the timeline.")).to_be_visible()
    mark = page.get_by_role("link", name=re.compile("^Moved in with Tom’s parents. since Mar 2021"))
    expect(mark.first).to_be_attached()

    page.locator("[data-frame]").focus()
    years = shown(page)
    for key in ("+", "+", "End"):
        before = shown(page)
        page.keyboard.press(key)
        expect(page.locator(".shown")).not_to_have_text(before)
        assert page.evaluate("document.activeElement.hasAttribute('data-frame')")
    near = shown(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".shown")).not_to_have_text(near)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".shown")).to_have_text(near)
    assert "from=" in page.url
    assert page.evaluate(LABELS_THAT_MEET) == 0
    page.keyboard.press("0")
    expect(page.locator(".shown")).to_have_text(years)

    page.locator("svg a", has_text="Moved in with Tom’s").first.press("Enter")
    page.get_by_label("What happened").fill("Moved in with his parents")
    page.get_by_role("button", name=re.compile("Keep the change")).press("Enter")
    expect(page.get_by_text("The event is changed.")).to_be_visible()
    with building():
        assert TimelineEntry.objects.filter(title="Moved in with his parents", version=2).exists()

    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("record:timeline", "record:work", "record:timeline_new"):
        page.goto(live_server.url + reverse(path, args=[clinic.course.pk]))
        assert axe(page) == [], path
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path

    bare = without_script().new_page()
    bare.goto(address)
    bare.get_by_role("link", name="Closer").click()
    expect(bare.locator(".shown")).not_to_have_text(years)
    bare.get_by_role("link", name="Over the course").click()
    expect(bare.get_by_role("link", name=re.compile("^Argued with Tom, 3"))).not_to_have_count(0)


def test_the_picture_follows_the_wheel_and_the_hand(
    page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    with building():
        a_course(clinic)
    sign_in(clinic.tara)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + reverse("record:timeline", args=[clinic.course.pk]))
    years = shown(page)
    box = page.locator("svg.timeline").bounding_box()
    assert box is not None
    page.locator("[data-frame]").focus()
    page.mouse.move(box["x"] + 600, box["y"] + 60)
    page.mouse.wheel(0, -400)
    expect(page.locator(".shown")).not_to_have_text(years)
    near = shown(page)
    page.mouse.down()
    page.mouse.move(box["x"] + 900, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page.locator(".shown")).not_to_have_text(near)
    assert page.url.split("?")[0].endswith("/timeline/")
