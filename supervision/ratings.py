"""Sessions rated by a supervisor on the clinic's form, and the form itself. A change of the form is a new version, and a rating
keeps the items that it was made with. About the therapist's work: in no print and no export about the client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from access import policy
from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from access.words import tidied, wrong_with
from audit.models import Action
from audit.trail import record
from courses.models import Course
from outcomes.telling import hold_course
from sessions.models import SEEN, TherapySession
from staff.models import User
from supervision.models import Rating, RatingForm
from supervision.rating_form import DEFAULT, MOST_ITEMS, MOST_POINTS, Item, code_for, packed, unpacked

LONGEST_COMMENT = 5000


@dataclass(frozen=True)
class Version:
    """The form as it stands or stood. Number 0 is the one that every clinic begins with, which nobody wrote."""

    number: int
    items: tuple[Item, ...]
    by: User | None = None
    at: datetime | None = None


BEGAN_WITH = Version(0, DEFAULT)


def form_in_force() -> Version:
    """The form on which sessions are rated today."""
    row = RatingForm.objects.select_related("by").order_by("-number").first()
    return _version(row) if row else BEGAN_WITH


def form_numbered(number: int) -> Version:
    """The form of that number; the one in force where there is no such."""
    row = RatingForm.objects.select_related("by").filter(pk=number).first()
    if row:
        return _version(row)
    return BEGAN_WITH if number == 0 else form_in_force()


def all_forms() -> dict[int, Version]:
    """Every version by its number, the first of all among them."""
    rows = RatingForm.objects.select_related("by").order_by("number")
    return {0: BEGAN_WITH} | {row.number: _version(row) for row in rows}


def _version(row: RatingForm) -> Version:
    return Version(row.number, unpacked(row.items), row.by, row.at)


# --- Rating -----------------------------------------------------------------------------------------------------------


def rate_session(
    *,
    course: Course,
    session: TherapySession,
    form: int,
    scores: Mapping[str, int | None],
    overall: str,
    comment: str = "",
    by: User,
) -> Rating:
    """Signs a rating of who held the session. `scores` by code of an item, None where it was not rated. Raises ValidationError
    where nothing was rated, or this person rated the session already."""
    with refused():
        hold_course(course.pk)
        held = TherapySession.objects.filter(pk=session.pk, course=course).first()
        if held is None or not policy.may_rate_session(by, course, held):
            raise ValidationError(NOT_YOURS, code="not_yours")
        if held.attendance not in SEEN or held.entered_in_error_at:
            raise ValidationError("Only a session that was held, with the client there, is rated.")
        if Rating.objects.filter(session=held, rated_by=by).exists():
            raise ValidationError("You have rated this session already.")
        version = form_numbered(form)
        rating = Rating(
            course=course,
            session=held,
            therapist_id=held.therapist_id,
            form=version.number,
            items=packed(version.items),
            scores=_checked(version.items, scores),
            overall=overall,
            comment=tidied(comment),
            rated_by=by,
        )
        wrong = wrong_with(rating.comment, longest=LONGEST_COMMENT)
        if wrong:
            raise ValidationError({"comment": wrong})
        if overall not in Rating.Overall.values:
            raise ValidationError({"overall": "Say whether the session passes overall."})
        rating.save(force_insert=True)
        record(Action.SIGN, "Rated a session", by=by, about=rating, client_id=course.client_id)
    return rating


def _checked(items: Sequence[Item], scores: Mapping[str, int | None]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for item in items:
        points = scores.get(item.code)
        if points is not None and not 0 <= points <= item.most:
            raise ValidationError(f"{item.label}: rate it from 0 to {item.most}, or leave it not rated.")
        found[item.code] = points
    if all(points is None for points in found.values()):
        raise ValidationError("Rate at least one item: nothing was rated.")
    return found


# --- The form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line as the lead typed it; an empty label takes the item off the form."""

    label: str
    help: str = ""
    most: int | None = None


def change_rating_form(
    *, lines: Sequence[Line], number: int, seen: Seen | None = None, by: User
) -> RatingForm:
    """The next version. Each line stands in the place of the item that the form in force has there and keeps its code, so that
    competence over time goes on under a new name. `number` is the version that the page showed."""
    with refused():
        # Of two who change it at one moment the second meets the number of the first, and is told.
        before = form_in_force()
        if before.number != number:
            refuse_stale(None, seen, what_form_says(before))
        items = _items(before, lines)
        if items == before.items:
            raise ValidationError("Nothing has changed: this is the form as it stands.")
        row = RatingForm(number=before.number + 1, items=packed(items), by=by)
        row.save(force_insert=True)
        record(Action.CHANGE, "Changed the form on which sessions are rated", by=by)
    return row


def what_form_says(version: Version) -> dict[str, Any]:
    """By the names of the form's fields: every line that a form may have, the empty ones too."""
    says: dict[str, Any] = {}
    for place in range(1, MOST_ITEMS + 1):
        item = version.items[place - 1] if place <= len(version.items) else None
        says |= {
            f"label_{place}": item.label if item else "",
            f"help_{place}": item.help if item else "",
            f"most_{place}": item.most if item else None,
        }
    return says


def _items(before: Version, lines: Sequence[Line]) -> tuple[Item, ...]:
    items: list[Item] = []
    taken = {item.code for version in all_forms().values() for item in version.items}
    for place, line in enumerate(lines, start=1):
        label = " ".join(tidied(line.label).split())
        if not label:
            continue
        if line.most is None or not 1 <= line.most <= MOST_POINTS:
            raise ValidationError({f"most_{place}": f"Say the highest points: from 1 to {MOST_POINTS}."})
        if any(item.label.lower() == label.lower() for item in items):
            raise ValidationError({f"label_{place}": "This item is on the form already."})
        for name, words, longest in (("label", label, 80), ("help", line.help, 300)):
            wrong = wrong_with(words, longest=longest)
            if wrong:
                raise ValidationError({f"{name}_{place}": wrong})
        old = before.items[place - 1] if place <= len(before.items) else None
        code = old.code if old else code_for(label, list(taken))
        taken.add(code)
        items.append(Item(code, label, " ".join(tidied(line.help).split()), line.most))
    if not items:
        raise ValidationError("A form has at least one item.")
    return tuple(items)
