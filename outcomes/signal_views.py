"""The page of one signal: which rule asks for a review, by which numbers, and what a person answered."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from outcomes.models import Signal
from outcomes.signal_forms import ReviewForm
from outcomes.signal_page import stated
from outcomes.signals import review_signal
from staff.models import User
from staff.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def signal(request: StaffRequest, course_id: UUID, signal_id: UUID) -> HttpResponse:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_review_signal(request.user, course))
    signal = _signal(request.user, course, signal_id)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            review_signal(signal=signal, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
            signal = _signal(request.user, course, signal_id)
        else:
            messages.success(request, "The review is kept. The next score may ask again.")
            return redirect("outcomes:signal", course.pk, signal.pk)
    trail.record(
        Action.READ, "Signal", by=request.user, about=signal, client_id=course.client_id, request=request
    )
    context = {
        "banner": banner_for(course.client, user=request.user),
        "course": course,
        "form": form,
        "said": stated(signal),
        "signal": signal,
        "unsaved": form.data.get("plan", "") if form.is_bound and signal.reviewed_at else "",
    }
    return render(request, "outcomes/signal.html", context)


def _signal(user: User, course: Course, signal_id: UUID) -> Signal:
    rows = Signal.objects.visible_to(user).filter(course=course)
    return found(rows.select_related("response", "model", "reviewed_by"), pk=signal_id)
