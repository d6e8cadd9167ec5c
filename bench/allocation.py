"""Times the allocation page with eight therapists and with sixty: places, needs and free times of them all, a page at a time.

Everything happens in one transaction that is rolled back. See README.md beside this file."""

import argparse
import statistics
from datetime import date, datetime, time, timedelta
from time import process_time

from django.db import connection, transaction
from django.test import Client as TestClient
from django.urls import reverse
from django.utils import timezone

from audit.acting import acting
from bench.pages import _FRAME, Recorder, Statements, timed  # sets Django up, which the models below need
from clients.models import Client
from courses.models import Allocation, Course
from sessions.models import TherapySession
from staff.models import Role, User, WorkingHours

EMAIL = "admin@clinic.example"
NOT_COUNTED = 5
HOST = {"host": "127.0.0.1"}


def more_therapists(by: User, count: int) -> None:
    """With working hours, and three weeks in which every second hour is booked."""
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    for number in range(count):
        person = User.objects.create(
            email=f"bench.{number}@clinic.example",
            full_name=f"Bench {number:02}",
            roles=[Role.THERAPIST],
            places=16,
        )
        for weekday in range(5):
            WorkingHours.objects.create(person=person, weekday=weekday, starts=time(9), ends=time(18))
        client = Client.objects.create(
            number=f"C-B{number:05}", first_name="Bench", last_name="Mark", date_of_birth=date(1990, 1, 1)
        )
        course = Course.objects.create(
            client=client,
            programme="ipt16",
            split=[4, 8, 4],
            planned_sessions=16,
            status="waiting",
            referred_on=monday,
        )
        Allocation.objects.create(course=course, therapist=person, by=by)
        for day in range(28):
            if day % 7 > 4:
                continue
            hour = 9 + 2 * (number % 4)
            TherapySession.objects.create(
                course=course,
                client=client,
                therapist=person,
                booked_by=by,
                starts_at=timezone.make_aware(datetime.combine(monday + timedelta(days=day), time(hour))),
            )


def alone(statements: Statements) -> None:
    """What the page asked, without the page."""
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()


def measured(by: User, total: int, runs: int) -> str:
    """One line of the table: own queries; median and 95th percentile of the page, and its statements alone."""
    client = TestClient()
    with acting(by.pk):
        there = User.objects.working().with_role(Role.THERAPIST).count()
        more_therapists(by, max(total - there, 0))
        course = (
            Course.objects.filter(status="waiting").exclude(allocations__ends_at=None).order_by("pk").first()
        )
        if course is None:
            raise SystemExit("nobody waits in this clinic")
        path = reverse("courses:allocate", args=[course.pk])
        client.force_login(by)
        for _ in range(NOT_COUNTED):
            client.get(path, headers=HOST)
        recorder = Recorder()
        with connection.execute_wrapper(recorder):
            answer = client.get(path, headers=HOST)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        asked = [(sql, params) for sql, params in recorder.statements if sql.lstrip()[:6].lower() == "select"]
        own = [sql for sql, _ in asked if not _FRAME.search(sql)]
        begun = process_time()
        pages = [timed(lambda: client.get(path, headers=HOST)) for _ in range(runs)]
        own_ms = (process_time() - begun) * 1000 / runs
        floors = [timed(lambda: alone(asked)) for _ in range(runs)]
        people = User.objects.working().with_role(Role.THERAPIST).count()
        transaction.set_rollback(True)
    p95 = statistics.quantiles(pages, n=20)[-1]
    return (
        f"| {people} | {len(own)} | {statistics.median(pages):.1f} | {p95:.1f} | {own_ms:.1f} "
        f"| {statistics.median(floors):.1f} | {len(answer.content) // 1024} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    by = User.objects.get(email=EMAIL)
    print("| therapists | own queries | page ms | p95 ms | Python's own ms | its statements alone ms | kB |")
    print("|---|---|---|---|---|---|---|")
    for total in (8, 60):
        print(measured(by, total, runs))


if __name__ == "__main__":
    main()
