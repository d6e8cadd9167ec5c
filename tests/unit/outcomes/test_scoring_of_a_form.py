"""What one filled-in form says. Expected answers are written by hand, from the sources named."""

import math

import pytest

from outcomes.measures import BY_CODE
from outcomes.scoring import Estimate, Score, band_of, is_case, prorated, score, wsas_without_work


def phq9(total: int) -> list[int]:
    """Nine answers of 0 to 3 with this total, item 9 filled last."""
    return [min(3, max(0, total - 3 * item)) for item in range(9)]


def gad7(total: int) -> list[int]:
    return [min(3, max(0, total - 3 * item)) for item in range(7)]


def core10(total: int) -> list[int]:
    """Ten answers as chosen on the form: a full answer to items 2 and 3 adds nothing."""
    points = [min(4, max(0, total - 4 * item)) for item in range(10)]
    return [points[0], 4 - points[1], 4 - points[2], *points[3:]]


def wsas(total: int) -> list[int]:
    return [min(8, max(0, total - 8 * item)) for item in range(5)]


# Bands and cut-off: Kroenke, Spitzer and Williams 2001; caseness from 10, Clark 2018, table 2.
@pytest.mark.parametrize(
    ("total", "band", "is_case"),
    [
        (0, "minimal", False),
        (4, "minimal", False),
        (5, "mild", False),
        (9, "mild", False),
        (10, "moderate", True),
        (14, "moderate", True),
        (15, "moderately severe", True),
        (19, "moderately severe", True),
        (20, "severe", True),
        (27, "severe", True),
    ],
)
def test_a_phq9_total_has_its_band_and_is_a_case_from_10(total: int, band: str, is_case: bool) -> None:
    result = score("phq9", phq9(total))
    assert (result.total, result.band, result.is_case) == (total, band, is_case)


# Bands: Spitzer and others 2006; caseness from 8, Clark 2018, table 2.
@pytest.mark.parametrize(
    ("total", "band", "is_case"),
    [
        (0, "minimal", False),
        (4, "minimal", False),
        (5, "mild", False),
        (7, "mild", False),
        (8, "mild", True),
        (9, "mild", True),
        (10, "moderate", True),
        (14, "moderate", True),
        (15, "severe", True),
        (21, "severe", True),
    ],
)
def test_a_gad7_total_has_its_band_and_is_a_case_from_8(total: int, band: str, is_case: bool) -> None:
    assert score("gad7", gad7(total)) == Score(total, band, is_case, is_risk=False)


# Bands: socasresourcehub.com, section 5b; cut-off 11, CORE System Trust.
@pytest.mark.parametrize(
    ("total", "band", "is_case"),
    [
        (0, "healthy or low level", False),
        (10, "healthy or low level", False),
        (11, "mild", True),
        (14, "mild", True),
        (15, "moderate", True),
        (19, "moderate", True),
        (20, "moderately severe", True),
        (24, "moderately severe", True),
        (25, "severe", True),
        (40, "severe", True),
    ],
)
def test_a_core10_total_has_its_band_and_is_a_case_from_11(total: int, band: str, is_case: bool) -> None:
    result = score("core10", core10(total))
    assert (result.total, result.band, result.is_case) == (total, band, is_case)


# Bands: below 10, 10 to 20, above 20 (rehabmeasures copy); exactly 20 belongs to the middle by decision.
@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "subclinical"),
        (9, "subclinical"),
        (10, "significant"),
        (20, "significant"),
        (21, "moderately severe or worse"),
        (40, "moderately severe or worse"),
    ],
)
def test_a_wsas_total_has_its_band_and_no_caseness(total: int, band: str) -> None:
    assert score("wsas", wsas(total)) == Score(total, band, is_case=None, is_risk=False)


@pytest.mark.parametrize(("answers", "total"), [([1, 1, 1], 3), ([2, 1, 3], 6), ([3, 3, 3], 9)])
def test_the_ucla3_runs_from_3_to_9_without_band_or_caseness(answers: list[int], total: int) -> None:
    assert score("ucla3", answers) == Score(total, band=None, is_case=None, is_risk=False)


