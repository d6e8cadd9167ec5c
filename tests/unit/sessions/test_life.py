"""Where a note stands, and which moves there are: the table is written a second time here, by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from sessions.life import MOVES, Decided, Piece, State, may_move, state_of

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def after(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


DRAFT = Piece(None, needs_cosign=False)
SIGNED = Piece(MONDAY, needs_cosign=False)
BY_TRAINEE = Piece(MONDAY, needs_cosign=True)

# before: after, in the order draft, signed, awaiting, co-signed, returned, in error
#                          draft  signed await  cosign return error
TABLE = {
    "draft":            (False, True, True, False, False, True),
    "signed":           (False, False, True, False, False, True),
    "awaiting_cosign":  (False, False, False, True, True, True),
    "cosigned":         (False, False, True, False, False, True),
    "returned":         (False, False, True, False, False, True),
    "entered_in_error": (False, False, False, False, False, False),
}  # fmt: skip


@pytest.mark.parametrize("before", TABLE)
def test_a_note_moves_along_the_table_and_nowhere_else(before: str) -> None:
    states = ("draft", "signed", "awaiting_cosign", "cosigned", "returned", "entered_in_error")
    assert tuple(may_move(State(before), State(to)) for to in states) == TABLE[before]


def test_every_state_is_in_the_table() -> None:
    assert {state.value for state in MOVES} == set(TABLE)


@pytest.mark.parametrize(
    ("note", "addenda", "last", "state"),
    [
        (DRAFT, [], None, "draft"),
        (SIGNED, [], None, "signed"),
        (BY_TRAINEE, [], None, "awaiting_cosign"),
        (BY_TRAINEE, [], Decided("cosigned", after(1)), "cosigned"),
        (BY_TRAINEE, [], Decided("returned", after(1)), "returned"),
        # An answer that is not signed yet answers nothing.
        (BY_TRAINEE, [DRAFT], Decided("returned", after(1)), "returned"),
        (BY_TRAINEE, [Piece(after(2), True)], Decided("returned", after(1)), "awaiting_cosign"),
        (BY_TRAINEE, [Piece(after(2), True)], Decided("cosigned", after(3)), "cosigned"),
        # A trainee adds to what was co-signed: somebody reads the addendum too.
        (BY_TRAINEE, [Piece(after(2), True)], Decided("cosigned", after(1)), "awaiting_cosign"),
        # The lead adds: nobody supervises the lead.
        (BY_TRAINEE, [Piece(after(2), False)], Decided("cosigned", after(1)), "cosigned"),
        # A trainee since: what they signed before waits for nobody, what they add does.
        (SIGNED, [Piece(after(2), True)], None, "awaiting_cosign"),
        (SIGNED, [Piece(after(2), False)], None, "signed"),
    ],
)
def test_where_a_note_stands(note: Piece, addenda: list[Piece], last: Decided | None, state: str) -> None:
    assert state_of(note, addenda=addenda, last=last) == State(state)


@pytest.mark.parametrize("note", [DRAFT, SIGNED, BY_TRAINEE])
def test_what_was_entered_in_error_stays_so_whatever_was_decided(note: Piece) -> None:
    assert state_of(note, last=Decided("cosigned", after(1)), is_in_error=True) == State.ENTERED_IN_ERROR


@pytest.mark.parametrize("state", State)
def test_every_state_is_said_in_words(state: State) -> None:
    words = {
        "draft": "Draft",
        "signed": "Signed",
        "awaiting_cosign": "Signed, awaiting co-sign",
        "cosigned": "Signed and co-signed",
        "returned": "Returned with a comment",
        "entered_in_error": "Entered in error",
    }
    assert state.label == words[state.value]
