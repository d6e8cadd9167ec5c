"""What a course achieved, by the rules of NHS Talking Therapies. Expected answers are written by hand.

Clark 2018, table 2: caseness (PHQ-9 from 10, GAD-7 from 8), recovery, reliable change (6 and 4 points).
"""

import math
from datetime import date

import pytest

from outcomes import scoring
from outcomes.scoring import (
    Outcome,
    change,
    course_in_words,
    difference_in_words,
    first_and_last,
    first_and_last_of,
    outcome,
    outcome_in_words,
)


def course(first: tuple[int | None, int | None], last: tuple[int | None, int | None]) -> Outcome:
    """A course by its (PHQ-9, GAD-7) totals at both ends."""
    return outcome(first={"phq9": first[0], "gad7": first[1]}, last={"phq9": last[0], "gad7": last[1]})


@pytest.mark.parametrize(
    ("first", "last", "expected", "words"),
    [
        ((18, 15), (8, 6), Outcome(True, True, "improved", True), "Reliable recovery"),
        ((11, 9), (9, 7), Outcome(True, True, "none", False), "Recovered, no reliable change"),
        ((20, 16), (13, 11), Outcome(True, False, "improved", False), "Reliable improvement"),
        ((9, 7), (3, 3), Outcome(False, None, "improved", None), "Reliable improvement"),
    ],
    ids=["A", "B", "C", "D"],
)
def test_the_four_courses_of_the_truth_table(
    first: tuple, last: tuple, expected: Outcome, words: str
) -> None:
    assert course(first, last) == expected
    assert outcome_in_words(expected) == words


@pytest.mark.parametrize(
    ("first", "was_case"),
    [((9, 7), False), ((10, 7), True), ((9, 8), True), ((10, 8), True), ((0, 0), False), ((27, 21), True)],
)
def test_either_measure_makes_a_case(first: tuple, was_case: bool) -> None:
    assert course(first, first).was_case is was_case


@pytest.mark.parametrize(
    ("last", "recovered"),
    [((9, 7), True), ((10, 7), False), ((9, 8), False), ((10, 8), False), ((0, 0), True)],
)
def test_recovery_needs_both_measures_below_their_cut_off(last: tuple, recovered: bool) -> None:
    assert course((18, 15), last).recovered is recovered


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ((15, 10), (9, 10), "improved"),  # PHQ-9 down exactly 6
        ((15, 10), (10, 10), "none"),  # down 5
        ((15, 10), (15, 6), "improved"),  # GAD-7 down exactly 4
        ((15, 10), (15, 7), "none"),  # down 3
        ((15, 10), (21, 10), "deteriorated"),  # PHQ-9 up exactly 6
        ((15, 10), (20, 10), "none"),
        ((15, 10), (15, 14), "deteriorated"),  # GAD-7 up exactly 4
        ((15, 10), (15, 13), "none"),
        ((15, 10), (9, 14), "none"),  # one up, one down
        ((15, 10), (21, 6), "none"),
        ((15, 10), (9, 13), "improved"),  # the other worse by less than its threshold
        ((15, 10), (20, 6), "improved"),
        ((15, 10), (21, 14), "deteriorated"),
        ((15, 10), (9, 6), "improved"),
    ],
)
def test_a_course_improves_when_one_measure_does_and_the_other_does_not_worsen(
    first: tuple, last: tuple, expected: str
) -> None:
    assert course(first, last).change == expected


def test_recovered_with_one_measure_worse_and_one_better_is_not_reliably_recovered() -> None:
    assert course((16, 3), (9, 7)) == Outcome(True, True, "none", False)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # one measure at the start: judged on what was taken
        ((18, None), (8, 6), Outcome(True, True, "improved", True)),
        ((None, 15), (8, 6), Outcome(True, True, "improved", True)),
        ((9, None), (3, 3), Outcome(False, None, "improved", None)),
        # recovery has to be shown on every measure that was taken at the start
        ((18, 15), (8, None), Outcome(True, False, "improved", False)),
        ((18, 15), (None, 6), Outcome(True, False, "improved", False)),
        ((18, None), (8, None), Outcome(True, True, "improved", True)),
        ((18, None), (13, None), Outcome(True, False, "none", False)),
        ((18, None), (8, 12), Outcome(True, True, "improved", True)),
        # and on the PHQ-9 at the least
        ((None, 15), (None, 6), Outcome(True, False, "improved", False)),
        ((None, 15), (8, None), Outcome(True, False, "none", False)),
        ((None, 15), (10, 6), Outcome(True, False, "improved", False)),
        ((18, 15), (24, None), Outcome(True, False, "deteriorated", False)),
        # no pair on either measure
        ((18, None), (None, 6), Outcome(True, False, "none", False)),
        ((18, 15), (None, None), Outcome(True, False, "none", False)),
        ((9, 7), (None, None), Outcome(False, None, "none", None)),
        # nothing at the start: not known whether it was a case
        ((None, None), (8, 6), Outcome(None, None, "none", None)),
        ((None, None), (None, None), Outcome(None, None, "none", None)),
    ],
)
def test_a_measure_that_was_not_taken_is_never_a_zero(first: tuple, last: tuple, expected: Outcome) -> None:
    assert course(first, last) == expected