def test_a_measure_may_be_given_by_its_code_or_as_itself() -> None:
    assert score(BY_CODE["gad7"], [1, 2, 3, 0, 1, 2, 3]) == score("gad7", (1, 2, 3, 0, 1, 2, 3))
    assert score("gad7", [1, 2, 3, 0, 1, 2, 3]).total == 12


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 8),  # no support and no coping are 4 points each
        ([4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 32),
        ([0, 4, 4, 0, 0, 0, 0, 0, 0, 0], 0),
        ([4, 0, 0, 4, 4, 4, 4, 4, 4, 4], 40),
        ([0, 3, 4, 0, 0, 0, 0, 0, 0, 0], 1),
        ([0, 4, 1, 0, 0, 0, 0, 0, 0, 0], 3),
    ],
)
def test_core10_turns_items_2_and_3_round_and_no_other(answers: list[int], total: int) -> None:
    assert score("core10", answers).total == total


@pytest.mark.parametrize(
    ("measure", "answers"),
    [
        ("phq9", [None, 3, 3, 3, 3, 3, 3, 3, 0]),
        ("phq9", [3, 3, 3, 3, 3, 3, 3, 3, None]),
        ("phq9", [None] * 9),
        ("gad7", [0, 0, 0, None, 0, 0, 0]),
        ("core10", [0, None, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("wsas", [None, 1, 1, 1, 1]),
        ("ucla3", [1, 1, None]),
    ],
)
def test_a_form_with_a_gap_has_no_total_and_no_band_and_no_caseness(measure: str, answers: list) -> None:
    assert score(measure, answers) == Score(total=None, band=None, is_case=None, is_risk=False)


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_any_answer_but_zero_to_item_9_of_the_phq9_is_a_risk(answer: int) -> None:
    assert score("phq9", [0, 0, 0, 0, 0, 0, 0, 0, answer]) == Score(answer, "minimal", False, is_risk=True)


def test_item_9_alerts_on_a_form_that_is_otherwise_empty() -> None:
    answers = [None, None, None, None, None, None, None, None, 1]
    assert score("phq9", answers) == Score(total=None, band=None, is_case=None, is_risk=True)


def test_eight_full_answers_without_item_9_are_no_risk() -> None:
    assert score("phq9", [3, 3, 3, 3, 3, 3, 3, 3, 0]).is_risk is False


def test_item_6_of_the_core10_is_its_risk_item_complete_or_not() -> None:
    assert score("core10", [0, 4, 4, 0, 0, 1, 0, 0, 0, 0]).is_risk is True
    assert score("core10", [None, None, None, None, None, 4, None, None, None, None]).is_risk is True
    assert score("core10", [4, 0, 0, 4, 4, 0, 4, 4, 4, 4]).is_risk is False


@pytest.mark.parametrize(
    ("measure", "answers"),
    [
        ("phq9", []),
        ("phq9", [0] * 8),
        ("phq9", [0] * 10),
        ("gad7", [0] * 9),
        ("ucla3", [1, 1]),
    ],
)
def test_a_wrong_number_of_answers_is_refused(measure: str, answers: list[int]) -> None:
    with pytest.raises(ValueError, match="answers, not"):
        score(measure, answers)


@pytest.mark.parametrize(
    ("measure", "answers"),
    [
        ("phq9", [4, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("phq9", [-1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("gad7", [0, 0, 0, 0, 0, 0, 4]),
        ("core10", [5, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("wsas", [9, 0, 0, 0, 0]),
        ("ucla3", [0, 1, 1]),
        ("ucla3", [4, 1, 1]),
    ],
)
def test_an_answer_out_of_range_is_refused(measure: str, answers: list[int]) -> None:
    with pytest.raises(ValueError, match="item"):
        score(measure, answers)


@pytest.mark.parametrize("answer", [True, False, 1.0, 0.5, math.nan, math.inf, "1", "", b"1", [1], object()])
def test_an_answer_that_is_no_whole_number_is_refused(answer: object) -> None:
    with pytest.raises(ValueError, match="item 1 must be 0 to 3"):
        score("phq9", [answer, 0, 0, 0, 0, 0, 0, 0, 0])  # type: ignore[list-item]  # the point of the test


@pytest.mark.parametrize("answers", [None, 9, "000000000", b"\x00" * 9, {1: 0}, {0, 1}])
def test_answers_that_are_no_list_are_refused(answers: object) -> None:
    with pytest.raises(ValueError, match="answers must be a list"):
        score("phq9", answers)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize("measure", ["phq-9", "PHQ9", "", None, 9, ["phq9"]])
def test_an_unknown_measure_is_refused(measure: object) -> None:
    with pytest.raises(ValueError, match="Unknown measure"):
        score(measure, [0] * 9)  # type: ignore[arg-type]  # the point of the test


# CORE System Trust: prorated if only one item is omitted, the mean of the others times 10.
@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ([2, 2, 2, 2, 2, 2, 2, 2, 2, None], 20),
        ([None, 4, 4, 0, 0, 0, 0, 0, 0, 0], 0),
        ([4, None, 0, 4, 4, 4, 4, 4, 4, 4], 40),
        ([1, 4, 4, 0, 0, 0, 0, 0, 0, None], 1),  # 1.1
        ([4, 4, 4, 1, 0, 0, 0, 0, 0, None], 6),  # 5.6
        ([0, None, 4, 0, 0, 0, 0, 0, 0, 4], 4),  # 4.4
    ],
)
def test_core10_with_one_gap_has_a_marked_estimate(answers: list, total: int) -> None:
    estimate = prorated("core10", answers)
    assert estimate == Estimate(total=total, missing=1)
    assert estimate.is_estimate


def test_a_complete_core10_needs_no_estimate() -> None:
    exact = prorated("core10", [1, 4, 4, 1, 1, 0, 1, 1, 1, 1])
    assert exact == Estimate(total=7, missing=0)
    assert not exact.is_estimate


def test_core10_with_two_gaps_has_no_estimate() -> None:
    assert prorated("core10", [None, None, 2, 2, 2, 2, 2, 2, 2, 2]) is None


@pytest.mark.parametrize(
    ("measure", "answers"),
    [
        ("phq9", [None, 3, 3, 3, 3, 3, 3, 3, 3]),
        ("gad7", [None, 3, 3, 3, 3, 3, 3]),
        ("wsas", [None, 8, 8, 8, 8]),
        ("ucla3", [None, 3, 3]),
    ],
)
def test_no_other_measure_is_ever_estimated(measure: str, answers: list) -> None:
    assert prorated(measure, answers) is None


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ([None, 8, 8, 8, 8], 32),
        ([None, 1, 2, 3, 4], 10),
        ([8, 1, 2, 3, 4], 10),
        ([None, 0, 0, 0, 0], 0),
        ([None, 1, None, 3, 4], None),
    ],
)
def test_the_wsas_without_work_is_a_total_out_of_32(answers: list, total: int | None) -> None:
    assert wsas_without_work(answers) == total


@pytest.mark.parametrize("answers", [[1, 2, 3, 4], [None, 9, 0, 0, 0], [None, True, 0, 0, 0]])
def test_the_wsas_without_work_refuses_what_the_wsas_refuses(answers: list) -> None:
    with pytest.raises(ValueError, match="WSAS"):
        wsas_without_work(answers)


# A paper form may come as its total alone. Bands and cut-offs as above.
@pytest.mark.parametrize(
    ("measure", "total", "band", "case"),
    [
        ("phq9", 10, "moderate", True),
        ("phq9", 9, "mild", False),
        ("gad7", 8, "mild", True),
        ("core10", 25, "severe", True),
        ("wsas", 20, "significant", None),
        ("ucla3", 9, None, None),
        ("phq9", None, None, None),
    ],
)
def test_a_total_alone_has_its_band_and_caseness(
    measure: str, total: int | None, band: str | None, case: bool | None
) -> None:
    assert (band_of(measure, total), is_case(measure, total)) == (band, case)


@pytest.mark.parametrize("total", [28, -1, True, "10", 10.0])
def test_a_total_alone_that_cannot_be_is_refused(total: object) -> None:
    for function in (band_of, is_case):
        with pytest.raises(ValueError, match="PHQ-9 total must be 0 to 27"):
            function("phq9", total)  # type: ignore[arg-type]  # the point of the test
