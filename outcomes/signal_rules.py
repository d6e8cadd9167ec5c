"""When a score asks for a review of the course: the rules, each with its source, and the words in which it is said. Pure
arithmetic, no Django. What becomes of a signal is in `outcomes.signals`.

A signal asks a person to look. It never says that treatment should end, it predicts nothing, and it always remembers that
some people respond late: in depression a class of clients changes little until session 6 and then quickly
(trajectory studies, PMC6428692).
"""

from collections.abc import Collection
from dataclasses import dataclass

from outcomes.expected import Cell
from outcomes.measures import BY_CODE

__all__ = [
    "BY_RULE",
    "EXPECTED",
    "LATE_RESPONDERS",
    "MID_COURSE",
    "RULES",
    "WEEKS",
    "WORSENING",
    "Hit",
    "Rule",
    "mid_course_session",
    "signal_for",
]

MEASURES = ("phq9", "gad7")
LATE_RESPONDERS = "Some people respond late, after little change in the first sessions."

# Kroenke and Spitzer 2002, as passed on in treatment guidelines [general]: after 4 to 6 weeks a fall of 5 points is
# adequate, of 2 to 4 possibly inadequate, of 1 or none, or a rise, inadequate.
FIRST_WEEK, LAST_WEEK = 4, 6
ADEQUATE_FALL = 5
POSSIBLY_ADEQUATE_FALL = 2


@dataclass(frozen=True)
class Rule:
    """`sentence` says when the rule asks for a review. `is_asked_once`: once answered, the same course and measure is not
    asked about it again, since every later score would say the same."""

    code: str
    name: str
    sentence: str
    source: str
    is_asked_once: bool = False


@dataclass(frozen=True)
class Hit:
    """A rule that asks for a review, and why. `limit` is the highest score at which it would not have asked."""

    rule: Rule
    limit: int
    words: str


EXPECTED = Rule(
    "expected",
    "Above the expected course",
    "The score is higher than that of nine in ten of this clinic's ended courses which began in the same band, at the same"
    " session.",
    "Delgadillo and others 2018, with this clinic's own courses in place of the published curves",
)
WORSENING = Rule(
    "worsening",
    "Reliable worsening",
    "The score is above the first one by the reliable change or more: 6 points of PHQ-9, 4 of GAD-7.",
    "Clark 2018, table 2; Richards and Borglin 2011",
)
WEEKS = Rule(
    "weeks",
    "Little change after four to six weeks",
    "Four to six weeks after the first score the PHQ-9 has fallen by less than 5 points. Asked where the course began at 10"
    " or more.",
    "Kroenke and Spitzer 2002",
    is_asked_once=True,
)
MID_COURSE = Rule(
    "mid_course",
    "No reliable improvement by mid-course",
    "From half of the planned sessions on, the measure has not fallen by its reliable change: 6 points of PHQ-9, 4 of"
    " GAD-7. Asked of each measure by itself, where the course began at or above its cut-off.",
    "The mid-point review of IPT (Weissman, Markowitz and Klerman 2018); reliable change, Clark 2018",
    is_asked_once=True,
)
RULES = (EXPECTED, WORSENING, WEEKS, MID_COURSE)
BY_RULE = {rule.code: rule for rule in RULES}


def signal_for(
    measure: str,
    first: int,
    score: int,
    session_number: int,
    planned: int | None,
    weeks: float,
    cell: Cell | None,
    *,
    asked: Collection[str] = (),
) -> Hit | None:
    """The rule by which this score, which is not the first one, asks for a review; None where none does.

    `session_number` is that of the session to which the score belongs, 0 before the first; `planned` how many sessions are
    planned, None where the programme has no middle; `weeks` those since the first score, parts of a week included; `cell`
    what `expected.cell_of` gives; `asked` the codes of the rules by which this course was asked about this measure before.

    Worsening comes first: it is true whatever the model says. Where there is a cell, only the expected course is asked
    beside it; where there is none, the weeks and then the middle of the course.
    """
    if measure not in MEASURES:
        return None
    if hit := _worsening(measure, first, score):
        return hit
    if cell is not None:
        return _expected(measure, score, cell)
    hits = (_weeks(measure, first, score, weeks), _mid_course(measure, first, score, session_number, planned))
    return next((hit for hit in hits if hit and hit.rule.code not in asked), None)


def mid_course_session(planned: int) -> int:
    """The session at which a course is half-way: 8 of 16, 3 of 6, 4 of 7."""
    return -(-planned // 2)


def _worsening(measure: str, first: int, score: int) -> Hit | None:
    limit = first + _reliable_change(measure) - 1
    if score <= limit:
        return None
    name = BY_CODE[measure].name
    return _hit(
        WORSENING, limit, f"{name} is {score}, {score - first} points above its first score of {first}."
    )


def _expected(measure: str, score: int, cell: Cell) -> Hit | None:
    if score <= cell.high:
        return None
    name = BY_CODE[measure].name
    return _hit(
        EXPECTED,
        cell.high,
        f"{name} is {score} at session {cell.session_number}. Nine in ten of {cell.courses} ended courses with a like start had"
        f" {cell.high} or less then{' (neighbouring sessions or starts pooled)' if cell.is_pooled else ''}.",
    )


def _weeks(measure: str, first: int, score: int, weeks: float) -> Hit | None:
    # The table is of treated depression: who began below the cut-off may have no five points to fall.
    if measure != "phq9" or not _began_as_case(measure, first) or not FIRST_WEEK <= weeks <= LAST_WEEK:
        return None
    fall = first - score
    if fall >= ADEQUATE_FALL:
        return None
    verdict = "a possibly inadequate" if fall >= POSSIBLY_ADEQUATE_FALL else "an inadequate"
    return _hit(
        WEEKS,
        first - ADEQUATE_FALL,
        f"PHQ-9 is {score}, {_against(first, score)}, four to six weeks on: {verdict} response by the published rule.",
    )


def _mid_course(measure: str, first: int, score: int, session_number: int, planned: int | None) -> Hit | None:
    if planned is None or not _began_as_case(measure, first) or session_number < mid_course_session(planned):
        return None
    limit = first - _reliable_change(measure)
    if score <= limit:
        return None
    return _hit(
        MID_COURSE,
        limit,
        f"{BY_CODE[measure].name} is {score} at session {session_number} of {planned}, {_against(first, score)};"
        f" only a fall of {_reliable_change(measure)} is more than the measure's own error.",
    )


def _hit(rule: Rule, limit: int, words: str) -> Hit:
    return Hit(rule, limit, f"{words} Please review the course. {LATE_RESPONDERS}")


def _against(first: int, score: int) -> str:
    if score == first:
        return f"the same as its first score of {first}"
    return f"{abs(first - score)} {'below' if score < first else 'above'} its first score of {first}"


def _began_as_case(measure: str, first: int) -> bool:
    cut_off = BY_CODE[measure].cut_off
    return cut_off is not None and first >= cut_off


def _reliable_change(measure: str) -> int:
    points = BY_CODE[measure].reliable_change
    if points is None:
        raise ValueError(f"{BY_CODE[measure].name} has no reliable change")
    return points
