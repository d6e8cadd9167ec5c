"""What happened while the course went on, as its chart marks it: the key event of each week, and events of the timeline that
lie in the time of the course. They come with questions that the course page asks anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from courses.dates import in_words, last_day, span_in_words
from courses.models import Course
from interpersonal.models import TimelineEntry
from sessions.models import TherapySession
from staff.models import User

BEFORE = 0.4  # of a week: where the event of the week before a session stands
BEYOND = 0.9  # at most so far before the first session and after the last


@dataclass(frozen=True)
class ChartEvent:
    """`place` is where it stands on the chart, between the numbers of two sessions; `number` counts them along the chart."""

    number: int
    place: float
    title: str
    when: str
    href: str

    @property
    def drawn(self) -> dict[str, Any]:
        """For the script, as plain values."""
        words = f"{self.title}, {self.when}"
        return {"number": self.number, "place": self.place, "title": self.title, "words": words}


def events_in_short(user: User) -> ArraySubquery:
    """What `events_of` reads of the timeline, to be annotated on courses as `events_in_short`."""
    rows = TimelineEntry.objects.visible_to(user).standing()
    inside = rows.filter(course=OuterRef("pk"), starts_on__gte=OuterRef("referred_on")).order_by("starts_on")
    return ArraySubquery(
        inside.values(
            json=JSONObject(
                id="id",
                title="title",
                starts_on="starts_on",
                starts_to="starts_to",
                ends_on="ends_on",
                ends_to="ends_to",
                goes_on="goes_on",
            )
        )
    )


def events_of(course: Any, sessions: Sequence[Any]) -> list[ChartEvent]:
    """Sessions come with `week` (`timeline.week_events`), the course with `events_in_short`; without them there is nothing."""
    numbered = [(timezone.localdate(one.starts_at), one.number) for one in sessions if one.number]
    if not numbered:
        return []
    found = [_of_a_week(course, one, numbered) for one in sessions for _ in getattr(one, "week", ())]
    found += [_of_the_timeline(course, row, numbered) for row in getattr(course, "events_in_short", ())]
    ordered = sorted(found, key=lambda event: (event[0], event[1]))
    return [ChartEvent(number, *event) for number, event in enumerate(ordered, start=1)]


_Event = tuple[float, str, str, str]


def _of_a_week(course: Course, session: TherapySession, numbered: Sequence[tuple[date, int]]) -> _Event:
    day = timezone.localdate(session.starts_at)
    [note] = session.week  # type: ignore[attr-defined]  # annotated; a session has one note
    place = session.number - BEFORE if session.number else place_of(day - timedelta(3), numbered)
    draft = "" if note["signed_at"] else ", your draft"
    href = reverse("sessions:detail", args=[course.pk, session.pk])
    return round(place, 3), note["event"], f"week to {in_words(day, 'day')}{draft}", href


def _of_the_timeline(course: Course, row: dict[str, Any], numbered: Sequence[tuple[date, int]]) -> _Event:
    first, exact = date.fromisoformat(row["starts_on"]), row["starts_to"]
    middle = first + (last_day(first, exact) - first) / 2
    ends = in_words(date.fromisoformat(row["ends_on"]), row["ends_to"]) if row["ends_on"] else ""
    when = span_in_words(in_words(first, exact), ends, goes_on=row["goes_on"])
    href = reverse("record:timeline_entry", args=[course.pk, UUID(row["id"])])
    return place_of(middle, numbered), row["title"], when, href


def place_of(day: date, numbered: Sequence[tuple[date, int]]) -> float:
    """Where a day lies among the sessions, which come in the order of their days."""
    (first, number), (last, highest) = numbered[0], numbered[-1]
    if day <= first:
        return round(number - min((first - day).days / 7, BEYOND), 3)
    if day >= last:
        return round(highest + min((day - last).days / 7, BEYOND), 3)
    before = max(pair for pair in numbered if pair[0] <= day)
    after = min(pair for pair in numbered if pair[0] > day)
    share = (day - before[0]).days / (after[0] - before[0]).days
    return round(before[1] + share * (after[1] - before[1]), 3)
