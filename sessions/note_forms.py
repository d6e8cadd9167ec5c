"""What is typed on the pages of a contact note and of an addendum. As on the page of a session nothing here is required: a
draft is never blocked, what signing needs is asked by the action, and what cannot be read is kept as it was typed."""

from datetime import date, time
from typing import Any

from django import forms

from sessions.drafts import WORDS
from sessions.forms import DraftForm, LineField, ProseField
from sessions.models import ContactHow, ContactWith, Note, RiskAnswer

LONGEST_NAME = 120  # as the column


class NoteForm(DraftForm):
    """What contact notes and addenda have in common."""

    IN_COLUMNS: tuple[str, ...] = (
        *WORDS,
        "risk_answer",
    )  # of the note while it is a draft; all else lives in its `form`

    def kept(self) -> dict[str, Any]:
        """Everything that was typed, as the actions take it. Ask it before a refusal is put on a field."""
        self.is_valid()
        typed = {name: self._typed(name) for name in self.fields if name not in self.OF_THE_PAGE}
        return {
            **self.origin(),
            "words": {name: text for name, text in typed.items() if name in self.IN_COLUMNS},
            "form": {name: text for name, text in typed.items() if name not in self.IN_COLUMNS},
        }

    def is_blank(self) -> bool:
        """Nothing was typed yet."""
        kept = self.kept()
        return not any(str(value).strip() for value in [*kept["words"].values(), *kept["form"].values()])

    def _typed(self, name: str) -> str:
        """As typed; a day and a time that could be read are written in one way, however the browser wrote them."""
        value = self.cleaned_data.get(name)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return value if isinstance(value, str) and value else str(self.data.get(name, ""))


class ContactNoteForm(NoteForm):
    """A contact with the client, or about them, outside a session."""

    happened_on = forms.DateField(
        label="Day",
        required=False,
        error_messages={"invalid": "Write the day of the contact, as 23/11/2026."},
    )
    happened_time = forms.TimeField(
        label="Time", required=False, error_messages={"invalid": "Write the time of the contact, as 14:30."}
    )
    with_whom = forms.ChoiceField(label="With whom", required=False, choices=ContactWith.choices)
    who = LineField(label="Their name")
    how = forms.ChoiceField(label="How", required=False, choices=ContactHow.choices)
    work = ProseField(label="What was said", rows=7)
    next_time = ProseField(label="What follows")
    risk_answer = forms.ChoiceField(label="Risk", required=False, choices=RiskAnswer.choices)
    risk = ProseField(label="What has changed, or why you did not ask", rows=2)

    def clean_who(self) -> str:
        """Never cut short: what is signed is what was typed."""
        who = self.cleaned_data["who"]
        if len(who) > LONGEST_NAME:
            raise forms.ValidationError(
                f"A name has at most {LONGEST_NAME} characters: write the rest under what was said."
            )
        return who


class AddendumForm(NoteForm):
    """What is added to a signed note."""

    reason = ProseField(label="Why the note needs an addendum", rows=2)
    work = ProseField(label="What is to be added", rows=7)


def begun_with(note: Note) -> dict[str, Any]:
    """What the page of a kept draft begins with: the reverse of `NoteForm.kept`."""
    columns = {name: getattr(note, name) for name in NoteForm.IN_COLUMNS}
    return {**columns, **note.form, "based_on": note.version, "saved_at": note.saved_at}
