"""What waits for a signature: keys, kinds and times of drafts, and of sessions that were held and have no note. One question to
the database, which tells each person what they may count and never what a draft says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

OVERDUE_AFTER = timedelta(hours=72)


@dataclass(frozen=True)
class Unsigned:
    """A draft, or a session that was held and has no note: then `note` is None. A contact or an addendum has no `session`.
    `due_from` is the end of the session, or when the note was begun."""

    note: UUID | None
    session: UUID | None
    course: UUID
    author: UUID
    kind: str
    due_from: datetime

    def is_overdue(self, *, at: datetime) -> bool:
        return at - self.due_from > OVERDUE_AFTER


def unsigned() -> list[Unsigned]:
    """All that the acting person may count, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT note_id, session_id, course_id, author_id, kind, due_from FROM unsigned_notes()"
            " ORDER BY due_from, session_id, note_id"
        )
        return [Unsigned(*row) for row in cursor.fetchall()]
