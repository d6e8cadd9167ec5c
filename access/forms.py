"""Forms that hand their words to an action, and take its refusal back without losing one of them."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import pretty_name


class ActionForm(forms.Form):
    """A form whose refusals come from an action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            # Above the form, away from its field, "this field" says nothing.
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = f"{field.label or pretty_name(name)} is missing."

    def refuse(self, refusal: ValidationError) -> None:
        """Shows what the action refused: beside the field that it names, above the form where this page has no such field."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for field, errors in refusal.error_dict.items():
            self.add_error(field if field in self.fields and field != NON_FIELD_ERRORS else None, errors)


class VersionedForm(ActionForm):
    """Carries the version of the row as the person saw it. An action that finds another refuses with the code `stale`."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**9)

    def seen(self) -> int:
        """The version that was on the page; 0, which no row has, where it is missing."""
        return self.cleaned_data.get("version") or 0

    def refuse(self, refusal: ValidationError, *, version: int | None = None) -> None:
        """As above. What changed meanwhile has then been said, so the next try counts from the version that stands."""
        super().refuse(refusal)
        if version is not None and any(
            error.code == "stale" for errors in self.errors.as_data().values() for error in errors
        ):
            self.data = {name: self.data[name] for name in self.data} | {self.add_prefix("version"): version}
