"""Where a note is read once it is signed: a session's on the page of the session, others on a page of their own."""

from uuid import UUID

from django.urls import reverse

from sessions.models import Note, NoteKind


def read_address(note: Note) -> str:
    """Of an addendum the page of the note that it adds to."""
    root = note.adds_to or note
    return address_of(root.course_id, session_id=root.session_id, note_id=root.pk, kind=root.kind)


def address_of(
    course_id: UUID, *, session_id: UUID | None, note_id: UUID | None, kind: str = NoteKind.CONTACT
) -> str:
    """The same by keys, for lists; `session_id` is None outside sessions, where `kind` tells them apart."""
    if session_id is not None:
        return reverse("sessions:detail", args=[course_id, session_id])
    return reverse(_READ.get(kind, "sessions:contact_read"), args=[course_id, note_id])


_READ: dict[str, str] = {
    NoteKind.LETTER: "sessions:letter_read",
    NoteKind.SUPERVISION: "supervision:record",
}
