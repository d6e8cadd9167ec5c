"""What happened, on one axis: the client's life from the timeline, the course from its diary, the key event of each week from
the session's own note, symptoms from the questionnaires. Each fact is read where it stands and copied nowhere; asked in as
few questions as it takes, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from courses.dates import in_words, last_day
from courses.lifecycle import Status
from courses.models import Course, CourseMove
from interpersonal.models import TimelineEntry
from outcomes.measures import BY_CODE
from record.forms import forms_of
from record.progress import DRAWN, Form
from record.timeline_layout import Stretch, padded
from sessions.models import Note, TherapySession
from staff.models import User

# The lanes of the picture, from the top.
SYMPTOMS, SESSIONS, COURSE, WEEKS = "symptoms", "sessions", "course", "weeks"
LANES = {
    COURSE: "This course",
    WEEKS: "Weeks in therapy",
    TimelineEntry.Kind.LIFE.value: "Life",
    TimelineEntry.Kind.RELATIONSHIP.value: "Relationships",
    TimelineEntry.Kind.MOOD.value: "Mood, episodes",
    TimelineEntry.Kind.TREATMENT.value: "Treatment",
}
KINDS = {
    SESSIONS: "Session",
    COURSE: "This course",
    WEEKS: "Key event of the week",
    **dict(TimelineEntry.Kind.choices),
}


@dataclass(frozen=True)
class Happening:
    """One mark of the picture and one row of the table. `first` to `last` is what is drawn: a day of which only the month or
    the year is known takes up all of it. `key` is unique on the page, `href` opens it, empty where nothing is to be opened."""

    key: str
    lane: str
    first: date
    last: date
    when: str
    title: str
    href: str = ""
    with_whom: str = ""
    mood: int | None = None
    effect: str = ""
    is_span: bool = False
    is_exact: bool = True
    goes_on: bool = False

    @property
    def kind(self) -> str:
        return KINDS[self.lane]

    @property
    def label(self) -> str:
        """What stands beside the mark."""
        return self.title if self.mood is None else f"{self.title} · mood {self.mood}"

    @property
    def words(self) -> str:
        """In full, for who does not see the picture; what is seen of it comes first."""
        more = (
            self.when,
            self.kind,
            f"with {self.with_whom}" if self.with_whom else "",
            self.effect,
        )
        return ". ".join([self.label, *filter(None, more)])


@dataclass(frozen=True)
class Held:
    """One appointment that stands: with its number where the client was treated in it."""

    happening: Happening
    number: int | None
    phase: str
    was_missed: bool
    lies_ahead: bool


@dataclass(frozen=True)
class Score:
    """One measure on one day."""

    code: str
    day: date
    total: int


@dataclass(frozen=True)
class Timeline:
    """`rows` are all of it, the oldest first; `years` and `course` are the two scales."""

    rows: list[Happening]
    marks: list[Happening]
    held: list[Held]
    scores: list[Score]
    years: Stretch
    course: Stretch
    whole: Stretch
    has_events: bool = field(default=False)


def with_moves(rows: QuerySet[Course], user: User) -> QuerySet[Course]:
    """Courses with what `timeline_of` reads of their status."""
    moves = CourseMove.objects.visible_to(user).filter(course=OuterRef("pk")).order_by("at")
    return rows.annotate(all_moves=ArraySubquery(moves.values(json=JSONObject(status="after", at="at"))))


def timeline_of(course: Course, user: User, *, today: date) -> Timeline:
    """The course comes through `with_moves`."""
    entries = _entries(course, user, today)
    sessions = list(_sessions(course, user))
    forms = [form for form in forms_of(course, user) if form.measure in DRAWN]
    scores = _scores(sessions, forms)
    held = [_held(session, course, scores, today) for session in sessions]
    facts, weeks = _facts(course), _weeks(sessions, course, user)
    marks = [*facts, *weeks, *entries]
    rows = sorted(
        [*marks, *(one.happening for one in held), *_between(forms, course)],
        key=lambda row: (row.first, row.last, row.lane != COURSE, row.key),
    )
    return Timeline(
        rows=rows,
        marks=marks,
        held=held,
        scores=[score for _, score in scores],
        has_events=bool(entries or weeks),
        **_scales(course, marks, held, today),
    )


# --- Questions to the database ----------------------------------------------------------------------------------------


def week_events(user: User) -> ArraySubquery:
    """The key event of the week from the note of a session, as far as this person may read it: of one's own draft too, not of
    a note that was struck out. To be annotated on sessions."""
    notes = Note.objects.visible_to(user).of_sessions().standing().filter(session=OuterRef("pk"))
    return ArraySubquery(
        notes.exclude(event="").values(json=JSONObject(event="event", signed_at="signed_at"))
    )


def _sessions(course: Course, user: User) -> QuerySet[TherapySession]:
    return (
        TherapySession.objects.visible_to(user)
        .standing()
        .filter(course=course)
        .annotate(week=week_events(user))
        .order_by("starts_at", "id")
    )


def _entries(course: Course, user: User, today: date) -> list[Happening]:
    rows = TimelineEntry.objects.visible_to(user).standing().filter(course=course).select_related("person")
    return [_entry(entry, today) for entry in rows.order_by("starts_on", "id")]


# --- What is made of the answers --------------------------------------------------------------------------------------


def _entry(entry: TimelineEntry, today: date) -> Happening:
    last = last_day(entry.starts_on, entry.starts_to)
    if entry.ends_on:
        last = last_day(entry.ends_on, entry.ends_to)
    elif entry.goes_on:
        last = max(today, last)
    return Happening(
        key=f"event-{entry.pk}",
        lane=entry.kind,
        first=entry.starts_on,
        last=last,
        when=entry.when_in_words,
        title=entry.title,
        href=reverse("record:timeline_entry", args=[entry.course_id, entry.pk]),
        with_whom=entry.person.name if entry.person else "",
        mood=entry.mood,
        effect=entry.effect,
        is_span=entry.ends_on is not None or entry.goes_on,
        is_exact=entry.starts_to == "day" and (entry.ends_on is None or entry.ends_to == "day"),
        goes_on=entry.goes_on,
    )


def _scores(sessions: Sequence[TherapySession], forms: Sequence[Form]) -> list[tuple[UUID | None, Score]]:
    """With the session, by the day of it: what was typed in later still tells of that day."""
    days = {session.pk: timezone.localdate(session.starts_at) for session in sessions}
    found = [
        (form.session_id, Score(form.measure, _day_of(form, days), form.total))
        for form in forms
        if form.total is not None
    ]
    return sorted(found, key=lambda pair: pair[1].day)


def _day_of(form: Form, days: dict[UUID, date]) -> date:
    taken = timezone.localdate(form.taken_at)
    return days.get(form.session_id, taken) if form.session_id else taken


def _held(
    session: TherapySession, course: Course, scores: Sequence[tuple[UUID | None, Score]], today: date
) -> Held:
    day = timezone.localdate(session.starts_at)
    lies_ahead = session.attendance is None and day >= today
    took = [f"{BY_CODE[score.code].name} {score.total}" for key, score in scores if key == session.pk]
    name = _name(session)
    came = "booked" if lies_ahead else session.get_attendance_display() or "not logged yet"
    happening = Happening(
        key=f"session-{session.pk}",
        lane=SESSIONS,
        first=day,
        last=day,
        when=in_words(day, "day"),
        title=": ".join(filter(None, [f"{name}, {came[0].lower()}{came[1:]}", ", ".join(took)])),
        href=reverse("sessions:detail", args=[course.pk, session.pk]),
    )
    return Held(happening, session.number, session.phase, session.was_missed, lies_ahead)


def _name(session: TherapySession) -> str:
    if session.number:
        return f"Session {session.number}"
    return "Session" if session.kind == "treatment" else session.get_kind_display()


def _between(forms: Sequence[Form], course: Course) -> list[Happening]:
    """Questionnaires that no session took."""
    return [
        Happening(
            key=f"form-{form.response_id}",
            lane=SESSIONS,
            first=(day := timezone.localdate(form.taken_at)),
            last=day,
            when=in_words(day, "day"),
            title=f"{BY_CODE[form.measure].name} {form.total}, between sessions",
            href=reverse("outcomes:response", args=[course.pk, form.response_id]),
        )
        for form in forms
        if form.session_id is None and form.total is not None
    ]


def _weeks(sessions: Sequence[Any], course: Course, user: User) -> list[Happening]:
    """What the client told of the week before: somewhere in these seven days."""
    found = []
    for session in sessions:
        day = timezone.localdate(session.starts_at)
        name = _name(session).lower()
        for note in session.week:
            draft = "" if note["signed_at"] else ", your draft"
            found.append(
                Happening(
                    key=f"week-{session.pk}",
                    lane=WEEKS,
                    first=day - timedelta(6),
                    last=day,
                    when=f"week to {in_words(day, 'day')} ({name}{draft})",
                    title=note["event"],
                    href=reverse("sessions:detail", args=[course.pk, session.pk]),
                    is_exact=False,
                )
            )
    return found


_SAID = {
    Status.WAITING: "Waiting",
    Status.IN_TREATMENT: "Treatment goes on",
    Status.PAUSED: "Paused",
    Status.FOLLOW_UP: "Treatment ended, follow-up",
    Status.ENDED: "Course ended",
    Status.NOT_TAKEN_ON: "Not taken on",
}


def _facts(course: Any) -> list[Happening]:
    """The status as it moved. Treatment began with its first session, whenever that was logged."""
    dated = [(course.referred_on, "Referred")]
    began = False
    for move in course.all_moves:
        status, day = move["status"], timezone.localdate(datetime.fromisoformat(move["at"]))
        if status == Status.IN_TREATMENT and not began:
            began = True
            dated.append((course.started_on or day, "Treatment began"))
        elif status == course.status and course.ended_on:
            dated.append((course.ended_on, _SAID[Status(status)]))
        elif status != Status.REFERRED:
            dated.append((max(day, course.referred_on), _SAID[Status(status)]))
    return [
        Happening(
            key=f"course-{number}",
            lane=COURSE,
            first=day,
            last=day,
            when=in_words(day, "day"),
            title=words,
            href=f"{reverse('courses:detail', args=[course.pk])}",
        )
        for number, (day, words) in enumerate(dated)
    ]


def _scales(
    course: Course, marks: Sequence[Happening], held: Sequence[Held], today: date
) -> dict[str, Stretch]:
    """Over the years: from the first that is known. Over the course: from the referral to the last appointment, or today."""
    days = [one.happening.first for one in held]
    ends = max([course.ended_on or today, *days])
    first = min([course.referred_on, *(mark.first for mark in marks)])
    last = max([ends, *(mark.last for mark in marks)])
    of_the_course = padded(min([course.referred_on, *days]), ends)
    years = padded(first, last)
    whole = Stretch(min(years.first, of_the_course.first), max(years.last, of_the_course.last))
    return {"years": years, "course": of_the_course, "whole": whole}
