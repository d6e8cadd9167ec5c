"""Rings, directions and places of the closeness circles, by numbers written by hand."""

import pytest

from interpersonal import circles


@pytest.mark.parametrize(
    ("x", "y", "ring"),
    [(0, 0, 1), (37, 0, 1), (37.1, 0, 2), (0, -68, 2), (0, 68.1, 3), (-100, 0, 3), (71, 71, 3), (30, 30, 2)],
)
def test_the_ring_follows_from_the_distance(x: float, y: float, ring: int) -> None:
    assert circles.ring_at(x, y) == ring


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (0, -50, "friends and family, up"),
        (20, 20, "closest, down right"),
        (-80, 5, "acquaintances, left"),
        (-20, -22, "closest, up left"),
        (0, 90, "acquaintances, down"),
        (None, None, "not placed yet"),
    ],
)
def test_a_place_is_said_in_words(x: float | None, y: float | None, words: str) -> None:
    assert circles.in_words(x, y) == words


def test_nobody_stands_on_the_client_or_over_the_edge() -> None:
    assert circles.settled(0, 0) == (0, 16)
    assert circles.settled(3, 0) == (16, 0)
    assert circles.settled(0, -400) == (0, -95)
    assert circles.settled(20, 21) == (20, 21)
    with pytest.raises(ValueError, match="no place"):
        circles.settled(float("nan"), 1)


@pytest.mark.parametrize("ring", [1, 2, 3])
@pytest.mark.parametrize("direction", list(circles.DIRECTIONS))
def test_each_ring_and_direction_has_room_for_several_people(ring: int, direction: str) -> None:
    taken: list[tuple[float, float]] = []
    for _ in range(3 if ring > 1 else 2):
        place = circles.free_place(ring, direction, taken)
        assert circles.ring_at(*place) == ring
        assert circles.direction_at(*place) == direction
        assert all(circles.Place(place.x - x, place.y - y).distance >= circles.APART for x, y in taken)
        taken.append(place)


def test_without_a_direction_the_side_with_most_room_is_taken() -> None:
    crowd = [(0, -84), (84, 0), (0, 84), (59, -59), (59, 59), (-59, 59), (-59, -59)]
    assert circles.direction_at(*circles.free_place(3, "", crowd)) == "left"


def test_a_hand_that_shook_moved_nobody() -> None:
    assert not circles.has_moved((10, 10), (12, 12))
    assert circles.has_moved((10, 10), (14, 10))
