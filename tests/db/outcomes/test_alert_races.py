"""Two who act on one alert at one moment, as threads with connections of their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from outcomes import telling
from outcomes.alert_actions import acknowledge_alert, close_alert, record_act
from outcomes.models import Alert, AlertAct, AlertTold
from staff.models import OutgoingMail
from tests import cast as people
from tests.cast import Cast
from tests.db.courses.test_races import at_once
from tests.roles import as_owner


@pytest.fixture
def alert(transactional_db: None) -> tuple[Cast, Alert]:
    with as_owner():
        cast = Cast()
        people.system_person()
        session = people.session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=30))
        response = people.answered(session, "phq9", [0] * 8 + [3])
        return cast, Alert.objects.create(course=cast.course, response=response, item=9, value=3)


def quiet(act: Any, **what: Any) -> Any:
    try:
        return act(**what)
    except ValidationError as refusal:
        return refusal.messages[0]


def test_of_two_who_close_it_at_once_one_is_told(alert: tuple[Cast, Alert]) -> None:
    cast, row = alert
    said = at_once(
        (cast.tara, lambda: quiet(close_alert, alert=row, what_was_done="Asked her.", by=cast.tara)),
        (cast.sunil, lambda: quiet(close_alert, alert=row, what_was_done="Rang her.", by=cast.sunil)),
    )
    assert sorted(isinstance(one, str) for one in said) == [False, True], said
    with as_owner():
        assert AlertAct.objects.filter(closes=True).count() == 1


def test_acknowledging_and_closing_at_once_leave_it_closed_with_both_or_one_refused(
    alert: tuple[Cast, Alert],
) -> None:
    cast, row = alert
    at_once(
        (cast.tara, lambda: quiet(acknowledge_alert, alert=row, by=cast.tara)),
        (cast.sunil, lambda: quiet(close_alert, alert=row, what_was_done="Rang her.", by=cast.sunil)),
        (
            cast.lena,
            lambda: quiet(record_act, alert=row, kind="gp", what_was_done="Told the GP.", by=cast.lena),
        ),
    )
    with as_owner():
        now = Alert.objects.get()
        assert now.closed_by == cast.sunil
        assert AlertAct.objects.filter(at__gt=now.closed_at).count() == 0


def test_two_runs_that_tell_at_once_tell_each_person_once(alert: tuple[Cast, Alert]) -> None:
    at = timezone.now() + timedelta(seconds=1)
    at_once(*((alert[0].nadia, lambda: telling.tell_due(at=at)) for _ in range(3)))
    with as_owner():
        told = AlertTold.objects.values_list("person__full_name", "stage")
        assert sorted(told) == [("Sunil Super", "supervisor"), ("Tara Tree", "first")]
        assert OutgoingMail.objects.count() == 2
