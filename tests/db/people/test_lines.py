"""What stands around a supervision line: circles, what hangs on one that ends, who stands in on which days."""

from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from people import actions
from people.lines import Hangs, circle_in_words, hangs_on, stand_ins
from sessions.models import Note
from staff.models import SupervisionLine, User
from supervision.models import AgendaItem
from tests.cast import Cast, contact_note_of, decided, person, supervises
from tests.db.supervision.rows import record_of
from tests.roles import as_owner

TODAY = timezone.localdate()


class Chain:
    """Five people who could each supervise and treat."""

    def __init__(self) -> None:
        names = ("Amara Osei", "Ben Adeyemi", "Cleo Marsh", "Dev Patel", "Joy Nolan")
        self.amara, self.ben, self.cleo, self.dev, self.joy = (
            person(name, "therapist", "supervisor") for name in names
        )


@pytest.fixture
def chain(cast: Cast) -> Chain:
    with as_owner():
        made = Chain()
    act_as(cast.ada.pk)
    return made


def draw(cast: Cast, supervisor: User, therapist: User, starts_on: date = TODAY, **fields: Any) -> Any:
    act_as(cast.ada.pk)
    return actions.start_line(
        **{"deputy": None, **fields},
        supervisor=supervisor,
        therapist=therapist,
        starts_on=starts_on,
        by=cast.ada,
    )


def refused(cast: Cast, supervisor: User, therapist: User, **fields: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        draw(cast, supervisor, therapist, **fields)
    assert list(refusal.value.message_dict) == ["supervisor"]
    return str(refusal.value.message_dict["supervisor"][0])


# --- No circles -------------------------------------------------------------------------------------------------------


def test_two_three_and_four_people_make_no_circle_and_the_page_says_through_whom(
    cast: Cast, chain: Chain
) -> None:
    draw(cast, chain.joy, chain.amara)
    assert refused(cast, chain.amara, chain.joy) == (
        "This line would make a circle: Joy Nolan supervises Amara Osei. "
        "So Amara Osei cannot supervise Joy Nolan."
    )
    draw(cast, chain.amara, chain.ben)
    assert refused(cast, chain.ben, chain.joy) == (
        "This line would make a circle: Joy Nolan supervises Amara Osei, who supervises Ben Adeyemi. "
        "So Ben Adeyemi cannot supervise Joy Nolan."
    )
    draw(cast, chain.ben, chain.cleo)
    assert refused(cast, chain.cleo, chain.joy) == (
        "This line would make a circle: Joy Nolan supervises Amara Osei, who supervises Ben Adeyemi, "
        "who supervises Cleo Marsh. So Cleo Marsh cannot supervise Joy Nolan."
    )
    draw(cast, chain.joy, chain.cleo)  # two ways down are no circle
    draw(cast, chain.dev, chain.joy)


def test_lines_that_never_hold_at_one_time_make_no_circle(cast: Cast, chain: Chain) -> None:
    line = draw(cast, chain.joy, chain.amara)
    actions.end_line(line=line, ends_on=TODAY + timedelta(days=10), by=cast.ada)
    refused(cast, chain.amara, chain.joy, starts_on=TODAY + timedelta(days=9))
    draw(cast, chain.amara, chain.joy, starts_on=TODAY + timedelta(days=10))
    # A chain of which the two ends never meet: Ben under Amara only before that day, Joy over Amara only until then.
    third = draw(cast, chain.ben, chain.cleo)
    assert third.pk


def test_a_line_that_has_ended_is_in_no_circle(cast: Cast, chain: Chain) -> None:
    line = draw(cast, chain.joy, chain.amara)
    actions.end_line(line=line, ends_on=TODAY, by=cast.ada)
    draw(cast, chain.amara, chain.joy)


def test_a_deputy_may_be_somebody_whom_the_supervisor_supervises(cast: Cast, chain: Chain) -> None:
    draw(cast, chain.joy, chain.amara)
    assert draw(cast, chain.joy, chain.ben, deputy=chain.amara).deputy == chain.amara


def insert(supervisor: User, therapist: User, starts: str = "now()", ends: str = "null") -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into staff_supervisionline (id, supervisor_id, therapist_id, starts_at, ends_at)"
            f" values (gen_random_uuid(), %s, %s, {starts}, {ends})",
            [supervisor.pk, therapist.pk],
        )


def test_the_database_has_the_last_word_about_circles(cast: Cast, chain: Chain) -> None:
    act_as(cast.ada.pk)
    insert(chain.joy, chain.amara)
    insert(chain.amara, chain.ben)
    for supervisor, therapist in ((chain.amara, chain.joy), (chain.ben, chain.joy)):
        with pytest.raises(DatabaseError, match="lines make no circle"):
            insert(supervisor, therapist)
    insert(chain.ben, chain.joy, "now() - interval '9 days'", "now() - interval '1 day'")
    line = SupervisionLine.objects.get(supervisor=chain.ben)
    with pytest.raises(DatabaseError, match="lines make no circle"), transaction.atomic():
        SupervisionLine.objects.filter(pk=line.pk).update(ends_at=None)


def test_a_circle_of_an_earlier_release_can_be_ended(cast: Cast, chain: Chain) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # nothing pends on the table while it is altered
        cursor.execute("alter table staff_supervisionline disable trigger lines_make_no_circle")
        first, second = supervises(chain.joy, chain.amara), supervises(chain.amara, chain.joy)
        cursor.execute("alter table staff_supervisionline enable trigger lines_make_no_circle")
    act_as(cast.ada.pk)
    actions.end_line(line=second, ends_on=TODAY, by=cast.ada)
    with pytest.raises(ValidationError, match="would make a circle"):
        draw(cast, chain.amara, chain.joy)
    assert first.pk


