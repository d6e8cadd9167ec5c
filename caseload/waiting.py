"""The questions that the waiting list asks: who is referred and who waits, in which group, for how long, with what needs. What
a row says is in `caseload.waiting_tables`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from access import policy
from caseload.queries import BY_NAME, ROWS_ON_A_PAGE
from caseload.waiting_wanted import GROUPS, Asked
from clients.models import Client
from courses import protocol
from courses.lifecycle import Status
from courses.models import Allocation, Course, CourseQuerySet
from record.wanted import LAST_PAGE
from record.words import clock, near_day, short_day, start_of_day
from referrals.clock import Clock, Limits, clock_of
from referrals.models import ContactAttempt, Referral, WaitPause
from sessions.models import TherapySession
from staff.models import User

# Of each group where all of them stand on one page.
FIRST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who is referred or waits. `clinical` is None for who may not know likely focus and first scores."""

    course: Course
    group: str
    clock: Clock
    referral: Referral | None
    screener: str
    therapist: str
    appointment: str
    pause_reason: str
    attempts: int
    last_attempt: str
    clinical: str | None

    @property
    def client(self) -> Client:
        return self.course.client


@dataclass(frozen=True)
class Group:
    """Some of those in one group, and how many there are."""

    slug: str
    rows: list[Row]
    count: int
    page: int = 1

    @property
    def label(self) -> str:
        return GROUPS[self.slug]

    @property
    def pages(self) -> int:
        return min(LAST_PAGE, max(1, -(-self.count // ROWS_ON_A_PAGE)))

    @property
    def goes_on(self) -> bool:
        return self.count > LAST_PAGE * ROWS_ON_A_PAGE


@dataclass(frozen=True)
class Waiting:
    """The groups that are shown, and what is said above them."""

    groups: list[Group]
    count: int
    longest: int
    late: int

    @property
    def ids(self) -> list[UUID]:
        return [row.course.pk for group in self.groups for row in group.rows]


def waiting(user: User, asked: Asked, *, limits: Limits, now: datetime) -> Waiting:
    """One group in pages where it is asked for, else the first of each. A page costs the same for five people or thousands:
    one question for the numbers, one for the keys of each group, and a few about those who are shown."""
    courses = filtered(Course.objects.visible_to(user), asked, limits=limits, now=now)
    numbers = _numbers(courses, limits, now)
    slugs = [asked.group] if asked.group and not asked.view else list(GROUPS)
    is_paged = len(slugs) == 1
    found: dict[str, list[UUID]] = {}
    for slug in slugs:
        start = (asked.page - 1) * ROWS_ON_A_PAGE if is_paged else 0
        end = start + (ROWS_ON_A_PAGE if is_paged else FIRST_ROWS)
        in_group = in_order(courses.filter(_of_group(slug, now)), asked)
        found[slug] = list(in_group.values_list("pk", flat=True)[start:end]) if numbers[slug] else []
    known = _Known([key for keys in found.values() for key in keys], user, now)
    groups = [
        Group(
            slug,
            [known.row(key, slug, limits) for key in keys if key in known.courses],
            numbers[slug],
            asked.page if is_paged else 1,
        )
        for slug, keys in found.items()
    ]
    return Waiting(groups, sum(numbers[slug] for slug in GROUPS), numbers["longest"] or 0, numbers["late"])


# --- Which courses, and in which order --------------------------------------------------------------------------------

_NEEDS = {
    "evenings": Q(client__needs_evenings=True),
    "video": Q(client__needs_video=True),
    "step_free": Q(client__needs_step_free=True),
    "interpreter": ~Q(client__interpreter=""),
    "woman": Q(client__asks_for="woman"),
    "man": Q(client__asks_for="man"),
}


def filtered(courses: CourseQuerySet, asked: Asked, *, limits: Limits, now: datetime) -> QuerySet[Course]:
    """Those who wait and are asked for, with `days`."""
    today = timezone.localdate(now)
    courses = courses.that_wait().with_days_waited(on=today)
    if asked.q:
        courses = courses.filter(client__in=Client.objects.named_like(asked.q).order_by().values("pk"))
    if asked.wait:
        courses = courses.filter(_of_wait(asked.wait, limits))
    if asked.priority:
        courses = courses.filter(priority=asked.priority)
    if asked.need:
        courses = courses.filter(_NEEDS[asked.need])
    if asked.clock:
        courses = courses.filter(paused_since__isnull=asked.clock == "runs")
    if asked.screener:
        held = Allocation.objects.current(at=now).screening().filter(therapist=asked.screener)
        courses = courses.filter(Q(referral__screened_by=asked.screener) | Q(pk__in=held.values("course")))
    if asked.since:
        courses = courses.filter(referred_on__gte=asked.since)
    if asked.until:
        courses = courses.filter(referred_on__lte=asked.until)
    return courses


def _of_wait(wait: str, limits: Limits) -> Q:
    """As `referrals.clock.Clock` says it."""
    if wait == "first":
        return Q(days__gt=limits.first)
    if wait == "second":
        return Q(days__gt=limits.second)
    near_first = Q(days__gt=limits.first - limits.warning, days__lte=limits.first)
    return near_first | Q(days__gt=limits.second - limits.warning, days__lte=limits.second)


def _of_group(slug: str, now: datetime) -> Q:
    if slug == "screen":
        return Q(status=Status.REFERRED)
    is_given = Q(pk__in=_given(now))
    return Q(status=Status.WAITING) & (is_given if slug == "allocated" else ~is_given)


def _given(now: datetime) -> QuerySet[Any]:
    """Keys of the courses that a therapist carries, or will. One list: asked row by row, ten thousand cost a second."""
    standing = Allocation.objects.carrying().filter(Q(ends_at=None) | Q(ends_at__gt=now))
    return standing.order_by().values("course")


def in_order(courses: QuerySet[Course], asked: Asked) -> QuerySet[Course]:
    """The most urgent first, and among them who has waited longest."""
    match asked.sort:
        case "name":
            order: tuple[Any, ...] = BY_NAME
        case "wait":
            order = (F("days").desc(), "referred_on", "pk")
        case _:
            order = (F("priority").desc(), F("days").desc(), "referred_on", "pk")
    return courses.order_by(*order)


def _numbers(courses: QuerySet[Course], limits: Limits, now: datetime) -> dict[str, int]:
    """How many there are of each group, how many are past the first limit, and the longest wait."""
    waits = Q(status=Status.WAITING)
    counted = courses.order_by().aggregate(
        screen=Count("pk", filter=Q(status=Status.REFERRED)),
        waiting=Count("pk", filter=waits),
        allocated=Count("pk", filter=waits & Q(pk__in=_given(now))),
        late=Count("pk", filter=Q(days__gt=limits.first)),
        longest=Max("days"),
    )
    return counted | {"ready": counted["waiting"] - counted["allocated"]}


# --- What is known of those who are shown -----------------------------------------------------------------------------


class _Known:
    """What other tables say of these courses, each table asked once."""

    def __init__(self, keys: Sequence[UUID], user: User, now: datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)
        self.ahead: dict[UUID, datetime] = {}
        self.paused: dict[UUID, str] = {}
        self.attempts: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
        self.clinical: dict[UUID, str] | None = {} if policy.may_see_first_scores(user) else None
        self.courses: dict[UUID, Course] = {}
        if keys:
            self._ask(keys, user)

    def _ask(self, keys: Sequence[UUID], user: User) -> None:
        # The policies ask each course for its allocations.
        standing = Allocation.objects.filter(Q(ends_at=None) | Q(ends_at__gt=self.now))
        self.courses = (
            Course.objects.visible_to(user)
            .select_related("client", "referral__screened_by")
            .prefetch_related(Prefetch("allocations", standing.select_related("therapist")))
            .in_bulk(keys)
        )
        ahead = TherapySession.objects.ahead(at=start_of_day(self.now)).filter(course__in=keys)
        for course, starts_at in ahead.order_by("-starts_at").values_list("course", "starts_at"):
            self.ahead[course] = starts_at
        running = WaitPause.objects.running().filter(course__in=keys)
        self.paused = dict(running.order_by().values_list("course", "reason"))
        attempts = ContactAttempt.objects.filter(course__in=keys).order_by("at")
        for attempt in attempts.only("course_id", "at", "result"):
            self.attempts[attempt.course_id].append((attempt.at, attempt.get_result_display().lower()))
        if self.clinical is not None:
            self.clinical = _first_scores(keys)

    def row(self, key: UUID, slug: str, limits: Limits) -> Row:
        course = self.courses[key]
        held = {
            allocation.kind == Allocation.Kind.SCREENING: allocation.therapist.full_name
            for allocation in course.allocations.all()
        }
        starts_at = self.ahead.get(key)
        attempts = self.attempts[key]
        return Row(
            course=course,
            group=slug,
            clock=clock_of(course, limits, on=self.today),
            referral=getattr(course, "referral", None),
            screener=held.get(True, ""),
            therapist=held.get(False, ""),
            appointment=f"{near_day(starts_at, self.now)} {clock(starts_at)}" if starts_at else "",
            pause_reason=self.paused.get(key, ""),
            attempts=len(attempts),
            last_attempt=f"{short_day(attempts[-1][0], self.now)}, {attempts[-1][1]}" if attempts else "",
            clinical=None if self.clinical is None else self.clinical.get(key, ""),
        )


def _first_scores(keys: Sequence[UUID]) -> dict[UUID, str]:
    """Likely focus and first scores in words, for those who screen and the lead: for everybody else the function gives none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select course_id, likely_focus, phq9, gad7 from first_scores_of(%s::uuid[])", [list(keys)]
        )
        return {course: _scores_in_words(*rest) for course, *rest in cursor.fetchall()}


def _scores_in_words(focus: str | None, phq9: int | None, gad7: int | None) -> str:
    said = [f"Likely focus: {protocol.FOCUS_AREAS[focus].label.lower()}"] if focus else []
    said += [f"PHQ-9 {phq9}"] if phq9 is not None else []
    said += [f"GAD-7 {gad7}"] if gad7 is not None else []
    return " · ".join(said)
