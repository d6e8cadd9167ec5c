"""The questions that lists ask: which courses, in which order, how many. What a row says is in record/rows.py."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from clients.models import Client
from courses.lifecycle import CLOSED, OPEN, Status
from courses.models import Allocation, Course, Focus
from outcomes.models import Link, Response
from record import rows
from record.rows import Row
from record.wanted import LAST_PAGE, Wanted
from record.words import start_of_day
from sessions.links import received_of_rows
from sessions.models import Note, TherapySession
from staff.models import User
from supervision import flags
from supervision.whose import supervised

ROWS_ON_A_PAGE = 40
# A longer list says "more than 10,000": counting all of a large clinic costs more than showing it.
MOST_COUNTED = 10_000

# As the index clients_in_order has them.
BY_NAME = ("client__last_name", "client__first_name", "client__pk", "pk")


@dataclass(frozen=True)
class Listing:
    """One page of a list, and how many rows there are in all."""

    rows: list[Row]
    count: int
    page: int
    active: int = 0

    @property
    def pages(self) -> int:
        return min(LAST_PAGE, max(1, -(-self.count // ROWS_ON_A_PAGE)))

    @property
    def is_capped(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def goes_on(self) -> bool:
        """There are rows that no page shows: a name or a filter leads to them."""
        return self.count > LAST_PAGE * ROWS_ON_A_PAGE


# --- Which courses ----------------------------------------------------------------------------------------------------


def carried(user: User, *, now: datetime) -> QuerySet[Course]:
    """The courses allocated to this person: what anyone may see, `visible_to` begins with these."""
    return Course.objects.carried_by(user, at=now)


# --- Filters and order ------------------------------------------------------------------------------------------------


def filtered(courses: QuerySet[Course], wanted: Wanted, *, now: datetime) -> QuerySet[Course]:
    """Only the courses that the address asks for."""
    if wanted.show in Status.values:
        courses = courses.filter(status=wanted.show)
    elif wanted.show != "all":
        courses = courses.filter(status__in=CLOSED if wanted.show == "closed" else OPEN)
    if wanted.q:
        # The courses are those that the reader may see; their clients go with them.
        courses = courses.filter(client__in=Client.objects.named_like(wanted.q).order_by().values("pk"))
    if wanted.therapist:
        courses = courses.filter(pk__in=_allocated_to(wanted.therapist, now))
    if wanted.focus:
        agreed = Focus.objects.current().filter(course=OuterRef("pk"))
        courses = courses.filter(
            ~Exists(agreed) if wanted.focus == "none" else Exists(agreed.filter(area=wanted.focus))
        )
    if wanted.phase:
        courses = courses.alias(attended=_attended()).filter(_IN_PHASE[wanted.phase])
    return courses


def _allocated_to(therapist: Any, now: datetime) -> QuerySet[Any]:
    return Allocation.objects.current(at=now).carrying().filter(therapist=therapist).values("course")


# The phase of the session that comes next, as protocol.phase_of says it; a programme without phases is in its middle.
_END_OF_INITIAL = F("split__0")
_END_OF_MIDDLE = F("split__0") + F("split__1")
_IN_PHASE = {
    "initial": Q(attended__lt=_END_OF_INITIAL),
    "middle": Q(split=None) | Q(attended__gte=_END_OF_INITIAL, attended__lt=_END_OF_MIDDLE),
    "end": Q(attended__gte=_END_OF_MIDDLE),
}


def _attended() -> Coalesce:
    sessions = TherapySession.objects.filter(course=OuterRef("pk")).order_by().values("course")
    return Coalesce(Subquery(sessions.annotate(highest=Max("number")).values("highest")), 0)


def _next_at(now: datetime) -> Subquery:
    ahead = TherapySession.objects.ahead(at=start_of_day(now)).filter(course=OuterRef("pk"))
    return Subquery(ahead.order_by("starts_at").values("starts_at")[:1])


def _points_up() -> Case:
    """By how many points the PHQ-9 went up from the first to the last treatment score, as scoring.first_and_last says which
    these are: one score alone, or none before the day of the last attended session, gives nothing to order by."""
    held = TherapySession.objects.filter(course=OuterRef(OuterRef("pk")), number__isnull=False)
    treated = held.order_by("-starts_at").values(day=TruncDate("starts_at"))[:1]
    totals = (
        Response.objects.standing()
        .filter(course=OuterRef("pk"), measure="phq9", total__isnull=False)
        .filter(taken_at__date__lte=Subquery(treated))
    )
    first = Subquery(totals.order_by("taken_at", "entered_at").values("total")[:1])
    last = Subquery(totals.order_by("-taken_at", "-entered_at").values("total")[:1])
    has_two = Exists(totals.order_by("taken_at")[1:2])
    return Case(When(has_two, then=last - first), output_field=IntegerField())


SORTS = ("next", "name", "course", "change")


def in_order(courses: QuerySet[Course], wanted: Wanted, *, now: datetime) -> QuerySet[Course]:
    """A small list (one person's courses, or their supervisees') in the order asked for: the next appointment first,
    unless the address says by name, by sessions attended, or by change (what got worse comes first). What has no such
    value comes last, either way."""
    backwards = wanted.sort.startswith("-")
    match wanted.sort.removeprefix("-"):
        case "name":
            names = [F(name) for name in BY_NAME]
            return courses.order_by(*((name.desc() for name in names) if backwards else names))
        case "course":
            courses, key = courses.alias(key=_attended()), F("key")
        case "change":
            courses, key, backwards = courses.alias(key=_points_up()), F("key"), not backwards
        case _:
            courses, key = courses.alias(key=_next_at(now)), F("key")
    first = key.desc(nulls_last=True) if backwards else key.asc(nulls_last=True)
    return courses.order_by(first, *BY_NAME)


# --- Pages of rows ----------------------------------------------------------------------------------------------------


def caseload(user: User, wanted: Wanted, *, now: datetime) -> Listing:
    """One person's own courses."""
    mine = carried(user, now=now)
    shown = filtered(mine, wanted, now=now)
    counts = mine.aggregate(
        active=Count("pk", filter=Q(status__in=OPEN)),
        shown=Count("pk", filter=Q(pk__in=shown.order_by().values("pk"))),
    )
    page = _page(in_order(shown, wanted, now=now), wanted)
    listed = rows.of_courses(page, now=now, clinical=True)
    return Listing(listed, counts["shown"], wanted.page, active=counts["active"])


