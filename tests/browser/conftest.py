"""A real Chromium against a live server: signing in without the page of it, and the audit for accessibility."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client as Django
from playwright.sync_api import BrowserContext, Page

from staff.models import User
from tests.cast import Cast, system_person
from tests.roles import as_owner

AXE = Path(__file__).parent / "axe.min.js"
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_of_the_machine() -> dict[str, Any]:
    """A browser that the machine has, if it has one; Chromium refuses its sandbox to root."""
    found = os.environ.get("IPT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    own = {"executable_path": found} if found else {}
    return {**own, "args": FLAGS + sandbox}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **chromium_of_the_machine()}


@contextmanager
def building() -> Iterator[None]:
    """Rows for a live server are committed, and built past the walls."""
    with transaction.atomic(), as_owner():
        yield


@pytest.fixture
def clinic(transactional_db: None) -> Cast:
    """The cast, committed, so that the server's own connection sees it."""
    with building():
        system_person()  # in whose name an alert is told
        return Cast()


@pytest.fixture
def sign_in(context: BrowserContext, live_server: Any) -> Callable[[User], None]:
    """Signs a person in by the cookie alone: signing in has tests of its own."""

    def enter(person: User) -> None:
        django = Django()
        django.force_login(person)
        cookie = django.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
        )

    return enter


@pytest.fixture
def without_script(
    context: BrowserContext, new_context: Callable[..., BrowserContext]
) -> Callable[[], BrowserContext]:
    """A second browser without script, for whoever is signed in by now. It is closed also after a failure: left open, it
    would hold a thread of the live server, and that thread the database which is to be dropped."""
    return lambda: new_context(java_script_enabled=False, storage_state=context.storage_state())


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What axe finds on the page, one line each; an empty list is what a test wants."""

    def run(page: Page) -> list[str]:
        # Evaluated by the debugger, so the page's own policy stays as strict as it is.
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
