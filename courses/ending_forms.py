"""What is typed about the ending of a course. What may be kept is said by courses.ending."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from access.forms import EditForm, Meanwhile
from access.meanwhile import Stale
from courses.ending import LONGEST, standing_ending, what_it_says
from courses.models import EndingPlan

# What to ask about for each part: Weissman, Markowitz and Klerman 2018 on ending, from general knowledge, in plain words.
HELP = {
    "what_changed": "What is different from the first weeks: in mood, with people, in what is done in a day? What brought it"
    " about? Let the client say it first.",
    "feelings": "How is it to stop? Sad, proud, worried, relieved: all of it is to be expected, and sadness now is no relapse.",
    "early_signs": "How did the last low spell begin? What would the client, and who is near, notice first?",
    "what_to_do": "Once a sign is there: what to do that day, whom to tell, when to ring the GP or the clinic.",
    "skills": "What the client does now that they did not do before: say what they want, ask for help, sit down and talk.",
    "supports": "Who is there, for what, and how they are reached. Who has been told that therapy ends?",
    "unresolved": "What is not as it should be yet, and what further help there is: another therapy, medication, a group.",
    "how_to_return": "Whom to call, whether a new referral is needed, and whether follow-up sessions are agreed.",
}


def title_of(part: str) -> str:
    field = EndingPlan._meta.get_field(part)
    return capfirst(str(field.verbose_name))  # type: ignore[union-attr]  # a column of the plan


def _part(name: str) -> forms.CharField:
    return forms.CharField(
        label=title_of(name),
        help_text=HELP[name],
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": f"{title_of(name)}: at most {LONGEST:,} characters."},
    )


class EndingForm(EditForm):
    """The ending in its eight parts, as it is looked at with the client."""

    what_changed = _part("what_changed")
    feelings = _part("feelings")
    early_signs = _part("early_signs")
    what_to_do = _part("what_to_do")
    skills = _part("skills")
    supports = _part("supports")
    unresolved = _part("unresolved")
    how_to_return = _part("how_to_return")

    def __init__(self, *args: Any, course: Any, **kwargs: Any) -> None:
        self.course = course
        super().__init__(*args, shows=what_it_says(standing_ending(course)), **kwargs)

    def parts(self) -> list[Any]:
        return [self[name] for name in EndingPlan.PARTS]

    def words(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def refuse(self, refusal: ValidationError) -> None:
        """A version never changes, so it has no history: who wrote the one that stands is on its own row."""
        super().refuse(refusal)
        plan = standing_ending(self.course) if isinstance(refusal, Stale) else None
        if plan and isinstance(self.meanwhile, Meanwhile):
            self.meanwhile = replace(self.meanwhile, by=plan.written_by, at=plan.written_at)
