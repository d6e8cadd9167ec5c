"""What was entered of a questionnaire in one place is not lost by typing in another."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.acting import act_as
from outcomes.models import Response
from sessions.actions import save_draft, sign_session
from sessions.drafts import StaleDraft
from sessions.measure_actions import (
    enter_measure_at_session,
    enter_total_at_session,
    strike_response,
)
from sessions.models import TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.written import typed
from tests.roles import as_owner

NOTHING = {"phq9": [None] * 9, "gad7": [None] * 7}


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        people.system_person()
        made = people.session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=30))
    act_as(cast.tara.pk)
    return made


def standing() -> list[tuple[int | None, bool, list[int | None]]]:
    rows = Response.objects.standing().filter(measure="phq9").order_by("entered_at")
    return [(row.total, row.is_total_only, row.answers) for row in rows]


def saved(session: TherapySession, cast: Cast, based_on: int = 0, **changes: Any) -> Any:
    values = typed(based_on=based_on, answers=changes.pop("answers", NOTHING))
    values["form"] |= changes
    return save_draft(session=session, by=cast.tara, **values)


def test_a_total_from_paper_stays_when_somebody_says_beside_it_how_difficult_it_was(
    session: TherapySession, cast: Cast
) -> None:
    enter_total_at_session(session=session, key=uuid4(), measure="phq9", total=14, by=cast.tara)
    saved(session, cast, phq9_difficulty="2")
    assert standing() == [(14, True, [None] * 9)]


def test_a_total_from_paper_stays_when_answers_are_typed_beside_it_and_taken_back(
    session: TherapySession, cast: Cast
) -> None:
    enter_total_at_session(session=session, key=uuid4(), measure="phq9", total=14, by=cast.tara)
    saved(session, cast, answers={**NOTHING, "phq9": [1] + [None] * 8})
    saved(session, cast, 1)
    assert (14, True, [None] * 9) in standing()


def test_answers_entered_on_their_own_page_are_not_emptied_by_a_log_page_that_was_open_before(
    session: TherapySession, cast: Cast
) -> None:
    saved(session, cast)
    enter_measure_at_session(session=session, key=uuid4(), measure="phq9", answers=[2] * 9, by=cast.tara)
    with pytest.raises(StaleDraft):
        saved(session, cast, 1)
    assert standing() == [(18, False, [2] * 9)]


def test_nor_by_the_first_save_of_such_a_page(session: TherapySession, cast: Cast) -> None:
    enter_measure_at_session(session=session, key=uuid4(), measure="phq9", answers=[2] * 9, by=cast.tara)
    saved(session, cast)
    assert standing() == [(18, False, [2] * 9)]


def test_nor_by_signing_it_at_once(session: TherapySession, cast: Cast) -> None:
    enter_measure_at_session(session=session, key=uuid4(), measure="phq9", answers=[2] * 9, by=cast.tara)
    sign_session(session=session, by=cast.tara, **typed(answers=NOTHING))
    assert standing() == [(18, False, [2] * 9)]


def test_what_was_struck_does_not_come_back_with_a_log_page_that_still_shows_it(
    session: TherapySession, cast: Cast
) -> None:
    saved(session, cast, answers={**NOTHING, "phq9": [3] * 9})
    strike_response(response=Response.objects.get(), reason="Another's form.", by=cast.tara)
    with pytest.raises(StaleDraft):
        saved(session, cast, 1, answers={**NOTHING, "phq9": [3] * 9})
    assert standing() == []


def test_answers_that_are_typed_and_taken_back_are_none(session: TherapySession, cast: Cast) -> None:
    saved(session, cast, answers={**NOTHING, "phq9": [3] * 9})
    saved(session, cast, 1)
    assert standing() == [(None, False, [None] * 9)]
