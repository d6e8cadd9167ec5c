"""The waiting list as a list and as a board, and acts on several of those who wait at once."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from caseload import waiting_tables
from caseload.bulk import ACTS, MOST_ROWS, act_on_many, planned, with_what_is_asked
from caseload.queries import BY_NAME
from caseload.waiting import Group, waiting
from caseload.waiting_wanted import CLOCKS, GROUPS, NEEDS, PRIORITIES, SORTS, WAITS, Asked, asked
from courses.models import Course
from courses.places import places_of
from record.addresses import address
from record.filters import Filter
from record.words import plural
from referrals.clock import Limits, limits
from staff.models import User
from staff.requests import StaffRequest

MOST_TO_CHOOSE = 200
# Beside the list; all of them stand on the page that allocates.
MOST_THERAPISTS = 10


@require_safe
def waiting_list(request: StaffRequest) -> HttpResponse:
    """Who is referred and who waits. Focus and scores for the clinicians who screen, and the lead."""
    allow(policy.may_see_waiting_list(request.user))
    user, now, wanted, counted = request.user, timezone.now(), asked(request.GET), limits()
    found = waiting(user, wanted, limits=counted, now=now)
    record(Action.LIST, "Waiting list", by=user, ids=found.ids, request=request)
    runs = policy.may_run_waiting_list(user)
    ticks = runs and not wanted.view
    places = places_of(at=now) if policy.may_allocate(user) else []
    context: dict[str, Any] = {
        "waiting": found,
        "limits": counted,
        "asked": wanted,
        "groups": [_shown(group, wanted, user, now, ticks) for group in found.groups],
        "filters": _filters(wanted, counted),
        "further": _further(wanted),
        "places": places[:MOST_THERAPISTS],
        "more_therapists": len(places) - MOST_THERAPISTS,
        "with_places": sum(not each.is_full for each in places),
        "sees_places": policy.may_allocate(user),
        "acts": list(ACTS.values()) if ticks else [],
        "as_list": wanted.query(view=""),
        "as_board": wanted.query(view="board", group=""),
        "screening_url": address("caseload:screening"),
        "new_url": address("referrals:new") if policy.may_enter_referral(user) else "",
    }
    return render(request, "caseload/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def acts(request: StaffRequest) -> HttpResponse:
    """What is to be done to those who were ticked: first how, then for whom exactly, then it is done."""
    allow(policy.may_run_waiting_list(request.user))
    said = request.POST if request.method == "POST" else request.GET
    act = ACTS.get(said.get("act", ""))
    if act is None:
        raise Http404
    keys = _keys(said.getlist("row"))
    courses = Course.objects.visible_to(request.user)
    form = act.form(request.POST if request.method == "POST" else None)
    typed = form.act() if form.is_valid() else None
    if typed is not None and "confirm" in request.POST:
        try:
            done = act_on_many(
                act=act,
                courses=courses,
                versions=_versions(request.POST.getlist("seen")),
                typed=typed,
                key=_key(request.POST.get("key", "")),
                by=request.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{act.label}: done for {plural(len(done), 'client')}.")
            return redirect("caseload:waiting")
    ticked = with_what_is_asked(courses.filter(pk__in=keys)).order_by(*BY_NAME)
    included, left_out = planned(act, ticked, typed)
    shown = [plan.course.pk for plan in (*included, *left_out)]
    record(Action.LIST, "Several who wait", by=request.user, ids=shown, request=request)
    context = {"act": act, "form": form, "included": included, "left_out": left_out}
    context |= {"is_preview": typed is not None, "key": uuid4()}
    return render(request, "caseload/waiting_acts.html", context)


def _keys(said: list[str]) -> list[UUID]:
    keys = []
    for text in said[:MOST_ROWS]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


def _key(text: str) -> UUID:
    """The preview's own; whoever sends another has done nothing yet."""
    return (_keys([text]) or [uuid4()])[0]


def _versions(said: list[str]) -> dict[UUID, int]:
    """ "key:version" as the preview carried them; what is no such thing is a version that no course has."""
    versions = {}
    for text in said[:MOST_ROWS]:
        key, _, version = text.partition(":")
        for course in _keys([key]):
            versions[course] = int(version) if version.isascii() and version.isdigit() else 0
    return versions


def _shown(group: Group, wanted: Asked, user: User, now: Any, ticks: bool) -> dict[str, Any]:
    """A group as its section or column shows it."""
    draw = waiting_tables.cards if wanted.view else waiting_tables.table
    options = {} if wanted.view else {"ticks": ticks}
    is_all = bool(wanted.group) and not wanted.view
    return {
        "group": group,
        "table": draw(group, reader=user, now=now, **options) if group.rows else "",
        "all": "" if is_all or group.count <= len(group.rows) else wanted.query(view="", group=group.slug),
        "previous": wanted.query(page=group.page - 1) if group.page > 1 else "",
        "next": wanted.query(page=group.page + 1) if is_all and group.page < group.pages else "",
    }


def _filters(wanted: Asked, counted: Limits) -> list[Filter]:
    numbers = {"first": counted.first, "second": counted.second}
    waits = [(value, words.format(**numbers)) for value, words in WAITS.items()]
    groups = [] if wanted.view else [Filter("group", "Group", [("", "All"), *GROUPS.items()], wanted.group)]
    return [
        *groups,
        Filter("wait", "Wait", waits, wanted.wait),
        Filter("priority", "Priority", list(PRIORITIES.items()), wanted.priority),
        Filter("need", "Needs", list(NEEDS.items()), wanted.need),
        Filter("sort", "Order", list(SORTS.items()), wanted.sort),
    ]


def _further(wanted: Asked) -> list[Filter]:
    people = list(
        User.objects.working().filter(is_screener=True).values_list("pk", "full_name")[: MOST_TO_CHOOSE + 1]
    )
    screeners = [("", "Anybody"), *((str(key), name) for key, name in people)]
    clock = Filter("clock", "Clock", list(CLOCKS.items()), wanted.clock)
    if len(people) > MOST_TO_CHOOSE:
        return [clock]
    return [clock, Filter("screener", "Screener", screeners, str(wanted.screener or ""))]
