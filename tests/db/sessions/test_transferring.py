"""A course goes to another therapist, now or on a day ahead, for good or for a time: access, appointments, and calling off."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from access import policy
from audit.acting import act_as
from courses.actions import allocate_course, end_course, therapist_of
from courses.models import Allocation, Course
from courses.places import places_of
from courses.transfers import carrier_at
from sessions.models import TherapySession
from sessions.transferring import call_off_transfer, cover_course, transfer_course
from staff.models import Leave, User, WorkingHours
from tests.cast import Cast, client_named, course_for, held_session, note_of, session_of
from tests.db.courses.test_races import at_once
from tests.db.sessions.test_allocating import soon
from tests.roles import as_owner


@contextmanager
def it_is(at: datetime) -> Iterator[None]:
    """The web's clock. The walls have the database's own, and are asked elsewhere."""
    with mock.patch("django.utils.timezone.now", return_value=at):
        yield


def rows(course: Course) -> list[tuple[str, str, Any, Any]]:
    with as_owner():
        return [
            (each.therapist.first_name, each.kind, each.starts_at, each.ends_at)
            for each in Allocation.objects.filter(course=course).order_by("starts_at", "ends_at")
        ]


def sees(course: Course, who: User) -> bool:
    return Course.objects.visible_to(who).filter(pk=course.pk).exists()


# --- Transfer ---------------------------------------------------------------------------------------------------------


def test_a_transfer_on_a_day_ahead_moves_access_at_that_minute(cast: Cast) -> None:
    act_as(cast.ada.pk)
    at = soon(7, 9)
    transfer_course(course=cast.course, therapist=cast.olga, at=at, reason="Moves away.", by=cast.ada)
    (first, _, _, ends), second = rows(cast.course)
    assert (first, ends) == ("Tara", at)
    assert second == ("Olga", "treatment", at, None)
    assert therapist_of(cast.course) == cast.tara
    assert (sees(cast.course, cast.tara), sees(cast.course, cast.olga)) == (True, False)
    course = Course.objects.get(pk=cast.course.pk)
    assert policy.treats(cast.tara, course)
    with it_is(at):
        assert therapist_of(cast.course) == cast.olga
        assert (sees(cast.course, cast.tara), sees(cast.course, cast.olga)) == (False, True)
        assert not policy.treats(cast.tara, course)
        assert policy.treats(cast.olga, course)


def test_the_wall_moves_at_that_minute_too(cast: Cast) -> None:
    """As the database reads its own clock: a row whose minute came a moment ago, and one whose minute has not come."""
    act_as(cast.ada.pk)
    transfer_course(course=cast.course, therapist=cast.olga, at=soon(), reason="Moves.", by=cast.ada)
    act_as(cast.olga.pk)
    assert not Course.objects.filter(pk=cast.course.pk).exists()
    with as_owner():
        minute = timezone.now() - timedelta(seconds=1)
        cast.course.allocations.filter(therapist=cast.tara).update(ends_at=minute)
        cast.course.allocations.filter(therapist=cast.olga).update(starts_at=minute)
    act_as(cast.olga.pk)
    assert Course.objects.filter(pk=cast.course.pk).exists()
    act_as(cast.tara.pk)
    assert not Course.objects.filter(pk=cast.course.pk).exists()


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_appointments_go_along_where_the_new_therapist_is_free(cast: Cast, who: str) -> None:
    with as_owner():
        before = session_of(cast.course, cast.tara, soon(2))
        after = session_of(cast.course, cast.tara, soon(9))
    by = getattr(cast, who)
    act_as(by.pk)
    done = transfer_course(course=cast.course, therapist=cast.olga, at=soon(7, 8), reason="Moves.", by=by)
    assert [each.pk for each in done.moved] == [after.pk]
    with as_owner():
        before.refresh_from_db()
        after.refresh_from_db()
    assert (before.therapist, after.therapist, after.version) == (cast.tara, cast.olga, 2)


def test_what_cannot_go_along_is_named_and_stays_only_when_somebody_says_so(cast: Cast) -> None:
    with as_owner():
        booked, on_leave, off = (session_of(cast.course, cast.tara, soon(days)) for days in (9, 16, 23))
        session_of(cast.others_course, cast.olga, soon(9) + timedelta(minutes=20))
        day = timezone.localdate(on_leave.starts_at)
        Leave.objects.create(person=cast.olga, starts_on=day, ends_on=day, cover=cast.tara)
        for weekday in range(5):
            if weekday != timezone.localtime(off.starts_at).weekday():
                WorkingHours.objects.create(
                    person=cast.olga, weekday=weekday, starts=soon().time(), ends=soon(7, 18).time()
                )
    act_as(cast.ada.pk)
    given = {"course": cast.course, "therapist": cast.olga, "reason": "Moves away.", "by": cast.ada}
    with pytest.raises(ValidationError) as refusal:
        transfer_course(**given)
    said = " ".join(refusal.value.message_dict["leave_clashes"])
    assert "Olga Other has another session." in said
    assert "Olga Other is on leave." in said
    assert len(refusal.value.message_dict["leave_clashes"]) == 3
    assert therapist_of(cast.course) == cast.tara
    done = transfer_course(**given, leave_clashes=True)
    assert {clash.session.pk for clash in done.left} == {booked.pk, on_leave.pk, off.pk}
    assert done.moved == []
    assert TherapySession.objects.filter(course=cast.course, therapist=cast.tara).count() == 3


def test_nobody_leaves_unsigned_notes_behind_at_this_minute_but_a_later_day_can_be_set(cast: Cast) -> None:
    with as_owner():
        note_of(held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 1), signed=False)
    act_as(cast.ada.pk)
    given = {"course": cast.course, "therapist": cast.olga, "reason": "Moves away."}
    with pytest.raises(ValidationError, match="Tara Tree has 1 unsigned note"):
        transfer_course(**given, by=cast.ada)
    transfer_course(**given, by=cast.ada, at=soon())
    assert carrier_at(cast.course, soon()) == cast.olga


def test_a_lead_alone_lets_who_can_no_longer_sign_in_leave_notes_unsigned(cast: Cast) -> None:
    with as_owner():
        note_of(held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 1), signed=False)
        User.objects.filter(pk=cast.tara.pk).update(is_active=False)
    given = {"course": cast.course, "therapist": cast.olga, "reason": "Left.", "leave_drafts": True}
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="unsigned note"):
        transfer_course(**given, by=cast.ada)
    act_as(cast.lena.pk)
    transfer_course(**given, by=cast.lena)
    assert therapist_of(cast.course) == cast.olga
    # The stranded draft is its author's, and does not bind who carries the course now.
    with as_owner():
        User.objects.filter(pk=cast.tara.pk).update(is_active=True)
    act_as(cast.lena.pk)
    transfer_course(course=cast.course, therapist=cast.tara, reason="Back.", by=cast.lena)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"therapist": "tara"}, "carries this course already"),
        ({"therapist": "sunil"}, "does not treat clients here"),
        ({"at": timezone.now() - timedelta(minutes=1)}, "past"),
        ({"at": timezone.now() + timedelta(days=400)}, "Check the year"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, given: dict[str, Any], words: str) -> None:
    act_as(cast.ada.pk)
    given = {"therapist": "olga", "reason": "Moves.", **given}
    given["therapist"] = getattr(cast, given["therapist"])
    with pytest.raises(ValidationError, match=words):
        transfer_course(course=cast.course, by=cast.ada, **given)


def test_while_one_is_planned_there_is_no_other_act(cast: Cast) -> None:
    act_as(cast.ada.pk)
    given = {"course": cast.course, "reason": "Moves.", "by": cast.ada}
    transfer_course(**given, therapist=cast.olga, at=soon())
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    act_as(cast.ada.pk)
    for act in (
        lambda: transfer_course(**given, therapist=cast.olga),
        lambda: cover_course(**given, therapist=cast.olga, until=soon(20)),
        lambda: allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada),
    ):
        with pytest.raises(
            ValidationError, match=r"This course goes to Olga Other on .* Call that off first\."
        ):
            act()
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Call that off first"):
        end_course(course=cast.course, reason_code="46", on=timezone.localdate(), by=cast.tara)


def test_a_course_that_is_to_come_takes_a_place(cast: Cast) -> None:
    act_as(cast.ada.pk)
    transfer_course(course=cast.course, therapist=cast.olga, at=soon(), reason="Moves.", by=cast.ada)
    olga = places_of(cast.olga, at=timezone.now())[0]
    assert (olga.carried, olga.coming, olga.free) == (1, 1, 14)
    call_off_transfer(course=cast.course, by=cast.ada)
    olga = places_of(cast.olga, at=timezone.now())[0]
    assert (olga.carried, olga.coming) == (1, 0)


# --- Cover ------------------------------------------------------------------------------------------------------------


def test_a_cover_returns_the_course_by_itself(cast: Cast) -> None:
    with as_owner():
        before, during, after = (session_of(cast.course, cast.tara, soon(days)) for days in (2, 9, 30))
    act_as(cast.ada.pk)
    since, until = soon(7, 8), soon(21, 8)
    cover_course(
        course=cast.course, therapist=cast.olga, at=since, until=until, reason="Operation.", by=cast.ada
    )
    assert [each[:2] + each[3:] for each in rows(cast.course)] == [
        ("Tara", "treatment", since),
        ("Olga", "cover", until),
        ("Tara", "treatment", None),
    ]
    for at, who in ((timezone.now(), cast.tara), (since, cast.olga), (until, cast.tara)):
        with it_is(at):
            assert therapist_of(cast.course) == who
            assert sees(cast.course, who)
    with as_owner():
        for session, who in ((before, cast.tara), (during, cast.olga), (after, cast.tara)):
            session.refresh_from_db()
            assert session.therapist == who


def test_a_cover_may_begin_now_though_notes_are_unsigned(cast: Cast) -> None:
    with as_owner():
        note_of(held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 1), signed=False)
    act_as(cast.lena.pk)
    cover_course(course=cast.course, therapist=cast.olga, until=soon(), reason="Ill.", by=cast.lena)
    assert therapist_of(cast.course) == cast.olga


def test_who_covers_does_not_end_the_course(cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    act_as(cast.ada.pk)
    cover_course(course=cast.course, therapist=cast.olga, until=soon(), reason="Ill.", by=cast.ada)
    act_as(cast.olga.pk)
    with pytest.raises(ValidationError, match="This course goes to Tara Tree on"):
        end_course(course=cast.course, reason_code="46", on=timezone.localdate(), by=cast.olga)


@pytest.mark.parametrize(("days", "words"), [(-1, "ends after it begins"), (500, "within a year")])
def test_a_cover_has_an_end_that_can_be(cast: Cast, days: int, words: str) -> None:
    act_as(cast.ada.pk)
    until = timezone.now() + timedelta(days=days)
    with pytest.raises(ValidationError, match=words):
        cover_course(course=cast.course, therapist=cast.olga, until=until, reason="Ill.", by=cast.ada)


def test_nobody_covers_for_who_no_longer_treats(cast: Cast) -> None:
    with as_owner():
        User.objects.filter(pk=cast.tara.pk).update(is_active=False)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Tara Tree does not treat clients here"):
        cover_course(course=cast.course, therapist=cast.olga, until=soon(), reason="Left.", by=cast.ada)


# --- Calling off ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_a_transfer_ahead_is_called_off_and_appointments_come_back(cast: Cast, who: str) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, soon(9))
        clashing = session_of(cast.course, cast.tara, soon(16))
    by = getattr(cast, who)
    act_as(by.pk)
    transfer_course(course=cast.course, therapist=cast.olga, at=soon(7, 8), reason="Moves.", by=by)
    with as_owner():
        session_of(course_of_tara(cast), cast.tara, soon(16) + timedelta(minutes=10))
    act_as(by.pk)
    done = call_off_transfer(course=cast.course, by=by)
    assert rows(cast.course)[0][3] is None
    with it_is(soon(30)):
        assert therapist_of(cast.course) == cast.tara
    with as_owner():
        session.refresh_from_db()
    assert session.therapist == cast.tara
    assert [clash.session.pk for clash in done.left] == [clashing.pk]


def course_of_tara(cast: Cast) -> Course:
    return course_for(client_named("Elsie", "Tran"), cast.tara)


def test_a_cover_that_runs_is_ended_at_this_minute(cast: Cast) -> None:
    act_as(cast.ada.pk)
    cover_course(course=cast.course, therapist=cast.olga, until=soon(20), reason="Ill.", by=cast.ada)
    call_off_transfer(course=cast.course, by=cast.ada)
    assert therapist_of(cast.course) == cast.tara
    with it_is(soon(40)):
        assert therapist_of(cast.course) == cast.tara
        assert sees(cast.course, cast.tara)


def test_a_cover_does_not_end_over_unsigned_notes_of_who_covers(cast: Cast) -> None:
    act_as(cast.ada.pk)
    cover_course(course=cast.course, therapist=cast.olga, until=soon(20), reason="Ill.", by=cast.ada)
    with as_owner():
        note_of(held_session(cast.course, cast.olga, timezone.now() - timedelta(days=1), 1), signed=False)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Olga Other has 1 unsigned note"):
        call_off_transfer(course=cast.course, by=cast.ada)


def test_what_has_begun_is_not_called_off(cast: Cast) -> None:
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="Nothing is planned"):
        call_off_transfer(course=cast.course, by=cast.ada)


# --- The walls --------------------------------------------------------------------------------------------------------


def test_a_therapist_neither_plans_nor_calls_off(cast: Cast) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        transfer_course(course=cast.course, therapist=cast.olga, at=soon(), reason="Tired.", by=cast.tara)
    act_as(cast.ada.pk)
    transfer_course(course=cast.course, therapist=cast.olga, at=soon(), reason="Moves.", by=cast.ada)
    act_as(cast.tara.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Allocation.objects.filter(course=cast.course, therapist=cast.tara).update(ends_at=None)
    assert Allocation.objects.filter(course=cast.course, therapist=cast.olga).update(ends_at=soon(9)) == 0


def test_a_lead_gives_an_appointment_to_whoever_carries_the_course_then_and_to_nobody_else(
    cast: Cast,
) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, soon(9))
    act_as(cast.lena.pk)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        TherapySession.objects.filter(pk=session.pk).update(therapist=cast.olga)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        TherapySession.objects.filter(pk=session.pk).update(mode="phone")


def test_a_transfer_and_an_end_at_once_do_not_both_happen(transactional_db: None) -> None:
    with as_owner():
        cast = Cast()
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    today = timezone.localdate()
    answers = at_once(
        (
            cast.ada,
            lambda: transfer_course(
                course=cast.course, therapist=cast.olga, at=soon(), reason="Moves.", by=cast.ada, version=1
            ),
        ),
        (
            cast.tara,
            lambda: end_course(course=cast.course, reason_code="46", on=today, by=cast.tara, version=1),
        ),
    )
    assert sum(isinstance(answer, list) for answer in answers) == 1


# --- The pages --------------------------------------------------------------------------------------------------------


def test_the_page_names_what_cannot_go_along_and_asks_once_more(cast: Cast, client: Browser) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, soon(9))
        session_of(cast.others_course, cast.olga, soon(9))
    client.force_login(cast.lena)
    address = reverse("courses:transfer", args=[cast.course.pk])
    at = soon(7, 8)
    typed = {
        "version": 1,
        "therapist": cast.olga.pk,
        "day": f"{at:%Y-%m-%d}",
        "at": "08:00",
        "appointments": "move",
        "reason": "Moves away.",
    }
    asked = client.post(address, typed)
    html = asked.content.decode()
    assert "Olga Other has another session." in html
    assert "Moves away." in html
    answer = client.post(address, {**typed, "leave_clashes": asked.context["form"].mark}, follow=True)
    html = answer.content.decode()
    assert "Olga Other carries the course of Maya Fielding from" in html
    assert "Not moved, to be sorted:" in html
    with as_owner():
        session.refresh_from_db()
    assert session.therapist == cast.tara
    html = client.get(address).content.decode()
    assert "Call it off" in html
    answer = client.post(reverse("courses:call_off", args=[cast.course.pk]), {"version": 2}, follow=True)
    assert "Tara Tree carries the course of Maya Fielding." in answer.content.decode()


def test_a_cover_is_planned_on_its_page(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    address = reverse("courses:cover", args=[cast.course.pk])
    typed = {"version": 1, "therapist": cast.olga.pk, "appointments": "leave", "reason": "Ill."}
    assert "Write the day on which the course goes back." in client.post(address, typed).content.decode()
    answer = client.post(address, {**typed, "until_day": f"{soon(20):%Y-%m-%d}"}, follow=True)
    assert "Olga Other carries the course of Maya Fielding now until" in answer.content.decode()
    assert "End the cover" in client.get(address).content.decode()


def test_booking_after_the_transfer_is_with_the_new_therapist(cast: Cast, client: Browser) -> None:
    act_as(cast.ada.pk)
    transfer_course(course=cast.course, therapist=cast.olga, at=soon(7, 8), reason="Moves.", by=cast.ada)
    client.force_login(cast.ada)
    at = soon(9)
    answer = client.post(
        reverse("sessions:book", args=[cast.course.pk]),
        {"kind": "treatment", "day": f"{at:%Y-%m-%d}", "at": "10:00", "minutes": 50, "mode": "video"},
    )
    assert answer.status_code == 302
    with as_owner():
        assert TherapySession.objects.get(course=cast.course).therapist == cast.olga
