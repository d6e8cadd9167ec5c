"""Competence over time: each item of the rating form across the rated sessions of a therapist, the oldest first. Pure: what was
not rated is a gap and never a zero. An item is followed by its code, under its newest name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from supervision.rating_form import Item

MOST_SHOWN = 24  # of the newest ratings: a table that can be read


@dataclass(frozen=True)
class Rated:
    """A rating of one session. `points` by the code of an item, None where it was not rated; `form` is the version."""

    session_at: datetime
    form: int
    points: Mapping[str, int | None]
    overall: str


@dataclass(frozen=True)
class Point:
    """Points of one item in one rating, on the scale of that day; None where they were not given."""

    points: int | None
    most: int


@dataclass(frozen=True)
class Line:
    """One item over time. `scaled` are its points on the scale of its newest form, for the picture."""

    item: Item
    points: tuple[Point, ...]

    @property
    def scaled(self) -> list[int | None]:
        return [
            None if point.points is None else round(point.points * self.item.most / point.most)
            for point in self.points
        ]

    @property
    def given(self) -> list[Point]:
        return [point for point in self.points if point.points is not None]

    @property
    def first(self) -> Point | None:
        return self.given[0] if len(self.given) > 1 else None

    @property
    def last(self) -> Point | None:
        return self.given[-1] if self.given else None


def lines(ratings: Sequence[Rated], forms: Mapping[int, Sequence[Item]]) -> list[Line]:
    """Every item that stands on the newest form, then those that were rated before and are on it no more. `forms` has the items
    of each version by its number."""
    if not ratings:
        return []
    order: dict[str, Item] = {item.code: item for item in forms[max(forms)]}
    for number in sorted(forms, reverse=True):
        for item in forms[number]:
            order.setdefault(item.code, item)
    found = []
    for code, item in order.items():
        line = Line(item, tuple(_point(rated, code, item, forms) for rated in ratings))
        if line.given:
            found.append(line)
    return found


def _point(rated: Rated, code: str, item: Item, forms: Mapping[int, Sequence[Item]]) -> Point:
    of_that_day = next((each for each in forms.get(rated.form, ()) if each.code == code), item)
    return Point(rated.points.get(code), of_that_day.most)
