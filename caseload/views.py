"""Pages of lists: Today, my caseload, supervisees, the whole clinic, find a client."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from caseload import agenda, queries, screening, tables
from caseload import attention as needs
from caseload import unsigned as unsigned_work
from caseload.office import who_left
from caseload.own_alerts import alerts_of
from caseload.queries import Listing
from caseload.standstill import standstill
from caseload.wrong_client import misplaced
from record import filters
from record.addresses import address
from record.rows import ids
from record.wanted import Wanted, name_in, wanted
from sessions.unsigned import unsigned
from staff.models import Role, User
from staff.requests import StaffRequest
from supervision.agreed import course_ids, own_actions
from supervision.flags import BY_SLUG, ON_TODAY

MOST_TO_CHOOSE = 200
FIRST_PAGES = (
    (Role.THERAPIST, "caseload:today"),
    (Role.SUPERVISOR, "supervision:review"),
    (Role.ADMINISTRATOR, "caseload:office"),
    (Role.LEAD, "caseload:all"),
)


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Each to the first page of their first role; who has none is told what to do."""
    for role, page in FIRST_PAGES:
        if request.user.has_role(role):
            return redirect(page)
    if request.user.deputises:
        return redirect("supervision:review")
    return render(request, "caseload/no_role.html")


@require_safe
def today(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_caseload(request.user))
    now = timezone.now()
    asked = _asked_of_caseload(request)
    listing = queries.caseload(request.user, asked, now=now)
    booked = queries.appointments_of(request.user, now=now)
    listed = agenda.items(booked, now=now)
    up = needs.own(request.user, now=now)
    sealed = misplaced(request.user, at=now)
    own_alerts = alerts_of(request.user, now=now)
    screenings = screening.own(request.user, now=now)
    agreed = own_actions(request.user, now=now)
    shown = {
        *ids(listing.rows),
        *course_ids(agreed),
        *(row.course_id for row in sealed),
        *(row.course_id for row in own_alerts),
        *(row.course_id for row in screenings),
        *(a["course_id"] for a in booked),
        *(row.course_id for row in up.first),
    }
    record(Action.LIST, "Today", by=request.user, ids=sorted(shown), request=request)
    context = _caseload_context(request, listing, asked) | {
        "now": timezone.localtime(now),
        "greeting": _greeting(timezone.localtime(now).hour),
        "appointments": listed,
        "appointments_mark": agenda.mark_of(listed),
        "attention": up,
        "misplaced": sealed,
        "own_alerts": own_alerts,
        "screenings": screenings,
        "agreed": agreed,
        "book_url": address("courses:choose", "book"),
        "log_url": address("courses:choose", "log"),
    }
    return render(request, "caseload/today.html", context)


@require_safe
def appointments(request: StaffRequest) -> HttpResponse:
    """The day's appointments as they stand now; nothing where the page shows them already."""
    allow(policy.may_see_caseload(request.user))
    now = timezone.now()
    rows = queries.appointments_of(request.user, now=now)
    listed = agenda.items(rows, now=now)
    if agenda.mark_of(listed) == request.GET.get("mark", ""):
        return HttpResponse(status=204)
    shown = sorted({row["course_id"] for row in rows})
    record(Action.LIST, "Appointments of today", by=request.user, ids=shown, request=request)
    context = {"appointments": listed, "appointments_mark": agenda.mark_of(listed)}
    return render(request, "caseload/_appointments.html", context)


@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_caseload(request.user))
    asked = _asked_of_caseload(request)
    listing = queries.caseload(request.user, asked, now=timezone.now())
    record(Action.LIST, "My caseload", by=request.user, ids=ids(listing.rows), request=request)
    return render(request, "caseload/mine.html", _caseload_context(request, listing, asked))


