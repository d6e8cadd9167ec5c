"""What answers and totals mean: totals, caseness, reliable change, recovery. Pure arithmetic, no Django.

The numbers live in `outcomes.measures`. A missing answer is never a zero: a form with a gap has no total,
and still alerts. Whatever is not a whole number in range (True, 1.0, "1", NaN) raises `ValueError`, so that
nothing is ever scored by accident.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from outcomes.measures import BY_CODE, Measure

__all__ = [
    "Change",
    "Estimate",
    "Outcome",
    "Score",
    "band_of",
    "change",
    "course_in_words",
    "difference_in_words",
    "first_and_last",
    "first_and_last_of",
    "is_case",
    "outcome",
    "outcome_in_words",
    "prorated",
    "score",
    "wsas_without_work",
]

Change = Literal["improved", "deteriorated", "none"]
# One form: the day, and its total, None while an answer is missing.
Taken = tuple[date, int | None]

# NHS Talking Therapies reports a course by these two together: caseness on either, recovery on both
# (Clark 2018, table 2). Disorder-specific anxiety measures are not in this version.
RECOVERY_MEASURES = ("phq9", "gad7")

CHANGE_IN_WORDS: dict[Change, str] = {
    "improved": "Reliable improvement",
    "deteriorated": "Reliable deterioration",
    "none": "No reliable change",
}


@dataclass(frozen=True)
class Score:
    """What one filled-in form says. `total`, `band` and `is_case` are None while an answer is missing."""

    total: int | None
    band: str | None
    is_case: bool | None
    is_risk: bool


@dataclass(frozen=True)
class Estimate:
    """A total worked out from an incomplete form; never used for caseness, change or recovery."""

    total: int
    missing: int

    @property
    def is_estimate(self) -> bool:
        """False for a complete form, whose total is exact."""
        return self.missing > 0


@dataclass(frozen=True)
class Outcome:
    """What a course achieved between its first and last totals; see `outcome` for the rules."""

    was_case: bool | None
    recovered: bool | None
    change: Change
    reliably_recovered: bool | None


def score(measure: str | Measure, answers: Sequence[int | None]) -> Score:
    """Score one form: one answer an item, as chosen on the form, None where it was left blank.

    `is_case` is None too where the measure has no cut-off, and `band` where it has no bands. `is_risk` is
    True when any risk item is above 0, also on a form with gaps. A wrong count, or an answer that is no
    whole number in range, raises `ValueError`.
    """
    measure = _measure(measure)
    answers = _checked(measure, answers)
    is_risk = any((answers[number - 1] or 0) > 0 for number in measure.risk_items)
    if None in answers:
        return Score(total=None, band=None, is_case=None, is_risk=is_risk)
    total = _sum(measure, answers)
    return Score(total, _band(measure, total), _is_case(measure, total), is_risk)


def prorated(measure: str | Measure, answers: Sequence[int | None]) -> Estimate | None:
    """Estimate the total as the mean of what was answered times the number of items, in whole points.

    None where more answers are missing than the measure allows: CORE-10 allows one (CORE System Trust), the
    others none. With nine of ten answered the nearest whole point is always unambiguous. The estimate is of
    the total alone: an unanswered risk item stays unanswered.
    """
    measure = _measure(measure)
    answers = _checked(measure, answers)
    missing = answers.count(None)
    if missing > measure.may_miss:
        return None
    count = len(answers)
    return Estimate(total=round(_sum(measure, answers) * count / (count - missing)), missing=missing)


def wsas_without_work(answers: Sequence[int | None]) -> int | None:
    """The WSAS total out of 32 for someone to whom work does not apply; None if one of the four is missing.

    Takes the form's five answers, of which the first (work) is left aside. Never compare it with a total out
    of 40, nor read it by the bands.
    """
    answers = _checked(BY_CODE["wsas"], answers)[1:]
    return None if None in answers else sum(answer for answer in answers if answer is not None)


def band_of(measure: str | Measure, total: int | None) -> str | None:
    """The word for a total, also for one that came without its answers; None without a total or without bands.

    Not for a WSAS total out of 32: the bands are of 40.
    """
    measure = _measure(measure)
    _check_total(measure, total)
    return None if total is None else _band(measure, total)


def is_case(measure: str | Measure, total: int | None) -> bool | None:
    """Whether a total is at caseness; None without a total, or where the measure has no cut-off."""
    measure = _measure(measure)
    _check_total(measure, total)
    return _is_case(measure, total)


def first_and_last(taken: Iterable[Taken], last_treatment_day: date | None) -> tuple[int | None, int | None]:
    """The first and the last treatment score of one measure in one course.

    `taken` holds the forms oldest first; `last_treatment_day` is the day of the last attended treatment
    session, None before the first. The first score is the first complete one of the course, the
    assessment's included. The last is the last complete one up to that day: what is filled in afterwards, at
    a follow-up, changes nothing of what the treatment achieved. One score alone has no last.
    """
    complete = sorted(((day, total) for day, total in taken if total is not None), key=lambda one: one[0])
    if not complete:
        return None, None
    first = complete[0][1]
    later = [
        total for day, total in complete[1:] if last_treatment_day is not None and day <= last_treatment_day
    ]
    return first, later[-1] if later else None


def first_and_last_of(
    taken: Mapping[str, Iterable[Taken]], last_treatment_day: date | None
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """`first_and_last` of each measure by itself, as `outcome` takes them: all first scores, all last ones."""
    both = {code: first_and_last(forms, last_treatment_day) for code, forms in taken.items()}
    return {code: first for code, (first, _) in both.items()}, {
        code: last for code, (_, last) in both.items()
    }


def change(measure: str | Measure, before: int | None, after: int | None) -> Change | None:
    """Whether one measure changed reliably; None where a total or the measure's threshold is missing.

    A step towards `outcome`, which alone is put into words: one measure by itself is told in points.
    """
    measure = _measure(measure)
    _check_total(measure, before)
    _check_total(measure, after)
    if before is None or after is None or measure.reliable_change is None:
        return None
    if before - after >= measure.reliable_change:
        return "improved"
    if after - before >= measure.reliable_change:
        return "deteriorated"
    return "none"


def outcome(first: Mapping[str, int | None], last: Mapping[str, int | None]) -> Outcome:
    """What a course achieved by the rules of NHS Talking Therapies, from its first and last totals.

    A measure not taken is None or left out. Totals of measures other than PHQ-9 and GAD-7 may be there and
    are checked, but take no part. An unknown measure or a total out of range raises `ValueError`.

    - At caseness: PHQ-9 or GAD-7 at or above its cut-off at the start (Clark 2018).
    - Recovered: was at caseness, and at the end below the cut-off on both (Clark 2018).
    - Improved: at least one improved reliably and the other did not worsen reliably. Deteriorated: the
      mirror image. Everything else is "none", also one up and one down (NHS Talking Therapies Manual; from
      general knowledge, the published flags do not print their derivation).

    Where measures are missing, which the publications seen leave open, this project decided:
    - caseness is judged on what was taken at the start, and is None when nothing was;
    - recovery needs every measure that has a first score, and at least the PHQ-9, to end below its cut-off:
      one missing at the end is not recovered, as courses without end scores stay in the denominator (NHS
      Digital);
    - change is judged on each measure taken at both ends; with no such pair it is "none".
    `recovered` and `reliably_recovered` are None when the course is not known to have begun at caseness.
    """
    first = _checked_totals(first)
    last = _checked_totals(last)
    at_start = [_is_case(BY_CODE[code], first[code]) for code in RECOVERY_MEASURES]
    changes = [change(code, first[code], last[code]) for code in RECOVERY_MEASURES]

    was_case = None if at_start == [None, None] else True in at_start
    overall: Change = "none"
    if "improved" in changes and "deteriorated" not in changes:
        overall = "improved"
    elif "deteriorated" in changes and "improved" not in changes:
        overall = "deteriorated"
    if not was_case:
        return Outcome(was_case, recovered=None, change=overall, reliably_recovered=None)
    must_end_below = [code for code in RECOVERY_MEASURES if code == "phq9" or first[code] is not None]
    recovered = all(_is_case(BY_CODE[code], last[code]) is False for code in must_end_below)
    return Outcome(was_case, recovered, overall, reliably_recovered=recovered and overall == "improved")


def difference_in_words(measure: str | Measure, before: int | None, after: int | None) -> str:
    """One measure by itself is told in points: "PHQ-9 down 7"; empty when there is nothing to compare."""
    measure = _measure(measure)
    _check_total(measure, before)
    _check_total(measure, after)
    if before is None or after is None:
        return ""
    if after == before:
        return f"{measure.name} unchanged"
    return f"{measure.name} {'down' if after < before else 'up'} {abs(after - before)}"


def outcome_in_words(outcome: Outcome) -> str:
    """A course's outcome as pages say it: "Reliable recovery", "Recovered, no reliable change", "Reliable
    improvement". Use `course_in_words` where scores may be missing."""
    if outcome.reliably_recovered:
        return "Reliable recovery"
    words = CHANGE_IN_WORDS[outcome.change]
    return f"Recovered, {words[0].lower()}{words[1:]}" if outcome.recovered else words


