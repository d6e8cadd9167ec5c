"""What is chosen when a link to questionnaires is made."""

from typing import Any

from django import forms

from access.forms import ActionForm
from outcomes.models import Link


class LinkForm(ActionForm):
    measures = forms.MultipleChoiceField(
        label="Questionnaires",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one questionnaire."},
    )
    how = forms.ChoiceField(
        label="How",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the client gets the link."},
    )

    def __init__(
        self, *args: Any, offered: list[tuple[str, str]], preset: list[str], mail: str, **kwargs: Any
    ) -> None:
        """`mail` is the address that a mail would go to, empty where none may be sent."""
        hows = [(Link.How.HAND.value, "Hand it over now: a code to scan, and the address to copy")]
        if mail:
            hows.insert(0, (Link.How.MAIL.value, f"By mail, to {mail}"))
        kwargs["initial"] = {"measures": preset, "how": hows[0][0]}
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = offered  # type: ignore[attr-defined]  # a field of choices
        self.fields["how"].choices = hows  # type: ignore[attr-defined]  # a field of choices
