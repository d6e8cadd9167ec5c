"""Allocation with the first appointment: both in one act or neither, by those who allocate and nobody else."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from courses.models import Allocation, Course
from sessions.allocating import allocate_with_appointment
from sessions.models import TherapySession
from staff.models import Leave, Room, User, WorkingHours
from tests.cast import Cast, client_named, course_for, person, session_of
from tests.db.courses.test_races import at_once
from tests.roles import as_owner


def soon(days: int = 7, hour: int = 10) -> datetime:
    """A weekday's hour that lies ahead."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(hour)))


@pytest.fixture
def waiting(cast: Cast) -> Course:
    with as_owner():
        return course_for(client_named("Noor", "Jabari"))


def first(course: Course, therapist: User, by: User, **given: Any) -> TherapySession:
    return allocate_with_appointment(
        **{
            "course": course,
            "therapist": therapist,
            "starts_at": soon(),
            "minutes": 50,
            "mode": "in_person",
            "room": None,
            "by": by,
            **given,
        }
    )


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_a_course_is_allocated_with_its_first_appointment(cast: Cast, waiting: Course, who: str) -> None:
    by = getattr(cast, who)
    act_as(by.pk)
    session = first(waiting, cast.tara, by)
    assert Allocation.objects.get(course=waiting).therapist == cast.tara
    assert (session.kind, session.appointment_type, session.booked_by) == ("assessment", "01", by)
    assert session.starts_at == soon()


def test_a_time_that_was_taken_meanwhile_leaves_nothing_behind(cast: Cast, waiting: Course) -> None:
    with as_owner():
        session_of(cast.course, cast.tara, soon() + timedelta(minutes=20))
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError) as refusal:
        first(waiting, cast.tara, cast.ada)
    assert "is no longer free." in refusal.value.messages[0]
    assert "The therapist has another session at that time." in refusal.value.messages
    assert not Allocation.objects.filter(course=waiting).exists()


def test_leave_that_was_entered_meanwhile_leaves_nothing_behind(cast: Cast, waiting: Course) -> None:
    with as_owner():
        day = timezone.localdate(soon())
        Leave.objects.create(person=cast.tara, starts_on=day, ends_on=day, cover=cast.olga)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Tara Tree is on leave"):
        first(waiting, cast.tara, cast.ada)
    assert not Allocation.objects.filter(course=waiting).exists()


def test_a_lead_books_the_first_appointment_and_no_second(cast: Cast, waiting: Course) -> None:
    act_as(cast.lena.pk)
    first(waiting, cast.tara, cast.lena)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        TherapySession.objects.create(
            course=waiting,
            client_id=waiting.client_id,
            therapist=cast.tara,
            starts_at=soon(9),
            booked_by=cast.lena,
        )


@pytest.mark.parametrize("therapist", ["tara", "olga"])
def test_a_lead_books_nothing_for_a_course_that_they_have_not_just_allocated(
    cast: Cast, therapist: str
) -> None:
    act_as(cast.lena.pk)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        TherapySession.objects.create(
            course=cast.course,
            client_id=cast.maya.pk,
            therapist=getattr(cast, therapist),
            starts_at=soon(),
            booked_by=cast.lena,
        )


def test_a_trainee_whom_nobody_supervises_gets_a_course_only_with_a_reason(
    cast: Cast, waiting: Course
) -> None:
    with as_owner():
        alone = person("Alan Alone", "therapist", is_trainee=True)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="a trainee whom nobody supervises"):
        first(waiting, alone, cast.ada)
    assert first(waiting, alone, cast.ada, reason="Sunil begins on Monday.").therapist == alone


# --- The page ---------------------------------------------------------------------------------------------------------


def slots_on(page: Any) -> list[str]:
    return [value for row in page.context["rows"] for _, value in (*row.first, *row.more)]


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_one_press_on_a_free_time_allocates_and_books(
    cast: Cast, waiting: Course, client: Browser, who: str
) -> None:
    with as_owner():
        Room.objects.create(name="Garden room")
    client.force_login(getattr(cast, who))
    address = reverse("courses:allocate", args=[waiting.pk])
    page = client.get(address)
    chosen = next(value for value in slots_on(page) if value.startswith(str(cast.tara.pk)))
    answer = client.post(address, {"slot": chosen, "version": 1}, follow=True)
    html = answer.content.decode()
    assert "Tara Tree carries the course of Noor Jabari now. First appointment:" in html
    with as_owner():
        session = TherapySession.objects.get(course=waiting)
    assert (session.therapist, session.room.name) == (cast.tara, "Garden room")


def test_a_time_that_is_gone_is_said_with_other_times_and_no_word_is_lost(
    cast: Cast, waiting: Course, client: Browser
) -> None:
    client.force_login(cast.ada)
    address = reverse("courses:allocate", args=[waiting.pk])
    chosen = next(v for v in slots_on(client.get(address)) if v.startswith(str(cast.tara.pk)))
    with as_owner():
        session_of(cast.course, cast.tara, datetime.fromisoformat(chosen.split()[1]))
    answer = client.post(address, {"slot": chosen, "version": 1, "reason": "Nearer to home."})
    html = answer.content.decode()
    assert "is no longer free." in html
    assert "Nearer to home." in html
    assert chosen not in slots_on(answer)
    with as_owner():
        assert not Allocation.objects.filter(course=waiting).exists()


