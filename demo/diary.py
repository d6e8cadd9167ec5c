"""The invented diary: which hours are free for a therapist, a client and a room. Nothing is written here."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from demo.people import Person, Staff

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
# An hour apart at least, and no session of the demo is longer than an hour: two slots never overlap.
SLOTS = (time(9), time(10), time(11, 30), time(12, 30), time(14), time(15), time(16))
EVENING = (time(17), time(18))
LONGEST = timedelta(minutes=60)


def at(day: date, hour: time) -> datetime:
    """That hour of the clinic's clock."""
    return datetime.combine(day, hour, tzinfo=LONDON)


class Diary:
    """Remembers what is taken. Asks for working days and hours, and steps aside to the next free hour."""

    def __init__(self, staff: "Staff", holidays: frozenset[date], today: date) -> None:
        self.staff = staff
        self.today = today
        self._holidays = holidays
        self._taken: set[tuple[object, datetime]] = set()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays

    def working_day_from(self, day: date, *, step: int = 1) -> date:
        """`day` itself, or the nearest working day after it (before it, where `step` is -1)."""
        while not self.is_working_day(day):
            day += timedelta(days=step)
        return day

    def works(self, person: "Person", day: date) -> bool:
        return (
            self.is_working_day(day)
            and day.weekday() in person.weekdays
            and not self.staff.is_away(person.key, day)
        )

    def hours_of(self, person: "Person") -> tuple[time, ...]:
        return SLOTS + tuple(hour for hour in EVENING if hour < person.ends)

    def take(self, person: "Person", client: object, day: date, hour: time) -> datetime | None:
        """The hour if therapist and client are free, else another hour of that day, else None."""
        wanted = self.hours_of(person)
        near = sorted(wanted, key=lambda other: abs(_minutes(other) - _minutes(hour)))
        for choice in near:
            start = at(day, choice)
            if (person.key, start) not in self._taken and (client, start) not in self._taken:
                self.hold(person.key, start)
                self.hold(client, start)
                return start
        return None

    def hold(self, who: object, start: datetime) -> None:
        self._taken.add((who, start))

    def is_free(self, who: object, start: datetime) -> bool:
        return (who, start) not in self._taken

    def room_for(self, person: "Person", start: datetime, *, step_free: bool) -> str | None:
        """The therapist's own room, else any that is free, else None."""
        rooms = self.staff.rooms
        choices = [person.room, *(name for name in rooms if name != person.room)]
        for name in choices:
            if step_free and not rooms[name].is_step_free:
                continue
            if (name, start) not in self._taken:
                self.hold(name, start)
                return name
        return None

    def weekly_before(self, person: "Person", day: date, *, every: int = 7) -> Iterator[date]:
        """Days on which the person works, one for each week, going back from the week before `day`."""
        while True:
            day -= timedelta(days=every)
            if self.works(person, day):
                yield day


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute
