"""What an administrator types about people, hours, leave, lines, rooms and holidays."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from access.forms import ActionForm, EditForm
from people.actions import Hours, end_of, week_of
from staff.clinic_settings import BY_COLUMN
from staff.models import Clinic, Leave, Role, Room, SupervisionLine, User, Weekday

CLINICAL = [Role.THERAPIST, Role.SUPERVISOR, Role.LEAD]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _offer(form: forms.BaseForm, name: str, rows: Any, *, nobody: str) -> None:
    """The people that a field offers, and what it says while none is chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset, field.empty_label = rows, nobody


class RowForm(EditForm, forms.ModelForm):
    """Edits the columns of one row."""

    def __init__(self, *args: Any, instance: Model | None = None, **kwargs: Any) -> None:
        self.columns = self.columns_of()
        shows = self.shown_of(instance) if instance else {}
        super().__init__(*args, instance=instance, shows=shows, **kwargs)

    def columns_of(self) -> tuple[str, ...]:
        return tuple(self._meta.fields or ())

    def shown_of(self, row: Model) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.columns}

    def values(self) -> dict[str, Any]:
        """The columns of the row as typed."""
        return {name: self.cleaned_data[name] for name in self.columns}


class PersonForm(RowForm):
    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A person may hold several. Somebody without a role signs in and sees no client.",
    )

    class Meta:
        model = User
        fields = ("full_name", "email", "roles", "is_trainee", "places", "is_screener", "gender")
        labels: ClassVar[dict[str, Any]] = {"full_name": "Name"}
        help_texts: ClassVar[dict[str, Any]] = {"email": "They sign in with it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("full_name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_trainee") and Role.THERAPIST not in cleaned.get("roles", []):
            self.add_error("is_trainee", "A trainee is a therapist: tick that role too.")
        if cleaned.get("is_screener") and Role.THERAPIST not in cleaned.get("roles", []):
            self.add_error("is_screener", "Who screens referrals is a therapist: tick that role too.")
        return cleaned


class WeekForm(EditForm):
    """Working hours: two spans on each weekday or as many as there are, both ends or neither."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        week = week_of(person)
        super().__init__(*args, shows=week, **kwargs)
        self.spans = range(1, len(week) // (2 * len(Weekday)) + 1)
        for day in Weekday:
            for n in self.spans:
                for end in ("from", "to"):
                    self.fields[f"{day.name.lower()}_{n}_{end}"] = forms.TimeField(
                        required=False,
                        label=f"{day.label}, {'again ' if n > 1 else ''}{end}",
                        widget=TimeInput(),
                    )

    def rows(self) -> list[dict[str, Any]]:
        """One row a weekday, as the page shows it: its name and its fields."""
        return [
            {
                "name": day.label,
                "fields": [
                    self[f"{day.name.lower()}_{n}_{end}"] for n in self.spans for end in ("from", "to")
                ],
            }
            for day in Weekday
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for _, key in self._keys():
            if {f"{key}_from", f"{key}_to"} & self.errors.keys():
                continue
            starts, ends = cleaned[f"{key}_from"], cleaned[f"{key}_to"]
            if (starts is None) != (ends is None):
                missing = "to" if ends is None else "from"
                self.add_error(f"{key}_{missing}", "Write both times, or neither.")
            elif starts and ends <= starts:
                self.add_error(f"{key}_to", "Working hours end after they start.")
        return cleaned

    def hours(self) -> list[Hours]:
        return [
            (day, self.cleaned_data[f"{key}_from"], self.cleaned_data[f"{key}_to"])
            for day, key in self._keys()
            if self.cleaned_data[f"{key}_from"]
        ]

    def _keys(self) -> list[tuple[int, str]]:
        return [(int(day), f"{day.name.lower()}_{n}") for day in Weekday for n in self.spans]


class LeaveForm(ActionForm, forms.ModelForm):
    class Meta:
        model = Leave
        fields = ("starts_on", "ends_on", "cover")
        widgets: ClassVar[dict[str, Any]] = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts: ClassVar[dict[str, Any]] = {"cover": "Who looks after their work meanwhile."}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.person = person
        others = User.objects.working().exclude(pk=person.pk)
        if set(person.roles) & set(CLINICAL):
            others = others.filter(roles__overlap=CLINICAL)
        _offer(self, "cover", others, nobody="Choose a person")


class LineForm(ActionForm, forms.ModelForm):
    starts_on = forms.DateField(
        label="From", widget=DateInput(), help_text="Today begins at once: the supervisor reads from now on."
    )

    class Meta:
        model = SupervisionLine
        fields = ("supervisor", "therapist", "deputy")
        help_texts: ClassVar[dict[str, Any]] = {
            "deputy": "Stands in while the supervisor is on leave, and only then."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()
        working = User.objects.working()
        _offer(self, "supervisor", working.with_role(Role.SUPERVISOR), nobody="Choose a supervisor")
        _offer(self, "therapist", working.with_role(Role.THERAPIST), nobody="Choose a therapist")
        _offer(self, "deputy", _deputies(), nobody="Nobody")


class DeputyForm(RowForm):
    class Meta:
        model = SupervisionLine
        fields = ("deputy",)
        help_texts: ClassVar[dict[str, Any]] = {
            "deputy": "Stands in while the supervisor is on leave, and only then."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pair = [self.instance.supervisor_id, self.instance.therapist_id]
        _offer(self, "deputy", _deputies().exclude(pk__in=pair), nobody="Nobody")


def _deputies() -> Any:
    return User.objects.working().filter(roles__overlap=[Role.SUPERVISOR, Role.LEAD])


class EndLineForm(EditForm):
    ends_on = forms.DateField(
        label="Ends on", widget=DateInput(), help_text="Today ends it at once, from this minute on."
    )
    although_unsigned = forms.BooleanField(
        required=False, label="End the line although a supervision record is not signed"
    )  # offered where one is not

    def __init__(self, *args: Any, line: SupervisionLine, **kwargs: Any) -> None:
        # It stands on one page with the form of the deputy.
        super().__init__(*args, shows=end_of(line), auto_id="end_%s", **kwargs)
        self.fields["ends_on"].initial = timezone.localdate()
        self.opens_at = reverse("staff:line", args=[line.pk])


class NewRoomForm(ActionForm, forms.ModelForm):
    class Meta:
        model = Room
        fields = ("name", "is_step_free")
        help_texts: ClassVar[dict[str, Any]] = {"is_step_free": "Can be reached without a step."}


class RoomForm(RowForm):
    class Meta:
        model = Room
        fields = ("name", "is_step_free", "ended_on")
        widgets: ClassVar[dict[str, Any]] = {"ended_on": DateInput()}
        help_texts: ClassVar[dict[str, Any]] = {
            "is_step_free": "Can be reached without a step.",
            "ended_on": "From this day nobody books it. Empty while it is in use.",
        }


class HolidayForm(ActionForm):
    day = forms.DateField(widget=DateInput())
    name = forms.CharField(max_length=120, help_text="For example: staff training.")


class ProposedHolidaysForm(ActionForm):
    """England's bank holidays that are not on the clinic's list yet, each with a tick."""

    days = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Bank holidays of England")

    def __init__(self, *args: Any, proposed: dict[date, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = {day.isoformat(): (day, name) for day, name in proposed.items()}
        choices = self.fields["days"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [
            (key, f"{day:%a} {day.day} {day:%b %Y} · {name}") for key, (day, name) in self.proposed.items()
        ]
        choices.initial = list(self.proposed)

    def chosen(self) -> dict[date, str]:
        return dict(self.proposed[key] for key in self.cleaned_data["days"])


class ClinicForm(RowForm):
    """What the clinic decides for itself, as far as this person may change it. Labels and help are those of the registry."""

    link_measures = forms.MultipleChoiceField(
        choices=BY_COLUMN["link_measures"].choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Clinic
        fields = tuple(BY_COLUMN)

    def __init__(self, *args: Any, theirs: Sequence[str], **kwargs: Any) -> None:
        self.theirs = tuple(theirs)
        super().__init__(*args, **kwargs)
        for name, setting in BY_COLUMN.items():
            if name not in self.theirs:
                del self.fields[name]
                continue
            field = self.fields[name]
            field.label, field.help_text = setting.label, setting.help
            field.error_messages["required"] = f"{setting.label}: this is missing."
            if setting.lines:
                field.widget.attrs["rows"] = setting.lines
            if setting.is_long:
                field.widget.attrs["rows"] = sum(1 + len(line) // 85 for line in setting.default.splitlines())

    def columns_of(self) -> tuple[str, ...]:
        return self.theirs

    def clean(self) -> dict[str, Any]:
        # A browser sends its own ends of lines: nobody has changed a text by that.
        cleaned = super().clean() or self.cleaned_data
        texts = {
            name: value.replace("\r\n", "\n") for name, value in cleaned.items() if isinstance(value, str)
        }
        return {**cleaned, **texts}

    def _post_clean(self) -> None:
        """What the database refuses of the whole row is left to the action, which says it beside a field."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook
        self.errors.pop(NON_FIELD_ERRORS, None)

    def put_back(self, column: str) -> None:
        """The default stands in the field, not saved yet, and everything else as it was typed."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        self._put(data, column, BY_COLUMN[column].default)
        self.data = data
        self.full_clean()
