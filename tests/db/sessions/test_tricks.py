"""Slips of time and of the pages by which a decision, a number or a word could come out wrong: what waited behind somebody else,
what is one's own in disguise, and what a page of ours would never send."""

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from sessions import actions, drafts, note_actions
from sessions.life import State
from sessions.models import Note
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.written import (
    appointment,
    as_trainee,
    decide,
    signed_addendum,
    signed_session,
    strike,
    typed,
)
from tests.roles import as_owner


def test_an_addendum_that_waited_while_its_supervisor_decided_is_put_forward_all_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = signed_session(as_trainee(cast))
    really_hold = drafts.hold

    def wait_for_the_supervisor(key: UUID) -> None:
        monkeypatch.setattr(drafts, "hold", really_hold)
        decide(note, cast.sunil)
        act_as(cast.tara.pk)
        really_hold(key)

    monkeypatch.setattr(drafts, "hold", wait_for_the_supervisor)
    signed_addendum(cast, note)
    assert note_actions.state_of(Note.objects.get(pk=note.pk)) == State.AWAITING_COSIGN


def test_a_lead_who_is_a_trainee_does_not_answer_for_their_own_addendum(cast: Cast) -> None:
    note = signed_session(cast)
    with as_owner():
        cast.line.ends_at = timezone.now()
        cast.line.save()
        cast.lena.is_trainee = True
        cast.lena.save()
        second = people.person("Ludo Lead", "lead")
    signed_addendum(cast, note, by=cast.lena)
    with pytest.raises(ValidationError, match="Only a supervisor"):
        decide(note, cast.lena)
    assert decide(note, second).by_id == second.pk


def test_who_strikes_out_a_session_waits_for_who_decides_about_its_note(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = signed_session(as_trainee(cast))
    waited_for: list[UUID] = []
    monkeypatch.setattr(drafts, "hold", waited_for.append)
    strike(Note.objects.get(pk=note.pk), cast.tara)
    assert waited_for == [note.pk]


@pytest.mark.parametrize("minutes", ["00050000", "0010000", "00000300", "4", "301", "9" * 5000, "٥٠", "²"])
def test_a_session_lasts_from_five_to_three_hundred_minutes_however_they_are_written(
    cast: Cast, minutes: str
) -> None:
    session = appointment(cast)
    act_as(cast.tara.pk)
    sent: dict[str, Any] = typed()
    sent["form"]["minutes"] = minutes
    with pytest.raises(ValidationError, match="how many minutes"):
        actions.sign_session(session=session, by=cast.tara, **sent)


def test_a_version_number_of_any_length_is_no_error_of_the_server(cast: Cast, client: Browser) -> None:
    session = appointment(cast)
    client.force_login(cast.tara)
    address = reverse("sessions:log", args=[cast.course.pk, session.pk])
    client.post(address, {"based_on": 0, "work": "In the other window."})
    answer = client.post(
        address, {"based_on": 0, "work": "In this one.", "act": "compare", "begun_from": "9" * 5000}
    )
    assert answer.status_code == 409
