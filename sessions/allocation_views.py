"""Pages on which somebody decides who carries a course."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.actions import allocate_course, therapist_of
from courses.models import Course
from courses.transfers import is_covered, planned_of
from sessions.allocating import allocate_with_appointment
from sessions.allocation_forms import AllocateForm, NarrowForm, packed
from sessions.candidates import Candidate, candidates_for, usual_mode
from sessions.free_slots import FreeSlot, first_appointment_minutes
from sessions.models import Mode, TherapySession
from sessions.slots import in_words
from staff.models import User
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])
THERAPISTS_ON_A_PAGE = 12


@dataclass(frozen=True)
class Row:
    """A therapist with the value that the button of each free time carries."""

    candidate: Candidate
    first: list[tuple[FreeSlot, str]]
    more: list[tuple[FreeSlot, str]]


@page
def allocate(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Who carries the course: therapists side by side, each with a button, and one for each of their next free times."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_allocate(request.user))
    carrier = therapist_of(course)
    may_book = carrier is None and policy.may_book_first(request.user, course)
    form = AllocateForm(_typed(request), course=course, may_book=may_book)
    narrow = NarrowForm(request.GET)
    asked = narrow.cleaned_data if narrow.is_valid() else {}
    mode = asked.get("mode") or usual_mode(course.client)
    if request.method == "POST" and form.is_valid():
        try:
            said = _allocate(course, form, mode=mode, by=request.user)
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("clients:detail", course.client_id)
    listed = _candidates(course, asked, mode) if course.is_open else []
    record(Action.READ, "Allocation page", by=request.user, about=course, request=request)
    context = {
        "course": course,
        "client": course.client,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
        "therapist": carrier,
        "narrow": NarrowForm(initial={**asked, "mode": mode}),
        "listed": (on_page := Paginator(listed, THERAPISTS_ON_A_PAGE).get_page(request.GET.get("page"))),
        "rows": [_row(candidate) for candidate in on_page],
        "pages": _pages(on_page, asked, mode),
        "may_book": may_book,
        "planned": planned_of(course, at=timezone.now()),
        "is_covered": is_covered(course, timezone.now()),
        "mode": Mode(mode).label.lower(),
        "minutes": first_appointment_minutes(),
        "ahead": TherapySession.objects.visible_to(request.user)
        .filter(course=course)
        .ahead(at=timezone.now())
        .count(),
    }
    return render(request, "courses/allocate.html", context, status=form.status)


def _allocate(course: Course, form: AllocateForm, *, mode: str, by: User) -> str:
    """Does it, and says so in a sentence."""
    chosen, name = form.cleaned_data["slot"], course.client.name
    given = {
        "course": course,
        "by": by,
        "reason": form.cleaned_data["reason"],
        "version": form.based_on(),
        "seen": form.what_was_seen(),
    }
    if chosen is None:
        therapist = form.cleaned_data["therapist"]
        allocate_course(therapist=therapist, **given)
        return f"{therapist.full_name} carries the course of {name} now."
    session = allocate_with_appointment(
        therapist=chosen.therapist,
        starts_at=chosen.starts_at,
        minutes=first_appointment_minutes(),
        mode=mode,
        room=chosen.room if mode == Mode.IN_PERSON else None,
        **given,
    )
    local = timezone.localtime(session.starts_at)
    where = session.room.name if session.room else session.get_mode_display().lower()
    when = f"{in_words(local.date())}, {local:%H:%M}, {where}"
    return f"{chosen.therapist.full_name} carries the course of {name} now. First appointment: {when}."


def _candidates(course: Course, asked: dict[str, Any], mode: str) -> list[Candidate]:
    everybody = candidates_for(
        course.client, mode=mode, minutes=first_appointment_minutes(), at=timezone.now()
    )
    words = (asked.get("q") or "").casefold().split()
    return [
        candidate
        for candidate in everybody
        if all(word in candidate.therapist.full_name.casefold() for word in words)
        and (candidate.is_proposed or not asked.get("fitting"))
    ]


def _row(candidate: Candidate) -> Row:
    def carrying(slots: list[FreeSlot]) -> list[tuple[FreeSlot, str]]:
        return [(slot, packed(candidate.therapist, slot)) for slot in slots]

    return Row(candidate, carrying(candidate.first_slots), carrying(candidate.more_slots))


def _pages(on_page: Page[Any], asked: dict[str, Any], mode: str) -> dict[str, str]:
    """Addresses of the pages before and after this one, empty where there is none."""
    kept = {"q": asked.get("q") or "", "mode": mode} | ({"fitting": "on"} if asked.get("fitting") else {})
    before = on_page.previous_page_number() if on_page.has_previous() else 0
    after = on_page.next_page_number() if on_page.has_next() else 0
    return {
        "previous": "?" + urlencode(kept | {"page": before}) if before else "",
        "next": "?" + urlencode(kept | {"page": after}) if after else "",
    }


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None
