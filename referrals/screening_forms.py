"""What is typed when a referral is given to a screener and when it is decided. No answer is chosen beforehand."""

import re
from typing import Any, cast
from uuid import uuid4

from django import forms

from access.forms import EditForm, VersionedForm
from courses import lifecycle
from courses.models import FOCUS_AREAS, Course
from outcomes.measures import BY_CODE, Measure
from referrals.models import Suitability
from referrals.screeners import screeners
from referrals.screening import Scores, what_is_known, who_holds_it
from staff.models import User

FIRST_MEASURES = ("phq9", "gad7")
_SPACES = re.compile(r"[\s,;]+")


class GiveForm(VersionedForm):
    """To whom. Each screener has a button of their own, so that it can name both people."""

    screener = forms.ModelChoiceField(
        queryset=User.objects.none(),
        error_messages={
            "required": "Choose a screener.",
            "invalid_choice": "This person does not screen referrals here. Choose another.",
        },
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, shows=who_holds_it(course), version=course.version, **kwargs)
        cast(forms.ModelChoiceField, self.fields["screener"]).queryset = screeners()


class TakeBackForm(VersionedForm):
    """That nobody holds it any more: nothing is typed."""

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, shows=who_holds_it(course), version=course.version, **kwargs)


class DigitsField(forms.CharField):
    """The answers of a questionnaire as they are called out: a digit for each question, a dash for one left out. Empty where
    it was not asked."""

    def __init__(self, measure: Measure, **kwargs: Any) -> None:
        self.measure = measure
        super().__init__(
            label=measure.name,
            required=False,
            max_length=60,
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "class": "medium num", "spellcheck": "false"}
            ),
            help_text=f"{_in_words(len(measure.items))} digits from 0 to {measure.highest_answer}, a dash for a question that"
            " was left out.",
            **kwargs,
        )

    def answers(self, typed: str) -> list[int | None]:
        """One for each question; an empty list where nothing was typed."""
        marks = _SPACES.sub("", typed)
        if not marks:
            return []
        answers = [None if mark in "-–" else int(mark) if mark in "0123456789" else -1 for mark in marks]
        out_of_range = any(
            answer is not None and not 0 <= answer <= self.measure.highest_answer for answer in answers
        )
        if out_of_range or len(answers) != len(self.measure.items) or not any(a is not None for a in answers):
            raise forms.ValidationError(
                f"{self.measure.name}: write {len(self.measure.items)} digits from 0 to {self.measure.highest_answer},"
                f" with a dash for a question that was left out."
            )
        return answers

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        self.answers(typed)
        return typed


def _in_words(number: int) -> str:
    return {7: "Seven", 9: "Nine"}.get(number, str(number))


class ScreeningForm(EditForm):
    """What a clinician decides about a referral. It changes nothing that stands: what it showed is held against what came in
    meanwhile. First scores are asked where the reader may enter them."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    risk = forms.CharField(
        label="Risk: what the form says, and what you asked",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In plain words. If nothing is said about harm, write what you asked and what they answered.",
        error_messages={"required": "Write what was said about risk, or what you asked."},
    )
    done = forms.CharField(
        label="What was done",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A call, advice, a letter to the GP; or that nothing was needed, and why.",
        error_messages={"required": "Write what was done."},
    )
    suitability = forms.ChoiceField(
        label="Does IPT suit?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether IPT suits."},
    )
    likely_focus = forms.ChoiceField(
        label="Likely focus", choices=[("", "Not clear yet"), *FOCUS_AREAS], required=False
    )
    end_reason = forms.ChoiceField(
        label="If it does not suit: how it ends",
        choices=[("", "Choose"), *lifecycle.END_REASONS_NOT_TAKEN_ON],
        required=False,
        help_text="Administrators read this.",
    )
    reasons = forms.CharField(
        label="Why",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where it does not suit, or where more information is asked for.",
    )

    def __init__(self, *args: Any, course: Course, may_score: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, shows=what_is_known(course), **kwargs)
        offered = [
            choice
            for choice in Suitability.choices
            if course.is_open or choice[0] != Suitability.MORE_INFORMATION
        ]
        cast(forms.ChoiceField, self.fields["suitability"]).choices = offered
        if not course.is_open:
            del self.fields["end_reason"]
        if may_score and course.is_open:
            for code in FIRST_MEASURES:
                self.fields[code] = DigitsField(BY_CODE[code])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        decided = typed.get("suitability")
        if (
            decided == Suitability.NOT_SUITABLE
            and "end_reason" in self.fields
            and not typed.get("end_reason")
        ):
            self.add_error("end_reason", "Choose from the list how it ends.")
        if decided in (Suitability.NOT_SUITABLE, Suitability.MORE_INFORMATION) and not typed.get("reasons"):
            self.add_error("reasons", "Say why.")
        return typed

    @property
    def digits(self) -> list[forms.BoundField]:
        return [self[code] for code in FIRST_MEASURES if code in self.fields]

    def given(self) -> dict[str, Any]:
        """What `record_screening` asks for."""
        typed = self.cleaned_data
        is_refused = typed["suitability"] == Suitability.NOT_SUITABLE
        return {
            "key": typed["key"],
            "suitability": typed["suitability"],
            "risk": typed["risk"],
            "done": typed["done"],
            "likely_focus": typed["likely_focus"],
            "reasons": typed["reasons"],
            "end_reason": typed.get("end_reason", "") if is_refused else "",
            "scores": self._scores(),
        }

    def _scores(self) -> Scores:
        found = {
            code: cast(DigitsField, self.fields[code]).answers(self.cleaned_data[code])
            for code in FIRST_MEASURES
            if code in self.fields
        }
        return {code: answers for code, answers in found.items() if answers}
