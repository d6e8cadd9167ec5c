"""What a client types by link: their date of birth."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

WHOLE = "Write your date of birth as three numbers, for example 27 3 1985."


def _part(label: str, name: str, length: int) -> forms.CharField:
    attributes = {
        "inputmode": "numeric",
        "autocomplete": f"bday-{name}",
        "class": f"form-control birth-{name}",
    }
    return forms.CharField(label=label, max_length=length, widget=forms.TextInput(attributes), required=False)


class BirthForm(forms.Form):
    """Three fields, `born` when they make a date that somebody could be born on. A date that is none costs no try."""

    day = _part("Day", "day", 4)
    month = _part("Month", "month", 4)
    year = _part("Year", "year", 6)

    def clean(self) -> dict[str, Any]:
        typed = [str(self.cleaned_data.get(name, "")).strip() for name in ("day", "month", "year")]
        if not all(part.isascii() and part.isdigit() for part in typed):
            raise ValidationError({"day": WHOLE})
        day, month, year = map(int, typed)
        try:
            born = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError({"day": f"There is no such date. {WHOLE}"}) from None
        if not 1900 <= born.year <= 2100:
            raise ValidationError({"year": "Write the year with four numbers, for example 1985."})
        return {**self.cleaned_data, "born": born}
