"""Nothing on the timeline lies on anything else, however much there is of it, and nothing is lost."""

import random
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest

from record.timeline_layout import (
    MORE,
    SHORTEST,
    Axis,
    Item,
    Lane,
    Stretch,
    apart,
    lane,
    padded,
    shortened,
    stretch,
    ticks,
    together,
    width_of,
)

LIFE = Stretch(date(1990, 1, 1), date(2026, 12, 31))
WORDS = ("Mum died", "Moved in with Tom’s parents", "Lost the job at the school after the inspection", "War")


def axis(shown: Stretch = LIFE, width: int = 1000) -> Axis:
    return Axis(shown, left=100, width=width)


def items(count: int, *, on_one_day: int = 0) -> list[Item]:
    """Points and bars of all lengths over the years, and so many on 4 March 2019."""
    chance = random.Random(7)
    found = []
    for n in range(count):
        first = date(1988, 1, 1) + timedelta(chance.randrange(39 * 365))
        last = first + timedelta(chance.choice([0, 0, 0, 30, 365, 4000]))
        if n < on_one_day:
            first = last = date(2019, 3, 4)
        found.append(Item(f"{n:03}", first, last, chance.choice(WORDS), is_point=first == last))
    return found


def meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def no_two_meet(found: Lane) -> bool:
    boxes = [(placed.row, (placed.low, placed.high)) for placed in found.placed]
    boxes += [(more.row, (more.x - MORE / 2, more.x + MORE / 2)) for more in found.more]
    return not any(a == b and meet(x, y) for (a, x), (b, y) in combinations(boxes, 2))


@pytest.mark.parametrize(
    "shown", [LIFE, Stretch(date(2019, 2, 1), date(2019, 4, 1)), padded(date(2018, 1, 1), date(2020, 1, 1))]
)
@pytest.mark.parametrize(("count", "on_one_day"), [(5, 0), (60, 10), (300, 0), (300, 120), (40, 40)])
def test_no_words_lie_on_others_and_each_event_stands_once(
    count: int, on_one_day: int, shown: Stretch
) -> None:
    given = items(count, on_one_day=on_one_day)
    found = lane(given, axis(shown))
    stands = [placed.item.key for placed in found.placed] + [
        item.key for more in found.more for item in more.items
    ]
    inside = [item.key for item in given if item.last >= shown.first and item.first <= shown.last]
    assert no_two_meet(found)
    assert sorted(stands) == sorted(inside)
    assert found.rows <= 9


def test_nothing_leaves_the_picture() -> None:
    for shown in (LIFE, Stretch(date(2019, 2, 1), date(2019, 4, 1))):
        found = lane(items(300, on_one_day=30), axis(shown))
        assert all(placed.low >= 99 and placed.high <= 1101 for placed in found.placed)


def test_an_event_near_the_right_edge_has_its_words_before_it() -> None:
    late = Item("x", date(2026, 12, 20), date(2026, 12, 20), WORDS[1], is_point=True)
    [placed] = lane([late], axis()).placed
    assert placed.is_before
    assert placed.words == "Moved in with Tom’s parents"


def test_a_span_that_begins_before_and_ends_after_is_open_at_both_ends() -> None:
    long = Item("x", date(1970, 1, 1), date(2030, 1, 1), "Depression", is_point=False)
    [placed] = lane([long], axis()).placed
    assert (placed.left, placed.right) == (100, 1100)
    assert placed.is_open_left
    assert placed.is_open_right


def test_forty_on_one_day_are_eight_rows_and_a_count() -> None:
    found = lane(items(40, on_one_day=40), axis())
    assert len(found.placed) == 8
    assert [len(more.items) for more in found.more] == [32]


def test_words_are_shortened_with_dots_and_never_to_nothing_sensible() -> None:
    assert shortened("Mum died", 200) == "Mum died"
    assert shortened("Moved in with Tom’s parents", 90) == "Moved in w..."
    assert shortened("Moved in", 20) == ""
    assert width_of("WWW") > width_of("iii")


@pytest.mark.parametrize(
    ("shown", "labels"),
    [
        (Stretch(date(2019, 1, 1), date(2019, 3, 31)), ["7 Jan", "14 Jan"]),
        (Stretch(date(2019, 1, 1), date(2019, 12, 31)), ["Jan 2019", "Feb"]),
        (Stretch(date(1990, 1, 1), date(2026, 12, 31)), ["1990", "1995"]),
        (Stretch(date(1860, 1, 1), date(2026, 12, 31)), ["1860", "1870"]),
        (Stretch(date(1700, 1, 1), date(2300, 12, 31)), ["1700", "1750"]),
    ],
)
def test_the_axis_says_weeks_months_years_or_decades_as_there_is_room(
    shown: Stretch, labels: list[str]
) -> None:
    found = ticks(axis(shown))
    assert [tick.label for tick in found[:2]] == labels
    at = [tick.x for tick in found]
    assert all(b - a >= 57 for a, b in pairwise(at))


def test_a_stretch_is_moved_and_scaled_and_stays_in_the_whole() -> None:
    year = Stretch(date(2019, 1, 1), date(2019, 12, 31))
    assert year.scaled(0.5).days == 182
    assert year.scaled(0.5, at=0).first == date(2019, 1, 1)
    assert year.scaled(0.001).days == SHORTEST
    assert year.moved(-365).first == date(2018, 1, 1)
    assert year.within(LIFE) == year
    assert Stretch(date(1980, 1, 1), date(1980, 12, 30)).within(LIFE).first == date(1990, 1, 1)
    assert Stretch(date(2030, 1, 1), date(2030, 12, 31)).within(LIFE).last == date(2026, 12, 31)
    assert Stretch(date(1900, 1, 1), date(2030, 1, 1)).within(LIFE) == LIFE


def test_no_stretch_leaves_the_calendar() -> None:
    assert stretch(date(1, 1, 1), date(9999, 12, 31)) == Stretch(date(1700, 1, 1), date(2300, 12, 31))
    assert stretch(date.max, date.max).days == SHORTEST
    assert stretch(date.min, date.min).days == SHORTEST
    assert padded(date(1, 1, 1), date(9999, 12, 31)).days > 200_000
    assert Stretch(date(1700, 1, 1), date(1701, 1, 1)).moved(-(10**9)).first == date(1700, 1, 1)


def test_two_days_in_the_wrong_order_are_one_stretch() -> None:
    assert stretch(date(2020, 1, 1), date(2019, 1, 1)) == Stretch(date(2019, 1, 1), date(2020, 1, 1))


def test_sessions_too_near_for_marks_of_their_own_stand_together() -> None:
    assert [group.numbers for group in together([100, 130, 160])] == [(0,), (1,), (2,)]
    assert [group.numbers for group in together([100, 110, 200])] == [(0, 1), (2,)]
    assert [group.numbers for group in together([float(n) for n in range(0, 60, 4)])] == [tuple(range(15))]
    for _ in range(20):
        at = sorted(random.Random(_).uniform(100, 1100) for _ in range(40))
        groups = together(at)
        assert sum(len(group.numbers) for group in groups) == 40
        assert all(b.x - b.half >= a.x + a.half for a, b in pairwise(groups))


def test_labels_at_the_end_of_lines_stand_apart() -> None:
    assert apart([50, 52], height=14, low=0, high=100) == [50, 64]
    assert apart([95, 98], height=14, low=0, high=100) == [86, 100]
    assert apart([], height=14, low=0, high=100) == []
