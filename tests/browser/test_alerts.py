"""The page of every state of an alert in a real browser, on a phone and on a desk, in light and dark, and how one is raised and
closed there."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from outcomes.models import Alert, AlertAct, AlertTold, SafetyPlan
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

ZEROS = [0, 0, 0, 0, 0, 0, 0, 0]
PICTURES = os.environ.get("IPT_PICTURES")  # a folder for screenshots, for whoever wants to look


def answer(cast: Cast, **fields: Any) -> Alert:
    now = timezone.now()
    people.answered(
        people.held_session(cast.course, cast.tara, now - timedelta(days=9), 1), "phq9", [*ZEROS, 1]
    )
    session = people.session_of(cast.course, cast.tara, now - timedelta(days=2))
    response = people.answered(session, "phq9", [*ZEROS, 2])
    raised = now - timedelta(days=2)
    return Alert.objects.create(
        course=cast.course,
        response=response,
        item=9,
        value=2,
        **{"raised_at": raised, "tell_from": raised, **fields},
    )


def told(alert: Alert, who: User, role: str, stage: str, why: str) -> None:
    AlertTold.objects.create(
        alert=alert, course=alert.course, person=who, role=role, stage=stage, why=why, at=alert.tell_from
    )


def just_raised(cast: Cast) -> tuple[User, Alert]:
    return cast.tara, answer(cast, tell_from=timezone.now() + timedelta(minutes=14))


def told_and_unanswered(cast: Cast) -> tuple[User, Alert]:
    alert = answer(cast)
    told(alert, cast.tara, "therapist", "first", "The alert is theirs to answer")
    told(alert, cast.sunil, "supervisor", "supervisor", "PHQ-9 item 9 is 2")
    told(alert, cast.lena, "lead", "lead", "Unanswered for 2 working days")
    return cast.sunil, alert


def followed_up(cast: Cast) -> tuple[User, Alert]:
    alert = answer(cast, acknowledged_at=timezone.now(), acknowledged_by=cast.tara)
    SafetyPlan.objects.create(course=cast.course, number=1, coping="Walk.", written_by=cast.tara)
    told(alert, cast.tara, "therapist", "first", "The alert is theirs to answer")
    AlertAct.objects.create(
        alert=alert,
        course=cast.course,
        kind="asked",
        words="Asked directly: thoughts in the evenings, no plan.\n\nPartner knows.",
        follow_up_on=timezone.localdate() - timedelta(days=1),
        by=cast.tara,
    )
    return cast.tara, alert


def seen_by_a_cover(cast: Cast) -> tuple[User, Alert]:
    alert = answer(cast)
    today = timezone.localdate()
    cast.tara.leave.create(starts_on=today, ends_on=today + timedelta(days=4), cover=cast.olga)
    told(alert, cast.olga, "cover", "first", "The alert is theirs to answer")
    return cast.olga, alert


def noted_and_restricted(cast: Cast) -> tuple[User, Alert]:
    alert = Alert.objects.create(
        course=cast.course,
        kind="domestic_abuse",
        words="Came with a bruise. Says that he took the phone.",
        raised_by=cast.tara,
    )
    today = timezone.localdate()
    cast.tara.leave.create(starts_on=today, ends_on=today + timedelta(days=4), cover=cast.olga)
    return cast.lena, alert


def closed(cast: Cast) -> tuple[User, Alert]:
    alert = answer(
        cast,
        closed_at=timezone.now(),
        closed_by=cast.tara,
        what_was_done="Went through the plan together. Safe tonight, the partner stays.",
    )
    AlertAct.objects.create(
        alert=alert, course=cast.course, kind="plan", words=alert.what_was_done, closes=True, by=cast.tara
    )
    return cast.lena, alert


def closed_as_a_slip(cast: Cast) -> tuple[User, Alert]:
    return cast.tara, answer(
        cast, closed_at=timezone.now(), closed_by=cast.tara, what_was_done="A slip.", typed_in_error=True
    )


STATES = [
    (just_raised, "Mails go when the session is signed"),
    (told_and_unanswered, "Told Lena Lead"),
    (followed_up, "Follow-up overdue"),
    (seen_by_a_cover, "You see this because you cover"),
    (noted_and_restricted, "this kind of alert is not shown to a cover"),
    (closed, "Closed: made or reviewed a safety plan"),
    (closed_as_a_slip, "Closed as typed in error"),
]


@pytest.mark.parametrize(("state", "words"), STATES, ids=[state.__name__ for state, _ in STATES])
def test_each_state_reads_well_on_a_phone_and_on_a_desk(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    state: Callable[[Cast], tuple[User, Alert]],
    words: str,
) -> None:
    with building():
        reader, alert = state(clinic)
    sign_in(reader)
    for width, theme in ((360, "light"), (1280, "light"), (360, "dark"), (1280, "dark")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/courses/{alert.course_id}/alerts/{alert.pk}/")
        expect(page.locator("main")).to_contain_text(words)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, f"alert-{state.__name__}-{width}-{theme}")
        assert axe(page) == []


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_an_alert_is_raised_by_hand_and_closed_with_what_was_done(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    sign_in(clinic.tara)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/courses/{clinic.course.pk}/")
    page.get_by_role("link", name="Raise an alert").click()
    page.get_by_role("button", name="Raise the alert").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Choose what the alert is about.")
    picture(page, "alert-new-360")
    assert axe(page) == []
    page.get_by_label("A plan, intent or means").check()
    page.get_by_label("What you noticed").fill("Has put tablets by.")
    page.get_by_role("button", name="Raise the alert").click()
    expect(page.locator(".message")).to_contain_text("Sunil Super is told by mail")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alert: a plan, intent or means")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".message")).to_contain_text("You have acknowledged the alert.")
    page.get_by_label("What you did").select_option("plan")
    page.get_by_label("In words").fill("The tablets are with the partner.")
    page.get_by_role("button", name="Close the alert").click()
    expect(page.locator(".message")).to_contain_text("The alert is closed.")
    expect(page.locator("main")).to_contain_text("The tablets are with the partner.")
    expect(page.get_by_role("button", name="Close the alert")).to_have_count(0)


def test_today_of_a_cover_shows_whose_alert_it_is(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    with building():
        reader, _ = seen_by_a_cover(clinic)
    sign_in(reader)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/today/")
        expect(page.locator("main")).to_contain_text("Alerts that have come to you")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, f"alert-today-{width}")
        assert axe(page) == []
