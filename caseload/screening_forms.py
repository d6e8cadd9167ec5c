"""Several referrals given to one screener, as the list sends them."""

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from access.forms import ActionForm
from referrals.screeners import screeners


class _Ticks(forms.MultipleChoiceField):
    """Keys with versions, as "key.7"."""

    def validate(self, value: list[str]) -> None:
        if not value:
            raise ValidationError("Tick at least one referral.")
        for tick in value:
            _read(tick)


def _read(tick: str) -> tuple[UUID, int]:
    key, _, version = tick.partition(".")
    try:
        return UUID(key), int(version)
    except ValueError:
        raise ValidationError("Open this list again: one of the referrals could not be read.") from None


class GiveManyForm(ActionForm):
    courses = _Ticks(label="Referrals", widget=forms.MultipleHiddenInput)
    screener = forms.ModelChoiceField(
        label="Give to",
        queryset=screeners(),
        error_messages={
            "required": "Choose to whom the referrals are given.",
            "invalid_choice": "This person does not screen referrals here. Choose another.",
        },
    )

    def versions(self) -> dict[UUID, int]:
        return dict(_read(tick) for tick in self.cleaned_data["courses"])
