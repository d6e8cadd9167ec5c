"""Pages of a course's safety plan: read, written anew, an earlier version, on paper, and that a copy was given."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from outcomes.models import SafetyPlan, SafetyPlanCopy
from outcomes.models.plans import PARTS
from outcomes.safety_plan import changed_since, record_copy, save_safety_plan
from outcomes.safety_plan_forms import CopyForm, PlanForm, title_of
from staff.requests import StaffRequest


@dataclass(frozen=True)
class Part:
    """One of the seven parts as a page states it. `before` is what the version before said, None where it said the same."""

    title: str
    words: str
    before: str | None = None


@require_safe
def plan(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The plan that stands, or how to begin one."""
    course = _course(request, course_id)
    return _plan_page(request, course, "Safety plan")


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A new version, begun from the one that stands."""
    course = _course(request, course_id)
    allow(policy.may_write_safety_plan(request.user, course))
    form = PlanForm(request.POST if request.method == "POST" else None, course=course)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_safety_plan(
                course=course, changes=form.words(), seen=form.what_was_seen(), by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Version {saved.number} of the safety plan stands.")
            return redirect("outcomes:plan", course.pk)
    _read(request, course, "Page to write the safety plan")
    return _page(request, course, "plan_edit", status=form.status, form=form)


@require_safe
def plan_version(request: StaffRequest, course_id: UUID, number: int) -> HttpResponse:
    """One version as it was agreed, with what it changed."""
    course = _course(request, course_id)
    versions = {plan.number: plan for plan in _versions(request, course)}
    if number not in versions:
        raise Http404
    _read(request, course, "Version of the safety plan")
    shown = versions[number]
    before = changed_since(shown, versions.get(number - 1))
    return _page(
        request,
        course,
        "plan_version",
        plan=shown,
        parts=_parts(shown, before),
        overdue=0,
        newest=max(versions),
        said_before={"day": before.get("review_on"), "shared": before.get("may_share_with")},
        is_changed=bool(before),
    )


@require_safe
def plan_print(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The plan for the client to take: on paper it names nobody beyond the first name."""
    course = _course(request, course_id)
    shown = _versions(request, course).order_by("-number").first()
    if shown is None:
        raise Http404
    _read(request, course, "Safety plan to print")
    parts = [part for part in _parts(shown) if part.words]
    may_write = policy.may_write_safety_plan(request.user, course)
    return _page(request, course, "plan_print", plan=shown, parts=parts, may_write=may_write)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_copy(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """That somebody was given a copy. What is refused is shown on the plan's own page."""
    course = _course(request, course_id)
    allow(policy.may_write_safety_plan(request.user, course))
    if request.method != "POST":
        return redirect("outcomes:plan", course.pk)
    form = CopyForm(request.POST, versions=list(_versions(request, course).order_by("-number")))
    if form.is_valid():
        try:
            record_copy(course=course, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "That a copy was given is recorded.")
            return redirect("outcomes:plan", course.pk)
    return _plan_page(request, course, "Safety plan", copy_form=form)


def _course(request: StaffRequest, course_id: UUID) -> Course:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_read_safety_plan(request.user, course))
    return course


def _versions(request: StaffRequest, course: Course) -> Any:
    return SafetyPlan.objects.visible_to(request.user).filter(course=course).select_related("written_by")


def _parts(plan: SafetyPlan, before: dict[str, Any] | None = None) -> list[Part]:
    return [Part(title_of(name), getattr(plan, name), (before or {}).get(name)) for name in PARTS]


def _plan_page(
    request: StaffRequest, course: Course, what: str, copy_form: CopyForm | None = None
) -> HttpResponse:
    _read(request, course, what)
    versions = list(_versions(request, course).order_by("-number"))
    standing = versions[0] if versions else None
    may_write = policy.may_write_safety_plan(request.user, course)
    # Whoever only covers sees the plan, and not to whom it was given.
    reads_all = may_write or policy.may_read_content(request.user, course)
    given = SafetyPlanCopy.objects.visible_to(request.user).filter(course=course)
    return _page(
        request,
        course,
        "plan",
        plan=standing,
        parts=_parts(standing) if standing else [],
        earlier=versions[1:],
        copies=list(given.select_related("plan", "by").order_by("-given_on", "-at")) if reads_all else None,
        copy_form=copy_form or (CopyForm(versions=versions) if may_write and versions else None),
        may_write=may_write,
        overdue=_days_since(standing),
    )


def _days_since(plan: SafetyPlan | None) -> int:
    """How many days ago the plan was to be looked at again; 0 where that day has not passed."""
    if plan is None or plan.review_on is None:
        return 0
    return max((timezone.localdate() - plan.review_on).days, 0)


def _read(request: StaffRequest, course: Course, what: str) -> None:
    trail.record(Action.READ, what, by=request.user, about=course, request=request)


def _page(
    request: StaffRequest, course: Course, name: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, f"outcomes/{name}.html", context, status=status)
