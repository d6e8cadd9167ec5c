"""The client's people and the pictures of the circles: each act done once and written down whole."""

from audit.models import Event
from interpersonal import actions
from interpersonal.models import Person, Picture, PicturePlace, SafetyConcern
from tests.cast import Cast, person_of
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


@case_of(actions.add_person)
def a_person_is_added(cast: Cast) -> Case:
    values = {"name": "Tom", "relationship": "partner", "ring": "1", "direction": "up"}
    return Case(
        by=cast.tara,
        writes={Person: 1, Event: 1},
        given={"course": cast.course, "values": values},
    )


@case_of(actions.change_person)
def a_person_is_changed(cast: Cast) -> Case:
    person = person_of(cast.course, cast.tara)
    return Case(
        by=cast.tara,
        writes={Person: 0, Event: 1},
        given={"person": person, "version": 1, "values": {"hard": "Silence."}},
    )


@case_of(actions.place_person)
def a_person_is_moved(cast: Cast) -> Case:
    person = person_of(cast.course, cast.tara)
    return Case(
        by=cast.tara,
        writes={Person: 0, Event: 1},
        given={"person": person, "version": 1, "x": 30.0, "y": 10.0},
    )


@case_of(actions.take_off_person)
def a_person_is_taken_off(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={Person: 0, Event: 1},
        given={"person": person_of(cast.course, cast.tara)},
    )


@case_of(actions.note_concern)
def a_safety_concern_is_noted(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={SafetyConcern: 1, Event: 1},
        given={"person": person_of(cast.course, cast.tara), "text": "Threatened to leave with the child."},
    )


@case_of(actions.keep_picture)
def a_picture_is_kept(cast: Cast) -> Case:
    person_of(cast.course, cast.tara, x=10.0, y=20.0)
    person_of(cast.course, cast.tara, name="Joan", relationship="sister")
    return Case(
        by=cast.tara,
        writes={Picture: 1, PicturePlace: 2, Event: 1},
        given={"course": cast.course, "moment": "start", "session_number": 2},
    )
