"""Pictures of the circles: kept for good, proposed when it is time, two compared."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from interpersonal.actions import keep_picture
from interpersonal.models import Person, Picture, PicturePlace
from tests.cast import Cast, held_session, person_of, picture_of
from tests.roles import as_owner

HALF_WAY = "keep a picture of the mid-point"


@pytest.fixture
def placed(cast: Cast) -> Cast:
    with as_owner():
        person_of(cast.course, cast.tara, x=70.0, y=0.0)
        person_of(cast.course, cast.tara, name="Joan", relationship="sister")
    act_as(cast.tara.pk)
    return cast


def relationships(cast: Cast, client: Browser) -> str:
    client.force_login(cast.tara)
    return client.get(reverse("interpersonal:people", args=[cast.course.pk])).content.decode()


def held(cast: Cast, count: int) -> None:
    with as_owner():
        for number in range(1, count + 1):
            held_session(cast.course, cast.tara, timezone.now() - timedelta(days=200 - 7 * number), number)


def test_a_picture_keeps_everybody_under_the_name_they_had(placed: Cast) -> None:
    picture = keep_picture(
        course=placed.course, moment="start", note="First.", session_number=3, by=placed.tara
    )
    Person.objects.filter(name="Tom").update(name="Thomas", x=20.0)
    places = [(place.name, place.x) for place in picture.places.all()]
    assert places == [("Joan", None), ("Tom", 70.0)]


def test_there_is_one_start(placed: Cast) -> None:
    keep_picture(course=placed.course, moment="start", by=placed.tara)
    with pytest.raises(ValidationError, match="picture of the start already"):
        keep_picture(course=placed.course, moment="start", by=placed.tara)
    keep_picture(course=placed.course, moment="other", by=placed.tara)
    assert Picture.objects.count() == 2


def test_nothing_is_kept_while_nobody_is_placed(placed: Cast) -> None:
    Person.objects.update(x=None, y=None)
    with pytest.raises(ValidationError, match="Place somebody in the circles first"):
        keep_picture(course=placed.course, moment="start", by=placed.tara)


def test_the_start_is_proposed_once_somebody_is_placed(placed: Cast, client: Browser) -> None:
    assert "Keep a picture of the start now" in relationships(placed, client)
    with as_owner():
        picture_of(placed.course, placed.tara)
    assert "Keep a picture of the start now" not in relationships(placed, client)


def test_half_way_and_the_ending_propose_a_picture_each(placed: Cast, client: Browser) -> None:
    with as_owner():
        picture_of(placed.course, placed.tara)
    held(placed, 7)
    assert HALF_WAY not in relationships(placed, client)
    with as_owner():
        held_session(placed.course, placed.tara, timezone.now() - timedelta(days=90), 8)
    assert HALF_WAY in relationships(placed, client)
    with as_owner():
        picture_of(placed.course, placed.tara, "middle")
    assert HALF_WAY not in relationships(placed, client)
    with as_owner():
        for number in range(9, 16):
            held_session(placed.course, placed.tara, timezone.now() - timedelta(days=90 - number), number)
    assert "keep a picture of the end" in relationships(placed, client)


def test_the_session_is_worked_out(placed: Cast, client: Browser) -> None:
    held(placed, 3)
    client.force_login(placed.tara)
    address = reverse("interpersonal:picture_new", args=[placed.course.pk])
    answer = client.post(address, {"moment": "start", "note": "Drawn together."}, follow=True)
    assert "after session 3" in answer.content.decode()
    assert "Drawn together." in answer.content.decode()


def test_a_picture_and_now_are_compared_in_words_arrows_and_a_table(placed: Cast, client: Browser) -> None:
    with as_owner():
        picture_of(placed.course, placed.tara)
        Person.objects.filter(name="Tom").update(x=20.0)
        person_of(placed.course, placed.tara, name="Leigh", relationship="manager", x=0.0, y=80.0)
    client.force_login(placed.tara)
    page = client.get(reverse("interpersonal:compare", args=[placed.course.pk])).content.decode()
    assert "Tom has come closer. Leigh was added." in page
    assert 'class="arrow closer"' in page
    assert "acquaintances, right" in page
    assert "3 → 1" in page


def test_two_pictures_are_compared(placed: Cast, client: Browser) -> None:
    with as_owner():
        first = picture_of(placed.course, placed.tara)
        Person.objects.filter(name="Tom").update(x=95.0)
        second = picture_of(placed.course, placed.tara, "middle")
        Person.objects.filter(name="Tom").update(x=20.0)
    client.force_login(placed.tara)
    address = reverse("interpersonal:compare", args=[placed.course.pk])
    page = client.get(f"{address}?then={first.pk}&now={second.pk}").content.decode()
    assert "Tom stands further away." in page
    assert client.get(f"{address}?then=none&now=%00").status_code == 200


def test_without_a_picture_the_page_of_comparing_says_how_to_begin(placed: Cast, client: Browser) -> None:
    client.force_login(placed.tara)
    page = client.get(reverse("interpersonal:compare", args=[placed.course.pk])).content.decode()
    assert "No picture is kept yet" in page


def test_a_kept_picture_does_not_change(placed: Cast) -> None:
    with as_owner():
        picture_of(placed.course, placed.tara)
    act_as(placed.tara.pk)
    for table in ("picture", "pictureplace"):
        for sql in (
            f"update interpersonal_{table} set course_id = course_id",
            f"delete from interpersonal_{table}",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)


def test_nobody_is_put_on_a_picture_of_another_course_or_twice(placed: Cast) -> None:
    with as_owner():
        kept = picture_of(placed.course, placed.tara)
        theirs = person_of(placed.others_course, placed.olga)
        tom = Person.objects.get(name="Tom", course=placed.course)
    act_as(placed.tara.pk)
    place = {"picture": kept, "course": placed.course, "name": "X", "relationship": "y"}
    with pytest.raises(DatabaseError), transaction.atomic():
        PicturePlace.objects.create(person=theirs, **place)
    with pytest.raises(IntegrityError, match="each_person_once_in_a_picture"), transaction.atomic():
        PicturePlace.objects.create(person=tom, **place)
    with pytest.raises(IntegrityError, match="moment_from_the_list"), transaction.atomic():
        Picture.objects.create(course=placed.course, moment="later", by=placed.tara)
