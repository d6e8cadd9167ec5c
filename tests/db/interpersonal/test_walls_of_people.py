"""What nobody writes about the client's people past the pages: by SQL, in the app role, as themself; and that one page costs
the same for five people or forty."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from audit.acting import act_as
from interpersonal.models import Person
from tests.cast import Cast, client_named, course_for, person_of, picture_of
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner

REFUSED = "row-level security|permission denied|stays|of_one_course|another course"


def touched(cast: Cast, who: str, sql: str) -> int:
    act_as(getattr(cast, who).pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def test_a_person_keeps_course_and_author_and_what_is_taken_off_stays_so(cast: Cast) -> None:
    with as_owner():
        also_mine = course_for(client_named("Nora", "Banks"), cast.tara)
        tom = person_of(cast.course, cast.tara)
        gone = person_of(cast.course, cast.tara, "Leigh", removed_by=cast.tara, removed_at=tom.added_at)
    for row, change in (
        (tom, f"course_id = '{also_mine.pk}'"),
        (tom, f"added_by_id = '{cast.sunil.pk}'"),
        (tom, f"removed_at = now(), removed_by_id = '{cast.sunil.pk}'"),
        (gone, "removed_at = null, removed_by_id = null"),
        (gone, "name = 'Back'"),
    ):
        with pytest.raises(DatabaseError, match=REFUSED):
            touched(cast, "tara", f"update interpersonal_person set {change} where id = '{row.pk}'")
    with pytest.raises(DatabaseError, match=REFUSED):
        touched(cast, "tara", "delete from interpersonal_person")


@pytest.mark.parametrize("who", ["sunil", "lena", "olga", "ada", "nadia"])
def test_only_who_treats_the_course_changes_its_people(cast: Cast, who: str) -> None:
    with as_owner():
        person_of(cast.course, cast.tara)
    assert touched(cast, who, "update interpersonal_person set name = 'x'") == 0
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        person_of(cast.course, getattr(cast, who), "Forged")


@pytest.mark.parametrize(("who", "sees"), [("tara", 1), ("sunil", 1), ("lena", 1), ("olga", 0), ("ada", 0)])
def test_people_are_read_by_who_reads_the_course(cast: Cast, who: str, sees: int) -> None:
    with as_owner():
        person_of(cast.course, cast.tara)
    act_as(getattr(cast, who).pk)
    assert Person.objects.count() == sees
    assert Person.objects.visible_to(getattr(cast, who)).count() == sees


@pytest.mark.parametrize(
    ("address", "most"), [("people", 14), ("compare", 13), ("picture_new", 14)], ids=lambda each: str(each)
)
def test_forty_people_cost_no_question_more_than_five(
    cast: Cast, client: Browser, address: str, most: int
) -> None:
    client.force_login(cast.tara)
    at = reverse(f"interpersonal:{address}", args=[cast.course.pk])

    def add(first: int, last: int) -> None:
        with as_owner():
            for number in range(first, last):
                person_of(cast.course, cast.tara, f"Person {number}", x=-90.0 + 4 * number, y=30.0)

    add(0, 5)
    with as_owner():
        picture_of(cast.course, cast.tara)
    five, _ = queries_of(client, at)
    add(5, 40)
    with as_owner():
        picture_of(cast.course, cast.tara, "middle")
    forty, _ = queries_of(client, at)
    assert len(five) == len(forty)
    assert len(forty) <= most
