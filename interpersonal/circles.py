"""The closeness circles as numbers: where the rings end, which ring and direction a place has, and a free place in a ring.
The client stands in the middle; x and y are counted from there, y downwards, the edge of the outer circle 100 away."""

from collections.abc import Iterable, Sequence
from math import atan2, cos, hypot, isfinite, pi, sin
from typing import NamedTuple

EDGE = 100.0
MIDDLE = 16.0  # the client's own mark: nobody stands on it
OUTERMOST = 95.0  # a mark does not hang over the edge
APART = 9.0  # two marks nearer than that cover each other
MOVED = 4.0  # less than that is a hand that shook


class Ring(NamedTuple):
    """Its number, its name, and how far out it reaches."""

    number: int
    name: str
    outer: float


RINGS = (
    Ring(1, "Closest", 37.0),
    Ring(2, "Friends and family", 68.0),
    Ring(3, "Acquaintances", EDGE),
)
BY_NUMBER = {ring.number: ring for ring in RINGS}
# Clockwise from above, as a person reads a clock.
DIRECTIONS = {
    "up": "up",
    "up_right": "up right",
    "right": "right",
    "down_right": "down right",
    "down": "down",
    "down_left": "down left",
    "left": "left",
    "up_left": "up left",
}


class Place(NamedTuple):
    x: float
    y: float

    @property
    def distance(self) -> float:
        return hypot(self.x, self.y)


def ring_at(x: float, y: float) -> int:
    """1, 2 or 3; on a boundary the inner one. What lies beyond the edge counts as the outer ring."""
    distance = hypot(x, y)
    return next((ring.number for ring in RINGS if distance <= ring.outer), RINGS[-1].number)


def direction_at(x: float, y: float) -> str:
    """One of `DIRECTIONS`: the eighth of the circle in which the place lies."""
    eighth = round(atan2(x, -y) / (pi / 4)) % 8
    return list(DIRECTIONS)[eighth]


def in_words(x: float | None, y: float | None) -> str:
    """ "closest, up left"; "not placed yet" of who stands beside the circles."""
    if x is None or y is None:
        return "not placed yet"
    return f"{BY_NUMBER[ring_at(x, y)].name.lower()}, {DIRECTIONS[direction_at(x, y)]}"


def settled(x: float, y: float) -> Place:
    """The nearest place that is neither on the client nor over the edge, to a tenth. ValueError where it is no place."""
    if not (isfinite(x) and isfinite(y)):
        raise ValueError("no place")
    distance = hypot(x, y)
    if distance < 0.01:
        return Place(0.0, MIDDLE)
    kept = min(max(distance, MIDDLE), OUTERMOST)
    return Place(round(x / distance * kept, 1), round(y / distance * kept, 1))


def free_place(ring: int, direction: str, taken: Iterable[tuple[float, float]]) -> Place:
    """A place in that ring and direction on which nobody stands; where the sector is full, the emptiest one. An empty
    direction is the one with most room."""
    others = list(taken)
    if not direction:
        return max((_places_in(ring, each)[0] for each in DIRECTIONS), key=lambda place: _room(place, others))
    places = _places_in(ring, direction)
    for place in places:
        if _room(place, others) >= APART:
            return place
    return max(places, key=lambda place: _room(place, others))


def has_moved(before: tuple[float, float], after: tuple[float, float]) -> bool:
    return hypot(after[0] - before[0], after[1] - before[1]) >= MOVED


def _room(place: Place, others: Sequence[tuple[float, float]]) -> float:
    return min((hypot(place.x - x, place.y - y) for x, y in others), default=EDGE)


def _places_in(ring: int, direction: str) -> list[Place]:
    """From the middle of the sector outwards to its sides."""
    inner = max(BY_NUMBER[ring - 1].outer if ring > 1 else 0.0, MIDDLE)
    outer = min(BY_NUMBER[ring].outer, OUTERMOST)
    middle = (inner + outer) / 2
    angle = list(DIRECTIONS).index(direction) * pi / 4
    found = []
    for turn in (0.0, -0.13, 0.13, -0.26, 0.26, -0.36, 0.36):
        for out in (0.0, 0.3, -0.3):
            distance = middle + out * (outer - inner)
            x, y = distance * sin(angle + turn), -distance * cos(angle + turn)
            found.append(Place(round(x, 1), round(y, 1)))
    return found
