"""Where a note stands among those that wait for a person's co-signature. Which ones wait is `sessions.cosigning`'s to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from access.words import uuid_of


@dataclass(frozen=True)
class Place:
    """`at` counts from one, and is None for a note that does not wait any more; `before` and `after` are keys, None at the
    ends of the queue."""

    note: UUID
    count: int
    at: int | None
    before: UUID | None
    after: UUID | None


def place_of(note: UUID, keys: Sequence[UUID]) -> Place:
    """`keys` are those that wait, the first put forward first."""
    if note not in keys:
        return Place(note, len(keys), None, None, keys[0] if keys else None)
    index = keys.index(note)
    return Place(
        note=note,
        count=len(keys),
        at=index + 1,
        before=keys[index - 1] if index else None,
        after=keys[index + 1] if index + 1 < len(keys) else None,
    )


def shown_first(asked: str, keys: Sequence[UUID]) -> UUID | None:
    """The note that was asked for while it waits, otherwise the first put forward; None where none waits."""
    wanted = uuid_of(asked)
    return wanted if wanted in keys else next(iter(keys), None)


def next_after(decided: UUID, keys: Sequence[UUID]) -> UUID | None:
    """Which one comes after a decision: the one behind it, from the last one the first that was left; None when none waits."""
    left = [key for key in keys if key != decided]
    if decided in keys and (behind := keys[keys.index(decided) + 1 :]):
        return behind[0]
    return left[0] if left else None