def of_supervisees(user: User, wanted: Wanted, *, now: datetime) -> Listing:
    """The courses of those whom somebody supervises, each with its therapist."""
    shown = filtered(supervised(user, now=now), wanted, now=now)
    page = _page(_with_therapist(in_order(shown, wanted, now=now), now), wanted)
    listed = rows.of_courses(page, now=now, clinical=True, therapists=True)
    return Listing(_flagged(listed, user, now), shown.order_by().count(), wanted.page)


def of_the_clinic(user: User, wanted: Wanted, *, now: datetime, clinical: bool) -> Listing:
    """Every course, by name; with focus and scores for the lead alone."""
    courses = Course.objects.content_visible_to(user) if clinical else Course.objects.visible_to(user)
    shown = filtered(courses, wanted, now=now)
    page = _page(_with_therapist(_in_clinic_order(shown, wanted), now), wanted)
    listed = rows.of_courses(page, now=now, clinical=clinical, therapists=True)
    if clinical:
        listed = _flagged(listed, user, now)
    return Listing(listed, shown.order_by()[: MOST_COUNTED + 1].count(), wanted.page)


# What a row does not say already: focus and next appointment stand in columns of their own, drafts are their author's.
_FLAGS_OF_A_ROW = [flags.BY_SLUG[slug] for slug in ("risk", "contact", "not-logged", "measure")]


def _flagged(listed: list[Row], reader: User, now: datetime) -> list[Row]:
    """The rows with the flags that are up for them."""
    scope = flags.Scope(reader=reader, courses=rows.ids(listed), now=now)
    up: dict[UUID, dict[str, str]] = defaultdict(dict)
    for found in flags.rows(scope, flags=_FLAGS_OF_A_ROW):
        up[found.course_id][found.flag.name] = found.flag.tone
    return [
        replace(row, tags=(*row.tags, *((tone, name) for name, tone in up[row.course_id].items())))
        for row in listed
    ]


