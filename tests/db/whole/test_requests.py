"""An error at any statement of a whole request: 500, nothing kept, nothing told as done, and sent again it works."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from audit.models import Event
from courses.models import Course, CourseMove
from outcomes.models import Alert, AlertAct, AlertTold, Response
from sessions.models import (
    DraftVersion,
    EnteredInError,
    Note,
    Reflection,
    ReflectionShare,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from staff.models import OutgoingMail
from tests.cast import Cast, held_session, note_of, session_of, system_person
from tests.db.whole.cases_of_notes import second_session_with_an_alert
from tests.db.whole.cases_of_sessions import days_ago
from tests.db.whole.harness import Break, interrupted_request
from tests.roles import as_owner

PAUSED = {"pause": "1", "edits": "12", "window": "5f0c1a52-5d0f-4a0e-9a55-9a6d2f0e7c11"}


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        system_person()
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
        "event": "Argued with Tom.",
        "went": "partly",
        "went_words": "Half of it.",
        "tasks": ["initial_timeline"],
        "techniques": ["role_play"],
        "risk_answer": "unchanged",
        "reflection": "I talked too much.",
        "next_choice": "none",
        **digits,
        **changes,
    }


def posting(tab: Browser, name: str, keys: list[UUID], typed: dict[str, Any]) -> Callable[[], HttpResponse]:
    address = reverse(f"sessions:{name}", args=keys)
    return lambda: tab.post(address, typed)


# --- One act of a page each -------------------------------------------------------------------------------------------


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
        AlertTold: 1,
        OutgoingMail: 1,
        Reflection: 1,
        ReflectionShare: 1,
        Course: 0,
        CourseMove: 1,
        Event: 4,
    }
    send = posting(tab, "log", [cast.course.pk, session.pk], typed(cast, **changes))
    assert interrupted_request(send, writes, how) > 60
    with as_owner():
        assert Note.objects.get().signed_at


def save(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    writes = {Note: 1, DraftVersion: 1, Response: 1, SessionResponse: 1, Alert: 1, Reflection: 1}
    send = posting(tab, "draft", [cast.course.pk, session.pk], typed(cast, **PAUSED))
    assert interrupted_request(send, writes, how) > 20
    with as_owner():
        assert Note.objects.get().version == 1


def save_too_late(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    """Another window has saved: the page is told so, and what it sent is in the draft's history."""
    with as_owner():
        note_of(session, signed=False, version=4)
    send = posting(tab, "draft", [cast.course.pk, session.pk], typed(cast, based_on="3", **PAUSED))
    assert interrupted_request(send, {DraftVersion: 1}, how) > 15
    with as_owner():
        assert Note.objects.get().version == 4


def join_two_versions(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    """Three versions more: what stood, what was sent, and both joined."""
    with as_owner():
        note_of(session, signed=False, version=4, week="A quiet week.")
    writes = {Note: 0, DraftVersion: 3, Response: 1, SessionResponse: 1, Alert: 1, Reflection: 1}
    sent = typed(cast, act="join", based_on="4")
    assert interrupted_request(posting(tab, "log", [cast.course.pk, session.pk], sent), writes, how) > 30
    with as_owner():
        week = Note.objects.get().week
    assert "Low on Tuesday." in week
    assert "A quiet week." in week


def sign_a_contact(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    sent = {
        "act": "sign",
        "based_on": "0",
        "person": str(cast.tara.pk),
        "happened_on": f"{days_ago(1):%Y-%m-%d}",
        "happened_time": "10:15",
        "with_whom": "client",
        "how": "phone",
        "work": "Rang about Tuesday.",
        "risk_answer": "unchanged",
    }
    send = posting(tab, "contact_note", [cast.course.pk, uuid4()], sent)
    assert interrupted_request(send, {Note: 1, DraftVersion: 1, Event: 1}, how) > 15


def sign_an_addendum(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    with as_owner():
        original = note_of(held_session(cast.course, cast.tara, days_ago(9), 1))
    sent = {
        "act": "sign",
        "based_on": "0",
        "person": str(cast.tara.pk),
        "work": "It was Tom's sister who rang.",
        "reason": "A name was wrong.",
    }
    to = reverse("sessions:addendum", args=[cast.course.pk, uuid4()]) + f"?to={original.pk}"
    send = partial(tab.post, to, sent)
    assert interrupted_request(send, {Note: 1, DraftVersion: 1, Event: 1}, how) > 15


def strike_out(cast: Cast, session: TherapySession, tab: Browser, how: Break) -> None:
    """A signed session was the wrong client's: its alert is closed and the lead has mail, or nothing is struck out."""
    with as_owner():
        struck = second_session_with_an_alert(cast)
    sent = {"kind": "wrong_client", "reason": "It was Owen's."}
    writes = {EnteredInError: 1, TherapySession: 0, Course: 0, Alert: 0, AlertAct: 1}
    writes |= {OutgoingMail: 1, Event: 3}
    send = posting(tab, "error", [cast.course.pk, struck.pk], sent)
    assert interrupted_request(send, writes, how) > 30


# --- At each statement ------------------------------------------------------------------------------------------------

ACTS = (sign, save, save_too_late, join_two_versions, sign_a_contact, sign_an_addendum, strike_out)


@pytest.mark.parametrize("act", ACTS)
def test_an_exception_after_any_statement_of_a_request_leaves_all_or_nothing(
    cast: Cast, session: TherapySession, tab: Browser, act: Callable[..., None]
) -> None:
    act(cast, session, tab, Break.AFTER)


@pytest.mark.long
@pytest.mark.parametrize("how", [Break.BEFORE, Break.LOST, Break.REFUSED], ids=lambda how: how.name)
@pytest.mark.parametrize("act", ACTS)
def test_every_other_way_to_break_a_request_leaves_all_or_nothing(
    cast: Cast, session: TherapySession, tab: Browser, act: Callable[..., None], how: Break
) -> None:
    act(cast, session, tab, how)
