"""The page of one alert: who answers it, how it is closed, and what the second of two people is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from outcomes.alert_actions import acknowledge_alert, close_alert
from outcomes.models import Alert
from tests.cast import Cast, answered, held_session
from tests.roles import as_owner


@pytest.fixture
def alert(cast: Cast) -> Alert:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 3)
        response = answered(session, "phq9", [1, 1, 1, 1, 1, 1, 1, None, 2])
        return Alert.objects.create(course=cast.course, response=response, item=9, value=2)


def address(alert: Alert) -> str:
    return f"/courses/{alert.course_id}/alerts/{alert.pk}/"


def stored(alert: Alert) -> Alert:
    with as_owner():
        return Alert.objects.get(pk=alert.pk)


def post(client: Browser, person: Any, alert: Alert, act: str, **typed: str) -> Any:
    client.force_login(person)
    return client.post(
        address(alert), {"act": act, **{f"{act}-{name}": words for name, words in typed.items()}}
    )


def did(client: Browser, person: Any, alert: Alert, button: str, words: str, **typed: str) -> Any:
    """What a person did, saved with one of the two buttons of that form."""
    client.force_login(person)
    given = {"kind": "asked", "what_was_done": words, **typed}
    return client.post(
        address(alert), {"act": button, **{f"did-{name}": said for name, said in given.items()}}
    )


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("tara", 200),
        ("olga", 404),
        ("sunil", 200),
        ("dana", 404),
        ("ada", 403),
        ("lena", 200),
        ("nadia", 404),
    ],
)
def test_therapist_supervisor_and_lead_answer_an_alert(
    client: Browser, cast: Cast, alert: Alert, who: str, answer: int, method: str
) -> None:
    client.force_login(getattr(cast, who))
    assert getattr(client, method)(address(alert)).status_code == answer


def test_an_alert_is_not_found_under_another_course(client: Browser, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.lena)
    assert client.get(f"/courses/{cast.others_course.pk}/alerts/{alert.pk}/").status_code == 404


def test_the_page_says_what_was_answered_and_whom_to_call_and_names_no_level(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    client.force_login(cast.tara)
    html = client.get(address(alert)).content.decode()
    assert "Thoughts that you would be better off dead or of hurting yourself in some way" in html
    assert "2, More than half the days" in html
    assert "by Tara Tree" in html
    for number in ("999", "111", "116 123", "85258"):
        assert number in html
    for level in ("low risk", "medium risk", "high risk", "moderate risk"):
        assert level not in html.lower()


def test_an_answer_that_was_changed_since_is_said_beside_the_alert(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    with as_owner():
        response = alert.response
        response.answers[8] = 0
        response.save()
    client.force_login(cast.tara)
    assert "0, Not at all. The answer was changed" in client.get(address(alert)).content.decode()


def test_who_acknowledges_leaves_it_open(client: Browser, cast: Cast, alert: Alert) -> None:
    assert post(client, cast.sunil, alert, "acknowledge").status_code == 302
    row = stored(alert)
    assert row.acknowledged_by_id == cast.sunil.pk
    assert row.closed_at is None


def test_it_is_closed_with_what_was_done(client: Browser, cast: Cast, alert: Alert) -> None:
    answer = did(client, cast.tara, alert, "close", "Spoke with May; she rings if it worsens.")
    assert answer.status_code == 302
    row = stored(alert)
    assert (row.closed_by_id, row.what_was_done, row.typed_in_error) == (
        cast.tara.pk,
        "Spoke with May; she rings if it worsens.",
        False,
    )
    html = client.get(address(alert)).content.decode()
    assert "she rings if it worsens" in html
    assert "<textarea" not in html


def test_it_is_not_closed_without_words(client: Browser, cast: Cast, alert: Alert) -> None:
    answer = did(client, cast.tara, alert, "close", "  ")
    assert answer.status_code == 200
    assert "Say what was done." in answer.content.decode()
    assert stored(alert).closed_at is None


def test_it_is_closed_as_typed_in_error_with_a_reason(client: Browser, cast: Cast, alert: Alert) -> None:
    assert "Say how" in post(client, cast.tara, alert, "in_error", what_was_done="").content.decode()
    post(client, cast.tara, alert, "in_error", what_was_done="The form says 0; I slipped a column.")
    row = stored(alert)
    assert row.typed_in_error
    assert row.what_was_done == "The form says 0; I slipped a column."


def test_the_second_to_close_it_is_told_and_keeps_their_words(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    did(client, cast.tara, alert, "close", "Rang her.")
    html = did(client, cast.lena, alert, "close", "Wrote to the GP.").content.decode()
    assert "Tara Tree closed this alert on" in html
    assert "Wrote to the GP." in html
    assert stored(alert).what_was_done == "Rang her."


def test_the_second_to_acknowledge_it_is_told_who_was_first(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    post(client, cast.sunil, alert, "acknowledge")
    html = post(client, cast.tara, alert, "acknowledge").content.decode()
    assert "Sunil Super has acknowledged this alert already." in html
    assert stored(alert).acknowledged_by_id == cast.sunil.pk


def test_an_action_on_a_closed_alert_is_refused(cast: Cast, alert: Alert) -> None:
    act_as(cast.tara.pk)
    close_alert(alert=alert, what_was_done="Rang her.", by=cast.tara)
    with pytest.raises(ValidationError) as refusal:
        acknowledge_alert(alert=alert, by=cast.tara)
    assert refusal.value.code == "closed"


def test_an_action_without_words_is_refused(cast: Cast, alert: Alert) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError):
        close_alert(alert=alert, what_was_done=" ", by=cast.tara)


def test_an_unknown_act_changes_nothing(client: Browser, cast: Cast, alert: Alert) -> None:
    assert post(client, cast.tara, alert, "delete").status_code == 200
    assert stored(alert).closed_at is None


def test_reading_and_closing_are_on_the_trail(client: Browser, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.tara)
    client.get(address(alert))
    did(client, cast.tara, alert, "close", "Rang her.")
    with as_owner():
        events = list(
            Event.objects.filter(object_ids=[alert.pk]).order_by("at").values_list("action", "what")
        )
        clients = set(Event.objects.filter(object_ids=[alert.pk]).values_list("client_id", flat=True))
    assert events == [("read", "Alert"), ("change", "Closed an alert")]
    assert clients == {cast.maya.pk}
