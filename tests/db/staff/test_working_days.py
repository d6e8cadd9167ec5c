"""A working day is Monday to Friday without the clinic's holidays."""

from datetime import date

import pytest

from staff.models import Holiday
from staff.working_days import (
    add_working_days,
    bank_holidays_of_england,
    is_working_day,
    working_days_between,
)

FRIDAY_BEFORE_CHRISTMAS = date(2026, 12, 18)


@pytest.fixture(autouse=True)
def _christmas(db: None) -> None:
    Holiday.objects.bulk_create(
        [
            Holiday(day=date(2026, 12, 25), name="Christmas Day"),
            Holiday(day=date(2026, 12, 28), name="Boxing Day (observed)"),
        ]
    )


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 21), True),  # a Monday
        (date(2026, 12, 19), False),  # a Saturday
        (date(2026, 12, 20), False),  # a Sunday
        (date(2026, 12, 25), False),  # a Friday, and Christmas
    ],
)
def test_the_clinic_works_from_monday_to_friday_but_on_no_holiday(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, FRIDAY_BEFORE_CHRISTMAS),
        (1, date(2026, 12, 21)),
        (5, date(2026, 12, 29)),  # Mon 21 to Thu 24, then not Fri 25 and not Mon 28
        (6, date(2026, 12, 30)),
    ],
)
def test_working_days_are_added_past_weekends_and_holidays(count: int, expected: date) -> None:
    assert add_working_days(FRIDAY_BEFORE_CHRISTMAS, count) == expected


def test_counting_backward_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(FRIDAY_BEFORE_CHRISTMAS, -1)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (FRIDAY_BEFORE_CHRISTMAS, FRIDAY_BEFORE_CHRISTMAS, 0),
        (FRIDAY_BEFORE_CHRISTMAS, date(2026, 12, 21), 1),
        (FRIDAY_BEFORE_CHRISTMAS, date(2026, 12, 29), 5),
        (date(2026, 12, 29), FRIDAY_BEFORE_CHRISTMAS, 0),
    ],
)
def test_working_days_between_two_days_leave_the_first_out(start: date, end: date, days: int) -> None:
    assert working_days_between(start, end) == days


def test_englands_bank_holidays_are_known_with_their_substitute_days_and_not_scotlands() -> None:
    days = bank_holidays_of_england([2027])
    assert days[date(2027, 12, 27)] == "Christmas Day (observed)"
    assert days[date(2027, 3, 26)] == "Good Friday"
    assert date(2027, 1, 4) not in days  # Scotland's second of January, moved to the Monday
