"""What is typed about a formulation. What may be kept is said by the action."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import EditForm, Meanwhile
from access.meanwhile import Stale
from courses.formulation_actions import LONGEST, standing_formulation, what_formulation_says
from courses.models import Course


class FormulationForm(EditForm):
    """The formulation in the client's words, and when it was agreed. The session is proposed from those attended."""

    text = forms.CharField(
        label="Formulation",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Why the client feels low now, and what it has to do with the people in their life: in their words, as you"
        " gave it back to them.",
        error_messages={"required": "Write the formulation in the client’s words."},
    )
    agreed_on = forms.DateField(
        label="Agreed with the client on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Empty while it is not agreed yet.",
    )
    agreed_at_session = forms.IntegerField(
        label="At session",
        required=False,
        min_value=1,
        max_value=180,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        self.course = course
        attended = course.sessions.numbered().count()
        proposed = {"agreed_on": timezone.localdate(), "agreed_at_session": attended or None}
        shows = what_formulation_says(standing_formulation(course))
        super().__init__(*args, shows=shows, initial=proposed, **kwargs)

    def refuse(self, refusal: ValidationError) -> None:
        """A version never changes, so it has no history: who wrote the one that stands is on its own row."""
        super().refuse(refusal)
        stands = standing_formulation(self.course) if isinstance(refusal, Stale) else None
        if stands and isinstance(self.meanwhile, Meanwhile):
            self.meanwhile = replace(self.meanwhile, by=stands.written_by, at=stands.written_at)
