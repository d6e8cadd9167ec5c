"""What a person answers to a signal."""

from django import forms

from access.forms import ActionForm
from outcomes.models import Considered


class ReviewForm(ActionForm):
    considered = forms.MultipleChoiceField(
        label="What was considered",
        choices=Considered.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whatever may stand in the way: tick what you thought about, alone or in supervision.",
        error_messages={"required": "Tick what you considered."},
    )
    plan = forms.CharField(
        label="The plan",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you will do or look at next, also where that is to go on as planned.",
        error_messages={"required": "Say what the plan is."},
    )
