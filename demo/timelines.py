"""A few years of life before each course, for the timeline. Built once all courses are there, with a chance of its own; nothing
is written to the database here."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo.chance import Chance
from interpersonal.models import TimelineEntry

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

# (kind, what happened, years of age or before today, how exact, how long in months or -1 for "still goes on", mood, effect)
# An age is positive, years before the referral are negative.
Line = tuple[str, str, float, str, int, int | None, str]

CHILDHOOD: tuple[Line, ...] = (
    ("life", "Moved house, a new school", 9, "year", 0, 4, "Shy, kept apart for a year"),
    ("relationship", "Best friend at school", 11, "year", 72, 8, "The one who was told everything"),
    ("life", "Left home", 19, "year", 0, 6, "Free, and alone in the evenings"),
)
BEFORE: tuple[Line, ...] = (
    ("mood", "First low time", -7, "year", 5, 3, "Slept all day, told nobody"),
    ("treatment", "Sertraline from the GP", -6.6, "month", 8, None, "Helped after two months"),
    ("mood", "This depression", -0.5, "month", -1, 2, "Slow at first, then every day"),
)
OF_AREA: dict[str, tuple[Line, ...]] = {
    "conflict": (
        ("relationship", "Moved in together", -3, "month", -1, 7, ""),
        ("relationship", "The rows began", -0.7, "month", -1, 3, "Silence for days after each"),
        ("life", "New job, longer days", -1.2, "month", -1, 5, ""),
    ),
    "grief": (
        ("life", "Diagnosis in the family", -2.2, "month", 14, 4, "On call for everybody"),
        ("relationship", "The death", -1, "day", 0, 1, "Nothing felt real for weeks"),
        ("life", "Cleared the house", -0.8, "month", 2, 2, "Kept one box unopened"),
    ),
    "life_change": (
        ("life", "Worked in one place", -11, "year", 110, 7, "Knew who they were there"),
        ("life", "The change", -0.9, "month", 0, 3, "Nobody had asked"),
        ("relationship", "Old colleagues stopped calling", -0.6, "month", 0, 3, ""),
    ),
    "isolation": (
        ("life", "Moved to this town", -5, "year", -1, 4, "Meant to be for a year"),
        ("relationship", "Last close friend moved away", -2.5, "year", 0, 3, ""),
        ("life", "Work from home", -1.6, "month", -1, 4, "Days without a word spoken"),
    ),
}
MAYA: tuple[Line, ...] = (
    ("relationship", "Parents parted", 12, "year", 0, 3, "Chose to say nothing to either"),
    ("life", "Began to teach", 23, "month", -1, 8, "Proud, and tired"),
    ("relationship", "Met Tom", 27, "day", 0, 9, ""),
    ("relationship", "Mum died", -7.5, "day", 0, 1, "The first winter without getting up"),
    ("mood", "Low after Mum", -7.4, "month", 9, 2, "Lifted when school began again"),
    ("treatment", "Counselling, six sessions", -7, "year", 2, None, "Was good to cry somewhere"),
    ("relationship", "Moved in with Tom’s parents", -0.3, "day", -1, 3, "No door to shut"),
    ("mood", "This depression", -0.2, "month", -1, 2, "Within two months of the move"),
)


class Timelines:
    """Adds to the rows of a clinic whose courses have been built."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.rows = clinic.rows
        self.chance = chance

    def tell(self, courses: "list[CourseBuilder]") -> None:
        for place, course in enumerate(each for each in courses if each.signed and each.person):
            if course.client.last_name == "Fielding":
                self._write(course, MAYA)
            elif place % 2 == 0:
                self._write(course, (*CHILDHOOD, *BEFORE, *OF_AREA[course.plan.area]))

    def _write(self, course: "CourseBuilder", lines: tuple[Line, ...]) -> None:
        therapist = course.user(course.plan.therapist or "")
        began = course.signed[0].signed_at or course.signed[0].started_at
        for kind, title, when, exact, months, mood, effect in lines:
            referred = course.course.referred_on
            origin = course.client.date_of_birth if when >= 0 else referred
            day = _first_of(origin + timedelta(round(when * 365.25)), exact)
            if day >= referred or day <= course.client.date_of_birth:
                continue
            ends = _first_of(day + timedelta(months * 31), exact) if months > 0 else None
            self.rows.entries.append(
                TimelineEntry(
                    id=self.chance.key(),
                    course=course.course,
                    kind=kind,
                    title=title,
                    starts_on=day,
                    starts_to=exact,
                    ends_on=max(ends, day) if ends and ends < referred else None,
                    ends_to=exact if ends and ends < referred else "day",
                    goes_on=months < 0,
                    mood=mood,
                    effect=effect,
                    added_by=therapist,
                    added_at=began,
                )
            )


def _first_of(day: date, exact: str) -> date:
    """As a day of which only the month or the year is known stands."""
    return day.replace(month=1, day=1) if exact == "year" else day.replace(day=1) if exact == "month" else day
