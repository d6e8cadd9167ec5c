"""The circles where another page shows them small: on the course page as part of its own question to the database, and then and
now at the ending."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from courses.models import Course
from interpersonal import compare
from interpersonal.board import drawing_of, people_of, standing_of
from interpersonal.compare import Change
from interpersonal.drawing import Drawing, Figure, draw
from interpersonal.models import FocusPerson, Person, Picture
from staff.models import User


@dataclass(frozen=True)
class ThenAndNow:
    """`over` is now with arrows from then; `said` the same in words, `changes` as a list. None of it holds more than names,
    relationships and places."""

    picture: Picture
    then: Drawing
    now: Drawing
    over: Drawing
    said: str
    changes: list[Change]


def people_in_short(user: User) -> ArraySubquery:
    """What `circles_in_short` reads, to be annotated on courses as `people_in_short`: it costs no question of its own."""
    agreed = FocusPerson.objects.visible_to(user).filter(person=OuterRef("pk"), focus__ended_at=None)
    people = (
        Person.objects.visible_to(user).filter(course=OuterRef("pk")).standing().order_by("added_at", "id")
    )
    return ArraySubquery(
        people.values(
            json=JSONObject(
                id="id",
                name="name",
                relationship="relationship",
                x="x",
                y="y",
                has_died="has_died",
                died_on="died_on",
                focus_area="focus_area",
                agreed=ArraySubquery(agreed.values("focus__area")),
            )
        )
    )


def circles_in_short(course: Any) -> Drawing | None:
    """The circles as they stand, to be looked at; None while there is nobody."""
    figures = [_figure(row) for row in course.people_in_short]
    return draw(figures, client=course.client.called) if figures else None


def then_and_now(course: Course, user: User) -> ThenAndNow | None:
    """The circles at the start and now, in three questions; None where no picture of the start is kept."""
    kept = Picture.objects.visible_to(user).filter(course=course, moment=Picture.Moment.START)
    start = kept.prefetch_related("places").first()
    if start is None:
        return None
    before, after = list(start.places.all()), list(people_of(course, user))
    changes = compare.changes(
        {place.person_id: standing_of(place) for place in before},
        {person.pk: standing_of(person) for person in after},
    )
    return ThenAndNow(
        picture=start,
        then=drawing_of(course, before),
        now=drawing_of(course, after),
        over=drawing_of(course, after, before),
        said=compare.in_words(changes),
        changes=changes,
    )


def _figure(row: dict[str, Any]) -> Figure:
    died = f"died {row['died_on'][:4]}" if row["died_on"] else "died"
    return Figure(
        key=row["id"],
        name=row["name"],
        relationship=row["relationship"],
        x=row["x"],
        y=row["y"],
        died=died if row["has_died"] else "",
        in_dispute="conflict" in {row["focus_area"], *row["agreed"]},
    )
