"""Each focus asks for what its field needs: filled in on its row; another area or person is a decision with a reason."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Focus
from interpersonal.focus_actions import Chosen, agree_focus_with_people
from interpersonal.models import FocusPerson, Person
from tests.cast import Cast
from tests.roles import as_owner

STUCK = {"stage": "impasse", "own_expectations": "To move out.", "their_expectations": "To stay."}


def person_in(cast: Cast, name: str = "Tom", **fields: Any) -> Person:
    with as_owner():
        return Person.objects.create(
            **{
                "course": cast.course,
                "name": name,
                "relationship": "partner",
                "added_by": cast.tara,
                **fields,
            }
        )


def agree(cast: Cast, *chosen: Chosen, **given: Any) -> list[Focus]:
    act_as(cast.tara.pk)
    return agree_focus_with_people(
        course=cast.course, chosen=chosen, agreed_on=timezone.localdate(), by=cast.tara, **given
    )


def test_a_conflict_keeps_the_person_the_stage_and_both_expectations(cast: Cast) -> None:
    tom = person_in(cast)
    agree(cast, Chosen("conflict", "with Tom", STUCK, str(tom.pk)))
    focus = Focus.objects.visible_to(cast.tara).get()
    assert (focus.stage, focus.own_expectations, focus.their_expectations) == (
        "impasse",
        "To move out.",
        "To stay.",
    )
    assert focus.person.person == tom


def test_only_what_the_area_asks_for_is_kept(cast: Cast) -> None:
    agree(
        cast, Chosen("isolation", "", {"pattern": "Leaves first.", "stage": "impasse", "relation": "mother"})
    )
    focus = Focus.objects.visible_to(cast.tara).get()
    assert (focus.pattern, focus.stage, focus.relation) == ("Leaves first.", "", "")


def test_a_detail_is_filled_in_on_the_row_without_a_reason_and_its_past_is_kept(cast: Cast) -> None:
    tom = person_in(cast)
    (before,) = agree(cast, Chosen("conflict", "with Tom", STUCK))
    (after,) = agree(cast, Chosen("conflict", "with Tom", STUCK | {"stage": "renegotiation"}, str(tom.pk)))
    assert after.pk == before.pk
    focus = Focus.objects.visible_to(cast.tara).get()
    assert (focus.stage, focus.ended_at, focus.person.person) == ("renegotiation", None, tom)
    assert [event.stage for event in focus.events.order_by("pgh_id")] == ["impasse", "renegotiation"]
    with as_owner():
        assert Event.objects.filter(what="Changed the details of the focus").count() == 1


def test_another_person_is_another_focus_and_says_why(cast: Cast) -> None:
    tom, ann = person_in(cast), person_in(cast, "Ann")
    agree(cast, Chosen("conflict", "at home", STUCK, str(tom.pk)))
    other = Chosen("conflict", "at home", STUCK, str(ann.pk))
    with pytest.raises(ValidationError, match="Say why the focus changes"):
        agree(cast, other)
    agree(cast, other, reason="It is about Ann after all.")
    old, new = Focus.objects.visible_to(cast.tara).order_by("ended_at")
    assert (old.person.person, old.reason) == (tom, "It is about Ann after all.")
    assert (new.person.person, new.ended_at) == (ann, None)


def test_a_second_focus_beside_the_first_keeps_what_the_first_had(cast: Cast) -> None:
    tom = person_in(cast)
    first = Chosen("conflict", "with Tom", STUCK, str(tom.pk))
    agree(cast, first)
    died = {
        "relation": "mother",
        "happened_on": date(2019, 1, 1),
        "happened_to": "year",
        "anniversaries": "May",
    }
    agree(cast, first, Chosen("grief", "her mother", died), reason="Her mother too.")
    main, second = Focus.objects.visible_to(cast.tara).current().order_by("position")
    assert (main.stage, main.person.person) == ("impasse", tom)
    assert (second.relation, second.happened_on, second.happened_to) == ("mother", date(2019, 1, 1), "year")


def test_the_same_once_more_is_no_change(cast: Cast) -> None:
    chosen = Chosen("conflict", "with Tom", STUCK, str(person_in(cast).pk))
    agree(cast, chosen)
    with pytest.raises(ValidationError, match="Nothing has changed"):
        agree(cast, chosen, reason="x")


@pytest.mark.parametrize("whose", ["not a key", "someone else's", "taken off"])
def test_only_a_person_of_the_courses_own_inventory_is_named(cast: Cast, whose: str) -> None:
    if whose == "taken off":
        tom = person_in(cast, removed_at=timezone.now(), removed_by=cast.tara)
    else:
        tom = person_in(cast, course=cast.others_course, added_by=cast.olga)
    key = whose if whose == "not a key" else str(tom.pk)
    with pytest.raises(ValidationError, match="Choose a person"):
        agree(cast, Chosen("conflict", "", {}, key))
    with as_owner():
        assert not Focus.objects.exists()


def test_a_death_does_not_lie_ahead(cast: Cast) -> None:
    ahead = {"happened_on": date(timezone.localdate().year + 1, 1, 1), "happened_to": "year"}
    with pytest.raises(ValidationError, match="death cannot lie ahead"):
        agree(cast, Chosen("grief", "", ahead))
    agree(cast, Chosen("life_change", "a child", ahead))


def test_the_database_keeps_no_stage_that_is_none(cast: Cast) -> None:
    with (
        as_owner(),
        pytest.raises(IntegrityError, match="focus_details_from_the_lists"),
        transaction.atomic(),
    ):
        Focus.objects.create(
            course=cast.course,
            area="conflict",
            stage="war",
            agreed_on=timezone.localdate(),
            agreed_by=cast.tara,
        )


def test_the_person_of_a_focus_is_of_its_course_whoever_writes(cast: Cast) -> None:
    theirs = person_in(cast, course=cast.others_course, added_by=cast.olga)
    (focus,) = agree(cast, Chosen("conflict"))
    with pytest.raises(IntegrityError, match="another course"), transaction.atomic():
        FocusPerson.objects.create(focus=focus, person_id=theirs.pk, course=cast.course)


def typed(**fields: str) -> dict[str, str]:
    return {"area": "conflict", "about": "with Tom", "agreed_on": timezone.localdate().isoformat(), **fields}


def test_the_page_keeps_the_words_of_an_area_that_is_not_chosen(cast: Cast, client: Browser) -> None:
    client.force_login(cast.tara)
    address = reverse("courses:focus", args=[cast.course.pk])
    html = client.post(address, typed(version="1", pattern="Leaves first.")).content.decode()
    assert "choose isolation above, or empty it" in html
    assert "Leaves first." in html
    assert "What the other expects of the client" in html


def test_the_page_agrees_fills_in_and_shows_how_the_focus_has_changed(cast: Cast, client: Browser) -> None:
    tom = person_in(cast)
    client.force_login(cast.tara)
    address = reverse("courses:focus", args=[cast.course.pk])
    first = typed(version="1", stage="impasse", conflict_person=str(tom.pk), own_expectations="To move out.")
    assert client.post(address, first).status_code == 302
    html = client.get(address).content.decode()
    assert "Tom (partner)" in html
    assert "To move out." in html
    assert client.post(address, first | {"version": "2", "stage": "renegotiation"}).status_code == 302
    change = typed(
        version="3",
        area="grief",
        about="her mother",
        grief_on="March 2019",
        relation="mother",
        reason="It was.",
    )
    page = reverse("courses:formulation", args=[cast.course.pk])
    assert "Impasse → renegotiation" in client.get(page).content.decode()
    assert client.post(address, change).status_code == 302
    html = client.get(page).content.decode()
    for words in ("Mar 2019", "Conflict: with Tom", "Grief: her mother", "It was.", "by Tara Tree"):
        assert words in html


def test_a_day_that_is_none_is_said_beside_its_field(cast: Cast, client: Browser) -> None:
    client.force_login(cast.tara)
    address = reverse("courses:focus", args=[cast.course.pk])
    html = client.post(address, typed(version="1", area="grief", grief_on="31/2/2020")).content.decode()
    assert "There is no such day." in html
    assert "31/2/2020" in html