def test_a_measure_left_out_is_the_same_as_none() -> None:
    assert outcome(first={"phq9": 18}, last={"phq9": 8}) == course((18, None), (8, None))
    assert outcome(first={}, last={}) == course((None, None), (None, None))


def test_other_measures_take_no_part_in_recovery() -> None:
    first = {"phq9": 18, "gad7": 15, "wsas": 30, "core10": 25}
    last = {"phq9": 8, "gad7": 6, "wsas": 38, "core10": 35}
    assert outcome(first=first, last=last) == Outcome(True, True, "improved", True)


@pytest.mark.parametrize(
    "totals",
    [
        {"phq9": 28},
        {"phq9": -1},
        {"gad7": 22},
        {"phq9": True},
        {"phq9": 18.0},
        {"phq9": math.nan},
        {"phq9": "18"},
        {"wsas": 41},
        {"ucla3": 2},
        {"phq": 18},
        {None: 18},
        None,
        [18, 15],
    ],
)
def test_a_total_that_cannot_be_is_refused_at_either_end(totals: object) -> None:
    good = {"phq9": 18, "gad7": 15}
    with pytest.raises(ValueError, match=r"total must be|Unknown measure|by the code"):
        outcome(first=totals, last=good)  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValueError, match=r"total must be|Unknown measure|by the code"):
        outcome(first=good, last=totals)  # type: ignore[arg-type]  # the point of the test


# Thresholds: PHQ-9 6 and GAD-7 4 (Clark 2018); CORE-10 6 (Barkham and others 2013); WSAS 8 (Zahra 2014).
@pytest.mark.parametrize(
    ("measure", "before", "after", "expected"),
    [
        ("phq9", 18, 12, "improved"),
        ("phq9", 18, 13, "none"),
        ("phq9", 12, 17, "none"),
        ("phq9", 12, 18, "deteriorated"),
        ("gad7", 12, 8, "improved"),
        ("gad7", 12, 9, "none"),
        ("gad7", 8, 11, "none"),
        ("gad7", 8, 12, "deteriorated"),
        ("core10", 20, 14, "improved"),
        ("core10", 20, 15, "none"),
        ("core10", 14, 20, "deteriorated"),
        ("wsas", 20, 12, "improved"),
        ("wsas", 20, 13, "none"),
        ("wsas", 12, 20, "deteriorated"),
        ("phq9", 12, 12, "none"),
        ("phq9", None, 12, None),
        ("phq9", 12, None, None),
        ("ucla3", 9, 3, None),
    ],
)
def test_one_measure_changes_reliably_from_its_threshold_on(
    measure: str, before: int | None, after: int | None, expected: str | None
) -> None:
    assert change(measure, before, after) == expected


