"""Formulation, focus and goals on one page, and the page on which a formulation is written."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.finding import readable_course
from courses.formulation_actions import write_formulation
from courses.models import Course
from record.formulation_forms import FormulationForm
from record.formulation_pages import formulation_page
from staff.requests import StaffRequest


@require_safe
def formulation(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    context = {
        "page": formulation_page(course, request.user),
        "may_write": policy.may_write_work(request.user, course),
        "may_agree_focus": policy.may_agree_focus(request.user, course),
    }
    return _page(request, course, "courses/formulation.html", "Formulation, focus and goals", context)


@require_http_methods(["GET", "HEAD", "POST"])
def formulation_edit(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A new version, begun from the one that stands."""
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    form = FormulationForm(request.POST if request.method == "POST" else None, course=course)
    if request.method == "POST" and form.is_valid():
        try:
            saved = write_formulation(
                course=course,
                text=form.cleaned_data["text"],
                agreed_on=form.cleaned_data["agreed_on"],
                agreed_at_session=form.cleaned_data["agreed_at_session"],
                seen=form.what_was_seen(),
                by=request.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Version {saved.number} of the formulation stands.")
            return redirect("courses:formulation", course.pk)
    return _page(
        request,
        course,
        "courses/formulation_edit.html",
        "Page to write the formulation",
        {"form": form},
        status=form.status,
    )


def _page(
    request: StaffRequest,
    course: Course,
    template: str,
    what: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    trail.record(
        Action.READ, what, by=request.user, about=course, client_id=course.client_id, request=request
    )
    banner = banner_for(course.client, user=request.user)
    return render(
        request,
        template,
        {"course": course, "client": course.client, "banner": banner, **context},
        status=status,
    )