@require_safe
def supervisees(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_supervisees(request.user))
    now = timezone.now()
    asked = wanted(
        request.GET,
        sorts=queries.SORTS,
        phases=tuple(filters.PHASES),
        foci=tuple(filters.FOCI),
        shown=tuple(filters.SHOWN),
        by_therapist=True,
    )
    people = policy.supervised_by(request.user, at=now).values_list("pk", "full_name")
    listing = queries.of_supervisees(request.user, asked, now=now)
    own_alerts = alerts_of(request.user, now=now)
    agreed = own_actions(request.user, now=now)
    shown = {*ids(listing.rows), *course_ids(agreed), *(row.course_id for row in own_alerts)}
    record(Action.LIST, "Supervisees’ courses", by=request.user, ids=sorted(shown), request=request)
    narrowing = [
        filters.therapist(asked, people),
        filters.phase(asked),
        filters.focus(asked),
        filters.shown(asked),
    ]
    context = _context(
        request, listing, asked, narrowing, tables.SUPERVISEES, queries.SORTS, "Supervisees’ courses"
    )
    context["own_alerts"] = own_alerts
    context["agreed"] = agreed
    return render(request, "caseload/supervisees.html", context)


@require_safe
def whole_clinic(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_whole_clinic(request.user))
    asked = wanted(request.GET, sorts=queries.CLINIC_SORTS, shown=tuple(filters.STATUSES), by_therapist=True)
    now = timezone.now()
    listing = queries.of_the_clinic(request.user, asked, now=now, clinical=True)
    sealed = misplaced(request.user, at=now)
    own_alerts = alerts_of(request.user, now=now)
    shown = {
        *ids(listing.rows),
        *(row.course_id for row in sealed),
        *(row.course_id for row in own_alerts),
    }
    record(Action.LIST, "All courses", by=request.user, ids=sorted(shown), request=request)
    narrowing = _clinic_filters(asked)
    context = _context(
        request,
        listing,
        asked,
        narrowing,
        tables.SUPERVISEES,
        queries.CLINIC_SORTS,
        "All courses of the clinic",
    )
    context["misplaced"] = sealed
    context["own_alerts"] = own_alerts
    context["left_behind"] = who_left(request.user, now=now)
    return render(request, "caseload/all.html", context)


@require_safe
def clinic(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_clinic_diary(request.user))
    statuses = tuple(filters.STATUSES)
    waits = request.GET.get("show") in queries.WHO_WAIT
    sorts = queries.WAITING_SORTS if waits else queries.CLINIC_SORTS
    asked = wanted(request.GET, sorts=sorts, shown=statuses, by_therapist=True)
    listing = queries.of_the_clinic(request.user, asked, now=timezone.now(), clinical=False)
    record(Action.LIST, "Clinic’s courses", by=request.user, ids=ids(listing.rows), request=request)
    narrowing = _clinic_filters(asked)
    context = _context(request, listing, asked, narrowing, tables.CLINIC, sorts, "All courses of the clinic")
    context["register_url"] = address("clients:register") if policy.may_register_client(request.user) else ""
    return render(request, "caseload/clinic.html", context)


@require_safe
def attention(request: StaffRequest, slug: str) -> HttpResponse:
    """Every row behind a count of Today."""
    allow(policy.may_see_caseload(request.user))
    if slug not in ("all", *(flag.slug for flag in ON_TODAY)):
        raise Http404
    up = needs.own(request.user, now=timezone.now())
    rows, flag = up.of(slug), BY_SLUG.get(slug)
    record(
        Action.LIST,
        "Needs attention",
        by=request.user,
        ids=sorted({row.course_id for row in rows}),
        request=request,
    )
    return render(
        request,
        "caseload/attention.html",
        {
            "attention": up,
            "rows": rows,
            "flag": flag,
            "threshold": flag.threshold_of(up.clinic) if flag else "",
            "slug": slug,
        },
    )


