"""What the office has to do today: each duty a rule in one sentence, a count, and the rows behind it. The page shows the first
rows of each, the address of a duty all of them; both ask the same question, so that a number opens exactly its rows.

Nothing clinical is asked for. Of alerts there is a number, and no row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.functional import cached_property

from access import policy
from caseload.handover import LeftBehind, left_behind
from caseload.queries import ROWS_ON_A_PAGE
from courses.lifecycle import OPEN, Status
from courses.models import Allocation, Course
from record.addresses import address
from record.wanted import LAST_PAGE
from record.words import clock, near_day, plural, short_day, start_of_day
from sessions.missed import proposed_ends
from sessions.models import TherapySession
from staff.models import Clinic, Holiday, Leave, User
from staff.working_days import day_before_working_days

ROWS_OF_A_DUTY = 5


@dataclass(frozen=True)
class Line:
    """One row, ready to be read: whose, why, and what to do. `key` is the course, the session or the person."""

    key: UUID
    name: str
    href: str
    reason: str
    act: str = ""
    label: str = ""
    tag: tuple[str, str] | None = None
    course_id: UUID | None = None


@dataclass(frozen=True)
class Duty:
    """Something that waits to be done. `act` is the page that does it, by the course."""

    slug: str
    name: str
    sentence: str
    act: str = ""
    label: str = ""


@dataclass(frozen=True)
class Waiting:
    """A duty with its count and its first rows, or one page of them."""

    duty: Duty
    count: int
    lines: list[Line]

    @property
    def is_capped(self) -> bool:
        return self.count > len(self.lines)


@dataclass(frozen=True)
class Alerts:
    """Open alerts of the whole clinic, and those of them that nobody has answered. Numbers, and no more."""

    open: int
    unanswered: int


@dataclass(frozen=True)
class Office:
    """What waits, the duties in the order of their weight; `quiet` are those for which nothing does."""

    waiting: list[Waiting]
    quiet: list[Duty]
    alerts: Alerts

    @property
    def courses(self) -> list[UUID]:
        """Every course that the page shows, for the trail."""
        return sorted({line.course_id for one in self.waiting for line in one.lines if line.course_id})


NEW = Duty(
    "new",
    "New referrals",
    "Referred, and not yet given to anybody who screens.",
    "referrals:give",
    "Give to a screener",
)
SCREENING = Duty(
    "screening",
    "Screening overdue",
    "Referred, and not screened within the working days that the clinic’s settings give.",
    "referrals:give",
    "Who screens",
)
BREACHED = Duty(
    "breached",
    "Waited too long",
    "Not yet in treatment, and waiting for longer than the clinic’s first limit; days on which the clock stands still do not"
    " count.",
    "courses:allocate",
    "Allocate",
)
NEAR = Duty(
    "near",
    "About to wait too long",
    "Not yet in treatment, and near the clinic’s first limit.",
    "courses:allocate",
    "Allocate",
)
READY = Duty(
    "ready",
    "Ready to allocate",
    "Screened and waiting, with no therapist yet, and the clock is not paused.",
    "courses:allocate",
    "Allocate",
)
UNBOOKED = Duty(
    "unbooked",
    "Nothing booked",
    "In treatment, or allocated and not begun, without an appointment ahead.",
    "sessions:book",
    "Book",
)
MISSED = Duty(
    "missed",
    "Proposed to end",
    "Missed so many appointments in a row that the clinic asks whether the course should end. The therapist or the lead"
    " decides.",
)
CLASHES = Duty(
    "clashes",
    "Clashes",
    "Booked on a day on which the therapist is away or the clinic is closed.",
    "sessions:move",
    "Move",
)
LEFT = Duty(
    "left",
    "Left with a caseload",
    "No longer works here, and still carries open courses.",
    "caseload:hand_over",
    "Hand over",
)
OVERLOADED = Duty(
    "overloaded",
    "Overloaded",
    "Carries more courses than places, or as a trainee more than the clinic’s settings allow.",
)
DUTIES = (LEFT, NEW, SCREENING, BREACHED, NEAR, READY, UNBOOKED, CLASHES, MISSED, OVERLOADED)
BY_SLUG = {duty.slug: duty for duty in DUTIES}


def office(user: User, *, now: datetime) -> Office:
    """Everything that waits, with the first rows of each duty."""
    asked = _Asked(user, now)
    found = asked.courses_of_all(ROWS_OF_A_DUTY)
    found[CLASHES.slug] = asked.clashes(0, ROWS_OF_A_DUTY)
    for slug, lines in ((LEFT.slug, asked.left()), (OVERLOADED.slug, asked.overloaded())):
        found[slug] = (len(lines), lines[:ROWS_OF_A_DUTY])
    waiting = [Waiting(duty, *found[duty.slug]) for duty in DUTIES if found.get(duty.slug, (0,))[0]]
    quiet = [duty for duty in DUTIES if not found.get(duty.slug, (0,))[0]]
    return Office(waiting, quiet, alerts())


def duty_page(slug: str, user: User, *, now: datetime, page: int) -> Waiting:
    """One page of the rows of a duty, and how many there are in all."""
    asked = _Asked(user, now)
    start = (min(page, LAST_PAGE) - 1) * ROWS_ON_A_PAGE
    end = start + ROWS_ON_A_PAGE
    if slug == CLASHES.slug:
        count, lines = asked.clashes(start, end)
    elif slug in (LEFT.slug, OVERLOADED.slug):
        people = asked.left() if slug == LEFT.slug else asked.overloaded()
        count, lines = len(people), people[start:end]
    else:
        count, lines = asked.courses_of(slug, start, end)
    return Waiting(BY_SLUG[slug], count, lines)


def who_left(user: User, *, now: datetime) -> list[Line]:
    """Who no longer works here and still carries open courses."""
    return _Asked(user, now).left()


def alerts() -> Alerts:
    with connection.cursor() as cursor:
        cursor.execute("SELECT open, unanswered FROM count_open_alerts()")
        return Alerts(*cursor.fetchone())


# --- The questions ----------------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A course of a duty. `place` is its place in the duty's order, `total` how many there are."""

    slug: str
    place: int
    total: int
    course_id: UUID
    client_id: UUID
    first_name: str
    last_name: str
    status: str
    referred_on: date
    days: int
    who: str


