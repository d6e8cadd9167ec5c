"""Where everything on the timeline stands: the stretch of time that is shown, and marks with their words in rows, so that no
two words lie on one another. Arithmetic only: no Django, no database, no words of the clinic."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

SHORTEST = 21  # days: nearer than that, days drift apart and nothing is seen of a week
NEAR, FAR = date(1700, 1, 1), date(2300, 12, 31)

ROW = 26  # pixels; a mark is a target of 24
DOT = 6  # radius
GAP = 8  # between one mark's words and the next mark
ROWS = 8  # of one lane; what finds no place in them is counted
LONGEST = 240  # pixels of words beside a mark
TICK = 58  # from one label of the axis to the next
MORE = 40  # width of a "+12"


# --- The stretch of time that is shown --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """From a first to a last day, both shown."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def moved(self, days: int) -> "Stretch":
        """As long, so many days later; no further than the calendar goes."""
        days = max(days, (NEAR - self.first).days)
        days = min(days, (FAR - self.last).days)
        return Stretch(self.first + timedelta(days), self.last + timedelta(days))

    def scaled(self, factor: float, *, at: float = 0.5) -> "Stretch":
        """Longer or shorter by that factor; what stands at that share of it keeps its place."""
        days = max(round(self.days * factor), SHORTEST)
        shift = round((self.days - days) * at)
        return Stretch(self.first, self.first + timedelta(days - 1)).moved(shift) if days < 200_000 else self

    def within(self, all_of_it: "Stretch") -> "Stretch":
        """The nearest one that lies in the other; all of the other where this is as long or longer."""
        if self.days >= all_of_it.days:
            return all_of_it
        if self.first < all_of_it.first:
            return self.moved((all_of_it.first - self.first).days)
        return self.moved(min((all_of_it.last - self.last).days, 0))


