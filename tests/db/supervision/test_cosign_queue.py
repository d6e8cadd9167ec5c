"""The queue of co-signing: what waits for this person, one after the other, the first put forward first."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from sessions import note_actions
from sessions.cosigning import awaiting, waiting_since
from sessions.models import CoSignature, Note
from staff.models import User
from supervision import queue
from tests.browsing import form_with
from tests.cast import Cast, addendum_to, contact_note_of, decided, letter_to_client, note_of, session_of
from tests.db.sessions.written import (
    as_trainee,
    decide,
    signed_addendum,
    signed_contact,
    signed_session,
    what_is_read,
)
from tests.roles import as_owner

QUEUE = "/supervision/cosign/"
NOW = timezone.now().replace(second=0, microsecond=0)


def page_of(client: Browser, person: User, address: str = QUEUE, status: int = 200) -> str:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def post(client: Browser, person: User, note: Note, **sent: str) -> Any:
    client.force_login(person)
    act_as(person.pk)
    given = {"note": str(note.pk), "decision": "cosigned", "comment": "", "seen": what_is_read(note)}
    return client.post(QUEUE, given | sent)


@pytest.fixture
def three(cast: Cast) -> list[Note]:
    """Put forward four days ago, two days ago and yesterday: a letter, a session, a contact."""
    with as_owner():
        cast.tara.is_trainee = True
        cast.tara.save()
        letter = letter_to_client(
            cast.course, cast.tara, needs_cosign=True, signed_at=NOW - timedelta(days=4)
        )
        session = note_of(
            session_of(cast.course, cast.tara, NOW - timedelta(days=2, hours=1)),
            needs_cosign=True,
            signed_at=NOW - timedelta(days=2),
        )
        contact = contact_note_of(
            cast.course, cast.tara, needs_cosign=True, signed_at=NOW - timedelta(days=1)
        )
    return [letter, session, contact]


# --- Places in the queue ----------------------------------------------------------------------------------------------

A, B, C, ELSE = (UUID(int=number) for number in (1, 2, 3, 9))


@pytest.mark.parametrize(
    ("note", "keys", "at", "before", "after"),
    [
        (A, [A], 1, None, None),
        (A, [A, B, C], 1, None, B),
        (B, [A, B, C], 2, A, C),
        (C, [A, B, C], 3, B, None),
        (ELSE, [A, B], None, None, A),
        (ELSE, [], None, None, None),
    ],
)
def test_where_a_note_stands(
    note: UUID, keys: list[UUID], at: int | None, before: UUID | None, after: UUID | None
) -> None:
    place = queue.place_of(note, keys)
    assert (place.count, place.at, place.before, place.after) == (len(keys), at, before, after)


@pytest.mark.parametrize(
    ("decided_about", "keys", "following"),
    [
        (A, [A, B, C], B),
        (B, [A, B, C], C),
        (C, [A, B, C], A),
        (A, [A], None),
        (ELSE, [A, B], A),
        (A, [], None),
    ],
)
def test_which_one_follows_a_decision(decided_about: UUID, keys: list[UUID], following: UUID | None) -> None:
    assert queue.next_after(decided_about, keys) == following


@pytest.mark.parametrize("asked", ["", "nothing", str(ELSE), "\x00", "1" * 40])
def test_an_odd_note_is_the_first_one(asked: str) -> None:
    assert queue.shown_first(asked, [A, B]) == A
    assert queue.shown_first(asked, []) is None


def test_the_one_that_is_asked_for_is_shown() -> None:
    assert queue.shown_first(str(B), [A, B]) == B


# --- What the page says -----------------------------------------------------------------------------------------------


def test_the_first_put_forward_stands_first_and_in_full(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    page = page_of(client, cast.sunil)
    assert "1 of 3 that wait" in page
    assert cast.maya.name in page
    assert "By Tara Tree, put forward" in page
    assert "4 days ago" in page
    assert "Over 72 hours" in page
    assert "The letter as it is printed" in page
    assert form_with(page, "seen")["note"] == [str(three[0].pk)]
    assert f'href="{QUEUE}?note={three[1].pk}"' in page


def test_each_kind_of_note_is_read_as_on_its_own_page(cast: Cast, client: Browser, three: list[Note]) -> None:
    _, session, contact = three
    page = page_of(client, cast.sunil, f"{QUEUE}?note={session.pk}")
    assert "2 of 3 that wait" in page
    for words in (session.week, session.work, session.sha256, "Attendance", "Signed by"):
        assert words in page
    assert f"/courses/{cast.course.pk}/sessions/{session.session_id}/read/" in page
    page = page_of(client, cast.sunil, f"{QUEUE}?note={contact.pk}")
    assert "3 of 3 that wait" in page
    assert contact.work in page
    assert ">Next<" not in page


def test_scores_addenda_and_former_decisions_stand_there_too(cast: Cast, client: Browser) -> None:
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil, "returned", "Say more about the bridge.")
    signed_addendum(cast, note, text="They have thrown the rope away.")
    page = page_of(client, cast.sunil)
    for words in ("PHQ-9", "Say more about the bridge.", "They have thrown the rope away.", "Returned by"):
        assert words in page
    # The acts of the note's own page, and its own form, are not here a second time.
    assert page.count('name="decision" value="cosigned"') == 1
    assert "Write an addendum" not in page
    assert "useless with them" not in page  # the author's private reflection


def test_a_look_at_each_note_is_on_the_trail(cast: Cast, client: Browser, three: list[Note]) -> None:
    for note in three:
        page_of(client, cast.sunil, f"{QUEUE}?note={note.pk}")
    act_as(cast.lena.pk)
    seen = Event.objects.filter(action="read", user=cast.sunil, client_id=cast.maya.pk)
    assert sorted(seen.values_list("what", flat=True)) == ["Contact note", "Letter", "Session"]


def test_where_nothing_waits_the_page_says_what_comes_here(cast: Cast, client: Browser) -> None:
    page = page_of(client, cast.sunil)
    assert "Nothing waits for you" in page
    assert "textarea" not in page


def test_the_list_of_what_is_unsigned_leads_into_the_queue(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    page = page_of(client, cast.sunil, "/unsigned/")
    for note in three:
        assert f'href="{QUEUE}?note={note.pk}"' in page
    assert f'href="{QUEUE}"' in page


# --- Decisions --------------------------------------------------------------------------------------------------------


def test_one_decision_after_the_other_until_nothing_waits(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    letter, session, contact = three
    answer = post(client, cast.sunil, letter)
    assert (answer.status_code, answer["Location"]) == (302, f"{QUEUE}?note={session.pk}")
    page = page_of(client, cast.sunil, answer["Location"])
    assert "1 of 2 that wait" in page
    assert f"Co-signed for {cast.maya.name}: the note of Tara Tree." in page
    answer = post(client, cast.sunil, session, decision="returned", comment="Which Tuesday?")
    assert answer["Location"] == f"{QUEUE}?note={contact.pk}"
    answer = post(client, cast.sunil, contact)
    assert answer["Location"] == QUEUE
    assert "Nothing waits for you" in page_of(client, cast.sunil)
    act_as(cast.lena.pk)
    rows = CoSignature.objects.order_by("at").values_list("note", "decision", "comment")
    assert list(rows) == [
        (letter.pk, "cosigned", ""),
        (session.pk, "returned", "Which Tuesday?"),
        (contact.pk, "cosigned", ""),
    ]


def test_after_the_last_one_what_was_left_out_comes_again(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    assert post(client, cast.sunil, three[2])["Location"] == f"{QUEUE}?note={three[0].pk}"


def test_a_return_without_words_is_refused_beside_them(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    answer = post(client, cast.sunil, three[1], decision="returned")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Say what the author should change or add." in page
    assert three[1].work in page
    assert "2 of 3 that wait" in page


def test_an_addendum_that_was_not_shown_is_not_co_signed(cast: Cast, client: Browser) -> None:
    note = signed_contact(as_trainee(cast))
    act_as(cast.sunil.pk)
    seen = what_is_read(note)
    signed_addendum(cast, note, text="Dan has left.")
    answer = post(client, cast.sunil, note, seen=seen, comment="Well done.")
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    for words in ("An addendum was signed while you were reading", "Dan has left.", "Well done."):
        assert words in page
    sent = form_with(page, "seen")
    assert post(client, cast.sunil, note, seen=sent["seen"][0]).status_code == 302


def test_what_somebody_else_decided_meanwhile_is_shown_with_ones_own_words(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    with as_owner():
        decided(three[0], cast.dana)
    answer = post(client, cast.sunil, three[0], decision="returned", comment="Shorter, please.")
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "This note does not wait for a co-signature." in page
    assert "Shorter, please." in page
    assert f'href="{QUEUE}?note={three[1].pk}"' in page
    assert 'value="cosigned"' not in page


def test_a_strangers_note_is_not_found_and_ones_own_is_refused(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    assert post(client, cast.dana, three[0]).status_code == 404
    client.force_login(cast.olga)
    assert client.post(QUEUE, {"note": str(three[0].pk)}).status_code == 403
    client.force_login(cast.ada)
    assert client.get(QUEUE).status_code == 403
    assert post(client, cast.lena, three[0]).status_code == 403


@pytest.mark.parametrize("odd", ["", "nothing", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_an_odd_key_decides_about_nothing(cast: Cast, client: Browser, three: list[Note], odd: str) -> None:
    client.force_login(cast.sunil)
    assert client.post(QUEUE, {"note": odd, "decision": "cosigned"}).status_code in (400, 404)
    act_as(cast.lena.pk)
    assert not CoSignature.objects.exists()


def test_the_deputy_has_the_queue_while_the_supervisor_is_away(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    assert "Nothing waits for you" in page_of(client, cast.dana)
    with as_owner():
        today = timezone.localdate()
        cast.sunil.leave.create(starts_on=today, ends_on=today, cover=cast.dana)
    assert "1 of 3 that wait" in page_of(client, cast.dana)
    assert post(client, cast.dana, three[0]).status_code == 302


def test_what_waits_is_what_may_be_decided(cast: Cast, three: list[Note]) -> None:
    """A lead who is a trainee added to the note of somebody whom nobody supervises: it waits for another lead."""
    with as_owner():
        cast.line.ends_at = timezone.now()
        cast.line.save()
        cast.lena.is_trainee = True
        cast.lena.save()
        addendum_to(three[2], by=cast.lena, needs_cosign=True, signed_at=NOW - timedelta(hours=1))
    act_as(cast.lena.pk)
    assert list(waiting_since(cast.lena, at=timezone.now())) == [three[0].pk, three[1].pk]


def test_keys_and_times_are_those_of_the_list(cast: Cast, three: list[Note]) -> None:
    act_as(cast.sunil.pk)
    at = timezone.now()
    rows = [(note.pk, note.put_forward_at) for note in awaiting(cast.sunil, at=at)]
    assert list(waiting_since(cast.sunil, at=at).items()) == rows
    assert [key for key, _ in rows] == [note.pk for note in three]


def test_the_page_costs_the_same_for_three_and_for_three_hundred(
    cast: Cast, client: Browser, three: list[Note]
) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page_of(client, cast.sunil, f"{QUEUE}?note={three[2].pk}")
        return len(asked)

    count()  # the first look also begins the login
    few = count()
    with as_owner():
        for hours in range(300):
            contact_note_of(
                cast.course, cast.tara, needs_cosign=True, signed_at=NOW - timedelta(days=20, hours=hours)
            )
    assert count() == few
    assert note_actions.what_is_read([three[2]]) in page_of(client, cast.sunil, f"{QUEUE}?note={three[2].pk}")
