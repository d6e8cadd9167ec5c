"""Slips of time and of the pages by which a decision, a number or a word could come out wrong: what waited behind somebody
else, what is one's own in disguise, and what a page of ours would never send."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from sessions import actions, drafts, note_actions
from sessions.life import State
from sessions.models import DraftVersion, Note
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.written import (
    appointment,
    as_trainee,
    decide,
    draft_of_contact,
    draft_of_session,
    signed_addendum,
    signed_contact,
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


# --- Typed into a page that was open when its note was struck out -------------------------------------------------------


def kept() -> list[str]:
    with as_owner():
        return list(DraftVersion.objects.filter(was_refused=True).values_list("parts__work", flat=True))


def test_what_is_typed_into_a_struck_draft_is_kept_beside_it(cast: Cast, client: Browser) -> None:
    notes = {"draft": draft_of_session(cast), "contact_draft": draft_of_contact(cast)}
    signed = signed_contact(cast)
    notes["addendum_draft"] = note_actions.save_addendum(
        note_id=uuid4(), original=signed, by=cast.tara, based_on=0, words={"work": "More."}, form={}
    )
    for struck in (notes["draft"], notes["contact_draft"], signed):
        strike(Note.objects.get(pk=struck.pk), cast.tara)
    client.force_login(cast.tara)
    for name, note in notes.items():
        address = reverse(f"sessions:{name}", args=[cast.course.pk, note.session_id or note.pk])
        answer = client.post(address, {"based_on": 1, "work": f"The last words: {name}"})
        assert answer.status_code == 409
        assert answer.json()["kind"] == "taken"
        assert "kept among the earlier versions" in answer.json()["why"]
    assert sorted(kept()) == [f"The last words: {name}" for name in sorted(notes)]


def test_where_nothing_can_be_kept_the_page_does_not_say_that_it_was(cast: Cast, client: Browser) -> None:
    """The lead strikes out a session that was held, while its therapist's page is open and nothing is typed yet."""
    with as_owner():
        session = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 1)
    act_as(cast.lena.pk)
    note_actions.enter_session_in_error(session=session, kind="mistake", reason="Twice", by=cast.lena)
    client.force_login(cast.tara)
    page = [cast.course.pk, session.pk]
    answer = client.post(reverse("sessions:draft", args=page), {"based_on": 0, "work": "Too late."})
    assert answer.json()["kind"] == "taken"
    assert "copy it" in answer.json()["why"]
    told = client.post(reverse("sessions:log", args=page), {"based_on": 0, "work": "Too late."}, follow=True)
    assert "entered in error" in told.content.decode()
    assert "What this page held is kept" not in told.content.decode()


def test_an_addendum_to_what_was_struck_out_meanwhile_stays_on_its_page(cast: Cast, client: Browser) -> None:
    signed = signed_contact(cast)
    strike(signed, cast.tara)
    client.force_login(cast.tara)
    address = reverse("sessions:addendum", args=[cast.course.pk, uuid4()])
    for act in ("", "sign"):
        answer = client.post(
            f"{address}?to={signed.pk}",
            {"based_on": 0, "work": "Not to be lost.", "reason": "A slip", "act": act},
        )
        assert answer.status_code == 422
        assert "Not to be lost." in answer.content.decode()
        assert "nothing is added to it" in answer.content.decode()
