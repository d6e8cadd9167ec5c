"""Free times of many therapists at once, for somebody's first appointment: working hours less leave, days on which the clinic
is closed, and what is booked. Questions only; the database alone refuses two sessions at one time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from clients.models import Client
from sessions.models import Mode
from sessions.slots import moment
from staff.models import Clinic, Holiday, Leave, Room, User, Weekday, WorkingHours

DAYS_AHEAD = 21
MOST_SHOWN, MOST_A_DAY = 10, 3
STEP = timedelta(minutes=30)  # on the hour and on the half hour
EVENING = time(17, 30)
# Taken for granted where nobody has written down when a therapist works.
USUAL_HOURS = (time(9), time(17))

Span = tuple[time, time]
Busy = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class FreeSlot:
    """A time at which therapist, client and, for a session in person, a room are free. `starts_at` is local."""

    starts_at: datetime
    room: Room | None

    @property
    def words(self) -> str:
        """Within three weeks a day needs no year."""
        day = self.starts_at
        return f"{day:%a} {day.day} {day:%b}, {day:%H:%M}"


@dataclass(frozen=True)
class Hours:
    """When people work, by weekday; usual hours where nothing is written down."""

    written: dict[UUID, dict[int, list[Span]]]

    def on(self, person: User, weekday: int) -> list[Span]:
        if person.pk in self.written:
            return self.written[person.pk].get(weekday, [])
        return [USUAL_HOURS] if weekday < Weekday.SATURDAY else []

    def are_written_of(self, person: User) -> bool:
        return person.pk in self.written

    def has_evenings(self, person: User) -> bool:
        return any(ends > EVENING for weekday in Weekday.values for _, ends in self.on(person, weekday))


def hours_of(people: Iterable[User]) -> Hours:
    written: dict[UUID, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    rows = WorkingHours.objects.filter(person__in=people).order_by("starts")
    for person, weekday, starts, ends in rows.values_list("person", "weekday", "starts", "ends"):
        written[person][weekday].append((starts, ends))
    return Hours(dict(written))


def first_appointment_minutes() -> int:
    """What the clinic decided, or its usual answer."""
    return (Clinic.objects.first() or Clinic()).first_appointment_minutes


def free_slots(
    people: Sequence[User], *, client: Client, hours: Hours, minutes: int, mode: str, at: datetime
) -> dict[UUID, list[FreeSlot]]:
    """The next ten free times of each person within three weeks, three a day at most, so that they lie on different days. In
    the evening alone where the client can come at no other time, in a step-free room where they need one. Four queries,
    however many people."""
    today = timezone.localdate(at)
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD)]
    closed = set(Holiday.objects.filter(day__in=days).values_list("day", flat=True))
    away = _away(people, days)
    rooms = _rooms(client, on=today) if mode == Mode.IN_PERSON else []
    taken = _taken(people, client, rooms, since=at, until=at + timedelta(days=DAYS_AHEAD + 1))
    open_days = [day for day in days if day not in closed]
    needs_room = mode == Mode.IN_PERSON and client.needs_step_free
    found = {}
    known: dict[datetime, datetime | None] = {}  # most of them work at the same hours
    for person in people:
        busy = sorted(taken[person.pk] + taken[client.pk])
        days_here = [day for day in open_days if day not in away[person.pk]]
        earliest = EVENING if client.needs_evenings else time()
        times = _times(person, days_here, hours, earliest, minutes, at, known)
        found[person.pk] = list(_free(times, busy, rooms, taken, minutes, needs_room=needs_room))
    return found


def _free(
    times: Iterable[datetime],
    busy: Busy,
    rooms: list[Room],
    taken: dict[UUID, Busy],
    minutes: int,
    *,
    needs_room: bool,
) -> Iterator[FreeSlot]:
    length, of_day, shown, until = timedelta(minutes=minutes), defaultdict[date, int](int), 0, None
    for local in times:
        starts = local.astimezone(UTC)
        ends = starts + length
        if (until is not None and starts < until) or of_day[local.date()] >= MOST_A_DAY:
            continue
        if _overlaps(busy, starts, ends):
            continue
        room = next(
            (
                room
                for room in rooms
                if (room.ended_on is None or room.ended_on > local.date())
                and not _overlaps(taken[room.pk], starts, ends)
            ),
            None,
        )
        if room is None and needs_room:
            continue
        yield FreeSlot(local, room)
        shown, until = shown + 1, ends
        of_day[local.date()] += 1
        if shown == MOST_SHOWN:
            return


def _times(
    person: User,
    days: list[date],
    hours: Hours,
    earliest: time,
    minutes: int,
    at: datetime,
    known: dict[datetime, datetime | None],
) -> Iterator[datetime]:
    """Each hour and half hour at which an appointment would lie within working hours."""
    for day in days:
        for begins, ends in hours.on(person, day.weekday()):
            wall = _half_hour(datetime.combine(day, max(begins, earliest)))
            while wall + timedelta(minutes=minutes) <= datetime.combine(day, ends):
                if wall not in known:
                    known[wall] = _local(wall)
                local = known[wall]
                if local is not None and local > at:
                    yield local
                wall += STEP


def _local(wall: datetime) -> datetime | None:
    """None for an hour that a change of the clock leaves out or brings twice."""
    try:
        return moment(wall.date(), wall.time())
    except ValidationError:
        return None


def _half_hour(wall: datetime) -> datetime:
    """The next hour or half hour, this one where it is one."""
    over = timedelta(minutes=wall.minute % 30, seconds=wall.second, microseconds=wall.microsecond)
    return wall + (STEP - over) if over else wall


def _overlaps(busy: Busy, starts: datetime, ends: datetime) -> bool:
    return any(began < ends and ended > starts for began, ended in busy)


def _away(people: Sequence[User], days: list[date]) -> dict[UUID, set[date]]:
    away: dict[UUID, set[date]] = defaultdict(set)
    rows = Leave.objects.filter(person__in=people, starts_on__lte=days[-1], ends_on__gte=days[0])
    for person, first, last in rows.values_list("person", "starts_on", "ends_on"):
        away[person] |= {day for day in days if first <= day <= last}
    return away


def _rooms(client: Client, *, on: date) -> list[Room]:
    """In the order in which they are proposed: step-free ones last for who does not need one."""
    rooms = Room.objects.in_use(on=on)
    if client.needs_step_free:
        return list(rooms.filter(is_step_free=True).order_by("name"))
    return list(rooms.order_by("is_step_free", "name"))


def _taken(
    people: Sequence[User], client: Client, rooms: Sequence[Room], *, since: datetime, until: datetime
) -> dict[UUID, Busy]:
    """By key of a therapist, of the client and of a room: from when to when. Times only."""
    taken: dict[UUID, Busy] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "select whose, starts_at, ends_at from times_taken_of(%s::uuid[], %s, %s::uuid[], %s, %s)",
            [[each.pk for each in people], client.pk, [each.pk for each in rooms], since, until],
        )
        for whose, starts, ends in cursor.fetchall():
            taken[whose].append((starts, ends))
    return taken
