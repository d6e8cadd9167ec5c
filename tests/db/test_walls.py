"""Wall two: PostgreSQL shows a person only what policies allow, whatever a query forgets."""

import pytest
from django.db import transaction

from audit.acting import act_as
from clients.models import Client
from courses.models import Course
from tests.cast import Cast


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("tara", {"maya"}),
        ("olga", {"owen"}),
        ("sunil", {"maya"}),
        ("dana", set()),
        ("ada", {"maya", "owen"}),
        ("lena", {"maya", "owen"}),
        ("nadia", set()),
    ],
)
def test_without_any_filter_a_person_sees_only_the_clients_they_may_see(
    cast: Cast, who: str, sees: set[str]
) -> None:
    act_as(getattr(cast, who).pk)
    assert set(Client.objects.values_list("pk", flat=True)) == {getattr(cast, name).pk for name in sees}


def test_nobody_signed_in_sees_nothing(cast: Cast) -> None:
    act_as(None)
    assert not Client.objects.exists()
    assert not Course.objects.exists()


@pytest.mark.parametrize("who", ["tara", "olga", "sunil", "dana", "ada", "lena", "nadia"])
def test_the_first_wall_says_the_same_as_the_second(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    act_as(person.pk)
    assert set(Client.objects.visible_to(person)) == set(Client.objects.all())
    assert set(Course.objects.visible_to(person)) == set(Course.objects.all())


def test_acting_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        act_as(None)
    with transaction.atomic():
        act_as(None)
