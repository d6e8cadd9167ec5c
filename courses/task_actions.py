"""What somebody says by hand of a task of a phase (`courses.tasks`): done, not applicable, open again. What is ticked while a
session is logged stands in that session's note."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.refusals import refused
from audit.models import Action
from audit.trail import record
from courses import tasks
from courses.holding import hold_open_course
from courses.models import Course, TaskMark
from staff.models import User


def mark_task(
    *, course: Course, task: str, state: str, by: User, done_on: date | None = None, reason: str = ""
) -> TaskMark:
    """One more thing said of a task; what was said before stays. Done takes a day, today where none is given; not applicable
    a reason. ValidationError where it is no task, no state, or a day that cannot be."""
    with refused():
        fresh = hold_open_course(course.pk)
        if task not in tasks.BY_CODE:
            raise ValidationError("Choose one of the tasks on this page.")
        if state not in TaskMark.State.values:
            raise ValidationError({"state": "Say whether it is done, does not apply, or is open again."})
        words = reason.strip()
        if state == TaskMark.State.NOT_APPLICABLE and not words:
            raise ValidationError({"reason": "Say why it does not apply."})
        day = (done_on or timezone.localdate()) if state == TaskMark.State.DONE else None
        if day and day > timezone.localdate():
            raise ValidationError({"done_on": "This day lies ahead. Choose today or an earlier day."})
        if day and day < fresh.referred_on:
            raise ValidationError({"done_on": "The referral came later. Check the day."})
        mark = TaskMark(course=fresh, task=task, state=state, done_on=day, reason=words, by=by)
        mark.clean_fields(exclude=["course", "by"])
        mark.save(force_insert=True)
        what = f"Task of a phase: {tasks.BY_CODE[task].label}, {mark.get_state_display().lower()}"
        record(Action.CHANGE, what, by=by, about=mark, client_id=fresh.client_id)
    return mark
