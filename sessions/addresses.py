"""Where a note is read once it is signed: a session's on the page of the session, a contact note on its own."""

from uuid import UUID

from django.urls import reverse

from sessions.models import Note


def read_address(note: Note) -> str:
    """Of an addendum the page of the note that it adds to."""
    root = note.adds_to or note
    return address_of(root.course_id, session_id=root.session_id, note_id=root.pk)


def address_of(course_id: UUID, *, session_id: UUID | None, note_id: UUID | None) -> str:
    """The same by keys, for lists; `session_id` is None for a contact note."""
    if session_id is not None:
        return reverse("sessions:detail", args=[course_id, session_id])
    return reverse("sessions:contact_read", args=[course_id, note_id])
