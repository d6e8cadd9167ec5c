"""What a client remembers of a day: all of it, the month, the year."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from courses.dates import ApproximateDateField, as_typed, in_words, read_approximate


@pytest.mark.parametrize(
    ("typed", "day", "exact"),
    [
        ("2019", date(2019, 1, 1), "year"),
        ("3/2019", date(2019, 3, 1), "month"),
        ("03-2019", date(2019, 3, 1), "month"),
        ("March 2019", date(2019, 3, 1), "month"),
        ("mar 2019", date(2019, 3, 1), "month"),
        ("Sept. 2019", date(2019, 9, 1), "month"),
        ("2019-03", date(2019, 3, 1), "month"),
        ("4/3/2019", date(2019, 3, 4), "day"),
        ("4.3.2019", date(2019, 3, 4), "day"),
        (" 4  March 2019 ", date(2019, 3, 4), "day"),
        ("4th March 2019", date(2019, 3, 4), "day"),
        ("Mon 4 Mar 2019", date(2019, 3, 4), "day"),
        ("2019-03-04", date(2019, 3, 4), "day"),
        ("29/2/2024", date(2024, 2, 29), "day"),
    ],
)
def test_a_day_is_read_as_exactly_as_it_was_written(typed: str, day: date, exact: str) -> None:
    assert read_approximate(typed) == (day, exact)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("29/2/2023", "There is no such day"),
        ("13/2019", "There is no such day"),
        ("0/2019", "There is no such day"),
        ("last spring", "Write a day, a month or a year"),
        ("Marchember 2019", "Write a day, a month or a year"),
        ("the 4 May 19", "Write a day, a month or a year"),
        ("0019", "Check the year"),
        ("٢٠١٩", "Write a day, a month or a year"),
    ],
)
def test_what_is_no_day_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ApproximateDateField().clean(typed)
    assert says in refusal.value.messages[0]


def test_an_empty_field_is_no_day() -> None:
    assert ApproximateDateField(required=False).clean("") is None


@pytest.mark.parametrize(
    ("exact", "said", "typed"),
    [("day", "Mon 4 Mar 2019", "4/3/2019"), ("month", "Mar 2019", "3/2019"), ("year", "2019", "2019")],
)
def test_a_day_is_said_no_more_exactly_than_it_is_known(exact: str, said: str, typed: str) -> None:
    assert in_words(date(2019, 3, 4), exact) == said
    assert as_typed(date(2019, 3, 4), exact) == typed
    assert as_typed(None, exact) == ""
