"""Pages on which a course goes to another therapist, for good or for a time, and what is planned is called off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.actions import count_drafts, therapist_of
from courses.models import Course
from courses.transfers import is_covered, planned_of
from sessions.candidates import candidates_for, usual_mode
from sessions.going_along import appointments_between
from sessions.slots import in_words
from sessions.transfer_forms import CallOffForm, CoverForm, TransferForm
from sessions.transferring import Handed, call_off_transfer, cover_course, in_a_list, transfer_course
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def transfer(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """To another therapist, for good."""
    return _hand(request, course_id, TransferForm, transfer_course, "Transfer page", is_cover=False)


@page
def cover(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """To another therapist for a time; then it goes back by itself."""
    return _hand(request, course_id, CoverForm, cover_course, "Cover page", is_cover=True)


@page
def call_off(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """What is planned, and a button that takes it back."""
    course = _course(request, course_id)
    form = CallOffForm(_typed(request), course=course)
    if request.method == "POST" and form.is_valid():
        try:
            done = call_off_transfer(
                course=course, by=request.user, version=form.based_on(), seen=form.what_was_seen()
            )
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            _say(
                request, f"{done.allocation.therapist.full_name} carries the course of {_name(course)}", done
            )
            return redirect("clients:detail", course.client_id)
    return _page(request, "courses/call_off.html", "Page to call off a transfer", course, form)


def _hand(
    request: StaffRequest, course_id: UUID, form_class: Any, act: Any, what: str, *, is_cover: bool
) -> HttpResponse:
    course = _course(request, course_id)
    now, carrier = timezone.now(), therapist_of(course)
    # Who has typed while another planned something keeps their words, and is told.
    shows_form = request.method == "POST" or not planned_of(course, at=now)
    if carrier is None or not course.is_open or not shows_form:
        return _page(request, "courses/transfer.html", what, course, None, is_cover=is_cover)
    client = course.client
    mode = usual_mode(client)
    everybody = candidates_for(client, mode=mode, minutes=0, at=now, but=[carrier.pk], with_slots=False)
    form = form_class(_typed(request), course=course, carrier=carrier, candidates=everybody)
    if request.method == "POST" and form.is_valid() and form.look_at_appointments(now=now):
        try:
            done = act(course=course, by=request.user, **form.what())
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            _say(request, _in_words(course, done, is_now=form.since is None), done)
            return redirect("clients:detail", course.client_id)
    return _page(
        request,
        "courses/transfer.html",
        what,
        course,
        form,
        is_cover=is_cover,
        ahead=appointments_between(course, carrier, now, None),
        drafts=count_drafts(course, of=carrier),
    )


def _course(request: StaffRequest, course_id: UUID) -> Course:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_allocate(request.user))
    return course


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(
    request: StaffRequest, template: str, what: str, course: Course, form: Any, **context: Any
) -> HttpResponse:
    record(Action.READ, what, by=request.user, about=course, request=request)
    now = timezone.now()
    context |= {
        "course": course,
        "client": course.client,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
        "therapist": therapist_of(course),
        "planned": planned_of(course, at=now),
        "is_covered": is_covered(course, now),
    }
    return render(request, template, context, status=form.status if form else 200)


def _name(course: Course) -> str:
    return course.client.name


def _in_words(course: Course, done: Handed, *, is_now: bool) -> str:
    row = done.allocation
    since = "now" if is_now else f"from {_when(row.starts_at)}"
    until = f" until {_when(row.ends_at)}" if row.ends_at else ""
    return f"{row.therapist.full_name} carries the course of {_name(course)} {since}{until}"


def _when(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{in_words(local.date())}, {local:%H:%M}"


def _say(request: StaffRequest, sentence: str, done: Handed) -> None:
    count = len(done.moved)
    along = f" {count} appointment{' goes' if count == 1 else 's go'} along." if count else ""
    messages.success(request, f"{sentence}.{along}")
    if done.left:
        messages.warning(request, f"Not moved, to be sorted: {in_a_list(done.left)}.")
