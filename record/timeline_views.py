"""The timeline of a course: what happened in the client's life and in therapy, on one axis, with the same as a table."""

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from record.timeline import timeline_of, with_moves
from record.timeline_picture import chosen, picture_of, shown_in_words
from staff.requests import StaffRequest

ROWS_A_PAGE = 100


@require_safe
def timeline(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The page, or for its script another stretch of the picture alone."""
    user, today = request.user, timezone.localdate()
    rows = with_moves(Course.objects.visible_to(user), user).select_related("client")
    course = found(rows, pk=course_id)
    allow(policy.may_read_content(user, course))
    all_of_it = timeline_of(course, user, today=today)
    scale, shown = chosen(
        all_of_it,
        scale=request.GET.get("scale", ""),
        first=_day(request.GET.get("from", "")),
        last=_day(request.GET.get("to", "")),
    )
    name = course.client.name
    context = {
        "course": course,
        "shown": shown_in_words(shown),
        "may_write": policy.may_write_work(user, course),
        "timeline": all_of_it,
        "picture": picture_of(all_of_it, shown, scale=scale, today=today, name=name),
    }
    is_part = "HX-Request" in request.headers
    what = "Timeline, another stretch of it" if is_part else "Timeline"
    record(Action.READ, what, by=user, about=course, request=request)
    if not is_part:
        context["banner"] = banner_for(course.client, user=user)
        context["rows"] = Paginator(all_of_it.rows, ROWS_A_PAGE).get_page(request.GET.get("page", "1"))
    template = "record/_timeline_picture.html" if is_part else "record/timeline.html"
    answer = render(request, template, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _day(text: str) -> date | None:
    """None for what is no day."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
