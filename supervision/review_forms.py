"""The form on which a flag is answered."""

from datetime import date, timedelta

from django import forms

from access.forms import ActionForm
from supervision.considering import MOST_DAYS_AHEAD


class ConsiderForm(ActionForm):
    reason = forms.CharField(
        label="What you considered",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why the flag may stand for now, in a sentence or two. Everybody who reads the course reads it.",
        error_messages={"required": "Say what you considered."},
    )
    until = forms.DateField(
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=f"The flag stays in sight until then, and speaks up again after it. At most {MOST_DAYS_AHEAD} days ahead.",
        error_messages={"required": "Say until when.", "invalid": "Enter a day."},
    )


def proposed_until(today: date, review_days: int) -> date:
    """The day by which the course is to be discussed again."""
    return today + timedelta(days=min(review_days, MOST_DAYS_AHEAD))
