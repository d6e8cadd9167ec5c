"""Where a day stands on the chart of a course, whose axis counts sessions."""

from datetime import date

import pytest

from record.chart_events import place_of

HELD = [(date(2026, 10, 5), 1), (date(2026, 10, 12), 2), (date(2026, 11, 9), 3)]


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2026, 10, 5), 1),
        (date(2026, 10, 12), 2),
        (date(2026, 10, 26), 2.5),
        (date(2026, 9, 1), 0.1),
        (date(2026, 10, 4), 0.857),
        (date(2026, 11, 9), 3),
        (date(2026, 11, 12), 3.429),
        (date(2027, 5, 1), 3.9),
    ],
)
def test_a_day_lies_between_the_sessions_before_and_after_it(day: date, place: float) -> None:
    assert place_of(day, HELD) == place


def test_two_sessions_on_one_day_divide_nothing_by_nothing() -> None:
    day = date(2026, 10, 5)
    assert place_of(day, [(day, 1), (day, 2), (date(2026, 10, 12), 3)]) == 1
    assert place_of(date(2026, 10, 6), [(day, 1), (day, 2), (date(2026, 10, 12), 3)]) == 2.143
