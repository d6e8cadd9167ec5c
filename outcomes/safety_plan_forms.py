"""What is typed about a safety plan. What may be kept is said by the actions."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from access.forms import ActionForm, EditForm, Meanwhile
from access.meanwhile import Stale
from outcomes.models import SafetyPlan, SafetyPlanCopy
from outcomes.models.plans import PARTS
from outcomes.safety_plan import standing_plan, what_it_says

# What to ask about for each part, in this clinic's own words.
HELP = {
    "warning_signs": "How does a bad hour begin? Thoughts, feelings, what the body does, times and places. In the client’s own"
    " words.",
    "coping": "What can be done at once and alone, without ringing anybody. Ask how likely it is to be done, and what could"
    " stand in the way.",
    "distraction": "Whom to be with and where to go so that the mind turns to something else. Nobody there needs to know why.",
    "people": "Who may be told that it is a bad hour, with their numbers. Ask too who must not stand here.",
    "professionals": "Therapist, GP, crisis team: numbers and hours. 999, NHS 111, Samaritans and Shout are printed anyway.",
    "environment": "What is at hand that could be used to do harm; who puts it out of reach, and by when. Ask directly.",
    "reasons": "People, animals, plans, beliefs: whatever holds. It is read best in the client’s own words.",
}


def title_of(part: str) -> str:
    """The heading of a part, as the client reads it."""
    field = SafetyPlan._meta.get_field(part)
    return capfirst(str(field.verbose_name))  # type: ignore[union-attr]  # a column of the plan


def _part(name: str) -> forms.CharField:
    return forms.CharField(
        label=title_of(name),
        help_text=HELP[name],
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": f"{title_of(name)}: at most 4,000 characters."},
    )


class PlanForm(EditForm):
    """The plan in its seven parts, as it is agreed with the client."""

    warning_signs = _part("warning_signs")
    coping = _part("coping")
    distraction = _part("distraction")
    people = _part("people")
    professionals = _part("professionals")
    environment = _part("environment")
    reasons = _part("reasons")
    review_on = forms.DateField(
        label="Look at it again on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day stands on the plan, and on Today once it has passed.",
    )
    may_share_with = forms.CharField(
        label="With whom it may be shared",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who may see or know the plan, as the client agreed: a partner, the GP, nobody.",
        error_messages={"max_length": "With whom it may be shared: at most 400 characters."},
    )

    def __init__(self, *args: Any, course: Any, **kwargs: Any) -> None:
        self.course = course
        super().__init__(*args, shows=what_it_says(standing_plan(course)), **kwargs)

    def parts(self) -> list[Any]:
        """The fields of the seven parts, in the order of the plan."""
        return [self[name] for name in PARTS]

    def words(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def refuse(self, refusal: ValidationError) -> None:
        """A version never changes, so it has no history: who wrote the one that stands is on its own row."""
        super().refuse(refusal)
        plan = standing_plan(self.course) if isinstance(refusal, Stale) else None
        if plan and isinstance(self.meanwhile, Meanwhile):
            self.meanwhile = replace(self.meanwhile, by=plan.written_by, at=plan.written_at)


class CopyForm(ActionForm):
    """To whom a copy was given, how and when."""

    number = forms.TypedChoiceField(
        label="Version", coerce=int, error_messages={"required": "Say of which version."}
    )
    given_to = forms.ChoiceField(
        label="Given to",
        choices=[("", "Choose"), *SafetyPlanCopy.Who.choices],
        error_messages={"required": "Say who was given the copy."},
    )
    how = forms.ChoiceField(
        label="How",
        choices=[("", "Choose"), *SafetyPlanCopy.How.choices],
        error_messages={"required": "Say how the copy was given."},
    )
    given_on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        error_messages={"required": "Say on which day the copy was given."},
    )

    def __init__(self, *args: Any, versions: list[SafetyPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [  # type: ignore[attr-defined]  # a choice field's
            (plan.number, f"Version {plan.number}" + (", which stands" if plan is versions[0] else ""))
            for plan in versions
        ]
