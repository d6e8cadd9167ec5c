"""What is chosen to allocate a course: a therapist, or a free time of one; and by what the list of therapists is narrowed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import VersionedForm
from courses.actions import what_it_says
from courses.models import Course
from sessions.free_slots import FreeSlot
from sessions.models import Mode
from staff.models import Role, Room, User

CHOOSE_AGAIN = "Choose a free time from the list."


@dataclass(frozen=True)
class ChosenSlot:
    therapist: User
    starts_at: datetime
    room: Room | None


def packed(therapist: User, slot: FreeSlot) -> str:
    """A free time as its button carries it."""
    return " ".join((str(therapist.pk), slot.starts_at.isoformat(), str(slot.room.pk) if slot.room else ""))


class NarrowForm(forms.Form):
    """Which therapists are listed, and how the first appointment would be held."""

    q = forms.CharField(label="Name of the therapist", required=False, max_length=80)
    mode = forms.ChoiceField(label="First appointment", choices=Mode.choices, required=False)
    fitting = forms.BooleanField(label="Only who fits and has a place", required=False)


class AllocateForm(VersionedForm):
    """To whom. Each therapist and each free time has a button of its own on the page, so that it can name both people."""

    therapist = forms.ModelChoiceField(
        queryset=User.objects.working().with_role(Role.THERAPIST),
        required=False,
        error_messages={"invalid_choice": "This person does not treat clients here. Choose another."},
    )
    slot = forms.CharField(required=False, max_length=160, strip=False)
    reason = forms.CharField(
        label="Reason",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text="Needed where all places are taken. Administrators read it: write nothing clinical.",
    )

    def __init__(self, *args: Any, course: Course, may_book: bool, **kwargs: Any) -> None:
        super().__init__(*args, shows=what_it_says(course), version=course.version, **kwargs)
        self.may_book = may_book

    def clean_slot(self) -> ChosenSlot | None:
        words = self.cleaned_data["slot"].split(" ")
        if words == [""]:
            return None
        try:
            therapist = User.objects.working().with_role(Role.THERAPIST).get(pk=UUID(words[0]))
            starts_at = datetime.fromisoformat(words[1])
            room = Room.objects.get(pk=UUID(words[2])) if words[2] else None
        except (ValueError, IndexError, OverflowError, User.DoesNotExist, Room.DoesNotExist):
            raise ValidationError(CHOOSE_AGAIN) from None
        is_near = starts_at.year - timezone.localdate().year in (0, 1)
        if not self.may_book or timezone.is_naive(starts_at) or not is_near:
            raise ValidationError(CHOOSE_AGAIN)
        return ChosenSlot(therapist, starts_at, room)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors and not typed.get("slot") and not typed.get("therapist"):
            self.add_error("therapist", "Choose a therapist.")
        return typed
