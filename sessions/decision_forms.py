"""What is filled in about a signed note: a supervisor's decision, an entry in error. What is missing is said by the action,
beside its field; what was typed stays."""

from django import forms
from django.core.exceptions import ValidationError

from sessions.forms import ProseField
from sessions.models import CoSignature, ErrorKind

OWN_COURSE = "Choose one of your own open courses."
APPOINTMENT = "Choose an appointment from the list."


class _ActForm(forms.Form):
    """The action asks for what is missing, so nothing is required here."""

    def take(self, refusal: ValidationError) -> None:
        """Puts a refusal on its fields; what names no field of this page stands on top."""
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {"": [refusal]}
        for name, errors in by_field.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, ValidationError(errors))

    def typed(self, name: str) -> str:
        """As it was sent, also what no choice has."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class CosignForm(_ActForm):
    """Two buttons, one comment. `seen` is what lay before the supervisor: nobody co-signs an addendum unread."""

    decision = forms.ChoiceField(required=False, choices=CoSignature.Decision.choices)
    comment = ProseField(label="Comment to the author", rows=3)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    waits = True

    def show_now(self, seen: str, *, waits: bool) -> None:
        """The page shows what is there now: the next decision is about that."""
        self.data = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        self.data["seen"] = seen
        self.waits = waits


class ErrorForm(_ActForm):
    """What is wrong, and why it came to be."""

    kind = forms.ChoiceField(
        label="What is wrong", required=False, choices=ErrorKind.choices, widget=forms.RadioSelect
    )
    reason = ProseField(label="How it came to be", rows=3)


class CarryForm(_ActForm):
    """To which record, and there to which appointment; empty, to a session at the same time."""

    q = forms.CharField(required=False)
    to = forms.UUIDField(required=False, error_messages={"invalid": OWN_COURSE})
    into = forms.UUIDField(required=False, error_messages={"invalid": APPOINTMENT})
