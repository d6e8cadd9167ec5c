"""The picture of a timeline for one stretch of time, as a template draws it: whole pixels and words, nothing worked out there.
Where things stand is said by `timeline_layout`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from courses.protocol import PHASES
from outcomes.measures import BY_CODE
from record import timeline_layout as layout
from record.timeline import LANES, Happening, Held, Score, Timeline
from record.timeline_layout import ROW, Axis, Stretch

WIDTH, LEFT, RIGHT = 1120, 112, 76  # on the right the names of the lines have room
TOP, BOTTOM = 26, 8  # the axis, and what is left below
CHART, CHART_TOP = 112, 14  # height of the symptoms, and room above the highest score
PAD = 7  # above and below the rows of a lane
ALL_DAYS = "#rows"


@dataclass(frozen=True)
class Mark:
    """One mark with its words. `look` is "dot" or "bar"; `x` to `right` is the mark, `hit_x` and `hit_width` what can be
    pressed; `anchor` is start or end."""

    key: str
    href: str
    words: str
    label: str
    look: str
    x: int
    right: int
    y: int
    text_x: int
    anchor: str
    hit_x: int
    hit_width: int
    is_exact: bool
    is_open_left: bool
    is_open_right: bool

    @property
    def width(self) -> int:
        return self.right - self.x

    @property
    def top(self) -> int:
        return self.y - 9

    @property
    def hit_y(self) -> int:
        return self.y - 12

    @property
    def text_y(self) -> int:
        return self.y + 4


@dataclass(frozen=True)
class Count:
    """ "+12": those that found no place of their own; it leads nearer, or to the table where no nearer look would part them."""

    x: int
    y: int
    label: str
    words: str
    href: str
    half: int = 18

    @property
    def left(self) -> int:
        return self.x - self.half

    @property
    def width(self) -> int:
        return 2 * self.half


@dataclass(frozen=True)
class LaneDrawn:
    code: str
    name: str
    top: int
    height: int
    marks: list[Mark]
    counts: list[Count]

    @property
    def name_y(self) -> int:
        return self.top + PAD + 17


@dataclass(frozen=True)
class SessionMark:
    """One session, or several that stand too near to tell apart."""

    key: str
    href: str
    words: str
    label: str
    look: str
    x: int
    y: int
    half: int

    @property
    def left(self) -> int:
        return self.x - self.half

    @property
    def width(self) -> int:
        return 2 * self.half


@dataclass(frozen=True)
class Line:
    """A measure: its points as SVG has them, and its name with the last score beside the last point."""

    code: str
    points: str
    dots: list[tuple[int, int, str]]
    label: str
    label_x: int
    label_y: int


@dataclass(frozen=True)
class Way:
    """A nearer, wider, earlier or later look, as a link; `href` is empty where there is nothing further."""

    code: str
    label: str
    href: str


@dataclass(frozen=True)
class Picture:
    title: str
    summary: str
    stretch: Stretch
    whole: Stretch
    axis: Axis
    ticks: list[layout.Tick]
    today_x: int | None
    grid: list[tuple[int, int]]
    caseness_y: int
    chart_top: int
    chart_bottom: int
    lines: list[Line]
    sessions_top: int
    sessions: list[SessionMark]
    lanes: list[LaneDrawn]
    height: int
    scale: str
    ways: list[Way]
    width: int = WIDTH

    @property
    def sessions_y(self) -> int:
        return self.sessions_top + PAD + ROW // 2

    @property
    def right(self) -> int:
        return WIDTH - RIGHT

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM


def chosen(timeline: Timeline, *, scale: str, first: date | None, last: date | None) -> tuple[str, Stretch]:
    """The stretch that was asked for: a scale by its name, else two days, else the years where there is a life to see, the
    course where there is none yet."""
    if first and last:
        found = layout.stretch(first, last).within(timeline.whole)
        same = {timeline.years: "years", timeline.course: "course"}
        return same.get(found, ""), found
    if scale not in ("years", "course"):
        scale = "years" if timeline.years.first < timeline.course.first else "course"
    return scale, timeline.years if scale == "years" else timeline.course


def picture_of(timeline: Timeline, shown: Stretch, *, scale: str, today: date, name: str) -> Picture:
    axis = Axis(shown, LEFT, WIDTH - LEFT - RIGHT)
    chart_top = TOP + CHART_TOP
    sessions_top = chart_top + CHART + PAD
    lanes, bottom = _lanes(timeline.marks, axis, top=sessions_top + ROW + 2 * PAD)
    sessions = _sessions(timeline.held, axis, y=sessions_top + PAD + ROW // 2)
    return Picture(
        title=f"Timeline of {name}, {shown_in_words(shown)}",
        summary=_summary(timeline, shown),
        stretch=shown,
        whole=timeline.whole,
        axis=axis,
        ticks=layout.ticks(axis),
        today_x=round(axis.x(today)) if shown.first <= today <= shown.last else None,
        grid=[(_height(score, chart_top), score) for score in (0, 10, 20)],
        caseness_y=_height(BY_CODE["phq9"].cut_off or 10, chart_top),
        chart_top=chart_top,
        chart_bottom=chart_top + CHART,
        lines=_lines(timeline.scores, axis, chart_top),
        sessions_top=sessions_top,
        sessions=sessions,
        lanes=lanes,
        height=bottom + BOTTOM,
        scale=scale,
        ways=_ways(shown, timeline.whole),
    )


def shown_in_words(shown: Stretch) -> str:
    if shown.days > 3 * 366:
        return f"{shown.first.year} to {shown.last.year}"
    return f"{_day(shown.first)} to {_day(shown.last)}"


def asks_for(shown: Stretch) -> str:
    """The part of an address that shows this stretch."""
    return "?" + urlencode({"from": shown.first.isoformat(), "to": shown.last.isoformat()})


def _day(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def _summary(timeline: Timeline, shown: Stretch) -> str:
    inside = [mark for mark in timeline.marks if mark.last >= shown.first and mark.first <= shown.last]
    said = [
        f"{count} in the lane {name}"
        for code, name in LANES.items()
        if (count := sum(mark.lane == code for mark in inside))
    ]
    return f"{', '.join(said) or 'Nothing'}. The same stands in the table below."


def _ways(shown: Stretch, whole: Stretch) -> list[Way]:
    step = max(shown.days // 2, 1)
    looks = (
        ("closer", "Closer", shown.scaled(0.5)),
        ("wider", "Wider", shown.scaled(2).within(whole)),
        ("earlier", "Earlier", shown.moved(-step).within(whole)),
        ("later", "Later", shown.moved(step).within(whole)),
        ("first", "Beginning", shown.moved((whole.first - shown.first).days).within(whole)),
        ("last", "Now", shown.moved((whole.last - shown.last).days).within(whole)),
        ("all", "Everything", whole),
    )
    return [Way(code, label, "" if look == shown else asks_for(look)) for code, label, look in looks]


# --- Lanes ------------------------------------------------------------------------------------------------------------


def _lanes(marks: Sequence[Happening], axis: Axis, *, top: int) -> tuple[list[LaneDrawn], int]:
    """Those of which anything is known, one under the other, and where the last ends."""
    drawn = []
    for code, name in LANES.items():
        mine = {mark.key: mark for mark in marks if mark.lane == code}
        if not mine:
            continue
        placed = layout.lane([_item(mark) for mark in mine.values()], axis)
        height = max(placed.rows, 1) * ROW + 2 * PAD
        drawn.append(
            LaneDrawn(
                code=code,
                name=name,
                top=top,
                height=height,
                marks=[_mark(one, mine[one.item.key], _y(top, one.row)) for one in placed.placed],
                counts=[_count(more, _y(top, more.row)) for more in placed.more],
            )
        )
        top += height
    return drawn, top


def _y(top: int, row: int) -> int:
    return top + PAD + row * ROW + ROW // 2


def _item(mark: Happening) -> layout.Item:
    return layout.Item(
        mark.key, mark.first, mark.last, mark.label, is_point=mark.is_exact and not mark.is_span
    )


def _mark(one: layout.Placed, mark: Happening, y: int) -> Mark:
    low, high = one.low, one.high
    if high - low < 24:
        low, high = (low + high) / 2 - 12, (low + high) / 2 + 12
    return Mark(
        key=mark.key,
        href=mark.href,
        words=mark.words,
        label=one.words,
        look="dot" if one.item.is_point else "bar",
        x=round(one.left),
        right=round(one.right),
        y=y,
        text_x=round(one.at),
        anchor="end" if one.is_before else "start",
        hit_x=round(low) - 1,
        hit_width=round(high - low) + 2,
        is_exact=mark.is_exact,
        is_open_left=one.is_open_left,
        is_open_right=one.is_open_right or mark.goes_on,
    )


def _count(more: layout.More, y: int) -> Count:
    count = len(more.items)
    words = f"{count} more from {_day(more.first)} to {_day(more.last)}"
    return Count(round(more.x), y, f"+{count}", words, _nearer(more.first, more.last))


def _nearer(first: date, last: date) -> str:
    """To look at these days alone; to the table where they are too near to be parted."""
    return asks_for(layout.padded(first, last)) if (last - first).days > layout.SHORTEST else ALL_DAYS


# --- Sessions and symptoms ---------------------------------------------------------------------------------------------


def _sessions(held: Sequence[Held], axis: Axis, *, y: int) -> list[SessionMark]:
    inside = [one for one in held if axis.shown.first <= one.happening.first <= axis.shown.last]
    groups = layout.together([axis.x(one.happening.first) for one in inside])
    return [_session([inside[n] for n in group.numbers], group, y) for group in groups]


def _session(held: Sequence[Held], group: layout.Together, y: int) -> SessionMark:
    first, last = held[0], held[-1]
    if len(held) == 1:
        phase = PHASES[first.phase].lower() + " phase" if first.phase else ""
        words = ". ".join(filter(None, (first.happening.title, first.happening.when, phase)))
        look = "missed" if first.was_missed else "ahead" if first.lies_ahead else "seen"
        return SessionMark(
            first.happening.key,
            first.happening.href,
            words,
            str(first.number or ("" if first.lies_ahead else first.happening.title[0])),
            f"{look} {first.phase}".strip(),
            *(round(group.x), y, 10),
        )
    days = first.happening.first, last.happening.first
    words = f"{len(held)} sessions from {_day(days[0])} to {_day(days[1])}"
    key, label = f"several-{first.happening.key}", str(len(held))
    return SessionMark(key, _nearer(*days), words, label, "several", round(group.x), y, 22)


def _height(total: int, top: int) -> int:
    return round(top + CHART * (1 - total / max(BY_CODE[code].highest_total for code in ("phq9", "gad7"))))


def _lines(scores: Sequence[Score], axis: Axis, top: int) -> list[Line]:
    found = []
    for code in ("phq9", "gad7"):
        mine = [score for score in scores if score.code == code]
        inside = [score for score in mine if axis.shown.first <= score.day <= axis.shown.last]
        if inside:
            dots = [
                (
                    round(axis.x(one.day)),
                    _height(one.total, top),
                    f"{BY_CODE[code].name} {one.total}, {_day(one.day)}",
                )
                for one in inside
            ]
            found.append((code, inside, dots))
    ends = layout.apart(
        [dots[-1][1] + 4.0 for _, _, dots in found], height=14, low=top + 4, high=top + CHART + 2
    )
    lines = []
    for (code, inside, dots), label_y in zip(found, ends, strict=True):
        lines.append(
            Line(
                code=code,
                points=" ".join(f"{x},{y}" for x, y, _ in dots),
                dots=dots if len(dots) < 2 or dots[-1][0] - dots[0][0] > 9 * len(dots) else [],
                label=f"{BY_CODE[code].name} {inside[-1].total}",
                label_x=dots[-1][0] + 9,
                label_y=round(label_y),
            )
        )
    return lines
