"""That a course has notes, whose they are and where they stand, never what they say. A draft's row is its author's alone, so
this is asked of a function of the database, which answers whoever may see the course. Questions only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from sessions import life
from sessions.models import TherapySession


@dataclass(frozen=True)
class NoteState:
    """One note or addendum. `decision` is the last of a supervisor, None where there is none."""

    note_id: UUID
    kind: str
    session_id: UUID | None
    adds_to_id: UUID | None
    author_id: UUID
    started_at: datetime
    signed_at: datetime | None
    needs_cosign: bool
    decision: str | None
    decided_at: datetime | None
    is_in_error: bool

    @property
    def piece(self) -> life.Piece:
        return life.Piece(self.signed_at, self.needs_cosign)


def states_of(course_id: UUID) -> list[NoteState]:
    """All notes of a course, in the order in which they were begun. One question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select note_id, kind, session_id, adds_to_id, author_id, started_at, signed_at, needs_cosign, decision,"
            " decided_at, is_in_error from note_states(%s) order by started_at, note_id",
            [course_id],
        )
        return [NoteState(*row) for row in cursor.fetchall()]


def state_of_session(session: TherapySession) -> NoteState | None:
    """The note of one session; None without one."""
    return next((state for state in states_of(session.course_id) if state.session_id == session.pk), None)


def sessions_with_a_note(course_id: UUID) -> set[UUID]:
    return {state.session_id for state in states_of(course_id) if state.session_id}
