"""When a contract would end, counted by hand on a calendar of 2026."""

from datetime import date

import pytest

from courses.ending_date import next_after, propose_end

MONDAY = date(2026, 11, 23)
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28)}


@pytest.mark.parametrize(
    ("first", "sessions", "frequency", "weekday", "closed", "ends"),
    [
        (MONDAY, 1, "weekly", None, (), MONDAY),
        (MONDAY, 4, "weekly", None, (), date(2026, 12, 14)),
        # Monday 28 December is a holiday: one week more.
        (MONDAY, 6, "weekly", None, CHRISTMAS, date(2027, 1, 4)),
        # From the Thursday after.
        (MONDAY, 2, "weekly", 3, (), date(2026, 12, 3)),
        (MONDAY, 3, "fortnightly", None, (), date(2026, 12, 21)),
        (MONDAY, 3, "twice_weekly", None, (), date(2026, 11, 30)),
        (MONDAY, 3, "monthly", None, (), date(2027, 1, 18)),
        (MONDAY, 3, "varies", None, (), None),
        (MONDAY, 0, "weekly", None, (), None),
    ],
)
def test_the_day_of_the_last_session(
    first: date, sessions: int, frequency: str, weekday: int | None, closed: set[date], ends: date | None
) -> None:
    assert propose_end(first, sessions, frequency, weekday=weekday, closed=closed) == ends


@pytest.mark.parametrize(
    ("frequency", "weekday", "day"),
    [
        ("weekly", None, date(2026, 11, 30)),
        ("weekly", 0, date(2026, 11, 30)),
        ("weekly", 3, date(2026, 11, 26)),
        ("fortnightly", None, date(2026, 12, 7)),
        ("fortnightly", 3, date(2026, 12, 3)),
        ("twice_weekly", None, date(2026, 11, 26)),
    ],
)
def test_the_day_of_the_session_after(frequency: str, weekday: int | None, day: date) -> None:
    assert next_after(MONDAY, frequency, weekday=weekday) == day
