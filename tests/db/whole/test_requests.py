"""An error at any statement of a whole request: 500, nothing kept, nothing told as done, and sent again it works."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from audit.models import Event
from courses.models import Course, CourseMove
from outcomes.models import Alert, Response
from sessions.models import (
    DraftVersion,
    Note,
    Reflection,
    ReflectionShare,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from tests.cast import Cast, note_of, session_of
from tests.db.whole.cases_of_sessions import days_ago
from tests.db.whole.harness import Break, interrupted_request
from tests.roles import as_owner

WINDOW = "5f0c1a52-5d0f-4a0e-9a55-9a6d2f0e7c11"
SOME = [Break.AFTER]
THE_OTHERS = [how for how in Break if how not in SOME]


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        return session_of(cast.course, cast.tara, days_ago(1))


@pytest.fixture
def tab(cast: Cast) -> Browser:
    """Tara's, signed in, on which an error becomes the answer that she sees."""
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.tara)
    return browser


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    digits = {f"phq9_{n}": digit for n, digit in enumerate("121212111", 1)}
    return {
        "based_on": "0",
        "person": str(cast.tara.pk),
        "attendance": "5",
        "mode": "in_person",
        "minutes": "50",
        "kind": "treatment",
        "appointment_type": "02",
        "phase": "initial",
        "focus": ["conflict"],
        "week": "Low on Tuesday.",
        "work": "Role play of Sunday's talk.",
        "next_time": "Ask Tom.",
        "techniques": ["role_play"],
        "risk_answer": "unchanged",
        "reflection": "I talked too much.",
        "next_choice": "none",
        **digits,
        **changes,
    }


def posting(
    browser: Browser, name: str, session: TherapySession, typed: dict[str, Any]
) -> Callable[[], HttpResponse]:
    address = reverse(f"sessions:{name}", args=[session.course_id, session.pk])
    return lambda: browser.post(address, typed)


def sign(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    """With an alert, the treatment begun, a reflection shared and the next appointment booked."""
    ahead = days_ago(-7)
    changes = {
        "act": "sign",
        "share_reflection": "on",
        "next_choice": "book",
        "next_on": f"{ahead:%Y-%m-%d}",
        "next_at": "10:00",
        "next_mode": "video",
    }
    writes = {
        TherapySession: 1,
        Note: 1,
        DraftVersion: 1,
        Response: 1,
        SessionResponse: 1,
        SessionFocus: 1,
        Alert: 1,
        Reflection: 1,
        ReflectionShare: 1,
        Course: 0,
        CourseMove: 1,
        Event: 4,
    }
    assert interrupted_request(posting(tab, "log", session, typed(cast, **changes)), writes, how) > 60
    with as_owner():
        assert Note.objects.get().signed_at


def save(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    writes = {
        Note: 1,
        DraftVersion: 1,
        Response: 1,
        SessionResponse: 1,
        Alert: 1,
        Reflection: 1,
    }
    changes = {"pause": "1", "edits": "12", "window": WINDOW}
    assert interrupted_request(posting(tab, "draft", session, typed(cast, **changes)), writes, how) > 20
    with as_owner():
        assert Note.objects.get().version == 1


def save_too_late(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    """Another window has saved: the page is told so, and what it sent is in the draft's history."""
    with as_owner():
        note_of(session, signed=False, version=4)
    changes = {"based_on": "3", "pause": "1", "edits": "12", "window": WINDOW}
    writes = {DraftVersion: 1}
    assert interrupted_request(posting(tab, "draft", session, typed(cast, **changes)), writes, how) > 15
    with as_owner():
        assert Note.objects.get().version == 4


@pytest.mark.parametrize("how", SOME, ids=lambda how: how.name)
def test_a_signature_is_whole_or_nothing(
    cast: Cast, session: TherapySession, tab: Browser, how: Break
) -> None:
    sign(cast, session, tab, how)


@pytest.mark.parametrize("how", SOME, ids=lambda how: how.name)
def test_an_autosave_is_whole_or_nothing(
    cast: Cast, session: TherapySession, tab: Browser, how: Break
) -> None:
    save(cast, session, tab, how)


@pytest.mark.parametrize("how", SOME, ids=lambda how: how.name)
def test_an_autosave_that_comes_too_late_is_kept_whole_or_not_at_all(
    cast: Cast, session: TherapySession, tab: Browser, how: Break
) -> None:
    save_too_late(cast, session, tab, how)


@pytest.mark.long
@pytest.mark.parametrize("how", THE_OTHERS, ids=lambda how: how.name)
@pytest.mark.parametrize("act", [sign, save, save_too_late])
def test_whatever_breaks_it(
    cast: Cast, session: TherapySession, tab: Browser, how: Break, act: Callable[..., None]
) -> None:
    act(cast, session, tab, how)
