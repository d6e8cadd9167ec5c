"""The log of recordings of one course, with the ratings of its sessions for those who may see them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.contract_actions import standing_contract
from courses.finding import readable_course
from courses.models import Course
from staff.models import Clinic, User
from staff.requests import StaffRequest
from supervision import recordings as log
from supervision.models import Rating, Recording
from supervision.recording_forms import NewRecordingForm, RecordingForm

page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Row:
    """One recording on the page. `rating` is what the reader may open, `rate` whether they may rate the session."""

    recording: Recording
    standing: log.Standing
    withdrawn_on: date | None
    rating: Rating | None
    may_rate: bool


@require_safe
def recordings(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """What was recorded, what is to be deleted first of all."""
    course = readable_course(request.user, course_id)
    ratings = list(
        Rating.objects.visible_to(request.user)
        .filter(course=course)
        .select_related("session", "rated_by", "therapist")
    )
    rows = _rows(course, request.user, ratings)
    context = {
        "rows": rows,
        "overdue": sum(row.standing.is_overdue for row in rows),
        "ratings": ratings,
        "contract": standing_contract(course),
        "may_enter": policy.may_enter_recording(request.user, course),
        "why_not": log.why_not_recorded(course),
        "may_change": policy.may_keep_recording_log(request.user, course),
    }
    return _page(request, course, "supervision/recordings.html", "Log of recordings", context)


def _rows(course: Course, user: User, ratings: list[Rating]) -> list[Row]:
    today, contract = timezone.localdate(), standing_contract(course)
    of_session = {rating.session_id: rating for rating in reversed(ratings)}
    by_me = {rating.session_id for rating in ratings if rating.rated_by_id == user.pk}
    supervised = set(
        policy.supervised_by(user, at=timezone.now()).values_list("pk", flat=True)
        if policy.supervises(user, course)
        else ()
    )
    found_rows = Recording.objects.visible_to(user).filter(course=course)
    rows = [
        Row(
            recording=each,
            standing=log.standing_of(each, on=today, contract=contract),
            withdrawn_on=log.withdrawn_on(each, contract),
            rating=of_session.get(each.session_id),
            may_rate=each.session.therapist_id in supervised
            and each.session.therapist_id != user.pk
            and each.session_id not in by_me,
        )
        for each in found_rows.select_related("session", "entered_by", "deleted_by").order_by(
            "-session__starts_at", "pk"
        )
    ]
    return sorted(rows, key=lambda row: not row.standing.is_overdue)


@page
def recording_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A recording of a held session; `?session=` chooses it beforehand."""
    course = readable_course(request.user, course_id)
    allow(policy.may_enter_recording(request.user, course))
    days = (Clinic.objects.first() or Clinic()).recording_days
    typed = request.POST if request.method == "POST" else None
    form = NewRecordingForm(typed, course=course, chosen=request.GET.get("session", ""), days=days)
    if request.method == "POST" and form.is_valid():
        try:
            log.enter_recording(course=course, by=request.user, **form.said())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The recording is in the log.")
            return redirect("supervision:recordings", course.pk)
    context = {"form": form, "why_not": log.why_not_recorded(course), "has_sessions": bool(form.sessions)}
    return _page(request, course, "supervision/recording_new.html", "Page to enter a recording", context)


@page
def recording(request: StaffRequest, course_id: UUID, recording_id: UUID) -> HttpResponse:
    """One recording in full; who keeps the log says here what became of it."""
    course = readable_course(request.user, course_id)
    may_change = policy.may_keep_recording_log(request.user, course)
    allow(may_change or request.method != "POST")
    rows = Recording.objects.visible_to(request.user).filter(course=course)
    row = found(rows.select_related("session", "course", "entered_by", "deleted_by"), pk=recording_id)
    form = RecordingForm(request.POST if request.method == "POST" else None, recording=row)
    if request.method == "POST" and form.is_valid():
        try:
            log.change_recording(
                recording=row,
                version=form.based_on(),
                seen=form.what_was_seen(),
                by=request.user,
                **form.said(),
            )
        except ValidationError as refusal:
            row.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, "The log of recordings is changed.")
            return redirect("supervision:recordings", course.pk)
    elif request.method == "POST":
        form.tell(row, log.what_it_says(row))
    contract = standing_contract(course)
    context = {
        "row": row,
        "form": form,
        "standing": log.standing_of(row, on=timezone.localdate(), contract=contract),
        "withdrawn_on": log.withdrawn_on(row, contract),
        "may_change": may_change and (row.deleted_on is None or form.status != 200),
    }
    what = "Recording of a session"
    return _page(request, course, "supervision/recording.html", what, context, status=form.status)


def _page(
    request: StaffRequest,
    course: Course,
    template: str,
    what: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    record(Action.READ, what, by=request.user, about=course, request=request)
    banner = banner_for(course.client, user=request.user)
    return render(request, template, {"course": course, "banner": banner, **context}, status=status)
