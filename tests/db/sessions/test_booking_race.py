"""Fifty people book one slot at the same moment: one has it, and every other is told why not."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from audit.acting import acting
from sessions.actions import book_session
from sessions.models import TherapySession
from tests.cast import Cast, client_named, course_for, person, room
from tests.roles import as_owner

MANY = 50


@pytest.fixture
def clinic(transactional_db: None) -> Cast:
    with transaction.atomic(), as_owner():
        return Cast()


def all_at_once(bookings: list[dict[str, Any]], *, by: Any) -> Counter[str]:
    """What each was told, "booked" where it was."""
    starts_at = timezone.now() + timedelta(days=9)
    gate = Barrier(len(bookings))

    def one(wanted: dict[str, Any]) -> str:
        try:
            gate.wait(timeout=60)
            with acting(by.pk):
                with connection.cursor() as cursor:
                    cursor.execute("select current_user")
                    assert cursor.fetchone() == ("ipt_app",)
                book_session(
                    kind="treatment",
                    appointment_type="02",
                    starts_at=starts_at,
                    minutes=50,
                    mode="in_person",
                    by=by,
                    **{"room": None, **wanted},
                )
            return "booked"
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bookings)) as threads:
        return Counter(threads.map(one, bookings))


def test_one_therapist_is_booked_once(clinic: Cast) -> None:
    with transaction.atomic(), as_owner():
        courses = [course_for(client_named(f"Client{n}", "Race"), clinic.tara) for n in range(MANY)]
    told = all_at_once([{"course": course, "therapist": clinic.tara} for course in courses], by=clinic.ada)
    assert told == {"booked": 1, "The therapist has another session at that time.": MANY - 1}
    with transaction.atomic(), as_owner():
        assert TherapySession.objects.count() == 1


def test_one_room_is_booked_once(clinic: Cast) -> None:
    with transaction.atomic(), as_owner():
        garden = room("Garden room")
        pairs = []
        for n in range(10):
            therapist = person(f"Therapist {n}", "therapist")
            pairs.append((course_for(client_named(f"Client{n}", "Race"), therapist), therapist))
    wanted = [{"course": course, "therapist": therapist, "room": garden} for course, therapist in pairs]
    assert all_at_once(wanted, by=clinic.ada) == {"booked": 1, "The room is taken at that time.": 9}


def test_one_client_is_booked_once(clinic: Cast) -> None:
    with transaction.atomic(), as_owner():
        therapists = [person(f"Therapist {n}", "therapist") for n in range(10)]
    wanted = [{"course": clinic.course, "therapist": therapist} for therapist in therapists]
    assert all_at_once(wanted, by=clinic.ada) == {
        "booked": 1,
        "The client has another session at that time.": 9,
    }


def test_who_comes_second_waits_in_the_queue_and_not_at_the_first_ones_row(clinic: Cast) -> None:
    """At the row both can wait for each other, and PostgreSQL ends one of them as a deadlock."""
    with transaction.atomic(), as_owner():
        other = course_for(client_named("Second", "Race"), clinic.tara)
    told: list[Counter[str]] = []
    wanted = {"course": other, "therapist": clinic.tara}
    second = Thread(target=lambda: told.append(all_at_once([wanted], by=clinic.ada)))
    with acting(clinic.ada.pk):
        book_session(
            course=clinic.course,
            therapist=clinic.tara,
            kind="treatment",
            appointment_type="02",
            starts_at=timezone.now() + timedelta(days=9),
            minutes=50,
            mode="in_person",
            room=None,
            by=clinic.ada,
        )
        second.start()
        assert _waits_for() == "advisory"
    second.join(timeout=60)
    assert told == [{"The therapist has another session at that time.": 1}]


def _waits_for() -> str:
    """The kind of lock that somebody waits for, once somebody does."""
    until = monotonic() + 30
    while monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT locktype FROM pg_locks WHERE NOT granted LIMIT 1")
            if row := cursor.fetchone():
                return str(row[0])
        sleep(0.05)
    return "nothing"
