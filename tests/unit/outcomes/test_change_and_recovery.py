"""What a course achieved, by the rules of NHS Talking Therapies. Expected answers are written by hand.

Clark 2018, table 2: caseness (PHQ-9 from 10, GAD-7 from 8), recovery, reliable change (6 and 4 points).
"""

import math

import pytest

from outcomes.scoring import (
    Outcome,
    change,
    change_in_words,
    course_in_words,
    difference_in_words,
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
        ((11, 9), (9, 7), Outcome(True, True, "none", False), "No reliable change"),
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
        # one measure at the end: recovery has to be shown on both
        ((18, 15), (8, None), Outcome(True, False, "improved", False)),
        ((18, 15), (None, 6), Outcome(True, False, "improved", False)),
        ((18, None), (8, None), Outcome(True, False, "improved", False)),
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
    ("measure", "first", "last", "words", "difference"),
    [
        ("phq9", 19, 11, "Reliable improvement", "PHQ-9 down 8"),
        ("phq9", 14, 20, "Reliable deterioration", "PHQ-9 up 6"),
        ("gad7", 16, 15, "No reliable change", "GAD-7 down 1"),
        ("gad7", 16, 16, "No reliable change", "GAD-7 unchanged"),
        ("phq9", 19, None, "No two scores yet", ""),
        ("ucla3", 9, 3, "Reliable change not defined", "UCLA-3 down 6"),
    ],
)
def test_pages_say_change_in_words(
    measure: str, first: int, last: int | None, words: str, difference: str
) -> None:
    assert change_in_words(measure, first, last) == words
    assert difference_in_words(measure, first, last) == difference


def test_a_course_without_two_scores_is_not_said_to_be_unchanged() -> None:
    assert course_in_words({"phq9": 18, "gad7": 15}, {}) == "No two scores yet"
    assert course_in_words({"phq9": 18}, {"gad7": 6}) == "No two scores yet"
    assert course_in_words({"phq9": 18, "gad7": 15}, {"phq9": 17}) == "No reliable change"
    assert course_in_words({"phq9": 18, "gad7": 15}, {"phq9": 8, "gad7": 6}) == "Reliable recovery"
    assert course_in_words({"phq9": 14}, {"phq9": 20}) == "Reliable deterioration"
