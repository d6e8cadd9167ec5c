"""What is typed about a contract. What may be agreed is said by the action."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import EditForm, Meanwhile
from access.meanwhile import Stale
from courses.contract_actions import (
    missed_rule_of_the_clinic,
    proposed_end,
    standing_contract,
    what_contract_says,
)
from courses.models import Contract, Course
from staff.models import Weekday

NOTHING_CLINICAL = "Administrators read it: nothing clinical."


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=60, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )


class ContractForm(EditForm):
    """The sessions in their phases, the rhythm, the ending in sight, the rule for missed sessions, recording. A re-contract
    begins with what stands and asks why."""

    initial_sessions = _count("Initial")
    middle_sessions = _count("Middle")
    end_sessions = _count("End")
    planned = forms.IntegerField(
        label="Sessions in all",
        min_value=1,
        max_value=180,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    minutes = forms.IntegerField(
        label="Minutes of a session",
        min_value=5,
        max_value=300,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    frequency = forms.ChoiceField(label="How often", choices=Contract.Frequency.choices)
    weekday = forms.TypedChoiceField(
        label="Day",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "It varies"), *Weekday.choices],
    )
    at = forms.TimeField(
        label="Time",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends_on = forms.DateField(
        label="Ending in sight",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Counted from the sessions so far, without the days on which the clinic is closed. Leave it, and it follows"
        " when you change the sessions or the rhythm; write another day, and that day stands.",
    )
    missed_rule = forms.CharField(
        label="Missed sessions",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"What you agreed about sessions that are missed. {NOTHING_CLINICAL}",
    )
    recording = forms.ChoiceField(label="Recording of sessions", choices=Contract.Recording.choices)
    agreed_on = forms.DateField(
        label="Agreed with the client on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    reason = forms.CharField(
        label="Why the contract changes",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NOTHING_CLINICAL,
        error_messages={"required": "Say why the contract changes."},
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        self.course = course
        self.before = standing_contract(course)
        shows = what_contract_says(course, self.before)
        self.began = shows | ({} if self.before else self._proposed(course))
        super().__init__(*args, shows=shows, initial=self.began, **kwargs)
        for name in ("planned",) if course.split else ("initial_sessions", "middle_sessions", "end_sessions"):
            del self.fields[name]
        if self.before is None:
            del self.fields["reason"]

    @staticmethod
    def _proposed(course: Course) -> dict[str, Any]:
        """What a first contract begins with."""
        end = proposed_end(course, planned=course.planned_sessions, frequency="weekly", weekday=None)
        return {
            "minutes": 50,
            "frequency": "weekly",
            "weekday": None,
            "at": None,
            "ends_on": end,
            "missed_rule": missed_rule_of_the_clinic(),
            "recording": "not_asked",
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        split = self.split()
        if split is not None and None not in split and not 1 <= sum(split) <= 180:
            self.add_error("initial_sessions", "Agree from 1 to 180 sessions.")
        return self.cleaned_data

    def split(self) -> list[int] | None:
        """The three numbers; None for a programme without phases."""
        if not self.course.split:
            return None
        return [self.cleaned_data.get(f"{phase}_sessions") for phase in ("initial", "middle", "end")]  # type: ignore[misc]  # checked

    def agreed(self) -> dict[str, Any]:
        """What `agree_contract` asks for."""
        data = self.cleaned_data
        split = self.split()
        planned = sum(split) if split else data["planned"]
        names = ("minutes", "frequency", "weekday", "at", "missed_rule", "recording", "agreed_on")
        return {
            "split": split,
            "planned": planned,
            "ends_on": self._ends_on(planned),
            "reason": data.get("reason", ""),
            **{name: data[name] for name in names},
        }

    def _ends_on(self, planned: int) -> date | None:
        """As it was typed. Left as the page began it, it follows the sessions and the rhythm."""
        data: dict[str, Any] = self.cleaned_data
        typed: date | None = data["ends_on"]
        if typed != self.began["ends_on"] and typed is not None:
            return typed
        plan = (planned, data["frequency"], data["weekday"])
        if plan == (self.course.planned_sessions, self.began["frequency"], self.began["weekday"]) and typed:
            return typed
        return (
            proposed_end(self.course, planned=planned, frequency=data["frequency"], weekday=data["weekday"])
            or typed
        )

    def refuse(self, refusal: ValidationError) -> None:
        """A contract never changes, so it has no history: who agreed the one that stands is on its own row."""
        super().refuse(refusal)
        stands = standing_contract(self.course) if isinstance(refusal, Stale) else None
        if stands and isinstance(self.meanwhile, Meanwhile):
            self.meanwhile = replace(self.meanwhile, by=stands.agreed_by, at=stands.written_at)
