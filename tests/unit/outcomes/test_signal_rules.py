"""When a score asks for a review, at the edge of every rule. Expected answers are written by hand from the rule's source."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.expected import Cell
from outcomes.signal_rules import RULES, Hit, mid_course_session, signal_for

LATE = "Some people respond late, after little change in the first sessions."


def cell(high: int, *, pooled: bool = False, measure: str = "phq9") -> Cell:
    return Cell(measure, 15, 19, 5, 42, 6, high, is_pooled=pooled)


def asked_by(measure: str, first: int, score: int, **facts: Any) -> str | None:
    """The code of the rule that asks. Session 2 of 16, one week after the first score, unless the facts say otherwise."""
    hit = hit_of(measure, first, score, **facts)
    return hit.rule.code if hit else None


def hit_of(measure: str, first: int, score: int, **facts: Any) -> Hit | None:
    known = {"session_number": 2, "planned": 16, "weeks": 1.0, "cell": None, **facts}
    return signal_for(measure, first, score, **known)


# Reliable change: PHQ-9 6, GAD-7 4 (Clark 2018, table 2).
@pytest.mark.parametrize(
    ("measure", "first", "score", "rule"),
    [
        ("phq9", 15, 20, None),
        ("phq9", 15, 21, "worsening"),
        ("phq9", 3, 8, None),
        ("phq9", 3, 9, "worsening"),
        ("gad7", 10, 13, None),
        ("gad7", 10, 14, "worsening"),
        ("gad7", 0, 4, "worsening"),
        ("core10", 10, 30, None),
        ("wsas", 10, 30, None),
        ("ucla3", 3, 9, None),
    ],
)
def test_worse_by_the_reliable_change_asks_at_any_session(
    measure: str, first: int, score: int, rule: str | None
) -> None:
    for session_number in (0, 1, 3, 20):
        assert asked_by(measure, first, score, session_number=session_number, planned=None) == rule


@pytest.mark.parametrize(("score", "rule"), [(13, None), (14, None), (15, "expected"), (20, "expected")])
def test_only_above_the_ninetieth_percentile_is_above_the_expected_course(
    score: int, rule: str | None
) -> None:
    assert asked_by("phq9", 16, score, cell=cell(14)) == rule


# Kroenke and Spitzer 2002: after 4 to 6 weeks a fall of 5 is adequate, 2 to 4 possibly inadequate, 1 or less inadequate.
@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (12, None),
        (13, None),
        (14, "a possibly inadequate response"),
        (16, "a possibly inadequate response"),
        (17, "an inadequate response"),
        (18, "an inadequate response"),
        (19, "an inadequate response"),
        (23, "an inadequate response"),
    ],
)
def test_after_four_to_six_weeks_a_fall_of_less_than_five_asks(score: int, verdict: str | None) -> None:
    hit = hit_of("phq9", 18, score, weeks=5.0)
    assert (hit.rule.code if hit else None) == ("weeks" if verdict else None)
    assert hit is None or verdict in hit.words


@pytest.mark.parametrize(
    ("weeks", "rule"), [(27 / 7, None), (28 / 7, "weeks"), (5.0, "weeks"), (42 / 7, "weeks"), (43 / 7, None)]
)
def test_the_weeks_are_the_fourth_to_the_sixth(weeks: float, rule: str | None) -> None:
    assert asked_by("phq9", 18, 18, weeks=weeks) == rule


@pytest.mark.parametrize(
    ("measure", "first", "rule"), [("phq9", 9, None), ("phq9", 10, "weeks"), ("gad7", 15, None)]
)
def test_the_weeks_are_asked_of_the_phq9_of_somebody_who_began_at_caseness(
    measure: str, first: int, rule: str | None
) -> None:
    assert asked_by(measure, first, first, weeks=5.0) == rule


@pytest.mark.parametrize(
    ("measure", "first", "score", "session_number", "planned", "rule"),
    [
        # session 8 of 16
        ("phq9", 18, 18, 7, 16, None),
        ("phq9", 18, 18, 8, 16, "mid_course"),
        ("phq9", 18, 18, 12, 16, "mid_course"),
        # other lengths
        ("phq9", 18, 18, 2, 6, None),
        ("phq9", 18, 18, 3, 6, "mid_course"),
        ("phq9", 18, 18, 3, 7, None),
        ("phq9", 18, 18, 4, 7, "mid_course"),
        ("phq9", 18, 18, 8, None, None),
        # the reliable change, 6 and 4
        ("phq9", 18, 12, 8, 16, None),
        ("phq9", 18, 13, 8, 16, "mid_course"),
        ("gad7", 12, 8, 8, 16, None),
        ("gad7", 12, 9, 8, 16, "mid_course"),
        # who began below the cut-off has too little to fall
        ("phq9", 9, 9, 8, 16, None),
        ("phq9", 10, 10, 8, 16, "mid_course"),
        ("gad7", 7, 7, 8, 16, None),
        ("gad7", 8, 8, 8, 16, "mid_course"),
    ],
)
def test_no_reliable_improvement_by_half_of_the_planned_sessions_asks(
    measure: str, first: int, score: int, session_number: int, planned: int | None, rule: str | None
) -> None:
    facts = {"session_number": session_number, "planned": planned, "weeks": 9.0}
    assert asked_by(measure, first, score, **facts) == rule


@pytest.mark.parametrize(("planned", "middle"), [(16, 8), (12, 6), (8, 4), (6, 3), (7, 4), (1, 1)])
def test_half_of_an_odd_number_is_rounded_up(planned: int, middle: int) -> None:
    assert mid_course_session(planned) == middle


# --- Which rule comes first --------------------------------------------------------------------------------------------


def test_where_there_is_a_cell_only_the_expected_course_and_worsening_ask() -> None:
    late_and_unchanged = {"session_number": 9, "weeks": 5.0}
    assert asked_by("phq9", 18, 18, **late_and_unchanged) == "weeks"
    assert asked_by("phq9", 18, 18, cell=cell(18), **late_and_unchanged) is None
    assert asked_by("phq9", 18, 18, cell=cell(17), **late_and_unchanged) == "expected"
    assert asked_by("phq9", 15, 21, cell=cell(26), **late_and_unchanged) == "worsening"


def test_worsening_is_named_before_all_others() -> None:
    assert asked_by("phq9", 18, 24, session_number=9, weeks=5.0) == "worsening"
    assert asked_by("phq9", 18, 24, session_number=9, weeks=5.0, cell=cell(17)) == "worsening"


def test_the_weeks_are_named_before_the_middle_of_the_course() -> None:
    assert asked_by("phq9", 18, 18, session_number=8, weeks=6.0) == "weeks"
    assert asked_by("phq9", 18, 18, session_number=8, weeks=6.5) == "mid_course"


def test_what_was_asked_once_gives_way_and_is_not_asked_again() -> None:
    late = {"session_number": 8, "weeks": 6.0}
    assert asked_by("phq9", 18, 18, **late, asked=["weeks"]) == "mid_course"
    assert asked_by("phq9", 18, 18, **late, asked=["weeks", "mid_course"]) is None
    assert asked_by("phq9", 18, 24, **late, asked=["worsening"]) == "worsening"
    assert asked_by("phq9", 18, 18, cell=cell(17), asked=["expected"]) == "expected"


# --- What is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "limit", "words"),
    [
        (
            {"score": 24},
            23,
            "PHQ-9 is 24, 6 points above its first score of 18.",
        ),
        (
            {"score": 17, "cell": cell(15)},
            15,
            "PHQ-9 is 17 at session 5. Nine in ten of 42 ended courses with a like start had 15 or less then.",
        ),
        (
            {"score": 17, "cell": cell(15, pooled=True)},
            15,
            "PHQ-9 is 17 at session 5. Nine in ten of 42 ended courses with a like start had 15 or less then"
            " (neighbouring sessions or starts pooled).",
        ),
        (
            {"score": 15, "weeks": 4.5},
            13,
            "PHQ-9 is 15, 3 below its first score of 18, four to six weeks on: a possibly inadequate response by the"
            " published rule.",
        ),
        (
            {"score": 18, "session_number": 8},
            12,
            "PHQ-9 is 18 at session 8 of 16, the same as its first score of 18; only a fall of 6 is more than the"
            " measure's own error.",
        ),
    ],
)
def test_a_signal_says_the_numbers_and_asks_for_a_review(facts: dict, limit: int, words: str) -> None:
    hit = hit_of("phq9", 18, **facts)
    assert hit is not None
    assert hit.limit == limit
    assert hit.words == f"{words} Please review the course. {LATE}"


def test_every_rule_has_a_name_a_sentence_and_a_source_and_none_says_stop() -> None:
    assert [rule.code for rule in RULES] == ["expected", "worsening", "weeks", "mid_course"]
    for rule in RULES:
        assert rule.name
        assert rule.sentence
        assert rule.source
        assert "stop" not in f"{rule.name} {rule.sentence}".lower()


# --- Whatever the course -----------------------------------------------------------------------------------------------

facts = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(["phq9", "gad7"]),
        "first": st.integers(0, 21),
        "session_number": st.integers(0, 20),
        "planned": st.one_of(st.none(), st.integers(1, 20)),
        "weeks": st.floats(0, 30),
        "cell": st.one_of(st.none(), st.builds(cell, st.integers(0, 21))),
    }
)


@given(facts, st.integers(0, 20))
def test_a_higher_score_never_silences_a_signal(known: dict, score: int) -> None:
    lower, higher = signal_for(**known, score=score), signal_for(**known, score=score + 1)
    assert not lower or higher


@given(facts, st.integers(0, 21))
def test_a_signal_always_asks_for_a_review_names_late_responders_and_lies_above_its_limit(
    known: dict, score: int
) -> None:
    hit = signal_for(**known, score=score)
    if hit:
        assert score > hit.limit
        assert "Please review the course." in hit.words
        assert LATE in hit.words
        assert "stop" not in hit.words.lower()
        at_the_limit = signal_for(**known, score=hit.limit)
        assert at_the_limit is None or at_the_limit.rule != hit.rule


@given(facts, st.integers(0, 21))
def test_nobody_who_has_improved_reliably_is_asked_about_without_a_cell(known: dict, score: int) -> None:
    points = {"phq9": 6, "gad7": 4}[known["measure"]]
    if known["first"] - score >= points:
        assert signal_for(**{**known, "cell": None}, score=score) is None