@pytest.mark.parametrize(
    "slot",
    [
        *(
            "x",
            "x y z",
            "{tara} 2027-01-11T10:00 ",
            "{tara} never ",
            "{tara}",
            "{ada} 2027-01-11T10:00:00+00:00 ",
        ),
        *("{tara} 9999-12-31T23:59:59+00:00 ", "{tara} 0001-01-01T00:00:00+14:00 "),
    ],
)
def test_a_time_that_no_button_carries_is_refused(
    cast: Cast, waiting: Course, client: Browser, slot: str
) -> None:
    client.force_login(cast.ada)
    words = slot.format(tara=cast.tara.pk, ada=cast.ada.pk)
    answer = client.post(reverse("courses:allocate", args=[waiting.pk]), {"slot": words, "version": 1})
    assert "Choose a free time from the list." in answer.content.decode()


def test_who_is_carried_is_handed_over_without_a_time(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    address = reverse("courses:allocate", args=[cast.course.pk])
    page = client.get(address)
    assert 'name="slot"' not in page.content.decode()
    answer = client.post(address, {"slot": f"{cast.olga.pk} {soon().isoformat()} ", "version": 1})
    assert answer.status_code == 200
    with as_owner():
        assert Allocation.objects.get(course=cast.course).therapist == cast.tara


def test_the_list_is_narrowed_by_name_and_to_who_fits(cast: Cast, client: Browser) -> None:
    with as_owner():
        course = course_for(client_named("Noor", "Jabari", asks_for="woman"))
        person("Wanda Woman", "therapist", gender="woman")
        person("Wilma Woman", "therapist", gender="woman", places=0)
    client.force_login(cast.lena)
    address = reverse("courses:allocate", args=[course.pk])

    def listed(**asked: str) -> list[str]:
        return [row.candidate.therapist.first_name for row in client.get(address, asked).context["rows"]]

    assert listed() == ["Wanda", "Wilma", "Olga", "Tara"]
    assert listed(q="wo") == ["Wanda", "Wilma"]
    assert listed(fitting="on") == ["Wanda"]
    assert listed(q="nobody of this name") == []


def test_sixty_therapists_cost_as_many_questions_as_eight(
    cast: Cast, waiting: Course, client: Browser
) -> None:
    client.force_login(cast.ada)
    address = reverse("courses:allocate", args=[waiting.pk])

    def therapists(start: int, end: int) -> None:
        with as_owner():
            for number in range(start, end):
                each = person(f"Therapist {number}", "therapist", is_trainee=number % 7 == 0)
                for weekday in range(5):
                    WorkingHours.objects.create(person=each, weekday=weekday, starts=time(9), ends=time(17))
                course = course_for(client_named("Some", f"Body{number}"), each)
                session_of(course, each, soon(3, 9 + number % 6))

    def questions() -> tuple[int, int]:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        return len(asked), len(page.context["rows"])

    therapists(0, 6)
    eight = questions()
    therapists(6, 58)
    sixty = questions()
    assert (eight[0], sixty[1]) == (sixty[0], 12)
    assert client.get(address, {"page": 5}).context["listed"].paginator.count == 60


def test_the_last_place_is_given_once(transactional_db: None) -> None:
    with as_owner():
        cast = Cast()
        User.objects.filter(pk=cast.tara.pk).update(places=2)
        courses = [course_for(client_named("Noor", "Jabari")), course_for(client_named("Elsie", "Tran"))]
    cast.tara.refresh_from_db()
    answers = at_once(
        (cast.ada, lambda: first(courses[0], cast.tara, cast.ada, starts_at=soon(7, 9))),
        (cast.lena, lambda: first(courses[1], cast.tara, cast.lena, starts_at=soon(7, 14))),
    )
    told = [answer for answer in answers if isinstance(answer, list)]
    assert told == [["Tara Tree carries 2 of 2. Say why one more."]]
    with as_owner():
        assert TherapySession.objects.filter(course__in=courses).count() == 1


def test_one_free_time_is_given_once(transactional_db: None) -> None:
    with as_owner():
        cast = Cast()
        courses = [course_for(client_named("Noor", "Jabari")), course_for(client_named("Elsie", "Tran"))]
    answers = at_once(
        (cast.ada, lambda: first(courses[0], cast.tara, cast.ada)),
        (cast.lena, lambda: first(courses[1], cast.tara, cast.lena)),
    )
    told = [answer for answer in answers if isinstance(answer, list)]
    assert len(told) == 1
    assert "The therapist has another session at that time." in told[0]
    with as_owner():
        assert Allocation.objects.filter(course__in=courses).count() == 1
