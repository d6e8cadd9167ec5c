"""What is typed and chosen about the client's people. What may be kept is said by the actions."""

from typing import Any, cast

from django import forms

from access.forms import ActionForm, VersionedForm
from courses.dates import ApproximateDate, ApproximateDateField, as_typed, read_approximate
from interpersonal import circles
from interpersonal.actions import PLAIN_FIELDS, what_it_says
from interpersonal.models import Person, Picture

NOT_SAID = ("", "Not said")
RINGS = [
    ("", "Beside the circles, not placed"),
    *((str(r.number), f"{r.number} {r.name}") for r in circles.RINGS),
]
DIRECTIONS = [
    ("", "Where there is room"),
    *((code, words.capitalize()) for code, words in circles.DIRECTIONS.items()),
]


def _ring() -> forms.ChoiceField:
    return forms.ChoiceField(label="How close", choices=RINGS, required=False)


def _direction() -> forms.ChoiceField:
    return forms.ChoiceField(label="On which side of the client", choices=DIRECTIONS, required=False)


class PersonForm(ActionForm):
    """Everything that is asked about one person, in five groups. A name and a relationship are enough to begin with."""

    GROUPS = (
        ("Who it is", ("name", "relationship", "known_for", "lives_with", "has_died", "died", "in_therapy")),
        (
            "Contact and support",
            ("contact", "confides", "confides_about", "support_received", "support_given", "good", "hard"),
        ),
        ("Expectations", ("own_expectations", "own_met", "their_expectations", "their_met")),
        ("Change", ("changed_since", "wish_to_change", "linked_to_onset", "focus_area")),
        ("Where they stand", ("ring", "direction")),
    )

    died = ApproximateDateField(label="Date of death", required=False)
    ring = _ring()
    direction = _direction()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({name: _field(name) for name in PLAIN_FIELDS})
        self.fields["name"].error_messages["required"] = "Write a name, which need not be the real one."
        self.fields["relationship"].error_messages["required"] = "Write who they are to the client."
        self.fields["own_met"].label = "Is what the client expects met?"
        self.fields["their_met"].label = "Is what they expect met?"
        self.fields["confides"].label = "Does the client confide in them?"
        self.fields["confides_about"].label = "What about"
        self.fields["in_therapy"].initial = True

    def groups(self) -> list[tuple[str, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean_died(self) -> str:
        """As it is typed: that is how the page carries it and shows it beside somebody else's."""
        died: ApproximateDate | None = self.cleaned_data["died"]
        return as_typed(died.day, died.exact) if died else ""

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        died = read_approximate(typed["died"]) if typed["died"] else None
        return {**{name: typed[name] for name in (*PLAIN_FIELDS, "ring", "direction")}, "died": died}


def _field(name: str) -> forms.Field:
    column = cast(Any, Person._meta.get_field(name))
    field = cast(forms.Field, column.formfield())
    if column.choices:
        choices = [choice for choice in column.choices if choice[0]]
        first = ("", "Of none") if name == "focus_area" else NOT_SAID
        return forms.ChoiceField(label=field.label, choices=[first, *choices], required=False)
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = 2
    return field


class AddPersonForm(PersonForm):
    another = forms.BooleanField(label="This is somebody else of that name", required=False)

    @property
    def asks_for_another(self) -> bool:
        """Whether somebody of that name and relationship is on the list already."""
        return "another" in self.errors or bool(self.is_bound and self.data.get("another"))


class ChangePersonForm(VersionedForm, PersonForm):
    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, shows=what_it_says(person), version=person.version, **kwargs)


class PlaceForm(ActionForm):
    """Where somebody stands now: a place, or a ring and a direction; neither is beside the circles."""

    version = forms.IntegerField(
        min_value=0,
        max_value=10**9,
        widget=forms.HiddenInput,
        error_messages={"required": "Open this page again.", "invalid": "Open this page again."},
    )
    x = forms.FloatField(required=False, min_value=-1000, max_value=1000, widget=forms.HiddenInput)
    y = forms.FloatField(required=False, min_value=-1000, max_value=1000, widget=forms.HiddenInput)
    ring = _ring()
    direction = _direction()

    def where(self) -> dict[str, Any]:
        typed = self.cleaned_data
        ring = int(typed["ring"]) if typed["ring"] else None
        return {"x": typed["x"], "y": typed["y"], "ring": ring, "direction": typed["direction"]}


class ConcernForm(ActionForm):
    text = forms.CharField(
        label="What makes it unsafe, and what was agreed",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In the client’s words where you can. What is written here stays as it is.",
        error_messages={"required": "Write what makes it unsafe."},
    )


class ReasonForm(ActionForm):
    reason = forms.CharField(
        label="Why you read it",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It goes on the trail with your name and the time.",
        error_messages={"required": "Say why you read it, in a few words."},
    )


class PictureForm(ActionForm):
    moment = forms.ChoiceField(
        label="Which picture is it?",
        choices=Picture.Moment.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which picture it is."},
    )
    note = forms.CharField(
        max_length=200, required=False, help_text="What you want to remember of it, in a few words."
    )
