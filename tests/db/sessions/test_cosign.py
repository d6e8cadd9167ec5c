"""A trainee's signed note waits for a supervisor: who may decide, what is kept of it, and what the page says."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from sessions import note_actions
from sessions.life import State
from sessions.models import CoSignature, Note
from tests.cast import Cast
from tests.db.sessions.written import (
    as_trainee,
    decide,
    signed_addendum,
    signed_contact,
    signed_session,
    strike,
    what_is_read,
)
from tests.roles import as_owner


def read_page(note: Note) -> str:
    if note.session_id:
        return f"/courses/{note.course_id}/sessions/{note.session_id}/read/"
    return f"/courses/{note.course_id}/contacts/{note.pk}/read/"


def cosign_page(note: Note) -> str:
    return f"/courses/{note.course_id}/notes/{note.pk}/cosign/"


def html_of(client: Browser, person: Any, note: Note) -> str:
    client.force_login(person)
    answer = client.get(read_page(note))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def away(cast: Cast, *persons: Any, cover: Any = None) -> None:
    today = timezone.localdate()
    with as_owner():
        for person in persons:
            person.leave.create(starts_on=today, ends_on=today, cover=cover or cast.olga)


@pytest.mark.parametrize("signed", [signed_session, signed_contact])
def test_a_trainees_note_waits_and_somebody_elses_does_not(cast: Cast, signed: Any) -> None:
    plain = signed(cast)
    assert note_actions.state_of(plain) == State.SIGNED
    as_trainee(cast)
    waiting = signed_contact(cast)
    assert (waiting.needs_cosign, note_actions.state_of(waiting)) == (True, State.AWAITING_COSIGN)


def test_the_supervisor_co_signs_and_the_note_itself_stays(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    before = Note.objects.filter(pk=note.pk).values().get()
    made = decide(note, cast.sunil)
    assert (made.decision, made.by_id, len(made.sha256)) == ("cosigned", cast.sunil.pk, 64)
    assert note_actions.state_of(note) == State.COSIGNED
    assert Note.objects.filter(pk=note.pk).values().get() == before
    act_as(cast.lena.pk)
    assert Event.objects.filter(what="Co-signed a note", user=cast.sunil, client_id=cast.maya.pk).count() == 1


def test_a_returned_note_is_answered_by_an_addendum_and_waits_again(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil, "returned", "Say more about the risk.")
    assert note_actions.state_of(note) == State.RETURNED
    signed_addendum(cast, note)
    assert note_actions.state_of(note) == State.AWAITING_COSIGN
    decide(note, cast.sunil)
    assert note_actions.state_of(note) == State.COSIGNED
    assert [row.decision for row in CoSignature.objects.all()] == ["returned", "cosigned"]


def refused(note: Note, by: Any, **changes: Any) -> ValidationError:
    act_as(by.pk)
    asked = {"decision": "cosigned", "comment": "", "seen": what_is_read(note)} | changes
    with pytest.raises(ValidationError) as refusal:
        note_actions.decide_note(note=note, by=by, **asked)
    assert not CoSignature.objects.filter(by=by).exists()
    return refusal.value


@pytest.mark.parametrize("who", ["tara", "olga", "dana", "ada", "lena", "nadia"])
def test_nobody_else_co_signs_while_the_supervisor_is_there(cast: Cast, who: str) -> None:
    note = signed_session(as_trainee(cast))
    assert refused(note, getattr(cast, who)).messages


def test_nobody_co_signs_their_own_note_not_even_a_lead(cast: Cast) -> None:
    with as_owner():
        cast.tara.roles = ["therapist", "supervisor", "lead"]
        cast.tara.save()
        cast.line.ends_at = timezone.now()
        cast.line.save()
    note = signed_session(as_trainee(cast))
    assert refused(note, cast.tara).messages == ["Nobody co-signs their own note."]


def test_the_deputy_co_signs_while_the_supervisor_is_on_leave(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    away(cast, cast.sunil, cover=cast.dana)
    decide(note, cast.dana)
    assert note_actions.state_of(note) == State.COSIGNED


def test_the_lead_co_signs_while_supervisor_and_deputy_are_away_and_not_while_one_is_there(
    cast: Cast,
) -> None:
    note = signed_session(as_trainee(cast))
    away(cast, cast.sunil, cover=cast.dana)
    refused(note, cast.lena)
    away(cast, cast.dana)
    decide(note, cast.lena)
    assert note_actions.state_of(note) == State.COSIGNED


def test_the_lead_co_signs_what_nobody_supervises(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    with as_owner():
        cast.line.ends_at = timezone.now()
        cast.line.save()
    refused(note, cast.sunil)
    decide(note, cast.lena)
    assert note_actions.state_of(note) == State.COSIGNED


def test_a_supervision_line_that_has_ended_co_signs_nothing(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    with as_owner():
        cast.line.ends_at = timezone.now() - timedelta(minutes=1)
        cast.line.save()
    assert refused(note, cast.sunil).messages


def test_returning_asks_for_a_comment(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    said = refused(note, cast.sunil, decision="returned", comment="  \n")
    assert said.message_dict == {"comment": ["Say what the author should change or add."]}


@pytest.mark.parametrize("comment", ["a\x00b", "\ud800"])
def test_a_comment_that_cannot_be_kept_is_refused_by_its_field(cast: Cast, comment: str) -> None:
    note = signed_session(as_trainee(cast))
    assert list(refused(note, cast.sunil, decision="returned", comment=comment).message_dict) == ["comment"]


def test_an_addendum_that_was_not_read_is_not_co_signed(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    seen = what_is_read(note)
    signed_addendum(cast, note)
    assert refused(note, cast.sunil, seen=seen).code == "stale"


def test_nobody_co_signs_twice_nor_what_was_entered_in_error(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil)
    act_as(cast.sunil.pk)
    with pytest.raises(ValidationError, match="does not wait"):
        decide(note, cast.sunil)
    other = signed_session(cast, days=5)
    strike(other, cast.tara)
    with pytest.raises(ValidationError):
        decide(other, cast.sunil)


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signed", [signed_session, signed_contact])
def test_the_form_stands_before_whom_the_note_waits_for(client: Browser, cast: Cast, signed: Any) -> None:
    note = signed(as_trainee(cast))
    page = html_of(client, cast.sunil, note)
    assert "waits for your co-signature" in page
    assert "Co-sign for Maya Fielding" in page
    assert "Signed, awaiting co-sign" in page
    for other in (cast.tara, cast.lena):
        assert "Co-sign for" not in html_of(client, other, note)
        assert "Signed, awaiting co-sign" in html_of(client, other, note)


@pytest.mark.parametrize("signed", [signed_session, signed_contact])
def test_a_supervisor_co_signs_on_the_page(client: Browser, cast: Cast, signed: Any) -> None:
    note = signed(as_trainee(cast))
    client.force_login(cast.sunil)
    answer = client.post(
        cosign_page(note), {"decision": "cosigned", "comment": "", "seen": what_is_read(note)}
    )
    assert (answer.status_code, answer.url) == (302, read_page(note))
    page = html_of(client, cast.tara, note)
    assert "Signed and co-signed" in page
    assert "Co-signed by" in page
    assert "Does not match" not in page


def test_the_author_reads_why_it_was_returned_and_how_to_answer(client: Browser, cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil, "returned", "Say more about the risk.")
    page = html_of(client, cast.tara, note)
    assert "Returned to you by Sunil Super" in page
    assert "Say more about the risk." in page
    assert "Answer with an addendum" in page
    assert "Returned to you" not in html_of(client, cast.lena, note)


@pytest.mark.parametrize("signed", [signed_session, signed_contact])
def test_a_refused_decision_keeps_the_comment_on_the_page(client: Browser, cast: Cast, signed: Any) -> None:
    note = signed(as_trainee(cast))
    seen = what_is_read(note)
    client.force_login(cast.sunil)
    answer = client.post(cosign_page(note), {"decision": "returned", "comment": "", "seen": seen})
    assert answer.status_code == 422
    assert "Say what the author should change or add." in answer.content.decode()
    signed_addendum(cast, note, text="There was more.")
    client.force_login(cast.sunil)
    sent = {"decision": "returned", "comment": "What about the bridge?", "seen": seen}
    answer = client.post(cosign_page(note), sent)
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "An addendum was signed while you were reading" in page
    assert "What about the bridge?" in page
    assert "There was more." in page
    # The page that was shown has the addendum: from there it is decided.
    (now,) = re.findall(r'name="seen" value="([^"]+)"', page)
    assert client.post(cosign_page(note), sent | {"seen": now}).status_code == 302


def test_who_comes_second_is_told_and_keeps_the_comment_to_copy(client: Browser, cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    seen = what_is_read(note)
    decide(note, cast.sunil)
    client.force_login(cast.sunil)
    answer = client.post(cosign_page(note), {"decision": "returned", "comment": "Too short.", "seen": seen})
    assert answer.status_code == 409
    assert "Too short." in answer.content.decode()
    assert "does not wait for a co-signature" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("tara", 403), ("olga", 404), ("dana", 404), ("ada", 403), ("lena", 403), ("nadia", 404)],
)
def test_who_may_not_co_sign_is_not_let_in(client: Browser, cast: Cast, who: str, status: int) -> None:
    note = signed_session(as_trainee(cast))
    client.force_login(getattr(cast, who))
    assert client.post(cosign_page(note), {"decision": "cosigned"}).status_code == status


def test_a_decision_that_was_changed_past_the_walls_does_not_match(client: Browser, cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil, "returned", "Say more.")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE therapy_sessions_cosignature DISABLE TRIGGER decision_is_final")
        cursor.execute("UPDATE therapy_sessions_cosignature SET comment = 'Well done.'")
        cursor.execute("ALTER TABLE therapy_sessions_cosignature ENABLE TRIGGER decision_is_final")
    assert "Does not match its signature" in html_of(client, cast.tara, note)


def test_a_decision_holds_over_what_lay_before_the_supervisor_then(client: Browser, cast: Cast) -> None:
    """An addendum later, and one that is struck out later, change nothing about what was decided before."""
    note = signed_session(as_trainee(cast))
    first = signed_addendum(cast, note)
    decide(note, cast.sunil)
    signed_addendum(cast, note, text="Later still.")
    strike(first, cast.tara)
    assert "Does not match" not in html_of(client, cast.sunil, note)
    # Sealed from the supervisor, what was read cannot be checked by them, and by the author it can.
    act_as(cast.tara.pk)
    second = signed_addendum(cast, note, text="About somebody else.")
    decide(note, cast.sunil)
    strike(second, cast.tara, "wrong_client")
    page = html_of(client, cast.sunil, note)
    assert "About somebody else." not in page
    assert "so the signature cannot be checked here" in page
    assert "Does not match" not in page
    assert "cannot be checked" not in html_of(client, cast.tara, note)