def course_in_words(first: Mapping[str, int | None], last: Mapping[str, int | None]) -> str:
    """What pages say of a course, from its first and last scores; says so when no measure has both."""
    words = outcome_in_words(outcome(first, last))
    first, last = _checked_totals(first), _checked_totals(last)
    has_pair = any(first[code] is not None and last[code] is not None for code in RECOVERY_MEASURES)
    return words if has_pair else "No two scores yet"


def _measure(measure: str | Measure) -> Measure:
    if isinstance(measure, Measure):
        return measure
    if not isinstance(measure, str) or measure not in BY_CODE:
        raise ValueError(f"Unknown measure: {measure!r}")
    return BY_CODE[measure]


def _checked(measure: Measure, answers: Sequence[int | None]) -> tuple[int | None, ...]:
    if not isinstance(answers, Sequence) or isinstance(answers, str | bytes | bytearray):
        raise ValueError(f"{measure.name}: answers must be a list")
    if len(answers) != len(measure.items):
        raise ValueError(f"{measure.name} has {len(measure.items)} answers, not {len(answers)}")
    for number, answer in enumerate(answers, start=1):
        if answer is not None and not _is_whole(answer, measure.lowest_answer, measure.highest_answer):
            raise ValueError(
                f"{measure.name} item {number} must be {measure.lowest_answer} to {measure.highest_answer}"
            )
    return tuple(answers)


def _checked_totals(totals: Mapping[str, int | None]) -> dict[str, int | None]:
    if not isinstance(totals, Mapping):
        raise ValueError("Totals must be given by the code of their measure")
    for code, total in totals.items():
        _check_total(_measure(code), total)
    return {code: totals.get(code) for code in RECOVERY_MEASURES}


def _check_total(measure: Measure, total: int | None) -> None:
    if total is not None and not _is_whole(total, measure.lowest_total, measure.highest_total):
        raise ValueError(f"{measure.name} total must be {measure.lowest_total} to {measure.highest_total}")


def _is_whole(value: object, low: int, high: int) -> bool:
    # bool is an int to Python, but True is no answer.
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _sum(measure: Measure, answers: Sequence[int | None]) -> int:
    return sum(
        measure.highest_answer + measure.lowest_answer - answer
        if number in measure.reversed_items
        else answer
        for number, answer in enumerate(answers, start=1)
        if answer is not None
    )


def _band(measure: Measure, total: int) -> str | None:
    return next((band.label for band in measure.bands if band.low <= total <= band.high), None)


def _is_case(measure: Measure, total: int | None) -> bool | None:
    if total is None or measure.cut_off is None:
        return None
    return total >= measure.cut_off
