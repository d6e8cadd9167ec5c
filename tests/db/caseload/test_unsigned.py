"""What waits for a signature, as each person may know it: answers written by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from access import policy
from audit.acting import act_as
from caseload import unsigned as lists
from sessions.cosigning import awaiting
from sessions.models import EnteredInError, Note
from sessions.unsigned import unsigned
from staff.models import User
from tests.cast import (
    Cast,
    addendum_to,
    client_named,
    contact_note_of,
    course_for,
    decided,
    held_session,
    note_of,
    person,
    session_of,
    supervises,
)
from tests.roles import as_owner

# The last noon that has passed: an hour that ends at midnight would belong to two days.
NOW = (timezone.localtime() - timedelta(hours=12)).replace(hour=12, minute=0, second=0, microsecond=0)


def counts(user: User) -> dict[str, tuple[int, int]]:
    """By therapist: unsigned, and over 72 hours."""
    act_as(user.pk)
    waiting = unsigned()
    return {
        one.person.full_name: (one.count, one.overdue) for one in lists.by_therapist(user, waiting, now=NOW)
    }


def own(user: User) -> list[tuple[str, str, str, bool]]:
    act_as(user.pk)
    rows = lists.own_rows(user, unsigned(), now=NOW)
    return [(row.client, row.what, row.age, row.is_overdue) for row in rows]


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Tara has a draft of five days, a contact note begun today and a session of yesterday without a note."""
    with as_owner():
        old = session_of(cast.course, cast.tara, NOW - timedelta(days=5))
        note_of(old, signed=False)
        contact_note_of(cast.course, cast.tara, signed=False, started_at=NOW)
        held_session(cast.course, cast.tara, NOW - timedelta(days=1), 1)
        note_of(session_of(cast.others_course, cast.olga, NOW - timedelta(days=4)), signed=False)
    return cast


def day(days_ago: int) -> str:
    then = timezone.localtime(NOW - timedelta(days=days_ago) + timedelta(minutes=50))
    return f"{then.day} {then:%b}"


def test_ones_own_work_stands_by_age(world: Cast) -> None:
    name = world.maya.name
    assert own(world.tara) == [
        (name, f"Draft of the session on {day(5)}", "5 days ago", True),
        (name, f"No note yet of the session on {day(1)}", "1 day ago", False),
        (
            name,
            f"Contact note, begun on {timezone.localtime(NOW).day} {timezone.localtime(NOW):%b}",
            "today",
            False,
        ),
    ]


def test_a_supervisor_counts_supervisees_and_nobody_else(world: Cast) -> None:
    assert counts(world.sunil) == {"Tara Tree": (3, 1)}


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_administrator_and_lead_count_everybody(world: Cast, who: str) -> None:
    assert counts(getattr(world, who)) == {"Tara Tree": (3, 1), "Olga Other": (1, 1)}


def test_a_therapist_counts_nobody(world: Cast) -> None:
    assert counts(world.tara) == {}


def test_a_deputy_counts_while_the_supervisor_is_away(world: Cast) -> None:
    assert counts(world.dana) == {}


def test_what_was_struck_out_waits_for_nobody(world: Cast) -> None:
    with as_owner():
        for note in Note.objects.filter(author=world.tara):
            error = {"session": note.session} if note.session else {}
            EnteredInError.objects.create(
                note=note, course=note.course, kind="mistake", reason="Twice.", by=world.tara, **error
            )
    assert counts(world.sunil) == {"Tara Tree": (1, 0)}


def test_the_number_opens_its_rows_without_a_word_of_a_draft(world: Cast, client: Browser) -> None:
    client.force_login(world.sunil)
    page = client.get(f"/unsigned/?therapist={world.tara.pk}").content.decode()
    assert page.count(f'class="who" href="/courses/{world.course.pk}/"') == 3
    assert "Looked at Sunday" not in page
    assert "to say that she is well" not in page
    assert "Contact note" not in page


