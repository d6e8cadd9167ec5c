"""Pages of a course's ending: counted down, looked back on, planned; written anew; an earlier version."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.ending import changed_since, save_ending
from courses.ending_forms import EndingForm, title_of
from courses.finding import readable_course
from courses.models import Course, EndingPlan
from record.ending import review_of, versions_of
from staff.requests import StaffRequest


@dataclass(frozen=True)
class Part:
    """One part of the plan. `before` is what the version before said, None where it said the same."""

    title: str
    words: str
    before: str | None = None


@require_safe
def ending(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """What is left, what has changed, and what is planned."""
    course = readable_course(request.user, course_id)
    versions = versions_of(course, request.user)
    plan = versions[0] if versions else None
    return _page(
        request,
        course,
        "ending",
        "Ending of a course",
        review=review_of(course, request.user),
        plan=plan,
        parts=_parts(plan) if plan else [],
        earlier=versions[1:],
        may_write=policy.may_write_work(request.user, course),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ending_edit(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A new version, begun from the one that stands."""
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    form = EndingForm(request.POST if request.method == "POST" else None, course=course)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_ending(
                course=course, changes=form.words(), seen=form.what_was_seen(), by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Version {saved.number} of the ending stands.")
            return redirect("courses:ending", course.pk)
    return _page(request, course, "ending_edit", "Page to write the ending", status=form.status, form=form)


@require_safe
def ending_version(request: StaffRequest, course_id: UUID, number: int) -> HttpResponse:
    """One version as it was written, with what it changed."""
    course = readable_course(request.user, course_id)
    versions = {plan.number: plan for plan in versions_of(course, request.user)}
    if number not in versions:
        raise Http404
    shown = versions[number]
    before = changed_since(shown, versions.get(number - 1))
    return _page(
        request,
        course,
        "ending_version",
        "Version of the ending",
        plan=shown,
        parts=_parts(shown, before),
        newest=max(versions),
        is_changed=bool(before),
    )


def _parts(plan: EndingPlan, before: dict[str, str] | None = None) -> list[Part]:
    return [
        Part(title_of(name), getattr(plan, name), (before or {}).get(name))
        for name in EndingPlan.PARTS
        if getattr(plan, name) or name in (before or {})
    ]


def _page(
    request: StaffRequest, course: Course, name: str, what: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    trail.record(Action.READ, what, by=request.user, about=course, request=request)
    context |= {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, f"courses/{name}.html", context, status=status)
