"""What a person types about an alert. Answering questionnaires has its forms on the pages where they are entered."""

from uuid import uuid4

from django import forms

from access.forms import ActionForm
from outcomes.alert_actions import BY_HAND
from outcomes.models import ActKind


class AcknowledgeForm(ActionForm):
    """Nothing is typed: the button says it."""


class ActForm(ActionForm):
    """One act, after which the alert stays open or is closed: the button says which."""

    kind = forms.ChoiceField(
        label="What you did",
        choices=[("", "Choose"), *ActKind.choices],
        error_messages={
            "required": "Say what was done: choose from the list.",
            "invalid_choice": "Say what was done: choose from the list.",
        },
    )
    what_was_done = forms.CharField(
        label="In words",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was asked and said, who was told, what was agreed. It stays with the alert.",
        error_messages={"required": "Say what was done."},
    )
    follow_up_on = forms.DateField(
        label="Look again on",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Only where the alert stays open.",
    )


class TypedInErrorForm(ActionForm):
    what_was_done = forms.CharField(
        label="Why it was typed in error",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the client answered, and how you know.",
        error_messages={"required": "Say how the answer came to be typed in error."},
    )


class RaiseForm(ActionForm):
    """An alert by hand. `key` is the row that will be made, so that a form which is sent twice raises one alert."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": "Open this page again.", "invalid": "Open this page again."},
    )
    kind = forms.ChoiceField(
        label="What is it about?",
        choices=[(kind.value, kind.label) for kind in BY_HAND],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what the alert is about.",
            "invalid_choice": "Choose what the alert is about.",
        },
    )
    words = forms.CharField(
        label="What you noticed",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What was said or seen, in the words in which it was said, and what you have done so far.",
        error_messages={"required": "Say what you noticed."},
    )
