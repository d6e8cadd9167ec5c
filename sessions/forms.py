"""What is typed on the page of one session, and how a page begins with what was typed before.

Nothing here is required: a draft is never blocked, and what signing needs is asked by the action, which also refuses text
that cannot be kept. A blank stays blank."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from courses import tasks, techniques
from courses.models import FOCUS_AREAS
from outcomes.measures import BY_CODE, Measure
from sessions.drafts import WORDS, keys_in
from sessions.models import APPOINTMENT_TYPES, ATTENDANCE, KINDS, PHASES, Mode, Note, RiskAnswer, Went
from sessions.slots import moment
from staff.models import Room, User

MEASURES: tuple[Measure, ...] = (BY_CODE["phq9"], BY_CODE["gad7"])
# The question that is printed with the PHQ-9 and never counted.
DIFFICULTY = [
    (str(option.value), option.label)
    for unscored in filter(None, [BY_CODE["phq9"].unscored])
    for option in unscored.options
]
NEXT_CHOICES = (("book", "Book this appointment"), ("none", "No next appointment now"))
# What the note keeps in columns of its own while it is a draft; all else lives in its `form`.
IN_COLUMNS = (*WORDS, "risk_answer", "went", "techniques", "tasks", "people")
CAME_OF = "came_of_"  # with the key of an action agreed in supervision: what came of it
WENT = (*Went.choices, ("", "Not asked"))
# Where a refusal speaks of an appointment, the page has its day.
ALIASES = {"next_starts_at": "next_on", "starts_at": "next_on", "room": "next_room"}


class ProseField(forms.CharField):
    """Free text as it was typed: nothing is stripped, and a line ends with one character whatever the browser sends.
    What cannot be kept is refused by the action, for drafts and for signing alike."""

    def __init__(self, *, label: str, rows: int = 3) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, required=False, strip=False, widget=widget)
        self.validators = []

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class PeopleField(forms.MultipleChoiceField):
    """People of the client's relationships. Whether they are this client's is asked by the action: a page that only saves
    does not load them."""

    def valid_value(self, value: Any) -> bool:
        return True


class AgreedField(PeopleField):
    """Actions agreed in supervision. Whether they are this course's is asked when the session is signed."""


