"""A wait against the clinic's two limits, in words: 42 and 126 days unless the clinic decided otherwise."""

from dataclasses import dataclass
from datetime import date

from courses.models import Course
from staff.models import Clinic


@dataclass(frozen=True)
class Limits:
    """Days: the first and the second limit, and how long before one it is said that it is near."""

    first: int
    second: int
    warning: int


def limits() -> Limits:
    """What the clinic decided, or its usual answers."""
    clinic = Clinic.objects.first() or Clinic()
    return Limits(clinic.wait_first_days, clinic.wait_second_days, clinic.wait_warning_days)


@dataclass(frozen=True)
class Clock:
    """How long somebody has waited. `of` is the limit that comes next, or the last one passed."""

    days: int
    paused_since: date | None
    limits: Limits

    @property
    def of(self) -> int:
        return self.limits.first if self.days <= self.limits.first else self.limits.second

    @property
    def tone(self) -> str:
        """For the bar: `late` past the first limit, `soon` when it is near."""
        if self.days > self.limits.first:
            return "late"
        return "soon" if self.days > self.limits.first - self.limits.warning else ""

    @property
    def words(self) -> str:
        """What the colour says; empty while there is time."""
        if self.days > self.limits.second:
            return f"past {self.limits.second} days"
        if self.days > self.limits.second - self.limits.warning:
            return f"past {self.limits.first} days, {self._left(self.limits.second)} to {self.limits.second}"
        if self.days > self.limits.first:
            return f"past {self.limits.first} days"
        if self.tone:
            return f"{self._left(self.limits.first)} left" if self.days < self.limits.first else "last day"
        return ""

    def _left(self, limit: int) -> str:
        left = limit - self.days
        return "1 day" if left == 1 else f"{left} days"


def clock_of(course: Course, limits: Limits, *, on: date) -> Clock:
    """The clock of a wait; of one that is over, as it stood when treatment began or the course was closed. Who was opened again
    waits though they were treated before."""
    until = on if course.waits else course.started_on or course.ended_on or on
    return Clock(course.days_waited(on=until), course.paused_since if course.waits else None, limits)
