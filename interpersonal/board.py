"""What the page of relationships states: the circles as they are asked for, one person in full, everybody as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse

from courses import protocol
from courses.dates import in_words
from courses.models import Course
from interpersonal import circles, compare
from interpersonal.compare import Change, Standing
from interpersonal.drawing import Drawing, Figure, draw
from interpersonal.models import Person, Picture, PicturePlace, SafetyConcern
from staff.models import User

SHOWN = {"start": "Start", "both": "Start and now", "now": "Now"}


@dataclass(frozen=True)
class Line:
    """Somebody in the list of everyone."""

    person: Person
    rings: str
    foci: list[str]
    is_chosen: bool
    has_concern: bool

    @property
    def second(self) -> str:
        return second_of(self.person)


@dataclass(frozen=True)
class Board:
    """`shown` is one of `SHOWN`; `said` what changed since the start, empty without a start; `facts` of the person who is
    chosen, label and words."""

    course: Course
    people: list[Person]
    chosen: Line | None
    facts: list[tuple[str, str]]
    moved: str
    drawing: Drawing
    lines: list[Line]
    start: Picture | None
    shown: str
    said: str

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        """Code, words, whether it is shown: what may be looked at, where there is a start."""
        return [(code, words, code == self.shown) for code, words in SHOWN.items()] if self.start else []

    @property
    def is_movable(self) -> bool:
        return self.shown != "start"

    @property
    def placed(self) -> int:
        return sum(person.x is not None for person in self.people)

    @property
    def dashes(self) -> bool:
        """Whether a dashed mark needs its explanation."""
        return any(drawn.figure.look for drawn in self.drawing.drawn)


def board_of(course: Course, user: User, *, shown: str = "", chosen: str = "") -> Board:
    """Three questions to the database, however many people there are."""
    people = list(people_of(course, user))
    start = Picture.objects.visible_to(user).filter(course=course, moment=Picture.Moment.START).first()
    places = list(PicturePlace.objects.visible_to(user).filter(picture=start)) if start else []
    then = {place.person_id: standing_of(place) for place in places}
    now = {person.pk: standing_of(person) for person in people}
    found = {key: Change(one.name, then.get(key), one) for key, one in now.items()}
    shown = shown if start and shown in SHOWN else ("both" if start else "now")
    lines = [
        Line(
            person,
            found[person.pk].rings if start else str(now[person.pk].ring or ""),
            foci_of(person),
            str(person.pk) == chosen,
            person.has_concern,
        )
        for person in people
    ]
    line = next((line for line in lines if line.is_chosen), None)
    change = found[line.person.pk].kind if line and start else ""
    return Board(
        course=course,
        people=people,
        chosen=line,
        facts=facts_of(line.person, course) if line else [],
        moved=change if change in ("closer", "further", "added") else "",
        drawing=_drawing(course, people, places, shown, chosen),
        lines=lines,
        start=start,
        shown=shown,
        said=compare.in_words(compare.changes(then, now)) if start else "",
    )


def people_of(course: Course, user: User) -> Any:
    """Who is on the list, with the foci they have to do with and whether a safety concern is noted that this reader may
    read."""
    concerns = SafetyConcern.objects.visible_to(user).filter(person=OuterRef("pk"))
    rows = Person.objects.visible_to(user).filter(course=course).standing().with_foci()
    return rows.annotate(has_concern=Exists(concerns))


def standing_of(row: Person | PicturePlace) -> Standing:
    return Standing(row.name, row.relationship, row.x, row.y)


def foci_of(person: Any) -> list[str]:
    """In the order of the protocol."""
    areas = {person.focus_area, *person.agreed_foci}
    return [area.label for code, area in protocol.FOCUS_AREAS.items() if code in areas]


def died_of(person: Person | PicturePlace) -> str:
    """ "died 2019", "died" where nobody knows when, empty of the living."""
    if not person.has_died:
        return ""
    on = getattr(person, "died_on", None)
    return f"died {on.year}" if on else "died"


def second_of(person: Person) -> str:
    """Under the name in a list."""
    return ", ".join(filter(None, (person.relationship, died_of(person))))


def figure_of(row: Any, *, then: tuple[float, float] | None = None, href: str = "") -> Figure:
    """Of a person, or of somebody on a kept picture."""
    is_person = isinstance(row, Person)
    areas = {row.focus_area, *getattr(row, "agreed_foci", ())}
    return Figure(
        key=str(row.pk if is_person else row.person_id),
        name=row.name,
        relationship=row.relationship,
        x=row.x,
        y=row.y,
        died=died_of(row),
        in_dispute="conflict" in areas,
        then=then,
        href=href,
        version=row.version if is_person else 0,
    )


def drawing_of(course: Course, rows: Sequence[Any], then: Sequence[PicturePlace] = ()) -> Drawing:
    """To be looked at: people or a kept picture, with arrows from where they stood on another."""
    before = {place.person_id: place for place in then}
    figures = [
        figure_of(row, then=_at(before.get(row.pk if isinstance(row, Person) else row.person_id)))
        for row in rows
    ]
    return draw(figures, client=course.client.called)


def facts_of(person: Person, course: Course) -> list[tuple[str, str]]:
    """What was said of this person, under the words in which it is asked; nothing of what was not."""
    client = course.client.called
    confides = ", about ".join(filter(None, (person.get_confides_display(), person.confides_about)))
    said = [
        ("Known for", person.known_for),
        ("Lives with", f"{client} and {person.name} live together" if person.lives_with else ""),
        ("Died", in_words(person.died_on, person.died_to) if person.died_on else ""),
        ("Contact", person.contact),
        ("Confides", confides if person.confides else person.confides_about),
        (f"Support {client} gets", person.support_received),
        (f"Support {client} gives", person.support_given),
        ("What is good", person.good),
        ("What is hard", person.hard),
        (f"What {client} expects · is it met", _met(person.own_expectations, person.get_own_met_display())),
        (
            f"What {person.name} expects · is it met",
            _met(person.their_expectations, person.get_their_met_display()),
        ),
        ("Changed since the depression began", person.changed_since),
        ("Wish to change", person.wish_to_change),
        ("Beginning of the depression", "Bound up with it" if person.linked_to_onset else ""),
        ("In therapy", "" if person.in_therapy else "Not to be named in therapy"),
    ]
    return [(label, words) for label, words in said if words]


def _met(words: str, met: str) -> str:
    return " · ".join(filter(None, (words, met.lower() if words else met)))


def _drawing(
    course: Course, people: Sequence[Person], places: Sequence[PicturePlace], shown: str, chosen: str
) -> Drawing:
    if shown == "start":
        return drawing_of(course, places)
    before = {place.person_id: place for place in places} if shown == "both" else {}
    page = reverse("interpersonal:people", args=[course.pk])
    figures = [
        figure_of(person, then=_at(before.get(person.pk)), href=f"{page}?person={person.pk}&show={shown}")
        for person in people
    ]
    return draw(figures, client=course.client.called, chosen=chosen)


def _at(place: PicturePlace | None) -> tuple[float, float] | None:
    return None if place is None or place.x is None or place.y is None else (place.x, place.y)


def as_key(words: str) -> str:
    """What an address says of a person, as a key; empty where it is none."""
    try:
        return str(UUID(words))
    except ValueError:
        return ""


def place_in_words(person: Person) -> str:
    return circles.in_words(person.x, person.y)
