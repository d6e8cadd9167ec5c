"""When who hears of an alert. The calendar is written here: 2026 has no working day on Saturdays, Sundays, Good Friday 3 April,
Easter Monday 6 April, and from Friday 25 to Monday 28 December."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from outcomes.telling import Facts, due, next_morning, working_days_after
from staff.models import Clinic

LONDON = ZoneInfo("Europe/London")
CLOSED = {date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 28)}
SECOND = timedelta(seconds=1)


def after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in CLOSED
    return day


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


MONDAY = at(16, 14, 30)  # November


def answer(value: int, **given: Any) -> Facts:
    """An answer to item 9 of Monday afternoon."""
    known: dict[str, Any] = {"kind": "answer", "measure": "phq9", "rise": None, "raised_at": MONDAY}
    known |= given
    return Facts(value=value, **{"tell_from": known["raised_at"], **known})


def noted(kind: str, *, is_closed: bool = False) -> Facts:
    """By hand, on Monday afternoon."""
    return Facts(kind, "", None, None, raised_at=MONDAY, tell_from=MONDAY, is_closed=is_closed)


def told(facts: Facts, moment: datetime, **settings: Any) -> list[str]:
    return [str(one.stage) for one in due(facts, Clinic(**settings), at=moment, after=after)]


# --- At once ----------------------------------------------------------------------------------------------------------


def test_the_owner_hears_at_once_and_not_a_second_before() -> None:
    assert told(answer(1), MONDAY) == ["first"]
    assert told(answer(1), MONDAY - SECOND) == []


def test_of_what_is_still_being_typed_nobody_hears() -> None:
    later = MONDAY + timedelta(minutes=15)
    assert told(answer(3, tell_from=later), later - SECOND) == []
    assert told(answer(3, tell_from=later), later) == ["first", "supervisor"]


@pytest.mark.parametrize(
    ("value", "setting", "stages"),
    [
        (1, 3, ["first"]),
        (2, 3, ["first"]),
        (3, 3, ["first", "supervisor"]),
        (1, 2, ["first"]),
        (2, 2, ["first", "supervisor"]),
        (1, 1, ["first", "supervisor"]),
    ],
)
def test_item_nine_goes_to_the_supervisor_at_once_from_the_clinics_value_on(
    value: int, setting: int, stages: list[str]
) -> None:
    assert told(answer(value), MONDAY, supervisor_at_once_from=setting) == stages


@pytest.mark.parametrize(
    ("rise", "setting", "stages"),
    [
        (None, 2, ["first"]),
        (-1, 2, ["first"]),
        (0, 2, ["first"]),
        (1, 2, ["first"]),
        (2, 2, ["first", "supervisor"]),
        (2, 3, ["first"]),
        (1, 1, ["first", "supervisor"]),
    ],
)
def test_a_rise_goes_to_the_supervisor_at_once(rise: int | None, setting: int, stages: list[str]) -> None:
    assert told(answer(2, rise=rise), MONDAY, supervisor_told_rise=setting) == stages


@pytest.mark.parametrize(
    ("value", "at_once", "stages"),
    [(1, True, ["first", "supervisor"]), (4, True, ["first", "supervisor"]), (4, False, ["first"])],
)
def test_core_10_item_6_asks_about_plans(value: int, at_once: bool, stages: list[str]) -> None:
    assert told(answer(value, measure="core10"), MONDAY, core10_at_once=at_once) == stages


@pytest.mark.parametrize(
    ("kind", "stages"),
    [
        ("thoughts", ["first"]),
        ("plan", ["first", "supervisor"]),
        ("harm_to_others", ["first"]),
        ("child", ["first"]),
        ("adult", ["first"]),
        ("domestic_abuse", ["first"]),
    ],
)
def test_a_plan_that_a_person_notes_goes_to_the_supervisor_at_once(kind: str, stages: list[str]) -> None:
    assert told(noted(kind), MONDAY) == stages


# --- Within one working day -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answered", [False, True])
def test_value_2_is_told_to_the_supervisor_at_eight_the_next_working_day_answered_or_not(
    answered: bool,
) -> None:
    tuesday = at(17, 8)
    assert told(answer(2, is_answered=answered), tuesday - SECOND) == ["first"]
    assert told(answer(2, is_answered=answered), tuesday) == ["first", "supervisor"]
    assert told(answer(1, is_answered=answered), tuesday) == ["first"]
    assert told(answer(1, is_answered=answered), tuesday, supervisor_told_from=1) == ["first", "supervisor"]
    assert told(answer(2, is_answered=answered), tuesday, supervisor_told_from=3) == ["first"]


def test_it_is_never_later_than_one_working_day_after() -> None:
    assert next_morning(at(16, 2), after) == at(17, 2)
    assert next_morning(at(16, 8), after) == at(17, 8)
    assert next_morning(at(16, 23, 59), after) == at(17, 8)


@pytest.mark.parametrize(
    ("since", "morning"),
    [
        (at(20, 16), at(23, 8)),  # Friday: Monday
        (at(21, 11), at(23, 8)),  # Saturday: Monday
        (at(22, 3), at(23, 3)),  # Sunday, 03:00: Monday, 03:00
        (at(2, 16, month=4), at(7, 8, month=4)),  # Thursday before Easter: Tuesday
        (at(24, 16, month=12), at(29, 8, month=12)),  # Christmas Eve: Tuesday
    ],
)
def test_days_on_which_the_clinic_is_closed_do_not_count(since: datetime, morning: datetime) -> None:
    assert next_morning(since, after) == morning


# --- Unanswered -------------------------------------------------------------------------------------------------------


def test_unanswered_it_goes_to_the_supervisor_after_one_working_day_and_to_the_lead_after_two() -> None:
    tuesday, wednesday = at(17, 14, 30), at(18, 14, 30)
    assert told(answer(1), tuesday - SECOND) == ["first"]
    assert told(answer(1), tuesday) == ["first", "supervisor"]
    assert told(answer(1), wednesday - SECOND) == ["first", "supervisor"]
    assert told(answer(1), wednesday) == ["first", "supervisor", "lead"]


def test_the_clinic_sets_how_many_days() -> None:
    patient = {"unanswered_supervisor_days": 2, "unanswered_lead_days": 4}
    assert told(answer(1), at(18, 14, 30) - SECOND, **patient) == ["first"]
    assert told(answer(1), at(18, 14, 30), **patient) == ["first", "supervisor"]
    assert told(answer(1), at(20, 14, 30) - SECOND, **patient) == ["first", "supervisor"]
    assert told(answer(1), at(20, 14, 30), **patient) == ["first", "supervisor", "lead"]


@pytest.mark.parametrize("kind", ["thoughts", "harm_to_others", "child", "adult", "domestic_abuse"])
def test_what_a_person_noted_goes_the_same_way(kind: str) -> None:
    assert told(noted(kind), at(18, 14, 30)) == ["first", "supervisor", "lead"]


def test_once_somebody_has_answered_silence_tells_nobody() -> None:
    assert told(answer(1, is_answered=True), at(30)) == ["first"]


@pytest.mark.parametrize(
    ("since", "one", "two"),
    [
        (at(20, 9), at(23, 9), at(24, 9)),  # Friday
        (at(21, 9), at(23, 9), at(24, 9)),  # Saturday
        (at(24, 9, month=12), at(29, 9, month=12), at(30, 9, month=12)),
        # The clocks go back on Sunday 25 October: the same hour by the clock, 73 hours later.
        (at(23, 9, month=10), at(26, 9, month=10), at(27, 9, month=10)),
        # And forward on Sunday 29 March: 71 hours.
        (at(27, 9, month=3), at(30, 9, month=3), at(31, 9, month=3)),
    ],
)
def test_a_working_day_is_the_same_hour_by_the_clock(since: datetime, one: datetime, two: datetime) -> None:
    assert working_days_after(since, 1, after) == one
    assert working_days_after(since, 2, after) == two


def test_the_hour_that_the_clock_change_takes_is_counted_in_local_time() -> None:
    since = datetime(2026, 10, 23, 8, 0, tzinfo=ZoneInfo("UTC"))  # Friday 09:00 in London
    assert working_days_after(since, 1, after).astimezone(ZoneInfo("UTC")) == datetime(
        2026, 10, 26, 9, 0, tzinfo=ZoneInfo("UTC")
    )


# --- Closed -----------------------------------------------------------------------------------------------------------


def test_closed_before_the_mails_it_is_told_to_nobody_but_a_supervisor_who_hears_anyway() -> None:
    assert told(answer(1, is_closed=True), at(30)) == []
    assert told(answer(3, is_closed=True), MONDAY) == ["supervisor"]
    assert told(answer(2, is_closed=True), at(17, 8)) == ["supervisor"]
    assert told(noted("plan", is_closed=True), at(30)) == ["supervisor"]


def test_only_silence_is_told_to_whoever_holds_the_place_now() -> None:
    def anew(facts: Facts, moment: datetime) -> dict[str, bool]:
        return {str(one.stage): one.anew for one in due(facts, Clinic(), at=moment, after=after)}

    assert anew(answer(3), MONDAY) == {"first": True, "supervisor": False}
    assert anew(answer(3), at(17, 14, 30)) == {"first": True, "supervisor": True}
    assert anew(answer(3, is_answered=True), at(18, 14, 30)) == {"first": True, "supervisor": False}
