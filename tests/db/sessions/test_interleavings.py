"""Two people and two tabs, in two hundred random orders: a therapist writes one course's sessions in two windows, an
administrator books, moves and cancels meanwhile. What the clinic must never see: a lost update, a number given twice, a signed
note that changed or was signed twice."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.acting import act_as
from sessions import actions
from sessions.drafts import AlreadySigned, StaleDraft
from sessions.models import DraftVersion, Note, TherapySession
from staff.models import User
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

INTERLEAVINGS = 200
STEPS = 8
SESSIONS = 3
TABS = ("desk", "phone")


@dataclass
class Tab:
    """One window on one session: what is typed in it, the version that it saw, and its own name and counter."""

    seen: int = 0
    text: str = ""
    window: UUID = field(default_factory=uuid4)
    edits: int = 0
    sent: dict[str, Any] | None = None  # the last save as it left the window


@dataclass
class Kept:
    """What the clinic has answered for, by session: every text that was accepted, and what was signed."""

    texts: list[str] = field(default_factory=list)
    version: int = 0
    refused: list[str] = field(default_factory=list)
    signed: tuple[str, str, datetime] | None = None


class TwoPeopleTwoTabs(RuleBasedStateMachine):
    make: Callable[[], tuple[Cast, list[TherapySession]]]

    def __init__(self) -> None:
        super().__init__()
        self.cast, self.sessions = type(self).make()
        self.tara, self.ada = self.cast.tara, self.cast.ada
        self.tabs = {name: [Tab() for _ in self.sessions] for name in TABS}
        self.kept = [Kept() for _ in self.sessions]
        self.words = 0

    # --- The therapist, in two windows

    @rule(tab=st.sampled_from(TABS), which=st.integers(0, SESSIONS - 1))
    def writes_on(self, tab: str, which: int) -> None:
        self.words += 1
        one = self.tabs[tab][which]
        one.text += f" word{self.words}"
        one.edits += 1
        self.save(one, which)

    @rule(tab=st.sampled_from(TABS), which=st.integers(0, SESSIONS - 1))
    def sends_again_what_was_not_answered(self, tab: str, which: int) -> None:
        one = self.tabs[tab][which]
        if one.sent is None:
            return
        version, before = self.kept[which].version, self.text_of(which)
        again = one.sent
        try:
            self.act(
                self.tara, lambda: actions.save_draft(session=self.sessions[which], by=self.tara, **again)
            )
        except (StaleDraft, AlreadySigned):
            self.kept[which].refused.append(again["words"]["work"])
        # It was answered already: sent again it changes nothing, whoever has saved since.
        assert (self.version_of(which), self.text_of(which)) == (version, before)

    @rule(tab=st.sampled_from(TABS), which=st.integers(0, SESSIONS - 1))
    def opens_the_page_anew(self, tab: str, which: int) -> None:
        self.tabs[tab][which] = Tab(seen=self.kept[which].version, text=self.text_of(which))

    @rule(tab=st.sampled_from(TABS), which=st.integers(0, SESSIONS - 1))
    def signs(self, tab: str, which: int) -> None:
        one, kept = self.tabs[tab][which], self.kept[which]
        session = TherapySession.objects.get(pk=self.sessions[which].pk)
        typed = self.typed(one)
        try:
            note = self.act(self.tara, lambda: actions.sign_session(session=session, by=self.tara, **typed))
        except StaleDraft:
            assert one.seen != kept.version
            kept.refused.append(one.text)
        except AlreadySigned:
            assert kept.signed
            kept.refused.append(one.text)
        except ValidationError:
            assert session.starts_at > timezone.now()  # it was moved ahead
        else:
            assert kept.signed is None
            assert one.seen == kept.version
            kept.version, kept.signed = note.version, (note.work, note.sha256, note.signed_at)
            kept.texts.append(one.text)

    def save(self, one: Tab, which: int) -> None:
        kept, typed = self.kept[which], self.typed(one)
        session = self.sessions[which]
        try:
            note = self.act(self.tara, lambda: actions.save_draft(session=session, by=self.tara, **typed))
        except StaleDraft:
            assert one.seen != kept.version
            kept.refused.append(one.text)
        except AlreadySigned:
            assert kept.signed
            kept.refused.append(one.text)
        else:
            assert one.seen == kept.version
            assert kept.signed is None
            one.seen, one.sent, kept.version = note.version, typed, note.version
            kept.texts.append(one.text)

    def typed(self, one: Tab) -> dict[str, Any]:
        return {
            "based_on": one.seen,
            "window": one.window,
            "edits": one.edits,
            "words": {"work": one.text, "risk_answer": "unchanged"},
            "form": {"attendance": "5", "mode": "in_person", "minutes": "50", "focus": ["grief"]},
            "answers": {"phq9": [1] * 8 + [0]},
        }

    # --- The administrator

    @rule(which=st.integers(0, SESSIONS - 1), days=st.integers(-9, 9))
    def the_administrator_moves_it(self, which: int, days: int) -> None:
        session = TherapySession.objects.get(pk=self.sessions[which].pk)
        to = timezone.now() + timedelta(days=days, hours=which * 2)
        self.tries(
            lambda: actions.move_session(
                session=session,
                starts_at=to,
                minutes=50,
                mode="video",
                room=None,
                version=session.version,
                by=self.ada,
            )
        )

    @rule(which=st.integers(0, SESSIONS - 1), attendance=st.sampled_from(["5", "6", "3"]))
    def the_administrator_records_attendance(self, which: int, attendance: str) -> None:
        session = TherapySession.objects.get(pk=self.sessions[which].pk)
        self.tries(
            lambda: actions.record_attendance_by_administrator(
                session=session, attendance=attendance, by=self.ada
            )
        )

    def tries(self, action: Callable[[], Any]) -> None:
        with suppress(
            ValidationError
        ):  # taken, signed or logged meanwhile: said in words, and nothing was done
            self.act(self.ada, action)

    def act(self, who: User, action: Callable[[], Any]) -> Any:
        act_as(who.pk)
        try:
            return action()
        finally:
            act_as(self.tara.pk)

    # --- What is true after every step

    def notes(self) -> list[Note | None]:
        by_session = {note.session_id: note for note in Note.objects.filter(course=self.cast.course)}
        return [by_session.get(session.pk) for session in self.sessions]

    def note_of(self, which: int) -> Note | None:
        return self.notes()[which]

    def text_of(self, which: int) -> str:
        note = self.note_of(which)
        return note.work if note else ""

    def version_of(self, which: int) -> int:
        note = self.note_of(which)
        return note.version if note else 0

    @invariant()
    def the_note_says_what_was_accepted_last_and_stays_as_it_was_signed(self) -> None:
        for kept, note in zip(self.kept, self.notes(), strict=True):
            assert (note.version if note else 0) == kept.version
            assert (note.work if note else "") == (kept.texts[-1] if kept.texts else "")
            if kept.signed is not None:
                assert note is not None
                assert (note.work, note.sha256, note.signed_at) == kept.signed

    @invariant()
    def no_number_is_given_twice_and_they_follow_the_dates(self) -> None:
        rows = TherapySession.objects.filter(course=self.cast.course).order_by("starts_at", "id")
        numbers = [session.number for session in rows if session.counts]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(session.number is None for session in rows if not session.counts)

    def teardown(self) -> None:
        """Every text that was sent, accepted or refused, can be read again."""
        act_as(self.tara.pk)
        for which, kept in enumerate(self.kept):
            note = self.note_of(which)
            if note is None:
                continue
            rows = DraftVersion.objects.filter(note=note)
            remembered = {version.parts["work"] for version in rows if not version.was_refused}
            assert remembered == set(kept.texts)
            assert {version.parts["work"] for version in rows if version.was_refused} == set(kept.refused)
            assert Note.objects.filter(session=self.sessions[which]).count() == 1


def world() -> tuple[Cast, list[TherapySession]]:
    with as_owner():
        cast = Cast()
        starts = [timezone.now() - timedelta(days=7 * (SESSIONS - n)) for n in range(SESSIONS)]
        sessions = [people.session_of(cast.course, cast.tara, starts_at) for starts_at in starts]
    act_as(cast.tara.pk)
    return cast, sessions


@pytest.mark.django_db
def test_no_order_of_two_people_and_two_tabs_loses_a_word() -> None:
    TwoPeopleTwoTabs.make = staticmethod(world)
    run_state_machine_as_test(
        TwoPeopleTwoTabs,
        settings=settings(
            max_examples=INTERLEAVINGS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=False,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
