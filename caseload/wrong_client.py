"""What was entered for the wrong client of late, for the lead, who looks that it is put right: whose record, by whom, when.
Neither why nor a word of it: these stand on the page of the note."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from access import policy
from sessions.addresses import address_of
from sessions.models import EnteredInError, ErrorKind, NoteKind
from staff.models import User

SHOWN_FOR = timedelta(days=28)


@dataclass(frozen=True)
class Misplaced:
    course_id: UUID
    client: str
    what: str
    by: str
    at: datetime
    href: str


def misplaced(user: User, *, at: datetime) -> list[Misplaced]:
    """The last 28 days, newest first; nothing for everybody else, without a question to the database."""
    if not policy.may_see_misplaced(user):
        return []
    rows = (
        EnteredInError.objects.visible_to(user)
        .filter(kind=ErrorKind.WRONG_CLIENT, at__gt=at - SHOWN_FOR)
        .order_by("-at")
        .values(
            "course_id",
            "course__client__first_name",
            "course__client__last_name",
            "by__full_name",
            "at",
            "session_id",
            "note_id",
            "note__kind",
            "note__adds_to_id",
            "note__adds_to__session_id",
            "note__adds_to__kind",
        )
    )
    return [_row(row) for row in rows]


def _row(row: dict[str, Any]) -> Misplaced:
    kind = NoteKind(row["note__kind"] or NoteKind.SESSION)
    what = {
        NoteKind.SESSION: "session",
        NoteKind.CONTACT: "contact note",
        NoteKind.ADDENDUM: "addendum",
        NoteKind.LETTER: "letter",
        NoteKind.SUPERVISION: "supervision record",
    }
    return Misplaced(
        course_id=row["course_id"],
        client=f"{row['course__client__first_name']} {row['course__client__last_name']}",
        what=what[kind],
        by=row["by__full_name"],
        at=row["at"],
        href=_href(row),
    )


def _href(row: dict[str, Any]) -> str:
    """Where it is read: an addendum with the note that it adds to."""
    return address_of(
        row["course_id"],
        session_id=row["session_id"] or row["note__adds_to__session_id"],
        note_id=row["note__adds_to_id"] or row["note_id"],
        kind=row["note__adds_to__kind"] or row["note__kind"] or NoteKind.SESSION,
    )
