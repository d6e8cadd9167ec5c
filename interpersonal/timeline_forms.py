"""What is typed about an event of the timeline, turned into dates and choices."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from access.forms import VersionedForm
from courses.dates import ApproximateDateField
from interpersonal.models import Person, TimelineEntry
from interpersonal.timeline_actions import what_it_says


class EntryForm(VersionedForm):
    """One event. Begun with `shows`, it carries what stands; empty it is a new one."""

    kind = forms.ChoiceField(
        label="What kind",
        choices=TimelineEntry.Kind.choices,
        widget=forms.RadioSelect,
        help_text="Treatment is what was tried before or beside this therapy: medication, another therapy, a hospital.",
        error_messages={"required": "Choose what kind of event it is."},
    )
    title = forms.CharField(
        label="What happened",
        max_length=120,
        help_text="In a few words: “Mum died”, “Moved in with Tom”. The picture shows them.",
        error_messages={"required": "Write what happened."},
    )
    when = ApproximateDateField(
        label="When",
        help_text="4/3/2019, March 2019, or 2019.",
        error_messages={"required": "Write when it was, as exactly as is known."},
    )
    until = ApproximateDateField(
        label="Until", required=False, help_text="Only for something that lasted: a job, an episode."
    )
    goes_on = forms.BooleanField(label="It still goes on", required=False)
    person = forms.ChoiceField(
        label="With whom", required=False, help_text="One of the client’s relationships."
    )
    mood = forms.IntegerField(
        label="Mood then",
        min_value=0,
        max_value=10,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
        help_text="As the client rates it: 0 the worst, 10 the best.",
        error_messages={
            "min_value": "Rate the mood from 0 to 10.",
            "max_value": "Rate the mood from 0 to 10.",
            "invalid": "Rate the mood from 0 to 10.",
        },
    )
    effect = forms.CharField(label="What it did to mood", max_length=300, required=False)

    def __init__(
        self, *args: Any, people: Iterable[Person], entry: TimelineEntry | None, **kwargs: Any
    ) -> None:
        if entry is not None:
            kwargs |= {"shows": what_it_says(entry), "version": entry.version}
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        named = [(key, f"{person.name}, {person.relationship}") for key, person in self.people.items()]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", "Nobody in particular"), *named]
        if not named:
            self.fields["person"].help_text = "Nobody stands among the client’s relationships yet."

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("until") and self.cleaned_data.get("goes_on"):
            self.add_error("until", "Say when it ended, or that it still goes on: not both.")
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        """What the actions ask for."""
        names = ("kind", "title", "when", "until", "goes_on", "mood", "effect")
        person = self.people.get(self.cleaned_data["person"])
        return {"person": person, **{name: self.cleaned_data[name] for name in names}}
