"""Booking, moving and cancelling an appointment, and what an administrator says came of it."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from outcomes.models import Alert
from sessions.models import ContactDue, TherapySession
from staff.models import Holiday, Room
from tests.cast import Cast, answered, client_named, course_for, held_session, room, session_of
from tests.roles import as_owner


def next_weekday(weekday: int) -> date:
    """The first such weekday at least eight days ahead, so that no test depends on the day it runs."""
    day = timezone.localdate() + timedelta(days=8)
    while day.weekday() != weekday:
        day += timedelta(days=1)
    return day


MONDAY = 0


def ten_o_clock(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


@pytest.fixture
def tara(client: Client, cast: Cast) -> Client:
    client.force_login(cast.tara)
    return client


@pytest.fixture
def ada(cast: Cast) -> Client:
    browser = Client()
    browser.force_login(cast.ada)
    return browser


def slot(day: date, /, **changed: Any) -> dict[str, Any]:
    return {"day": day.isoformat(), "at": "10:00", "minutes": 50, "mode": "in_person", "room": "", **changed}


def book(browser: Client, course: Any, day: date, /, **changed: Any) -> Any:
    fields = {"kind": "treatment", "appointment_type": "", **slot(day, **changed)}
    return browser.post(reverse("sessions:book", args=[course.pk]), fields)


def of_session(name: str, session: TherapySession) -> str:
    return reverse(f"sessions:{name}", args=[session.course_id, session.pk])


def booked(cast: Cast, course: Any = None) -> list[TherapySession]:
    with as_owner():
        return list(TherapySession.objects.filter(course=course or cast.course).order_by("starts_at"))


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# --- Booking ----------------------------------------------------------------------------------------------------------


def test_a_therapist_books_their_client(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        garden = room("Garden room")
    answer = book(tara, cast.course, day, room=garden.pk)
    assert answer["Location"] == reverse("courses:detail", args=[cast.course.pk])
    (session,) = booked(cast)
    assert (session.starts_at, session.minutes, session.room, session.therapist, session.booked_by) == (
        ten_o_clock(day),
        50,
        garden,
        cast.tara,
        cast.tara,
    )


def test_an_administrator_books_with_the_therapist_who_carries_the_course(ada: Client, cast: Cast) -> None:
    book(ada, cast.course, next_weekday(MONDAY))
    (session,) = booked(cast)
    assert (session.therapist, session.booked_by) == (cast.tara, cast.ada)


def test_the_button_names_the_client_and_the_banner_stands_above(tara: Client, cast: Cast) -> None:
    page = said(tara.get(reverse("sessions:book", args=[cast.course.pk])))
    assert ">Book Maya Fielding</button>" in page
    assert cast.maya.number in page


@pytest.mark.parametrize(
    ("kind", "chosen", "kept"),
    [
        ("assessment", "", "01"),
        ("treatment", "", "02"),
        ("review", "", "04"),
        ("follow_up", "", "06"),
        ("with_other", "", "02"),
        ("review", "05", "05"),
        ("assessment", "03", "03"),
    ],
)
def test_the_kind_of_session_proposes_the_nhs_type_and_a_choice_overrules_it(
    tara: Client, cast: Cast, kind: str, chosen: str, kept: str
) -> None:
    book(tara, cast.course, next_weekday(MONDAY), kind=kind, appointment_type=chosen)
    (session,) = booked(cast)
    assert (session.kind, session.appointment_type) == (kind, kept)


def test_the_page_proposes_the_slot_of_last_time_a_week_on(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        session_of(cast.course, cast.tara, ten_o_clock(day))
    page = said(tara.get(reverse("sessions:book", args=[cast.course.pk])))
    assert f'value="{day + timedelta(days=7)}"' in page
    assert 'value="10:00"' in page


def test_a_session_by_video_takes_no_room(tara: Client, cast: Cast) -> None:
    with as_owner():
        garden = room("Garden room")
    book(tara, cast.course, next_weekday(MONDAY), mode="video", room=garden.pk)
    assert booked(cast)[0].room is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": ""}, "Write the date of the appointment."),
        ({"at": "25:00"}, "Write the time as hours and minutes"),
        ({"minutes": 4}, "Write how many minutes it lasts, from 5 to 300."),
        ({"minutes": 301}, "Write how many minutes it lasts, from 5 to 300."),
        ({"kind": "party"}, "Select a valid choice."),
        ({"mode": "letter"}, "Select a valid choice."),
        ({"day": "2001-01-01"}, "choose a later day"),
        ({"day": "2027-03-28", "at": "01:30"}, "the clock goes forward, and there is no 01:30"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    tara: Client, cast: Cast, typed: dict[str, Any], sentence: str
) -> None:
    answer = book(tara, cast.course, next_weekday(MONDAY), **{"at": "10:05", **typed})
    assert sentence in said(answer)
    assert booked(cast) == []
    if "at" not in typed:
        assert 'value="10:05"' in said(answer)


def test_an_ended_room_is_not_offered_and_one_that_ends_before_that_day_is_refused(
    tara: Client, cast: Cast
) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        gone = Room.objects.create(name="Old room", ended_on=timezone.localdate())
        going = Room.objects.create(name="Attic", ended_on=day)
    assert "Select a valid choice" in said(book(tara, cast.course, day, room=gone.pk))
    assert "Attic is not used from" in said(book(tara, cast.course, day, room=going.pk))
    assert booked(cast) == []


def test_what_speaks_against_a_time_is_said_and_needs_a_tick(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    Holiday.objects.create(day=day, name="Staff training")
    asked = book(tara, cast.course, day)
    assert '<a href="#id_all_the_same">The clinic is closed on' in said(asked)
    assert "Staff training." in said(asked)
    assert booked(cast) == []
    assert book(tara, cast.course, day, all_the_same=asked.context["form"].mark).status_code == 302
    assert len(booked(cast)) == 1


def test_a_tick_for_one_day_does_not_hold_for_another(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    for closed in (day, day + timedelta(days=1)):
        Holiday.objects.create(day=closed, name="Staff training")
    mark = book(tara, cast.course, day).context["form"].mark
    book(tara, cast.course, day + timedelta(days=1), all_the_same=mark)
    assert booked(cast) == []


def test_a_session_that_was_held_unbooked_is_booked_afterwards_with_a_tick(tara: Client, cast: Cast) -> None:
    past = timezone.localdate() - timedelta(days=2)
    asked = book(tara, cast.course, past)
    assert "10:00 is past." in said(asked)
    book(tara, cast.course, past, all_the_same=asked.context["form"].mark)
    assert len(booked(cast)) == 1


def test_a_step_free_room_is_asked_for_where_the_client_needs_one(tara: Client, cast: Cast) -> None:
    with as_owner():
        cast.maya.needs_step_free = True
        cast.maya.save()
        Room.objects.create(name="Garden room", is_step_free=True)
    page = said(tara.get(reverse("sessions:book", args=[cast.course.pk])))
    assert "Maya Fielding needs a step-free room." in page
    assert "Garden room, step-free" in page


# --- Clashes: the database has the last word --------------------------------------------------------------------------


def test_a_therapist_is_in_one_place_at_a_time_also_for_a_client_nobody_may_see(
    ada: Client, cast: Cast
) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        session_of(cast.others_course, cast.tara, ten_o_clock(day) + timedelta(minutes=30))
    tara = Client()
    tara.force_login(cast.tara)
    for browser in (tara, ada):
        answer = book(browser, cast.course, day)
        assert "The therapist has another session at that time." in said(answer)
        assert "Owen" not in said(answer)
    assert booked(cast) == []


def test_a_client_is_in_one_place_at_a_time(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        session_of(cast.course, cast.olga, ten_o_clock(day))
    assert "The client has another session at that time." in said(book(tara, cast.course, day))


def test_a_room_holds_one_session_at_a_time(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        garden = room("Garden room")
        session_of(cast.others_course, cast.olga, ten_o_clock(day), room=garden)
    answer = book(tara, cast.course, day, room=garden.pk)
    assert "The room is taken at that time." in said(answer)
    assert answer.context["form"].errors.keys() == {"room"}


def test_a_cancelled_appointment_leaves_its_time_free(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        session_of(cast.course, cast.tara, ten_o_clock(day), attendance="2")
    assert book(tara, cast.course, day).status_code == 302


def test_the_next_hour_is_no_clash(tara: Client, cast: Cast) -> None:
    day = next_weekday(MONDAY)
    with as_owner():
        session_of(cast.course, cast.tara, ten_o_clock(day) - timedelta(minutes=50))
    assert book(tara, cast.course, day).status_code == 302


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answer"), [("olga", 404), ("dana", 404), ("nadia", 404), ("sunil", 403), ("lena", 403)]
)
@pytest.mark.parametrize("name", ["book", "move", "cancel", "attendance"])
def test_strangers_find_nothing_and_readers_do_not_act(
    client: Client, cast: Cast, who: str, answer: int, name: str
) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, ten_o_clock(next_weekday(MONDAY)))
    client.force_login(getattr(cast, who))
    args = [cast.course.pk] if name == "book" else [cast.course.pk, session.pk]
    address = reverse(f"sessions:{name}", args=args)
    assert client.get(address).status_code == answer
    assert client.post(address, slot(next_weekday(MONDAY))).status_code == answer


@pytest.mark.parametrize("name", ["move", "cancel", "attendance"])
def test_a_session_is_found_under_its_own_course_only(ada: Client, cast: Cast, name: str) -> None:
    with as_owner():
        session = session_of(cast.others_course, cast.olga, ten_o_clock(next_weekday(MONDAY)))
    assert ada.get(reverse(f"sessions:{name}", args=[cast.course.pk, session.pk])).status_code == 404


def test_without_a_therapist_there_is_nobody_to_book_with(ada: Client, cast: Cast) -> None:
    with as_owner():
        waiting = course_for(client_named("Wanda", "Waits"), None, status="waiting")
    page = said(ada.get(reverse("sessions:book", args=[waiting.pk])))
    assert "Nobody carries this course yet" in page
    assert "Allocate a therapist to Wanda Waits" in page
    book(ada, waiting, next_weekday(MONDAY))
    assert booked(cast, waiting) == []


def test_a_course_that_has_ended_is_not_booked(ada: Client, cast: Cast) -> None:
    with as_owner():
        over = course_for(
            client_named("Enda", "Over"), cast.tara, status="ended", ended_on=timezone.localdate()
        )
    assert "This course has ended." in said(ada.get(reverse("sessions:book", args=[over.pk])))
    book(ada, over, next_weekday(MONDAY))
    assert booked(cast, over) == []


# --- Moving -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ahead(cast: Cast) -> TherapySession:
    with as_owner():
        return session_of(cast.course, cast.tara, ten_o_clock(next_weekday(MONDAY)))


def test_an_appointment_moves(tara: Client, cast: Cast, ahead: TherapySession) -> None:
    day = next_weekday(MONDAY) + timedelta(days=1)
    answer = tara.post(of_session("move", ahead), slot(day, at="15:30", mode="phone", version=1))
    assert answer.status_code == 302
    (moved,) = booked(cast)
    assert (timezone.localtime(moved.starts_at).time(), moved.mode, moved.version) == (
        time(15, 30),
        "phone",
        2,
    )


def test_the_page_to_move_begins_with_what_is_booked(tara: Client, ahead: TherapySession) -> None:
    page = said(tara.get(of_session("move", ahead)))
    assert f'value="{next_weekday(MONDAY)}"' in page
    assert ">Move Maya Fielding</button>" in page


def test_the_page_to_move_begins_with_the_room_that_is_booked(tara: Client, cast: Cast) -> None:
    with as_owner():
        garden = room("Garden room")
        session = session_of(cast.course, cast.tara, ten_o_clock(next_weekday(MONDAY)), room=garden)
    page = tara.get(of_session("move", session))
    assert page.status_code == 200
    assert f'<option value="{garden.pk}" selected>' in page.content.decode()


def test_of_two_who_move_one_appointment_the_second_is_told(
    tara: Client, ada: Client, cast: Cast, ahead: TherapySession
) -> None:
    day = next_weekday(MONDAY)
    ada.post(of_session("move", ahead), slot(day, at="15:30", version=1))
    told = tara.post(of_session("move", ahead), slot(day, at="09:00", version=1))
    assert told.status_code == 409
    assert "Ada Admin changed this while you were writing" in said(told)
    assert '<td class="pre" data-label="It now says">15:30</td>' in said(told)
    assert '<td class="pre" data-label="You wrote">09:00</td>' in said(told)
    assert 'value="09:00"' in said(told)
    assert timezone.localtime(booked(cast)[0].starts_at).time() == time(15, 30)


def test_an_appointment_does_not_move_onto_another(tara: Client, cast: Cast, ahead: TherapySession) -> None:
    day = next_weekday(MONDAY) + timedelta(days=1)
    with as_owner():
        session_of(cast.others_course, cast.tara, ten_o_clock(day))
    answer = tara.post(of_session("move", ahead), slot(day, version=1))
    assert "The therapist has another session at that time." in said(answer)


def test_what_has_been_logged_is_neither_moved_nor_cancelled(tara: Client, cast: Cast) -> None:
    with as_owner():
        held = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)
    for name in ("move", "cancel"):
        page = said(tara.get(of_session(name, held)))
        assert "is recorded: attended" in page
        assert "<button" not in page.split("<main")[1].split("</main>")[0]
    answer = tara.post(of_session("move", held), slot(next_weekday(MONDAY), version=1))
    assert "has been logged already" in said(answer)
    assert "has been logged already" in said(tara.post(of_session("cancel", held), {"code": "4"}))


# --- Cancelling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["2", "4"])
def test_a_cancelled_appointment_says_who_cancelled(
    tara: Client, cast: Cast, ahead: TherapySession, code: str
) -> None:
    assert tara.post(of_session("cancel", ahead), {"code": code}).status_code == 302
    (cancelled,) = booked(cast)
    assert (cancelled.attendance, cancelled.attendance_by, cancelled.number) == (code, cast.tara, None)


@pytest.mark.parametrize("code", ["", "5", "3", "x"])
def test_nothing_else_cancels(tara: Client, cast: Cast, ahead: TherapySession, code: str) -> None:
    assert tara.post(of_session("cancel", ahead), {"code": code}).status_code == 200
    assert booked(cast)[0].attendance is None


def test_who_cancelled_is_not_preselected(tara: Client, ahead: TherapySession) -> None:
    page = said(tara.get(of_session("cancel", ahead)))
    assert "checked" not in page.split("<main")[1]
    assert ">Cancel Maya Fielding, " in page


# --- Attendance, said by an administrator -----------------------------------------------------------------------------


@pytest.fixture
def past(cast: Cast) -> TherapySession:
    with as_owner():
        return session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=3))


def test_an_administrator_says_that_a_client_did_not_come_and_the_therapist_learns_that_contact_is_due(
    ada: Client, cast: Cast, past: TherapySession
) -> None:
    answer = ada.post(of_session("attendance", past), {"attendance": "3"})
    assert answer.status_code == 302
    (missed,) = booked(cast)
    assert (missed.attendance, missed.attendance_by, missed.number) == ("3", cast.ada, None)
    act_as(cast.tara.pk)
    due = ContactDue.objects.get(session=past)
    assert (due.for_person, due.raised_by, due.answered_at) == (cast.tara, cast.ada, None)


def test_an_attended_session_takes_its_number_and_begins_the_treatment(
    ada: Client, cast: Cast, past: TherapySession
) -> None:
    ada.post(of_session("attendance", past), {"attendance": "5"})
    (held,) = booked(cast)
    assert (held.attendance, held.number, held.phase) == ("5", 1, "initial")
    act_as(cast.ada.pk)
    cast.course.refresh_from_db()
    assert cast.course.status == "in_treatment"


@pytest.mark.parametrize("code", ["2", "4"])
def test_a_cancellation_makes_no_contact_due(
    ada: Client, cast: Cast, past: TherapySession, code: str
) -> None:
    ada.post(of_session("attendance", past), {"attendance": code})
    act_as(cast.tara.pk)
    assert not ContactDue.objects.exists()


def test_nobody_missed_what_lies_ahead(ada: Client, cast: Cast, ahead: TherapySession) -> None:
    answer = ada.post(of_session("attendance", ahead), {"attendance": "3"})
    assert "This appointment lies ahead." in said(answer)
    assert booked(cast)[0].attendance is None


def test_a_therapist_says_it_where_they_log(tara: Client, past: TherapySession) -> None:
    assert tara.get(of_session("attendance", past)).status_code == 403


def test_an_administrator_who_treats_the_client_is_led_to_the_page_that_asks_a_therapist(
    client: Client, cast: Cast, past: TherapySession
) -> None:
    with as_owner():
        cast.tara.roles = ["therapist", "administrator"]
        cast.tara.save()
    client.force_login(cast.tara)
    answer = client.post(of_session("attendance", past), {"attendance": "3"})
    assert answer["Location"] == of_session("log", past)


def test_the_page_is_the_same_to_the_letter_whether_a_client_is_at_risk_or_not(
    ada: Client, cast: Cast, past: TherapySession
) -> None:
    def pages() -> list[str]:
        shown = [
            ada.get(of_session("attendance", past)),
            ada.post(of_session("attendance", past), {"attendance": ""}),
            ada.get(reverse("sessions:book", args=[cast.course.pk])),
            ada.get(of_session("cancel", past)),
        ]
        return [re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode()) for answer in shown]

    before = pages()
    with as_owner():
        response = answered(past, "phq9", [1] * 8 + [3])
        Alert.objects.create(course=cast.course, response=response, item=9, value=3)
    assert pages() == before
    assert all("Maya Fielding" in page for page in before)


def test_what_is_said_afterwards_is_the_same_too(ada: Client, cast: Cast, past: TherapySession) -> None:
    with as_owner():
        other = session_of(cast.others_course, cast.olga, past.starts_at)
        response = answered(past, "phq9", [1] * 8 + [3])
        Alert.objects.create(course=cast.course, response=response, item=9, value=3)

    def told(session: TherapySession, client_name: str, therapist: str) -> str:
        answer = ada.post(of_session("attendance", session), {"attendance": "3"})
        return str(list(answer.wsgi_request._messages)[-1]).replace(client_name, "…").replace(therapist, "…")

    assert told(past, "Maya Fielding", "Tara Tree") == told(other, "Owen Pritchard", "Olga Other")


# --- Choosing whom ----------------------------------------------------------------------------------------------------


def choose(browser: Client, purpose: str = "book", **asked: Any) -> Any:
    return browser.get(reverse("courses:choose", args=[purpose]), asked)


def test_a_therapist_chooses_among_their_own_open_courses(tara: Client, cast: Cast) -> None:
    with as_owner():
        course_for(client_named("Enda", "Over"), cast.tara, status="ended", ended_on=timezone.localdate())
    for purpose in ("book", "log"):
        page = said(choose(tara, purpose))
        assert "Maya Fielding" in page
        assert "Owen Pritchard" not in page
        assert "Enda Over" not in page


def test_an_administrator_finds_any_open_course_by_name_or_number(ada: Client, cast: Cast) -> None:
    assert "Owen Pritchard" in said(choose(ada))
    for words in ("field", "MAYA", "may fie", cast.maya.number):
        page = said(choose(ada, q=words))
        assert "Maya Fielding" in page
        assert "Owen Pritchard" not in page
    assert "Nobody found" in said(choose(ada, q="Zebedee"))


@pytest.mark.parametrize(("who", "answer"), [("sunil", 403), ("lena", 403), ("nadia", 403)])
def test_who_books_nobody_chooses_nobody(client: Client, cast: Cast, who: str, answer: int) -> None:
    client.force_login(getattr(cast, who))
    assert choose(client).status_code == answer


def test_an_administrator_logs_no_session(ada: Client) -> None:
    assert choose(ada, "log").status_code == 403


def test_there_is_nothing_else_to_choose_for(tara: Client) -> None:
    assert choose(tara, "marry").status_code == 404


def test_a_long_list_is_paged_and_costs_the_same(
    ada: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    with as_owner():
        for n in range(45):
            course_for(client_named(f"Client{n:02}", "Many"), cast.olga)
    with django_assert_max_num_queries(14):
        page = said(choose(ada))
    assert "Page 1 of 2" in page
    assert page.count("born ") == 40
