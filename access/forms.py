"""Forms that hand their words to an action, and take its refusal back without losing one of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.forms.utils import pretty_name
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from access.meanwhile import Plain, Seen, Stale, last_change, plain, refuse_stale, same
from staff.models import User

STALE = 409
NOT_TOUCHED = "You had not changed this: the field has taken what stands."


class ActionForm(forms.Form):
    """A form whose refusals come from an action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            # Above the form, away from its field, "this field" says nothing.
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = f"{field.label or pretty_name(name)} is missing."

    def refuse(self, refusal: ValidationError) -> None:
        """Shows what the action refused: beside the field that it names, above the form where this page has no such field."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for field, errors in refusal.error_dict.items():
            self.add_error(field if field in self.fields and field != NON_FIELD_ERRORS else None, errors)


@dataclass(frozen=True)
class Difference:
    """One line of what stands and what was typed. `anchor` is the control on the page, empty for a fact; `note` says what
    the reader must know where there are no two values to choose from."""

    label: str
    anchor: str
    stands: str
    typed: str = ""
    note: str = ""


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else saved while this form was open."""

    by: User | None
    at: datetime | None
    differences: list[Difference]


class EditForm(ActionForm):
    """Changes a row that somebody else may change meanwhile. It carries what it showed of the row: a stale save is answered
    with both values of each field on which two people differ, and keeps what was typed. A field that only the other
    person changed takes the new value. After that the form has seen what stands, so that saving again is a choice.

    `shows` is what the page says of the row: values by name of the field, and facts under their labels."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    meanwhile: Meanwhile | None = None
    opens_at = "?"  # where the page with this form opens anew: its own address, for most

    def __init__(self, *args: Any, shows: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {
            **(shows or {}),
            "seen": _packed(shows or {}),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)

    def what_was_seen(self) -> Seen:
        """What the page showed, and what was typed over it."""
        return Seen(_unpacked(self.cleaned_data.get("seen", "")), self.cleaned_data)

    @property
    def status(self) -> int:
        """How the page with this form is answered."""
        return STALE if self.meanwhile else 200

    def refuse(self, refusal: ValidationError) -> None:
        if isinstance(refusal, Stale):
            self._show(refusal)
        else:
            super().refuse(refusal)

    def _show(self, stale: Stale) -> None:
        seen, typed = self.what_was_seen(), self.cleaned_data
        data = QueryDict(mutable=True)
        data.update(self.data)
        differences = []
        for name, value in stale.stands.items():
            now, before = plain(value), seen.shown.get(name)
            if seen.knew(name, now):
                continue
            if name not in self.fields:
                differences.append(_fact(name, now, before))
            elif name not in typed:  # it could not be read: as it was typed
                differences.append(self._difference(name, value, typed=self[name].value()))
            elif same(plain(typed[name]), now):
                continue
            elif before is not None and same(plain(typed[name]), before):
                self._put(data, name, value)
                differences.append(self._difference(name, value, note=NOT_TOUCHED))
            else:
                differences.append(self._difference(name, value, typed=typed[name]))
        data[self.add_prefix("seen")] = _packed(stale.stands)
        if stale.row is not None and "version" in self.fields:
            data[self.add_prefix("version")] = str(stale.row.version)  # type: ignore[attr-defined]  # such rows have one
        self.data = data
        # With the other person's values among the typed ones the form may say something else.
        self.full_clean()
        self.meanwhile = Meanwhile(*last_change(stale.row), differences)

    def _difference(self, name: str, stands: Any, *, typed: Any = None, note: str = "") -> Difference:
        field, bound = self.fields[name], self[name]
        return Difference(
            label=str(bound.label),
            # A group of choices has no control of its own: its first choice takes the focus.
            anchor=bound.id_for_label or f"{bound.auto_id}_0",
            stands=_words(stands, field),
            typed="" if note else _words(typed, field),
            note=note,
        )

    def _put(self, data: QueryDict, name: str, value: Any) -> None:
        """The value in the form's data, as a browser would send it."""
        field, key = self.fields[name], self.add_prefix(name)
        if isinstance(field.widget, forms.MultiWidget):
            for number, part in enumerate(field.widget.decompress(value) or ()):
                data[f"{key}_{number}"] = str(plain(part))
            return
        sent = plain(field.prepare_value(value))
        if isinstance(sent, bool):
            sent = ["on"] if sent else []
        data.setlist(key, sent if isinstance(sent, list) else [sent])


class VersionedForm(EditForm):
    """Of a row that counts its changes: carries the version as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**9)

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def based_on(self) -> int:
        """The version that was on the page; 0, which no row has, where it is missing."""
        return self.cleaned_data.get("version") or 0

    def tell(self, row: Model, stands: Mapping[str, Any]) -> None:
        """For a form that cannot be read any more because the row has changed: says what changed, beside what is wrong."""
        if self.based_on() not in (0, row.version):  # type: ignore[attr-defined]  # such rows have one
            try:
                refuse_stale(row, self.what_was_seen(), stands)
            except Stale as stale:
                self.refuse(stale)


def _fact(label: str, now: Plain, before: Plain | None) -> Difference:
    note = "" if before is None else f"When you opened the page: {before or 'nothing'}."
    return Difference(label, "", str(now) or "nothing", note=note)


def _packed(values: Mapping[str, Any]) -> str:
    return json.dumps({name: plain(value) for name, value in values.items()}, ensure_ascii=False)


def _unpacked(words: str) -> dict[str, Plain]:
    """What the page carried. It comes back from a browser: what is no such thing is as good as nothing."""
    try:
        values = json.loads(words) if words else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {
        name: [str(each) for each in value] if isinstance(value, list) else value
        for name, value in values.items()
        if isinstance(value, str | bool | list)
    }


def _words(value: Any, field: forms.Field) -> str:
    """A value in full, as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{date_format(local, 'D j M Y')}, {local:%H:%M}"
    if isinstance(value, date):
        return date_format(value, "D j M Y")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple) and hasattr(
        value, "_fields"
    ):  # one value of several parts, which knows its words
        return str(value)
    if isinstance(value, list | tuple):
        return ", ".join(_words(each, field) for each in value) or "nothing"
    if not isinstance(value, Model) and isinstance(field, forms.ChoiceField):
        labels = dict(_flat(field.choices))
        # Django's own word for nothing is a row of hyphens.
        return labels.get("" if value is None else str(value), str(value)).strip("-") or "nothing"
    return "nothing" if value in (None, "") else str(value)


def _flat(choices: Any) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices if not isinstance(label, list | tuple)]
