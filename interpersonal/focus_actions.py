"""The focus with the person whom it has to do with: the other side of a conflict, or who has died."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from access.meanwhile import Seen
from access.refusals import refused
from courses.actions import agree_focus, focus_of
from courses.models import Course, Focus
from interpersonal.models import FocusPerson, Person
from staff.models import User

# The areas that have to do with one person, and their field on the page.
OF_A_PERSON = {"conflict": "conflict_person", "grief": "grief_person"}


@dataclass(frozen=True)
class Chosen:
    """One focus as it is agreed: its area, what it is about in a few words, what the area asks for, and the person by key."""

    area: str
    about: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    person: str = ""


def agree_focus_with_people(
    *,
    course: Course,
    chosen: Sequence[Chosen],
    agreed_on: date,
    by: User,
    reason: str = "",
    version: int | None = None,
    seen: Seen | None = None,
) -> list[Focus]:
    """As `courses.actions.agree_focus`. A person who is named where nobody was is a detail; another person than before is
    another focus, and says why."""
    with refused():
        held = Course.objects.select_for_update(of=("self",)).filter(pk=course.pk).first()
        before = people_of_foci(held) if held else {}
        wanted = {each.area: _person(course, each) for each in chosen if each.area in OF_A_PERSON}
        foci = agree_focus(
            course=course,
            areas=[(each.area, each.about) for each in chosen],
            details=[each.details for each in chosen],
            agreed_on=agreed_on,
            by=by,
            reason=reason,
            version=version,
            seen=seen,
            says=focus_with_people,
            beside=_beside(before, wanted),
        )
        linked = set(FocusPerson.objects.filter(focus__in=foci).values_list("focus", flat=True))
        for focus in foci:
            person = wanted.get(focus.area)
            if person and focus.pk not in linked:
                FocusPerson.objects.create(focus=focus, person=person, course_id=focus.course_id)
    return foci


def people_of_foci(course: Course) -> dict[str, str]:
    """The key of the person of each standing focus, by its area."""
    rows = FocusPerson.objects.filter(course=course, focus__ended_at=None)
    return {area: str(person) for area, person in rows.values_list("focus__area", "person")}


def focus_with_people(course: Course) -> dict[str, Any]:
    """The focus as its page shows and changes it, by name of the field."""
    people = people_of_foci(course)
    return focus_of(course) | {name: people.get(area, "") for area, name in OF_A_PERSON.items()}


def _person(course: Course, chosen: Chosen) -> Person | None:
    if not chosen.person:
        return None
    try:
        key = UUID(str(chosen.person))
    except ValueError:
        key = None
    person = Person.objects.filter(course=course, pk=key).first() if key else None
    if person is None or (person.removed_at and str(person.pk) not in people_of_foci(course).values()):
        raise ValidationError({OF_A_PERSON[chosen.area]: "Choose a person of the relationships page."})
    return person


def _beside(before: Mapping[str, str], wanted: Mapping[str, Person | None]) -> str:
    keys = {area: str(person.pk) if person else "" for area, person in wanted.items()}
    if any(area in keys and keys[area] != key for area, key in before.items()):
        return "changed"
    return "added" if any(key and area not in before for area, key in keys.items()) else ""
