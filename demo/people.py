"""Who works in the invented clinic, when, in which rooms and who supervises whom. No client stands here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from demo.chance import Chance
from demo.diary import OPENS, at
from staff.models import Clinic, Holiday, Leave, Role, Room, SupervisionLine, User, WorkingHours
from staff.working_days import bank_holidays_of_england

LETTERHEAD = {
    "letterhead_address": "3 Weavers Row\nLower Marling NB9 2AA",
    "letterhead_phone": "01632 960 100",
    "letter_footer": "An invented clinic: nobody works here and nobody is treated here.",
}
CLINIC_NAME = "The invented clinic"
ALL_WEEK = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Person:
    """One person as the clinic hires them. `email` is the part before the @."""

    key: str
    name: str
    email: str
    roles: tuple[str, ...]
    places: int = 0
    is_trainee: bool = False
    weekdays: tuple[int, ...] = ALL_WEEK
    ends: time = time(17)
    supervisor: str = ""
    room: str = ""
    gender: str = ""
    has_left: bool = False


def _therapist(
    key: str, name: str, email: str, places: int, supervisor: str, room: str, **more: object
) -> Person:
    return Person(key, name, email, (Role.THERAPIST,), places, supervisor=supervisor, room=room, **more)  # type: ignore[arg-type]  # a table's cells


PEOPLE = (
    _therapist("amara", "Amara Osei", "therapist", 16, "joy", "Room 2", gender="woman"),
    _therapist("dev", "Dev Patel", "trainee", 8, "joy", "Room 4", is_trainee=True, gender="man"),
    _therapist("ben", "Ben Adeyemi", "ben.adeyemi", 16, "joy", "Room 3", ends=time(19), gender="man"),
    _therapist("cara", "Cara Nowak", "cara.nowak", 6, "joy", "Room 1", weekdays=(1, 2, 3), gender="woman"),
    _therapist("elin", "Elin Hughes", "elin.hughes", 16, "theo", "Room 5", gender="woman"),
    _therapist("farid", "Farid Haddad", "farid.haddad", 14, "theo", "Room 6", gender="man"),
    _therapist(
        "grace", "Grace Mbeki", "grace.mbeki", 7, "theo", "Room 1", weekdays=(0, 1, 3, 4), gender="woman"
    ),
    _therapist(
        "hollis",
        "Hollis Reid",
        "hollis.reid",
        8,
        "theo",
        "Room 4",
        is_trainee=True,
        weekdays=(0, 2, 3),
        gender="non_binary",
    ),
    _therapist("noel", "Noel Harding", "noel.harding", 10, "theo", "Room 4", gender="man", has_left=True),
    Person("joy", "Joy Nkemelu", "supervisor", (Role.SUPERVISOR,)),
    Person("theo", "Theo Lindqvist", "theo.lindqvist", (Role.SUPERVISOR,)),
    Person("sam", "Sam Moss", "admin", (Role.ADMINISTRATOR,)),
    Person("wendy", "Wendy Clarke", "wendy.clarke", (Role.ADMINISTRATOR,)),
    Person("ines", "Ines Ferro", "lead", (Role.LEAD,)),
)
SCREENERS = ("amara", "grace")
THERAPISTS = tuple(person for person in PEOPLE if Role.THERAPIST in person.roles)
STEP_FREE_ROOMS = ("Room 1", "Room 2")
ROOMS = tuple(f"Room {number}" for number in range(1, 7))


@dataclass
class Staff:
    """The rows of `PEOPLE` by key, and of the rooms by name."""

    users: dict[str, User] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    away: dict[str, list[tuple[date, date]]] = field(default_factory=dict)
    covers: dict[str, str] = field(default_factory=dict)  # who covers for whoever is away today

    def is_away(self, key: str, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away.get(key, ()))


def hire(chance: Chance, *, today: date, years: Sequence[int]) -> Staff:
    """Writes the clinic, its people, hours, lines, leave, rooms and holidays, and gives them back by name."""
    Clinic.objects.update_or_create(pk=1, defaults={"name": CLINIC_NAME, "is_demo": True, **LETTERHEAD})
    Holiday.objects.bulk_create(
        [Holiday(day=day, name=name) for day, name in bank_holidays_of_england(years).items()],
        ignore_conflicts=True,
    )
    staff = Staff()
    opened = at(today - timedelta(days=1100), time(9))
    # One hash for all: hashing is slow on purpose, and everybody knows the demo's password.
    password = make_password(settings.DEMO_PASSWORD)
    for person in PEOPLE:
        staff.users[person.key] = User(
            id=chance.key(),
            email=f"{person.email}@clinic.example",
            full_name=person.name,
            roles=list(person.roles),
            is_trainee=person.is_trainee,
            places=person.places,
            is_screener=person.key in SCREENERS,
            gender=person.gender,
            is_active=not person.has_left,
            password=password,
            joined_at=opened,
        )
    User.objects.bulk_create(staff.users.values())
    for name in ROOMS:
        staff.rooms[name] = Room(id=chance.key(), name=name, is_step_free=name in STEP_FREE_ROOMS)
    Room.objects.bulk_create(staff.rooms.values())
    WorkingHours.objects.bulk_create(_hours(chance, staff))
    SupervisionLine.objects.bulk_create(_lines(chance, staff, opened))
    Leave.objects.bulk_create(_leave(chance, staff, today))
    return staff


def _hours(chance: Chance, staff: Staff) -> list[WorkingHours]:
    return [
        WorkingHours(
            id=chance.key(), person=staff.users[person.key], weekday=weekday, starts=OPENS, ends=person.ends
        )
        for person in PEOPLE
        for weekday in person.weekdays
    ]


def _lines(chance: Chance, staff: Staff, opened: datetime) -> list[SupervisionLine]:
    deputy = {"joy": "theo", "theo": "joy"}
    users = staff.users
    lines = [
        SupervisionLine(
            id=chance.key(),
            supervisor=users[person.supervisor],
            therapist=users[person.key],
            deputy=users[deputy[person.supervisor]],
            starts_at=opened,
        )
        for person in THERAPISTS
        if person.key != "cara"
    ]
    # Cara Nowak changed supervisor, so that a line that has ended is there too.
    changed = opened + timedelta(days=420)
    lines.append(
        SupervisionLine(
            id=chance.key(),
            supervisor=users["theo"],
            therapist=users["cara"],
            deputy=users["joy"],
            starts_at=opened,
            ends_at=changed,
        )
    )
    lines.append(
        SupervisionLine(
            id=chance.key(),
            supervisor=users["joy"],
            therapist=users["cara"],
            deputy=users["theo"],
            starts_at=changed,
        )
    )
    return lines


def _leave(chance: Chance, staff: Staff, today: date) -> list[Leave]:
    """A fortnight that is over and a week to come for some; Elin Hughes is away today, and Grace Mbeki covers."""
    monday = today - timedelta(days=today.weekday())
    weeks = {
        "amara": [(-15, 1, "ben")],
        "ben": [(-20, 2, "amara"), (5, 1, "cara")],
        "elin": [(-12, 2, "grace"), (0, 1, "grace")],
        "farid": [(-24, 1, "elin"), (7, 2, "grace")],
        "grace": [(-9, 1, "farid")],
        "joy": [(-18, 2, "theo"), (4, 1, "theo")],
        "theo": [(-13, 1, "joy")],
        "sam": [(-10, 1, "wendy")],
    }
    rows = []
    for key, stretches in weeks.items():
        for start, count, cover in stretches:
            first = monday + timedelta(weeks=start)
            last = first + timedelta(days=7 * count - 3)
            if first <= today <= last:
                staff.covers[key] = cover
            staff.away.setdefault(key, []).append((first, last))
            rows.append(
                Leave(
                    id=chance.key(),
                    person=staff.users[key],
                    starts_on=first,
                    ends_on=last,
                    cover=staff.users[cover],
                )
            )
    return rows
