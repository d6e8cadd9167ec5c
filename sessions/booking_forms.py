"""What is typed to book, move and cancel an appointment, and to say what came of it."""

import hashlib
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from access.forms import EditForm, VersionedForm
from courses import protocol
from courses.lifecycle import Status
from courses.models import Course
from courses.transfers import carrier_at
from sessions.actions import YEARS_AHEAD
from sessions.models import APPOINTMENT_TYPES, KINDS, Mode
from sessions.slots import Slot, in_words, moment, what_speaks_against
from staff.models import Room, User

USUAL_MINUTES = 50
MINUTES = "Write how many minutes it lasts, from 5 to 300."
# Which field a refusal of the database is about.
_FIELD_OF = {"therapist_in_one_place": "at", "client_in_one_place": "at", "one_session_in_a_room": "room"}


class RoomChoice(forms.ModelChoiceField):
    def label_from_instance(self, room: Any) -> str:
        return f"{room.name}, step-free" if room.is_step_free else room.name


class SlotForm(VersionedForm):
    """A time and a place. `against` is what speaks against them, to be overruled by a tick that stands for these very
    sentences: what was ticked for one day does not hold for another."""

    day = forms.DateField(
        label="Date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), "Write the date of the appointment."),
    )
    at = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), "Write the time as hours and minutes: 14:30."),
    )
    minutes = forms.IntegerField(
        initial=USUAL_MINUTES,
        validators=[MinValueValidator(5, MINUTES), MaxValueValidator(300, MINUTES)],
        error_messages=dict.fromkeys(("required", "invalid"), MINUTES),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    mode = forms.ChoiceField(label="How", choices=Mode.choices, initial=Mode.IN_PERSON)
    room = RoomChoice(
        queryset=Room.objects.none(),
        required=False,
        empty_label="No room",
        help_text="For a session in person.",
    )

    # Drawn by the page, which knows the sentences that it stands for.
    all_the_same = forms.CharField(required=False)

    def __init__(self, *args: Any, course: Course, therapist: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course, self.client, self.therapist, self.now = course, course.client, therapist, now
        self.against: list[str] = []
        room = self.fields["room"]
        assert isinstance(room, forms.ModelChoiceField)
        room.queryset = Room.objects.in_use(on=timezone.localdate(now))
        if self.client.needs_step_free:
            room.help_text = f"{self.client.name} needs a step-free room."
        if not self.is_bound:
            self._look_at_the_proposal()

    def slot(self) -> dict[str, Any]:
        """When, how long, how and where, as the actions take it."""
        typed = self.cleaned_data
        return {"starts_at": self.starts_at} | {name: typed[name] for name in ("minutes", "mode", "room")}

    @property
    def mark(self) -> str:
        """What the tick carries: it stands for these sentences and no others."""
        return hashlib.sha256("\n".join(self.against).encode()).hexdigest()[:16]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate(self.now) + YEARS_AHEAD:
            raise ValidationError("Check the year of the appointment.")
        return day

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if {"day", "at"} - typed.keys():
            return typed
        try:
            self.starts_at = moment(typed["day"], typed["at"])
        except ValidationError as refusal:
            self.add_error("at", refusal)
            return typed
        if typed["day"] < self.course.referred_on:
            self.add_error(
                "day", f"The referral is of {in_words(self.course.referred_on)}: choose a later day."
            )
        room = typed.get("room")
        if room and room.ended_on and typed["day"] >= room.ended_on:
            self.add_error("room", f"{room.name} is not used from {in_words(room.ended_on)}.")
        if not self.errors:
            self.therapist = self.with_whom()
            self._look(self.starts_at, typed["minutes"], typed["mode"], room)
            if self.against and typed["all_the_same"] != self.mark:
                asked = [*self.against, "Choose another time, or tick that it is right all the same."]
                self.add_error("all_the_same", ValidationError(asked))
        return typed

    def with_whom(self) -> User:
        return self.therapist

    def refuse(self, refusal: ValidationError) -> None:
        field = _FIELD_OF.get(getattr(refusal, "code", None) or "")
        if field:
            self.add_error(field, refusal)
        else:
            super().refuse(refusal)

    def shown_day(self) -> Any:
        """The day that the page is about at the moment, None where none is typed."""
        return self.cleaned_data.get("day") if self.is_bound else self.initial.get("day")

    def _look_at_the_proposal(self) -> None:
        begun = self.initial
        if begun.get("day") and begun.get("at"):
            try:
                starts_at = moment(begun["day"], begun["at"])
            except ValidationError as refusal:
                self.against = refusal.messages
                return
            room = begun.get("room")  # a key where it is proposed, the room itself where it is booked
            if room is not None and not isinstance(room, Room):
                room = Room.objects.filter(pk=room).first()
            self._look(starts_at, begun["minutes"], begun["mode"], room)

    def _look(self, starts_at: datetime, minutes: int, mode: str, room: Room | None) -> None:
        self.against = what_speaks_against(
            starts_at,
            minutes,
            mode=mode,
            room=room,
            client=self.client,
            therapist=self.therapist,
            at=self.now,
        )


class BookForm(SlotForm):
    kind = forms.ChoiceField(label="Kind of session", choices=KINDS)
    appointment_type = forms.ChoiceField(
        label="NHS appointment type",
        choices=[("", "As the kind of session says"), *APPOINTMENT_TYPES],
        required=False,
        help_text="Types 02, 03 and 05 are treatment: the session takes a number once the client was seen.",
    )

    field_order = ("kind", "appointment_type", "day", "at", "minutes", "mode", "room")

    def with_whom(self) -> User:
        """Whoever carries the course then: it may go to somebody else before."""
        return carrier_at(self.course, self.starts_at) or self.therapist

    def what(self) -> dict[str, Any]:
        """Kind and type; where no type is chosen, the one that the kind proposes."""
        kind = self.cleaned_data["kind"]
        proposed = protocol.SESSION_KINDS[kind].appointment_type
        return {"kind": kind, "appointment_type": self.cleaned_data["appointment_type"] or proposed}


def booking_begins_with(course: Course, slot: Slot | None) -> dict[str, Any]:
    """What the booking page proposes: the same slot, and the kind that the course's status makes likely."""
    kind = {Status.FOLLOW_UP: "follow_up"}.get(Status(course.status), "treatment")
    if slot is None:
        return {"kind": "assessment" if course.started_on is None else kind}
    return {
        "kind": kind,
        "day": slot.day,
        "at": slot.at,
        "minutes": slot.minutes,
        "mode": slot.mode,
        "room": slot.room_id,
    }


class CancelForm(EditForm):
    code = forms.ChoiceField(
        label="Who cancelled?",
        choices=[("2", "The client, or somebody for them"), ("4", "The clinic")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who cancelled."},
    )


class AttendanceForm(EditForm):
    """The six answers are the same for every client: nothing on the page may tell who is at risk."""

    attendance = forms.ChoiceField(
        label="What came of it?",
        choices=[(one.code, one.long_label) for one in protocol.ATTENDANCE.values()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of the appointment."},
    )


class FindForm(forms.Form):
    """Begins of names or a client number."""

    q = forms.CharField(label="Name or client number", required=False, max_length=100)
