"""Several act on one alert in the same moment: each person is told once, one of two closes it, and nobody waits crosswise."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from audit.acting import acting
from outcomes.alert_actions import close_alert, raise_alert, record_act
from outcomes.models import Alert, AlertAct, AlertTold
from outcomes.telling import tell_due
from sessions.actions import save_draft
from staff.models import OutgoingMail
from tests.cast import Cast, answered, session_of, system_person
from tests.roles import as_owner

ZEROS = [0, 0, 0, 0, 0, 0, 0, 0]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each answered: its result, the refusal's sentences, or the error."""
    answers: list[Any] = [None] * len(acts)
    together = Barrier(len(acts))

    def perform(place: int, act: Callable[[], Any]) -> None:
        try:
            together.wait(timeout=30)
            answers[place] = act()
        except ValidationError as refusal:
            answers[place] = refusal.messages
        except Exception as error:  # what a page would answer with 500
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=perform, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def clinic(transactional_db: None) -> Cast:
    with as_owner():
        system_person()
        return Cast()


@pytest.fixture
def alert(clinic: Cast) -> Alert:
    with as_owner():
        session = session_of(clinic.course, clinic.tara, timezone.now() - timedelta(hours=3))
        response = answered(session, "phq9", [*ZEROS, 3])
        return Alert.objects.create(course=clinic.course, response=response, item=9, value=3)


def test_three_runs_at_once_tell_each_person_once(clinic: Cast, alert: Alert) -> None:
    now = timezone.now() + timedelta(seconds=1)
    mails = at_once(*[lambda: tell_due(at=now)] * 3)
    assert sorted(mails) == [0, 0, 2]
    with as_owner():
        assert AlertTold.objects.count() == OutgoingMail.objects.count() == 2


def test_of_two_who_close_it_one_does_and_the_other_hears_who(clinic: Cast, alert: Alert) -> None:
    def closing(who: str) -> Callable[[], Any]:
        by = getattr(clinic, who)

        def close() -> Any:
            with acting(by.pk):
                return close_alert(alert=alert, kind="asked", what_was_done=f"{who} rang.", by=by)

        return close

    answers = at_once(closing("tara"), closing("lena"))
    (refusal,) = [answer for answer in answers if isinstance(answer, list)]
    assert "closed this alert on" in refusal[0]
    with as_owner():
        assert AlertAct.objects.filter(closes=True).count() == 1


def test_a_form_that_is_sent_twice_at_once_raises_one_alert(clinic: Cast) -> None:
    key = uuid4()

    def send() -> Any:
        with acting(clinic.tara.pk):
            return raise_alert(course=clinic.course, kind="plan", words="Tablets.", by=clinic.tara, key=key)

    answers = at_once(send, send)
    assert all(isinstance(answer, Alert) or "already" in answer[0] for answer in answers), answers
    with as_owner():
        assert Alert.objects.count() == 1
        assert OutgoingMail.objects.count() == 2


def test_typing_telling_and_answering_at_once_wait_in_one_line(clinic: Cast, alert: Alert) -> None:
    """Whoever types holds the course before the alert; so does who tells of it and who answers it."""
    session = alert.response.in_session.session  # type: ignore[union-attr]  # an answer has one

    def types(turn: int) -> Any:
        with acting(clinic.tara.pk):
            return save_draft(
                session=session,
                by=clinic.tara,
                based_on=0,
                words={"work": f"Turn {turn}."},
                form={},
                answers={"phq9": [*ZEROS, 1 + turn % 3]},
                reflection="",
                at=timezone.now(),
            )

    def answers(turn: int) -> Any:
        with acting(clinic.lena.pk):
            return record_act(alert=alert, kind="gp", what_was_done=f"Rang, {turn}.", by=clinic.lena)

    for turn in range(6):
        later = timezone.now() + timedelta(days=turn)
        said = at_once(
            lambda turn=turn: types(turn),  # type: ignore[misc]
            lambda later=later: tell_due(at=later),  # type: ignore[misc]
            lambda turn=turn: answers(turn),  # type: ignore[misc]
        )
        assert not [each for each in said if isinstance(each, Exception) and "deadlock" in str(each)], said
        assert isinstance(said[1], int), said
        assert isinstance(said[2], AlertAct), said
