"""The safety plan: a new version of it, and that somebody was given a copy. How its pages look is in safety_plan_views.py; what
must not be forgotten about it (a review that is due) is a flag of supervision."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from access.words import tidied, wrong_with
from audit import trail
from audit.models import Action
from courses.models import Course
from database import locks
from outcomes.models import SafetyPlan, SafetyPlanCopy
from outcomes.models.plans import PARTS
from staff.models import User

TEXTS = (*PARTS, "may_share_with")
LONGEST = {**dict.fromkeys(PARTS, 4000), "may_share_with": 400}  # characters
LONGEST_WAIT = timedelta(days=366)


def standing_plan(course: Course) -> SafetyPlan | None:
    """The version of the course's plan that stands, None before the first."""
    return SafetyPlan.objects.filter(course=course).order_by("-number").select_related("written_by").first()


def what_it_says(plan: SafetyPlan | None) -> dict[str, Any]:
    """The plan by name of the form's fields, as its page shows and changes it."""
    texts = {name: getattr(plan, name) if plan else "" for name in TEXTS}
    return texts | {"review_on": plan.review_on if plan else None}


def save_safety_plan(
    *, course: Course, changes: Mapping[str, Any], by: User, seen: Seen | None = None
) -> SafetyPlan:
    """A new version of the plan; what was agreed before stays readable. Where nothing was changed, the version that stands and
    no new one. `Stale` where somebody else has saved other words meanwhile."""
    with refused():
        _one_at_a_time(course)
        before = standing_plan(course)
        refuse_stale(None, seen, what_it_says(before))
        wanted = {**what_it_says(before), **_kept(changes)}
        if before and wanted == what_it_says(before):
            return before
        _check(wanted)
        plan = SafetyPlan.objects.create(
            course=course, number=before.number + 1 if before else 1, written_by=by, **wanted
        )
        what = "Changed the safety plan" if before else "Wrote a safety plan"
        trail.record(Action.CHANGE, what, by=by, about=plan, client_id=course.client_id)
    return plan


def record_copy(
    *, course: Course, number: int | None = None, given_to: str, how: str, given_on: date, by: User
) -> SafetyPlanCopy:
    """That somebody was given a copy, of the version that stands or of the one named."""
    with refused():
        versions = SafetyPlan.objects.filter(course=course).order_by("-number")
        plan = (versions if number is None else versions.filter(number=number)).first()
        if plan is None:
            raise ValidationError({"number": "There is no such version of the plan."})
        if given_to not in SafetyPlanCopy.Who.values:
            raise ValidationError({"given_to": "Say who was given the copy."})
        if how not in SafetyPlanCopy.How.values:
            raise ValidationError({"how": "Say how the copy was given."})
        if given_on > timezone.localdate():
            raise ValidationError({"given_on": "This day lies ahead."})
        written = timezone.localdate(plan.written_at)
        if given_on < written:
            said = f"{written:%a} {written.day} {written:%b %Y}"
            raise ValidationError({"given_on": f"Version {plan.number} was written later, on {said}."})
        copy = SafetyPlanCopy.objects.create(
            plan=plan, course=course, given_to=given_to, how=how, given_on=given_on, by=by
        )
        trail.record(
            Action.CHANGE, "Gave a copy of the safety plan", by=by, about=plan, client_id=course.client_id
        )
    return copy


def changed_since(plan: SafetyPlan, before: SafetyPlan | None) -> dict[str, Any]:
    """What the version before said where this one says something else, by name; empty for the first version."""
    if before is None:
        return {}
    earlier, now = what_it_says(before), what_it_says(plan)
    return {name: value for name, value in earlier.items() if now[name] != value}


def _one_at_a_time(course: Course) -> None:
    """Two who write the plan of one course wait for each other. Not the course's own row: whoever carries a course that has
    ended may still write its plan, and may not lock it."""
    locks.hold(f"safety plan of {course.pk}")


def _kept(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The words as they are kept: with one kind of line end, and none around them."""
    return {name: tidied(value) for name, value in changes.items() if name in TEXTS or name == "review_on"}


def _check(wanted: Mapping[str, Any]) -> None:
    said = {name: wrong_with(wanted[name], longest=LONGEST[name]) for name in TEXTS}
    wrong = {name: why for name, why in said.items() if why}
    today, review_on = timezone.localdate(), wanted["review_on"]
    if review_on and review_on < today:
        wrong["review_on"] = "This day has passed: choose when you will look at the plan again."
    elif review_on and review_on > today + LONGEST_WAIT:
        wrong["review_on"] = "Choose a day within a year."
    if not any(wanted[name] for name in PARTS):
        wrong["warning_signs"] = "Write at least one part of the plan."
    if wrong:
        raise ValidationError(wrong)
