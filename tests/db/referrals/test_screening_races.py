"""Two people act on one referral in the same moment: one of them succeeds, the other is told."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from courses.actions import move_course
from courses.models import Allocation, CourseMove
from referrals.models import Screening
from referrals.screening import give_to_screener, record_screening, take_back_from_screener
from tests.cast import Cast, client_named, person, referral_for
from tests.db.courses.test_races import at_once
from tests.roles import as_owner


@pytest.fixture
def world(transactional_db: None) -> Any:
    with as_owner():
        world: Any = Cast()
        world.sara = person("Sara Screener", "therapist", is_screener=True)
        world.seth = person("Seth Second", "therapist", is_screener=True)
        world.free = referral_for(client_named("Omar", "Khan"), by=world.ada)
        world.held = referral_for(client_named("Noor", "Jabari"), world.sara, by=world.ada)
    return world


def decide(world: Any, by: Any, **given: Any) -> Any:
    said = {"suitability": "suitable", "risk": "Asked; nothing.", "done": "Talked.", **given}
    return partial(record_screening, key=uuid4(), course=world.held, by=by, **said)


def refusals(answers: list[Any]) -> list[list[str]]:
    return [answer for answer in answers if isinstance(answer, list)]


def test_a_referral_that_two_give_at_once_has_one_screener(world: Any) -> None:
    give = partial(give_to_screener, course=world.free, version=1)
    answers = at_once(
        (world.ada, partial(give, screener=world.sara, by=world.ada)),
        (world.lena, partial(give, screener=world.seth, by=world.lena)),
    )
    assert len(refusals(answers)) == 1
    assert "Somebody changed this" in refusals(answers)[0][0]
    with as_owner():
        assert Allocation.objects.filter(course=world.free, ends_at=None).count() == 1


def test_a_referral_that_is_taken_back_while_it_is_decided_is_one_of_both(world: Any) -> None:
    answers = at_once(
        (world.sara, decide(world, world.sara)),
        (world.ada, partial(take_back_from_screener, course=world.held, by=world.ada, version=1)),
    )
    assert len(refusals(answers)) == 1
    with as_owner():
        world.held.refresh_from_db()
        decided = Screening.objects.filter(course=world.held).count()
        assert (world.held.status, decided) in (("waiting", 1), ("referred", 0))
        assert not Allocation.objects.filter(course=world.held, ends_at=None).exists()


def test_two_clinicians_decide_once(world: Any) -> None:
    answers = at_once(
        (world.sara, decide(world, world.sara)),
        (
            world.lena,
            decide(world, world.lena, suitability="not_suitable", end_reason="11", reasons="Psychosis."),
        ),
    )
    assert len(refusals(answers)) <= 1
    with as_owner():
        world.held.refresh_from_db()
        moves = list(
            CourseMove.objects.filter(course=world.held).exclude(before="").values_list("after", flat=True)
        )
        decided = list(
            Screening.objects.filter(course=world.held).order_by("at").values_list("suitability", flat=True)
        )
    if moves == ["not_taken_on"]:
        assert (world.held.status, decided) == ("not_taken_on", ["not_suitable"])
    elif moves == ["waiting"]:
        assert (world.held.status, decided) == ("waiting", ["suitable"])
    else:
        pytest.fail(f"{moves}, {decided}")


def test_the_office_that_closes_a_referral_while_it_is_decided_hears_of_it(world: Any) -> None:
    answers = at_once(
        (world.sara, decide(world, world.sara, suitability="more_information", reasons="Ask the GP.")),
        (
            world.ada,
            partial(
                move_course,
                course=world.held,
                to="not_taken_on",
                end_reason="14",
                reason="Rang to say no.",
                version=1,
                by=world.ada,
            ),
        ),
    )
    assert len(refusals(answers)) == 1
