"""Pages that move and end a course and change its programme. Reading it is the record's, allocating it the sessions', agreeing
its focus the interpersonal room's, which knows the people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses import protocol
from courses.actions import (
    change_programme,
    end_course,
    move_course,
    never_accepted,
    readable_days_after_end,
    therapist_of,
    what_is_in_the_way,
    what_it_says,
)
from courses.contract_actions import standing_contract
from courses.forms import EndForm, MoveForm, ProgrammeForm
from courses.lifecycle import Status
from courses.models import Course
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def programme(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The programme and how many sessions each phase has."""
    course = _course(request, course_id)
    allow(policy.may_edit_programme(request.user, course))
    form = ProgrammeForm(_typed(request), course=course)
    attended = course.sessions.numbered().count()
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_programme(
                course=course,
                programme=form.cleaned_data["programme"],
                split=form.split(),
                planned=form.cleaned_data["planned"],
                version=form.based_on(),
                seen=form.what_was_seen(),
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refusal:
            _refuse(form, refusal, course)
        else:
            _say_the_programme(request, changed, attended)
            return redirect("courses:detail", course.pk)
    return _page(
        request,
        "courses/programme.html",
        "Programme page",
        course,
        form,
        presets=_presets(),
        attended=attended,
        contract=standing_contract(course),
    )


@page
def move(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The status, where a person decides it: wait, pause, resume, not taken on, open again."""
    course = _course(request, course_id)
    allow(policy.may_move_course(request.user, course))
    form = MoveForm(_typed(request), course=course, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_course(
                course=course,
                by=request.user,
                version=form.based_on(),
                seen=form.what_was_seen(),
                **form.move(),
            )
        except ValidationError as refusal:
            _refuse(form, refusal, course)
        else:
            now = moved.get_status_display().lower()
            messages.success(request, f"The course of {course.client.name} is {now} now.")
            return redirect("clients:detail", course.client_id)
    elif request.method == "POST":
        form.tell(course, what_it_says(course))
    return _page(
        request,
        "courses/move.html",
        "Status page",
        course,
        form,
        moves=course.moves.select_related("by").order_by("-at")[:20],
        may_end=policy.may_end_course(request.user, course),
        may_book=policy.may_book(request.user, course),
        may_screen=policy.may_screen(request.user, course),
        is_unscreened=course.status == Status.REFERRED
        or (course.status == Status.NOT_TAKEN_ON and never_accepted(course)),
        in_the_way=what_is_in_the_way(course, to=Status.NOT_TAKEN_ON) if form.closes else None,
    )


@page
def end(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Treatment has ended: why, when, and whether follow-up comes."""
    course = _course(request, course_id)
    allow(policy.may_end_course(request.user, course))
    form = EndForm(_typed(request), course=course)
    if request.method == "POST" and form.is_valid():
        try:
            ended = end_course(
                course=course,
                reason_code=form.cleaned_data["end_reason"],
                on=form.cleaned_data["on"],
                to=form.cleaned_data["to"],
                by=request.user,
                version=form.based_on(),
                seen=form.what_was_seen(),
            )
        except ValidationError as refusal:
            _refuse(form, refusal, course)
        else:
            now = "over" if ended.status == Status.ENDED else "in follow-up"
            messages.success(request, f"The course of {course.client.name} is {now}.")
            return redirect("clients:detail", course.client_id)
    elif request.method == "POST":
        form.tell(course, what_it_says(course))
    in_the_way = what_is_in_the_way(course, to=Status.ENDED)
    return _page(
        request,
        "courses/end.html",
        "Page to end a course",
        course,
        form,
        in_the_way=in_the_way,
        may_book=policy.may_book(request.user, course),
        attended=course.sessions.numbered().count(),
        readable_days=readable_days_after_end(),
    )


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _refuse(form: Any, refusal: ValidationError, course: Course) -> None:
    """The page that answers shows the course as it stands now."""
    course.refresh_from_db()
    form.refuse(refusal)


def _page(
    request: StaffRequest, template: str, what: str, course: Course, form: Any, **context: Any
) -> HttpResponse:
    client = course.client
    record(Action.READ, what, by=request.user, about=course, request=request)
    context |= {
        "course": course,
        "client": client,
        "form": form,
        "banner": banner_for(client, user=request.user),
        "therapist": therapist_of(course),
    }
    return render(request, template, context, status=form.status)


def _presets() -> list[dict[str, Any]]:
    """Each programme with its phases in words, for the pages that choose one."""
    return [
        {
            "code": preset.code,
            "name": preset.name,
            "phases": "initial {}, middle {}, end {}".format(*preset.split) if preset.split else "no phases",
        }
        for preset in protocol.PRESETS.values()
    ]


def _say_the_programme(request: StaffRequest, course: Course, attended: int) -> None:
    planned = course.planned_sessions
    messages.success(request, f"The programme of {course.client.name} plans {planned} sessions now.")
    if attended > planned:
        messages.warning(
            request, f"{attended} sessions were attended already, more than the {planned} planned."
        )
