"""Which time is proposed, what speaks against one, and what the clock does twice a year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from audit.acting import act_as
from sessions.slots import moment, same_slot_next, taken_on, what_speaks_against
from staff.models import Holiday, Leave, WorkingHours
from tests.cast import Cast, held_session, room, session_of
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)  # a Monday


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


# --- The clock --------------------------------------------------------------------------------------------------------


def test_a_time_is_local_time_in_winter_and_in_summer() -> None:
    assert moment(date(2026, 12, 1), time(10)).utctimetuple()[3] == 10
    assert moment(date(2026, 7, 1), time(10)).utctimetuple()[3] == 9


def test_an_hour_that_the_clock_leaves_out_is_refused() -> None:
    with pytest.raises(
        ValidationError, match="On Sun 28 Mar 2027 the clock goes forward, and there is no 01:30"
    ):
        moment(date(2027, 3, 28), time(1, 30))


def test_an_hour_that_comes_twice_is_refused() -> None:
    with pytest.raises(
        ValidationError, match="On Sun 25 Oct 2026 the clock goes back, and 01:30 comes twice"
    ):
        moment(date(2026, 10, 25), time(1, 30))


@pytest.mark.parametrize("hour", [0, 2])
def test_the_hours_beside_a_change_of_the_clock_are_taken(hour: int) -> None:
    assert moment(date(2026, 10, 25), time(hour)).hour == hour


# --- The proposal -----------------------------------------------------------------------------------------------------


def propose(cast: Cast, now: datetime = NOW) -> tuple[date, time] | None:
    act_as(cast.tara.pk)
    slot = same_slot_next(cast.course, cast.tara, at=now)
    return (slot.day, slot.at) if slot else None


def test_nothing_is_proposed_before_the_first_appointment(cast: Cast) -> None:
    assert propose(cast) is None


def test_the_same_slot_a_week_on_is_proposed_with_its_length_room_and_way(cast: Cast) -> None:
    with as_owner():
        garden = room("Garden room")
        session_of(cast.course, cast.tara, at(2026, 11, 25, 14, 30), minutes=60, room=garden)
    act_as(cast.tara.pk)
    slot = same_slot_next(cast.course, cast.tara, at=NOW)
    assert slot is not None
    assert (slot.day, slot.at, slot.minutes, slot.mode, slot.room_id) == (
        date(2026, 12, 2),
        time(14, 30),
        60,
        "in_person",
        garden.pk,
    )


def test_after_a_gap_the_slot_is_proposed_in_a_week_to_come(cast: Cast) -> None:
    with as_owner():
        session_of(cast.course, cast.tara, at(2026, 10, 28, 14))
    assert propose(cast) == (date(2026, 11, 25), time(14))


def test_a_cancelled_appointment_proposes_nothing(cast: Cast) -> None:
    with as_owner():
        session_of(cast.course, cast.tara, at(2026, 11, 18, 9))
        session_of(cast.course, cast.tara, at(2026, 11, 20, 16), attendance="2")
    assert propose(cast) == (date(2026, 11, 25), time(9))


def test_an_hour_stays_an_hour_when_the_clock_changes(cast: Cast) -> None:
    with as_owner():
        session_of(cast.course, cast.tara, at(2027, 3, 24, 10))
    assert propose(cast, at(2027, 3, 25, 9)) == (date(2027, 3, 31), time(10))
    assert moment(date(2027, 3, 31), time(10)).astimezone(UTC).hour == 9


# --- What speaks against a time ---------------------------------------------------------------------------------------


def against(cast: Cast, starts_at: datetime, **fields: object) -> list[str]:
    act_as(cast.tara.pk)
    asked = {
        "mode": "in_person",
        "room": None,
        "client": cast.maya,
        "therapist": cast.tara,
        "at": NOW,
        **fields,
    }
    return what_speaks_against(starts_at, 50, **asked)  # type: ignore[arg-type]


def test_nothing_speaks_against_an_ordinary_hour(cast: Cast) -> None:
    assert against(cast, at(2026, 11, 30, 10)) == []


def test_a_past_time_is_said(cast: Cast) -> None:
    assert against(cast, at(2026, 11, 20, 10)) == ["Fri 20 Nov 2026, 10:00 is past."]


def test_a_slip_of_the_year_is_said(cast: Cast) -> None:
    assert against(cast, at(2028, 11, 30, 10)) == ["Thu 30 Nov 2028 is more than a year ahead."]


def test_a_holiday_is_said_by_name(cast: Cast) -> None:
    Holiday.objects.create(day=date(2026, 12, 25), name="Christmas Day")
    assert against(cast, at(2026, 12, 25, 10)) == ["The clinic is closed on Fri 25 Dec 2026: Christmas Day."]


def test_the_therapists_leave_is_said_with_who_covers(cast: Cast) -> None:
    with as_owner():
        Leave.objects.create(
            person=cast.tara, starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 4), cover=cast.olga
        )
    assert against(cast, at(2026, 12, 4, 10)) == [
        "Tara Tree is on leave until Fri 4 Dec 2026; Olga Other covers."
    ]
    assert against(cast, at(2026, 12, 7, 10)) == []


@pytest.mark.parametrize(
    ("starts_at", "said"),
    [
        (at(2026, 11, 30, 9), []),
        (
            at(2026, 11, 30, 12, 10),
            ["Tara Tree works on Mondays from 09:00 to 13:00 and from 14:00 to 17:00."],
        ),
        (at(2026, 11, 30, 16, 10), []),
        (
            at(2026, 11, 30, 16, 11),
            ["Tara Tree works on Mondays from 09:00 to 13:00 and from 14:00 to 17:00."],
        ),
        (at(2026, 12, 1, 10), ["Tara Tree does not work on a Tuesday."]),
    ],
)
def test_an_hour_outside_working_hours_is_said(cast: Cast, starts_at: datetime, said: list[str]) -> None:
    for span in ((time(9), time(13)), (time(14), time(17))):
        WorkingHours.objects.create(person=cast.tara, weekday=0, starts=span[0], ends=span[1])
    # 12:10 and 50 minutes end at 13:00 sharp, so a minute later is the first that does not fit.
    if starts_at == at(2026, 11, 30, 12, 10):
        assert against(cast, starts_at) == []
        starts_at += timedelta(minutes=1)
    assert against(cast, starts_at) == said


def test_a_weekend_is_said_where_nobody_wrote_down_the_hours(cast: Cast) -> None:
    assert against(cast, at(2026, 11, 28, 10)) == ["Sat 28 Nov 2026 is a Saturday."]


def test_a_room_with_steps_is_said_for_a_client_who_needs_none(cast: Cast) -> None:
    with as_owner():
        attic = room("Attic")
    cast.maya.needs_step_free = True
    sentence = "Attic is not step-free, and Maya Fielding needs a step-free room."
    assert against(cast, at(2026, 11, 30, 10), room=attic) == [sentence]
    assert against(cast, at(2026, 11, 30, 10), room=attic, mode="video") == []


def test_what_is_taken_that_day_is_told_as_times_alone(cast: Cast) -> None:
    with as_owner():
        session_of(cast.others_course, cast.tara, at(2026, 11, 30, 9))
        held_session(cast.course, cast.olga, at(2026, 11, 30, 15), 1)
        session_of(cast.others_course, cast.tara, at(2026, 11, 30, 12), attendance="4")
    act_as(cast.tara.pk)
    taken = [
        (f"{starts:%H:%M}", whose) for starts, _, whose in taken_on(date(2026, 11, 30), cast.tara, cast.maya)
    ]
    assert taken == [("09:00", "Tara Tree"), ("15:00", "Maya Fielding")]


def test_fifty_minutes_are_fifty_minutes_in_the_night_in_which_the_clock_goes_back(cast: Cast) -> None:
    """On 25 October 2026 London's clock goes from 2:00 back to 1:00: what begins at ten past one ends at one by the clock."""
    begins = at(2026, 10, 25, 1, 11)
    with as_owner():
        session = session_of(cast.course, cast.tara, begins, minutes=50)
        session.refresh_from_db()
    assert session.starts_at == datetime(2026, 10, 25, 0, 11, tzinfo=UTC)
    assert session.ends_at == datetime(2026, 10, 25, 1, 1, tzinfo=UTC)
