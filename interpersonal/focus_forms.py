"""What is typed about the focus: the area, and what each area asks for."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.forms import VersionedForm
from access.meanwhile import plain, same
from courses import protocol
from courses.actions import DAY_FIELDS, DETAILS
from courses.dates import ApproximateDateField, as_typed, read_approximate
from courses.models import FOCUS_AREAS, Course, Stage, Wanted
from interpersonal.focus_actions import OF_A_PERSON, Chosen, focus_with_people
from interpersonal.models import Person
from ui.widgets import Segments

# Each stage of a dispute in a line, after Klerman, Weissman and others 1984.
STAGES = {
    Stage.RENEGOTIATION: "They know that they differ and still talk about it. First calm both, then talk better.",
    Stage.IMPASSE: "Talking has stopped; silence and resentment. Bring the difference up again.",
    Stage.DISSOLUTION: "It cannot be mended. Mourn it, part, turn to others.",
}


def _text(label: str, longest: int, rows: int = 2, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


def _line(label: str, longest: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, **kwargs)


def _somebody(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", "Nobody chosen")],
        error_messages={"invalid_choice": "Choose a person of the relationships page."},
    )


class FocusForm(VersionedForm):
    """The main focus, and a second where there is one, each with what its area asks for."""

    area = forms.ChoiceField(
        label="Main focus",
        choices=FOCUS_AREAS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the main focus."},
    )
    about = _line("With whom or about what", 200, help_text="In a few words: “with Tom (partner)”.")
    second_area = forms.ChoiceField(
        label="Second focus", choices=[("", "No second focus"), *FOCUS_AREAS], required=False
    )
    second_about = _line("With whom or about what", 200)
    conflict_person = _somebody("With whom")
    stage = forms.ChoiceField(
        label="Stage of the conflict",
        required=False,
        choices=[("", "Not said yet"), *Stage.choices],
        widget=forms.RadioSelect,
    )
    own_expectations = _text("What the client expects of the other", 1000)
    their_expectations = _text("What the other expects of the client", 1000)
    grief_person = _somebody("Who died")
    relation = _line("Who they were to the client", 120, help_text="Mother, best friend, first child.")
    grief_on = ApproximateDateField(label="Date of death", required=False)
    anniversaries = _line(
        "Anniversaries and other hard days", 300, help_text="Birthdays, the day itself, Christmas."
    )
    old_role = _line("The old role", 300, help_text="What the client was: a nurse, married, healthy.")
    new_role = _line("The new role", 300, help_text="What the client is becoming, or is to become.")
    wanted = forms.ChoiceField(
        label="Was the change wanted?",
        required=False,
        choices=[("", "Not said yet"), *Wanted.choices],
        widget=Segments,
    )
    change_on = ApproximateDateField(label="When it changed", required=False)
    pattern = _text(
        "The pattern",
        2000,
        rows=4,
        help_text="Few or difficult relationships over a long time: how they begin and end, what repeats itself.",
    )
    agreed_on = forms.DateField(
        label="Agreed with the client on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    reason = forms.CharField(
        label="Why the focus changes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        error_messages={"required": "Say why, in a few words."},
        help_text="Asked for when the area, the main one or the person becomes another. Details need none.",
    )

    def __init__(
        self, *args: Any, course: Course, standing: list[Any], people: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, shows=focus_with_people(course), version=course.version, **kwargs)
        named = [(str(person.pk), f"{person.name} ({person.relationship})") for person in people]
        for name in OF_A_PERSON.values():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", "Nobody chosen"), *named]
        if not standing:
            del self.fields["reason"]

    def refuse(self, refusal: ValidationError) -> None:
        if "reason" in getattr(refusal, "error_dict", {}):  # only the action knows whether it is asked for
            refusal = ValidationError({"reason": self.fields["reason"].error_messages["required"]})
        super().refuse(refusal)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in DAY_FIELDS.values():  # compared and shown as it is typed
            if name in self.cleaned_data:
                day = self.cleaned_data[name]
                self.cleaned_data[name] = as_typed(*day) if day else ""
        if self.cleaned_data.get("second_about") and not self.cleaned_data.get("second_area"):
            self.add_error("second_area", "Choose the second focus, or empty the words beside it.")
        if "area" in self.cleaned_data:
            self._keep_words_of_others()
        return self.cleaned_data

    def _keep_words_of_others(self) -> None:
        """What was typed for an area that is not chosen would be lost: it is said instead. What stood there before stays on
        the row of the focus that ends."""
        shown = self.what_was_seen().shown
        chosen = {self.cleaned_data["area"], self.cleaned_data.get("second_area", "")}
        for area, names in FIELDS.items():
            if area in chosen:
                continue
            for name in names:
                typed = plain(self.cleaned_data.get(name) or "")
                if typed and not same(typed, shown.get(name, "")):
                    label = protocol.FOCUS_AREAS[area].label.lower()
                    self.add_error(name, f"This is asked for {label}: choose {label} above, or empty it.")

    def chosen(self) -> list[Chosen]:
        """The main focus, and the second where there is one."""
        pairs = [("area", "about"), ("second_area", "second_about")]
        return [
            Chosen(
                area=self.cleaned_data[area],
                about=self.cleaned_data[about],
                details=self._details(self.cleaned_data[area]),
                person=self.cleaned_data.get(OF_A_PERSON.get(self.cleaned_data[area], ""), ""),
            )
            for area, about in pairs
            if self.cleaned_data[area]
        ]

    def _details(self, area: str) -> dict[str, Any]:
        found = {
            name: self.cleaned_data.get(name, "") for name in DETAILS[area] if not name.startswith("happened")
        }
        if area in DAY_FIELDS:
            typed = self.cleaned_data.get(DAY_FIELDS[area])
            on, to = read_approximate(typed) if typed else (None, "day")
            found |= {"happened_on": on, "happened_to": to}
        return found

    def parts(self) -> list[dict[str, Any]]:
        """The fields of each area under its name, for the page."""
        return [
            {
                "code": area,
                "label": protocol.FOCUS_AREAS[area].label,
                "fields": [self[name] for name in names],
            }
            for area, names in FIELDS.items()
        ]

    @property
    def stages(self) -> list[dict[str, str]]:
        """The stages of a dispute, each explained in a line."""
        return [{"code": "", "label": "Not said yet", "words": ""}] + [
            {"code": stage.value, "label": str(stage.label), "words": words}
            for stage, words in STAGES.items()
        ]


FIELDS = {
    "conflict": ("conflict_person", "stage", "own_expectations", "their_expectations"),
    "life_change": ("old_role", "new_role", "wanted", "change_on"),
    "grief": ("grief_person", "relation", "grief_on", "anniversaries"),
    "isolation": ("pattern",),
}
