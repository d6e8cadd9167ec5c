"""What was agreed in supervision that somebody does about a course: agreed, done or dropped, opened again, given another day or
another owner. A row of an action is held by its own lock: who supervises may not hold a course."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from access import policy
from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from access.words import tidied, wrong_with
from audit.models import Action
from audit.trail import record
from courses.models import Course, CourseAction
from staff.models import User

LONGEST = 300
LATEST = timedelta(days=366)  # a day further ahead is a slip of the year


def owners_of(course: Course, *, at: datetime | None = None) -> list[User]:
    """Who may own an action of the course: its therapist, who supervises them now, a deputy while the supervisor is away."""
    at = at or timezone.now()
    held = [
        one.therapist_id
        for one in course.allocations.all()
        if one.kind != "screening" and one.starts_at <= at and not (one.ends_at and one.ends_at <= at)
    ]
    therapists = list(User.objects.filter(pk__in=held, is_active=True).order_by("full_name"))
    above = policy.supervisors_of(held, at=at).exclude(pk__in=held).order_by("full_name")
    return [*therapists, *above]


def agree_action(
    *, course: Course, what: str, owner: User, due_on: date, by: User, held_on: date | None = None
) -> CourseAction:
    """One more action. `held_on` is the day of the meeting at which it was agreed, today where none is named: a meeting is
    written up later than it was held, and what was due since is agreed all the same; a day before it is a slip.
    ValidationError where the owner neither carries nor supervises the course, or the day cannot be."""
    with refused():
        words = " ".join(tidied(what).split())
        if not words:
            raise ValidationError({"what": "Write what is to be done."})
        if wrong := wrong_with(words, longest=LONGEST):
            raise ValidationError({"what": wrong})
        if not policy.may_discuss(by, course):
            raise ValidationError(NOT_YOURS, code="not_yours")
        _check_owner(course, owner)
        _check_day(due_on, earliest=min(held_on or timezone.localdate(), timezone.localdate()))
        action = CourseAction(course=course, what=words, owner=owner, due_on=due_on, agreed_by=by)
        action.save(force_insert=True)
        record(
            Action.CREATE, "Agreed an action in supervision", by=by, about=action, client_id=course.client_id
        )
    return action


def close_action(*, action: CourseAction, outcome: str, by: User, words: str = "") -> CourseAction:
    """Done, with words or without; dropped, with the reason. ValidationError where it is closed already."""
    with refused():
        fresh = _held(action.pk, by=by)
        said = tidied(words)
        if outcome not in CourseAction.Outcome.values:
            raise ValidationError({"outcome": "Say whether it is done or dropped."})
        if fresh.outcome:
            raise ValidationError(closed_already(fresh), code="closed_already")
        if outcome == CourseAction.Outcome.DROPPED and not said:
            raise ValidationError({"words": "Say why the action is dropped."})
        if wrong := wrong_with(said, longest=LONGEST):
            raise ValidationError({"words": wrong})
        fresh.outcome, fresh.words = outcome, said
        fresh.closed_at, fresh.closed_by = timezone.now(), by
        fresh.save(update_fields=["outcome", "words", "closed_at", "closed_by"])
        what = f"Action agreed in supervision: {fresh.get_outcome_display().lower()}"
        record(Action.CHANGE, what, by=by, about=fresh, client_id=fresh.course.client_id)
    return fresh


def reopen_action(*, action: CourseAction, by: User) -> CourseAction:
    """Not done after all. What came of it until now stays in the history. ValidationError where it is open."""
    with refused():
        fresh = _held(action.pk, by=by)
        if not fresh.outcome:
            raise ValidationError("This action is open already. Nothing was changed.")
        fresh.outcome, fresh.words, fresh.closed_at, fresh.closed_by = "", "", None, None
        fresh.save(update_fields=["outcome", "words", "closed_at", "closed_by"])
        record(
            Action.CHANGE,
            "Action agreed in supervision: open again",
            by=by,
            about=fresh,
            client_id=fresh.course.client_id,
        )
    return fresh


def change_action(
    *, action: CourseAction, due_on: date, owner: User, by: User, seen: Seen | None = None
) -> CourseAction:
    """Another day, another owner, or both; what is to be done stays as it was agreed. A day that is past may stay, a new one
    lies ahead. ValidationError where somebody changed it meanwhile (`seen`), or it is closed."""
    with refused():
        fresh = _held(action.pk, by=by)
        if fresh.outcome:
            raise ValidationError(closed_already(fresh), code="closed_already")
        if seen is not None:
            refuse_stale(fresh, seen, shown_of(fresh))
        if due_on != fresh.due_on:
            _check_day(due_on, earliest=timezone.localdate())
        if owner.pk != fresh.owner_id:
            _check_owner(fresh.course, owner)
        if (due_on, owner.pk) == (fresh.due_on, fresh.owner_id):
            return fresh
        fresh.due_on, fresh.owner = due_on, owner
        fresh.save(update_fields=["due_on", "owner"])
        record(
            Action.CHANGE,
            "Changed the day or the owner of an action",
            by=by,
            about=fresh,
            client_id=fresh.course.client_id,
        )
    return fresh


def shown_of(action: CourseAction) -> dict[str, object]:
    """What a form that changes the action shows of it, by its fields."""
    return {"due_on": action.due_on, "owner": str(action.owner_id)}


def closed_already(action: CourseAction) -> str:
    """That somebody closed it, and who."""
    assert action.closed_at is not None
    who = action.closed_by.full_name if action.closed_by else "somebody"
    on = date_format(timezone.localtime(action.closed_at), "D j M Y")
    return f"“{action.what}” is {action.get_outcome_display().lower()} already: {who}, {on}. Nothing was changed."


def _held(key: UUID, *, by: User) -> CourseAction:
    """The action as it stands, held until the transaction ends."""
    rows = CourseAction.objects.visible_to(by).select_for_update(of=("self",))
    fresh = rows.select_related("course", "owner").filter(pk=key).first()
    if fresh is None or not policy.may_close_action(by, fresh):
        raise ValidationError(NOT_YOURS, code="not_yours")
    return fresh


def _check_owner(course: Course, owner: User) -> None:
    if owner.pk not in {one.pk for one in owners_of(course)}:
        raise ValidationError(
            {"owner": "Choose the therapist of this course, or somebody who supervises them now."}
        )


def _check_day(day: date, *, earliest: date) -> None:
    if day < earliest:
        today = earliest == timezone.localdate()
        before = (
            "is past. Choose today or a later day." if today else "lies before the meeting. Check the day."
        )
        raise ValidationError({"due_on": f"{date_format(day, 'D j M Y')} {before}"})
    if day > timezone.localdate() + LATEST:
        raise ValidationError({"due_on": "This day is more than a year ahead. Check the year."})
