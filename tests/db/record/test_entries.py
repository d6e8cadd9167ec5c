"""The one list of a course: contacts among the sessions, and where each note stands."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from sessions.models import Note, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner


def ago(days: int, hour: int = 10) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def held(cast: Cast, days: int, number: int, **note: Any) -> Note:
    session = people.held_session(cast.course, cast.tara, ago(days), number)
    return people.note_of(session, **note)


def rows_of(browser: Browser, cast: Cast, person: Any) -> list[str]:
    """The list as it reads, a line for each row, what is struck in brackets."""
    browser.force_login(person)
    html = browser.get(f"/courses/{cast.course.pk}/").content.decode()
    table = html[html.index('id="sessions"') :].partition("<tbody>")[2].partition("</tbody>")[0]
    table = table.replace("<s>", "[").replace("</s>", "]")
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def test_contacts_stand_among_the_sessions_by_their_time(client: Browser, cast: Cast) -> None:
    with as_owner():
        held(cast, 14, 1)
        held(cast, 7, 2)
        people.contact_note_of(cast.course, cast.tara, happened_at=ago(9), with_whom="gp", who="Dr Hill")
        people.contact_note_of(cast.course, cast.tara, happened_at=ago(1), signed_at=ago(1, 11))
    rows = rows_of(client, cast, cast.tara)
    assert [row.split()[0] for row in rows] == ["Contact", "Session", "Contact", "Session"]
    assert "Phone, the client Signed Read" in rows[0]
    assert "Phone, Dr Hill (GP or practice) Signed Late entry, 9 days Read" in rows[2]


def test_a_contact_takes_no_number_and_no_place_in_a_count(client: Browser, cast: Cast) -> None:
    with as_owner():
        held(cast, 7, 1)
    client.force_login(cast.tara)
    before = client.get(f"/courses/{cast.course.pk}/").context["page"]
    with as_owner():
        people.contact_note_of(cast.course, cast.tara)
    after = client.get(f"/courses/{cast.course.pk}/").context["page"]
    for what in ("attended", "missed", "strip", "progress", "ahead"):
        assert getattr(before, what) == getattr(after, what), what
    assert [act.words for act in before.acts] == [act.words for act in after.acts]


def trainees_note(cast: Cast) -> Note:
    return held(cast, 3, 1, signed_at=ago(3, 12), needs_cosign=True)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (lambda note, cast: None, "Signed, awaiting co-sign"),
        (lambda note, cast: people.decided(note, cast.sunil, at=ago(2)), "Signed and co-signed"),
        (
            lambda note, cast: people.decided(note, cast.sunil, "returned", at=ago(2)),
            "Returned with a comment",
        ),
        (
            lambda note, cast: (
                people.decided(note, cast.sunil, "returned", at=ago(2)),
                people.addendum_to(note, needs_cosign=True, signed_at=ago(1)),
            ),
            "Signed, awaiting co-sign 1 addendum",
        ),
    ],
)
def test_each_note_says_where_it_stands(client: Browser, cast: Cast, after: Any, words: str) -> None:
    with as_owner():
        after(trainees_note(cast), cast)
    for person in (cast.tara, cast.sunil, cast.lena):
        assert f"Attended {words} Read" in rows_of(client, cast, person)[0]


def test_addenda_are_counted_and_ones_own_unsigned_one_is_gone_on_with(client: Browser, cast: Cast) -> None:
    with as_owner():
        note = held(cast, 3, 1, signed_at=ago(3, 12))
        people.addendum_to(note)
        people.addendum_to(note)
        people.addendum_to(note, signed=False)
        people.struck_out(people.addendum_to(note), cast.tara)
    assert "Signed 2 addenda Your addendum, begun today Go on" in rows_of(client, cast, cast.tara)[0]
    assert "Signed 2 addenda Read" in rows_of(client, cast, cast.sunil)[0]


def test_somebody_elses_draft_says_only_that_it_is_there_and_how_old_it_is(
    client: Browser, cast: Cast
) -> None:
    facts = {"with_whom": "gp", "how": "letter", "who": "Dr Kingfisher"}
    with as_owner():
        people.contact_note_of(
            cast.course, cast.tara, signed=False, started_at=ago(2, 9), form=facts, work="Kingfisher."
        )
    mine = rows_of(client, cast, cast.tara)[0]
    assert mine.startswith("Contact")
    assert "Your draft, 2 days old Go on" in mine
    for person in (cast.sunil, cast.lena):
        (row,) = rows_of(client, cast, person)
        assert row.endswith("09:00 Unsigned draft, 2 days old")
        assert "Kingfisher" not in client.get(f"/courses/{cast.course.pk}/").content.decode()


def test_what_was_entered_in_error_is_struck_through_and_says_so(client: Browser, cast: Cast) -> None:
    with as_owner():
        note = held(cast, 3, 1)
        TherapySession.objects.filter(pk=note.session_id).update(entered_in_error_at=ago(2), number=None)
        people.struck_out(note, cast.tara)
        people.struck_out(people.contact_note_of(cast.course, cast.tara), cast.tara)
        people.struck_out(people.contact_note_of(cast.course, cast.tara, signed=False), cast.tara)
    contact, session = (row for row in rows_of(client, cast, cast.sunil))
    assert contact.startswith("[Contact]")
    assert "Entered in error Read" in contact
    assert session.startswith("[Treatment]")
    assert "Entered in error Read" in session
    assert len(rows_of(client, cast, cast.tara)) == 3
    (theirs,) = rows_of(client, cast, cast.ada)
    assert theirs.startswith("[Treatment]")
    assert theirs.endswith("Entered in error")


def test_an_administrator_sees_no_contact_at_all(client: Browser, cast: Cast) -> None:
    with as_owner():
        held(cast, 7, 1)
        people.contact_note_of(cast.course, cast.tara)
        people.contact_note_of(cast.course, cast.tara, signed=False)
    assert [row.split()[0] for row in rows_of(client, cast, cast.ada)] == ["Session"]


def test_a_long_list_costs_what_a_short_one_costs(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    costs = []
    for count in (2, 30):
        with as_owner():
            for _ in range(count):
                people.addendum_to(people.contact_note_of(cast.course, cast.tara))
        costs.append(len(queries_of(client, f"/courses/{cast.course.pk}/")[0]))
    assert costs[0] == costs[1] <= 10
