"""The tasks of the phases: what each phase sets out to do, what is done, what is open."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses import tasks
from courses.finding import readable_course
from courses.task_actions import mark_task
from record.task_forms import MarkForm
from record.task_pages import tasks_page
from staff.requests import StaffRequest

DONE = {
    "done": "“{}” is done.",
    "not_applicable": "“{}” does not apply to this course.",
    "open": "“{}” is open again.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def tasks_of(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    may_write = policy.may_write_work(request.user, course)
    allow(may_write or request.method != "POST")
    form = MarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["task"]
        try:
            mark = mark_task(
                course=course, by=request.user, **{k: v for k, v in form.cleaned_data.items() if k != "seen"}
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, DONE[mark.state].format(tasks.BY_CODE[code].label))
            return redirect(reverse("courses:tasks", args=[course.pk]) + f"#{code}")
    trail.record(
        Action.READ,
        "Tasks of the phases",
        by=request.user,
        about=course,
        client_id=course.client_id,
        request=request,
    )
    context = {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
        "page": tasks_page(course, request.user),
        "form": form if request.method == "POST" else None,
        "typed": request.POST.get("task", "") if request.method == "POST" else "",
        "may_write": may_write,
        "today": timezone.localdate(),
    }
    return render(request, "courses/tasks.html", context)
