"""Where the names stand beside the marks of a picture: never on each other, never on a mark, never outside. Numbers only; the
picture grows downwards where its names find no room beside their marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import NamedTuple
from unicodedata import combining, east_asian_width

GAP = 3.0  # between a mark and its name, and between two names
_NARROW, _WIDE = frozenset("fijlrtI.,;:'’|!()[] -"), frozenset("mwMWQOGD@%&—…")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


class Mark(NamedTuple):
    """A round thing that no name may cover."""

    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        r = self.radius
        return Box(self.x - r, self.y - r, self.x + r, self.y + r)


class Wanted(NamedTuple):
    """A name that wants a place: its mark, and how much room its words take."""

    mark: Mark
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """`anchor` is SVG's text-anchor, `x` where the words are anchored; `leader` a line from the mark where they stand apart."""

    box: Box
    anchor: str
    x: float
    leader: tuple[float, float, float, float] | None


def width_of(words: str, size: float) -> float:
    """How wide the words are at that size of the clinic's type, rather more than less."""
    return size * sum(_width(letter) for letter in words)


def shortened(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}..."


def fitted(words: str, size: float, room: float) -> str:
    """Shortened until it takes no more than that room."""
    most = len(words)
    while most > 1 and width_of(shortened(words, most), size) > room:
        most -= 1
    return shortened(words, most)


def _width(letter: str) -> float:
    if combining(letter):
        return 0.0
    if east_asian_width(letter) in "WF" or ord(letter) > 0x2FFF:
        return 1.15
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE or ord(letter) > 0x24F:
        return 0.95
    return 0.74 if letter.isupper() else 0.62


def place_labels(
    wanted: Sequence[Wanted],
    *,
    marks: Sequence[Mark],
    blocked: Sequence[Box],
    frame: Box,
    arrows: Sequence[tuple[float, float, float, float]] = (),
) -> tuple[list[Label], float]:
    """A label for each, in their order, and how far down the picture reaches with them. Each takes the first free place
    beside its mark, then one further away, then a line of names under the picture."""
    taken = [*blocked, *(mark.box for mark in marks)]
    lines = list(arrows)
    found: dict[int, Label] = {}
    # Who has least room around them chooses first.
    crowd = [sum(hypot(one.mark.x - mark.x, one.mark.y - mark.y) < 60 for mark in marks) for one in wanted]
    left_over = []
    for index in sorted(range(len(wanted)), key=lambda index: (-crowd[index], index)):
        label = _beside(wanted[index], taken, lines, frame)
        if label is None:
            left_over.append(index)
            continue
        _take(label, taken, lines)
        found[index] = label
    below, bottom = _below([wanted[index] for index in left_over], frame)
    found |= dict(zip(left_over, below, strict=True))
    return [found[index] for index in range(len(wanted))], bottom


def _take(label: Label, taken: list[Box], lines: list[tuple[float, float, float, float]]) -> None:
    box = label.box
    taken.append(Box(box.left - GAP, box.top - GAP / 2, box.right + GAP, box.bottom + GAP / 2))
    if label.leader:
        lines.append(label.leader)


def _beside(
    one: Wanted, taken: Sequence[Box], lines: Sequence[tuple[float, float, float, float]], frame: Box
) -> Label | None:
    for label in _candidates(one):
        if not label.box.within(frame) or any(label.box.overlaps(box) for box in taken):
            continue
        if any(_crosses(line, label.box) for line in lines):
            continue
        if label.leader and any(
            _crosses(label.leader, box) for box in taken if not box.overlaps(one.mark.box)
        ):
            continue
        return label
    return None


def _candidates(one: Wanted) -> Iterator[Label]:
    """Under the mark, beside it, over it, at its corners; then further and further away, with a line."""
    x, y, near = one.mark.x, one.mark.y, one.mark.radius + GAP
    for way, fall in ((0, 1), (1, 0), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
        out = near * (0.75 if way and fall else 1)
        yield _label(one, x + way * out, y + fall * out, way, fall)
    for out in (22.0, 34.0, 46.0, 60.0, 76.0, 94.0, 114.0, 136.0, 160.0, 190.0, 225.0):
        for turn in range(24):
            angle = turn * pi / 12
            across, down = sin(angle), cos(angle)
            sideways = 0 if abs(across) < 0.3 else (1 if across > 0 else -1)
            upright = 0 if abs(down) < 0.3 else (1 if down > 0 else -1)
            yield _label(one, x + across * out, y + down * out, sideways, upright, apart=True)


def _label(one: Wanted, x: float, y: float, across: int, down: int, *, apart: bool = False) -> Label:
    """The words to that side of the point."""
    left = x if across > 0 else x - one.width if across < 0 else x - one.width / 2
    top = y if down > 0 else y - one.height if down < 0 else y - one.height / 2
    box = Box(left, top, left + one.width, top + one.height)
    anchor = "start" if across > 0 else "end" if across < 0 else "middle"
    leader = _line(one.mark, x, y) if apart else None
    return Label(box, anchor, x, leader)


def _line(mark: Mark, x: float, y: float) -> tuple[float, float, float, float]:
    """From the edge of the mark to the point."""
    far = hypot(x - mark.x, y - mark.y) or 1.0
    share = mark.radius / far
    return (mark.x + (x - mark.x) * share, mark.y + (y - mark.y) * share, x, y)


def _below(wanted: Sequence[Wanted], frame: Box) -> tuple[list[Label], float]:
    """Lines of names under the picture, those at the left first, so that few of their lines cross."""
    labels: dict[int, Label] = {}
    left, top, tallest = frame.left, frame.bottom + 10.0, 0.0
    for index in sorted(range(len(wanted)), key=lambda index: wanted[index].mark.x):
        one = wanted[index]
        if left > frame.left and left + one.width > frame.right:
            left, top, tallest = frame.left, top + tallest + 8, 0.0
        labels[index] = _label(one, left + one.width / 2, top, 0, 1, apart=True)
        left, tallest = left + one.width + 10, max(tallest, one.height)
    bottom = top + tallest if wanted else frame.bottom
    return [labels[index] for index in range(len(wanted))], bottom


def _crosses(line: tuple[float, float, float, float], box: Box) -> bool:
    """Whether the line runs through the box: Liang and Barsky's clipping."""
    x, y, to_x, to_y = line
    enters, leaves = 0.0, 1.0
    for along, near, far in (
        (to_x - x, box.left - x, box.right - x),
        (to_y - y, box.top - y, box.bottom - y),
    ):
        if along == 0:
            if near > 0 or far < 0:
                return False
            continue
        one, two = sorted((near / along, far / along))
        enters, leaves = max(enters, one), min(leaves, two)
    return enters < leaves
