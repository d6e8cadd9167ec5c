"""The client's people: added, changed, moved, taken off, by whom, and what two who act at once are told."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from audit.acting import act_as
from audit.models import Event
from interpersonal.actions import add_person, change_person, place_person, take_off_person
from interpersonal.models import Person
from tests.cast import Cast, person_of, picture_of
from tests.roles import as_owner

TOM = {"name": "Tom", "relationship": "partner"}


@pytest.fixture
def tara(cast: Cast) -> Cast:
    act_as(cast.tara.pk)
    return cast


def page_of(cast: Cast, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('interpersonal:people', args=[cast.course.pk])}?{query}"


def of_person(name: str, cast: Cast, person: Person) -> str:
    return reverse(f"interpersonal:{name}", args=[cast.course.pk, person.pk])


# --- Added, changed, taken off -----------------------------------------------------------------------------------------


def test_a_name_and_a_relationship_are_enough(tara: Cast) -> None:
    person = add_person(
        course=tara.course, values={"name": " Tom  B ", "relationship": "partner"}, by=tara.tara
    )
    assert (person.name, person.x, person.in_therapy) == ("Tom B", None, True)
    assert Event.objects.filter(what="Added a person", object_ids=[person.pk], user=tara.tara).count() == 0
    act_as(tara.lena.pk)
    assert Event.objects.filter(what="Added a person", object_ids=[person.pk], user=tara.tara).count() == 1


@pytest.mark.parametrize(
    "values", [{"name": "  ", "relationship": "partner"}, {"name": "Tom", "relationship": ""}]
)
def test_without_a_name_or_a_relationship_nobody_is_added(tara: Cast, values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        add_person(course=tara.course, values=values, by=tara.tara)
    assert Person.objects.count() == 0


def test_the_same_name_and_relationship_is_warned_of_and_not_refused(tara: Cast) -> None:
    add_person(course=tara.course, values=TOM, by=tara.tara)
    with pytest.raises(ValidationError, match="on the list already"):
        add_person(course=tara.course, values={"name": "tom", "relationship": "Partner"}, by=tara.tara)
    add_person(course=tara.course, values=TOM, another=True, by=tara.tara)
    add_person(course=tara.course, values={**TOM, "relationship": "uncle"}, by=tara.tara)
    assert Person.objects.count() == 3


def test_a_person_added_to_a_ring_stands_in_it_where_nobody_else_does(tara: Cast) -> None:
    first = add_person(course=tara.course, values={**TOM, "ring": "2", "direction": "left"}, by=tara.tara)
    second = add_person(
        course=tara.course,
        values={"name": "Joan", "relationship": "sister", "ring": "2", "direction": "left"},
        by=tara.tara,
    )
    assert first.x == -52.5
    assert second.x != first.x or second.y != first.y
    assert (second.x or 0) < -37


def test_a_date_of_death_wants_the_tick_and_no_day_ahead(tara: Cast) -> None:
    from courses.dates import read_approximate

    with pytest.raises(ValidationError, match="Tick that the person has died"):
        add_person(course=tara.course, values={**TOM, "died": read_approximate("2019")}, by=tara.tara)
    with pytest.raises(ValidationError, match="lies ahead"):
        add_person(
            course=tara.course,
            values={**TOM, "has_died": True, "died": read_approximate("2999")},
            by=tara.tara,
        )
    died = add_person(
        course=tara.course,
        values={**TOM, "has_died": True, "died": read_approximate("May 2019")},
        by=tara.tara,
    )
    assert (str(died.died_on), died.died_to) == ("2019-05-01", "month")


def test_who_is_taken_off_leaves_the_list_and_stays_in_pictures_and_history(
    tara: Cast, client: Browser
) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara, name="Leigh", x=30.0, y=0.0)
        kept = picture_of(tara.course, tara.tara)
    client.force_login(tara.tara)
    assert client.get(of_person("take_off", tara, person)).status_code == 200
    answer = client.post(of_person("take_off", tara, person), follow=True)
    assert "Leigh is off the list" in answer.content.decode()
    act_as(tara.tara.pk)
    assert list(Person.objects.standing()) == []
    assert kept.places.get().name == "Leigh"
    assert client.get(of_person("person", tara, person)).status_code == 404
    with pytest.raises(ValidationError, match="taken off the list meanwhile"):
        change_person(person=person, version=2, values={"hard": "Late."}, by=tara.tara)


# --- Moved -------------------------------------------------------------------------------------------------------------


def test_two_people_move_one_person_at_once_and_the_second_is_told_the_true_place(tara: Cast) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara, x=50.0, y=0.0)
    place_person(person=person, version=1, x=20.0, y=0.0, by=tara.tara)
    with pytest.raises(ValidationError, match="Your move was not kept: Tom is closest, right") as refusal:
        place_person(person=person, version=1, x=0.0, y=80.0, by=tara.tara)
    assert refusal.value.code == "stale"
    person.refresh_from_db()
    assert (person.x, person.version) == (20.0, 2)


def test_the_page_of_a_move_comes_back_with_what_stands(tara: Cast, client: Browser) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara)
    client.force_login(tara.tara)
    script = {"HX-Request": "true"}
    moved = client.post(of_person("place", tara, person), {"version": 1, "x": "40", "y": "0"}, headers=script)
    assert moved.status_code == 200
    assert 'data-said="Tom: friends and family, right."' in moved.content.decode()
    assert 'data-version="2"' in moved.content.decode()
    stale = client.post(of_person("place", tara, person), {"version": 1, "x": "0", "y": "0"}, headers=script)
    assert stale.status_code == 409
    assert "Your move was not kept" in stale.content.decode()
    assert 'data-x="40.0"' in stale.content.decode()


@pytest.mark.parametrize(
    ("sent", "x", "y"),
    [
        ({"x": "300", "y": "0"}, 95.0, 0.0),
        ({"x": "0", "y": "0"}, 0.0, 16.0),
        ({"ring": "1", "direction": "up"}, 0.0, -26.5),
        ({}, None, None),
    ],
)
def test_without_script_a_form_moves(
    tara: Cast, client: Browser, sent: dict[str, str], x: float | None, y: float | None
) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara, x=70.0, y=0.0)
    client.force_login(tara.tara)
    answer = client.post(of_person("place", tara, person), {"version": "1", **sent}, follow=True)
    assert answer.status_code == 200
    act_as(tara.tara.pk)
    person.refresh_from_db()
    assert (person.x, person.y) == (x, y)


@pytest.mark.parametrize(
    "sent", [{"x": "nan", "y": "1"}, {"x": "1e9", "y": "1"}, {"ring": "9"}, {"direction": "in"}]
)
def test_what_is_no_place_moves_nobody(tara: Cast, client: Browser, sent: dict[str, str]) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara, x=70.0, y=0.0)
    client.force_login(tara.tara)
    answer = client.post(of_person("place", tara, person), {"version": "1", **sent}, follow=True)
    assert "That is no place in the circles" in answer.content.decode()
    act_as(tara.tara.pk)
    person.refresh_from_db()
    assert person.x == 70.0


def test_changing_words_leaves_the_exact_place(tara: Cast) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara, x=41.3, y=-3.2)
    values = {"hard": "Silence.", "ring": "2", "direction": "right"}
    changed = change_person(person=person, version=1, values=values, by=tara.tara)
    assert (changed.x, changed.y, changed.hard) == (41.3, -3.2, "Silence.")


def test_saving_what_stands_already_is_no_change(tara: Cast) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara)
    assert change_person(person=person, version=1, values=TOM, by=tara.tara).version == 1


# --- The pages ----------------------------------------------------------------------------------------------------------


def test_an_empty_page_says_how_to_begin(tara: Cast, client: Browser) -> None:
    client.force_login(tara.tara)
    page = client.get(page_of(tara)).content.decode()
    assert "A name and who it is are enough to begin with" in page
    assert "Keep a picture" not in page


def test_the_list_says_what_the_circles_show(tara: Cast, client: Browser) -> None:
    with as_owner():
        person_of(tara.course, tara.tara, x=70.0, y=0.0, support_received="company", focus_area="conflict")
        picture_of(tara.course, tara.tara)
        Person.objects.update(x=20.0)
        person_of(tara.course, tara.tara, name="Leigh", relationship="manager")
    client.force_login(tara.tara)
    page = client.get(page_of(tara)).content.decode()
    assert "3 → 1" in page
    assert "not placed" in page
    assert "Tom has come closer. Leigh was added." in page
    assert 'aria-label="Tom, partner, in dispute: closest, right"' in page
    assert client.get(page_of(tara, show="start")).status_code == 200
    assert "data-circles" not in client.get(page_of(tara, show="start")).content.decode()


def test_nothing_typed_is_lost_when_a_name_is_known(tara: Cast, client: Browser) -> None:
    with as_owner():
        person_of(tara.course, tara.tara)
    client.force_login(tara.tara)
    typed = {**TOM, "hard": "Never rings.", "in_therapy": "on"}
    page = client.post(reverse("interpersonal:person_new", args=[tara.course.pk]), typed).content.decode()
    assert "Tom (partner) is on the list already" in page
    assert "Never rings." in page
    again = client.post(
        reverse("interpersonal:person_new", args=[tara.course.pk]), {**typed, "another": "on"}, follow=True
    )
    assert "Tom is on the list." in again.content.decode()


def test_a_supervisor_reads_and_moves_nobody(tara: Cast, client: Browser) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara, x=70.0, y=0.0)
    client.force_login(tara.sunil)
    page = client.get(page_of(tara, person=str(person.pk))).content.decode()
    assert "Tom" in page
    assert "data-circles" not in page
    assert of_person("place", tara, person) not in page


def test_whose_course_has_ended_is_read_and_not_changed(tara: Cast, client: Browser) -> None:
    with as_owner():
        person = person_of(tara.course, tara.tara)
        tara.course.status, tara.course.ended_on = "ended", tara.course.referred_on
        tara.course.save()
    client.force_login(tara.tara)
    assert client.get(page_of(tara)).status_code == 200
    assert client.get(of_person("person", tara, person)).status_code == 403
    act_as(tara.tara.pk)
    with pytest.raises(ValidationError, match="no longer yours to change"):
        take_off_person(person=person, by=tara.tara)


def test_a_person_of_another_course_is_not_found(tara: Cast, client: Browser) -> None:
    with as_owner():
        theirs = person_of(tara.others_course, tara.olga)
    client.force_login(tara.tara)
    for name in ("person", "take_off", "concern"):
        assert client.get(of_person(name, tara, theirs)).status_code == 404
    assert client.post(of_person("place", tara, theirs), {"version": 1}).status_code == 404


# --- What the database says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"name": ""}, "person_has_a_name"),
        ({"relationship": ""}, "person_has_a_name"),
        ({"confides": "maybe"}, "person_from_the_lists"),
        ({"focus_area": "money"}, "person_from_the_lists"),
        ({"own_met": "maybe"}, "person_from_the_lists"),
        ({"x": 5.0}, "person_stands_inside"),
        ({"x": 101.0, "y": 0.0}, "person_stands_inside"),
        ({"died_on": "2019-01-01"}, "day_of_death_of_who_died"),
        ({"removed_at": "2026-01-01T10:00Z"}, "taken_off_by_somebody"),
    ],
)
def test_the_database_has_the_last_word(tara: Cast, fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        person_of(tara.course, tara.tara, **fields)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (None, (-50.0, 0.0), "added since the start"),
        ((-80.0, 0.0), (-50.0, 0.0), "closer since the start"),
        ((-50.0, 0.0), (-80.0, 0.0), "further away since the start"),
    ],
)
def test_the_page_of_one_person_says_what_changed_since_the_start(
    cast: Cast,
    client: Browser,
    then: tuple[float, float] | None,
    now: tuple[float, float],
    said: str,
) -> None:
    with as_owner():
        person_of(cast.course, cast.tara, x=10.0, y=0.0)
        leigh = person_of(cast.course, cast.tara, "Leigh") if then else None
        if leigh and then:
            leigh.x, leigh.y = then
            leigh.save()
        picture_of(cast.course, cast.tara)
        leigh = leigh or person_of(cast.course, cast.tara, "Leigh")
        leigh.x, leigh.y = now
        leigh.save()
    client.force_login(cast.tara)
    answer = client.get(page_of(cast, person=str(leigh.pk)))
    assert answer.status_code == 200
    assert said in answer.content.decode()
