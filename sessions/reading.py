"""What the page of one session states once nobody writes it any more: facts, scores, the signed words. Questions only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from courses import techniques
from courses.protocol import ATTENDANCE
from outcomes import scoring
from outcomes.measures import BY_CODE
from outcomes.models import Response
from sessions import signing
from sessions.models import (
    ContactDue,
    Note,
    Reflection,
    ReflectionShare,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from staff.models import User

# As read; the form that asks has the same answers with what else to write.
RISK = {"unchanged": "Asked, unchanged", "changed": "Asked, changed", "not_asked": "Not asked"}
HEADINGS = ("Mood and the week’s events", "Work done", "Between now and next time")


@dataclass(frozen=True)
class Item:
    """`answer` is the option in words, with its value before it."""

    question: str
    answer: str


@dataclass(frozen=True)
class Form:
    """One questionnaire as it was answered. `result` is total and band, or that it is incomplete."""

    name: str
    about: str
    result: str
    entered_by: str
    items: list[Item]


@dataclass(frozen=True)
class Part:
    """A part of the note under its heading."""

    heading: str
    words: str


@dataclass(frozen=True)
class Read:
    """Everything the template states. `note` is None where there is none that this person may read; `unsigned` then says
    since when somebody else's draft waits, in whole days."""

    note: Note | None
    is_intact: bool
    unsigned_days: int | None
    attendance: str
    foci: list[str]
    techniques: list[str]
    forms: list[Form]
    parts: list[Part]
    risk: str
    reflection: Reflection | None
    shared_at: datetime | None
    contact_due: ContactDue | None


def read_session(session: TherapySession, user: User, *, at: datetime) -> Read:
    note = (
        Note.objects.visible_to(user)
        .signed()
        .filter(session=session)
        .select_related("author", "session")
        .first()
    )
    code = session.attendance
    reflection = _of(Reflection.objects.visible_to(user), session).select_related("author").first()
    return Read(
        note=note,
        is_intact=note is not None and signing.holds(note),
        unsigned_days=None if note else _days_unsigned(session, at),
        attendance=ATTENDANCE[code].long_label if code else "",
        foci=[focus.get_area_display() for focus in _of(SessionFocus.objects.visible_to(user), session)],
        techniques=[_technique(code) for code in note.techniques] if note else [],
        forms=_forms(session, user),
        parts=_parts(note) if note else [],
        risk=RISK.get(note.risk_answer, "") if note else "",
        reflection=reflection,
        shared_at=_shared_at(reflection, user) if reflection else None,
        contact_due=_of(ContactDue.objects.visible_to(user), session).select_related("answered_by").first(),
    )


def _of(rows: QuerySet, session: TherapySession) -> QuerySet:
    return rows.filter(session=session)


def _shared_at(reflection: Reflection, user: User) -> datetime | None:
    shares = ReflectionShare.objects.visible_to(user).filter(reflection=reflection, ended_at=None)
    return shares.values_list("shared_at", flat=True).first()


def _technique(code: str) -> str:
    known = techniques.BY_CODE.get(code)
    return known.label if known else code


def _parts(note: Note) -> list[Part]:
    words = (note.week, note.work, note.next_time)
    return [Part(heading, part) for heading, part in zip(HEADINGS, words, strict=True) if part.strip()]


def _forms(session: TherapySession, user: User) -> list[Form]:
    linked = _of(SessionResponse.objects.visible_to(user), session).select_related("response__entered_by")
    order = list(BY_CODE)
    return [_form(link.response) for link in sorted(linked, key=lambda link: order.index(link.measure))]


def _form(response: Response) -> Form:
    measure = BY_CODE[response.measure]
    words = {option.value: option.label for option in measure.options}
    return Form(
        name=measure.name,
        about=measure.about,
        result=_result(response),
        entered_by=response.entered_by.full_name,
        items=[
            Item(question, "No answer" if answer is None else _answer(answer, words[answer]))
            for question, answer in zip(measure.items, response.answers, strict=True)
        ],
    )


def _answer(value: int, words: str) -> str:
    return words if words == str(value) else f"{value}, {words.lower()}"


def _result(response: Response) -> str:
    if response.total is None:
        missing = sum(answer is None for answer in response.answers)
        return f"no total: {missing} not answered"
    highest = BY_CODE[response.measure].highest_total
    band = scoring.score(response.measure, response.answers).band
    return f"{response.total} of {highest}, {band}" if band else f"{response.total} of {highest}"


def _days_unsigned(session: TherapySession, at: datetime) -> int | None:
    """Asked of a function of the database: a draft's row is its author's alone, that there is one is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select started_at from note_states(%s) where session_id = %s and signed_at is null",
            [session.course_id, session.pk],
        )
        row = cursor.fetchone()
    return (timezone.localdate(at) - timezone.localdate(row[0])).days if row else None


def own_draft(session: TherapySession, user: User) -> UUID | None:
    """The key of a draft that this person is writing about the session."""
    return (
        Note.objects.visible_to(user)
        .drafts()
        .filter(session=session, author=user)
        .values_list("pk", flat=True)
        .first()
    )
