"""The life of a course, written out by hand once more."""

import pytest

from courses import lifecycle

ALLOWED = {
    ("referred", "waiting"),
    ("referred", "not_taken_on"),
    ("waiting", "in_treatment"),
    ("waiting", "not_taken_on"),
    ("in_treatment", "paused"),
    ("in_treatment", "ended"),
    ("in_treatment", "follow_up"),
    ("paused", "in_treatment"),
    ("paused", "ended"),
    ("paused", "follow_up"),
    ("follow_up", "ended"),
    ("ended", "waiting"),
    ("not_taken_on", "waiting"),
}
EVERY = ("referred", "waiting", "in_treatment", "paused", "follow_up", "ended", "not_taken_on")


@pytest.mark.parametrize("before", EVERY)
@pytest.mark.parametrize("after", EVERY)
def test_a_status_moves_only_along_the_table(before: str, after: str) -> None:
    assert lifecycle.may_move(before, after) == ((before, after) in ALLOWED)


@pytest.mark.parametrize(
    ("before", "after", "needed"),
    [
        ("in_treatment", "paused", True),
        ("referred", "not_taken_on", True),
        ("waiting", "not_taken_on", True),
        ("ended", "waiting", True),
        ("not_taken_on", "waiting", True),
        ("referred", "waiting", False),
        ("waiting", "in_treatment", False),
        ("paused", "in_treatment", False),
        ("in_treatment", "ended", False),
        ("follow_up", "ended", False),
    ],
)
def test_a_pause_a_refusal_and_a_reopening_say_why(before: str, after: str, needed: bool) -> None:
    assert lifecycle.needs_reason(before, after) is needed


def test_open_is_everything_but_ended_and_not_taken_on() -> None:
    assert set(lifecycle.OPEN) == {"referred", "waiting", "in_treatment", "paused", "follow_up"}


def test_the_reasons_of_the_data_set_are_complete_and_apart() -> None:
    untaken = {code for code, _ in lifecycle.END_REASONS_NOT_TAKEN_ON}
    treated = {code for code, _ in lifecycle.END_REASONS_TREATED}
    assert untaken == {"10", "11", "12", "13", "14", "16", "17", "50", "95"}
    assert treated == {"46", "47", "48", "49", "96"}
