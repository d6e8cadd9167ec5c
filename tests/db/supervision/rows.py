"""Rows of supervision as tests need them, past the walls. Call these inside `as_owner()`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from courses.models import Course
from sessions.models import Note, NoteKind
from staff.models import User
from supervision.models import AgendaItem, Case, Meeting, MeetingPerson

A_HASH = "0" * 64


def meeting_of(supervisor: User, *people: User, held_at: datetime | None = None, **fields: Any) -> Meeting:
    held_at = held_at or timezone.now() - timedelta(hours=2)
    meeting = Meeting.objects.create(supervisor=supervisor, held_at=held_at, **fields)
    for one in people:
        MeetingPerson.objects.create(meeting=meeting, person=one)
    return meeting


def record_of(
    course: Course,
    supervisor: User,
    therapist: User,
    *,
    meeting: Meeting | None = None,
    signed_at: datetime | None = None,
    work: str = "Whether to meet the brother.",
    item: AgendaItem | None = None,
) -> Note:
    """A case discussed with its words; signed where it says when. Without a meeting in one of its own."""
    meeting = meeting or meeting_of(
        supervisor,
        therapist,
        held_at=(signed_at or timezone.now()) - timedelta(minutes=30),
        signed_at=signed_at,
    )
    key = uuid4()
    words: dict[str, Any] = {"work": work, "next_time": "Ask for one meeting.", "version": 1}
    if signed_at:
        words |= {
            "signed_at": signed_at,
            "started_at": signed_at - timedelta(minutes=20),
            "sha256": A_HASH,
            "happened_at": meeting.held_at,
            "supervision": {
                "focus": "kept",
                "risk": "discussed",
                "risk_words": "",
                "actions": [],
                "minutes": 60,
                "kind": "individual",
                "meeting": str(meeting.pk),
                "therapist": str(therapist.pk),
            },
        }
    note = Note.objects.create(id=key, kind=NoteKind.SUPERVISION, course=course, author=supervisor, **words)
    Case.objects.create(id=key, meeting=meeting, course=course, therapist=therapist, note=note, item=item)
    return note
