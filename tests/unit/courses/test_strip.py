"""The marks of the course strip."""

from typing import NamedTuple

from courses.strip import strip_of


class Held(NamedTuple):
    number: int | None
    phase: str = ""
    was_missed: bool = False


def test_a_new_course_has_one_mark_for_each_planned_session_and_rings_the_first() -> None:
    assert strip_of("brief8", 8, []) == [
        ("initial", ["next", ""]),
        ("middle", ["", "", "", ""]),
        ("end", ["", ""]),
    ]


def test_a_missed_session_is_marked_and_uses_up_no_planned_one() -> None:
    sessions = [Held(1), Held(None, was_missed=True), Held(2)]
    assert strip_of("brief8", 8, sessions) == [
        ("initial", ["on", "missed", "on"]),
        ("middle", ["next", "", "", ""]),
        ("end", ["", ""]),
    ]


def test_a_session_whose_phase_was_changed_is_marked_in_that_phase() -> None:
    sessions = [Held(1, "initial"), Held(2, "initial"), Held(3, "initial")]
    assert strip_of("brief8", 8, sessions)[:2] == [
        ("initial", ["on", "on", "on"]),
        ("middle", ["next", "", ""]),
    ]


def test_a_course_longer_than_planned_marks_every_session_and_has_no_next_one() -> None:
    sessions = [Held(n) for n in range(1, 10)]
    assert strip_of("brief8", 8, sessions) == [
        ("initial", ["on", "on"]),
        ("middle", ["on", "on", "on", "on"]),
        ("end", ["on", "on", "on"]),
    ]


def test_a_course_with_its_own_split_follows_it() -> None:
    assert strip_of([1, 1, 1], 3, [Held(1)]) == [("initial", ["on"]), ("middle", ["next"]), ("end", [""])]


def test_maintenance_has_no_phases_but_the_middle_one() -> None:
    assert strip_of("maintenance", 3, [Held(1)]) == [("middle", ["on", "next", ""])]


def test_a_cancelled_session_leaves_no_mark() -> None:
    assert strip_of("counselling6", 6, [Held(None)]) == [
        ("initial", ["next", ""]),
        ("middle", ["", "", ""]),
        ("end", [""]),
    ]
