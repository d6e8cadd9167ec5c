"""The course page: one course as a whole, read by everybody who may see it and in full by those who may read it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit import trail
from audit.models import Action
from clients.banner import banner_for
from record.course_page import course_page, find_course
from staff.requests import StaffRequest


@require_safe
def detail(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course, is_clinical = find_course(request.user, course_id)
    page = course_page(
        course,
        request.user,
        is_clinical=is_clinical,
        page=request.GET.get("page", "1"),
        at=timezone.now(),
    )
    what = "Course page" if is_clinical else "Course page without clinical content"
    trail.record(Action.READ, what, by=request.user, about=course, request=request)
    banner = banner_for(course.client, user=request.user)
    return render(request, "courses/detail.html", {"page": page, "course": course, "banner": banner})
