"""The page from which a course is printed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from record.printed import PARTS, chosen_parts, printed
from record.timeline import with_moves
from staff.requests import StaffRequest


@require_safe
def print_course(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The parts that are chosen, one under the other. Which ones somebody had before them is on the trail."""
    user, today = request.user, timezone.localdate()
    rows = with_moves(Course.objects.visible_to(user), user).select_related("client")
    course = found(rows, pk=course_id)
    allow(policy.may_read_content(user, course))
    chosen = chosen_parts(request.GET.getlist("part"), is_first="choose" not in request.GET)
    named = ", ".join(title for part, title in PARTS.items() if part in chosen) or "nothing chosen"
    record(Action.READ, "Print of a course", by=user, about=course, reason=named, request=request)
    context = {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=user),
        "today": today,
        "parts": [(part, title, part in chosen) for part, title in PARTS.items()],
        "page": printed(course, user, chosen=chosen, today=today),
    }
    return render(request, "record/print.html", context)
