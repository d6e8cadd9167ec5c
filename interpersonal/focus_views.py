"""The page on which the focus is agreed and changed. The address is the course's; the code is here, since a conflict and a
grief name a person of the inventory."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses import protocol
from courses.models import Course, Focus
from interpersonal.focus_actions import agree_focus_with_people
from interpersonal.focus_forms import FocusForm
from interpersonal.models import Person
from staff.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def focus(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The focus that was agreed with the client. Clinical: administrators get no further than the door."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_agree_focus(request.user, course))
    typed = request.POST if request.method == "POST" else None
    form = FocusForm(
        typed, course=course, standing=_standing(request, course), people=_people(request, course)
    )
    if request.method == "POST" and form.is_valid():
        try:
            agree_focus_with_people(
                course=course,
                chosen=form.chosen(),
                agreed_on=form.cleaned_data["agreed_on"],
                by=request.user,
                reason=form.cleaned_data.get("reason", ""),
                version=form.based_on(),
                seen=form.what_was_seen(),
            )
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, f"The focus for {course.client.name} is agreed.")
            return redirect("courses:detail", course.pk)
    record(Action.READ, "Focus page", by=request.user, about=course, request=request)
    context: dict[str, Any] = {
        "course": course,
        "client": course.client,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
        "standing": _standing(request, course),
        "areas": protocol.FOCUS_AREAS.values(),
    }
    return render(request, "courses/focus.html", context, status=form.status)


def _standing(request: StaffRequest, course: Course) -> list[Focus]:
    return list(Focus.objects.visible_to(request.user).filter(course=course).current().order_by("position"))


def _people(request: StaffRequest, course: Course) -> list[Person]:
    """Who stands on the inventory, and who stands in the focus though taken off since."""
    named = Q(removed_at=None) | Q(foci__isnull=False, foci__focus__ended_at=None)
    return list(Person.objects.visible_to(request.user).filter(named, course=course).distinct())
