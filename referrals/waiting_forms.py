"""What is typed about a wait, turned into days, numbers and choices. What may happen now is said by the actions."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from access.forms import ActionForm, VersionedForm
from courses.models import Course, Priority
from referrals.models import AttemptHow, AttemptResult
from referrals.models.waiting import NOTHING_CLINICAL
from referrals.waiting import priority_of, what_stands


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _reason(**kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=300, help_text=NOTHING_CLINICAL, **kwargs)


class ActFields(ActionForm):
    """`act` gives what the action asks for."""

    def act(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class StillFields(ActFields):
    """Since when the clock stands still, and why."""

    starts_on = _day(label="Stands still from", initial=timezone.localdate)
    reason = _reason(label="Why", error_messages={"required": "Say why the clock stands still."})


class PauseFields(StillFields):
    """Also a pause that is over."""

    ends_on = _day(
        label="Ran again from", required=False, help_text="Leave empty while the clock stands still."
    )
    field_order = ("starts_on", "ends_on", "reason")


class ResumeFields(ActFields):
    ends_on = _day(label="Runs again from", initial=timezone.localdate)


class PriorityFields(ActFields):
    priority = forms.TypedChoiceField(
        label="Priority",
        choices=Priority.choices,
        coerce=int,
        error_messages={"required": "Choose a priority."},
    )
    reason = _reason(label="Why", error_messages={"required": "Say why, in a few words."})


class AttemptFields(ActFields):
    """How somebody tried to reach the person, when, and what came of it."""

    how = forms.ChoiceField(
        label="How", choices=AttemptHow.choices, error_messages={"required": "Say how you tried."}
    )
    result = forms.ChoiceField(
        label="What came of it",
        choices=AttemptResult.choices,
        initial=AttemptResult.NO_ANSWER,
        error_messages={"required": "Say what came of it."},
    )
    day = _day(label="Date", initial=timezone.localdate)
    at = forms.TimeField(
        label="Time",
        initial=lambda: timezone.localtime().time(),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as hours and minutes: 14:30."},
    )
    words = forms.CharField(
        label="In a few words", max_length=300, required=False, help_text=NOTHING_CLINICAL
    )

    def act(self) -> dict[str, Any]:
        typed = self.cleaned_data
        moment = timezone.make_aware(datetime.combine(typed["day"], typed["at"]))
        return {"at": moment, **{name: typed[name] for name in ("how", "result", "words")}}


class _OfOneCourse(VersionedForm):
    """One of several forms on a page, with names of its own for its controls. `address` is where it is sent."""

    name = ""
    address = ""

    def __init__(self, *args: Any, course: Course, shows: dict[str, Any]) -> None:
        super().__init__(*args, shows=shows, version=course.version, auto_id=f"{self.name}_%s")


class PauseForm(_OfOneCourse, PauseFields):
    name, address = "pause", "referrals:pause"

    def __init__(self, *args: Any, course: Course) -> None:
        super().__init__(*args, course=course, shows=what_stands(course))


class ResumeForm(_OfOneCourse, ResumeFields):
    name, address = "resume", "referrals:resume"

    def __init__(self, *args: Any, course: Course) -> None:
        super().__init__(*args, course=course, shows=what_stands(course))


class PriorityForm(_OfOneCourse, PriorityFields):
    name, address = "priority", "referrals:priority"

    def __init__(self, *args: Any, course: Course) -> None:
        super().__init__(*args, course=course, shows=priority_of(course))


class AttemptForm(AttemptFields):
    """`key` is the page's own, so that what is sent twice is logged once."""

    address = "referrals:attempt"
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, auto_id="attempt_%s")

    def act(self) -> dict[str, Any]:
        return super().act() | {"key": self.cleaned_data["key"]}
