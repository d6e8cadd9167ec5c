"""Which days the clinic works, and counting in them. A working day is Monday to Friday without the clinic's holidays.
When one person works is `WorkingHours`, and when they are away `Leave`: neither changes a working day."""

from collections.abc import Iterable
from datetime import date, timedelta

import holidays as bank_holidays

from staff.models import Holiday

ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return _is_weekday(day) and not Holiday.objects.filter(day=day).exists()


def add_working_days(day: date, count: int) -> date:
    """The day `count` working days after `day`; `day` itself, working or not, when `count` is 0. Raises ValueError below 0."""
    if count < 0:
        raise ValueError("Count working days forward")
    closed = _closed(day, date.max)
    while count:
        day += ONE_DAY
        count -= _is_weekday(day) and day not in closed
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; 0 when `end` is not after `start`."""
    closed = _closed(start, end)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(_is_weekday(day) and day not in closed for day in days)


def working_days_since(days: Iterable[date], *, on: date) -> dict[date, int]:
    """Working days after each of these days up to and with `on`; one question, however many days there are."""
    days = set(days)
    closed = _closed(min(days), on) if days else set()
    counts: dict[date, int] = {}
    so_far, day, first = 0, on, min(days, default=on)
    while day >= first:
        if day in days:
            counts[day] = so_far
        so_far += _is_weekday(day) and day not in closed
        day -= ONE_DAY
    return {each: counts.get(each, 0) for each in days}


def day_before_working_days(day: date, count: int) -> date:
    """The latest day after which `count` working days have come, up to and with `day`: the other way round of
    `working_days_between`. Raises ValueError below 1."""
    if count < 1:
        raise ValueError("Count at least one working day")
    closed = _closed(date.min, day)
    while count:
        count -= _is_weekday(day) and day not in closed
        day -= ONE_DAY
    return day


def bank_holidays_of_england(years: Iterable[int]) -> dict[date, str]:
    """Day and name, in the order of the days, substitute days too."""
    found = bank_holidays.country_holidays("GB", subdiv="ENG", years=list(years))
    return {day: found[day] for day in sorted(found)}


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


def _closed(start: date, end: date) -> set[date]:
    return set(Holiday.objects.filter(day__range=(start, end)).values_list("day", flat=True))
