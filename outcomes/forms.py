"""What a person types about an alert. Answering questionnaires has its form on the page where a session is logged."""

from django import forms

from access.forms import ActionForm


class AcknowledgeForm(ActionForm):
    """Nothing is typed: the button says it."""


class CloseForm(ActionForm):
    what_was_done = forms.CharField(
        label="What was done",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was asked and said, who was told, what was agreed. It stays with the alert.",
        error_messages={"required": "Say what was done before you close the alert."},
    )


class TypedInErrorForm(ActionForm):
    what_was_done = forms.CharField(
        label="Why it was typed in error",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the client answered, and how you know.",
        error_messages={"required": "Say how the answer came to be typed in error."},
    )
