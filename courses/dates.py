"""Days of which not everything is known: 2019, March 2019, 4 March 2019. What is not known stands as the first, and how exact
the day is stands beside it (`courses.models.Exact`)."""

import re
from calendar import monthrange
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from courses.models import Exact

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST = 1850  # before it a year is a slip
HOW = "Write a day, a month or a year: 4/3/2019, March 2019 or 2019."
_NUMBERS = re.compile(r"(?:(?:(\d{1,2})[/. -])?(\d{1,2})[/. -])?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
_NAMED = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})\.?,? (\d{4})",
    re.ASCII,
)


class ApproximateDate(NamedTuple):
    """`day` is the first of the month or of the year where `exact` says so. Written, it is in words."""

    day: date
    exact: str

    def __str__(self) -> str:
        return in_words(self.day, self.exact)

    @property
    def last_day(self) -> date:
        """The last day that it may be."""
        return last_day(self.day, self.exact)


def read_approximate(text: str) -> ApproximateDate:
    """What somebody wrote: day, month and year, month and year, or a year. ValidationError where it is none of them."""
    words = " ".join(text.lower().split())
    for pattern, order in ((_ISO, (3, 2, 1)), (_NUMBERS, (1, 2, 3)), (_NAMED, (1, 2, 3))):
        if match := pattern.fullmatch(words):
            day, month, year = (match.group(place) for place in order)
            return _checked(day, month, year)
    raise ValidationError(HOW)


def _checked(day: str | None, month: str | None, year: str) -> ApproximateDate:
    number = int(month) if month and month.isdigit() else _month(month)
    exact = Exact.DAY if day else Exact.MONTH if month else Exact.YEAR
    try:
        found = date(int(year), number, int(day or 1))
    except ValueError:
        raise ValidationError(f"There is no such day. {HOW}") from None
    if found.year < EARLIEST:
        raise ValidationError("Check the year.")
    return ApproximateDate(found, exact.value)


def _month(word: str | None) -> int:
    if not word:
        return 1
    full = date(2000, MONTHS.index(word[:3]) + 1, 1).strftime("%B").lower() if word[:3] in MONTHS else ""
    if word not in (full, full[:3], "sept") or not full:
        raise ValidationError(HOW)
    return MONTHS.index(word[:3]) + 1


def in_words(day: date, exact: str) -> str:
    """`Mon 4 Mar 2019`, `Mar 2019` or `2019`."""
    if exact == Exact.YEAR:
        return f"{day.year}"
    return f"{day:%b} {day.year}" if exact == Exact.MONTH else f"{day:%a} {day.day} {day:%b} {day.year}"


def span_in_words(begins: str, ends: str, *, goes_on: bool) -> str:
    """Of two days that are in words already, the second empty where nobody knows of an end."""
    if goes_on:
        return f"since {begins}"
    return begins if ends in ("", begins) else f"{begins} to {ends}"


def last_day(day: date, exact: str) -> date:
    """The last day of the year, of the month, or the day itself."""
    if exact == Exact.YEAR:
        return date(day.year, 12, 31)
    return date(day.year, day.month, monthrange(day.year, day.month)[1]) if exact == Exact.MONTH else day


def as_typed(day: date | None, exact: str) -> str:
    """As a field begins with it: `4/3/2019`, `3/2019`, `2019`; empty without a day."""
    if day is None:
        return ""
    parts = {Exact.YEAR: (day.year,), Exact.MONTH: (day.month, day.year)}
    return "/".join(map(str, parts.get(Exact(exact), (day.day, day.month, day.year))))


class ApproximateDateField(forms.CharField):
    """A day, a month or a year in one line; an `ApproximateDate`, None where it is empty. Begin it with one, or with
    `as_typed`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "A day, a month or a year: 4/3/2019, March 2019, 2019.")
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return read_approximate(typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        return as_typed(*value) if isinstance(value, ApproximateDate) else value
