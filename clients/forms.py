"""What is typed about a client, turned into dates and choices. What may be kept is said by the action."""

from typing import ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from access.forms import ActionForm, VersionedForm
from clients import nhs_number
from clients.actions import FIELDS
from clients.models import Client

_QUIET = {"autocomplete": "off"}


class _ClientForm(ActionForm, forms.ModelForm):
    """The whole page about a client. The instance that it fills is never saved: the action has the last word."""

    class Meta:
        model = Client
        fields = FIELDS
        widgets: ClassVar = {
            "first_name": forms.TextInput(attrs=_QUIET),
            "last_name": forms.TextInput(attrs=_QUIET),
            "date_of_birth": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "nhs_number": forms.TextInput(attrs={**_QUIET, "inputmode": "numeric"}),
            "phone": forms.TextInput(attrs={**_QUIET, "inputmode": "tel"}),
            "email": forms.EmailInput(attrs=_QUIET),
            "emergency_phone": forms.TextInput(attrs={**_QUIET, "inputmode": "tel"}),
            "address": forms.Textarea(attrs={**_QUIET, "rows": 3}),
            "must_not_be_told": forms.Textarea(attrs={"rows": 2}),
            "other_needs": forms.Textarea(attrs={"rows": 2}),
        }
        labels: ClassVar = {
            "must_not_be_told": "Who must not be told",
            "emergency_name": "Name",
            "emergency_relation": "Who they are to the client",
            "emergency_phone": "Phone",
        }
        help_texts: ClassVar = {
            "nhs_number": "Ten digits, if it is known.",
            "must_not_be_told": "People who must not learn that the client comes here.",
            "emergency_relation": "Partner, parent, friend …",
        }

    def clean_nhs_number(self) -> str | None:
        typed = self.cleaned_data["nhs_number"]
        try:
            return nhs_number.cleaned(typed) if typed else None
        except ValueError as error:
            raise ValidationError(str(error)) from error


class RegisterForm(_ClientForm):
    """With the tick that the similar clients, whose keys were shown, are somebody else."""

    anyway = forms.BooleanField(required=False, label="I have looked: this is somebody else")
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def looked_at(self) -> set[UUID]:
        """Keys of the clients whom the person has looked at; none without the tick."""
        if not self.cleaned_data["anyway"]:
            return set()
        keys = set()
        for word in self.cleaned_data["shown"].split():
            try:
                keys.add(UUID(word))
            except ValueError:
                continue
        return keys


class AlikeForm(forms.Form):
    """What is known so far of a person who is being typed in, under the names of the client's fields. What cannot be read yet
    counts as not known."""

    first_name = forms.CharField(required=False, max_length=80)
    last_name = forms.CharField(required=False, max_length=80)
    preferred_name = forms.CharField(required=False, max_length=80)
    date_of_birth = forms.DateField(required=False)
    phone = forms.CharField(required=False, max_length=40)
    nhs_number = forms.CharField(required=False, max_length=14)

    def clean_nhs_number(self) -> str | None:
        typed = self.cleaned_data["nhs_number"]
        try:
            return nhs_number.cleaned(typed) if typed else None
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def so_far(self) -> Client:
        """A client who is nowhere kept."""
        self.is_valid()
        return Client(**self.cleaned_data)


class EditForm(VersionedForm, _ClientForm):
    """The same page about a client who is registered."""
