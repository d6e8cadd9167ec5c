"""Two people act in the same moment on a record that is being merged: one of them succeeds, the other is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients import merging
from clients.merge_actions import merge_clients
from clients.models import Client, Merge
from courses.actions import open_course
from courses.models import Course
from staff.models import User
from tests.cast import Cast, client_named, person
from tests.db.courses.test_races import at_once
from tests.roles import as_owner


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    with as_owner():
        cast = Cast()
        cast.adam = person("Adam Admin", "administrator")  # type: ignore[attr-defined]
        cast.mia = client_named("Mia", "Fielding")  # type: ignore[attr-defined]
    return cast


def merged(kept: Client, other: Client, by: User) -> Any:
    """What the page does that was opened before anything else happened."""
    with as_owner():
        seen = merging.seen_of(kept, other, user=by)
    given = {"chosen": {}, "seen": seen, "reason": "The GP confirms it.", "by": by}
    return lambda: merge_clients(kept=kept, merged=other, **given)


def opened(client: Client, by: User) -> Any:
    return open_course(
        client=client,
        programme="ipt16",
        referred_on=timezone.localdate() - timedelta(days=1),
        referral_source="A1",
        by=by,
    )


@pytest.mark.parametrize("turn", range(3))
def test_a_course_that_is_opened_while_its_client_is_merged_is_on_the_kept_record_or_refused(
    cast: Any, turn: int
) -> None:
    with as_owner():
        kept = client_named("Maya", "Fielding")
    merging_it, opening = at_once(
        (cast.ada, merged(kept, cast.mia, cast.ada)), (cast.adam, lambda: opened(cast.mia, cast.adam))
    )
    with as_owner():
        hanging = list(Course.objects.filter(client=cast.mia))
        is_merged = Client.objects.get(pk=cast.mia.pk).merged_into_id is not None
    assert not (is_merged and hanging), "a course hangs on a record that was merged"
    told = [answer for answer in (merging_it, opening) if isinstance(answer, list)]
    assert len(told) == 1, (merging_it, opening)
    assert "while you were looking" in told[0][0] or "merged with another meanwhile" in told[0][0]


def test_of_two_who_merge_the_same_two_either_way_one_is_told(cast: Any) -> None:
    with as_owner():
        one, other = client_named("Noor", "Jabari"), client_named("Nour", "Jabari")
    answers = at_once((cast.ada, merged(one, other, cast.ada)), (cast.adam, merged(other, one, cast.adam)))
    told = [answer for answer in answers if isinstance(answer, list)]
    assert len(told) == 1
    assert "has been merged with another already" in told[0][0]
    with as_owner():
        assert Merge.objects.count() == 1