@pytest.mark.parametrize("total", [28, -1, True, 18.0, "18"])
def test_change_refuses_a_total_that_cannot_be(total: object) -> None:
    with pytest.raises(ValueError, match="PHQ-9 total must be 0 to 27"):
        change("phq9", 18, total)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("measure", "first", "last", "words"),
    [
        ("phq9", 19, 12, "PHQ-9 down 7"),
        ("phq9", 14, 20, "PHQ-9 up 6"),
        ("gad7", 16, 15, "GAD-7 down 1"),
        ("gad7", 16, 16, "GAD-7 unchanged"),
        ("phq9", 19, None, ""),
        ("phq9", None, 19, ""),
        ("ucla3", 9, 3, "UCLA-3 down 6"),
    ],
)
def test_one_measure_alone_is_told_in_points_and_never_as_reliable(
    measure: str, first: int | None, last: int | None, words: str
) -> None:
    assert difference_in_words(measure, first, last) == words
    assert not hasattr(scoring, "change_in_words")


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Outcome(True, True, "improved", True), "Reliable recovery"),
        (Outcome(True, True, "none", False), "Recovered, no reliable change"),
        (Outcome(True, True, "deteriorated", False), "Recovered, reliable deterioration"),
        (Outcome(True, False, "improved", False), "Reliable improvement"),
        (Outcome(True, False, "none", False), "No reliable change"),
        (Outcome(True, False, "deteriorated", False), "Reliable deterioration"),
        (Outcome(False, None, "improved", None), "Reliable improvement"),
        (Outcome(None, None, "none", None), "No reliable change"),
    ],
)
def test_pages_say_an_outcome_in_words(result: Outcome, words: str) -> None:
    assert outcome_in_words(result) == words


def test_a_course_may_recover_while_one_measure_worsens_below_its_cut_off() -> None:
    # PHQ-9 3 to 9 is 6 up, GAD-7 9 to 7 is 2 down: both end below their cut-offs.
    assert course((3, 9), (9, 7)) == Outcome(True, True, "deteriorated", False)


def test_a_course_without_two_scores_is_not_said_to_be_unchanged() -> None:
    assert course_in_words({"phq9": 18, "gad7": 15}, {}) == "No two scores yet"
    assert course_in_words({"phq9": 18}, {"gad7": 6}) == "No two scores yet"
    assert course_in_words({"phq9": 18, "gad7": 15}, {"phq9": 17}) == "No reliable change"
    assert course_in_words({"phq9": 18, "gad7": 15}, {"phq9": 8, "gad7": 6}) == "Reliable recovery"
    assert course_in_words({"phq9": 14}, {"phq9": 20}) == "Reliable deterioration"


# --- Which scores are the first and the last ---------------------------------------------------------------------------


def june(day: int) -> date:
    return date(2026, 6, day)


ASSESSED, FIRST, SECOND, LAST, FOLLOW_UP = june(1), june(8), june(15), june(22), june(29)


@pytest.mark.parametrize(
    ("taken", "until", "expected"),
    [
        ([], LAST, (None, None)),
        # the assessment's score is the first of the course
        ([(ASSESSED, 19), (FIRST, 17), (LAST, 12)], LAST, (19, 12)),
        # one score alone has no last, on whichever day it was taken
        ([(ASSESSED, 19)], LAST, (19, None)),
        ([(LAST, 19)], LAST, (19, None)),
        ([(FOLLOW_UP, 19)], LAST, (19, None)),
        # before the first treatment session there is no last
        ([(ASSESSED, 19), (FIRST, 17)], None, (19, None)),
        # what was taken on the day itself counts, what came after does not
        ([(ASSESSED, 19), (LAST, 12)], LAST, (19, 12)),
        ([(ASSESSED, 19), (LAST, 12), (FOLLOW_UP, 6)], LAST, (19, 12)),
        ([(ASSESSED, 19), (FOLLOW_UP, 6)], LAST, (19, None)),
        ([(ASSESSED, 19), (FIRST, 15), (LAST, 12)], SECOND, (19, 15)),
        # a form with a gap is neither the first nor the last
        ([(ASSESSED, None), (FIRST, 17), (SECOND, 14), (LAST, None)], LAST, (17, 14)),
        # two of one day stay in their order
        ([(FIRST, 17), (FIRST, 14)], FIRST, (17, 14)),
        ([(LAST, 12), (ASSESSED, 19)], LAST, (19, 12)),
    ],
)
def test_the_last_score_is_the_last_complete_one_of_the_treatment(
    taken: list, until: date | None, expected: tuple
) -> None:
    assert first_and_last(taken, until) == expected


def test_each_measure_has_a_first_and_a_last_score_of_its_own() -> None:
    taken = {
        "phq9": [(ASSESSED, 19), (SECOND, 12), (FOLLOW_UP, 5)],
        "gad7": [(FIRST, 14), (LAST, 7)],
        "wsas": [(LAST, 20)],
    }
    assert first_and_last_of(taken, LAST) == (
        {"phq9": 19, "gad7": 14, "wsas": 20},
        {"phq9": 12, "gad7": 7, "wsas": None},
    )
