"""The ending of a course: how many sessions are left, and what client and therapist look back on and plan for, in versions.
That a course ends, why and when is `courses.actions.end_course`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from access.words import tidied, wrong_with
from audit.models import Action
from audit.trail import record
from courses.holding import hold_open_course
from courses.models import Course, EndingPlan
from staff.models import User

LONGEST = 4000  # characters of a part
NEAR = 4  # sessions before the planned end, from which on the ending is counted down (IPT: named at least four before)


# --- The count --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Countdown:
    """How far a course is from its planned end. `planned` is None where no number is agreed, as in maintenance."""

    attended: int
    planned: int | None
    ends_on: date | None = None

    @property
    def left(self) -> int | None:
        """Sessions until the planned end; below 0 where more were held than planned."""
        return None if self.planned is None else self.planned - self.attended

    @property
    def is_near(self) -> bool:
        """Four or fewer are left: the ending is spoken of in every session."""
        return self.left is not None and self.left <= NEAR

    @property
    def words(self) -> str:
        """ "4 sessions left"; what to make of it where none are, or where no number is agreed."""
        if self.left is None:
            held = "1 session" if self.attended == 1 else f"{self.attended} sessions"
            return f"No number of sessions is agreed, {held} held"
        if self.left == 1:
            return "The last session is next"
        if self.left > 0:
            return f"{self.left} sessions left"
        if self.left == 0:
            return "No session is left: the last one planned was held"
        return f"{self.attended} sessions held, {-self.left} more than planned"


def countdown(
    course: Course, *, attended: int, agreed: int | None = None, ends_on: date | None = None
) -> Countdown:
    """`agreed` and `ends_on` are those of the contract that stands. A programme without phases is counted down only where a
    contract names a number: what it plans by itself is a guess."""
    planned = agreed if course.split is None else course.planned_sessions
    return Countdown(attended, planned, ends_on)


# --- The plan ---------------------------------------------------------------------------------------------------------


def standing_ending(course: Course) -> EndingPlan | None:
    """The version that stands, None before the first."""
    return EndingPlan.objects.filter(course=course).order_by("-number").select_related("written_by").first()


def what_it_says(plan: EndingPlan | None) -> dict[str, Any]:
    """The parts by name, as the page shows and changes them."""
    return {part: getattr(plan, part) if plan else "" for part in EndingPlan.PARTS}


def save_ending(
    *, course: Course, changes: Mapping[str, Any], by: User, seen: Seen | None = None
) -> EndingPlan:
    """A new version; what was written before stays readable. Where nothing was changed, the version that stands and no new
    one. `Stale` where somebody else has saved other words meanwhile."""
    with refused():
        fresh = hold_open_course(course.pk)
        before = standing_ending(fresh)
        refuse_stale(None, seen, what_it_says(before))
        wanted = {**what_it_says(before), **_kept(changes)}
        if before and wanted == what_it_says(before):
            return before
        _check(wanted)
        number = before.number + 1 if before else 1
        plan = EndingPlan.objects.create(course=fresh, number=number, written_by=by, **wanted)
        what = "Changed the ending" if before else "Wrote the ending"
        record(Action.CHANGE, what, by=by, about=plan, client_id=fresh.client_id)
    return plan


def changed_since(plan: EndingPlan, before: EndingPlan | None) -> dict[str, str]:
    """What the version before said where this one says something else, by part; empty for the first version."""
    if before is None:
        return {}
    earlier, now = what_it_says(before), what_it_says(plan)
    return {part: words for part, words in earlier.items() if now[part] != words}


def _kept(changes: Mapping[str, Any]) -> dict[str, str]:
    """With one kind of line end, and no space around the words."""
    return {part: tidied(str(words)) for part, words in changes.items() if part in EndingPlan.PARTS}


def _check(wanted: Mapping[str, str]) -> None:
    said = {part: wrong_with(words, longest=LONGEST) for part, words in wanted.items()}
    wrong = {part: why for part, why in said.items() if why}
    if not any(wanted.values()):
        wrong["what_changed"] = "Write at least one part of the ending."
    if wrong:
        raise ValidationError(wrong)
