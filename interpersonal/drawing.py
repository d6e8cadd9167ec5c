"""A picture of the closeness circles, worked out to the last number so that its template only writes it down: circles, marks,
names, arrows of what moved, and the tray of those who are not placed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from interpersonal import circles
from interpersonal.labels import Box, Label, Mark, Wanted, fitted, place_labels, shortened, width_of

WIDTH = 520.0
RADIUS = 222.0  # of the outer circle
SCALE = RADIUS / circles.EDGE
TOP = 8.0
MARK, CLIENT, GHOST = 9.0, 21.0, 6.0
NAME, SECOND = 13.0, 11.5  # sizes of the type
ON_A_PHONE = 17.0  # the name, where there is no second line
LABEL = 30.0  # two lines high
TRAY_HEAD, TRAY_ROW, IN_A_ROW = 34.0, 44.0, 3
IN_TRAY = 126.0  # for the words beside a mark
MANY = 20  # people, beyond which their names are shortened sooner


@dataclass(frozen=True)
class Figure:
    """Somebody who is to be drawn. `key` is as it stands in the page; `then` where they stood on the picture before, if they
    did; `href` leads to them, empty on a picture that is only looked at."""

    key: str
    name: str
    relationship: str
    x: float | None
    y: float | None
    died: str = ""  # "died 2019", empty of the living
    in_dispute: bool = False
    then: tuple[float, float] | None = None
    href: str = ""
    version: int = 0

    @property
    def second(self) -> str:
        """What stands under the name, in words also what the dashes say."""
        return ", ".join(filter(None, (self.died or self.relationship, "in dispute" * self.in_dispute)))

    @property
    def said(self) -> str:
        """In full, for who does not see the picture. It begins with what is seen, so that who speaks it finds it."""
        more = self.relationship if self.died else ""
        return f"{', '.join(filter(None, (self.name, self.second, more)))}: {self.place}"

    @property
    def place(self) -> str:
        return circles.in_words(self.x, self.y)

    @property
    def look(self) -> str:
        return "is-died" if self.died else "is-dispute" if self.in_dispute else ""


@dataclass(frozen=True)
class Circle:
    number: int
    name: str
    r: str
    name_y: str


@dataclass(frozen=True)
class Arrow:
    """From where somebody stood. `head` are the points of its tip; `kind` closer, further or round."""

    kind: str
    x: str
    y: str
    line: tuple[str, str, str, str]
    head: str


@dataclass(frozen=True)
class Drawn:
    """A mark with its words. Lines are (text, y)."""

    figure: Figure
    x: str
    y: str
    name: str
    second: str
    anchor: str
    text_x: str
    name_y: str
    second_y: str
    leader: tuple[str, str, str, str] | None
    arrow: Arrow | None
    is_chosen: bool

    @property
    def is_shortened(self) -> bool:
        return self.name != self.figure.name or self.second != self.figure.second


@dataclass(frozen=True)
class Drawing:
    """`middle` is x and y of the client; `tray_y` where the tray begins, empty where everybody is placed."""

    width: str
    height: str
    middle: tuple[str, str]
    scale: str
    client: str
    circles: list[Circle]
    drawn: list[Drawn]
    tray_y: str
    tray_height: str

    @property
    def people(self) -> list[Figure]:
        return [drawn.figure for drawn in self.drawn]


def draw(figures: Sequence[Figure], *, client: str, chosen: str = "") -> Drawing:
    """Those who are placed in the circles, the others in the tray, both in the order in which they came."""
    placed = [figure for figure in figures if figure.x is not None and figure.y is not None]
    tray = [figure for figure in figures if figure.x is None or figure.y is None]
    middle = Mark(WIDTH / 2, TOP + RADIUS, CLIENT)
    frame = Box(4, 2, WIDTH - 4, TOP + 2 * RADIUS + 6)
    rings = [_circle(ring, middle) for ring in circles.RINGS]
    many = len(figures) > MANY
    marks = [_mark(figure.x, figure.y, middle) for figure in placed]  # type: ignore[arg-type]  # placed
    ghosts = [_mark(*figure.then, middle, GHOST) for figure in placed if figure.then]
    labels, bottom = place_labels(
        [Wanted(mark, _room(figure, many), LABEL) for mark, figure in zip(marks, placed, strict=True)],
        marks=[*marks, *ghosts, middle],
        blocked=[_name_box(ring, middle) for ring in circles.RINGS],
        frame=frame,
        arrows=[
            (then.x, then.y, mark.x, mark.y)
            for mark, figure in zip(marks, placed, strict=True)
            if figure.then and (then := _mark(*figure.then, middle))
        ],
    )
    drawn = [
        _drawn(figure, mark, label, middle, many, chosen)
        for figure, mark, label in zip(placed, marks, labels, strict=True)
    ]
    rows = -(-len(tray) // IN_A_ROW)
    tray_y = bottom + 12
    drawn += [_in_tray(figure, place, tray_y, many, chosen) for place, figure in enumerate(tray)]
    tray_height = TRAY_HEAD + rows * TRAY_ROW if tray else 0.0
    height = tray_y + tray_height + 4 if tray else bottom + 4
    return Drawing(
        width=_n(WIDTH),
        height=_n(height),
        middle=(_n(middle.x), _n(middle.y)),
        scale=_n(SCALE),
        client=shortened(client, 8),
        circles=rings,
        drawn=drawn,
        tray_y=_n(tray_y) if tray else "",
        tray_height=_n(tray_height),
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _mark(x: float, y: float, middle: Mark, radius: float = MARK) -> Mark:
    return Mark(middle.x + x * SCALE, middle.y + y * SCALE, radius)


def _circle(ring: circles.Ring, middle: Mark) -> Circle:
    r = ring.outer * SCALE
    return Circle(ring.number, ring.name, _n(r), _n(middle.y - r + 15))


def _name_box(ring: circles.Ring, middle: Mark) -> Box:
    half = width_of(ring.name, 12) / 2
    top = middle.y - ring.outer * SCALE + 4
    return Box(middle.x - half, top, middle.x + half, top + 15)


def _words(figure: Figure, many: bool) -> tuple[str, str]:
    return shortened(figure.name, 11 if many else 15), shortened(figure.second, 17 if many else 24)


def _room(figure: Figure, many: bool) -> float:
    name, second = _words(figure, many)
    return max(width_of(name, ON_A_PHONE), width_of(second, SECOND))


def _drawn(figure: Figure, mark: Mark, label: Label, middle: Mark, many: bool, chosen: str) -> Drawn:
    name, second = _words(figure, many)
    return Drawn(
        figure=figure,
        x=_n(mark.x),
        y=_n(mark.y),
        name=name,
        second=second,
        anchor=label.anchor,
        text_x=_n(label.x),
        name_y=_n(label.box.top + 13),
        second_y=_n(label.box.top + 26),
        leader=_four(label.leader) if label.leader else None,
        arrow=_arrow(figure, mark, middle),
        is_chosen=figure.key == chosen,
    )


def _in_tray(figure: Figure, place: int, tray_y: float, many: bool, chosen: str) -> Drawn:
    row, column = divmod(place, IN_A_ROW)
    x = 4 + (WIDTH - 8) / IN_A_ROW * column + 20
    y = tray_y + TRAY_HEAD + row * TRAY_ROW + 14
    name, second = _words(figure, many)
    return Drawn(
        figure=figure,
        x=_n(x),
        y=_n(y),
        name=fitted(name, ON_A_PHONE, IN_TRAY),
        second=fitted(second, SECOND, IN_TRAY),
        anchor="start",
        text_x=_n(x + MARK + 6),
        name_y=_n(y - 1),
        second_y=_n(y + 13),
        leader=None,
        arrow=None,
        is_chosen=figure.key == chosen,
    )


def _four(line: tuple[float, float, float, float]) -> tuple[str, str, str, str]:
    x, y, to_x, to_y = line
    return _n(x), _n(y), _n(to_x), _n(to_y)


def _arrow(figure: Figure, mark: Mark, middle: Mark) -> Arrow | None:
    """From the ghost to just before the mark; None of who has not moved."""
    if figure.then is None or figure.x is None or figure.y is None:
        return None
    if not circles.has_moved(figure.then, (figure.x, figure.y)):
        return None
    then = _mark(*figure.then, middle, GHOST)
    far = hypot(mark.x - then.x, mark.y - then.y)
    across, down = (mark.x - then.x) / far, (mark.y - then.y) / far
    tip = max(far - MARK - 3, 1.0)
    base = max(tip - 11, 0.0)
    at_tip = (then.x + across * tip, then.y + down * tip)
    at_base = (then.x + across * base, then.y + down * base)
    sides = [(at_base[0] + turn * down * 5.5, at_base[1] - turn * across * 5.5) for turn in (1, -1)]
    return Arrow(
        kind=_kind(figure.then, (figure.x, figure.y)),
        x=_n(then.x),
        y=_n(then.y),
        line=_four((then.x, then.y, *at_base)),
        head=" ".join(f"{_n(x)},{_n(y)}" for x, y in (at_tip, *sides)),
    )


def _kind(then: tuple[float, float], now: tuple[float, float]) -> str:
    nearer = hypot(*then) - hypot(*now)
    return "closer" if nearer > 3 else "further" if nearer < -3 else "round"
