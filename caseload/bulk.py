"""One act on several people who wait: what it changes for each is shown before it is done, who is left out and why too, and
then it is done for all of them or for nobody. Each change is the act of one person's page (`referrals.waiting`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from access.refusals import refused
from courses.lifecycle import Status
from courses.models import Allocation, Course, Priority
from record.words import plural
from referrals.models import (
    AttemptHow,
    AttemptResult,
    ContactAttempt,
    LetterKind,
    LetterTo,
    OutcomeLetter,
)
from referrals.outcome_letters import wording, write_outcome_letter
from referrals.screeners import screeners
from referrals.screening import give_to_screener
from referrals.waiting import log_attempt, pause_wait, resume_wait, set_priority
from referrals.waiting_forms import ActFields, AttemptFields, PriorityFields, ResumeFields, StillFields
from staff.models import Clinic, User

# More than stand on a page of the list.
MOST_ROWS = 100

Typed = Mapping[str, Any]


@dataclass(frozen=True)
class BulkAct:
    """`why_not` says in words why somebody is left out, empty where they are not; without what is `typed`, as far as that is
    known. `change` gives what stands and what will. `is_done` tells what was sent twice from what was not done. `do` takes
    the course, what was typed, a key of its own, and by whom."""

    slug: str
    label: str
    form: type[ActFields]
    why_not: Callable[[Course, Typed | None], str]
    change: Callable[[Course, Typed], tuple[str, str]]
    is_done: Callable[[Course, Typed, UUID], bool]
    do: Callable[[Course, Typed, UUID, User], Any]


@dataclass(frozen=True)
class Planned:
    """What will happen to one of them, or why nothing will."""

    course: Course
    why_not: str
    before: str = ""
    after: str = ""


def planned(
    act: BulkAct, courses: Iterable[Course], typed: Typed | None
) -> tuple[list[Planned], list[Planned]]:
    """Those for whom it will be done, and those who are left out; the same order as they came in."""
    plans = [_plan(act, course, typed) for course in courses]
    return [plan for plan in plans if not plan.why_not], [plan for plan in plans if plan.why_not]


def with_what_is_asked(courses: QuerySet[Course]) -> QuerySet[Course]:
    """As `planned` takes them: a few questions for any number of people."""
    held = Allocation.objects.current(at=timezone.now()).select_related("therapist")
    return courses.select_related("client", "referral").prefetch_related(
        "wait_pauses", "contact_attempts", Prefetch("allocations", held)
    )


def act_on_many(
    *,
    act: BulkAct,
    courses: QuerySet[Course],
    versions: Mapping[UUID, int],
    typed: Typed,
    key: UUID,
    by: User,
) -> list[Course]:
    """Does it for everybody in `versions`, who are of `courses`, or raises ValidationError and does it for nobody: where
    somebody has changed since the preview, or cannot be acted on any more. Sent twice it is done once."""
    with refused():
        # In one order, so that two people who act on some of the same wait for each other and not crosswise.
        list(courses.filter(pk__in=versions).order_by("pk").select_for_update(of=("self",)))
        held = list(with_what_is_asked(courses.filter(pk__in=versions)).order_by("pk"))
        if len(held) < len(versions):
            raise ValidationError("Somebody of them is no longer yours to change. Nothing was done.")
        if all(act.is_done(course, typed, uuid5(key, str(course.pk))) for course in held):
            return held
        for course in held:
            _still_as_seen(act, course, versions[course.pk], typed)
        for course in held:
            act.do(course, typed, uuid5(key, str(course.pk)), by)
    return held


def _still_as_seen(act: BulkAct, course: Course, version: int, typed: Typed) -> None:
    why_not = _plan(act, course, typed).why_not
    if why_not:
        raise ValidationError(f"{course.client.name}: {why_not} Nothing was done, for nobody.")
    if course.version != version:
        raise ValidationError(
            f"Somebody has changed {course.client.name} meanwhile. Nothing was done, for nobody: look again."
        )


def _plan(act: BulkAct, course: Course, typed: Typed | None) -> Planned:
    if not course.waits:
        return Planned(course, f"{course.get_status_display()}: nobody waits in this course any more.")
    why_not = act.why_not(course, typed)
    if why_not or typed is None:
        return Planned(course, why_not)
    return Planned(course, "", *act.change(course, typed))


class ScreenerChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return str(person.full_name)


class ScreenerFields(ActFields):
    screener = ScreenerChoice(
        label="To whom", queryset=screeners(), error_messages={"required": "Choose a screener."}
    )


class LetterFields(ActFields):
    to = forms.ChoiceField(label="To whom", choices=LetterTo.choices, initial=LetterTo.CLIENT)


# --- The acts ---------------------------------------------------------------------------------------------------------


def _priority_why_not(course: Course, typed: Typed | None) -> str:
    if typed is None or typed["priority"] != course.priority:
        return ""
    return f"{course.get_priority_display()} already."


def _priority_is_done(course: Course, typed: Typed, key: UUID) -> bool:
    referral = getattr(course, "referral", None)
    has_reason = referral is None or referral.priority_reason == " ".join(typed["reason"].split())
    return course.priority == typed["priority"] and has_reason


def _pause_why_not(course: Course, typed: Typed | None) -> str:
    if course.paused_since:
        return f"The clock stands still already, since {_day(course.paused_since)}."
    if typed is None:
        return ""
    starts_on = typed["starts_on"]
    if starts_on < course.referred_on:
        return f"Was referred later, on {_day(course.referred_on)}."
    for pause in course.wait_pauses.all():
        if pause.ends_on and pause.ends_on > starts_on:
            return f"The clock stood still then already, to {_day(pause.ends_on)}."
    return ""


def _pause_change(course: Course, typed: Typed) -> tuple[str, str]:
    today, starts_on = timezone.localdate(), typed["starts_on"]
    return (
        f"runs, {plural(course.days_waited(on=today), 'day')}",
        f"stands still since {_day(starts_on)}, at {plural(course.days_waited(on=starts_on), 'day')}",
    )


def _resume_why_not(course: Course, typed: Typed | None) -> str:
    if not course.paused_since:
        return "The clock runs already."
    if typed is not None and typed["ends_on"] < course.paused_since:
        return f"The pause began later, on {_day(course.paused_since)}."
    return ""


def _resume_change(course: Course, typed: Typed) -> tuple[str, str]:
    today, since = timezone.localdate(), course.paused_since or timezone.localdate()
    days = course.days_waited(on=today)
    return (
        f"stands still since {_day(since)}, at {plural(days, 'day')}",
        f"runs from {_day(typed['ends_on'])}, {plural(days + (today - typed['ends_on']).days, 'day')}",
    )


def _resume_is_done(course: Course, typed: Typed, key: UUID) -> bool:
    ended = [pause.ends_on for pause in course.wait_pauses.all()]
    return course.paused_since is None and typed["ends_on"] in ended


def _attempt_change(course: Course, typed: Typed) -> tuple[str, str]:
    how, result = AttemptHow(typed["how"]).label, AttemptResult(typed["result"]).label.lower()
    return plural(len(course.contact_attempts.all()), "attempt"), f"one more: {how.lower()}, {result}"


def _held_by(course: Course) -> User | None:
    held = [each.therapist for each in course.allocations.all() if each.kind == Allocation.Kind.SCREENING]
    return held[0] if held else None


def _screener_why_not(course: Course, typed: Typed | None) -> str:
    if course.status != Status.REFERRED:
        return "Has been screened."
    holder = _held_by(course)
    if typed is not None and holder == typed["screener"]:
        return f"{typed['screener'].full_name} screens this referral already."
    return ""


def _screener_change(course: Course, typed: Typed) -> tuple[str, str]:
    holder = _held_by(course)
    return holder.full_name if holder else "nobody screens it yet", typed["screener"].full_name


def _letter_why_not(course: Course, typed: Typed | None) -> str:
    if typed is not None and typed["to"] == LetterTo.GP and not course.client.gp_name:
        return "No GP is known."
    return ""


def _letter(course: Course, typed: Typed) -> str:
    clinic = Clinic.objects.first() or Clinic()
    return wording(course, kind=LetterKind.NO_CONTACT, to=typed["to"], clinic=clinic)


def _letter_change(course: Course, typed: Typed) -> tuple[str, str]:
    home = "" if course.client.may_write_home else "not "
    body = " ".join(_letter(course, typed).split())
    return f"{home}safe to write home", f"a letter to {LetterTo(typed['to']).label.lower()}: {body[:160]} …"


ACTS = {
    act.slug: act
    for act in (
        BulkAct(
            slug="attempt",
            label="Log an attempt to reach them",
            form=AttemptFields,
            why_not=lambda course, typed: "",
            change=_attempt_change,
            is_done=lambda course, typed, key: ContactAttempt.objects.filter(pk=key).exists(),
            do=lambda course, typed, key, by: log_attempt(course=course, key=key, by=by, **typed),
        ),
        BulkAct(
            slug="priority",
            label="Set the priority",
            form=PriorityFields,
            why_not=_priority_why_not,
            change=lambda course, typed: (
                course.get_priority_display(),
                str(Priority(typed["priority"]).label),
            ),
            is_done=_priority_is_done,
            do=lambda course, typed, key, by: set_priority(course=course, by=by, **typed),
        ),
        BulkAct(
            slug="pause",
            label="Pause the clock",
            form=StillFields,
            why_not=_pause_why_not,
            change=_pause_change,
            is_done=lambda course, typed, key: course.paused_since == typed["starts_on"],
            do=lambda course, typed, key, by: pause_wait(course=course, by=by, **typed),
        ),
        BulkAct(
            slug="resume",
            label="Let the clock run again",
            form=ResumeFields,
            why_not=_resume_why_not,
            change=_resume_change,
            is_done=_resume_is_done,
            do=lambda course, typed, key, by: resume_wait(course=course, by=by, **typed),
        ),
        BulkAct(
            slug="screener",
            label="Give to a screener",
            form=ScreenerFields,
            why_not=_screener_why_not,
            change=_screener_change,
            is_done=lambda course, typed, key: _held_by(course) == typed["screener"],
            do=lambda course, typed, key, by: give_to_screener(course=course, by=by, **typed),
        ),
        BulkAct(
            slug="letter",
            label="Write the letter “We could not reach you”",
            form=LetterFields,
            why_not=_letter_why_not,
            change=_letter_change,
            is_done=lambda course, typed, key: OutcomeLetter.objects.filter(pk=key).exists(),
            do=lambda course, typed, key, by: write_outcome_letter(
                key=key,
                course=course,
                kind=LetterKind.NO_CONTACT,
                to=typed["to"],
                body=_letter(course, typed),
                by=by,
            ),
        ),
    )
}


def _day(day: date) -> str:
    return date_format(day, "D j M Y")
