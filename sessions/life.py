"""The life of a note as one table, and where a note stands in it. What is signed never changes: a decision, an addendum and an
entry in error are rows beside it, and the state is worked out from them whenever it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed"
    AWAITING_COSIGN = "awaiting_cosign", "Signed, awaiting co-sign"
    COSIGNED = "cosigned", "Signed and co-signed"
    RETURNED = "returned", "Returned with a comment"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


# A trainee's note is signed for co-signing; a returned one is answered by an addendum, which puts it forward again, and so does
# an addendum that a trainee signs later. Nothing leads out of an entry in error.
MOVES: dict[State, set[State]] = {
    State.DRAFT: {State.SIGNED, State.AWAITING_COSIGN, State.ENTERED_IN_ERROR},
    State.SIGNED: {State.AWAITING_COSIGN, State.ENTERED_IN_ERROR},
    State.AWAITING_COSIGN: {State.COSIGNED, State.RETURNED, State.ENTERED_IN_ERROR},
    State.COSIGNED: {State.AWAITING_COSIGN, State.ENTERED_IN_ERROR},
    State.RETURNED: {State.AWAITING_COSIGN, State.ENTERED_IN_ERROR},
    State.ENTERED_IN_ERROR: set(),
}


@dataclass(frozen=True)
class Piece:
    """The note itself or an addendum to it: when it was signed, None for a draft, and whether by a trainee."""

    signed_at: datetime | None
    needs_cosign: bool


@dataclass(frozen=True)
class Decided:
    """The last decision of a supervisor."""

    decision: str
    at: datetime


def may_move(before: State, after: State) -> bool:
    return after in MOVES[before]


def state_of(
    note: Piece, *, addenda: Iterable[Piece] = (), last: Decided | None = None, is_in_error: bool = False
) -> State:
    """Where a note stands. `addenda` are those that add to it, drafts included; `last` the latest decision about it."""
    if is_in_error:
        return State.ENTERED_IN_ERROR
    if note.signed_at is None:
        return State.DRAFT
    forward = [
        piece.signed_at for piece in (note, *addenda) if piece.needs_cosign and piece.signed_at is not None
    ]
    if forward and (last is None or last.at < max(forward)):
        return State.AWAITING_COSIGN
    if last is not None:
        return State(last.decision)
    return State.SIGNED


def days_late(happened_at: datetime | None, signed_at: datetime | None) -> int:
    """Whole days from an event to its entry into the record; 0 on the day itself and for a draft."""
    if happened_at is None or signed_at is None:
        return 0
    return max(0, (timezone.localdate(signed_at) - timezone.localdate(happened_at)).days)
