"""A therapist's practice as it is known to who may know it: hours of supervision, supervised cases, ratings. The numbers come
from functions of the database that give numbers and times only, since they outlast the access to the courses. Questions only;
what they come to is worked out in accreditation.py and competence.py."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from access import policy
from courses import protocol
from courses.models import Course
from staff.models import Clinic, User
from supervision.accreditation import Attended, Discussed, Facts, Rule, Standing, standing
from supervision.competence import Line, Rated, lines
from supervision.models import Recording
from supervision.ratings import all_forms

CARRIED = ("treatment", "cover")
AREAS = {code: area.label for code, area in protocol.FOCUS_AREAS.items()}


@dataclass(frozen=True)
class Practice:
    """One therapist. `courses` has the course of a case by its number, where the reader may see it."""

    person: User
    standing: Standing
    ratings: tuple[Rated, ...]
    courses: dict[int, UUID]


def rule_of_the_clinic() -> Rule:
    clinic = Clinic.objects.first() or Clinic()
    return Rule(
        cases=clinic.accreditation_cases,
        focus_areas=clinic.accreditation_focus_areas,
        sessions=clinic.accreditation_sessions,
        hours=clinic.accreditation_hours,
        recordings=clinic.accreditation_recordings,
        within_days=clinic.supervised_within_days,
    )


def practices_of(people: Iterable[User], *, rule: Rule) -> list[Practice]:
    """Each of them, in their order: six questions for however many."""
    people = list(people)
    keys = [person.pk for person in people]
    with connection.cursor() as cursor:
        cursor.execute(
            "select person_id, held_at, minutes, kind, supervisor_id from practice_meetings(%s::uuid[])",
            [keys],
        )
        meetings = _by_person(cursor.fetchall())
        cursor.execute("select person_id, number, course_id, areas from practice_cases(%s::uuid[])", [keys])
        cases = _by_person(cursor.fetchall())
        cursor.execute(
            "select person_id, number, held_at, minutes, cases from practice_discussed(%s::uuid[])", [keys]
        )
        discussed = _by_person(cursor.fetchall())
        cursor.execute("select person_id, number, starts_at from practice_sessions(%s::uuid[])", [keys])
        sessions = _by_person(cursor.fetchall())
        cursor.execute(
            "select person_id, number, session_at, form, scores::text, overall, is_recorded"
            " from practice_ratings(%s::uuid[])",
            [keys],
        )
        ratings = _by_person(cursor.fetchall())
    supervisors = {row[3] for rows in meetings.values() for row in rows}
    names = dict(User.objects.filter(pk__in=supervisors).values_list("pk", "full_name"))
    return [
        Practice(
            person=person,
            standing=standing(
                rule,
                [
                    _facts(case, discussed[person.pk], sessions[person.pk], ratings[person.pk])
                    for case in cases[person.pk]
                ],
                [
                    Attended(timezone.localtime(at), minutes, kind, names.get(supervisor, ""))
                    for at, minutes, kind, supervisor in meetings[person.pk]
                ],
                labels=AREAS,
            ),
            ratings=tuple(_rated(row) for row in ratings[person.pk]),
            courses={number: course for number, course, _ in cases[person.pk] if course},
        )
        for person in people
    ]


def practice_of(person: User, *, rule: Rule) -> Practice:
    return practices_of([person], rule=rule)[0]


def competence_of(practice: Practice, *, newest: int) -> list[Line]:
    """Each item over the newest so many ratings."""
    forms = {number: version.items for number, version in all_forms().items()}
    return lines(practice.ratings[-newest:], forms)


def names_of(practice: Practice, reader: User) -> dict[int, Course]:
    """The courses of the cases, by number, with their clients, as far as the reader may see them."""
    rows = Course.objects.visible_to(reader).filter(pk__in=practice.courses.values()).select_related("client")
    found = {course.pk: course for course in rows}
    return {number: found[key] for number, key in practice.courses.items() if key in found}


# --- Recordings -------------------------------------------------------------------------------------------------------


def recordings_near(person: User, reader: User) -> Any:
    """Recordings in the log of the courses that this therapist carries now, as far as the reader may see them."""
    mine = policy.current_allocation(timezone.now())
    carried = Course.objects.filter(mine, allocations__therapist=person, allocations__kind__in=CARRIED)
    rows = Recording.objects.visible_to(reader).filter(course__in=carried.values("pk"))
    return rows.select_related("course__client", "session")


def overdue_by_therapist(people: Sequence[User], reader: User, *, on: date) -> dict[UUID, int]:
    """How many recordings each of them is to delete. One question."""
    now = timezone.now()
    carried = Q(
        course__allocations__therapist__in=[person.pk for person in people],
        course__allocations__kind__in=CARRIED,
        course__allocations__starts_at__lte=now,
    ) & (Q(course__allocations__ends_at=None) | Q(course__allocations__ends_at__gt=now))
    rows = Recording.objects.visible_to(reader).overdue(on=on).filter(carried).order_by()
    return dict(rows.values_list("course__allocations__therapist").annotate(Count("pk", distinct=True)))


# --- Rows of the database ---------------------------------------------------------------------------------------------


def _by_person(rows: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for person, *row in rows:
        found[person].append(tuple(row))
    return found


def _facts(case: Any, discussed: list[Any], sessions: list[Any], ratings: list[Any]) -> Facts:
    number, _, areas = case
    recorded = {session_at for of, session_at, *_, is_recorded in ratings if of == number and is_recorded}
    return Facts(
        number=number,
        areas=tuple(areas),
        sessions=tuple(timezone.localtime(at) for of, at in sessions if of == number),
        discussed=tuple(
            Discussed(timezone.localtime(at), minutes, among)
            for of, at, minutes, among in discussed
            if of == number
        ),
        recordings=len(recorded),
    )


def _rated(row: Any) -> Rated:
    _, session_at, form, scores, overall, _ = row
    return Rated(timezone.localtime(session_at), form, json.loads(scores), overall)
