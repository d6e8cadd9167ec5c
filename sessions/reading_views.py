"""The page of one session as it was: the signed note, a missed session, or that a draft is not signed yet; and sharing the
private reflection that stands on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from sessions import actions
from sessions.decision_forms import CosignForm
from sessions.models import Reflection, TherapySession
from sessions.reading import own_draft, read_session
from staff.requests import StaffRequest


@require_safe
def detail(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """Whoever may read the course's content reads it; one's own draft is gone on with instead."""
    course = readable_course(request.user, course_id)
    sessions = TherapySession.objects.visible_to(request.user).filter(course=course)
    session = found(sessions.select_related("therapist", "room"), pk=session_id)
    if own_draft(session, request.user) and policy.may_log_session(request.user, course):
        return redirect("sessions:log", course.pk, session.pk)
    return read_page(request, course, session)


def read_page(
    request: StaffRequest,
    course: Course,
    session: TherapySession,
    *,
    cosign: CosignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. `cosign` is the form of a decision that was refused."""
    context = shown(request, course, session, cosign=cosign)
    return render(request, "sessions/detail.html", context, status=status)


def shown(
    request: StaffRequest, course: Course, session: TherapySession, *, cosign: CosignForm | None = None
) -> dict[str, Any]:
    """What `sessions/_session_read.html` states, here and in the queue of co-signing. It is a look, and on the trail."""
    session.course = course
    read = read_session(session, request.user, course=course, at=timezone.now(), cosign=cosign)
    trail.record(Action.READ, "Session", by=request.user, about=session, request=request)
    return {
        "course": course,
        "session": session,
        "read": read,
        "signed": read.signed,
        "banner": banner_for(course.client, user=request.user),
        "may_rate": session.was_seen and policy.may_rate_session(request.user, course, session),
        "may_share": policy.may_log_session(request.user, course) and read.struck is None,
    }


@require_POST
def share(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """The author shows their private reflection to their supervisor, or no longer."""
    course = found(Course.objects.visible_to(request.user), pk=course_id)
    allow(policy.may_log_session(request.user, course))
    session = found(TherapySession.objects.visible_to(request.user).filter(course=course), pk=session_id)
    reflection = (
        Reflection.objects.visible_to(request.user).filter(session=session, author=request.user).first()
    )
    if reflection is None:
        messages.error(request, "You have written no private reflection on this session.")
        return redirect("sessions:detail", course.pk, session.pk)
    try:
        if request.POST.get("act") == "stop":
            actions.stop_sharing_reflection(reflection=reflection, by=request.user)
            messages.success(request, "Your reflection is yours alone again.")
        else:
            actions.share_reflection(reflection=reflection, by=request.user)
            messages.success(request, "Your supervisor can read your reflection now.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("sessions:detail", course.pk, session.pk)
