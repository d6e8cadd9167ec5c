"""What an alert promises, tried from odd sides: it is raised once, reaches those who may see it, and no failure beside it keeps
it from the next one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from access import policy
from audit.acting import act_as
from courses.models import Course
from outcomes import telling
from outcomes.alert_actions import close_alert
from outcomes.models import Alert, AlertTold, Response
from sessions.actions import save_draft, sign_session
from sessions.models import SessionLink, SessionResponse
from staff.models import User
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.written import strike, typed
from tests.roles import as_owner

ZEROS = [0] * 8


@pytest.fixture
def clinic(cast: Cast) -> Cast:
    with as_owner():
        people.system_person()
    return cast


def away(who: User, cover: User) -> None:
    today = timezone.localdate()
    with as_owner():
        who.leave.create(starts_on=today, ends_on=today + timedelta(days=3), cover=cover)


def held(cast: Cast, days: int = 1) -> Any:
    with as_owner():
        return people.session_of(cast.course, cast.tara, timezone.now() - timedelta(days=days, hours=1))


def page(item_9: int | None, based_on: int = 0, **changes: Any) -> dict[str, Any]:
    answers: dict[str, Any] = {"phq9": [*ZEROS, item_9], "gad7": [None] * 7}
    return typed(based_on=based_on, answers=answers, **changes)


def drafted(cast: Cast, session: Any, item_9: int | None, based_on: int = 0, **changes: Any) -> Any:
    act_as(cast.tara.pk)
    return save_draft(session=session, by=cast.tara, **page(item_9, based_on, **changes))


def alerts() -> list[tuple[int | None, bool]]:
    with as_owner():
        rows = Alert.objects.order_by("raised_at").values_list("value", "closed_at")
        return [(value, closed is not None) for value, closed in rows]


# --- Once -------------------------------------------------------------------------------------------------------------


def test_an_alert_that_was_closed_is_not_raised_again_by_a_slip_mended_beside_it(clinic: Cast) -> None:
    session = held(clinic)
    drafted(clinic, session, 2)
    close_alert(alert=Alert.objects.get(), what_was_done="Asked her.", by=clinic.tara)
    answers = {"phq9": [1, 0, 0, 0, 0, 0, 0, 0, 2], "gad7": [None] * 7}
    act_as(clinic.tara.pk)
    save_draft(session=session, by=clinic.tara, **typed(based_on=1, answers=answers))
    assert alerts() == [(2, True)]


def test_an_answer_that_gets_worse_after_its_alert_was_closed_is_a_new_alert(clinic: Cast) -> None:
    session = held(clinic)
    drafted(clinic, session, 1)
    close_alert(alert=Alert.objects.get(), what_was_done="Asked her.", by=clinic.tara)
    drafted(clinic, session, 3, 1)
    assert alerts() == [(1, True), (3, False)]


def test_what_was_called_a_slip_and_is_signed_all_the_same_is_told(clinic: Cast) -> None:
    session = held(clinic)
    drafted(clinic, session, 3)
    alert = Alert.objects.get()
    close_alert(alert=alert, what_was_done="A slip.", by=clinic.tara, typed_in_error=True)
    act_as(clinic.tara.pk)
    sign_session(session=session, by=clinic.tara, **page(3, 1))
    assert alerts() == [(3, True), (3, False)]
    with as_owner():
        assert AlertTold.objects.filter(alert__closed_at=None, person=clinic.sunil).exists()


def test_a_slip_that_was_mended_raises_nothing_at_signing(clinic: Cast) -> None:
    session = held(clinic)
    drafted(clinic, session, 3)
    close_alert(alert=Alert.objects.get(), what_was_done="A slip.", by=clinic.tara, typed_in_error=True)
    act_as(clinic.tara.pk)
    sign_session(session=session, by=clinic.tara, **page(0, 1))
    assert alerts() == [(3, True)]


def test_taken_back_and_given_again_is_one_alert(clinic: Cast) -> None:
    session = held(clinic)
    for version, value in enumerate([3, 2, None, 3]):
        drafted(clinic, session, value, version)
    assert alerts() == [(3, False)]


# --- For those who may see it -----------------------------------------------------------------------------------------


def test_an_administrator_who_covers_sees_no_alert_by_any_way(clinic: Cast) -> None:
    drafted(clinic, held(clinic), 2)
    away(clinic.tara, clinic.ada)
    with as_owner():
        ada = User.objects.get(pk=clinic.ada.pk)
    act_as(ada.pk)
    assert list(Alert.objects.visible_to(ada)) == []
    assert list(Alert.objects.all()) == []
    assert not policy.may_answer_alert(ada, clinic.course)
    assert not policy.may_read_safety_plan(ada, clinic.course)
    with connection.cursor() as cursor:
        cursor.execute("SELECT courses_i_cover()")
        assert cursor.fetchone() == ([],)


def test_who_covers_and_has_no_role_sees_no_client(clinic: Cast) -> None:
    drafted(clinic, held(clinic), 2)
    away(clinic.tara, clinic.nadia)
    with as_owner():
        nadia = User.objects.get(pk=clinic.nadia.pk)
    act_as(nadia.pk)
    assert list(Course.objects.visible_to(nadia)) == []
    assert list(Course.objects.all()) == []


def test_what_a_client_answered_by_link_stays_in_sight_when_a_note_beside_it_is_struck_for_the_wrong_client(
    clinic: Cast,
) -> None:
    session = held(clinic)
    with as_owner():
        now = timezone.now()
        link, _ = people.link_for(
            clinic.course, clinic.tara, finished_at=now, ended_at=now, end_reason="finished"
        )
        SessionLink.objects.create(session=session, course=clinic.course, link=link)
        response = Response.objects.create(
            course=clinic.course, measure="phq9", instrument_version="1", answers=[*ZEROS, 2], total=2,
            taken_at=now - timedelta(hours=1), came="link", link=link,
        )  # fmt: skip
        Alert.objects.create(course=clinic.course, response=response, item=9, value=2)
    act_as(clinic.tara.pk)
    note = sign_session(session=session, by=clinic.tara, **typed(answers={}))
    assert SessionResponse.objects.filter(response=response).exists()
    strike(note, clinic.tara, "wrong_client", "Another's words.")
    for reader in (clinic.tara, clinic.sunil, clinic.lena):
        act_as(reader.pk)
        assert Alert.objects.visible_to(reader).open().count() == 1, reader
        assert Response.objects.visible_to(reader).standing().count() == 1, reader


# --- Nothing keeps it -------------------------------------------------------------------------------------------------


def test_one_alert_that_cannot_be_told_keeps_no_other(clinic: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted(clinic, held(clinic, 9), 3)
    drafted(clinic, held(clinic, 2), 2)
    act_as(None)
    with as_owner():
        first, second = Alert.objects.order_by("raised_at").values_list("pk", flat=True)
    tell = telling._tell

    def broken(key: Any, **asked: Any) -> int:
        if key == first:
            raise RuntimeError("no words")
        return tell(key, **asked)

    monkeypatch.setattr(telling, "_tell", broken)
    with pytest.raises(RuntimeError):
        telling.tell_due(at=timezone.now() + timedelta(hours=1))
    with as_owner():
        assert AlertTold.objects.filter(alert=second).exists()
