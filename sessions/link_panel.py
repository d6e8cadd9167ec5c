"""The panel "Questionnaires by link" of the course page: which links were sent, by whom, and how far the client came. No answer
and no score: administrators read it too."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from access import policy
from courses.models import Course
from outcomes.links import State, names_of, state_of
from outcomes.models import Link
from staff.models import User

SHOWN = 4
MOMENTS = (
    "created_at",
    "expires_at",
    "opened_at",
    "begun_at",
    "last_answer_at",
    "finished_at",
    "ended_at",
)
FIELDS = ("id", "how", "measures", "end_reason", "tries", "for_day", *MOMENTS)


@dataclass(frozen=True)
class Line:
    link: Link
    by: str
    names: str
    state: State


@dataclass(frozen=True)
class Panel:
    """`mark` changes whenever there is something new to show."""

    lines: list[Line]
    may_send: bool

    @property
    def mark(self) -> str:
        return ".".join(f"{str(line.link.pk)[:8]}{line.state.words}" for line in self.lines)


def with_links(courses: QuerySet[Course], user: User) -> QuerySet[Course]:
    """Each course with its latest links, in the question that is asked anyway."""
    rows = Link.objects.visible_to(user).filter(course=OuterRef("pk")).order_by("-created_at")
    fields = {name: name for name in FIELDS}
    return courses.annotate(
        latest_links=ArraySubquery(rows.values(json=JSONObject(by="created_by__full_name", **fields))[:SHOWN])
    )


def panel_of(course: Any, user: User) -> Panel:
    """Of a course that came through `with_links`."""
    return Panel([_line(row) for row in course.latest_links], policy.may_send_link(user, course))


def _line(row: dict[str, Any]) -> Line:
    by = row.pop("by")
    moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in MOMENTS}
    day = date.fromisoformat(row["for_day"]) if row["for_day"] else None
    link = Link(**row | moments | {"for_day": day})
    return Line(link, by, names_of(link.measures), state_of(link, at=timezone.now()))
