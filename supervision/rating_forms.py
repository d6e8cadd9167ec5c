"""What is typed on the form on which sessions are rated, and about the form itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict

from access.forms import ActionForm, Meanwhile, VersionedForm
from access.meanwhile import Stale
from supervision.models import Rating
from supervision.rating_form import MOST_ITEMS, MOST_POINTS, Item
from supervision.ratings import LONGEST_COMMENT, Line, Version, form_in_force, what_form_says

NOT_RATED = ""


@dataclass(frozen=True)
class Asked:
    """One item with its field."""

    item: Item
    field: BoundField


class RateForm(ActionForm):
    """The items of one version of the form, each with its points or not rated. It carries the version's number: who has it open
    while the lead changes the form goes on with what they see."""

    form = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**6)
    overall = forms.ChoiceField(
        label="Overall",
        choices=Rating.Overall.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the session passes overall."},
    )
    comment = forms.CharField(
        label="What you would say to the therapist",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What went well, what to try next. The therapist reads it.",
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        self.form_version = version
        super().__init__(*args, initial={"form": version.number}, **kwargs)
        for item in version.items:
            points = [(str(number), str(number)) for number in range(item.most + 1)]
            self.fields[f"item_{item.code}"] = forms.ChoiceField(
                label=item.label,
                required=False,
                choices=[*points, (NOT_RATED, "Not rated")],
                widget=forms.RadioSelect,
                initial=NOT_RATED,
                error_messages={
                    "invalid_choice": f"{item.label}: rate it from 0 to {item.most}, or leave it not rated."
                },
            )

    def asked(self) -> Iterator[Asked]:
        for item in self.form_version.items:
            yield Asked(item, self[f"item_{item.code}"])

    def said(self) -> dict[str, Any]:
        """What the action asks for."""
        typed = {item.code: self.cleaned_data[f"item_{item.code}"] for item in self.form_version.items}
        return {
            "form": self.form_version.number,
            "scores": {code: int(points) if points else None for code, points in typed.items()},
            "overall": self.cleaned_data["overall"],
            "comment": self.cleaned_data["comment"],
        }


@dataclass(frozen=True)
class Row:
    """One line of the form's form."""

    place: int
    label: BoundField
    help: BoundField
    most: BoundField
    is_used: bool

    @property
    def fields(self) -> tuple[BoundField, ...]:
        return self.label, self.most, self.help


class FormForm(VersionedForm):
    """The lines of the rating form, those that are free too."""

    def __init__(self, *args: Any, stands: Version, **kwargs: Any) -> None:
        self.stands = stands
        super().__init__(*args, shows=what_form_says(stands), version=stands.number, **kwargs)
        for place in range(1, MOST_ITEMS + 1):
            self.fields |= _line(place)

    def rows(self) -> list[Row]:
        return [
            Row(
                place,
                self[f"label_{place}"],
                self[f"help_{place}"],
                self[f"most_{place}"],
                place <= len(self.stands.items) or bool(self[f"label_{place}"].value()),
            )
            for place in range(1, MOST_ITEMS + 1)
        ]

    def lines(self) -> list[Line]:
        """What the action asks for."""
        data = self.cleaned_data
        return [
            Line(data[f"label_{place}"], data[f"help_{place}"], data[f"most_{place}"])
            for place in range(1, MOST_ITEMS + 1)
        ]

    def seen_number(self) -> int:
        """The version that the page showed; -1, which none has, where it is missing."""
        number = self.cleaned_data.get("version")
        return -1 if number is None else int(number)

    def refuse(self, refusal: ValidationError) -> None:
        """A version never changes, so it has no history: who wrote the one that stands is on its own row."""
        super().refuse(refusal)
        if isinstance(refusal, Stale):
            self.stands = form_in_force()
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix("version")] = str(self.stands.number)
            self.data = data
            if isinstance(self.meanwhile, Meanwhile):
                self.meanwhile = replace(self.meanwhile, by=self.stands.by, at=self.stands.at)


def _line(place: int) -> dict[str, forms.Field]:
    wide = {"class": "form-control"}
    return {
        f"label_{place}": forms.CharField(
            label=f"Item {place}", required=False, max_length=80, widget=forms.TextInput(attrs=wide)
        ),
        f"help_{place}": forms.CharField(
            label=f"What item {place} asks",
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs=wide),
        ),
        f"most_{place}": forms.IntegerField(
            label=f"Highest points, item {place}",
            required=False,
            min_value=1,
            max_value=MOST_POINTS,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", **wide}),
            error_messages={
                "min_value": f"Say the highest points of item {place}: from 1 to {MOST_POINTS}.",
                "max_value": f"Say the highest points of item {place}: from 1 to {MOST_POINTS}.",
                "invalid": f"Say the highest points of item {place}: from 1 to {MOST_POINTS}.",
            },
        ),
    }
