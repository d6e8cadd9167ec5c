"""A questionnaire that was given at a session: what `outcomes.entry_actions` does, and the row that says at which."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from access.refusals import refused
from courses.holding import hold_open_course
from courses.models import Course
from outcomes import entry_actions
from outcomes.measures import BY_CODE
from outcomes.models import Response
from sessions.actions import EARLY, locked
from sessions.models import CANCELLED, MISSED, Note, SessionResponse, TherapySession
from staff.models import User


def sessions_for(course: Course, user: User, measure: str, *, at: datetime) -> QuerySet[TherapySession]:
    """At which sessions a questionnaire may still be entered: begun, not missed, not signed, and without one of that measure.
    The newest first."""
    rows = TherapySession.objects.visible_to(user).filter(course=course, entered_in_error_at=None)
    rows = rows.filter(starts_at__lte=at + EARLY).exclude(attendance__in=(*MISSED, *CANCELLED))
    taken = SessionResponse.objects.filter(course=course, measure=measure).values("session")
    return rows.exclude(note__signed_at__isnull=False).exclude(pk__in=taken).order_by("-starts_at")


def enter_measure_at_session(
    *, session: TherapySession, key: UUID, measure: str, by: User, **given: Any
) -> Response:
    """As `outcomes.entry_actions.enter_measure`, at the time of that session. ValidationError where its note is signed, or
    where it has one of that measure already."""
    return _enter(entry_actions.enter_measure, session, key, measure, by, given)


def enter_total_at_session(
    *, session: TherapySession, key: UUID, measure: str, by: User, **given: Any
) -> Response:
    """As `outcomes.entry_actions.enter_total`, likewise."""
    return _enter(entry_actions.enter_total, session, key, measure, by, given)


def strike_response(*, response: Response, reason: str, by: User) -> Response:
    """As `outcomes.entry_actions.strike_response`; the session is free for the right one then."""
    with refused():
        fresh = entry_actions.strike_response(response=response, reason=reason, by=by)
        for row in SessionResponse.objects.filter(response=fresh):
            row.delete()
            _overtake_draft(row.session_id, by=by)
    return fresh


def _enter(
    enter: Callable[..., Response],
    session: TherapySession,
    key: UUID,
    measure: str,
    by: User,
    given: dict[str, Any],
) -> Response:
    with refused():
        course = hold_open_course(session.course_id)
        session = locked(session)
        before = entry_actions.entered_already(key, course)
        if before is not None:
            return before
        if not sessions_for(course, by, measure, at=timezone.now()).filter(pk=session.pk).exists():
            name = BY_CODE[measure].name if measure in BY_CODE else "questionnaire"
            raise ValidationError(
                {"session": f"That session takes no {name} now: it has one, or it is signed or missed."}
            )

        def attach(response: Response) -> None:
            SessionResponse.objects.create(
                session=session, course_id=course.pk, response=response, measure=measure
            )
            _overtake_draft(session.pk, by=by)

        return enter(
            key=key,
            course=course,
            measure=measure,
            taken_at=session.starts_at,
            by=by,
            attach=attach,
            **given,
        )


def _overtake_draft(session_id: UUID, *, by: User) -> None:
    """A log page that is open somewhere still has the answers as they were: its next save is asked what to keep."""
    for note in Note.objects.filter(session=session_id, author=by, signed_at=None):
        note.version, note.window = note.version + 1, None
        note.save(update_fields=["version", "window"])
