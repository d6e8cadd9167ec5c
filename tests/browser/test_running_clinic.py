"""The clinic as `script/server` brings it up: its own PostgreSQL, the app role's real login, gunicorn, the invented data.

A therapist logs today's appointment and sees the strip move; every page of every role passes axe in both themes and keeps
the content security policy."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.running import RunningClinic

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clinic() -> Iterator[str]:
    """The address of a clinic that this module started, and ends."""
    running = RunningClinic()
    try:
        let_mayas_hour_begin(running)
        yield running.address
    finally:
        running.close()


def let_mayas_hour_begin(running: RunningClinic) -> None:
    """Today's appointment of Maya Fielding at midnight: nobody signs an hour that lies ahead, and tests run at night too."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with (
        closing(psycopg2.connect(running.owners_address())) as connection,
        connection,
        connection.cursor() as owner,
    ):
        owner.execute(
            "UPDATE therapy_sessions_therapysession s SET starts_at = %(at)s, ends_at = %(at)s + (ends_at - starts_at)"
            " FROM clients_client c WHERE c.id = s.client_id AND c.last_name = 'Fielding' AND c.first_name = 'Maya'"
            " AND s.attendance IS NULL AND s.starts_at >= %(at)s AND s.starts_at < %(at)s + interval '1 day'",
            {"at": midnight},
        )
        assert owner.rowcount == 1


def enter(page: Page, clinic: str, name: str) -> None:
    page.goto(f"{clinic}/account/login/")
    page.get_by_role("button", name=f"Enter as {name}").click()
    page.wait_for_load_state()


def test_a_therapist_logs_todays_appointment_and_sees_the_strip_move(clinic: str, page: Page) -> None:
    enter(page, clinic, "Amara Osei")
    row = page.locator(".agenda li").filter(has_text="Maya Fielding")
    expect(row).to_contain_text("Session 7")
    row.get_by_role("link", name=re.compile("Log session")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Log session 7")
    page.get_by_text("Attended", exact=True).click()
    page.locator("[name=phq9_1]").click()
    page.keyboard.type("121212110", delay=30)
    page.locator("[name=gad7_1]").click()
    page.keyboard.type("1121011", delay=30)
    expect(page.get_by_text("Total 11, moderate")).to_be_visible()
    page.locator("[name=week]").fill("Lower on Tuesday after the argument about the move.")
    page.locator("[name=work]").fill("Communication analysis, line by line.")
    page.locator("[name=next_time]").fill("Open the conversation about weekends.")
    expect(page.get_by_text(re.compile("Draft saved"))).to_be_visible()
    page.get_by_text(re.compile("Asked, unchanged")).first.click()
    page.get_by_role("button", name="Sign for Maya Fielding").click()
    page.wait_for_url(re.compile(r"/courses/[0-9a-f-]+/$"))
    expect(page.locator(".strip").first).to_have_attribute(
        "aria-label", "7 of 16 sessions attended, 0 missed"
    )
    page.goto(f"{clinic}/today/")
    row = page.locator(".agenda li").filter(has_text="Maya Fielding")
    expect(row).to_contain_text("signed")


def addresses_of(page: Page, clinic: str, name: str) -> list[str]:
    """The pages of one role: its own ways, and below one client what the page itself offers, one of each kind."""
    enter(page, clinic, name)
    seen: dict[str, str] = {}
    waiting = [page.url.removeprefix(clinic)]
    waiting += [link.get_attribute("href") or "" for link in page.locator(".mainnav a").all()]
    while waiting and len(seen) < 40:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<key>", path.split("?")[0])
        if kind in seen or not path.startswith("/") or "/account/" in path or "/reference/" in path:
            continue
        answer = page.goto(f"{clinic}{path}")
        assert answer is not None
        if answer.status != 200:
            pytest.fail(f"{name} is offered {path} and gets {answer.status}")
        seen[kind] = path
        waiting += [
            link.get_attribute("href") or ""
            for link in page.locator("main a[href^='/']:not([download])").all()[:60]
        ]
    return list(seen.values())


@pytest.mark.parametrize("name", ["Amara Osei", "Joy Nkemelu", "Sam Moss", "Ines Ferro"])
def test_every_page_that_a_role_is_offered_opens_and_passes_axe_in_both_themes(
    clinic: str, browser: Browser, axe: Callable[[Page], list[str]], name: str
) -> None:
    # Colours that fade would be measured half-way.
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    paths = addresses_of(page, clinic, name)
    assert len(paths) >= 3
    found = []
    for path in paths:
        page.goto(f"{clinic}{path}")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{path} {theme}: {line}" for line in axe(page)]
    context.close()
    assert found == []
    assert refused == []


def test_the_sign_in_and_account_pages_pass_axe_in_both_themes(
    clinic: str, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    found = []
    for path in ("/account/login/", "/account/password/reset/", "/account/signup/", "/nothing/here/"):
        page.goto(f"{clinic}{path}")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{path} {theme}: {line}" for line in axe(page)]
    enter(page, clinic, "Amara Osei")
    for path in ("/account/2fa/", "/account/password/change/", "/account/sessions/"):
        page.goto(f"{clinic}{path}")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{path} {theme}: {line}" for line in axe(page)]
    assert found == []


# Wider than the window, or than the panel that cuts it off: either way an act cannot be reached.
TOO_WIDE = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  || [...document.querySelectorAll(".panel")].some((panel) => panel.scrollWidth > panel.clientWidth + 1)"""


def test_no_page_of_a_therapist_is_wider_than_its_window_or_its_panels(clinic: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    wide = []
    for path in addresses_of(page, clinic, "Amara Osei"):
        page.goto(f"{clinic}{path}")
        for width in (360, 768, 1280, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(TOO_WIDE):
                wide.append(f"{path} at {width}")
    context.close()
    assert wide == []


def test_the_app_role_of_the_running_clinic_owns_nothing(clinic: str) -> None:
    """What the web process was given: the app role's address, and not the owner's."""
    workers = subprocess.run(
        ["pgrep", "-f", f"gunicorn.*{clinic.rsplit(':', 1)[1]}"], capture_output=True, text=True, check=False
    ).stdout.split()
    assert workers
    if sys.platform.startswith("linux"):
        for worker in workers:
            given = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
            assert not [line for line in given if line.startswith(b"OWNER_DATABASE_URL=")]
            assert [line for line in given if line.startswith(b"DATABASE_URL=") and b"ipt_app" in line]
