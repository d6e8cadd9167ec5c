"""Who is referred and not decided: how long each waits for it, who holds it. Nothing clinical stands in a row but that an
alert is open, for those who read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from access import policy
from courses.lifecycle import Status
from courses.models import Allocation, Course
from outcomes.models import Alert
from record.wanted import LAST_PAGE
from record.words import plural
from staff.models import Clinic, User
from staff.working_days import working_days_since

ROWS_ON_A_PAGE = 40
MOST_COUNTED = 10_000
HELD = {"": "All", "nobody": "Nobody yet", "me": "Mine"}


@dataclass(frozen=True)
class Row:
    """A referral that waits to be screened. `days` and `working_days` since it was received; `tone` is empty, warn or risk, and
    `standing` says it in words. `holder` is who screens it, empty while nobody does."""

    course_id: UUID
    version: int
    name: str
    number: str
    age: int
    source: str
    needs: list[str]
    referred_on: date
    days: int
    standing: str
    tone: str
    holder: str
    holder_is_here: bool
    is_mine: bool
    has_alert: bool


@dataclass(frozen=True)
class Listing:
    rows: list[Row]
    count: int
    overdue: int
    unheld: int
    page: int

    @property
    def pages(self) -> int:
        return min(LAST_PAGE, max(1, -(-self.count // ROWS_ON_A_PAGE)))


def to_screen(user: User, *, held: str = "", page: int = 1, now: datetime) -> Listing:
    """The longest wait first. Overdue is worked out as the page is read, from the setting and the clinic's working days."""
    courses: Any = _referred(user, now)
    on = timezone.localdate(now)
    shown = courses.filter(_HELD_BY[held](user))
    start = (page - 1) * ROWS_ON_A_PAGE
    found = list(
        shown.annotate(has_alert=_open_alert(user))
        .select_related("client")
        .order_by("referred_on", "pk")[start : start + ROWS_ON_A_PAGE]
    )
    # A count of each day of referral: how many are late depends on the day alone.
    days = dict(_by_day(courses))
    working = working_days_since({*days, *(course.referred_on for course in found)}, on=on)
    most = screening_working_days()
    return Listing(
        rows=[_row(course, user, working[course.referred_on], most, on) for course in found],
        count=shown.order_by()[: MOST_COUNTED + 1].count(),
        overdue=sum(count for day, count in days.items() if working[day] > most),
        unheld=courses.filter(holder__isnull=True).order_by()[: MOST_COUNTED + 1].count(),
        page=page,
    )


def own(user: User, *, now: datetime) -> list[Row]:
    """What this person holds, the longest wait first. Nothing, without a question, for who does not screen."""
    if not policy.screens_referrals(user):
        return []
    held = Allocation.objects.current(at=now).screening().filter(therapist=user).values("course")
    found = list(
        _referred(user, now)
        .filter(pk__in=held)
        .annotate(has_alert=_open_alert(user))
        .select_related("client")
        .order_by("referred_on", "pk")
    )
    on = timezone.localdate(now)
    working = working_days_since((course.referred_on for course in found), on=on)
    most = screening_working_days()
    return [_row(course, user, working[course.referred_on], most, on) for course in found]


def screening_working_days() -> int:
    """Within how many working days a referral is screened: what the clinic decided, or its usual answer."""
    return (Clinic.objects.first() or Clinic()).screening_working_days


_HELD_BY = {
    "": lambda user: Q(),
    "nobody": lambda user: Q(holder__isnull=True),
    "me": lambda user: Q(holder__id=str(user.pk)),
}


def _referred(user: User, now: datetime) -> QuerySet[Course]:
    current = Allocation.objects.current(at=now).screening().filter(course=OuterRef("pk"))
    holder = current.values(
        json=JSONObject(
            id="therapist",
            name="therapist__full_name",
            screens=F("therapist__is_screener"),
            here=F("therapist__is_active"),
        )
    )
    return (
        Course.objects.visible_to(user).filter(status=Status.REFERRED).annotate(holder=Subquery(holder[:1]))
    )


def _open_alert(user: User) -> Exists:
    return Exists(Alert.objects.visible_to(user).open().filter(course=OuterRef("pk")))


def _by_day(courses: QuerySet[Course]) -> Sequence[tuple[date, int]]:
    return list(courses.order_by().values_list("referred_on").annotate(count=Count("pk")))


def _row(course: Course, reader: User, working: int, most: int, on: date) -> Row:
    holder = course.holder or {}  # type: ignore[attr-defined]  # annotated above
    standing, tone = in_words(working, most)
    return Row(
        course_id=course.pk,
        version=course.version,
        name=course.client.name,
        number=course.client.number,
        age=course.client.age(on=on),
        source=course.get_referral_source_display(),
        needs=course.client.needs,
        referred_on=course.referred_on,
        days=max((on - course.referred_on).days, 0),
        standing=standing,
        tone=tone,
        holder=holder.get("name", ""),
        holder_is_here=bool(holder.get("screens") and holder.get("here")),
        is_mine=holder.get("id") == str(reader.pk),
        has_alert=course.has_alert,  # type: ignore[attr-defined]  # annotated above
    )


def in_words(working: int, most: int) -> tuple[str, str]:
    """How a referral stands after so many working days, and its tone."""
    if working > most:
        return f"{plural(working - most, 'working day')} late", "risk"
    if working == most:
        return "Due today", "warn"
    return f"{plural(most - working, 'working day')} left", ""
