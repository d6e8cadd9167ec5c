"""The small line of scores, worked out by hand on a scale where one point is one pixel: 38 high less two margins of 4 is 30."""

from ui.trend import trend_html

FRAME = '<svg class="trend" viewBox="0 0 92 38" width="92" height="38" role="img"'


def test_scores_are_a_line_that_ends_in_a_dot_with_the_cut_off_under_it():
    assert trend_html([20, 15, 5], cut_off=10, top=30, label="PHQ-9") == (
        FRAME + ' aria-label="PHQ-9 20 to 5">'
        '<line x1="0" x2="92" y1="24.0" y2="24.0"/>'
        '<polyline points="4.0,14.0 46.0,19.0 88.0,29.0"/>'
        '<circle cx="88.0" cy="29.0" r="2.8"/></svg>'
    )


def test_a_missing_score_breaks_the_line_and_keeps_its_place():
    assert trend_html([30, 20, None, 10, 0], cut_off=None, top=30, label="PHQ-9") == (
        FRAME + ' aria-label="PHQ-9 30 to 0">'
        '<polyline points="4.0,4.0 25.0,14.0"/>'
        '<polyline points="67.0,24.0 88.0,34.0"/>'
        '<circle cx="88.0" cy="34.0" r="2.8"/></svg>'
    )


def test_a_score_alone_between_gaps_is_a_small_dot():
    assert trend_html([30, None, 20], cut_off=None, top=30, label="GAD-7") == (
        FRAME + ' aria-label="GAD-7 30 to 20">'
        '<circle cx="4.0" cy="4.0" r="1.6"/><circle cx="88.0" cy="14.0" r="2.8"/></svg>'
    )


def test_one_score_is_a_dot_in_the_middle():
    assert trend_html([30], cut_off=None, top=30, label="PHQ-9") == (
        FRAME + ' aria-label="PHQ-9 30"><circle cx="46.0" cy="4.0" r="2.8"/></svg>'
    )


def test_no_scores_are_words():
    words = '<span class="muted tiny"><span aria-hidden="true">— </span>No scores yet</span>'
    assert trend_html([], cut_off=10, top=27, label="PHQ-9") == words
    assert trend_html([None, None], cut_off=10, top=27, label="PHQ-9") == words
