"""What is typed about a letter that tells what became of a referral."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils import timezone

from access.forms import ActionForm
from courses.models import Course
from referrals.models import LetterTo
from referrals.outcome_letters import LONGEST, kinds_for


class LetterForm(ActionForm):
    """The letter in full. Which letter and to whom were chosen before, and are changed by choosing anew."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    kind = forms.ChoiceField(
        widget=forms.HiddenInput, error_messages={"required": "Choose which letter it is."}
    )
    to = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=LetterTo.choices,
        error_messages={"required": "Choose to whom it goes."},
    )
    body = forms.CharField(
        label="Letter",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="The clinic’s wording, to be changed as it fits. Write nothing clinical.",
        error_messages={"required": "Write the letter."},
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = kinds_for(course)


class SentForm(ActionForm):
    on = forms.DateField(
        label="Sent on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        error_messages={"invalid": "Write the day, as 23/11/2026.", "required": "Write the day."},
    )
