"""Actions agreed in supervision as pages show them: whose turn it is, until when, what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from courses.models import CourseAction
from record.addresses import address
from record.words import near_day, plural
from staff.models import User


@dataclass(frozen=True)
class Agreed:
    """An action, ready to be read. `owner` is empty where it is the reader's; `fell_to` says that its owner has nothing to do
    with the course any more."""

    action: CourseAction
    client: str
    href: str
    act: str
    due: str
    is_overdue: bool
    owner: str
    fell_to: str

    @property
    def course_id(self) -> UUID:
        return self.action.course_id


def own_actions(user: User, *, now: datetime) -> list[Agreed]:
    """What this person is to do, the earliest day first: their own, and what fell to them with a course. One question."""
    rows = CourseAction.objects.open().standing_with(user, at=now).select_related("course__client", "owner")
    return [agreed(action, user, now=now, fell_to_reader=True) for action in rows]


def agreed(action: CourseAction, reader: User, *, now: datetime, fell_to_reader: bool = False) -> Agreed:
    is_own = action.owner_id == reader.pk
    name = action.owner.full_name
    return Agreed(
        action=action,
        client=action.course.client.name,
        href=address("supervision:course", action.course_id),
        act=address("supervision:action", action.course_id, action.pk),
        due=due_words(action.due_on, now),
        is_overdue=not action.outcome and is_overdue(action, now),
        owner="" if is_own else name,
        fell_to=f"agreed with {name}" if fell_to_reader and not is_own else "",
    )


def is_overdue(action: CourseAction, now: datetime) -> bool:
    return action.due_on < timezone.localdate(now)


def due_words(day: date, now: datetime) -> str:
    """ "Due today", "Due tomorrow", "Due Tue 24 Nov", "Overdue since Fri 20 Nov, 3 days"."""
    late = (timezone.localdate(now) - day).days
    if late > 0:
        return f"Overdue since {near_day(day, now)}, {plural(late, 'day')}"
    near = near_day(day, now)
    return f"Due {near.lower() if near in ('Today', 'Tomorrow') else near}"


def course_ids(rows: Iterable[Agreed]) -> set[UUID]:
    return {row.course_id for row in rows}