def stretch(first: date, last: date) -> Stretch:
    """Of two days in any order, at least as long as the shortest, around the middle of the two."""
    first, last = sorted((min(max(first, NEAR), FAR), min(max(last, NEAR), FAR)))
    lacking = SHORTEST - ((last - first).days + 1)
    if lacking > 0:
        first = max(first - timedelta(lacking // 2), NEAR)
        last = first + timedelta(SHORTEST - 1)
    return Stretch(first, last)


def padded(first: date, last: date) -> Stretch:
    """With a little room at both ends, so that no mark stands on the edge."""
    room = timedelta(max((last - first).days // 40, 3))
    return stretch(max(first, NEAR + room) - room, min(last, FAR - room) + room)


@dataclass(frozen=True)
class Axis:
    """Days as pixels: `left` is where the first day begins."""

    shown: Stretch
    left: int
    width: int

    @property
    def right(self) -> int:
        return self.left + self.width

    def x(self, day: date, *, share: float = 0.5) -> float:
        """The middle of the day, or another share of it."""
        return self.left + ((day - self.shown.first).days + share) / self.shown.days * self.width


@dataclass(frozen=True)
class Tick:
    x: int
    label: str
    is_strong: bool = False  # a new year among months, a new month among days


def ticks(axis: Axis) -> list[Tick]:
    """As many as have room for their labels: decades, years, months or Mondays."""
    days, at, words = _beginnings(axis)
    return [
        Tick(round(x), words(day), is_strong=day.month == day.day == 1 and words is not _year)
        for day, x in zip(days, at, strict=True)
        if axis.left <= x <= axis.right - 24
    ]


def _beginnings(axis: Axis) -> tuple[list[date], list[float], Callable[[date], str]]:
    """Of the nearest step whose labels have room, with where they stand and how they are called."""
    for beginnings, words in _STEPS:
        days = list(beginnings(axis.shown))
        at = [axis.x(day, share=0) for day in days]
        if min((b - a for a, b in pairwise(at)), default=axis.width) >= TICK:
            return days, at, words
    return [], [], _year


def _mondays(weeks: int) -> Callable[[Stretch], Iterable[date]]:
    def beginnings(shown: Stretch) -> Iterable[date]:
        day = shown.first + timedelta(-shown.first.weekday() % 7)
        while day <= shown.last:
            yield day
            day += timedelta(7 * weeks)

    return beginnings


def _months(step: int) -> Callable[[Stretch], Iterable[date]]:
    def beginnings(shown: Stretch) -> Iterable[date]:
        number = shown.first.year * 12 + shown.first.month - 1
        number += -number % step
        while (day := date(number // 12, number % 12 + 1, 1)) <= shown.last:
            if day >= shown.first:
                yield day
            number += step

    return beginnings


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _month(day: date) -> str:
    return f"{day:%b} {day.year}" if day.month == 1 else f"{day:%b}"


def _year(day: date) -> str:
    return str(day.year)


_STEPS: tuple[tuple[Callable[[Stretch], Iterable[date]], Callable[[date], str]], ...] = (
    *((_mondays(weeks), _day) for weeks in (1, 2)),
    *((_months(months), _month) for months in (1, 2, 3, 6)),
    *((_months(12 * years), _year) for years in (1, 2, 5, 10, 20, 50, 100)),
)


# --- Words ------------------------------------------------------------------------------------------------------------

_NARROW, _WIDE = frozenset("fijlrtI.,:;'!|()[] ‘’-"), frozenset("mwMWQO@%&—…")


def width_of(words: str) -> float:
    """How wide the words are at 12 pixels, a little generously: fonts differ, and words must not meet."""
    return sum(
        4.4
        if each in _NARROW
        else 11.5
        if each in _WIDE
        else 13.5
        if ord(each) > 0x2E7F
        else 9.2
        if each.isupper()
        else 7.3
        for each in words
    )


DOTS = "..."  # three, not one sign: the audit of accessible names knows these for punctuation


def shortened(words: str, room: float) -> str:
    """As much of the words as has room, with dots where something is left out; empty where nothing sensible fits."""
    if width_of(words) <= room:
        return words
    while words and width_of(words) + width_of(DOTS) > room:
        words = words[:-1]
    return f"{words.rstrip()}{DOTS}" if len(words.strip()) >= 3 else ""


# --- Marks in rows ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """What is to be placed: a point where `first` and `last` are one day and `is_point`, else a bar."""

    key: str
    first: date
    last: date
    words: str
    is_point: bool


@dataclass(frozen=True)
class Placed:
    """`left` to `right` is the mark, `low` to `high` what mark and words take up; `at` is where the words begin, or end where
    `is_before`. A bar that goes on beyond the edge is open there."""

    item: Item
    row: int
    left: float
    right: float
    at: float
    words: str
    is_before: bool
    is_open_left: bool
    is_open_right: bool

    @property
    def low(self) -> float:
        return min(self.left, self.at - width_of(self.words)) if self.is_before else self.left

    @property
    def high(self) -> float:
        return self.right if self.is_before else max(self.right, self.at + width_of(self.words))


@dataclass(frozen=True)
class More:
    """What found no row, counted where it stands."""

    items: tuple[Item, ...]
    x: float
    row: int

    @property
    def first(self) -> date:
        return min(item.first for item in self.items)

    @property
    def last(self) -> date:
        return max(item.last for item in self.items)


@dataclass(frozen=True)
class Lane:
    placed: tuple[Placed, ...]
    more: tuple[More, ...]
    rows: int


def lane(items: Sequence[Item], axis: Axis, *, rows: int = ROWS) -> Lane:
    """Each item that lies in the shown stretch stands once: in the first row in which nothing is in its way, or counted."""
    taken: list[list[tuple[float, float]]] = []
    placed, left_over = [], []
    for item in sorted(items, key=lambda item: (item.first, item.last, item.key)):
        if item.last < axis.shown.first or item.first > axis.shown.last:
            continue
        one = _drawn(item, axis)
        row = next((n for n, row in enumerate(taken) if _is_free(row, one.low, one.high)), len(taken))
        if row == rows:
            left_over.append(item)
            continue
        if row == len(taken):
            taken.append([])
        taken[row].append((one.low, one.high))
        placed.append(_in_row(one, row))
    more = _counted(left_over, axis, row=len(taken))
    return Lane(tuple(placed), more, len(taken) + bool(more))


def _is_free(row: Iterable[tuple[float, float]], low: float, high: float) -> bool:
    return all(high + GAP <= other_low or low >= other_high + GAP for other_low, other_high in row)


def _in_row(one: Placed, row: int) -> Placed:
    return Placed(**{**one.__dict__, "row": row})


def _drawn(item: Item, axis: Axis) -> Placed:
    """Its mark, and its words after it, or before it where the edge is near."""
    if item.is_point:
        x = axis.x(item.first)
        left, right, inside = x - DOT, x + DOT, 0.0
    else:
        left = max(axis.x(item.first, share=0), axis.left)
        right = max(min(axis.x(item.last, share=1), axis.right), left + 2 * DOT)
        if right > axis.right:
            left, right = axis.right - 2 * DOT, axis.right
        inside = right - left - 8
    after, before = axis.right - right - 5, left - axis.left - 5
    is_inside = inside > 0 and (inside + after >= min(width_of(item.words), LONGEST) or inside >= before)
    if is_inside:
        at = left + (14 if item.first < axis.shown.first else 6)
        room, is_before = min(axis.right - at - 2, max(LONGEST, inside)), False
    elif after >= min(width_of(item.words), LONGEST) or after >= before:
        at, room, is_before = right + 5, min(after, LONGEST), False
    else:
        at, room, is_before = left - 5, min(before, LONGEST), True
    return Placed(
        item,
        row=0,
        left=left,
        right=right,
        at=at,
        words=shortened(item.words, room),
        is_before=is_before,
        is_open_left=not item.is_point and item.first < axis.shown.first,
        is_open_right=not item.is_point and item.last > axis.shown.last,
    )


def _counted(items: Sequence[Item], axis: Axis, *, row: int) -> tuple[More, ...]:
    """Neighbours together, so that the counts do not lie on one another."""
    if not items:
        return ()

    def x_of(item: Item) -> float:
        middle = (max(axis.x(item.first), axis.left) + min(axis.x(item.last), axis.right)) / 2
        return min(max(middle, axis.left + MORE / 2), axis.right - MORE / 2)

    groups: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (x_of(item), item.key)):
        if groups and x_of(item) - x_of(groups[-1][0]) < MORE + GAP:
            groups[-1].append(item)
        else:
            groups.append([item])
    return tuple(More(tuple(group), x_of(group[0]), row) for group in groups)


# --- Marks in one line ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Together:
    """One or several that stand too near for marks of their own, in their order, at the middle of them."""

    numbers: tuple[int, ...]  # their places in what was given
    x: float
    half: float


def together(at: Sequence[float], *, half: float = 12, wide: float = 24) -> list[Together]:
    """Of places in ascending order: marks of 24 pixels, merged (and then wider) until none is on another."""
    groups = [([n], x, half) for n, x in enumerate(at)]
    n = 1
    while n < len(groups):
        (before, x, half_before), (after, y, half_after) = groups[n - 1], groups[n]
        if y - half_after < x + half_before + 2:
            members = [*before, *after]
            groups[n - 1 : n + 1] = [(members, (at[members[0]] + at[members[-1]]) / 2, wide)]
            n = max(n - 1, 1)
        else:
            n += 1
    return [Together(tuple(members), x, size) for members, x, size in groups]


def apart(tops: Sequence[float], *, height: float, low: float, high: float) -> list[float]:
    """Where labels that want to stand at these heights stand, so that none lies on another: in the order given by height."""
    order = sorted(range(len(tops)), key=lambda n: tops[n])
    found = list(tops)
    for before, n in pairwise(order):
        found[n] = max(found[n], found[before] + height)
    overshoot = max((found[n] for n in order), default=low) - high
    if overshoot > 0:
        for n in reversed(order):
            found[n] = min(found[n], high)
            high = found[n] - height
    return [max(each, low) for each in found]
