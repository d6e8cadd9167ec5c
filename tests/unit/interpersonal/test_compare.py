"""What changed between two pictures, in words written by hand."""

import pytest

from interpersonal import compare
from interpersonal.compare import Standing


def stands(name: str, x: float | None, y: float | None = 0.0) -> Standing:
    return Standing(name, "friend", x, None if x is None else y)


@pytest.mark.parametrize(
    ("then", "now", "kind", "rings"),
    [
        ((80, 0), (50, 0), "closer", "3 → 2"),
        ((20, 0), (60, 0), "further", "1 → 2"),
        ((50, 0), (0, 50), "round", "2"),
        ((50, 0), (51, 1), "same", "2"),
        ((60, 0), (44, 0), "closer", "2"),
        ((36, 0), (41, 0), "further", "1 → 2"),
    ],
)
def test_closer_and_further_follow_from_both_places(
    then: tuple[float, float], now: tuple[float, float], kind: str, rings: str
) -> None:
    change = compare.changes({1: stands("Priya", *then)}, {1: stands("Priya", *now)})[0]
    assert (change.kind, change.rings) == (kind, rings)


def test_who_came_who_left_and_who_was_placed_is_said() -> None:
    then = {1: stands("Priya", 80), 2: stands("Joan", 60), 3: stands("Dad", None), 4: stands("Sam", 50)}
    now = {1: stands("Priya", 50), 2: stands("Joan", 30), 3: stands("Dad", 40), 5: stands("Leigh", 90)}
    found = compare.changes(then, now)
    assert [(change.name, change.kind) for change in found] == [
        ("Dad", "placed"),
        ("Joan", "closer"),
        ("Leigh", "added"),
        ("Priya", "closer"),
        ("Sam", "gone"),
    ]
    assert compare.in_words(found) == (
        "Joan and Priya have come closer. Leigh was added. Dad was placed. Sam was taken off."
    )


def test_where_nothing_changed_that_is_said() -> None:
    same = {1: stands("Priya", 50)}
    assert compare.in_words(compare.changes(same, same)) == "Everybody is as close as before."


def test_three_names_are_listed_as_one_writes_them() -> None:
    assert compare.listed(["Ann", "Bob", "Cy"]) == "Ann, Bob and Cy"