@pytest.mark.parametrize("therapist", ["nobody", "00000000-0000-0000-0000-000000000000", "", "\x00"])
def test_an_odd_therapist_opens_nothing(world: Cast, client: Browser, therapist: str) -> None:
    client.force_login(world.sunil)
    assert client.get("/unsigned/", {"therapist": therapist}).status_code in (200, 400)


def test_a_stranger_s_rows_are_not_opened(world: Cast, client: Browser) -> None:
    client.force_login(world.sunil)
    assert "Olga" not in client.get(f"/unsigned/?therapist={world.olga.pk}").content.decode()


# --- To co-sign -------------------------------------------------------------------------------------------------------


def waits_for(user: User) -> list[Any]:
    act_as(user.pk)
    return [note.pk for note in awaiting(user, at=timezone.now())]


def put_forward(cast: Cast, at: datetime, **fields: Any) -> Note:
    session = session_of(cast.course, cast.tara, at - timedelta(hours=1))
    return note_of(session, needs_cosign=True, signed_at=at, **fields)


def test_a_trainee_s_note_waits_for_their_supervisor_alone(cast: Cast) -> None:
    with as_owner():
        note = put_forward(cast, NOW - timedelta(days=1))
    assert waits_for(cast.sunil) == [note.pk]
    for person_of_cast in (cast.tara, cast.olga, cast.dana, cast.ada, cast.lena):
        assert waits_for(person_of_cast) == []


def test_what_was_decided_waits_no_more_until_it_is_put_forward_again(cast: Cast) -> None:
    with as_owner():
        note = put_forward(cast, NOW - timedelta(days=3))
        decided(note, cast.sunil, "returned", at=NOW - timedelta(days=2))
    assert waits_for(cast.sunil) == []
    with as_owner():
        addendum_to(note, signed_at=NOW - timedelta(days=1), needs_cosign=True)
    assert waits_for(cast.sunil) == [note.pk]
    with as_owner():
        decided(note, cast.sunil, at=NOW)
    assert waits_for(cast.sunil) == []


def test_a_note_of_somebody_whom_nobody_supervises_waits_for_the_lead(cast: Cast) -> None:
    with as_owner():
        note = note_of(
            session_of(cast.others_course, cast.olga, NOW - timedelta(days=1)),
            needs_cosign=True,
            signed_at=NOW,
        )
    assert waits_for(cast.lena) == [note.pk]
    assert waits_for(cast.sunil) == []


def test_a_note_left_behind_at_a_hand_over_waits_for_the_lead(cast: Cast) -> None:
    with as_owner():
        note = put_forward(cast, NOW - timedelta(days=1))
        cast.course.allocations.update(ends_at=NOW - timedelta(minutes=1))
    assert waits_for(cast.sunil) == []
    assert waits_for(cast.lena) == [note.pk]


def test_the_list_and_the_rule_for_one_note_say_the_same(cast: Cast) -> None:
    with as_owner():
        second = person("Rina Riley", "therapist", is_trainee=True)
        supervises(cast.dana, second)
        course = course_for(client_named("Ivo", "Inch"), second, status="in_treatment")
        notes = [
            put_forward(cast, NOW - timedelta(days=1)),
            note_of(session_of(course, second, NOW - timedelta(days=1)), needs_cosign=True),
            contact_note_of(cast.others_course, cast.olga, needs_cosign=True),
            contact_note_of(cast.course, cast.tara),
        ]
        struck = contact_note_of(cast.course, cast.tara, needs_cosign=True)
        EnteredInError.objects.create(
            note=struck, course=cast.course, kind="mistake", reason="Twice.", by=cast.tara
        )
    for user in (cast.sunil, cast.dana, cast.lena, cast.tara, second):
        act_as(user.pk)
        mine = [note.pk for note in notes if note.needs_cosign and policy.may_cosign(user, note)]
        assert sorted(waits_for(user)) == sorted(mine), user
