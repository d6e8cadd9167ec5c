"""What an administrator may do about people, and what is refused. No client is touched by any of it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, plain
from audit.acting import act_as
from audit.models import Event
from people import actions
from staff.models import Holiday, Leave, Room, SupervisionLine, User, WorkingHours
from tests.cast import Cast, person, room
from tests.roles import as_owner

PERSON = ("full_name", "email", "roles", "is_trainee", "places")


@pytest.fixture
def clinic(cast: Cast) -> Cast:
    act_as(cast.ada.pk)
    return cast


def seen(row: Any, *fields: str) -> Seen:
    """A page that was opened a moment ago."""
    return Seen({name: plain(getattr(row, name)) for name in fields or PERSON})


def values_of(user: User, **changed: Any) -> dict[str, Any]:
    return {**{name: getattr(user, name) for name in PERSON}, **changed}


def change(user: User, *, by: User, **changed: Any) -> None:
    actions.change_person(person=user, seen=seen(user), by=by, **values_of(user, **changed))


def trail(clinic: Cast) -> list[str]:
    """What the lead reads of what Ada did."""
    act_as(clinic.lena.pk)
    said = list(Event.objects.filter(user=clinic.ada).order_by("at").values_list("what", flat=True))
    act_as(clinic.ada.pk)
    return said


# --- People -----------------------------------------------------------------------------------------------------------


def test_a_new_person_cannot_sign_in_before_they_chose_a_password(clinic: Cast) -> None:
    new = actions.add_person(
        full_name="Iris New",
        email="Iris@clinic.example",
        roles=["therapist"],
        is_trainee=True,
        places=6,
        by=clinic.ada,
    )
    new.refresh_from_db()
    assert not new.has_usable_password()
    assert new.email == "iris@clinic.example"
    assert trail(clinic) == ["Added a person"]


def test_an_email_that_is_taken_is_refused_in_words(clinic: Cast) -> None:
    with pytest.raises(ValidationError, match="already works here"):
        actions.add_person(
            full_name="Tara Two",
            email=clinic.tara.email,
            roles=[],
            is_trainee=False,
            places=0,
            by=clinic.ada,
        )


def test_an_invitation_goes_out_once_the_person_is_kept(
    clinic: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.invite_person(person=clinic.nadia, link="https://clinic.example/choose", by=clinic.ada)
        assert not mail.outbox
    (letter,) = mail.outbox
    assert letter.to == [clinic.nadia.email]
    assert letter.subject == "IPT Clinic: choose your password"
    assert "https://clinic.example/choose" in letter.body


def test_nobody_who_has_ended_is_invited(clinic: Cast) -> None:
    with as_owner():
        gone = person("Gus Gone", "therapist", is_active=False)
    with pytest.raises(ValidationError, match="may not sign in"):
        actions.invite_person(person=gone, link="https://clinic.example/choose", by=clinic.ada)


def test_roles_places_and_trainee_mark_change(clinic: Cast) -> None:
    change(clinic.tara, by=clinic.ada, roles=["therapist", "supervisor"], places=8, is_trainee=True)
    clinic.tara.refresh_from_db()
    assert (clinic.tara.roles, clinic.tara.places, clinic.tara.is_trainee) == (
        ["therapist", "supervisor"],
        8,
        True,
    )
    assert trail(clinic) == ["Changed a person: roles, is_trainee, places"]


def test_whoever_carries_an_open_course_stays_a_therapist(clinic: Cast) -> None:
    with pytest.raises(ValidationError) as refusal:
        change(clinic.tara, by=clinic.ada, roles=["supervisor"])
    assert refusal.value.message_dict == {
        "roles": ["Tara Tree carries 1 open course. Allocate them to somebody else first."]
    }
    clinic.tara.refresh_from_db()
    assert clinic.tara.roles == ["therapist"]


def test_an_administrator_does_not_change_their_own_roles(clinic: Cast) -> None:
    with as_owner():
        person("Adam Admin", "administrator")
    with pytest.raises(ValidationError, match="cannot change your own roles"):
        change(clinic.ada, by=clinic.ada, roles=["administrator", "lead"])


def test_the_only_administrator_stays_one(clinic: Cast) -> None:
    with as_owner():
        root = person("Rita Root", is_superuser=True)
    with pytest.raises(ValidationError, match="Ada Admin is the only administrator"):
        change(clinic.ada, by=root, roles=[])
    with pytest.raises(ValidationError, match="Ada Admin is the only administrator"):
        actions.end_sign_in(person=clinic.ada, by=root)


def test_of_two_administrators_one_may_go(clinic: Cast) -> None:
    with as_owner():
        adam = person("Adam Admin", "administrator")
    actions.end_sign_in(person=adam, by=clinic.ada)
    adam.refresh_from_db()
    assert not adam.is_active


@pytest.mark.parametrize(
    "who",
    [
        pytest.param("tara", id="who carries courses"),
        pytest.param("sunil", id="the only supervisor"),
        pytest.param("olga", id="the only cover"),
        pytest.param("dana", id="the only deputy"),
        pytest.param("lena", id="the only lead"),
    ],
)
def test_anybody_is_shut_out_whatever_stands_in_their_name(clinic: Cast, who: str) -> None:
    today = timezone.localdate()
    with as_owner():
        Leave.objects.create(person=clinic.tara, starts_on=today, ends_on=today, cover=clinic.olga)
    actions.end_sign_in(person=getattr(clinic, who), by=clinic.ada)
    assert not User.objects.get(pk=getattr(clinic, who).pk).is_active


def test_each_change_of_a_person_is_on_the_trail(clinic: Cast) -> None:
    """In its order, with whom it was about."""
    change(clinic.tara, by=clinic.ada, full_name="Tara Thorn")
    change(clinic.olga, by=clinic.ada, roles=["therapist", "supervisor"])
    clinic.olga.refresh_from_db()
    screener = {"is_screener": True, "gender": "woman"}
    actions.change_person(
        person=clinic.olga,
        seen=seen(clinic.olga, *screener, "roles"),
        by=clinic.ada,
        **screener,
        roles=["therapist", "supervisor"],
    )
    leave = actions.add_leave(
        person=clinic.tara,
        starts_on=date(2027, 4, 5),
        ends_on=date(2027, 4, 9),
        cover=clinic.olga,
        by=clinic.ada,
    )
    of_leave = leave.pk
    actions.remove_leave(leave=leave, by=clinic.ada)
    line = actions.start_line(
        supervisor=clinic.sunil,
        therapist=clinic.olga,
        deputy=None,
        starts_on=timezone.localdate(),
        by=clinic.ada,
    )
    actions.change_line(line=line, seen=seen(line, "deputy"), deputy=clinic.dana, by=clinic.ada)
    actions.end_line(line=line, ends_on=timezone.localdate(), by=clinic.ada)
    actions.set_working_hours(person=clinic.tara, hours=[], by=clinic.ada)
    actions.end_sign_in(person=clinic.tara, by=clinic.ada)
    actions.restore_sign_in(person=clinic.tara, by=clinic.ada)
    act_as(clinic.lena.pk)
    said = Event.objects.filter(user=clinic.ada).order_by("at").values_list("what", "object_ids")
    assert [(what, keys) for what, keys in said] == [
        ("Changed a person: full_name", [clinic.tara.pk]),
        ("Changed a person: roles", [clinic.olga.pk]),
        ("Changed a person: is_screener, gender", [clinic.olga.pk]),
        ("Added leave", [of_leave]),
        ("Removed leave", [of_leave]),
        ("Began a supervision line", [line.pk]),
        ("Changed the deputy of a supervision line", [line.pk]),
        ("Ended a supervision line", [line.pk]),
        ("Changed working hours", [clinic.tara.pk]),
        ("Ended a person's sign-in", [clinic.tara.pk]),
        ("Let a person sign in again", [clinic.tara.pk]),
    ]


def test_nobody_ends_their_own_sign_in(clinic: Cast) -> None:
    with as_owner():
        person("Adam Admin", "administrator")
    with pytest.raises(ValidationError, match="cannot end your own"):
        actions.end_sign_in(person=clinic.ada, by=clinic.ada)


def test_a_change_that_somebody_else_made_meanwhile_is_named_and_not_overwritten(clinic: Cast) -> None:
    shown = seen(clinic.tara)
    change(clinic.tara, by=clinic.ada, places=12)
    clinic.tara.refresh_from_db()
    with pytest.raises(ValidationError, match="Somebody changed this"):
        actions.change_person(
            person=clinic.tara, seen=shown, by=clinic.ada, **values_of(clinic.tara, places=16)
        )
    clinic.tara.refresh_from_db()
    assert clinic.tara.places == 12


def test_a_former_email_no_longer_signs_in_and_its_owner_is_told(
    clinic: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    former = clinic.tara.email
    EmailAddress.objects.create(user=clinic.tara, email=former, verified=True, primary=True)
    with django_capture_on_commit_callbacks(execute=True):
        change(clinic.tara, by=clinic.ada, email="tara@elsewhere.example")
    assert not EmailAddress.objects.filter(user=clinic.tara).exists()
    (letter,) = mail.outbox
    assert letter.to == [former]
    assert letter.subject == "IPT Clinic: your sign-in address was changed"


def test_an_administrator_does_not_redirect_a_superusers_email(clinic: Cast) -> None:
    with as_owner():
        root = person("Rita Root", is_superuser=True)
    with pytest.raises(ValidationError, match="Only a superuser"):
        change(root, by=clinic.ada, email="mine@clinic.example")


# --- Hours and leave --------------------------------------------------------------------------------------------------


def test_the_week_is_replaced_as_a_whole(clinic: Cast) -> None:
    first = [(0, time(9), time(17)), (2, time(9), time(12)), (2, time(13), time(18))]
    actions.set_working_hours(person=clinic.tara, hours=first, by=clinic.ada)
    actions.set_working_hours(person=clinic.tara, hours=[(4, time(10), time(14))], by=clinic.ada)
    assert [str(span) for span in WorkingHours.objects.filter(person=clinic.tara)] == [
        "Friday 10:00 to 14:00"
    ]


def test_two_spans_of_a_day_that_overlap_are_refused(clinic: Cast) -> None:
    hours = [(2, time(9), time(13)), (2, time(12), time(18))]
    with pytest.raises(ValidationError, match="overlap"):
        actions.set_working_hours(person=clinic.tara, hours=hours, by=clinic.ada)


def test_leave_names_who_covers(clinic: Cast) -> None:
    leave = actions.add_leave(
        person=clinic.tara,
        starts_on=date(2027, 4, 5),
        ends_on=date(2027, 4, 9),
        cover=clinic.olga,
        by=clinic.ada,
    )
    assert leave in Leave.objects.on(date(2027, 4, 9))
    assert leave not in Leave.objects.on(date(2027, 4, 10))
    actions.remove_leave(leave=leave, by=clinic.ada)
    assert trail(clinic) == ["Added leave", "Removed leave"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_on": date(2027, 4, 4)}, "cannot be before the first"),
        ({"cover": "tara"}, "Name somebody else as cover"),
    ],
)
def test_leave_that_cannot_be_is_refused(clinic: Cast, fields: dict[str, Any], sentence: str) -> None:
    wanted = {"starts_on": date(2027, 4, 5), "ends_on": date(2027, 4, 9), "cover": "olga", **fields}
    wanted["cover"] = getattr(clinic, wanted["cover"])
    with pytest.raises(ValidationError, match=sentence):
        actions.add_leave(person=clinic.tara, by=clinic.ada, **wanted)


def test_nobody_is_away_twice_at_a_time(clinic: Cast) -> None:
    actions.add_leave(
        person=clinic.tara,
        starts_on=date(2027, 4, 5),
        ends_on=date(2027, 4, 9),
        cover=clinic.olga,
        by=clinic.ada,
    )
    with pytest.raises(ValidationError, match="already away from 05 Apr 2027 to 09 Apr 2027"):
        actions.add_leave(
            person=clinic.tara,
            starts_on=date(2027, 4, 9),
            ends_on=date(2027, 4, 12),
            cover=clinic.olga,
            by=clinic.ada,
        )


def test_who_no_longer_works_here_covers_nobody(clinic: Cast) -> None:
    with as_owner():
        gone = person("Gus Gone", "therapist", is_active=False)
    with pytest.raises(ValidationError, match="no longer works here"):
        actions.add_leave(
            person=clinic.tara,
            starts_on=date(2027, 4, 5),
            ends_on=date(2027, 4, 9),
            cover=gone,
            by=clinic.ada,
        )


# --- Supervision lines ------------------------------------------------------------------------------------------------


def test_a_line_that_begins_today_gives_the_supervisor_the_courses_at_once(clinic: Cast) -> None:
    from courses.models import Course

    actions.start_line(
        supervisor=clinic.sunil,
        therapist=clinic.olga,
        deputy=None,
        starts_on=timezone.localdate(),
        by=clinic.ada,
    )
    act_as(clinic.sunil.pk)
    assert clinic.others_course in Course.objects.visible_to(clinic.sunil)


def test_a_line_that_ends_today_takes_them_away_at_once(clinic: Cast) -> None:
    from courses.models import Course

    actions.end_line(line=clinic.line, ends_on=timezone.localdate(), by=clinic.ada)
    act_as(clinic.sunil.pk)
    assert not Course.objects.visible_to(clinic.sunil).exists()


def test_a_line_to_come_begins_at_midnight_of_its_day(clinic: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    line = actions.start_line(
        supervisor=clinic.sunil, therapist=clinic.olga, deputy=None, starts_on=tomorrow, by=clinic.ada
    )
    assert timezone.localtime(line.starts_at).strftime("%H:%M") == "00:00"
    assert line not in SupervisionLine.objects.current(at=timezone.now())


@pytest.mark.parametrize(
    ("supervisor", "therapist", "deputy", "sentence"),
    [
        ("sunil", "tara", None, "already supervises them"),
        ("sunil", "sunil", None, "Nobody supervises themself"),
        ("sunil", "olga", "olga", "Nobody supervises themself"),
        ("sunil", "olga", "sunil", "somebody other than the supervisor"),
    ],
)
def test_a_line_that_cannot_be_is_refused(
    clinic: Cast, supervisor: str, therapist: str, deputy: str | None, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        actions.start_line(
            supervisor=getattr(clinic, supervisor),
            therapist=getattr(clinic, therapist),
            deputy=getattr(clinic, deputy) if deputy else None,
            starts_on=timezone.localdate(),
            by=clinic.ada,
        )


def test_no_line_begins_or_ends_in_the_past(clinic: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError, match="today or a day to come"):
        actions.start_line(
            supervisor=clinic.dana, therapist=clinic.olga, deputy=None, starts_on=yesterday, by=clinic.ada
        )
    with pytest.raises(ValidationError, match="today or a day to come"):
        actions.end_line(line=clinic.line, ends_on=yesterday, by=clinic.ada)


def test_a_line_that_has_ended_stays_as_it_was(clinic: Cast) -> None:
    actions.end_line(line=clinic.line, ends_on=timezone.localdate(), by=clinic.ada)
    with pytest.raises(ValidationError, match="has ended"):
        actions.change_line(line=clinic.line, seen=Seen(), by=clinic.ada, deputy=None)


# --- Rooms and holidays -----------------------------------------------------------------------------------------------


def test_a_room_is_ended_and_stays_in_the_books(clinic: Cast) -> None:
    with as_owner():
        attic = room("Attic")
    values = {"name": "Attic", "is_step_free": False, "ended_on": timezone.localdate()}
    actions.change_room(room=attic, seen=seen(attic, *values), by=clinic.ada, **values)
    assert attic not in Room.objects.in_use(on=timezone.localdate())
    assert Room.objects.filter(name="Attic").exists()


def test_two_rooms_of_one_name_are_refused(clinic: Cast) -> None:
    actions.add_room(name="Garden room", is_step_free=True, by=clinic.ada)
    with pytest.raises(ValidationError, match="a room of this name"):
        actions.add_room(name="Garden room", is_step_free=False, by=clinic.ada)


def test_a_holiday_that_somebody_added_keeps_its_name(clinic: Cast) -> None:
    actions.add_holidays(days={date(2027, 6, 1): "Training"}, by=clinic.ada)
    with pytest.raises(ValidationError, match="closed on Tue 1 Jun 2027 already: Training"):
        actions.add_holidays(days={date(2027, 6, 1): "Staff training"}, by=clinic.ada)
    assert Holiday.objects.get(day=date(2027, 6, 1)).name == "Training"
    actions.remove_holiday(day=date(2027, 6, 1), by=clinic.ada)
    assert not Holiday.objects.exists()
