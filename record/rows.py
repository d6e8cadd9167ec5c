"""Courses as rows of a list: who, how far, what changed, what is next, in words. A page of courses costs the same few
questions for five rows or forty, whoever asks; which courses a person may see is the caller's matter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from courses import protocol
from courses.lifecycle import CLOSED, Status
from courses.models import Course, Focus, days_waited
from courses.strip import Strip, strip_of
from outcomes.measures import BY_CODE
from outcomes.models import Response, Signal
from outcomes.scoring import RECOVERY_MEASURES, Taken, change, course_in_words, first_and_last_of, outcome
from outcomes.signal_page import NAME as NOT_ON_TRACK
from record.words import clock, near_day, plural, short_day, start_of_day
from sessions.models import MISSED, TREATMENT_TYPES, Mode, TherapySession

TONES = {"improved": "good", "deteriorated": "risk", "none": "focus"}
# What `of_courses` asks of each course.
COLUMNS = (
    "pk",
    "client_id",
    "client__first_name",
    "client__last_name",
    "client__number",
    "client__date_of_birth",
    "programme",
    "split",
    "planned_sessions",
    "status",
    "referred_on",
    "paused_days",
    "paused_since",
    "ended_on",
)


@dataclass(frozen=True, slots=True)
class Change:
    """`totals` are all PHQ-9 scores, as they are drawn; `first` and `last` those of the treatment, of which the words speak.
    `beside` names the anxiety scores where they, and not the PHQ-9 that the row draws, decide the words."""

    totals: tuple[int, ...]
    first: int | None
    last: int | None
    words: str
    tone: str
    beside: str


@dataclass(frozen=True, slots=True)
class Appointment:
    day: str
    time: str
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """`foci` and `change` are None where the list is not clinical; `tags` are tone and words that a list adds."""

    course_id: UUID
    client_id: UUID
    name: str
    number: str
    age: int
    status: str
    where: str
    strip: Strip
    appointment: Appointment | None
    therapist: str
    referred_on: date
    days_since_referral: int
    foci: tuple[str, ...] | None = None
    change: Change | None = None
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def must_be_booked(self) -> bool:
        return self.status == Status.IN_TREATMENT


class Held(NamedTuple):
    """A session as the strip asks for it."""

    number: int | None
    phase: str
    was_missed: bool


def of_courses(
    courses: QuerySet[Course], *, now: datetime, clinical: bool, therapists: bool = False
) -> list[Row]:
    """Rows of a page of courses in their order. Two questions, and two more where the list is clinical (focus, scores):
    then the courses must have come through `content_visible_to`."""
    columns = (*COLUMNS, "therapist_name") if therapists else COLUMNS
    # As one list of keys: a question row by row costs minutes behind row security.
    not_on_track = Q(pk__in=Signal.objects.open().standing().order_by().values("course"))
    tagged = {"not_on_track": not_on_track} if clinical else {}
    found = list(courses.values(*columns, **tagged))
    keys = [course["pk"] for course in found]
    held, ahead, treated = _sessions(keys, now)
    foci = _foci(keys) if clinical else {}
    taken = _taken(keys) if clinical else {}
    rows = []
    for course in found:
        key = course["pk"]
        sessions = held[key]
        attended = sum(session.number is not None for session in sessions)
        plan = tuple(course["split"]) if course["split"] else course["programme"]
        rows.append(
            Row(
                course_id=key,
                client_id=course["client_id"],
                name=f"{course['client__first_name']} {course['client__last_name']}",
                number=course["client__number"],
                age=_age(course["client__date_of_birth"], timezone.localdate(now)),
                status=course["status"],
                where=_where(course, plan, attended, now),
                strip=strip_of(plan, course["planned_sessions"], sessions),
                appointment=ahead.get(key),
                therapist=course.get("therapist_name") or "",
                referred_on=course["referred_on"],
                days_since_referral=(timezone.localdate(now) - course["referred_on"]).days,
                foci=foci.get(key, ()) if clinical else None,
                change=_change(taken.get(key, {}), treated.get(key)) if clinical else None,
                tags=(("warn", NOT_ON_TRACK),) if course.get("not_on_track") else (),
            )
        )
    return rows


def _sessions(
    keys: Sequence[UUID], now: datetime
) -> tuple[dict[UUID, list[Held]], dict[UUID, Appointment], dict[UUID, date]]:
    """What was held or missed, in order, the next appointment, and the day of the last attended treatment session, by course.
    Today's stays the next one until somebody has said what came of it."""
    midnight = start_of_day(now)
    rows = (
        TherapySession.objects.filter(course__in=keys, entered_in_error_at=None)
        .order_by("course", "starts_at")
        .values_list("course", "number", "phase", "attendance", "appointment_type", "starts_at", "mode")
        .annotate(room_name=F("room__name"))
    )
    held: dict[UUID, list[Held]] = defaultdict(list)
    ahead: dict[UUID, Appointment] = {}
    treated: dict[UUID, date] = {}
    for course, number, phase, attendance, kind, starts_at, mode, room in rows:
        if number is not None or (attendance in MISSED and kind in TREATMENT_TYPES):
            held[course].append(Held(number, phase, attendance in MISSED))
            if number is not None:
                treated[course] = timezone.localdate(starts_at)
        elif attendance is None and starts_at >= midnight and course not in ahead:
            place = room or Mode(mode).label
            ahead[course] = Appointment(near_day(starts_at, now), clock(starts_at), place)
    return held, ahead, treated


