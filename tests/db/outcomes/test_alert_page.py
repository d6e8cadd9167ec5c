"""The page of one alert: who answers it, how it is closed, and what the second of two people is told."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from outcomes.alert_actions import acknowledge_alert, close_alert
from outcomes.models import Alert, AlertTold, Link, Response
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


# --- Acts, follow-up, by hand -----------------------------------------------------------------------------------------


def test_an_act_with_a_day_to_look_again_leaves_it_open(client: Browser, cast: Cast, alert: Alert) -> None:
    day = timezone.localdate() + timedelta(days=3)
    did(client, cast.tara, alert, "record", "Rang her.", follow_up_on=f"{day:%Y-%m-%d}")
    assert stored(alert).closed_at is None
    html = client.get(address(alert)).content.decode()
    assert f"To be looked at again on {day:%a} {day.day} {day:%b %Y}." in html
    assert "Asked the client directly" in html


def test_a_later_act_answers_the_follow_up(client: Browser, cast: Cast, alert: Alert) -> None:
    did(client, cast.tara, alert, "record", "Rang her.", follow_up_on=f"{timezone.localdate():%Y-%m-%d}")
    did(client, cast.tara, alert, "record", "Saw her.")
    assert "Follow-up" not in client.get(address(alert)).content.decode()


@pytest.mark.parametrize("days", [-1, 184])
def test_a_day_to_look_again_lies_ahead_and_not_far(
    client: Browser, cast: Cast, alert: Alert, days: int
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    answer = did(client, cast.tara, alert, "record", "Rang her.", follow_up_on=f"{day:%Y-%m-%d}")
    html = answer.content.decode()
    assert "Look again today or later, within half a year." in html
    assert "Rang her.</textarea>" in html.replace("\n", "")


def test_what_is_followed_up_is_not_closed(client: Browser, cast: Cast, alert: Alert) -> None:
    today = f"{timezone.localdate():%Y-%m-%d}"
    answer = did(client, cast.tara, alert, "close", "Rang her.", follow_up_on=today)
    assert "An alert that somebody follows up stays open" in answer.content.decode()
    assert stored(alert).closed_at is None


@pytest.mark.parametrize("button", ["record", "close"])
def test_an_act_says_what_kind_it_was(client: Browser, cast: Cast, alert: Alert, button: str) -> None:
    answer = did(client, cast.tara, alert, button, "Rang her.", kind="agenda")
    assert "Say what was done: choose from the list." in answer.content.decode()
    assert stored(alert).closed_at is None


def test_the_page_says_whose_it_is_who_was_told_and_what_was_answered_before(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    with as_owner():
        before = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=9), 2)
        answered(before, "phq9", [1, 1, 1, 1, 1, 1, 1, 1, 0])
        AlertTold.objects.create(
            alert=alert, course=cast.course, person=cast.tara, role="therapist", stage="first", why="It is so"
        )
    client.force_login(cast.sunil)
    html = client.get(address(alert)).content.decode()
    assert "Tara Tree carries the course." in html
    assert "Told Tara Tree" in html
    assert "It is so." in html
    assert '<span class="num">0</span>, Not at all' in html
    assert "Nobody has acknowledged it yet" in html


def test_one_is_raised_by_hand(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    typed = {"key": str(uuid4()), "kind": "child", "words": "A bruise on the boy."}
    page = f"/courses/{cast.course.pk}/alerts/new/"
    answers = [client.post(page, typed), client.post(page, typed)]
    with as_owner():
        raised = Alert.objects.get()
        events = Event.objects.filter(object_ids=[raised.pk], action="create").count()
    assert [answer.url for answer in answers] == [address(raised)] * 2
    assert (raised.kind, raised.words, raised.raised_by_id) == ("child", "A bruise on the boy.", cast.tara.pk)
    assert events == 1
    html = client.get(address(raised)).content.decode()
    assert "Alert: safeguarding of a child" in html
    assert "A bruise on the boy." in html
    assert "Close as typed in error" not in html


def test_what_was_typed_is_still_there_where_something_is_missing(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    key = str(uuid4())
    typed = {"key": key, "words": "A bruise on the boy."}
    html = client.post(f"/courses/{cast.course.pk}/alerts/new/", typed).content.decode()
    assert "Choose what the alert is about." in html
    assert "A bruise on the boy." in html
    assert key in html


def test_the_banner_names_what_was_noted_and_says_nothing_to_an_administrator(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        Alert.objects.create(course=cast.course, kind="plan", words="Tablets.", raised_by=cast.tara)
    client.force_login(cast.tara)
    assert "Open alert: a plan, intent or means" in client.get(f"/courses/{cast.course.pk}/").content.decode()
    client.force_login(cast.ada)
    assert "intent" not in client.get(f"/courses/{cast.course.pk}/").content.decode()


def test_a_clients_own_answer_is_nobodys_slip(client: Browser, cast: Cast) -> None:
    with as_owner():
        link = Link.objects.create(
            course=cast.course,
            measures=["phq9"],
            token_hash=b"0" * 32,
            how="hand",
            created_by=cast.tara,
            expires_at=timezone.now() + timedelta(hours=72),
        )
        response = Response.objects.create(
            course=cast.course,
            measure="phq9",
            instrument_version="1",
            answers=[0, 0, 0, 0, 0, 0, 0, 0, 1],
            total=1,
            came="link",
            link=link,
            taken_at=timezone.now(),
        )
        alert = Alert.objects.create(course=cast.course, response=response, item=9, value=1)
    client.force_login(cast.tara)
    html = client.get(address(alert)).content.decode()
    assert "by the client, by link" in html
    assert "Close as typed in error" not in html
    html = post(client, cast.tara, alert, "in_error", what_was_done="A slip.").content.decode()
    assert "Only an answer that somebody here typed in was typed in error." in html
    assert stored(alert).closed_at is None
