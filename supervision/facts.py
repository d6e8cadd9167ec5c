"""What many courses are asked at once for the rules that no single condition of the database says: first and last scores as
`outcomes.scoring` reads them, when a course was last discussed, what waits for a signature. Each question is put once, for five
courses or five hundred, and only by the rules that need it.

Of supervision records and of notes only keys and times are asked, never a word."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max
from django.utils import timezone

from courses.lifecycle import OPEN
from courses.models import Allocation, Course
from outcomes.measures import BY_CODE
from outcomes.models import Response
from outcomes.scoring import RECOVERY_MEASURES, change, first_and_last, is_case
from outcomes.signal_rules import mid_course_session
from record.words import plural, short_day
from sessions.models import Note, NoteKind, TherapySession
from sessions.unsigned import Unsigned, unsigned
from supervision.conditions import UNDER_WAY
from supervision.shape import Found, Scope


@dataclass(frozen=True)
class Held:
    """Of the attended treatment sessions: how many, and the day of the last."""

    attended: int
    last_day: date


@dataclass(frozen=True)
class Scores:
    """One measure of one course: the first treatment score and the last one, and which form was the highest since the first."""

    first: int | None
    last: int | None
    last_on: date | None = None
    highest: UUID | None = None


@dataclass(frozen=True)
class Carried:
    """Who carries a course now, and since when."""

    key: UUID
    therapist: UUID
    name: str
    since: datetime


@dataclass(frozen=True)
class Reviewed:
    """The newest signed record of a discussion in supervision that the reader may read."""

    note: UUID
    at: datetime


class Facts:
    """Of the courses of a scope that are open."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @cached_property
    def courses(self) -> dict[UUID, dict[str, Any]]:
        rows = Course.objects.filter(pk__in=self.scope.courses, status__in=OPEN)
        columns = (
            "client_id",
            "client__first_name",
            "client__last_name",
            "status",
            "planned_sessions",
            "split",
        )
        return {row["pk"]: row for row in rows.order_by().values("pk", *columns, "programme")}

    @cached_property
    def held(self) -> dict[UUID, Held]:
        rows = (
            TherapySession.objects.numbered()
            .filter(course__in=self.scope.courses)
            .order_by()
            .values_list("course")
            .annotate(attended=Max("number"), last=Max("starts_at"))
        )
        return {course: Held(attended, timezone.localdate(last)) for course, attended, last in rows}

    @cached_property
    def scores(self) -> dict[UUID, dict[str, Scores]]:
        """By course and measure. A form with a gap has no total and is left out."""
        order = ("taken_at", "entered_at")
        rows = (
            Response.objects.standing()
            .filter(course__in=self.scope.courses, measure__in=RECOVERY_MEASURES, total__isnull=False)
            .order_by()
            .values_list("course", "measure")
            .annotate(
                moments=ArrayAgg("taken_at", order_by=order),
                totals=ArrayAgg("total", order_by=order),
                keys=ArrayAgg("pk", order_by=order),
            )
        )
        found: dict[UUID, dict[str, Scores]] = defaultdict(dict)
        for course, measure, moments, totals, keys in rows:
            held = self.held.get(course)
            found[course][measure] = _scores(moments, totals, keys, held.last_day if held else None)
        return found

    @cached_property
    def carried(self) -> dict[UUID, Carried]:
        """Treatment before cover, the older allocation before the newer."""
        rows = Allocation.objects.current(at=self.scope.now).carrying().filter(course__in=self.scope.courses)
        found: dict[UUID, Carried] = {}
        for course, key, therapist, name, since in rows.order_by("-kind", "starts_at").values_list(
            "course", "pk", "therapist", "therapist__full_name", "starts_at"
        ):
            found.setdefault(course, Carried(key, therapist, name, since))
        return found

    @cached_property
    def reviewed(self) -> dict[UUID, Reviewed]:
        rows = (
            Note.objects.visible_to(self.scope.reader)
            .signed()
            .standing()
            .filter(kind=NoteKind.SUPERVISION, course__in=self.scope.courses)
            .order_by("course", "-happened_at", "-signed_at")
            .distinct("course")
        )
        return {course: Reviewed(*row) for course, *row in rows.values_list("course", "pk", "happened_at")}

    @cached_property
    def unsigned(self) -> list[Unsigned]:
        return [one for one in unsigned() if one.course in self.courses]

    def found(self, course: UUID, subject: UUID, **columns: Any) -> Found:
        """A row of a flag, whose place in the list of flags is put in later."""
        row = self.courses[course]
        given = {"at": None, "number": None, "value": None, "word": None, **columns}
        names = (row["client_id"], row["client__first_name"], row["client__last_name"])
        return Found(0, course, *names, subject, **given)


def _scores(
    moments: list[datetime], totals: list[int], keys: list[UUID], last_treatment_day: date | None
) -> Scores:
    taken = list(zip(map(timezone.localdate, moments), totals, strict=True))
    first, last = first_and_last(taken, last_treatment_day)
    if last is None or last_treatment_day is None:
        return Scores(first, last)
    treated = [place for place, (day, _) in enumerate(taken) if place and day <= last_treatment_day]
    highest = max(treated, key=lambda place: (totals[place], -place))
    return Scores(first, last, last_on=taken[treated[-1]][0], highest=keys[highest])


# --- Reliable deterioration -------------------------------------------------------------------------------------------


