"""Two people act on one course in the same moment: one of them succeeds, the other is told."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from audit.acting import acting
from courses.actions import allocate_course, end_course, move_course, open_course
from courses.models import Course
from staff.models import User
from tests.cast import Cast, client_named, course_for
from tests.roles import as_owner


def at_once(*acts: tuple[User, Callable[[], Any]]) -> list[Any]:
    """What each act answered: its result, or the refusal's sentences."""
    answers: list[Any] = [None] * len(acts)
    together = Barrier(len(acts))

    def perform(place: int, by: User, act: Callable[[], Any]) -> None:
        try:
            with acting(by.pk):
                together.wait(timeout=30)
                answers[place] = act()
        except ValidationError as refusal:
            answers[place] = refusal.messages
        finally:
            connection.close()

    threads = [Thread(target=perform, args=(place, *each)) for place, each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    with as_owner():
        return Cast()


def test_of_two_allocations_one_wins_and_the_other_hears_of_it(committed: Cast) -> None:
    cast = committed
    with as_owner():
        course = course_for(client_named("Noor", "Jabari"))
    answers = at_once(
        (cast.ada, lambda: allocate_course(course=course, therapist=cast.tara, by=cast.ada, version=1)),
        (cast.lena, lambda: allocate_course(course=course, therapist=cast.olga, by=cast.lena, version=1)),
    )
    refusals = [answer for answer in answers if isinstance(answer, list)]
    assert len(refusals) == 1
    assert "Somebody changed this" in refusals[0][0]


def test_of_two_courses_opened_at_once_a_client_has_one(committed: Cast) -> None:
    cast = committed
    with as_owner():
        noor = client_named("Noor", "Jabari")
    plan = {
        "client": noor,
        "programme": "ipt16",
        "referred_on": timezone.localdate(),
        "referral_source": "A1",
    }
    answers = at_once(
        (cast.ada, lambda: open_course(by=cast.ada, **plan)),
        (cast.lena, lambda: open_course(by=cast.lena, **plan)),
    )
    assert ["This client already has an open course. End it before opening another."] in answers
    with as_owner():
        assert Course.objects.filter(client=noor).count() == 1


def test_an_end_and_a_pause_do_not_both_happen(committed: Cast) -> None:
    cast = committed
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    today = timezone.localdate()
    answers = at_once(
        (
            cast.tara,
            lambda: end_course(course=cast.course, reason_code="46", on=today, by=cast.tara, version=1),
        ),
        (
            cast.lena,
            lambda: move_course(course=cast.course, to="paused", by=cast.lena, reason="Away.", version=1),
        ),
    )
    assert sum(isinstance(answer, list) for answer in answers) == 1
    with as_owner():
        assert cast.course.moves.exclude(before="").count() == 1
