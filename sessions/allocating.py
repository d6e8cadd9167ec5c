"""A course goes to a therapist together with its first appointment. Who carries it alone is `courses.actions`."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen
from access.refusals import refused
from courses import protocol
from courses.actions import allocate_course
from courses.models import Course
from sessions.actions import book_session
from sessions.models import TherapySession
from sessions.slots import in_words, what_speaks_against
from staff.models import Room, User


def allocate_with_appointment(
    *,
    course: Course,
    therapist: User,
    starts_at: datetime,
    minutes: int,
    mode: str,
    room: Room | None,
    by: User,
    reason: str = "",
    version: int | None = None,
    seen: Seen | None = None,
) -> TherapySession:
    """The therapist carries the course from this minute and has its first appointment, both or neither. Raises ValidationError
    where the time was taken or closed since the page was shown, and what `allocate_course` raises."""
    with refused():
        allocate_course(course=course, therapist=therapist, by=by, reason=reason, version=version, seen=seen)
        against = what_speaks_against(
            starts_at,
            minutes,
            mode=mode,
            room=room,
            client=course.client,
            therapist=therapist,
            at=timezone.now(),
        )
        if against:
            raise ValidationError([*against, "Nothing was changed. Choose another time."])
        kind = "treatment" if course.started_on else "assessment"
        try:
            return book_session(
                course=course,
                therapist=therapist,
                kind=kind,
                appointment_type=protocol.SESSION_KINDS[kind].appointment_type,
                starts_at=starts_at,
                minutes=minutes,
                mode=mode,
                room=room,
                by=by,
            )
        except ValidationError as refusal:
            local = timezone.localtime(starts_at)
            when = f"{in_words(local.date())}, {local:%H:%M} is no longer free."
            raise ValidationError([when, *refusal.messages, "Nothing was changed."]) from refusal