def test_a_chain_in_words(chain: Chain) -> None:
    assert circle_in_words([chain.joy, chain.amara]) == "Joy Nolan supervises Amara Osei"


def test_the_form_says_it_beside_the_supervisor(cast: Cast, chain: Chain, client: Browser) -> None:
    draw(cast, chain.joy, chain.amara)
    client.force_login(cast.ada)
    answer = client.post(
        reverse("staff:line_add"),
        {"supervisor": chain.amara.pk, "therapist": chain.joy.pk, "starts_on": TODAY.isoformat()},
    )
    page = unescape(answer.content.decode())
    assert answer.context["form"].errors["supervisor"]
    assert "Joy Nolan supervises Amara Osei." in page


# --- What hangs on a line ---------------------------------------------------------------------------------------------


@pytest.fixture
def loaded(cast: Cast) -> Note:
    """On Sunil's line with Tara: a record that he has begun, a course on the agenda, a note to co-sign."""
    with as_owner():
        AgendaItem.objects.create(course=cast.course, added_by=cast.tara)
        AgendaItem.objects.create(course=cast.others_course, added_by=cast.olga)
        contact_note_of(cast.course, cast.tara, needs_cosign=True)
        done = contact_note_of(cast.course, cast.tara, needs_cosign=True)
        decided(done, cast.sunil)
        record_of(cast.course, cast.sunil, cast.tara, signed_at=timezone.now() - timedelta(days=9))
        return record_of(cast.course, cast.sunil, cast.tara)


def test_what_hangs_on_a_line_is_counted_for_who_ends_it_and_for_nobody_else(
    cast: Cast, loaded: Note
) -> None:
    for who in (cast.ada, cast.lena):
        act_as(who.pk)
        assert hangs_on(cast.line) == Hangs(records=1, items=1, to_cosign=1)
    for who in (cast.sunil, cast.tara, cast.olga, cast.nadia):
        act_as(who.pk)
        assert hangs_on(cast.line) == Hangs(0, 0, 0)


def test_with_an_unsigned_record_a_line_ends_only_with_a_tick(
    cast: Cast, loaded: Note, client: Browser
) -> None:
    client.force_login(cast.ada)
    page = unescape(client.get(reverse("staff:line", args=[cast.line.pk])).content.decode())
    for words in (
        "1 supervision record not signed.",
        "1 course of Tara Tree on the agenda",
        "1 note of Tara Tree waits",
    ):
        assert words in page
    assert "although_unsigned" in page
    assert "Maya" not in page
    address = reverse("staff:line_end", args=[cast.line.pk])
    answer = client.post(address, {"ends_on": TODAY.isoformat()})
    assert "Let it be signed first, or tick" in unescape(answer.content.decode())
    cast.line.refresh_from_db()
    assert cast.line.ends_at is None
    assert client.post(address, {"ends_on": TODAY.isoformat(), "although_unsigned": "on"}).status_code == 302
    cast.line.refresh_from_db()
    assert cast.line.ends_at is not None


def test_a_line_on_which_nothing_hangs_says_so_and_asks_for_no_tick(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    page = client.get(reverse("staff:line", args=[cast.line.pk])).content.decode()
    assert "Nothing hangs on it" in page
    assert "although_unsigned" not in page


# --- Who stands in when -----------------------------------------------------------------------------------------------


def leave(cast: Cast, first: int, last: int) -> None:
    with as_owner():
        cast.sunil.leave.create(
            starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last), cover=cast.dana
        )


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (-7, -1, []),
        (-7, 0, [(-7, 0, True)]),
        (0, 0, [(0, 0, True)]),
        (1, 7, [(1, 7, False)]),
    ],
)
def test_a_deputy_has_the_line_from_the_first_day_of_leave_to_the_last(
    cast: Cast, first: int, last: int, found: list[tuple[int, int, bool]]
) -> None:
    leave(cast, first, last)
    rows = stand_ins([cast.line], on=TODAY).get(cast.line.pk, [])
    assert [((row.starts_on - TODAY).days, (row.ends_on - TODAY).days, row.is_now) for row in rows] == found
    # And on today's side of it the deputy reads, or does not.
    act_as(cast.dana.pk)
    assert cast.course.__class__.objects.visible_to(cast.dana).exists() is any(row[2] for row in found)


def test_a_line_that_ends_within_the_leave_is_stood_in_for_until_then(cast: Cast) -> None:
    leave(cast, 2, 9)
    end = timezone.make_aware(datetime.combine(TODAY + timedelta(days=4), time(12)))
    with as_owner():
        SupervisionLine.objects.filter(pk=cast.line.pk).update(ends_at=end)
    cast.line.refresh_from_db()
    (row,) = stand_ins([cast.line], on=TODAY)[cast.line.pk]
    assert (row.starts_on - TODAY, row.ends_on - TODAY) == (timedelta(days=2), timedelta(days=4))


def test_the_pages_of_leave_and_lines_say_who_stands_in_when(cast: Cast, client: Browser) -> None:
    leave(cast, 0, 7)
    client.force_login(cast.ada)
    pages = (
        reverse("staff:lines"),
        reverse("staff:line", args=[cast.line.pk]),
        reverse("staff:leave", args=[cast.sunil.pk]),
    )
    for address in pages:
        assert "<b>Dana Deputy</b> stands in for Sunil Super" in client.get(address).content.decode()
    with as_owner():
        SupervisionLine.objects.filter(pk=cast.line.pk).update(deputy=None)
    for address in pages:
        page = client.get(address).content.decode()
        assert "no deputy" in page
        assert "Nobody stands in for Sunil Super" in page
