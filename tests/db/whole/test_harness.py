"""The harness catches what it is there to catch: faults seeded one by one."""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from django.core.mail import send_mail

from access.refusals import refused
from audit.models import Action, Event
from audit.trail import record
from sessions import actions
from staff.models import Room, User
from tests.cast import Cast
from tests.db.whole.cases_of_sessions import an_appointment_is_booked
from tests.db.whole.harness import Break, Case, interrupted
from tests.roles import as_owner


def broken(act: Callable[..., Any], cast: Cast) -> int:
    """The act is to make two rooms and say so on the trail."""
    case = Case(by=cast.ada, writes={Room: 2, Event: 1}, given={})
    case.act = act
    return interrupted(case, Break.AFTER)


def two_rooms(by: User) -> None:
    for name in ("East", "West"):
        Room.objects.create(name=name)
    record(Action.CREATE, "Added rooms", by=by)


def test_an_act_in_one_transaction_is_whole(cast: Cast) -> None:
    def add_rooms(*, by: User) -> None:
        with refused():
            two_rooms(by)

    # Begin, three rows, the constraints twice, commit.
    assert broken(add_rooms, cast) == 7


def test_an_act_without_a_transaction_is_caught(cast: Cast) -> None:
    def add_rooms(*, by: User) -> None:
        two_rooms(by)

    with pytest.raises(AssertionError, match=r"left behind: .*staff_room"):
        broken(add_rooms, cast)


def test_an_act_in_two_transactions_is_caught(cast: Cast) -> None:
    def add_rooms(*, by: User) -> None:
        with refused():
            Room.objects.create(name="East")
        with refused():
            Room.objects.create(name="West")
            record(Action.CREATE, "Added rooms", by=by)

    with pytest.raises(AssertionError, match=r"left behind: .*staff_room"):
        broken(add_rooms, cast)


def test_an_act_that_swallows_an_error_is_caught(cast: Cast) -> None:
    def add_rooms(*, by: User) -> None:
        with refused():
            with suppress(Exception):
                Room.objects.exists()
            two_rooms(by)

    with pytest.raises(AssertionError, match="went on as if nothing had happened"):
        broken(add_rooms, cast)


def test_an_act_that_mails_before_it_is_committed_is_caught(cast: Cast) -> None:
    def add_rooms(*, by: User) -> None:
        with refused():
            two_rooms(by)
            send_mail("Two rooms", "There are two rooms more.", None, [by.email])

    with pytest.raises(AssertionError, match="a mail went out"):
        broken(add_rooms, cast)


def test_an_act_that_does_less_than_it_says_is_caught(cast: Cast) -> None:
    def add_rooms(*, by: User) -> None:
        with refused():
            Room.objects.create(name="East")
            record(Action.CREATE, "Added rooms", by=by)

    with pytest.raises(AssertionError, match="not what is written down"):
        broken(add_rooms, cast)


@pytest.mark.parametrize("how", [Break.AFTER, Break.LOST])
def test_booking_without_its_transaction_is_caught(
    cast: Cast, how: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real action, its one line of protection taken away."""
    with as_owner():
        case = an_appointment_is_booked(cast)
    case.act = actions.book_session
    monkeypatch.setattr(actions, "refused", nullcontext)
    with pytest.raises(AssertionError, match=r"left behind: .*therapysession"):
        interrupted(case, how)
