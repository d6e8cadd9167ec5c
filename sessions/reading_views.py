"""The page of one session as it was: the signed note, a missed session, or that a draft is not signed yet."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from sessions.models import TherapySession
from sessions.reading import own_draft, read_session
from staff.requests import StaffRequest


@require_safe
def detail(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """Whoever may read the course's content reads it; one's own draft is gone on with instead."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_read_content(request.user, course))
    sessions = TherapySession.objects.visible_to(request.user).filter(course=course)
    session = found(sessions.select_related("therapist", "room"), pk=session_id)
    if own_draft(session, request.user) and policy.may_log_session(request.user, course):
        return redirect("sessions:log", course.pk, session.pk)
    read = read_session(session, request.user, at=timezone.now())
    trail.record(Action.READ, "Session", by=request.user, about=session, request=request)
    banner = banner_for(course.client, user=request.user)
    context = {"course": course, "session": session, "read": read, "banner": banner}
    return render(request, "sessions/detail.html", context)
