"""What a person types who refers themself. Short: a clinician asks the rest. No answer decides anything."""

import re
from datetime import date
from hashlib import sha256
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import ActionForm
from clients.models import Client
from outcomes.by_link_forms import BirthForm
from referrals.entry_actions import TICKS
from referrals.self_referral import YOUNGEST

REACH = "Write a phone number or an email address, so that the clinic can reach you."
ONLY_MAIL = "Tick that email is safe, or write a phone number: the clinic must be able to reach you."
CHANGED = "The clinic has changed these words meanwhile. Read them once more."

# In the person's own voice; the words for who works here stand on `ReferralWords`.
_IN_THEIR_VOICE = {
    "thoughts_of_harm": "I have thoughts of being better off dead, or of hurting myself",
    "might_harm_others": "I am afraid that I might harm somebody else",
    "is_being_harmed": "Somebody hurts me or frightens me",
    "child_at_risk": "I am worried about the safety of a child",
}


def _words(label: str, length: int, *, complete: str = "off", **kwargs: Any) -> forms.CharField:
    attributes = {"autocomplete": complete, **kwargs.pop("attrs", {})}
    widget = kwargs.pop("widget", forms.TextInput)(attrs=attributes)
    return forms.CharField(label=label, max_length=length, widget=widget, **kwargs)


def _tick(label: str, **kwargs: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, **{"required": False, **kwargs})


def mark_of(consent_words: str) -> str:
    """By it the page knows to which words somebody agreed."""
    return sha256(consent_words.encode()).hexdigest()[:16]


class SelfReferralForm(ActionForm, BirthForm):
    """`too_young` and `is_a_trap` keep nothing: the first is told who to turn to, the second thanked as if all were well."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "Open this page again."})
    first_name = _words("First name", 80, complete="given-name")
    last_name = _words("Last name", 80, complete="family-name")
    phone = _words("Phone", 40, complete="tel", required=False, attrs={"inputmode": "tel"})
    may_leave_message = _tick("It is safe to leave a message on this number")
    email = forms.EmailField(
        label="Email", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    may_email = _tick("It is safe to email me: nobody else reads my mail")
    best_times = _words("When is it best to reach you?", 200, required=False)
    gp_practice = _words("Your GP practice", 160, required=False)
    interpreter = _words("Do you need an interpreter? Which language?", 60, required=False)
    needs_evenings = _tick("I can only come in the evening")
    needs_video = _tick("I can only meet by video")
    needs_step_free = _tick("I need a room without steps")
    asks_for = forms.ChoiceField(
        label="Would you rather meet a woman or a man?",
        choices=[("", "I do not mind"), ("woman", "A woman"), ("man", "A man")],
        required=False,
    )
    problem = _words(
        "What brings you here?",
        4000,
        required=False,
        widget=forms.Textarea,
        attrs={"rows": 6},
        help_text="In your own words, as much or as little as you like.",
    )
    thoughts_of_harm = _tick(_IN_THEIR_VOICE["thoughts_of_harm"])
    might_harm_others = _tick(_IN_THEIR_VOICE["might_harm_others"])
    is_being_harmed = _tick(_IN_THEIR_VOICE["is_being_harmed"])
    child_at_risk = _tick(_IN_THEIR_VOICE["child_at_risk"])
    consent = _tick(
        "I agree",
        required=True,
        error_messages={"required": "Tick that you agree, so that we may keep this form."},
    )
    # Nobody sees it; a program that fills in whatever has a name does.
    website = _words("Leave this empty", 200, required=False, attrs={"tabindex": "-1"})

    too_young = False

    def __init__(self, *args: Any, consent_words: str, **kwargs: Any) -> None:
        self.mark = mark_of(consent_words)
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and len(re.sub(r"[^0-9]", "", phone)) < 6:
            raise ValidationError("Check the phone number.")
        return phone

    def clean(self) -> dict[str, Any]:
        try:
            self.cleaned_data = super().clean()
        except ValidationError as error:
            self.add_error(None, error)
        data = self.cleaned_data
        if data.get("consent") and self.data.get("agreed_to") != self.mark:
            self.add_error("consent", CHANGED)
        born = data.get("born")
        if born:
            self._check_age(born)
        if not (data.get("phone") or data.get("email")) and not self.has_error("phone"):
            if not self.has_error("email"):
                self.add_error("phone", REACH)
        elif data.get("email") and not data.get("phone") and not data.get("may_email"):
            self.add_error("may_email", ONLY_MAIL)
        return data

    def _check_age(self, born: date) -> None:
        today = timezone.localdate()
        if born > today:
            self.add_error("year", "This date lies in the future.")
        self.too_young = Client(date_of_birth=born).age(on=today) < YOUNGEST and born <= today

    @property
    def is_a_trap(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    @property
    def says_harm(self) -> bool:
        """One of the ticks is set, also on a form that cannot be sent yet."""
        return self.is_bound and any(self.data.get(name) for name in TICKS)

    def ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in TICKS]

    def needs(self) -> list[forms.BoundField]:
        return [self[name] for name in ("needs_evenings", "needs_video", "needs_step_free")]

    def person(self) -> dict[str, Any]:
        names = ("first_name", "last_name", "phone", "may_leave_message", "email", "may_email", "best_times")
        needs = ("gp_practice", "interpreter", "needs_evenings", "needs_video", "needs_step_free", "asks_for")
        values = {name: self.cleaned_data[name] for name in (*names, *needs)}
        return {**values, "date_of_birth": cast(date, self.cleaned_data["born"])}

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("problem", *TICKS)}
