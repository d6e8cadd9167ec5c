"""Times the course page as a course grows: so many sessions with four questionnaires each, beside its own statements alone.

Everything happens in one transaction that is rolled back. See README.md beside this file."""

import argparse
import statistics
from datetime import timedelta

from django.db import connection, transaction
from django.test import Client as TestClient
from django.urls import reverse
from django.utils import timezone

from audit.acting import acting
from bench.pages import (
    _FRAME,
    EMAIL,
    Recorder,
    Statements,
    timed,
)  # sets Django up, which the models below need
from courses.models import Course
from outcomes.measures import BY_CODE
from outcomes.models import Response
from sessions.models import SessionResponse, TherapySession
from staff.models import User

MEASURES = ("phq9", "gad7", "core10", "wsas")
NOT_COUNTED = 5


def fill(course: Course, person: User, count: int) -> None:
    """Attended sessions in the nights before the course's own, each with four complete questionnaires."""
    first = course.sessions.order_by("starts_at").first()
    last = course.sessions.filter(number__isnull=False).order_by("-number").first()
    before = (first.starts_at if first else timezone.now()).replace(hour=3, minute=0, second=0, microsecond=0)
    taken = last.number or 0 if last else 0
    for place in range(1, count + 1):
        starts_at = before - timedelta(days=place)
        session = TherapySession.objects.create(
            course=course,
            client_id=course.client_id,
            therapist=person,
            booked_by=person,
            starts_at=starts_at,
            minutes=5,
            attendance="5",
            attendance_at=starts_at,
            attendance_by=person,
            number=taken + place,
            phase="middle",
        )
        for code in MEASURES:
            items = len(BY_CODE[code].items)
            response = Response.objects.create(
                course=course,
                measure=code,
                instrument_version="1",
                answers=[None] * items,
                total=12 + place % 5,
                is_total_only=True,
                came="paper",
                taken_at=starts_at,
                entered_by=person,
            )
            SessionResponse.objects.create(session=session, course=course, response=response, measure=code)


def alone(statements: Statements) -> None:
    """What the page asked, without the page."""
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()


def measured(course: Course, person: User, count: int, runs: int) -> tuple[int, float, float, float]:
    """Own queries; milliseconds of the page and of its statements alone; their ratio."""
    client = TestClient()
    path = reverse("courses:detail", args=[course.pk])
    with acting(person.pk):
        fill(course, person, count)
        client.force_login(person)
        for _ in range(NOT_COUNTED):
            client.get(path, headers={"host": "127.0.0.1"})
        recorder = Recorder()
        with connection.execute_wrapper(recorder):
            answer = client.get(path, headers={"host": "127.0.0.1"})
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        asked = [(sql, params) for sql, params in recorder.statements if sql.lstrip()[:6].lower() == "select"]
        own = [sql for sql, _ in asked if not _FRAME.search(sql)]
        pages, floors = [], []
        for _ in range(runs):
            pages.append(timed(lambda: client.get(path, headers={"host": "127.0.0.1"})))
            floors.append(timed(lambda: alone(asked)))
        transaction.set_rollback(True)
    page, floor = statistics.median(pages), statistics.median(floors)
    return len(own), page, floor, page / floor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    person = User.objects.get(email=EMAIL)
    with acting(person.pk):
        course = (
            Course.objects.carried_by(person, at=timezone.now())
            .filter(status="in_treatment")
            .order_by("pk")
            .first()
        )
    if course is None:
        raise SystemExit(f"{EMAIL} carries no course in treatment")
    print("| sessions × 4 | own queries | page ms | its statements alone ms | ratio |")
    print("|---|---|---|---|---|")
    for count in (10, 40, 160):
        own, page, floor, ratio = measured(course, person, count, runs)
        print(f"| {count} | {own} | {page:.1f} | {floor:.1f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