@require_safe
def unsigned_notes(request: StaffRequest) -> HttpResponse:
    """What waits for a signature or a co-signature, and in numbers what others have not signed."""
    allow(policy.may_see_unsigned(request.user))
    user, now = request.user, timezone.now()
    waiting = unsigned()
    opened = _therapist_asked_for(request, {one.author for one in waiting})
    context: dict[str, Any] = {
        "is_author": user.is_therapist or any(one.author == user.pk for one in waiting),
        "own": unsigned_work.own_rows(user, waiting, now=now),
        "may_cosign": policy.may_see_supervisees(user) or user.is_lead,
        "to_cosign": unsigned_work.to_cosign(user, now=now),
        "sees_others": policy.may_see_supervisees(user) or policy.sees_all_names(user),
        "others": unsigned_work.by_therapist(user, waiting, now=now),
        "opened": opened,
        "rows": unsigned_work.rows_of(user, opened.pk, waiting, now=now) if opened else [],
    }
    courses = {row.course_id for name in ("own", "to_cosign", "rows") for row in context[name]}
    record(Action.LIST, "Unsigned", by=user, ids=sorted(courses), request=request)
    return render(request, "caseload/unsigned.html", context)


def _therapist_asked_for(request: StaffRequest, authors: Collection[UUID]) -> User | None:
    """One of those whose unsigned work this person may count; None for an address that names nobody of them."""
    try:
        asked = UUID(request.GET.get("therapist", ""))
    except ValueError:
        return None
    return User.objects.filter(pk=asked).first() if asked in authors else None


@require_safe
def find(request: StaffRequest) -> HttpResponse:
    words = name_in(request.GET)
    clients = queries.clients_named(words, reader=request.user) if words else []
    shown = clients[: queries.MOST_FOUND]
    if shown:
        record(
            Action.LIST,
            "Find a client",
            by=request.user,
            ids=[client.pk for client in shown],
            request=request,
        )
    context = {
        "words": words,
        "clients": [(client, _address_of(client)) for client in shown],
        "has_more": len(clients) > len(shown),
    }
    return render(request, "caseload/_found.html" if request.htmx else "caseload/find.html", context)


def _address_of(client: queries.FoundClient) -> str:
    """The course for who may read one, else the client's facts."""
    return address("courses:detail", client.course) if client.course else address("clients:detail", client.pk)


def _asked_of_caseload(request: StaffRequest) -> Wanted:
    return wanted(
        request.GET,
        sorts=queries.SORTS,
        phases=tuple(filters.PHASES),
        foci=tuple(filters.FOCI),
        shown=tuple(filters.SHOWN),
    )


def _caseload_context(request: StaffRequest, listing: Listing, asked: Wanted) -> dict[str, Any]:
    narrowing = [filters.phase(asked), filters.focus(asked), filters.shown(asked)]
    return _context(request, listing, asked, narrowing, tables.CASELOAD, queries.SORTS, "My caseload") | {
        "places": request.user.places
    }


def _context(
    request: StaffRequest,
    listing: Listing,
    asked: Wanted,
    narrowing: list[filters.Filter],
    columns: tuple[tables.Column, ...],
    sorts: tuple[str, ...],
    caption: str,
) -> dict[str, Any]:
    return {
        "listing": listing,
        "wanted": asked,
        "filters": narrowing,
        "table": tables.table(
            listing.rows, columns, reader=request.user, wanted=asked, sorts=sorts, caption=caption
        ),
        "previous_page": asked.query(page=asked.page - 1) if asked.page > 1 else "",
        "next_page": asked.query(page=asked.page + 1) if asked.page < listing.pages else "",
        "standstill": standstill(request.user, at=timezone.now()),
    }


def _clinic_filters(asked: Wanted) -> list[filters.Filter]:
    """A choice of therapists as long as it can be read; a clinic with more of them searches by the client."""
    people = list(
        User.objects.working().with_role(Role.THERAPIST).values_list("pk", "full_name")[: MOST_TO_CHOOSE + 1]
    )
    if len(people) > MOST_TO_CHOOSE:
        return [filters.status(asked)]
    return [filters.therapist(asked, people), filters.status(asked)]


def _greeting(hour: int) -> str:
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"
