"""Two people save one record in the very same moment: the row is locked before it is looked at, so one of them is told."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from access.meanwhile import SAID, Seen, plain
from clients.actions import change_client, what_is_known
from clients.models import Client
from people import actions
from sessions.actions import record_attendance_by_administrator
from sessions.models import TherapySession
from sessions.slots import attendance_of, when_of
from staff.models import Clinic, SupervisionLine, User
from tests.cast import Cast, person, session_of
from tests.db.courses.test_races import at_once
from tests.roles import as_owner


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    with as_owner():
        cast = Cast()
        cast.adam = person("Adam Admin", "administrator")  # type: ignore[attr-defined]
    return cast


def one_is_told(cast: Cast, act: Callable[[User], Any]) -> User:
    """Both administrators save at once; gives who got through."""
    both = (cast.ada, cast.adam)  # type: ignore[attr-defined]
    answers = at_once(*((by, lambda by=by: act(by)) for by in both))
    told = [answer == [SAID] for answer in answers]
    assert sorted(told) == [False, True]
    return both[told.index(False)]


def shown(values: dict[str, Any]) -> Seen:
    return Seen({name: plain(value) for name, value in values.items()})


def test_one_of_two_changes_of_a_client_is_kept_whole(cast: Cast) -> None:
    seen = shown(what_is_known(cast.maya))
    first = one_is_told(
        cast,
        lambda by: change_client(
            client=cast.maya,
            version=1,
            seen=seen,
            changes={"phone": by.email, "gp_name": by.full_name},
            by=by,
        ),
    )
    with as_owner():
        maya = Client.objects.get(pk=cast.maya.pk)
    assert (maya.phone, maya.gp_name, maya.version) == (first.email, first.full_name, 2)


def test_one_of_two_attendances_is_kept(cast: Cast) -> None:
    with as_owner():
        held = session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=3))
    seen = shown(attendance_of(held) | when_of(held))
    said = {cast.ada: "5", cast.adam: "7"}  # type: ignore[attr-defined]
    first = one_is_told(
        cast,
        lambda by: record_attendance_by_administrator(session=held, attendance=said[by], by=by, seen=seen),
    )
    with as_owner():
        assert TherapySession.objects.get(pk=held.pk).attendance == said[first]


def test_one_of_two_weeks_is_kept_whole(cast: Cast) -> None:
    seen = shown(actions.week_of(cast.tara))
    starts = {cast.ada: 8, cast.adam: 10}  # type: ignore[attr-defined]
    first = one_is_told(
        cast,
        lambda by: actions.set_working_hours(
            person=cast.tara,
            hours=[(day, time(starts[by]), time(16)) for day in (0, 1)],
            seen=seen,
            by=by,
        ),
    )
    with as_owner():
        assert {span.starts.hour for span in cast.tara.working_hours.all()} == {starts[first]}


def test_one_of_two_deputies_is_kept(cast: Cast) -> None:
    deputy = {cast.ada: cast.lena, cast.adam: None}  # type: ignore[attr-defined]
    first = one_is_told(
        cast,
        lambda by: actions.change_line(
            line=cast.line, deputy=deputy[by], seen=shown({"deputy": cast.dana}), by=by
        ),
    )
    with as_owner():
        assert SupervisionLine.objects.get(pk=cast.line.pk).deputy == deputy[first]


def test_one_of_two_first_settings_of_a_clinic_is_kept(cast: Cast) -> None:
    with as_owner():
        Clinic.objects.all().delete()
    seen = shown({"name": Clinic().name, "readable_days_after_end": 90})
    first = one_is_told(
        cast,
        lambda by: actions.change_clinic(seen=seen, name=by.full_name, readable_days_after_end=30, by=by),
    )
    with as_owner():
        assert Clinic.objects.get().name == first.full_name