class LineField(forms.CharField):
    """One line as it was typed. What cannot be kept is refused by the action, for drafts and for signing alike."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, required=False, strip=False)
        self.validators = []


class AnswerField(forms.IntegerField):
    """One answer of a questionnaire. A blank is no answer, never a zero."""

    def __init__(self, measure: Measure, number: int) -> None:
        low, high = measure.lowest_answer, measure.highest_answer
        super().__init__(required=False, min_value=low, max_value=high, label=f"{measure.name} item {number}")
        sentence = f"{measure.name} item {number}: write a number from {low} to {high}."
        self.error_messages["invalid"] = sentence
        for validator in self.validators:
            validator.message = sentence  # type: ignore[attr-defined]  # both are limits


class DraftForm(forms.Form):
    """What the page of any draft sends beside what was typed: the version that its writer saw, which page it is, how far the
    writer had come, whether they paused, and for whom the page was made."""

    based_on = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    window = forms.UUIDField(required=False)
    edits = forms.IntegerField(required=False, min_value=0, max_value=2**53)
    # Without script there is nothing but pauses, so a page that says nothing has paused.
    pause = forms.CharField(required=False)
    person = forms.UUIDField(required=False)

    OF_THE_PAGE: tuple[str, ...] = ("based_on", "window", "edits", "pause", "person")

    def origin(self) -> dict[str, Any]:
        """Where this save comes from, as `sessions.drafts.Typed` takes it."""
        self.is_valid()
        edits = self.cleaned_data.get("edits") or 0
        return {
            "based_on": self.cleaned_data.get("based_on"),
            # A page that does not count says nothing of how far it had come: what it sends twice is no repetition.
            "window": self.cleaned_data.get("window") if edits else None,
            "edits": edits,
            "is_pause": self.data.get("pause", "1") != "",
        }

    def kept(self) -> dict[str, Any]:
        """Everything that was typed, as `sessions.drafts.Typed` takes it. Each kind of note has a page of its own."""
        raise NotImplementedError

    def is_of(self, user: User) -> bool:
        """The page was made for this person, or says nothing about it."""
        self.is_valid()
        person = self.cleaned_data.get("person")
        return (person is None and not self.data.get("person")) or person == user.pk

    def take(self, refusal: ValidationError) -> None:
        """Puts a refusal on its fields; what names no field of this page stands on top."""
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {"": [refusal]}
        for name, errors in by_field.items():
            field = ALIASES.get(name, name)
            self.add_error(field if field in self.fields else None, ValidationError(errors))


class LogForm(DraftForm):
    """Everything on the page; the answers are `phq9_1` to `phq9_9` and `gad7_1` to `gad7_7`."""

    # The version of the session, beside that of the note: the office may have said something of it meanwhile.
    appointment = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    attendance = forms.ChoiceField(required=False, choices=ATTENDANCE)
    mode = forms.ChoiceField(label="How", required=False, choices=Mode.choices)
    minutes = forms.IntegerField(
        required=False,
        error_messages={"invalid": "Write how many minutes the session lasted, from 5 to 300."},
    )
    kind = forms.ChoiceField(label="Kind of session", required=False, choices=KINDS)
    appointment_type = forms.ChoiceField(
        label="NHS appointment type", required=False, choices=APPOINTMENT_TYPES
    )
    phase = forms.ChoiceField(required=False, choices=PHASES)
    phase_reason = forms.CharField(label="Why another phase", required=False, max_length=300)
    focus = forms.MultipleChoiceField(label="Focus of this session", required=False, choices=FOCUS_AREAS)
    phq9_difficulty = forms.ChoiceField(
        label="How difficult (not scored)", required=False, choices=[("", "Not asked"), *DIFFICULTY]
    )
    went = forms.ChoiceField(label="How the last task went", required=False, choices=WENT)
    went_words = ProseField(label="How it went", rows=2)
    event = LineField(label="Event of the week")
    week = ProseField(label="Mood and the week's events", rows=4)
    work = ProseField(label="Work done", rows=6)
    techniques = forms.MultipleChoiceField(
        label="Strategies and techniques",
        required=False,
        choices=[(technique.code, technique.label) for technique in techniques.BY_CODE.values()],
    )
    tasks = forms.MultipleChoiceField(
        label="Tasks done in this session",
        required=False,
        choices=[(task.code, task.label) for task in tasks.BY_CODE.values()],
    )
    people = PeopleField(label="People who came up", required=False)
    actions_done = AgreedField(label="Agreed in supervision, and done", required=False)
    next_time = ProseField(label="Between now and next time")
    reflection = ProseField(label="Private reflection", rows=4)
    share_reflection = forms.BooleanField(label="Share it with my supervisor", required=False)
    risk_answer = forms.ChoiceField(label="Risk", required=False, choices=RiskAnswer.choices)
    risk = ProseField(label="What has changed, or why you did not ask", rows=2)
    what_was_tried = ProseField(label="What was tried to reach the client", rows=2)
    next_choice = forms.ChoiceField(label="Next appointment", required=False, choices=NEXT_CHOICES)
    next_on = forms.DateField(label="Date of the next appointment", required=False)
    next_at = forms.TimeField(label="Time of the next appointment", required=False)
    next_mode = forms.ChoiceField(label="How, next time", required=False, choices=Mode.choices)
    next_room = forms.ModelChoiceField(
        label="Room of the next appointment", required=False, queryset=Room.objects.none()
    )

    OF_THE_PAGE = (*DraftForm.OF_THE_PAGE, "appointment")
    LISTS = ("techniques", "tasks", "people")

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[str, str]] = (),
        agreed: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]  # a field of choices
        self.fields["actions_done"].choices = agreed  # type: ignore[attr-defined]  # a field of choices
        self._ask_what_came_of(dict(agreed))
        rooms = Room.objects.in_use(on=timezone.localdate())
        self.fields["next_room"].queryset = rooms  # type: ignore[attr-defined]  # a field of rows
        for measure in MEASURES:
            for number, _ in enumerate(measure.items, start=1):
                self.fields[f"{measure.code}_{number}"] = AnswerField(measure, number)

    def _ask_what_came_of(self, agreed: Mapping[str, str]) -> None:
        """A line for each action agreed in supervision: those that the page knows, and those of which something was typed."""
        typed = [
            name.removeprefix(CAME_OF) for name in (*self.data, *self.initial) if name.startswith(CAME_OF)
        ]
        for key in dict.fromkeys([*agreed, *(str(one) for one in keys_in(typed))]):
            label = f"What came of “{agreed[key]}”" if key in agreed else "What came of it"
            self.fields[f"{CAME_OF}{key}"] = LineField(label=label)

    def kept(self) -> dict[str, Any]:
        """Everything that was typed, as `save_draft` and `sign_session` take it. Ask it before a refusal is put on a field."""
        self.is_valid()
        return {
            **self.origin(),
            "words": self._words(),
            "form": self._rest(),
            "answers": self.answers(),
            "reflection": self.cleaned_data["reflection"],
        }

    def answers(self) -> dict[str, list[int | None]]:
        """Each measure's answers in order, None for a blank and for what is no answer."""
        self.is_valid()
        return {
            measure.code: [
                self.cleaned_data.get(f"{measure.code}_{number}")
                for number, _ in enumerate(measure.items, start=1)
            ]
            for measure in MEASURES
        }

    def _words(self) -> dict[str, Any]:
        return {
            **{name: self.cleaned_data[name] for name in WORDS},
            "risk_answer": self.cleaned_data.get("risk_answer", ""),
            "went": self.cleaned_data.get("went", ""),
            **{name: self._typed_list(name) for name in self.LISTS},
        }

    def _rest(self) -> dict[str, Any]:
        """Everything else as it was typed, also what could not be read, so that the page comes back as it was left."""
        kept: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name in (*IN_COLUMNS, *self.OF_THE_PAGE, "reflection"):
                continue
            if isinstance(field, AnswerField) and name not in self.errors:
                continue
            if isinstance(field, forms.MultipleChoiceField):
                kept[name] = self._typed_list(name)
            else:
                kept[name] = str(self.data.get(name, ""))
        return kept

    def _typed_list(self, name: str) -> list[str]:
        data = self.data
        return list(data.getlist(name)) if isinstance(data, MultiValueDict) else list(data.get(name, []))

    # --- For signing alone ------------------------------------------------------------------------------------------------

    def next_appointment(self, *, minutes: int) -> dict[str, Any] | None:
        """When, how long, how and where; None where none is to be booked. Raises ValidationError by field."""
        typed = self.cleaned_data
        if typed.get("next_choice") != "book":
            return None
        if not typed.get("next_on"):
            raise ValidationError(
                {"next_on": "Write the date of the next appointment, or choose that there is none."}
            )
        if not typed.get("next_at"):
            raise ValidationError({"next_at": "Write the time of the next appointment."})
        try:
            starts_at = moment(typed["next_on"], typed["next_at"])
        except ValidationError as refusal:
            raise ValidationError({"next_at": refusal.messages}) from refusal
        return {
            "starts_at": starts_at,
            "minutes": minutes,
            "mode": typed.get("next_mode") or Mode.IN_PERSON,
            "room": typed.get("next_room"),
        }


def words_of(note: Note) -> dict[str, Any]:
    """What a draft keeps in columns of its own, as the page sends it."""
    words = {name: getattr(note, name) for name in IN_COLUMNS}
    return words | {"people": [str(key) for key in note.people]}


def begun_with(
    form: Mapping[str, Any], words: Mapping[str, Any], answers: Mapping[str, Sequence[int | None]]
) -> dict[str, Any]:
    """What the page of a kept draft begins with: the reverse of `LogForm.kept`."""
    digits = {
        f"{code}_{number}": answer
        for code, given in answers.items()
        for number, answer in enumerate(given, start=1)
        if answer is not None
    }
    return {**digits, **form, **words}


class ContactForm(forms.Form):
    """What was tried to reach a client who did not come."""

    what_was_tried = ProseField(label="What was tried to reach the client", rows=4)
