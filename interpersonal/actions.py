"""What is done to the client's people: added, changed, moved in the circles, taken off; a concern noted, a picture kept."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, plain, refuse_stale, same
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.dates import ApproximateDate, as_typed
from courses.holding import hold_open_course
from courses.models import Course
from interpersonal import circles
from interpersonal.models import Person, Picture, PicturePlace, SafetyConcern
from staff.models import User

# As the pages name them; who died when, and where somebody stands, are read and set apart.
PLAIN_FIELDS = (
    "name",
    "relationship",
    "known_for",
    "lives_with",
    "in_therapy",
    "contact",
    "support_given",
    "support_received",
    "confides",
    "confides_about",
    "good",
    "hard",
    "own_expectations",
    "own_met",
    "their_expectations",
    "their_met",
    "wish_to_change",
    "changed_since",
    "linked_to_onset",
    "focus_area",
    "has_died",
)
KNOWN = "{} is on the list already. Tick below if this is somebody else."


def add_person(*, course: Course, values: Mapping[str, Any], another: bool = False, by: User) -> Person:
    """Somebody of the client's life. A name and a relationship are enough. Who has both in common with somebody on the list
    is refused until it is said that this is `another`."""
    with refused():
        fresh = hold_open_course(course.pk)
        person = Person(course=fresh, added_by=by)
        _take(person, values)
        if not another and _is_known(person):
            raise ValidationError({"another": KNOWN.format(f"{person.name} ({person.relationship})")})
        _put(person, values)
        person.save(force_insert=True)
        record(Action.CREATE, "Added a person", by=by, about=person, client_id=fresh.client_id)
    return person


def change_person(
    *, person: Person, version: int, values: Mapping[str, Any], seen: Seen | None = None, by: User
) -> Person:
    """What was typed replaces what stands. A change on top of somebody else's, which the person has not seen, is refused as
    `Stale`."""
    with refused():
        fresh = _person(person)
        before = what_it_says(fresh)
        if version != fresh.version:
            refuse_stale(fresh, seen, before)
        _take(fresh, values)
        _put(fresh, values)
        after = what_it_says(fresh)
        if any(not same(plain(after[name]), plain(before[name])) for name in after):
            _save(fresh, by, "Changed a person")
    return fresh


def place_person(
    *,
    person: Person,
    version: int,
    by: User,
    x: float | None = None,
    y: float | None = None,
    ring: int | None = None,
    direction: str = "",
) -> Person:
    """To that place, or to a free one in that ring and direction; without either beside the circles. Refused where somebody
    has changed the person since: the page shows the true place then."""
    with refused():
        fresh = _person(person)
        if version != fresh.version:
            raise ValidationError(
                f"Somebody changed {fresh.name} meanwhile. Your move was not kept: {fresh.name} is"
                f" {circles.in_words(fresh.x, fresh.y)}.",
                code="stale",
            )
        fresh.x, fresh.y = _place(fresh, x, y, ring, direction)
        _save(fresh, by, "Moved a person in the circles")
    return fresh


def take_off_person(*, person: Person, by: User) -> Person:
    """Off the list and the circles. Pictures and history keep them."""
    with refused():
        fresh = _person(person)
        fresh.removed_at, fresh.removed_by = timezone.now(), by
        _save(fresh, by, "Took a person off the list")
    return fresh


def note_concern(*, person: Person, text: str, by: User) -> SafetyConcern:
    """That the client may not be safe with this person, in words that few read."""
    with refused():
        fresh = _person(person)
        words = text.strip()
        if not words:
            raise ValidationError({"text": "Write what makes it unsafe."})
        concern = SafetyConcern(person=fresh, course=fresh.course, text=words, by=by)
        concern.clean_fields(exclude=["person", "course", "by"])
        concern.save(force_insert=True)
        record(
            Action.CREATE,
            "Noted a safety concern about a person",
            by=by,
            about=concern,
            client_id=fresh.course.client_id,
        )
    return concern


def keep_picture(
    *, course: Course, moment: str, note: str = "", session_number: int | None = None, by: User
) -> Picture:
    """The circles as they stand now, for good. There is one start."""
    with refused():
        fresh = hold_open_course(course.pk)
        people = list(Person.objects.filter(course=fresh).standing())
        if not any(person.x is not None for person in people):
            raise ValidationError("Place somebody in the circles first: there is nothing to keep yet.")
        if moment == Picture.Moment.START and Picture.objects.filter(course=fresh, moment=moment).exists():
            raise ValidationError(
                {"moment": "There is a picture of the start already. Keep this one as another."}
            )
        picture = Picture(course=fresh, moment=moment, note=note, session_number=session_number, by=by)
        picture.clean_fields(exclude=["course", "by"])
        picture.save(force_insert=True)
        PicturePlace.objects.bulk_create(
            PicturePlace(
                picture=picture,
                course=fresh,
                person=person,
                name=person.name,
                relationship=person.relationship,
                has_died=person.has_died,
                focus_area=person.focus_area,
                x=person.x,
                y=person.y,
            )
            for person in people
        )
        record(
            Action.CREATE, "Kept a picture of the circles", by=by, about=picture, client_id=fresh.client_id
        )
    return picture


def what_it_says(person: Person) -> dict[str, Any]:
    """What the page about a person shows and changes, by name of the field."""
    said = {name: getattr(person, name) for name in PLAIN_FIELDS}
    said["died"] = as_typed(person.died_on, person.died_to)
    ring, direction = place_of(person)
    return {**said, "ring": ring, "direction": direction}


def place_of(person: Person) -> tuple[str, str]:
    """Ring and direction as the form names them, both empty of who stands beside the circles."""
    if person.x is None or person.y is None:
        return "", ""
    return str(circles.ring_at(person.x, person.y)), circles.direction_at(person.x, person.y)


def _person(person: Person) -> Person:
    course = hold_open_course(person.course_id)
    fresh = Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if fresh.removed_at is not None:
        raise ValidationError(f"{fresh.name} was taken off the list meanwhile. Nothing was saved.")
    fresh.course = course
    return fresh


def _save(person: Person, by: User, what: str) -> None:
    person.version += 1
    person.changed_at = timezone.now()
    person.save()
    record(Action.CHANGE, what, by=by, about=person, client_id=person.course.client_id)


def _take(person: Person, values: Mapping[str, Any]) -> None:
    """The typed values into the row; ValidationError beside the field that cannot be."""
    for name in PLAIN_FIELDS:
        if name in values:
            value = values[name]
            setattr(person, name, " ".join(value.split()) if name in ("name", "relationship") else value)
    if "died" in values:
        died: ApproximateDate | None = values["died"]
        person.died_on, person.died_to = (died.day, died.exact) if died else (None, "day")
    if person.died_on and not person.has_died:
        raise ValidationError({"has_died": "Tick that the person has died, or empty the date of death."})
    if person.died_on and person.died_on > timezone.localdate():
        raise ValidationError({"died": "That day lies ahead. Check the date of death."})
    person.clean_fields(exclude=["course", "added_by", "removed_by"])


def _put(person: Person, values: Mapping[str, Any]) -> None:
    """Ring and direction as they were chosen; who stands there already keeps the exact place."""
    chosen = (str(values.get("ring") or ""), values.get("direction") or "")
    if "ring" not in values or chosen == place_of(person):
        return
    ring, direction = chosen
    person.x, person.y = _place(person, None, None, int(ring) if ring else None, direction)


def _place(
    person: Person, x: float | None, y: float | None, ring: int | None, direction: str
) -> tuple[float | None, float | None]:
    if ring is not None:
        if ring not in circles.BY_NUMBER or direction not in ("", *circles.DIRECTIONS):
            raise ValidationError("Choose a ring and a direction from the lists.")
        others = Person.objects.filter(course=person.course_id, x__isnull=False).standing()
        return circles.free_place(ring, direction, others.exclude(pk=person.pk).values_list("x", "y"))
    if x is None or y is None:
        return None, None
    try:
        return circles.settled(x, y)
    except ValueError:
        raise ValidationError("Place the person inside the outer circle.") from None


def _is_known(person: Person) -> bool:
    people = Person.objects.filter(course=person.course_id).standing()
    return people.filter(name__iexact=person.name, relationship__iexact=person.relationship).exists()
