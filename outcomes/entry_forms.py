"""What is typed about one questionnaire, a total, goals and an entry in error, turned into days, numbers and choices. What may
be entered is said by the actions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from access.forms import ActionForm
from courses.models import Goal
from outcomes.measures import GOAL_SCALE, Measure, Option, UnscoredQuestion
from outcomes.wording import Words

NO_ANSWER = ("", "No answer")
BETWEEN = ("", "No session, on a day")


def _day(label: str = "Day", **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        error_messages={"invalid": "Write the day, as 23/11/2026.", "required": "Write the day."},
        **kwargs,
    )


class AnswerField(forms.TypedChoiceField):
    """One of the answers that the form offers, as its value; None where it was left out, never a zero."""

    def __init__(self, what: str, options: Iterable[Option], **kwargs: Any) -> None:
        options = tuple(options)
        values = [option.value for option in options]
        self.is_bare = all(option.label == str(option.value) for option in options)  # numbers without words
        super().__init__(
            choices=[*((option.value, _said(option)) for option in options), NO_ANSWER],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            error_messages={
                "invalid_choice": f"{what}: choose an answer from {min(values)} to {max(values)}."
            },
            **kwargs,
        )


def _said(option: Option) -> str:
    return option.label if option.label == str(option.value) else f"{option.value} {option.label}"


class WhenForm(ActionForm):
    """When it was given: at a session, or on a day. `key` is the row that is made: a form which is sent twice makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    session = forms.ChoiceField(
        label="Given at",
        required=False,
        help_text="Sessions that are signed, or have this questionnaire already, are not offered.",
        error_messages={"invalid_choice": "That session is not offered any more: choose again."},
    )
    day = _day(help_text="For a session its own day is kept.")

    def __init__(self, *args: Any, sessions: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        choices = [BETWEEN, *((str(key), words) for key, words in sessions)]
        self.fields["session"].choices = choices  # type: ignore[attr-defined]  # a field of choices


class MeasureForm(WhenForm):
    """Every question of one measure, in the words that `words` says; the fields are `item_1` and so on."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": words.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.words = words
        measure = words.measure
        for number, wording in enumerate(words.items, start=1):
            self.fields[f"item_{number}"] = AnswerField(
                f"{measure.name} item {number}", words.options, label=wording
            )
        if _may_go_without_work(measure):
            self.fields["without_work"] = forms.BooleanField(label="Work does not apply", required=False)
        if measure.unscored:
            self.fields["unscored"] = _unscored_field(measure, measure.unscored)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("without_work") and typed.get("item_1") is not None:
            self.add_error("item_1", "Work has an answer, and does not apply: take one of them back.")
        return typed

    def given(self) -> dict[str, Any]:
        """As the actions take it."""
        typed = self.cleaned_data
        return {
            "answers": [typed[f"item_{number}"] for number, _ in enumerate(self.words.items, start=1)],
            "unscored": typed.get("unscored"),
            "without_work": typed.get("without_work", False),
            "version": self.words.version,
        }

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[f"item_{number}"] for number, _ in enumerate(self.words.items, start=1)]


class TotalForm(WhenForm):
    """A total that is known from paper."""

    total = forms.IntegerField(
        label="Total",
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={"required": "Write the total.", "invalid": "Write the total as a whole number."},
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["total"].help_text = f"From {measure.lowest_total} to {measure.highest_total}."
        if _may_go_without_work(measure):
            self.fields["without_work"] = forms.BooleanField(
                label="Work does not apply: the total is out of 32", required=False
            )

    def given(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"total": typed["total"], "without_work": typed.get("without_work", False)}


class StrikeForm(ActionForm):
    reason = forms.CharField(
        label="Why it was entered in error",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What happened, and what is right. It stays with the questionnaire.",
        error_messages={"required": "Say why it was entered in error."},
    )


class GoalForm(ActionForm):
    text = forms.CharField(
        label="Goal, in the client's words",
        max_length=200,
        help_text="One thing that the client wants to be different, as “See Ruth again”.",
        error_messages={"required": "Write the goal in the client's words."},
    )
    agreed_on = _day("Agreed on")


class RatingsForm(ActionForm):
    """How near each goal is on one day; a goal that is left out is not rated."""

    rated_on = _day("Rated on")

    def __init__(self, *args: Any, goals: Iterable[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = list(goals)
        options = [Option(value, str(value)) for value in range(GOAL_SCALE.lowest, GOAL_SCALE.highest + 1)]
        for goal in self.goals:
            self.fields[_name(goal)] = AnswerField("Rating", options, label=goal.text)

    def ratings(self) -> dict[UUID, int]:
        """By key of the goal, those that were given."""
        given = {goal.pk: self.cleaned_data.get(_name(goal)) for goal in self.goals}
        return {key: value for key, value in given.items() if value is not None}

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[_name(goal)] for goal in self.goals]


def _name(goal: Goal) -> str:
    return f"goal_{goal.pk}"


def _may_go_without_work(measure: Measure) -> bool:
    """The first question of the WSAS is about work, which not everybody has."""
    return measure.code == "wsas"


def _unscored_field(measure: Measure, question: UnscoredQuestion) -> AnswerField:
    return AnswerField(
        f"{measure.name}, the question that is not counted", question.options, label=question.wording
    )
