"""What an administrator types about the words of a questionnaire."""

from typing import Any

from django import forms
from django.http import QueryDict

from access.forms import EditForm
from outcomes.measures import Measure
from outcomes.models import ClinicWording


class WordingForm(EditForm):
    """`number` is the version that the page shows, 0 where the clinic has entered nothing."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=30_000)
    stem = forms.CharField(
        label="What stands above the questions",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    licence = forms.CharField(
        label="Licence",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who allows the clinic to use these words, since when. It stands below the questionnaire.",
        error_messages={"required": "Say under which licence the clinic uses these words."},
    )

    def __init__(self, *args: Any, measure: Measure, number: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"number": number, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.measure = measure
        for place, name in enumerate(measure.items, start=1):
            self.fields[f"item_{place}"] = forms.CharField(
                label=f"{place}. {name}",
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": f"Write the words of question {place}, {name.lower()}."},
            )
        for option in measure.options:
            self.fields[f"label_{option.value}"] = forms.CharField(
                label=f"Answer {option.value}", max_length=120, required=False
            )

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        typed = self.cleaned_data
        return {
            "stem": typed["stem"],
            "items": [typed[f"item_{place}"] for place, _ in enumerate(self.measure.items, start=1)],
            "labels": [typed[f"label_{option.value}"] for option in self.measure.options],
            "licence": typed["licence"],
            "based_on": typed.get("number") or 0,
        }

    def sees(self, newest: ClinicWording | None) -> None:
        """After both wordings were shown, saving again is a choice."""
        if self.meanwhile is None:
            return
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data[self.add_prefix("number")] = str(newest.number if newest else 0)
        self.data = data

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[f"item_{place}"] for place, _ in enumerate(self.measure.items, start=1)]

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[f"label_{option.value}"] for option in self.measure.options]
