"""The page of one wait: how long, why the clock stood still, how urgent it is, who tried to reach the person. Each act has an
address of its own, and answers with the same page where it was refused."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.forms import ActionForm
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.actions import therapist_of
from courses.models import Course
from referrals.clock import clock_of, limits
from referrals.models import ContactAttempt, Referral, WaitPause
from referrals.waiting import log_attempt, pause_wait, resume_wait, set_priority
from referrals.waiting_forms import AttemptForm, PauseForm, PriorityForm, ResumeForm
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def wait(request: StaffRequest, course_id: UUID) -> HttpResponse:
    return _page(request, _course(request, course_id))


@page
def pause(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The clock stands still, now or for days that are over."""
    course = _course(request, course_id)
    allow(policy.may_run_waiting_list(request.user))
    form = PauseForm(_typed(request), course=course)

    def act() -> str:
        paused = pause_wait(
            course=course,
            by=request.user,
            version=form.based_on(),
            seen=form.what_was_seen(),
            **{name: form.cleaned_data[name] for name in ("starts_on", "ends_on", "reason")},
        )
        name = course.client.name
        return (
            f"The pause of {name} is written down."
            if paused.ends_on
            else f"The clock of {name} stands still."
        )

    return _answer(request, course, form, act)


@page
def resume(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The clock runs again."""
    course = _course(request, course_id)
    allow(policy.may_run_waiting_list(request.user))
    form = ResumeForm(_typed(request), course=course)

    def act() -> str:
        resume_wait(
            course=course,
            ends_on=form.cleaned_data["ends_on"],
            by=request.user,
            version=form.based_on(),
            seen=form.what_was_seen(),
        )
        return f"The clock of {course.client.name} runs again."

    return _answer(request, course, form, act)


@page
def priority(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Who is offered a place first, and why."""
    course = _course(request, course_id)
    allow(policy.may_run_waiting_list(request.user))
    form = PriorityForm(_typed(request), course=course)

    def act() -> str:
        changed = set_priority(
            course=course,
            priority=form.cleaned_data["priority"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            version=form.based_on(),
            seen=form.what_was_seen(),
        )
        return f"The priority of {course.client.name} is {changed.get_priority_display().lower()}."

    return _answer(request, course, form, act)


@page
def attempt(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Somebody tried to reach the person."""
    course = _course(request, course_id)
    allow(policy.may_log_attempt(request.user, course))
    form = AttemptForm(_typed(request))

    def act() -> str:
        log_attempt(course=course, by=request.user, **form.act())
        return f"The attempt to reach {course.client.name} is logged."

    return _answer(request, course, form, act)


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(request: StaffRequest, course: Course, form: ActionForm, act: Callable[[], str]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("referrals:wait", course.pk)
    return _page(request, course, form)


def _page(request: StaffRequest, course: Course, refused: ActionForm | None = None) -> HttpResponse:
    """The form that was refused, or whose own address was opened, keeps its words and its place."""
    user, client = request.user, course.client
    runs = course.waits and policy.may_run_waiting_list(user)
    clock_form = priority_form = attempt_form = None
    if runs or isinstance(refused, PauseForm | ResumeForm):
        clock_form = ResumeForm(course=course) if course.paused_since else PauseForm(course=course)
        clock_form = refused if isinstance(refused, PauseForm | ResumeForm) else clock_form
    if runs or isinstance(refused, PriorityForm):
        priority_form = refused if isinstance(refused, PriorityForm) else PriorityForm(course=course)
    if isinstance(refused, AttemptForm) or (course.waits and policy.may_log_attempt(user, course)):
        attempt_form = refused if isinstance(refused, AttemptForm) else AttemptForm()
    record(Action.READ, "Wait of a client", by=user, about=course, request=request)
    context = {
        "course": course,
        "client": client,
        "banner": banner_for(client, user=user),
        "therapist": therapist_of(course),
        "clock": clock_of(course, limits(), on=timezone.localdate()),
        "referral": Referral.objects.visible_to(user)
        .filter(course=course)
        .select_related("screened_by")
        .first(),
        "pauses": WaitPause.objects.visible_to(user).filter(course=course).select_related("by", "ended_by"),
        "attempts": ContactAttempt.objects.visible_to(user).filter(course=course).select_related("by"),
        "refused": refused,
        "clock_form": clock_form,
        "priority_form": priority_form,
        "attempt_form": attempt_form,
    }
    return render(request, "referrals/wait.html", context, status=getattr(refused, "status", 200))
