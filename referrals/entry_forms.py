"""What is typed when a referral arrives, turned into dates, choices and a letter. No field decides anything."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import ActionForm
from courses import lifecycle
from courses.models import PROGRAMMES
from referrals.entry_actions import TICKS
from referrals.letters import TOO_LARGE, Letter, read_letter
from referrals.models import Referral, ReferralWords, Way
from referrals.models.clinical import MOST_BYTES


class PageForm(ActionForm):
    """Carries the page's own key, by which a form that is sent twice is known."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "Open this page again."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


def _tick(name: str) -> forms.BooleanField:
    words = str(ReferralWords._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column of ours
    return forms.BooleanField(label=words[:1].upper() + words[1:], required=False)


class WordsForm(PageForm):
    """The problem, and what was said about harm."""

    problem = forms.CharField(
        label="What the difficulty is",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In the words of the person, or of who refers them.",
    )
    thoughts_of_harm = _tick("thoughts_of_harm")
    might_harm_others = _tick("might_harm_others")
    is_being_harmed = _tick("is_being_harmed")
    child_at_risk = _tick("child_at_risk")

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("problem", *TICKS)}

    def ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in TICKS]


class LetterForm(PageForm):
    """One letter, read from the request's memory."""

    letter = forms.FileField(
        label="Letter",
        help_text="PDF or JPEG, at most 10 MB.",
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg"}),
        error_messages={
            "required": "Choose a letter.",
            "empty": "There is nothing in this file. Choose the letter again.",
        },
    )

    def clean_letter(self) -> Letter | None:
        sent = self.cleaned_data["letter"]
        if not sent:
            return None
        if sent.size > MOST_BYTES:
            raise ValidationError(TOO_LARGE)  # its bytes were let go by
        return read_letter(sent.name, sent.read())

    @property
    def must_choose_again(self) -> bool:
        """A browser never sends the choice of a file back into a page."""
        return self.is_bound and "letter" in self.files


class EntryForm(LetterForm, WordsForm):
    """How a referral came and what it says, beside the person (`clients.forms.RegisterForm`)."""

    way = forms.ChoiceField(
        label="How it came",
        choices=[("", "Choose"), *(way for way in Way.choices if way[0] not in (Way.SELF, Way.UNKNOWN))],
        error_messages={"required": "Choose how the referral came."},
    )
    referral_source = forms.ChoiceField(
        label="Who referred",
        choices=[("", "Choose"), *lifecycle.REFERRAL_SOURCES],
        error_messages={"required": "Choose who referred."},
    )
    received_on = forms.DateField(
        label="Received on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    programme = forms.ChoiceField(
        label="Programme",
        choices=PROGRAMMES,
        initial="ipt16",
        help_text="As it was asked for; a therapist may change it.",
    )
    best_times = forms.CharField(
        label="When to reach them",
        max_length=Referral._meta.get_field("best_times").max_length,
        required=False,
        help_text="Nothing about the problem.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].required = False

    def arrival(self) -> dict[str, Any]:
        names = ("way", "referral_source", "received_on", "programme", "best_times", "letter", "key")
        return {name: self.cleaned_data[name] for name in names}


class WithdrawForm(ActionForm):
    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=300,
        help_text="Administrators read it: nothing clinical.",
        error_messages={"required": "Say why the letter is withdrawn."},
    )
