"""The pages of questionnaires and goals: what they cost, that no odd word breaks them, and who finds them."""

from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.utils import timezone

from courses.models import Goal
from outcomes.models import GoalRating, Response
from tests.cast import Cast, answered, held_session
from tests.db.test_odd_words import IN_A_FIELD, IN_AN_ADDRESS, fields_of
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner


def respond(cast: Cast, count: int, *, start: int) -> None:
    for index in range(start, start + count):
        session = held_session(
            cast.course, cast.tara, timezone.now() - timedelta(days=200, hours=-2 * index), index + 1
        )
        answered(session, "phq9", [1] * 9)


def goals_with_ratings(cast: Cast, days: int) -> None:
    for place in (1, 2, 3):
        goal = Goal.objects.create(
            course=cast.course,
            text=f"Goal {place}",
            position=place,
            agreed_on=timezone.localdate(),
            agreed_by=cast.tara,
        )
        for day in range(days):
            GoalRating.objects.create(
                goal=goal,
                course=cast.course,
                value=day % 11,
                rated_on=timezone.localdate() - timedelta(days=day),
                entered_by=cast.tara,
            )


def test_the_list_costs_the_same_for_two_or_thirty(client: Browser, cast: Cast) -> None:
    counts = []
    client.force_login(cast.tara)
    for start, more in ((0, 2), (2, 28)):
        with as_owner():
            respond(cast, more, start=start)
        own, frame = queries_of(client, f"/courses/{cast.course.pk}/measures/")
        counts.append((len(own), len(frame)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 9


def test_goals_cost_the_same_for_one_rating_or_sixty(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    counts = []
    for days in (1, 20):
        with as_owner():
            Goal.objects.update(ended_at=timezone.now())
            goals_with_ratings(cast, days)
        own, frame = queries_of(client, f"/courses/{cast.course.pk}/goals/")
        counts.append((len(own), len(frame)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 9


def test_the_list_goes_on_after_forty_the_newest_first(client: Browser, cast: Cast) -> None:
    with as_owner():
        respond(cast, 41, start=0)
        newest = Response.objects.order_by("-taken_at").first()
        oldest = Response.objects.order_by("taken_at").first()
    assert newest is not None
    assert oldest is not None
    client.force_login(cast.tara)
    first = client.get(f"/courses/{cast.course.pk}/measures/").content.decode()
    second = client.get(f"/courses/{cast.course.pk}/measures/?page=2").content.decode()
    assert "41 in all" in first
    assert (f"{newest.pk}" in first, f"{oldest.pk}" in first) == (True, False)
    assert (f"{newest.pk}" in second, f"{oldest.pk}" in second) == (False, True)


def asked(client: Browser, method: str, address: str, *args: Any) -> Any:
    with transaction.atomic():
        answer = getattr(client, method)(address, *args)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("code", ["phq9", "gad7", "core10", "wsas", "ucla3", "phq9&total=1", "wsas&total=1"])
def test_no_word_in_a_field_breaks_the_page_of_a_measure(client: Browser, cast: Cast, code: str) -> None:
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/measures/new/?measure={code}"
    right = fields_of(client.get(address).content.decode())
    assert "key" in right
    words = cycle(IN_A_FIELD)
    for typed in [
        *(dict.fromkeys(right, odd) for odd in IN_A_FIELD),
        *({**right, field: next(words)} for field in right for _ in range(3)),
    ]:
        assert asked(client, "post", address, typed).status_code < 500, typed


def test_no_word_in_the_address_breaks_a_page(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    for odd in IN_AN_ADDRESS:
        for query in (f"measure={odd}", f"measure=phq9&session={odd}&day={odd}&total={odd}", f"page={odd}"):
            for page in ("measures/", "measures/new/", "goals/"):
                address = f"/courses/{cast.course.pk}/{page}?{query}"
                assert asked(client, "get", address).status_code < 500, address


def test_an_entry_by_somebody_elses_key_is_refused_in_words(client: Browser, cast: Cast) -> None:
    """The key of a response of another course: nothing of it is shown, and nothing is overwritten."""
    with as_owner():
        session = held_session(cast.others_course, cast.olga, timezone.now() - timedelta(days=2), 1)
        theirs = answered(session, "gad7", [3] * 7)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/measures/new/?measure=gad7"
    right = fields_of(client.get(address).content.decode())
    answer = client.post(address, {**right, "key": str(theirs.pk), "item_1": "0"})
    assert answer.status_code == 200
    assert "Open this page again" in answer.content.decode()
    with as_owner():
        assert Response.objects.get().answers == [3] * 7
