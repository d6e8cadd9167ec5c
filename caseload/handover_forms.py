"""What is typed to plan that a therapist's courses go to others, and to change the plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from access.forms import ActionForm, EditForm
from caseload.handover import Takers, what_it_says
from courses.models import Course, HandOver
from sessions.slots import moment
from sessions.transfer_forms import day_field, hour_field, is_far_off
from staff.models import User

LEFT_OUT = ("", "Left out of the plan")


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text="Administrators read it: write nothing clinical.",
        error_messages={"required": "Say why, in a few words."},
    )


class BeginForm(ActionForm):
    """When and why; who gets what is proposed."""

    day = day_field(label="From", required=False, help_text="Empty: from the minute in which it is sent.")
    at = hour_field(label="Time", required=False, help_text="Empty: from the beginning of that day.")
    why = _reason()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        self.since = _moment(self)
        return typed


class ChangeForm(EditForm):
    """The whole plan: for each course to whom it goes, or that it is left out."""

    day = day_field(label="From", error_messages={"required": "Write the day."})
    at = hour_field(label="Time", error_messages={"required": "Write the time."})
    why = _reason()
    # Drawn by the page, which knows for what they stand.
    agreed = forms.BooleanField(required=False)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        plan: HandOver,
        courses: Sequence[Course],
        receivers: Mapping[UUID, UUID],
        takers: Takers,
        mark: str,
        **kwargs: Any,
    ) -> None:
        self.plan, self.courses, self.receivers = plan, courses, receivers
        self.people = {str(each.pk): each for each in takers.people}
        shows = {f"to_{course.pk}": "" for course in courses} | what_it_says(plan, receivers)
        super().__init__(*args, shows=shows, initial={"mark": mark}, **kwargs)
        places = {
            str(each.therapist.pk): f"{each.therapist.full_name} – {each.taken} of {each.most} taken"
            for each in takers.places
        }
        for course in courses:
            choices = [LEFT_OUT, *places.items()]
            standing = receivers.get(course.pk)
            if standing is not None and str(standing) not in places:
                choices.append((str(standing), "somebody who does not treat here any more"))
            self.fields[f"to_{course.pk}"] = forms.ChoiceField(
                label=f"Therapist for {course.client.name}",
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            self.initial[f"to_{course.pk}"] = str(standing or "")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        self.since = _moment(self)
        return typed

    def chosen(self) -> dict[UUID, User | None]:
        """Whom the page names for each course whose therapist is one of today's."""
        said = {course.pk: self.cleaned_data.get(f"to_{course.pk}", "") for course in self.courses}
        return {
            key: self.people.get(words) for key, words in said.items() if not words or words in self.people
        }

    @property
    def is_changed(self) -> bool:
        return (
            self.since != self.plan.at
            or self.cleaned_data["why"].strip() != self.plan.reason
            or any(
                (person.pk if person else None) != self.receivers.get(key)
                for key, person in self.chosen().items()
            )
        )


def _moment(form: Any) -> datetime | None:
    day, at = form.cleaned_data.get("day"), form.cleaned_data.get("at")
    if day is None:
        return None
    if is_far_off(day):
        form.add_error("day", "Check the year.")
        return None
    try:
        return moment(day, at or time())
    except ValidationError as refusal:
        form.add_error("at", refusal)
        return None
