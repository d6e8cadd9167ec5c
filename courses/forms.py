"""What is typed about a course, turned into dates, numbers and choices. What may happen now is said by the actions."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from access import policy
from access.forms import ActionForm, VersionedForm
from courses import lifecycle, protocol
from courses.actions import never_accepted, plan_of, what_it_says
from courses.lifecycle import Status
from courses.models import PROGRAMMES, Course
from staff.models import User

# Treatment begins with its first session, and ends on the page that asks why.
_NOT_BY_HAND = {
    *((before, after) for before in Status for after in (Status.ENDED, Status.FOLLOW_UP)),
    (Status.WAITING, Status.IN_TREATMENT),
    # A clinician screens first.
    (Status.REFERRED, Status.WAITING),
}


def moves_by_hand(course: Course) -> list[tuple[str, str]]:
    """What the status page offers for this course, as choices in the order of a course's life."""
    return [
        (status.value, status.label)
        for status in Status
        if lifecycle.may_move(course.status, status)
        and (course.status, status) not in _NOT_BY_HAND
        and not (course.status == Status.NOT_TAKEN_ON and never_accepted(course))
    ]


def ends(course: Course) -> list[tuple[str, str]]:
    """How treatment may end from here."""
    words = {Status.ENDED: "The course is over", Status.FOLLOW_UP: "Follow-up sessions come, then it ends"}
    return [(to, said) for to, said in words.items() if lifecycle.may_move(course.status, to)]


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        **kwargs,
    )


def _reason(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        error_messages={"required": "Say why, in a few words."},
        **kwargs,
    )


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=60,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class PlanForm(ActionForm):
    """A programme and how many sessions each phase has."""

    programme = forms.ChoiceField(
        choices=PROGRAMMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a programme."},
    )
    initial_sessions = _count("Initial")
    middle_sessions = _count("Middle")
    end_sessions = _count("End")
    planned = forms.IntegerField(
        label="Sessions in all",
        min_value=1,
        max_value=180,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
        help_text="For maintenance, which has no phases; 12 if left empty.",
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        parts = self._parts()
        if self.errors or parts == [None, None, None]:
            return self.cleaned_data
        if None in parts:
            self.add_error("initial_sessions", "Write all three numbers, or leave all three empty.")
        elif sum(parts) < 1:
            self.add_error("initial_sessions", "Plan at least one session.")
        return self.cleaned_data

    def split(self) -> list[int] | None:
        """The three numbers, None where the programme's own are to be taken."""
        parts = self._parts()
        return None if None in parts else parts

    def _parts(self) -> list[Any]:
        return [self.cleaned_data.get(f"{phase}_sessions") for phase in protocol.PHASES]


class ProgrammeForm(VersionedForm, PlanForm):
    """Another programme or another split for a course that is open."""

    reason = _reason(label="Why it changes")

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        self.course = course
        super().__init__(*args, shows=plan_of(course), version=course.version, **kwargs)

    def split(self) -> list[int] | None:
        """Numbers that were left as they stood follow the programme when that changes."""
        split = super().split()
        if self.cleaned_data["programme"] != self.course.programme and split == self.course.split:
            return None
        return split


class ActOnCourseForm(VersionedForm):
    """Something is done to a course: it rests on what the page stated of it."""

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, shows=what_it_says(course), version=course.version, **kwargs)


class MoveForm(ActOnCourseForm):
    """The next status, out of those that are moved by hand. Of a referral nobody says here that IPT does not suit: that is said
    where it is screened."""

    to = forms.ChoiceField(
        label="New status",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the new status."},
    )
    end_reason = forms.ChoiceField(
        label="Why it is not taken on",
        choices=[("", "Choose"), *lifecycle.END_REASONS_NOT_TAKEN_ON],
        error_messages={"required": "Choose from the list why it ends."},
    )
    on = _day(label="Decided on")
    reason = _reason(label="Reason", help_text="Administrators read it: write nothing clinical.")

    def __init__(self, *args: Any, course: Course, by: User, **kwargs: Any) -> None:
        super().__init__(*args, course=course, **kwargs)
        if course.status == Status.REFERRED or not policy.may_decide_suitability(by, course):
            reasons = [
                reason
                for reason in lifecycle.END_REASONS_NOT_TAKEN_ON
                if reason[0] in lifecycle.ADMINISTRATIVE_REASONS
            ]
            cast(forms.ChoiceField, self.fields["end_reason"]).choices = [("", "Choose"), *reasons]
        choices = moves_by_hand(course)
        cast(forms.ChoiceField, self.fields["to"]).choices = choices
        if len(choices) == 1:
            self.initial["to"] = choices[0][0]
        self.closes = Status.NOT_TAKEN_ON in dict(choices)
        if not self.closes:
            del self.fields["end_reason"], self.fields["on"]
        elif len(choices) > 1:
            self.fields["end_reason"].required = self.fields["on"].required = False
        self.fields["reason"].required = all(lifecycle.needs_reason(course.status, to) for to, _ in choices)

    def move(self) -> dict[str, Any]:
        """What `move_course` asks for."""
        closing = self.cleaned_data["to"] == Status.NOT_TAKEN_ON
        return {
            "to": self.cleaned_data["to"],
            "reason": self.cleaned_data["reason"],
            "on": self.cleaned_data["on"] if closing else None,
            "end_reason": self.cleaned_data["end_reason"] if closing else "",
        }


class EndForm(ActOnCourseForm):
    """How and why treatment ended."""

    to = forms.ChoiceField(
        label="What comes now",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what comes now."},
    )
    end_reason = forms.ChoiceField(
        label="Why treatment ended",
        choices=[("", "Choose"), *lifecycle.END_REASONS_TREATED],
        error_messages={"required": "Choose from the list why it ends."},
    )
    on = _day(label="Last day")

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, course=course, initial={"end_reason": course.end_reason}, **kwargs)
        cast(forms.ChoiceField, self.fields["to"]).choices = ends(course)
