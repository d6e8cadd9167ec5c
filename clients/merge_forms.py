"""What is chosen when two records are merged."""

from collections.abc import Sequence
from typing import Any

from django import forms

from access.forms import ActionForm
from clients.merging import Difference


class MergeForm(ActionForm):
    """One choice for each field in which the two differ, beside why they are one person. `seen` is what the page showed."""

    reason = forms.CharField(
        label="How you know that they are one person",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say how you know that they are one person."},
        help_text="Kept on the trail of both, for whoever asks later.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, differences: Sequence[Difference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences = differences
        for each in differences:
            self.fields[_field(each)] = forms.ChoiceField(
                label=each.label, choices=each.choices, initial=each.proposed, required=False
            )

    @property
    def choices(self) -> list[tuple[Difference, forms.BoundField]]:
        return [(each, self[_field(each)]) for each in self.differences]

    def chosen(self) -> dict[str, str]:
        """By name of the client's field; where nothing was chosen, what the page proposed."""
        return {each.name: self.cleaned_data.get(_field(each)) or each.proposed for each in self.differences}


class PartForm(ActionForm):
    """A button; what speaks against it stands above."""


def _field(difference: Difference) -> str:
    return f"take_{difference.name}"
