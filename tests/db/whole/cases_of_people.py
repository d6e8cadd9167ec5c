"""What administrators do about people, rooms and the clinic, each done once and written down whole."""

from datetime import date, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Model
from django.utils import timezone

from access.meanwhile import Seen, plain
from audit.models import Event
from people import actions
from staff.models import Clinic, Holiday, Leave, OutgoingMail, Room, SupervisionLine, User, WorkingHours
from tests.cast import Cast, person, room
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def _shown(row: Model, *fields: str) -> Seen:
    """A page that was opened a moment ago."""
    return Seen({name: plain(getattr(row, name)) for name in fields})


def seen(row: Model, typed: dict[str, Any]) -> Seen:
    """The page showed the row as it is."""
    return Seen({name: plain(getattr(row, name)) for name in typed}, typed)


def _ahead(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@case_of(actions.add_person)
def somebody_new_begins(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={User: 1, Event: 1},
        given={
            "full_name": "Iris New",
            "email": "iris@clinic.example",
            "roles": ["therapist"],
            "is_trainee": True,
            "places": 6,
        },
    )


@case_of(actions.invite_person)
def somebody_is_invited(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={OutgoingMail: 1, Event: 1},
        given={"person": cast.nadia, "link": "https://clinic.example/chosen/"},
    )


@case_of(actions.change_person)
def somebody_has_another_email_and_another_role(cast: Cast) -> Case:
    EmailAddress.objects.create(user=cast.nadia, email=cast.nadia.email, verified=True, primary=True)
    values = {"email": "nadia.new@clinic.example", "full_name": "Nadia New", "roles": ["supervisor"]}
    return Case(
        by=cast.ada,
        writes={User: 0, EmailAddress: -1, OutgoingMail: 1, Event: 1},
        given={"person": cast.nadia, "seen": _shown(cast.nadia, *values), **values},
    )


@case_of(actions.end_sign_in)
def somebody_leaves(cast: Cast) -> Case:
    return Case(by=cast.ada, writes={User: 0, Event: 1}, given={"person": cast.nadia})


@case_of(actions.restore_sign_in)
def somebody_comes_back(cast: Cast) -> Case:
    gone = person("Gone Before", is_active=False)
    return Case(by=cast.ada, writes={User: 0, Event: 1}, given={"person": gone})


@case_of(actions.set_working_hours)
def a_week_is_planned_anew(cast: Cast) -> Case:
    for weekday in (0, 1):
        WorkingHours.objects.create(person=cast.tara, weekday=weekday, starts=time(9), ends=time(17))
    return Case(
        by=cast.ada,
        writes={WorkingHours: 1, Event: 1},
        given={"person": cast.tara, "hours": [(day, time(8), time(12)) for day in (2, 3, 4)]},
    )


@case_of(actions.add_leave)
def somebody_goes_on_leave(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={Leave: 1, Event: 1},
        given={"person": cast.tara, "starts_on": _ahead(3), "ends_on": _ahead(9), "cover": cast.olga},
    )


@case_of(actions.remove_leave)
def somebody_stays_after_all(cast: Cast) -> Case:
    leave = Leave.objects.create(person=cast.tara, starts_on=_ahead(3), ends_on=_ahead(9), cover=cast.olga)
    return Case(by=cast.ada, writes={Leave: -1, Event: 1}, given={"leave": leave})


@case_of(actions.start_line)
def a_supervision_begins(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={SupervisionLine: 1, Event: 1},
        given={
            "supervisor": cast.sunil,
            "therapist": cast.olga,
            "deputy": cast.dana,
            "starts_on": timezone.localdate(),
        },
    )


@case_of(actions.change_line)
def nobody_stands_in_any_more(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={SupervisionLine: 0, Event: 1},
        given={"line": cast.line, "seen": _shown(cast.line, "deputy"), "deputy": None},
    )


@case_of(actions.end_line)
def a_supervision_ends(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={SupervisionLine: 0, Event: 1},
        given={"line": cast.line, "ends_on": timezone.localdate()},
    )


@case_of(actions.add_room)
def there_is_one_room_more(cast: Cast) -> Case:
    return Case(by=cast.ada, writes={Room: 1, Event: 1}, given={"name": "Garden", "is_step_free": True})


@case_of(actions.change_room)
def a_room_is_used_no_longer(cast: Cast) -> Case:
    attic = room("Attic")
    values = {"name": "Attic", "is_step_free": False, "ended_on": timezone.localdate()}
    return Case(
        by=cast.ada,
        writes={Room: 0, Event: 1},
        given={"room": attic, "seen": _shown(attic, *values), **values},
    )


@case_of(actions.add_holidays)
def two_days_are_kept_free(cast: Cast) -> Case:
    days = {date(2031, 1, 1): "New Year's Day", date(2031, 12, 25): "Christmas Day"}
    return Case(by=cast.ada, writes={Holiday: 2, Event: 1}, given={"days": days})


@case_of(actions.remove_holiday)
def a_day_is_worked_after_all(cast: Cast) -> Case:
    Holiday.objects.create(day=date(2031, 5, 1), name="May Day")
    return Case(by=cast.ada, writes={Holiday: -1, Event: 1}, given={"day": date(2031, 5, 1)})


@case_of(actions.change_clinic)
def the_clinic_has_another_name_and_lets_courses_be_read_for_less_long(cast: Cast) -> Case:
    clinic, _ = Clinic.objects.get_or_create()
    values = {"name": "Elm Street Clinic", "readable_days_after_end": 60}
    return Case(
        by=cast.ada,
        writes={Clinic: 0, Event: 2},
        given={"seen": _shown(clinic, *values), **values},
    )
