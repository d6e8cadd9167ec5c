"""What an entry in error would change, in words, before anybody makes one; and to which records its words may be carried.
Questions only."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from courses.lifecycle import OPEN
from courses.models import Course
from outcomes.measures import BY_CODE
from outcomes.models import Alert
from sessions import beside
from sessions.models import Note, NoteKind, SessionResponse, TherapySession
from sessions.note_states import sessions_with_a_note
from staff.models import User


def what_happens_to(session: TherapySession, note: Note | None, user: User, *, course: Course) -> list[str]:
    """Sentences about what counts on this session now. `note` is the one that the reader may read."""
    linked = list(SessionResponse.objects.visible_to(user).filter(session=session))
    measures = [
        BY_CODE[link.measure].name for link in sorted(linked, key=lambda link: link.measure, reverse=True)
    ]
    sentences = _number(session, user, course)
    if measures:
        sentences.append(f"Its {' and '.join(measures)} leave the chart, the change and every list.")
    if note is not None and not note.is_signed:
        sentences.append("Its draft stays as it is now: it is not signed, and nobody goes on with it.")
    return [*sentences, "It cannot be undone."]


def what_happens_to_note(note: Note) -> list[str]:
    if note.kind == NoteKind.ADDENDUM:
        sentences = ["The note that it adds to stays as it is."]
    else:
        sentences = ["It has no number, so no session is numbered anew."]
    if not note.is_signed:
        sentences.append("The draft stays as it is now: it is not signed, and nobody goes on with it.")
    return [*sentences, "It cannot be undone."]


def open_alerts(session: TherapySession, user: User) -> int:
    """Raised by the answers of this session, and not closed."""
    linked = SessionResponse.objects.visible_to(user).filter(session=session).values("response")
    return Alert.objects.visible_to(user).open().filter(response__in=linked).count()


def _number(session: TherapySession, user: User, course: Course) -> list[str]:
    if session.number is None:
        return ["It has no number, so no other session is numbered anew."]
    counted = TherapySession.objects.visible_to(user).filter(course=course).numbered().order_by("number")
    others = [
        (number, at) for number, at in counted.values_list("number", "starts_at") if number != session.number
    ]
    later = sum(number > session.number for number, _ in others)
    moved = {0: "no other session is numbered anew", 1: "the session after it moves up by one"}
    sentences = [
        f"Session {session.number} loses its number; {moved.get(later, f'the {later} sessions after it move up by one')}."
    ]
    if session.number == 1 and course.is_open:
        sentences.append(_start(timezone.localdate(others[0][1]) if others else None))
    return sentences


def _start(first: date | None) -> str:
    if first is None:
        return "No session counts any more, so the course has no first day of treatment."
    return f"Treatment then began on {beside.short(first)}, with the next session that counts."


# --- Carrying ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Into:
    """Where on the right record the words may go: an appointment of that client that nobody has logged."""

    key: str
    words: str


def own_records(user: User, *, besides: Course, words: str, at: datetime) -> list[Course]:
    """This person's own open courses but one, by name; `words` narrows them by name or number. Never anybody else's."""
    rows = Course.objects.carried_by(user, at=at).filter(status__in=OPEN).exclude(pk=besides.pk)
    courses = rows.select_related("client").order_by("client__last_name", "client__first_name", "pk")
    wanted = words.casefold().split()
    return [
        course
        for course in courses
        if all(part in f"{course.client.name} {course.client.number}".casefold() for part in wanted)
    ]


def appointments_of(course: Course, user: User, *, at: datetime) -> list[Into]:
    """Up to the end of today."""
    today = timezone.localdate(at)
    begun = sessions_with_a_note(course.pk)
    rows = TherapySession.objects.visible_to(user).filter(
        course=course, attendance=None, entered_in_error_at=None
    )
    return [
        Into(str(one.pk), f"{one.get_kind_display()}, {beside.long(timezone.localtime(one.starts_at))}")
        for one in rows.order_by("-starts_at")
        if one.pk not in begun and timezone.localdate(one.starts_at) <= today
    ]
