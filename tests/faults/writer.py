"""A therapist who types a numbered text into a note in a real browser, and remembers what was typed and answered when.

The text is the same for every note (w0001 w0002 …), so that any part of it says by itself whether something is missing."""

import os
import random
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Response

from script._server import DEMO_PASSWORD
from tests.browser.conftest import chromium_of_the_machine
from tests.running import descendants_of

KEY = 0.055  # s between two keys: three words a second
TEXT = "".join(f"w{number:04d} " for number in range(1, 10_000))


@dataclass(frozen=True)
class Saved:
    """An autosave that the page was told is kept."""

    at: float
    text: str
    based_on: int
    is_pause: bool


@contextmanager
def browser_of(playwright: Playwright) -> Iterator[tuple[Browser, int]]:
    """A Chromium of its own, with the process that is killed to kill it."""
    # A killed browser leaves its files lying.
    folder = tempfile.mkdtemp(prefix="ipt-browser-", dir="/tmp")
    mark = f"--ipt-clinic-fault={uuid.uuid4()}"  # unknown to Chromium, and not handed to its children
    ours = chromium_of_the_machine()
    browser = playwright.chromium.launch(
        **{**ours, "args": [*ours["args"], mark], "env": {**os.environ, "TMPDIR": folder}}
    )
    # The first is the parent of the others: a child looks like it until it has begun a program of its own.
    process = next(pid for pid in descendants_of(os.getpid()) if mark in _arguments(pid))
    try:
        yield browser, process
    finally:
        with suppress(Error):
            browser.close()
        shutil.rmtree(folder, ignore_errors=True)


def _arguments(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


class Writer:
    """One person at one page of one note. `before` is what stood in the field before any test typed."""

    def __init__(
        self, context: BrowserContext, address: str, email: str, note: str, *, before: str, seed: int
    ):
        self.chance = random.Random(seed)
        self.before = before
        self.typed_at: dict[int, float] = {}  # by the place in TEXT
        self.saved: list[Saved] = []
        self.refused: list[str] = []  # by the server: a stale version, an impossible text
        self.page: Page = context.new_page()
        self.page.goto(f"{address}/account/login/")
        self.page.locator("#id_login").fill(email)
        self.page.locator("#id_password").fill(DEMO_PASSWORD)
        self.page.locator("#id_password").press("Enter")
        self.page.wait_for_url(re.compile(r"^(?!.*/login/)"))
        self.page.goto(address + note)
        self.found = self.text()  # what the page offers to go on with
        self.place = len(self.found) - len(before)
        self.page.on("response", self._answered)
        self.page.locator("[name=work]").press("Control+End")

    def text(self) -> str:
        return self.page.locator("[name=work]").input_value()

    def written(self) -> str:
        """What should stand in the field, and in the end in the database."""
        return self.before + TEXT[: self.place]

    def type_on(self, *, for_seconds: float, pauses: bool = True) -> None:
        """At the pace of a person. Raises playwright's Error when the browser is killed meanwhile."""
        ends = time.monotonic() + for_seconds
        while time.monotonic() < ends:
            self.page.keyboard.type(TEXT[self.place])
            self.typed_at[self.place] = time.monotonic()
            self.place += 1
            word_ends = TEXT[self.place - 1] == " "
            wait = (
                self.chance.uniform(0.6, 2.5) if pauses and word_ends and self.chance.random() < 0.07 else KEY
            )
            self.page.wait_for_timeout(1000 * min(wait, max(0.0, ends - time.monotonic())))

    def is_saved(self) -> bool:
        return bool(self.saved) and self.saved[-1].text == self.written()

    def wait_until_saved(self, *, seconds: float) -> bool:
        """Nobody touches the page meanwhile."""
        gives_up = time.monotonic() + seconds
        while not self.is_saved() and time.monotonic() < gives_up:
            self.page.wait_for_timeout(50)
        return self.is_saved()

    def lost_seconds(self, kept: str, *, at: float) -> float:
        """How long before `at` the first character was typed that is not in `kept`; 0 where all are."""
        first = len(kept) - len(self.before)
        typed = self.typed_at.get(first)
        return max(0.0, at - typed) if typed is not None else 0.0

    def sign(self) -> None:
        """As a person signs a session that was held; returns when the course's page is there."""
        self.page.get_by_text("Attended", exact=True).click()
        self.page.get_by_text(re.compile("Asked, unchanged")).first.click()
        self.page.get_by_role("button", name=re.compile("^Sign for ")).click()
        self.page.wait_for_url(re.compile(r"/courses/[0-9a-f-]+/$"))

    def _answered(self, answer: Response) -> None:
        """Called by playwright as soon as the browser has the answer, while something else of playwright waits."""
        if answer.request.method != "POST" or not answer.url.endswith("/draft/"):
            return
        if answer.status == 200:
            sent = answer.request.post_data or ""
            self.saved.append(
                Saved(
                    time.monotonic(),
                    _field(sent, "work"),
                    int(_field(sent, "based_on") or 0),
                    _field(sent, "pause") == "1",
                )
            )
        elif 400 <= answer.status < 500:
            self.refused.append(f"{answer.status} after {TEXT[: self.place].split()[-1:]}")


def _field(sent: str, name: str) -> str:
    return parse_qs(sent, keep_blank_values=True).get(name, [""])[0]
