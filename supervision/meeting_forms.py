"""What is typed about a supervision meeting, and on the page of one case. A case is a draft as every note is: nothing is
required of it, nothing clinical is chosen beforehand, and what signing needs is asked by the action."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import VersionedForm
from sessions.decision_forms import CosignForm
from sessions.forms import LineField, ProseField
from sessions.note_forms import NoteForm
from sessions.slots import moment
from staff.models import User
from supervision.models import Meeting
from supervision.records import FOCUS, MOST_ACTIONS

SPARE = 1  # rows beyond those that are filled in


class MeetingForm(VersionedForm):
    """When, how long, which kind, and which therapists were there. `key` is the page's own: sent twice, it is one meeting."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    held_on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Write the day.", "invalid": "Write the day as 23/11/2026."},
    )
    held_time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 09:30."},
    )
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=5,
        max_value=480,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Write how many minutes, from 5 to 480."
        ),
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=Meeting.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose individual or group."},
    )
    people = forms.MultipleChoiceField(
        label="Who was there",
        widget=forms.CheckboxSelectMultiple,
        help_text="Therapists whom you supervise. Their open agenda comes on the list.",
        error_messages={"required": "Say who was there."},
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in people}
        self.fields["people"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (key, one.full_name) for key, one in self.known.items()
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("held_on") and typed.get("held_time"):
            try:
                self.held_at: datetime = moment(typed["held_on"], typed["held_time"])
            except ValidationError as refusal:
                self.add_error("held_time", refusal)
        return typed

    def said(self) -> dict[str, Any]:
        """As the actions take it."""
        return {
            "held_at": self.held_at,
            "minutes": self.cleaned_data["minutes"],
            "kind": self.cleaned_data["kind"],
            "people": [self.known[key] for key in self.cleaned_data["people"]],
        }


class CaseForm(NoteForm):
    """One case as it is discussed."""

    IN_COLUMNS = ("work", "next_time")

    work = ProseField(label="What was discussed", rows=6)
    focus_kept = forms.ChoiceField(label="Focus kept", required=False, choices=list(FOCUS.items()))
    risk_said = forms.ChoiceField(
        label="Risk discussed",
        required=False,
        choices=[("discussed", "Yes"), ("not_needed", "Not needed, why")],
    )
    risk_why = ProseField(label="What was said about risk, or why it needed no discussion", rows=2)
    next_time = ProseField(label="Decision", rows=3)

    def __init__(self, *args: Any, owners: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.full_name) for one in owners]
        for number in range(1, MOST_ACTIONS + 1):
            name = f"action_{number}"
            self.fields[f"{name}_what"] = LineField(label=f"Action {number}")
            self.fields[f"{name}_owner"] = forms.ChoiceField(
                label=f"Action {number}, who", required=False, choices=choices
            )
            self.fields[f"{name}_due"] = forms.DateField(
                label=f"Action {number}, by when",
                required=False,
                error_messages={"invalid": f"Action {number}: write the day as 23/11/2026."},
            )

    def is_blank(self) -> bool:
        """Who an action is for is chosen beforehand, and says nothing by itself."""
        kept = self.kept()
        said = {name: value for name, value in kept["form"].items() if not name.endswith("_owner")}
        return not any(str(value).strip() for value in [*kept["words"].values(), *said.values()])

    def say(self, missing: Mapping[str, str]) -> None:
        """What signing still needs, beside the fields of a page that was only opened."""
        self.full_clean()
        self.cleaned_data: dict[str, Any] = {}
        for name, words in missing.items():
            self.add_error(name, words)

    def rows(self) -> list[dict[str, Any]]:
        """The actions as the page draws them: those in which something stands, and a spare one."""
        filled = [
            number
            for number in range(1, MOST_ACTIONS + 1)
            if self[f"action_{number}_what"].value() or self[f"action_{number}_due"].value()
        ]
        shown = min(max(filled, default=0) + SPARE, MOST_ACTIONS)
        return [
            {
                "number": number,
                **{part: self[f"action_{number}_{part}"] for part in ("what", "owner", "due")},
            }
            for number in range(1, shown + 1)
        ]


class RecordSignForm(CosignForm):
    """The therapist's own signature, with a comment if they have one."""

    decision = None  # type: ignore[assignment]  # there is nothing to decide
    comment = ProseField(label="Comment, if you have one", rows=3)


def begun_now() -> dict[str, Any]:
    """A new meeting: this hour, as it is written up while it is held."""
    now = timezone.localtime()
    return {"held_on": now.date(), "held_time": now.time().replace(second=0, microsecond=0), "minutes": 60}