def _foci(keys: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    foci: dict[UUID, tuple[str, ...]] = defaultdict(tuple)
    rows = Focus.objects.current().filter(course__in=keys).order_by("course", "position")
    for course, area in rows.values_list("course", "area"):
        foci[course] += (protocol.FOCUS_AREAS[area].label,)
    return foci


def _taken(keys: Sequence[UUID]) -> dict[UUID, dict[str, list[Taken]]]:
    """Days and totals by course and measure, oldest first. A form with a gap has no total and is left out."""
    rows = (
        Response.objects.standing()
        .filter(course__in=keys, measure__in=RECOVERY_MEASURES, total__isnull=False)
        .order_by()
        .values_list("course", "measure")
        .annotate(
            moments=ArrayAgg("taken_at", order_by=("taken_at", "entered_at")),
            totals=ArrayAgg("total", order_by=("taken_at", "entered_at")),
        )
    )
    taken: dict[UUID, dict[str, list[Taken]]] = defaultdict(dict)
    for course, measure, moments, totals in rows:
        days = map(timezone.localdate, moments)
        taken[course][measure] = list(zip(days, totals, strict=True))
    return taken


def _change(taken: dict[str, list[Taken]], last_treatment_day: date | None) -> Change:
    """A single score is a start, not a change. The anxiety scores stand beside where the PHQ-9 alone says otherwise."""
    first, last = first_and_last_of(taken, last_treatment_day)
    pairs = [measure for measure, total in last.items() if total is not None]
    overall = outcome(first, last).change
    alone = change("phq9", first.get("phq9"), last.get("phq9"))
    beside = ""
    if "gad7" in pairs and overall != alone:
        beside = f"{BY_CODE['gad7'].name} {first['gad7']} → {last['gad7']}"
    return Change(
        totals=tuple(total for _, total in taken.get("phq9", ()) if total is not None),
        first=first.get("phq9"),
        last=last.get("phq9"),
        words=course_in_words(first, last),
        tone=TONES[overall] if pairs else "focus",
        beside=beside,
    )


def _where(course: dict[str, Any], plan: str | tuple[int, ...], attended: int, now: datetime) -> str:
    """Where a course stands: "Middle · session 7 next"."""
    status, after = course["status"], f"after {plural(attended, 'session')}"
    match status:
        case Status.REFERRED:
            return f"Referred {short_day(course['referred_on'], now)} · {_waited(course, now)}"
        case Status.WAITING:
            return f"Waiting {_waited(course, now)}"
        case Status.ENDED:
            return f"Ended {short_day(course['ended_on'], now)} {after}"
        case Status.NOT_TAKEN_ON:
            return f"Not taken on, {short_day(course['ended_on'], now)}"
        case Status.PAUSED | Status.FOLLOW_UP:
            return f"{Status(status).label} · {after}"
    if attended >= course["planned_sessions"] and course["split"]:
        return f"End · all {course['planned_sessions']} sessions held"
    phase = protocol.PHASES[protocol.phase_of(plan, attended + 1)] if course["split"] else "Maintenance"
    return f"{phase} · session {attended + 1} next"


def _waited(course: dict[str, Any], now: datetime) -> str:
    """ "35 days", by the clock of the wait."""
    since = course["paused_since"]
    today = timezone.localdate(now)
    days = plural(days_waited(course["referred_on"], course["paused_days"], since, on=today), "day")
    return f"{days}, the clock stands still" if since else days


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def ids(rows: Iterable[Row]) -> list[UUID]:
    """The keys that the trail remembers of a list."""
    return [row.course_id for row in rows]
