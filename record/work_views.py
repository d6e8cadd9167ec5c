"""What was worked on across a course: strategies, techniques and tasks, added up."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access import policy
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from record.work import work_of
from staff.requests import StaffRequest


@require_safe
def work(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    record(Action.READ, "Techniques across the course", by=request.user, about=course, request=request)
    context = {
        "course": course,
        "banner": banner_for(course.client, user=request.user),
        "work": work_of(course, request.user),
        "may_write": policy.may_write_work(request.user, course),
    }
    return render(request, "record/work.html", context)
