"""What courses that began like this one have done: from the clinic's own ended courses, the scores between which eight of
ten lay, session by session. Pure arithmetic, no Django; `manage.py expected` feeds it and keeps what it gives.

The method is that of expected treatment response (Lutz; Delgadillo and others 2018, from general knowledge: a course is
"not on track" above the upper limit of the 80% band of courses with the same start). The published curves are a growth
model with coefficients that are not available; here the band is read off the clinic's own scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outcomes.measures import BY_CODE

__all__ = [
    "BASELINE_BANDS",
    "LEAST_COURSES",
    "Cell",
    "EndedCourse",
    "baseline_band",
    "cell_of",
    "expected_cells",
    "percentile",
    "scores_by_session",
]

LEAST_COURSES = 30  # [decided] below this the tenth and ninetieth percentile rest on three courses or fewer
LOWEST, HIGHEST = 10, 90  # between them lie eight of ten: the 80% band

Baseline = tuple[int, int]

# Courses are compared with those that began in the same band: of five points on the PHQ-9 (its severe band is the longer
# one), the measure's own on the GAD-7 [decided].
BASELINE_BANDS: dict[str, tuple[Baseline, ...]] = {
    "phq9": ((0, 4), (5, 9), (10, 14), (15, 19), (20, 24), (25, 27)),
    "gad7": tuple((band.low, band.high) for band in BY_CODE["gad7"].bands),
}


@dataclass(frozen=True)
class EndedCourse:
    """One ended course: how many treatment sessions were attended, and by measure its complete scores, oldest first, each
    with the number of the session that it belongs to: the one it was given in or for, else the last one held before it; 0
    before the first session, as at the assessment."""

    sessions: int
    scores: Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Cell:
    """Of courses whose first score lay from `baseline_low` to `baseline_high`, eight of ten scored from `low` to `high` at
    this session. `courses` is how many that rests on, each counted once; `is_pooled` says that neighbours helped."""

    measure: str
    baseline_low: int
    baseline_high: int
    session_number: int
    courses: int
    low: int
    high: int
    is_pooled: bool


def percentile(scores: Iterable[int], percent: int) -> int:
    """The nearest-rank percentile: the least score such that at least `percent` of a hundred are no higher.

    Hyndman and Fan 1996, definition 1 (the inverse of the empirical distribution function). It is always a score that
    somebody had, in whole points, and at most ten of a hundred lie above the ninetieth. No scores, or a percentage that is
    not from 1 to 100, raise `ValueError`.
    """
    in_order = sorted(scores)
    if not in_order or not 1 <= percent <= 100:
        raise ValueError("A percentile needs scores, and a percentage from 1 to 100")
    rank = -(-len(in_order) * percent // 100)  # rounded up, in whole numbers
    return in_order[rank - 1]


def baseline_band(measure: str, first: int) -> Baseline | None:
    """The band in which a first score lies; None for a measure without expected courses."""
    return next((band for band in BASELINE_BANDS.get(measure, ()) if band[0] <= first <= band[1]), None)


def scores_by_session(scores: Sequence[tuple[int, int]], sessions: int) -> dict[int, int]:
    """The score at each session of one course, the latest known where none was taken, from the first score on.

    The last observation is carried forward within the course only, never beyond its last session.
    """
    by_session: dict[int, int] = {}
    latest = None
    taken = dict(scores)  # of several for one session the last stands
    for number in range(sessions + 1):
        latest = taken.get(number, latest)
        if latest is not None and number > 0:
            by_session[number] = latest
    return by_session


def expected_cells(courses: Iterable[EndedCourse]) -> list[Cell]:
    """The band at each session for each measure and baseline, in order; none where no course of that band was, nor
    where even neighbours give too few."""
    cells = []
    of_measures = _curves(courses)
    for measure, bands in BASELINE_BANDS.items():
        curves = of_measures[measure]
        for at, band in enumerate(bands):
            beside = [other for other in (at - 1, at + 1) if 0 <= other < len(bands)]
            adjacent = [curve for other in beside for curve in curves[bands[other]]]
            for number in sorted({session for curve in curves[band] for session in curve.sessions}):
                cell = _cell(measure, band, number, curves[band], adjacent)
                if cell:
                    cells.append(cell)
    return cells


def cell_of(cells: Iterable[Cell], measure: str, first: int, session_number: int) -> Cell | None:
    """The cell against which a course with this first score is read at this session."""
    band = baseline_band(measure, first)
    return next(
        (
            cell
            for cell in cells
            if cell.measure == measure
            and (cell.baseline_low, cell.baseline_high) == band
            and cell.session_number == session_number
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """The scores of one course from session `begins` on, one a session. Bytes, so that a large archive fits into memory."""

    begins: int
    scores: bytes

    def at(self, number: int) -> int | None:
        place = number - self.begins
        return self.scores[place] if 0 <= place < len(self.scores) else None

    @property
    def sessions(self) -> range:
        return range(self.begins, self.begins + len(self.scores))


def _curves(courses: Iterable[EndedCourse]) -> dict[str, dict[Baseline, list[Curve]]]:
    """Of each course its scores by session, by the measure and the band in which it began. Each course is seen once and let
    go."""
    curves: dict[str, dict[Baseline, list[Curve]]] = {
        measure: {band: [] for band in bands} for measure, bands in BASELINE_BANDS.items()
    }
    for course in courses:
        for measure, by_band in curves.items():
            scores = course.scores.get(measure, ())
            band = baseline_band(measure, scores[0][1]) if scores else None
            by_session = scores_by_session(scores, course.sessions)
            if band and by_session:
                by_band[band].append(Curve(min(by_session), bytes(by_session.values())))
    return curves


def _cell(
    measure: str, band: Baseline, number: int, own: Sequence[Curve], adjacent: Sequence[Curve]
) -> Cell | None:
    """From the cell's own courses where they are enough; else with those of one session, then of two sessions more or less,
    then of the adjacent baselines too. A course counts once, with its score nearest to the session."""
    pools = (
        (own, 0),
        (own, 1),
        (own, 2),
        ([*own, *adjacent], 2),
    )
    for step, (curves, reach) in enumerate(pools):
        scores = [score for curve in curves if (score := _nearest(curve, number, reach)) is not None]
        if len(scores) >= LEAST_COURSES:
            return Cell(
                measure=measure,
                baseline_low=band[0],
                baseline_high=band[1],
                session_number=number,
                courses=len(scores),
                low=percentile(scores, LOWEST),
                high=percentile(scores, HIGHEST),
                is_pooled=step > 0,
            )
    return None


def _nearest(curve: Curve, number: int, reach: int) -> int | None:
    """The score at the session; else, of a course that began later or ended earlier, at the nearest one within reach."""
    for distance in range(reach + 1):
        for session in (number - distance, number + distance):
            if (score := curve.at(session)) is not None:
                return score
    return None
