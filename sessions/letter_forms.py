"""What is typed on the page of a letter, and about a letter that was given out. A draft is never blocked: what signing needs is
asked by the action."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from access.forms import ActionForm
from sessions.forms import LineField, ProseField
from sessions.letter_parts import ABOUT, PARTS, TO
from sessions.models import LetterGiven
from sessions.note_forms import NoteForm


class NamesField(forms.MultipleChoiceField):
    """Names that are to stand in the letter. Which there are follows from what is written, so that any is taken."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, required=False, choices=())

    def valid_value(self, value: str) -> bool:
        return True


class LetterForm(NoteForm):
    """A letter: whether each part is used, and what it says. A part that is not used keeps its words."""

    IN_COLUMNS = ()
    about = forms.ChoiceField(label="Kind of letter", required=False, choices=list(ABOUT.items()))
    to = forms.ChoiceField(label="To", required=False, choices=list(TO.items()))
    address = ProseField(label="To whom, and where", rows=4)
    greeting = LineField(label="Begins with")
    kept_names = NamesField(label="Names that are to stand")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[f"use_{part.code}"] = forms.BooleanField(
                label=f"{part.label}: in the letter", required=False
            )
            self.fields[f"part_{part.code}"] = ProseField(label=part.label, rows=5)

    def _typed(self, name: str) -> Any:
        field, value = self.fields[name], self.cleaned_data.get(name)
        if isinstance(field, forms.BooleanField):
            return "1" if value else ""
        if isinstance(field, NamesField):
            return [str(each) for each in value or []]
        return super()._typed(name)

    def said(self) -> Mapping[str, Any]:
        """What stands on the page, typed or begun with, as a draft's form holds it."""
        return self.kept()["form"] if self.is_bound else self.initial

    def rows(self) -> list[dict[str, Any]]:
        """The parts as the page draws them, under the headings of the letter; what is empty takes little room."""
        to = str(self.said().get("to", ""))
        rows = []
        for part in PARTS:
            text = self[f"part_{part.code}"]
            text.field.label = text.label = part.heading(to)
            words = str(text.value() or "")
            lines = sum(1 + len(line) // 80 for line in words.splitlines())
            text.field.widget.attrs["rows"] = min(max(lines + 1, 2), 14)
            rows.append(
                {"part": part, "heading": part.heading(to), "use": self[f"use_{part.code}"], "text": text}
            )
        return rows


class GivenForm(ActionForm):
    """To whom a signed letter was given, how, and on which day."""

    to = forms.ChoiceField(
        label="Given to",
        choices=[("", "Choose"), *LetterGiven.To.choices],
        error_messages={"required": "Say to whom the letter was given."},
    )
    to_name = forms.CharField(
        label="Their name",
        required=False,
        max_length=120,
        help_text="Needed where it is neither the client nor the GP.",
    )
    how = forms.ChoiceField(
        label="How",
        choices=[("", "Choose"), *LetterGiven.How.choices],
        error_messages={"required": "Say how: by hand, by post, by email."},
    )
    given_on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        error_messages={"required": "Say on which day the letter was given."},
    )
