"""What counts towards accreditation, at each boundary: answers written by hand."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from supervision.accreditation import (
    Attended,
    Discussed,
    Facts,
    Rule,
    case_standing,
    duration,
    share_of,
    standing,
    supervised_sessions,
)

MONDAY = datetime(2026, 3, 2, 10, 0)
WEEK = timedelta(weeks=1)


def on(day: int, hour: int = 10) -> datetime:
    """A day of March 2026."""
    return datetime(2026, 3, day, hour, 0)


@pytest.mark.parametrize(
    ("discussed_at", "count"),
    [
        (on(2, 9), 0),  # an hour before the session
        (on(2, 10), 1),
        (on(2, 18), 1),  # the same evening
        (on(16, 8), 1),  # fourteen days later, at an earlier hour
        (on(16, 23), 1),
        (on(17, 0), 0),  # fifteen
    ],
)
def test_a_session_is_supervised_when_it_is_discussed_within_fourteen_days_after_it(
    discussed_at: datetime, count: int
) -> None:
    assert supervised_sessions([MONDAY], [Discussed(discussed_at, 60, 1)], within_days=14) == count


def test_one_discussion_supervises_every_session_of_the_fortnight_before_it() -> None:
    sessions = [on(1), on(8), on(15), on(22)]
    assert supervised_sessions(sessions, [Discussed(on(16), 60, 1)], within_days=14) == 2


def test_a_session_that_was_discussed_twice_counts_once() -> None:
    twice = [Discussed(on(3), 60, 1), Discussed(on(10), 60, 1)]
    assert supervised_sessions([MONDAY], twice, within_days=14) == 1


def test_the_minutes_of_a_meeting_are_divided_equally_among_its_cases() -> None:
    assert share_of([Discussed(on(3), 60, 3), Discussed(on(10), 50, 4)]) == Fraction(65, 2)


def test_a_third_of_an_hour_twelve_times_is_four_hours_and_not_a_little_less() -> None:
    twelve = tuple(Discussed(MONDAY + WEEK * number, 60, 3) for number in range(12))
    found = case_standing(Rule(sessions=1, recordings=0), Facts(1, (), (MONDAY,), twelve))
    assert found.minutes == 240
    assert found.counts


def whole(number: int = 1, **fields: object) -> Facts:
    """A case that has exactly what the rule asks: twelve sessions, each discussed for twenty minutes, three recordings."""
    weeks = [MONDAY + WEEK * place for place in range(12)]
    values: dict[str, object] = {
        "areas": ("grief",),
        "sessions": tuple(weeks),
        "discussed": tuple(Discussed(day + timedelta(days=1), 60, 3) for day in weeks),
        "recordings": 3,
        **fields,
    }
    return Facts(number, **values)  # type: ignore[arg-type]  # as the class has them


def test_a_case_that_has_just_enough_counts() -> None:
    found = case_standing(Rule(), whole())
    assert (found.attended, found.supervised, found.minutes, found.recordings) == (12, 12, 240, 3)
    assert found.counts


@pytest.mark.parametrize(
    ("less", "missing"),
    [
        ({"recordings": 2}, ("1 recording",)),
        ({"recordings": 0}, ("3 recordings",)),
        ({"sessions": tuple(MONDAY + WEEK * place for place in range(11))}, ("1 session",)),
        (
            {"discussed": tuple(Discussed(MONDAY + WEEK * p + timedelta(days=1), 59, 3) for p in range(12))},
            ("4 min",),
        ),
        ({"discussed": ()}, ("12 sessions", "4 h")),
    ],
)
def test_a_case_that_has_one_too_few_says_what_is_missing(
    less: dict[str, object], missing: tuple[str, ...]
) -> None:
    found = case_standing(Rule(), whole(**less))
    assert not found.counts
    assert found.missing == missing


def test_a_part_of_a_minute_that_is_missing_is_not_said_to_be_nothing() -> None:
    almost = tuple(Discussed(MONDAY, 60, 7) for _ in range(27))  # 231 3/7 minutes
    found = case_standing(Rule(sessions=1, recordings=0), Facts(1, (), (MONDAY,), almost))
    assert found.missing == ("9 min",)


def test_four_cases_in_two_areas_reach_the_rule() -> None:
    cases = [whole(1), whole(2), whole(3), whole(4, areas=("conflict",))]
    found = standing(Rule(), cases, [])
    assert found.is_reached
    assert found.counting == (1, 2, 3, 4)
    assert [criterion.missing for criterion in found.criteria] == ["", "", "", "", ""]


def test_four_cases_in_one_area_miss_another() -> None:
    found = standing(Rule(), [whole(number) for number in (1, 2, 3, 4)], [], labels={"grief": "Grief"})
    assert not found.is_reached
    assert [criterion.missing for criterion in found.criteria] == ["", "1 more focus area", "", "", ""]
    assert found.criteria[1].there_is == "Grief"


def test_an_area_of_a_case_that_does_not_count_is_no_area_yet() -> None:
    cases = [whole(1), whole(2), whole(3), whole(4), whole(5, areas=("conflict",), recordings=2)]
    found = standing(Rule(), cases, [])
    assert found.criteria[1].missing == "1 more focus area"
    assert found.criteria[0].is_reached


def test_three_cases_lack_one_and_it_says_so() -> None:
    cases = [whole(1), whole(2), whole(3, areas=("conflict",)), whole(4, recordings=1)]
    found = standing(Rule(), cases, [])
    assert [criterion.missing for criterion in found.criteria] == ["1 more case", "", "", "", "1 more case"]
    assert found.criteria[0].there_is == "3 cases"


def test_who_has_nothing_misses_everything() -> None:
    found = standing(Rule(), [], [])
    assert (found.minutes, found.meetings, found.first, found.supervisors) == (0, 0, None, ())
    assert [criterion.missing for criterion in found.criteria] == [
        "4 more cases",
        "2 more focus areas",
        "4 more cases",
        "4 more cases",
        "4 more cases",
    ]


def test_a_rule_that_asks_for_no_recordings_and_no_hours_is_reached_without() -> None:
    rule = Rule(cases=1, focus_areas=1, hours=0, recordings=0)
    assert standing(rule, [whole(recordings=0)], []).is_reached


def test_hours_are_counted_individual_and_in_a_group() -> None:
    meetings = [
        Attended(on(3), 60, "individual", "Joy"),
        Attended(on(10), 90, "group", "Theo"),
        Attended(on(17), 45, "individual", "Joy"),
    ]
    found = standing(Rule(), [], meetings)
    assert (found.individual, found.group, found.minutes) == (105, 90, 195)
    assert found.supervisors == ("Joy", "Theo")
    assert (found.first, found.last) == (on(3), on(17))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (60, "1 h"),
        (200, "3 h 20 min"),
        (Fraction(719, 3), "3 h 59 min"),
    ],
)
def test_minutes_in_words(minutes: Fraction | int, words: str) -> None:
    assert duration(minutes) == words
