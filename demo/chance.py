"""Chance that repeats itself: the same seed gives the same clinic, down to the keys of its rows."""

import random
from collections.abc import Sequence
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


class Chance(random.Random):
    """Python's generator with a stream of its own for keys, so that one more row does not change every later choice."""

    def __init__(self, seed: int | str) -> None:
        super().__init__(f"clinic {seed}")
        self._keys = random.Random(f"keys {seed}")  # noqa: S311  # invented rows, no secret

    def key(self) -> UUID:
        return UUID(int=self._keys.getrandbits(128), version=4)

    def happens(self, share: float) -> bool:
        return self.random() < share

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.randrange(len(choices))]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.randint(low, high)


class Deck(Generic[T]):
    """Gives every choice once before any comes again."""

    def __init__(self, choices: Sequence[T], chance: Chance) -> None:
        self._choices = list(choices)
        self._chance = chance
        self._left: list[T] = []

    def next(self) -> T:
        if not self._left:
            self._left = list(self._choices)
            self._chance.shuffle(self._left)
        return self._left.pop()
