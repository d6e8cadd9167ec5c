"""What the client wants to be different: agreed and ended here. How near a goal is, is rated in `outcomes`."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.holding import hold_open_course
from courses.models import Course, Goal
from staff.models import User

GOALS = 3


def agree_goal(*, course: Course, text: str, agreed_on: date, by: User) -> Goal:
    """One more goal in the client's words, in the first free place of three. Raises ValidationError where all are taken, and
    where the same goal stands already."""
    with refused():
        fresh = hold_open_course(course.pk)
        words = " ".join(text.split())
        if not words:
            raise ValidationError({"text": "Write the goal in the client's words."})
        if agreed_on > timezone.localdate():
            raise ValidationError(
                {"agreed_on": f"{_day(agreed_on)} lies ahead. Choose today or an earlier day."}
            )
        if agreed_on < fresh.referred_on:
            raise ValidationError(
                {"agreed_on": f"The referral came later, on {_day(fresh.referred_on)}. Check the day."}
            )
        standing = list(Goal.objects.filter(course=fresh).current())
        if any(goal.text.casefold() == words.casefold() for goal in standing):
            raise ValidationError({"text": "This goal is agreed already."})
        free = [place for place in range(1, GOALS + 1) if place not in {goal.position for goal in standing}]
        if not free:
            raise ValidationError("Three goals are agreed already. End one before you agree another.")
        goal = Goal(course=fresh, text=words, position=free[0], agreed_on=agreed_on, agreed_by=by)
        goal.clean_fields(exclude=["course", "agreed_by"])
        goal.save(force_insert=True)
        record(Action.CREATE, "Agreed a goal", by=by, about=goal, client_id=fresh.client_id)
    return goal


def end_goal(*, goal: Goal, by: User) -> Goal:
    """The client works on it no more: met, given up or changed. Its ratings stay. ValidationError where it has ended before."""
    with refused():
        course = hold_open_course(goal.course_id)
        fresh = Goal.objects.select_for_update(of=("self",)).filter(pk=goal.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.ended_at:
            raise ValidationError("This goal has ended already. Nothing was changed.")
        fresh.ended_at = timezone.now()
        fresh.save(update_fields=["ended_at"])
        record(Action.CHANGE, "Ended a goal", by=by, about=fresh, client_id=course.client_id)
    return fresh


def _day(day: date) -> str:
    return date_format(day, "D j M Y")
