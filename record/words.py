"""Dates as lists say them: short, and near days by their name. The clinic's day begins at its own midnight."""

from datetime import date, datetime, time

from django.utils import timezone


def short_day(moment: datetime | date | None, now: datetime) -> str:
    """ "19 Nov"; with the year where it is not this one."""
    if moment is None:
        return ""
    day, today = _day(moment), timezone.localdate(now)
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"


def near_day(moment: datetime | date, now: datetime) -> str:
    """ "Today", "Tomorrow", "Tue 24 Nov"; with the year where it is not this one."""
    day, today = _day(moment), timezone.localdate(now)
    away = (day - today).days
    if away in (0, 1):
        return ("Today", "Tomorrow")[away]
    return f"{day:%a} {short_day(day, now)}"


def days_ago(moment: datetime | date | None, now: datetime) -> str:
    """ "today", "1 day", "4 days"."""
    if moment is None:
        return ""
    days = (timezone.localdate(now) - _day(moment)).days
    return "today" if days <= 0 else plural(days, "day")


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


def clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def start_of_day(now: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))


def _day(moment: datetime | date) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