# A long list is ordered by what an index has: names, or the day of referral among those who wait.
CLINIC_SORTS = ("name",)
WAITING_SORTS = ("referred", "name")
WHO_WAIT = (Status.REFERRED, Status.WAITING)


def _in_clinic_order(courses: QuerySet[Course], wanted: Wanted) -> QuerySet[Course]:
    backwards = wanted.sort.startswith("-")
    by_referral = wanted.sort.removeprefix("-") == "referred" or (not wanted.sort and wanted.show in WHO_WAIT)
    names = ("referred_on", "pk") if by_referral else BY_NAME
    return courses.order_by(*(f"-{name}" if backwards else name for name in names))


def _page(courses: QuerySet[Course], wanted: Wanted) -> QuerySet[Course]:
    start = (wanted.page - 1) * ROWS_ON_A_PAGE
    return courses[start : start + ROWS_ON_A_PAGE]


def _with_therapist(courses: QuerySet[Course], now: datetime) -> QuerySet[Course]:
    current = Allocation.objects.current(at=now).carrying().filter(course=OuterRef("pk"))
    return courses.annotate(therapist_name=Subquery(current.values("therapist__full_name")[:1]))


# --- Finding a client -------------------------------------------------------------------------------------------------

MOST_FOUND = 20


@dataclass(frozen=True)
class FoundClient:
    """`course` is the one that the reader may open, the latest first."""

    pk: UUID
    name: str
    preferred_name: str
    number: str
    date_of_birth: date
    course: UUID | None


def clients_named(words: str, *, reader: User) -> list[FoundClient]:
    """Clients whom the reader may see, by the beginnings of their names or by number; one more than are shown."""
    clients = list(
        Client.objects.visible_to(reader)
        .named_like(words)
        .values("pk", "first_name", "last_name", "preferred_name", "number", "date_of_birth")[
            : MOST_FOUND + 1
        ]
    )
    courses = Course.objects.content_visible_to(reader).filter(
        client__in=[client["pk"] for client in clients]
    )
    latest = dict(courses.order_by("referred_on", "opened_at").values_list("client", "pk"))
    return [
        FoundClient(
            pk=client["pk"],
            name=f"{client['first_name']} {client['last_name']}",
            preferred_name=client["preferred_name"]
            if client["preferred_name"] != client["first_name"]
            else "",
            number=client["number"],
            date_of_birth=client["date_of_birth"],
            course=latest.get(client["pk"]),
        )
        for client in clients
    ]


# --- Appointments of a day --------------------------------------------------------------------------------------------


def appointments_of(user: User, *, now: datetime) -> list[dict[str, Any]]:
    """This person's appointments of the day that stand, in order, with what is known of each."""
    midnight = start_of_day(now)
    note = Note.objects.filter(session=OuterRef("pk"))
    before = TherapySession.objects.filter(course=OuterRef("course"), starts_at__lt=OuterRef("starts_at"))
    highest = before.order_by().values("course").annotate(highest=Max("number")).values("highest")
    live = Link.objects.live(at=now).filter(course=OuterRef("course"))
    return list(
        TherapySession.objects.visible_to(user)
        .filter(therapist=user, entered_in_error_at=None)
        .between(midnight, midnight + timedelta(days=1))
        .order_by("starts_at")
        .annotate(
            signed_at=Subquery(note.values("signed_at")[:1]),
            has_note=Exists(note),
            attended_before=Coalesce(Subquery(highest), 0),
            room_name=F("room__name"),
            received=received_of_rows(user),
            has_link=Exists(live),
            course_status=F("course__status"),
        )
        .values(
            "pk",
            "received",
            "has_link",
            "course_status",
            "course_id",
            "client__first_name",
            "client__last_name",
            "kind",
            "appointment_type",
            "starts_at",
            "ends_at",
            "mode",
            "room_name",
            "attendance",
            "number",
            "phase",
            "course__programme",
            "course__split",
            "signed_at",
            "has_note",
            "attended_before",
        )
    )