def deteriorated(facts: Facts) -> Iterator[Found]:
    """`subject` the form with the highest score, so that a higher one asks anew; `at` the day of the last score; `number`
    the first score, `value` the last, `word` the measure. One row for each measure."""
    for course in facts.courses:
        for measure, scores in sorted(facts.scores.get(course, {}).items(), reverse=True):
            if change(measure, scores.first, scores.last) == "deteriorated" and scores.highest:
                yield facts.found(
                    course,
                    scores.highest,
                    at=_noon(scores.last_on),
                    number=scores.first,
                    value=scores.last,
                    word=measure,
                )


def why_deteriorated(found: Found, now: datetime) -> str:
    name, up = BY_CODE[found.word or "phq9"].name, (found.value or 0) - (found.number or 0)
    return f"{name} went from {found.number} to {found.value}: {plural(up, 'point')} up, more than the measure’s own error."


# --- No reliable improvement by mid-course -----------------------------------------------------------------------------


def not_improved(facts: Facts) -> Iterator[Found]:
    """`subject` the course, `number` the last attended session, `value` how many are planned, `word` each measure that began at
    caseness with its first and last score: "phq9 18 16"; a hyphen where there is no second one."""
    for course, row in facts.courses.items():
        held = facts.held.get(course)
        if row["status"] not in UNDER_WAY or not row["split"] or held is None:
            continue
        if held.attended < mid_course_session(row["planned_sessions"]):
            continue
        began = {
            measure: scores
            for measure, scores in facts.scores.get(course, {}).items()
            if scores.first is not None and is_case(measure, scores.first)
        }
        if began and not any(_fell(measure, scores) for measure, scores in began.items()):
            yield facts.found(
                course,
                course,
                at=_noon(held.last_day),
                number=held.attended,
                value=row["planned_sessions"],
                word=" ".join(
                    f"{measure} {scores.first} {'-' if scores.last is None else scores.last}"
                    for measure, scores in sorted(began.items(), reverse=True)
                ),
            )


def _fell(measure: str, scores: Scores) -> bool:
    return change(measure, scores.first, scores.last) == "improved"


def why_not_improved(found: Found, now: datetime) -> str:
    words = (found.word or "").split(" ")
    said = " and ".join(
        f"{BY_CODE[measure].name} {first} → {last}"
        if last != "-"
        else f"{BY_CODE[measure].name} {first}, not taken since"
        for measure, first, last in zip(*[iter(words)] * 3, strict=True)
    )
    return f"Session {found.number} of {found.value} is over, and there is no reliable improvement: {said}."


# --- Unsigned ---------------------------------------------------------------------------------------------------------


def unsigned_too_long(facts: Facts) -> Iterator[Found]:
    """`subject` the note, or the session that has none; `at` since when; `word` which of the two; `value` the clinic's
    hours. Who wrote it, or is to write it, does not matter."""
    hours = facts.scope.clinic.flag_unsigned_hours
    before = facts.scope.now - timedelta(hours=hours)
    for one in facts.unsigned:
        if one.due_from < before:
            key = one.note or one.session
            assert key is not None
            word = "note" if one.note else "session"
            yield facts.found(one.course, key, at=one.due_from, value=hours, word=word)


def why_unsigned(found: Found, now: datetime) -> str:
    day = short_day(found.at, now)
    if found.word == "session":
        return f"The session of {day} has no note after {found.value} hours."
    return f"A note of {day} is not signed after {found.value} hours."


def short_unsigned(found: Found, now: datetime) -> str:
    return f"Unsigned over {found.value} h"


# --- When the course was last discussed ---------------------------------------------------------------------------------


def not_reviewed(facts: Facts) -> Iterator[Found]:
    """`subject` the last record, or the allocation where there is none; `at` its time; `number` how many days ago that was,
    `word` which of the two."""
    for course, key, at, word in _last_discussed(facts):
        days = _days_since(at, facts.scope.now)
        if days >= facts.scope.clinic.flag_unreviewed_days:
            yield facts.found(course, key, at=at, number=days, word=word)


def new_case(facts: Facts) -> Iterator[Found]:
    """`subject` the allocation, `at` since when: never discussed, and not yet due under the rule above."""
    for course, key, at, word in _last_discussed(facts):
        if word == "allocated" and _days_since(at, facts.scope.now) < facts.scope.clinic.flag_unreviewed_days:
            yield facts.found(course, key, at=at)


def _last_discussed(facts: Facts) -> Iterator[tuple[UUID, UUID, datetime, str]]:
    for course in facts.courses:
        if reviewed := facts.reviewed.get(course):
            yield course, reviewed.note, reviewed.at, "reviewed"
        elif carried := facts.carried.get(course):
            yield course, carried.key, carried.since, "allocated"


def _days_since(at: datetime, now: datetime) -> int:
    return (timezone.localdate(now) - timezone.localdate(at)).days


def why_not_reviewed(found: Found, now: datetime) -> str:
    days = plural(found.number or 0, "day")
    if found.word == "allocated":
        return f"Allocated {days} ago, on {short_day(found.at, now)}, and not discussed since."
    return f"Last discussed {days} ago, on {short_day(found.at, now)}."


def short_not_reviewed(found: Found, now: datetime) -> str:
    return f"Not reviewed for {plural(found.number or 0, 'day')}"


def why_new(found: Found, now: datetime) -> str:
    return f"Allocated on {short_day(found.at, now)}, and not discussed in supervision yet."


def _noon(day: date | None) -> datetime | None:
    """A day among moments."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12)) if day else None
