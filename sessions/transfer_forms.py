"""What is chosen when a course goes to another therapist, now or at a minute ahead."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import VersionedForm
from courses.actions import what_it_says
from courses.models import Course
from sessions.candidates import Candidate
from sessions.going_along import Clash, appointments_between, clashes_of
from sessions.slots import moment
from staff.models import User

ALONG = [("move", "Go along, where the new therapist is free"), ("leave", "Stay as they are: I sort them")]


def day_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def hour_field(**kwargs: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


def is_far_off(day: date) -> bool:
    """A slip of the year: no moment is made of it."""
    return abs(day - timezone.localdate()) > timedelta(days=800)


def in_one_line(candidate: Candidate) -> str:
    """A therapist as a list of choices shows them: places, leave, and what the client needs and they have not."""
    places = candidate.places
    parts = [f"{places.taken} of {places.most} taken"]
    if places.is_full:
        parts.append("full")
    if places.away_until:
        parts.append(f"away until {places.away_until:%d %b}")
    return f"{candidate.therapist.full_name} – {', '.join([*parts, *candidate.misfits])}"


class TransferForm(VersionedForm):
    """To whom, from when, and what becomes of the appointments. `clashes` are those that cannot go along; the tick that leaves
    them stands for these very ones."""

    therapist = forms.ChoiceField(error_messages={"required": "Choose a therapist."})
    day = day_field(label="From", required=False, help_text="Empty: from this minute on.")
    at = hour_field(label="Time", required=False, help_text="Empty: from the beginning of that day.")
    appointments = forms.ChoiceField(
        label="Appointments after that", choices=ALONG, initial="move", widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text="Administrators read it: write nothing clinical.",
        error_messages={"required": "Say why, in a few words."},
    )
    # Drawn by the page, which knows for which appointments it stands.
    leave_clashes = forms.CharField(required=False)

    def __init__(
        self, *args: Any, course: Course, carrier: User, candidates: Sequence[Candidate], **kwargs: Any
    ) -> None:
        super().__init__(*args, shows=what_it_says(course), version=course.version, **kwargs)
        self.course, self.carrier = course, carrier
        self.people = {str(each.therapist.pk): each.therapist for each in candidates}
        self.clashes: list[Clash] = []
        self.since: datetime | None = None
        self.until: datetime | None = None
        choices = [("", "Choose"), *((str(each.therapist.pk), in_one_line(each)) for each in candidates)]
        cast(forms.ChoiceField, self.fields["therapist"]).choices = choices

    def clean_therapist(self) -> User:
        return self.people[self.cleaned_data["therapist"]]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        self.since = self._moment("day", "at")
        if typed.get("at") and not typed.get("day") and "day" not in self.errors:
            self.add_error("day", "Write the day, too, or empty the time.")
        return typed

    def _moment(self, day: str, at: str) -> datetime | None:
        typed: date | None = self.cleaned_data.get(day)
        if typed is None or at in self.errors:
            return None
        if is_far_off(typed):
            self.add_error(day, "Check the year.")
            return None
        try:
            return moment(typed, self.cleaned_data.get(at) or time())
        except ValidationError as refusal:
            self.add_error(at, refusal)
            return None

    def look_at_appointments(self, *, now: datetime) -> bool:
        """Whether nothing asks to be decided first: every appointment can go along, or the tick says that those which cannot
        stay."""
        if self.cleaned_data["appointments"] == "move":
            sessions = appointments_between(self.course, self.carrier, self.since or now, self.until)
            self.clashes = clashes_of([(each, self.cleaned_data["therapist"]) for each in sessions])
        if not self.clashes or self.cleaned_data["leave_clashes"] == self.mark:
            return True
        said = [each.words for each in self.clashes]
        asked = "Move or cancel them first, or tick that they stay where they are."
        self.add_error("leave_clashes", ValidationError([*said, asked]))
        return False

    @property
    def mark(self) -> str:
        return hashlib.sha256("\n".join(each.words for each in self.clashes).encode()).hexdigest()[:16]

    def what(self) -> dict[str, Any]:
        """As the actions take it."""
        return {
            "therapist": self.cleaned_data["therapist"],
            "at": self.since,
            "reason": self.cleaned_data["reason"],
            "take_appointments": self.cleaned_data["appointments"] == "move",
            "leave_clashes": bool(self.clashes),
            "version": self.based_on(),
            "seen": self.what_was_seen(),
        }


class CoverForm(TransferForm):
    """For a time: until when, too."""

    until_day = day_field(
        label="Until",
        help_text="The course is back with its therapist from this minute on, by itself.",
        error_messages={"required": "Write the day on which the course goes back."},
    )
    until_at = hour_field(
        label="Time of return", required=False, help_text="Empty: from the beginning of that day."
    )
    field_order = ("therapist", "day", "at", "until_day", "until_at", "appointments", "reason")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        self.until = self._moment("until_day", "until_at")
        return typed

    def what(self) -> dict[str, Any]:
        return super().what() | {"until": self.until}


class CallOffForm(VersionedForm):
    """What is planned does not come."""

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, shows=what_it_says(course), version=course.version, **kwargs)