class _Asked:
    """The questions of one reader at one moment."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user = user
        self.now = now
        self.today = timezone.localdate(now)
        self._rows: dict[str, Callable[[], tuple[Any, tuple[Any, ...]]]] = {
            NEW.slug: self._new,
            SCREENING.slug: self._screening,
            BREACHED.slug: self._breached,
            NEAR.slug: self._near,
            READY.slug: self._ready,
            UNBOOKED.slug: self._unbooked,
            MISSED.slug: self._missed,
        }

    @cached_property
    def clinic(self) -> Clinic:
        return Clinic.objects.first() or Clinic()

    # --- Courses

    def courses_of_all(self, most: int) -> dict[str, tuple[int, list[Line]]]:
        """The first rows of each duty that is about courses, in one question."""
        first, *others = [self._columns(slug)[:most] for slug in self._rows]
        found = sorted(_Found(*columns) for columns in first.union(*others, all=True))
        return {slug: self._said([row for row in found if row.slug == slug]) for slug in self._rows}

    def courses_of(self, slug: str, start: int, end: int) -> tuple[int, list[Line]]:
        rows = self._columns(slug)
        found = [_Found(*columns) for columns in rows[start:end]]
        # Behind the last page there is no row that could say the count.
        count, lines = self._said(found)
        return (count or rows.count() if start else count), lines

    def _columns(self, slug: str) -> QuerySet[Any, Any]:
        courses, order = self._rows[slug]()
        given = {
            "_slug": Value(slug, output_field=CharField()),
            "_place": Window(RowNumber(), order_by=list(order)),
            "_total": Window(Count("pk")),
            "_who": Coalesce(self._holder(), Value(""), output_field=CharField()),
        }
        names = ("client__first_name", "client__last_name", "status", "referred_on", "days")
        return (
            courses.with_days_waited(on=self.today)
            .annotate(**given)
            .order_by("_place")
            .values_list("_slug", "_place", "_total", "pk", "client", *names, "_who")
        )

    def _courses(self) -> Any:
        return Course.objects.visible_to(self.user)

    def _allocated(self) -> Any:
        return Allocation.objects.current(at=self.now)

    def _holder(self) -> Subquery:
        held = self._allocated().filter(course=OuterRef("pk")).order_by()
        return Subquery(held.values("therapist__full_name")[:1])

    def _new(self) -> tuple[Any, tuple[Any, ...]]:
        given = self._allocated().screening().order_by().values("course")
        return (
            self._courses().filter(status=Status.REFERRED).exclude(pk__in=given),
            (F("referred_on"), F("pk")),
        )

    def _screening(self) -> tuple[Any, tuple[Any, ...]]:
        late = day_before_working_days(self.today, self.clinic.screening_working_days + 1)
        return (
            self._courses().filter(status=Status.REFERRED, referred_on__lte=late),
            (F("referred_on"), F("pk")),
        )

    def _who_waits(self) -> Any:
        """Until treatment begins; of who is opened again the clock began anew."""
        return self._courses().that_wait().with_days_waited(on=self.today)

    def _breached(self) -> tuple[Any, tuple[Any, ...]]:
        waits = self._who_waits().filter(days__gt=self.clinic.wait_first_days)
        return waits, (F("days").desc(), F("pk"))

    def _near(self) -> tuple[Any, tuple[Any, ...]]:
        limit = self.clinic.wait_first_days
        waits = self._who_waits().filter(days__gt=limit - self.clinic.wait_warning_days, days__lte=limit)
        return waits, (F("days").desc(), F("pk"))

    def _ready(self) -> tuple[Any, tuple[Any, ...]]:
        carried = self._allocated().carrying().order_by().values("course")
        waits = self._courses().filter(status=Status.WAITING, paused_since=None).exclude(pk__in=carried)
        return waits, (F("priority").desc(), F("referred_on"), F("pk"))

    def _unbooked(self) -> tuple[Any, tuple[Any, ...]]:
        ahead = TherapySession.objects.ahead(at=start_of_day(self.now)).order_by().values("course")
        carried = self._allocated().carrying().order_by().values("course")
        begun = Q(status=Status.IN_TREATMENT) | Q(status=Status.WAITING, pk__in=carried)
        return (
            self._courses().filter(begun).exclude(pk__in=ahead),
            (F("client__last_name"), F("client__first_name"), F("pk")),
        )

    def _missed(self) -> tuple[Any, tuple[Any, ...]]:
        proposed = proposed_ends(self._sessions()).values("course")
        return (
            self._courses().filter(pk__in=proposed),
            (F("client__last_name"), F("client__first_name"), F("pk")),
        )

    def _sessions(self) -> Any:
        return TherapySession.objects.visible_to(self.user).filter(course__status__in=OPEN)

    def _said(self, found: list[_Found]) -> tuple[int, list[Line]]:
        if not found:
            return 0, []
        missed = {}
        if found[0].slug == MISSED.slug:
            rows = proposed_ends(self._sessions().filter(course__in=[row.course_id for row in found]))
            missed = {row["course"]: (row["missed"], row["last_missed"]) for row in rows}
        return found[0].total, [self._line(row, missed.get(row.course_id)) for row in found]

    def _line(self, row: _Found, missed: tuple[int, datetime] | None) -> Line:
        act, label = self._act(row)
        return Line(
            key=row.course_id,
            course_id=row.course_id,
            name=f"{row.first_name} {row.last_name}",
            href=self._address(row.course_id, row.client_id),
            reason=self._reason(row, missed),
            act=act,
            label=label,
            tag=self._tag(row),
        )

    def _act(self, row: _Found) -> tuple[str, str]:
        """The page that does it, and its name. Who is not screened yet is screened first, who has a therapist is not allocated
        again, and the lead books nothing."""
        duty = BY_SLUG[row.slug]
        page, label = duty.act, duty.label
        if page == "courses:allocate" and row.status == Status.REFERRED:
            page, label = SCREENING.act, SCREENING.label
        elif page == "courses:allocate" and row.who:
            page, label = "referrals:wait", "See the wait"
        if not page or (page == "sessions:book" and not self.user.is_administrator):
            return "", label
        return address(page, row.course_id), label

    def _tag(self, row: _Found) -> tuple[str, str] | None:
        if row.slug in (BREACHED.slug, NEAR.slug):
            return ("risk" if row.slug == BREACHED.slug else "warn", plural(row.days, "day"))
        return None

    def _reason(self, row: _Found, missed: tuple[int, datetime] | None) -> str:
        since = f"Referred on {short_day(row.referred_on, self.now)}"
        if missed:
            with_whom = f" {row.who} carries the course." if row.who else ""
            return f"Missed {missed[0]} in a row, the last on {short_day(missed[1], self.now)}.{with_whom}"
        if row.slug == NEW.slug:
            return f"{since}."
        if row.slug == UNBOOKED.slug:
            if row.status == Status.WAITING:
                return f"Allocated to {row.who}, with no first appointment."
            return f"In treatment with {row.who or 'nobody'}."
        if row.status == Status.REFERRED:
            return f"{since}. {f'{row.who} screens it' if row.who else 'Not given to a screener'}."
        if row.slug == READY.slug:
            return f"{since}, {plural(row.days, 'day')} of waiting."
        return f"{since}. {f'Allocated to {row.who}' if row.who else 'No therapist yet'}."

    def _address(self, course_id: UUID, client_id: UUID) -> str:
        """The course for who may read it; the client's facts for an administrator."""
        if policy.sees_all_content(self.user):
            return address("courses:detail", course_id)
        return address("clients:detail", client_id)

    # --- Appointments

    def clashes(self, start: int, end: int) -> tuple[int, list[Line]]:
        away = Leave.objects.filter(
            person=OuterRef("therapist"),
            starts_on__lte=OuterRef("starts_at__date"),
            ends_on__gte=OuterRef("starts_at__date"),
        )
        closed = Holiday.objects.filter(day=OuterRef("starts_at__date"))
        booked = (
            TherapySession.objects.visible_to(self.user)
            .ahead(at=self.now)
            .filter(Exists(away) | Exists(closed))
            .annotate(
                total=Window(Count("pk")),
                until=Subquery(away.order_by("-ends_on").values("ends_on")[:1]),
                closed_for=Subquery(closed.values("name")[:1]),
            )
            .order_by("starts_at", "pk")
            .select_related("client", "therapist")
        )
        rows = list(booked[start:end])
        count = rows[0].total if rows else booked.count() if start else 0
        return count, [self._clash(row) for row in rows]

    def _clash(self, row: Any) -> Line:
        when = f"{near_day(row.starts_at, self.now)}, {clock(row.starts_at)}"
        why = f"the clinic is closed ({row.closed_for})" if row.closed_for else ""
        if not why:
            why = f"{row.therapist.full_name} is away until {short_day(row.until, self.now)}"
        may_move = self.user.is_administrator
        return Line(
            key=row.pk,
            course_id=row.course_id,
            name=row.client.name,
            href=self._address(row.course_id, row.client_id),
            reason=f"{when}: {why}.",
            act=address(CLASHES.act, row.course_id, row.pk) if may_move else "",
            label=CLASHES.label,
        )

    # --- People

    def left(self) -> list[Line]:
        return [self._left(gone) for gone in left_behind(reader=self.user, at=self.now)]

    def _left(self, gone: LeftBehind) -> Line:
        what = [plural(gone.courses, "course")] if gone.courses else []
        what += [f"{plural(gone.screenings, 'referral')} to screen"] if gone.screenings else []
        plan = " A plan is begun and not sent." if gone.has_plan else ""
        reason = f"{' and '.join(what)} to hand over.{plan}"
        return self._person(gone.person.pk, gone.person.full_name, reason, LEFT)

    def overloaded(self) -> list[Line]:
        """Asked for those who allocate: they alone see every allocation."""
        if not policy.may_allocate(self.user):
            return []
        carriers = (
            self._allocated()
            .carrying()
            .filter(course__status__in=OPEN, therapist__is_active=True)
            .order_by("therapist__full_name", "therapist")
            .values_list("therapist", "therapist__full_name", "therapist__is_trainee", "therapist__places")
            .annotate(carried=Count("course", output_field=IntegerField()))
        )
        found = []
        for key, name, is_trainee, places, carried in carriers:
            most = min(places, self.clinic.trainee_places_most) if is_trainee else places
            if carried > most:
                whose = "as a trainee at most" if most < places else "of"
                reason = f"Carries {plural(carried, 'course')}, {whose} {plural(most, 'place')}."
                found.append(self._person(key, name, reason, OVERLOADED))
        return found

    def _person(self, key: UUID, name: str, reason: str, duty: Duty) -> Line:
        page = address("caseload:all" if self.user.is_lead else "caseload:clinic")
        return Line(
            key=key,
            name=name,
            href=f"{page}?therapist={key}",
            reason=reason,
            act=address(duty.act, key) if duty.act else "",
            label=duty.label,
        )
