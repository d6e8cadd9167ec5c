"""The strip as it stands on a page: what a reader sees and what a screen reader says."""

import pytest

from ui.strip import strip_html


def test_a_course_in_the_middle_shows_what_was_attended_what_is_next_and_what_is_planned():
    marks = [("initial", ["on", "on"]), ("middle", ["on", "next", ""]), ("end", [""])]
    assert strip_html(marks) == (
        '<span class="strip" role="img" aria-label="3 of 6 sessions attended, 0 missed">'
        '<span class="ph initial"><i class="on"></i><i class="on"></i></span>'
        '<span class="ph middle"><i class="on"></i><i class="next"></i><i></i></span>'
        '<span class="ph end"><i></i></span></span>'
    )


def test_a_missed_session_is_drawn_and_uses_up_no_planned_one():
    marks = [("initial", ["on", "missed", "next"]), ("end", [""])]
    assert strip_html(marks) == (
        '<span class="strip" role="img" aria-label="1 of 3 sessions attended, 1 missed">'
        '<span class="ph initial"><i class="on"></i><i class="missed"></i><i class="next"></i></span>'
        '<span class="ph end"><i></i></span></span>'
    )


def test_an_ended_course_rings_no_next_session():
    assert strip_html([("end", ["on", "next", ""])], ended=True) == (
        '<span class="strip" role="img" aria-label="1 of 3 sessions attended, 0 missed">'
        '<span class="ph end"><i class="on"></i><i></i><i></i></span></span>'
    )


def test_sessions_beyond_the_plan_are_said_to_be():
    assert 'aria-label="3 sessions attended, 2 were planned, 1 missed"' in strip_html(
        [("end", ["on", "on", "missed", "on"])], planned=2
    )


def test_the_large_strip_says_so_in_its_class():
    assert strip_html([("middle", ["on"])], size="lg").startswith('<span class="strip lg" role="img"')


def test_a_course_without_any_session_has_words_instead():
    assert strip_html([]) == '<span class="muted tiny">No sessions yet</span>'


def test_a_mark_that_nobody_knows_is_refused():
    with pytest.raises(KeyError):
        strip_html([("initial", ["attended"])])
