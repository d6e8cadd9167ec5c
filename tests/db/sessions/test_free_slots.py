"""Free times for a first appointment: working hours less leave, closed days and what is booked, when clocks change too."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.acting import act_as
from clients.models import Client
from sessions.candidates import candidates_for, facts_about, misfits_of
from sessions.free_slots import FreeSlot, free_slots, hours_of
from staff.models import Holiday, Leave, Room, User, WorkingHours
from tests.cast import Cast, client_named, course_for, person, session_of, supervises
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2027, 1, 11, 7, 0, tzinfo=LONDON)


def works(who: User, *spans: tuple[int, time, time]) -> None:
    for weekday, starts, ends in spans:
        WorkingHours.objects.create(person=who, weekday=weekday, starts=starts, ends=ends)


def slots_of(
    cast: Cast, client: Client, *, at: datetime = MONDAY, mode: str = "in_person", minutes: int = 50
) -> list[FreeSlot]:
    act_as(cast.ada.pk)
    hours = hours_of([cast.tara])
    return free_slots([cast.tara], client=client, hours=hours, minutes=minutes, mode=mode, at=at)[
        cast.tara.pk
    ]


def words(slots: list[FreeSlot]) -> list[str]:
    return [f"{slot.starts_at:%a %d %H:%M}" for slot in slots]


@pytest.fixture
def noor(cast: Cast) -> Client:
    with as_owner():
        return client_named("Noor", "Jabari")


def test_three_times_a_day_at_most_on_the_hour_or_half_hour_within_working_hours(
    cast: Cast, noor: Client
) -> None:
    with as_owner():
        works(cast.tara, (0, time(9, 10), time(13)), (2, time(16), time(17)))
    assert words(slots_of(cast, noor)) == [
        *("Mon 11 09:30", "Mon 11 10:30", "Mon 11 11:30", "Wed 13 16:00"),
        *("Mon 18 09:30", "Mon 18 10:30", "Mon 18 11:30", "Wed 20 16:00"),
        *("Mon 25 09:30", "Mon 25 10:30"),
    ]


def test_leave_closed_days_and_what_is_booked_are_left_out(cast: Cast, noor: Client) -> None:
    with as_owner():
        works(cast.tara, *((weekday, time(9), time(11)) for weekday in range(5)))
        Leave.objects.create(
            person=cast.tara, starts_on=date(2027, 1, 13), ends_on=date(2027, 1, 29), cover=cast.olga
        )
        Holiday.objects.create(day=date(2027, 1, 12), name="Closed for training")
        session_of(cast.course, cast.tara, datetime(2027, 1, 11, 9, 20, tzinfo=LONDON), minutes=20)
        session_of(
            cast.course, cast.tara, datetime(2027, 1, 11, 10, 0, tzinfo=LONDON), attendance="4"
        )  # cancelled: free again
    assert words(slots_of(cast, noor)) == ["Mon 11 10:00"]


def test_the_clients_own_appointments_are_left_out(cast: Cast) -> None:
    with as_owner():
        works(cast.tara, (0, time(9), time(11)))
        session_of(cast.others_course, cast.olga, datetime(2027, 1, 11, 9, 0, tzinfo=LONDON), minutes=60)
    assert words(slots_of(cast, cast.owen))[:2] == ["Mon 11 10:00", "Mon 18 09:00"]


def test_who_can_only_come_in_the_evening_is_offered_evenings(cast: Cast, noor: Client) -> None:
    noor.needs_evenings = True
    with as_owner():
        works(cast.tara, (0, time(9), time(17)), (3, time(12), time(20)))
    assert words(slots_of(cast, noor)) == ["Thu 14 17:30", "Thu 14 18:30", "Thu 21 17:30", "Thu 21 18:30",
                                           "Thu 28 17:30", "Thu 28 18:30"]  # fmt: skip


def test_who_needs_a_step_free_room_is_offered_times_at_which_one_is_free(cast: Cast, noor: Client) -> None:
    noor.needs_step_free = True
    with as_owner():
        works(cast.tara, (0, time(9), time(11)))
        Room.objects.create(name="Attic")
        garden = Room.objects.create(name="Garden", is_step_free=True)
        session_of(cast.others_course, cast.olga, datetime(2027, 1, 11, 9, 0, tzinfo=LONDON), room=garden)
    slots = slots_of(cast, noor)
    assert words(slots)[:2] == ["Mon 11 10:00", "Mon 18 09:00"]
    assert {slot.room for slot in slots} == {garden}
    assert [slot.room for slot in slots_of(cast, noor, mode="video")][:1] == [None]


def test_step_free_rooms_are_left_to_those_who_need_them(cast: Cast, noor: Client) -> None:
    with as_owner():
        works(cast.tara, (0, time(9), time(11)))
        Room.objects.create(name="Attic", is_step_free=True)
        upstairs = Room.objects.create(name="Upstairs")
        Room.objects.create(name="Away", ended_on=date(2027, 1, 1))
    assert slots_of(cast, noor)[0].room == upstairs


def test_nobodys_hours_are_taken_for_nine_to_five_on_weekdays(cast: Cast, noor: Client) -> None:
    late = datetime(2027, 1, 15, 15, 10, tzinfo=LONDON)  # a Friday
    assert words(slots_of(cast, noor, at=late))[:4] == [
        "Fri 15 15:30",
        "Mon 18 09:00",
        "Mon 18 10:00",
        "Mon 18 11:00",
    ]


@pytest.mark.parametrize(
    ("sunday", "expected"),
    [
        (date(2027, 3, 28), ["00:00", "02:00", "03:00"]),  # 01:00 to 02:00 is left out
        (date(2027, 10, 31), ["00:00", "02:00", "03:00"]),  # it comes twice
    ],
)
def test_an_hour_that_a_change_of_the_clock_leaves_out_or_brings_twice_is_not_offered(
    cast: Cast, noor: Client, sunday: date, expected: list[str]
) -> None:
    with as_owner():
        works(cast.tara, (6, time(0), time(4)))
    at = datetime.combine(sunday - timedelta(days=1), time(12), LONDON)
    slots = slots_of(cast, noor, at=at, minutes=60)
    assert [f"{slot.starts_at:%H:%M}" for slot in slots][:3] == expected
    for slot in slots:
        assert slot.starts_at.astimezone(ZoneInfo("UTC")).astimezone(LONDON).time() == slot.starts_at.time()


def test_who_fits_comes_first_then_free_places_then_the_earliest_time(cast: Cast) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari", asks_for="woman", needs_evenings=True)
        day = [(weekday, time(9), time(20)) for weekday in range(5)]
        wanda = person("Wanda Woman", "therapist", gender="woman", places=4)
        wilma = person("Wilma Woman", "therapist", gender="woman", places=6)
        willow = person("Willow Woman", "therapist", gender="woman", places=6)
        early = person("Enid Early", "therapist", gender="woman", places=9)
        for each in (wanda, wilma, cast.tara, cast.olga):
            works(each, *day)
        works(willow, (0, time(12), time(20)))
        works(early, *((weekday, time(8), time(16)) for weekday in range(5)))
    act_as(cast.ada.pk)
    found = candidates_for(noor, mode="in_person", minutes=50, at=MONDAY + timedelta(days=1))
    assert [one.therapist.first_name for one in found] == [
        *("Wilma", "Willow", "Wanda"),
        *("Olga", "Tara", "Enid"),
    ]
    assert [one.fits for one in found] == [True] * 3 + [False] * 3
    assert found[-1].misfits == ["does not work after 17:30"]
    assert found[3].misfits == ["not entered as a woman"]


def test_a_trainee_needs_a_supervisor_and_has_no_more_places_than_trainees_have(cast: Cast) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari")
        alone = person("Alan Alone", "therapist", is_trainee=True, places=12)
        led = person("Lee Led", "therapist", is_trainee=True, places=12)
        supervises(cast.sunil, led)
        for number in range(8):
            course_for(client_named("Some", f"Body{number}"), led)
    act_as(cast.ada.pk)
    found = {one.therapist: one for one in candidates_for(noor, mode="video", minutes=50, at=MONDAY)}
    assert found[alone].misfits == ["trainee without a supervisor"]
    assert (found[led].misfits, found[led].supervisors) == ([], ["Sunil Super"])
    assert (found[led].places.most, found[led].places.is_full) == (8, True)


def test_a_clinic_without_a_step_free_room_says_so_of_everybody(cast: Cast) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari", needs_step_free=True)
    act_as(cast.ada.pk)
    facts = facts_about([cast.tara], at=MONDAY)
    assert misfits_of(cast.tara, noor, facts, mode="in_person") == ["no step-free room"]
    assert misfits_of(cast.tara, noor, facts, mode="video") == []
