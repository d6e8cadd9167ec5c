"""The page of one alert: what was answered, and what somebody did about it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.forms import ActionForm
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from outcomes.alert_actions import acknowledge_alert, close_alert
from outcomes.alert_page import answered
from outcomes.forms import AcknowledgeForm, CloseForm, TypedInErrorForm
from outcomes.models import Alert
from staff.models import User
from staff.requests import StaffRequest

FORMS: dict[str, type[ActionForm]] = {
    "acknowledge": AcknowledgeForm,
    "close": CloseForm,
    "in_error": TypedInErrorForm,
}
DONE = {
    "acknowledge": "You have acknowledged the alert. It stays open until you close it with what was done.",
    "close": "The alert is closed.",
    "in_error": "The alert is closed as typed in error.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: StaffRequest, course_id: UUID, alert_id: UUID) -> HttpResponse:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_answer_alert(request.user, course))
    alert = _alert(request.user, course, alert_id)
    forms = {act: form(prefix=act) for act, form in FORMS.items()}
    act = request.POST.get("act", "")
    refused = None
    if act in FORMS:
        refused = forms[act] = FORMS[act](request.POST, prefix=act)
        if refused.is_valid():
            try:
                _do(act, alert, refused, request.user)
            except ValidationError as refusal:
                refused.refuse(refusal)
                alert = _alert(request.user, course, alert_id)
            else:
                messages.success(request, DONE[act])
                return redirect("outcomes:alert", course.pk, alert.pk)
    trail.record(
        Action.READ, "Alert", by=request.user, about=alert, client_id=course.client_id, request=request
    )
    context = {
        "alert": alert,
        "answered": answered(alert),
        "course": course,
        "forms": forms,
        "refused": refused,
    }
    context["unsaved"] = refused.data.get(refused.add_prefix("what_was_done"), "") if refused else ""
    context["banner"] = banner_for(course.client, user=request.user)
    return render(request, "outcomes/alert.html", context)


def _alert(user: User, course: Course, alert_id: UUID) -> Alert:
    rows = Alert.objects.visible_to(user).filter(course=course)
    return found(rows.select_related("response__entered_by", "acknowledged_by", "closed_by"), pk=alert_id)


def _do(act: str, alert: Alert, form: ActionForm, by: User) -> None:
    if act == "acknowledge":
        acknowledge_alert(alert=alert, by=by)
        return
    words = form.cleaned_data["what_was_done"]
    close_alert(alert=alert, what_was_done=words, by=by, typed_in_error=act == "in_error")
