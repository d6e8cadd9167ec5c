"""What courses that began alike have done, session by session. Expected answers are worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.expected import (
    BASELINE_BANDS,
    Cell,
    EndedCourse,
    baseline_band,
    cell_of,
    expected_cells,
    percentile,
    scores_by_session,
)


def course(first: int, *scores: int | None, measure: str = "phq9") -> EndedCourse:
    """A course with a first score at the assessment and one score a session, None where none was taken."""
    taken = [(number, score) for number, score in enumerate(scores, start=1) if score is not None]
    return EndedCourse(sessions=len(scores), scores={measure: [(0, first), *taken]})


def cells_of(courses: list[EndedCourse], session_number: int | None = None) -> list[Cell]:
    cells = expected_cells(courses)
    return [cell for cell in cells if session_number in (None, cell.session_number)]


# --- Percentiles -------------------------------------------------------------------------------------------------------


# The worked example of the nearest-rank method in Wikipedia, "Percentile"; Hyndman and Fan 1996, definition 1.
@pytest.mark.parametrize(("percent", "value"), [(5, 15), (30, 20), (40, 20), (50, 35), (100, 50)])
def test_a_percentile_is_the_score_at_the_nearest_rank(percent: int, value: int) -> None:
    assert percentile([50, 15, 40, 20, 35], percent) == value


@pytest.mark.parametrize(
    ("count", "tenth", "ninetieth"),
    [
        (30, 3, 27),  # ranks 3 and 27
        (31, 4, 28),  # 3.1 and 27.9, rounded up
        (39, 4, 36),  # 3.9 and 35.1
        (40, 4, 36),
        (1, 1, 1),
    ],
)
def test_the_band_of_scores_from_1_to_n(count: int, tenth: int, ninetieth: int) -> None:
    scores = range(1, count + 1)
    assert (percentile(scores, 10), percentile(scores, 90)) == (tenth, ninetieth)


@pytest.mark.parametrize(("scores", "percent"), [([], 90), ([1], 0), ([1], 101)])
def test_no_scores_have_no_percentile(scores: list[int], percent: int) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(scores, percent)


# --- Which courses are alike -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "first", "band"),
    [
        ("phq9", 0, (0, 4)),
        ("phq9", 9, (5, 9)),
        ("phq9", 10, (10, 14)),
        ("phq9", 14, (10, 14)),
        ("phq9", 15, (15, 19)),
        ("phq9", 24, (20, 24)),
        ("phq9", 25, (25, 27)),
        ("phq9", 27, (25, 27)),
        ("gad7", 14, (10, 14)),
        ("gad7", 15, (15, 21)),
        ("gad7", 21, (15, 21)),
        ("core10", 20, None),
    ],
)
def test_courses_are_compared_with_those_that_began_in_the_same_band(
    measure: str, first: int, band: tuple[int, int] | None
) -> None:
    assert baseline_band(measure, first) == band


def test_the_baselines_follow_each_other_over_the_whole_range() -> None:
    for measure, highest in (("phq9", 27), ("gad7", 21)):
        totals = [total for low, high in BASELINE_BANDS[measure] for total in range(low, high + 1)]
        assert totals == list(range(highest + 1))


# --- The score at a session --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "sessions", "expected"),
    [
        ([(0, 18), (1, 17), (2, 15)], 2, {1: 17, 2: 15}),
        # carried forward over sessions without a form, and to the last session
        ([(0, 18), (2, 15)], 4, {1: 18, 2: 15, 3: 15, 4: 15}),
        # never beyond it, though a form was filled in later
        ([(1, 18), (5, 3)], 2, {1: 18, 2: 18}),
        # never back before the first score
        ([(3, 18)], 4, {3: 18, 4: 18}),
        # of two forms for one session the later
        ([(0, 20), (0, 18), (2, 15), (2, 14)], 2, {1: 18, 2: 14}),
        ([], 3, {}),
        ([(0, 18)], 0, {}),
    ],
)
def test_the_last_score_is_carried_forward_while_the_course_goes_on(
    scores: list, sessions: int, expected: dict
) -> None:
    assert scores_by_session(scores, sessions) == expected


# --- Cells -------------------------------------------------------------------------------------------------------------


def test_thirty_courses_make_a_cell_whose_band_leaves_out_three_at_each_end_at_most() -> None:
    courses = [course(16, score) for score in [4] * 2 + [8] * 1 + [12] * 24 + [22] * 3]
    # Of 30 in order, the third is 8 and the twenty-seventh is 12.
    assert cells_of(courses) == [Cell("phq9", 15, 19, 1, 30, 8, 12, is_pooled=False)]


def test_twenty_nine_courses_make_none() -> None:
    assert cells_of([course(16, 12, 10) for _ in range(29)]) == []


def test_a_course_that_ended_a_session_earlier_fills_a_cell_up() -> None:
    courses = [course(16, 14, 10)] * 29 + [course(16, 20)]
    assert cells_of(courses) == [
        Cell("phq9", 15, 19, 1, 30, 14, 14, is_pooled=False),
        Cell("phq9", 15, 19, 2, 30, 10, 10, is_pooled=True),
    ]


def test_two_sessions_away_is_near_enough_and_three_are_not() -> None:
    courses = [course(16, 15, 14, 12, 10)] * 29 + [course(16, 20)]
    assert [(cell.session_number, cell.is_pooled) for cell in cells_of(courses)] == [
        (1, False),
        (2, True),
        (3, True),
    ]


def test_a_course_counts_once_however_many_sessions_are_pooled() -> None:
    assert cells_of([course(16, 15, 14, 13)] * 15) == []


def test_the_score_nearest_to_the_session_stands_for_a_course() -> None:
    courses = [course(16, 15, 9)] * 26 + [course(16, 18, 2, 1)] * 3 + [course(16, 20)]
    # At session 2 the last course gives its session 1; the others their session 2: 2 2 2, then 26 of 9, then 20.
    assert cells_of(courses, 2) == [Cell("phq9", 15, 19, 2, 30, 2, 9, is_pooled=True)]


def test_adjacent_baselines_help_each_other_when_sessions_do_not() -> None:
    courses = [course(12, 10)] * 20 + [course(16, 14)] * 10
    # 20 of 10 and 10 of 14 in order: the third is 10, the twenty-seventh 14.
    assert cells_of(courses) == [
        Cell("phq9", 10, 14, 1, 30, 10, 14, is_pooled=True),
        Cell("phq9", 15, 19, 1, 30, 10, 14, is_pooled=True),
    ]


def test_adjacent_baselines_help_from_two_sessions_away_too() -> None:
    courses = [course(12, 10, 9, 8)] * 20 + [course(16, 14)] * 10
    # Session 3: 20 of 8, and the session 1 of ten that began higher and ended there.
    assert cells_of(courses, 3) == [Cell("phq9", 10, 14, 3, 30, 8, 14, is_pooled=True)]


def test_baselines_further_apart_do_not() -> None:
    assert cells_of([course(12, 10)] * 20 + [course(20, 14)] * 10) == []


def test_there_is_no_cell_where_no_course_of_that_start_was() -> None:
    courses = [course(12, 10, 9, 8)] * 40 + [course(16, 14)] * 3
    assert [cell.session_number for cell in cells_of(courses) if cell.baseline_low == 15] == [1]
    assert not [cell for cell in cells_of(courses) if cell.baseline_low in (0, 5, 20, 25)]


def test_each_measure_has_its_own_cells_and_others_have_none() -> None:
    courses = [
        EndedCourse(1, {"phq9": [(0, 16), (1, 12)], "gad7": [(0, 12), (1, 9)], "core10": [(0, 20), (1, 9)]})
    ] * 30
    assert cells_of(courses) == [
        Cell("phq9", 15, 19, 1, 30, 12, 12, is_pooled=False),
        Cell("gad7", 10, 14, 1, 30, 9, 9, is_pooled=False),
    ]


def test_a_course_is_read_against_the_cell_of_its_start_and_session() -> None:
    cells = cells_of([course(16, 12, 11)] * 30 + [course(12, 9)] * 30)
    assert cell_of(cells, "phq9", 19, 2) == Cell("phq9", 15, 19, 2, 30, 11, 11, is_pooled=False)
    assert cell_of(cells, "phq9", 10, 1) == Cell("phq9", 10, 14, 1, 30, 9, 9, is_pooled=False)
    assert cell_of(cells, "phq9", 20, 2) is None
    assert cell_of(cells, "phq9", 16, 3) is None
    assert cell_of(cells, "gad7", 16, 2) is None
    assert cell_of(cells, "wsas", 16, 2) is None


def test_a_clinic_without_ended_courses_has_no_cells() -> None:
    assert expected_cells([]) == []


# --- Whatever the courses ----------------------------------------------------------------------------------------------

totals = st.integers(0, 27)
many = st.lists(
    st.builds(course, totals, *[st.one_of(st.none(), totals)] * 3),
    min_size=30,
    max_size=60,
)


@given(st.lists(totals, min_size=1), st.integers(1, 99))
def test_a_percentile_is_one_of_the_scores_and_rises_with_the_percentage(
    scores: list[int], percent: int
) -> None:
    assert percentile(scores, percent) in scores
    assert percentile(scores, percent) <= percentile(scores, percent + 1)
    # At least so many are no higher, and of the others at most the rest.
    assert sum(score <= percentile(scores, percent) for score in scores) * 100 >= percent * len(scores)


@given(many)
def test_a_band_lies_within_the_measure_and_rests_on_thirty_courses(courses: list[EndedCourse]) -> None:
    for cell in expected_cells(courses):
        assert 0 <= cell.low <= cell.high <= 27
        assert 30 <= cell.courses <= len(courses)
        assert 1 <= cell.session_number <= 3


@given(many, st.randoms())
def test_the_order_of_the_courses_does_not_matter(courses: list[EndedCourse], random) -> None:
    shuffled = [*courses]
    random.shuffle(shuffled)
    assert expected_cells(shuffled) == expected_cells(courses)
