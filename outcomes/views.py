"""The pages of alerts: one alert with what somebody did about it, and raising one by hand."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.forms import ActionForm
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from outcomes.alert_actions import acknowledge_alert, close_alert, raise_alert, record_act
from outcomes.alert_page import alert_page
from outcomes.forms import AcknowledgeForm, ActForm, RaiseForm, TypedInErrorForm
from outcomes.models import Alert, AlertTold
from staff.models import User
from staff.requests import StaffRequest

FORMS: dict[str, type[ActionForm]] = {
    "acknowledge": AcknowledgeForm,
    "did": ActForm,
    "in_error": TypedInErrorForm,
}
# Each button with the form that it sends.
ACTS = {"acknowledge": "acknowledge", "record": "did", "close": "did", "in_error": "in_error"}
DONE = {
    "acknowledge": "You have acknowledged the alert. It stays open until somebody closes it with what was done.",
    "record": "What you did is written down. The alert stays open.",
    "close": "The alert is closed.",
    "in_error": "The alert is closed as typed in error.",
}
NO_LONGER_SEEN = " You no longer see this client’s record: you saw it because you covered for a colleague."


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: StaffRequest, course_id: UUID, alert_id: UUID) -> HttpResponse:
    course = _course(request.user, course_id)
    allow(policy.may_answer_alert(request.user, course))
    alert = _alert(request.user, course, alert_id)
    forms = {name: form(prefix=name) for name, form in FORMS.items()}
    act = request.POST.get("act", "")
    refused = None
    if act in ACTS:
        name = ACTS[act]
        refused = forms[name] = FORMS[name](request.POST, prefix=name)
        if refused.is_valid():
            try:
                _do(act, alert, refused, request.user)
            except ValidationError as refusal:
                refused.refuse(refusal)
                alert = _alert(request.user, course, alert_id)
            else:
                return _done(request, act, alert)
    trail.record(
        Action.READ, "Alert", by=request.user, about=alert, client_id=course.client_id, request=request
    )
    context = {
        "alert": alert,
        "page": alert_page(alert, course, request.user, at=timezone.now()),
        "course": course,
        "forms": forms,
        "refused": refused,
        "banner": banner_for(course.client, user=request.user),
    }
    context["unsaved"] = refused.data.get(refused.add_prefix("what_was_done"), "") if refused else ""
    return render(request, "outcomes/alert.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def alert_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = _course(request.user, course_id)
    allow(policy.may_raise_alert(request.user, course))
    form = RaiseForm(request.POST or None)
    if form.is_valid():
        try:
            raised = raise_alert(course=course, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _told(raised, request.user))
            return redirect("outcomes:alert", course.pk, raised.pk)
    banner = banner_for(course.client, user=request.user)
    context = {"form": form, "course": course, "banner": banner, "restricted": policy.RESTRICTED_ALERTS}
    return render(request, "outcomes/alert_new.html", context)


def _course(user: User, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(user).select_related("client"), pk=course_id)


def _alert(user: User, course: Course, alert_id: UUID) -> Alert:
    rows = Alert.objects.visible_to(user).filter(course=course)
    people = ("raised_by", "acknowledged_by", "closed_by", "response__entered_by")
    return found(rows.select_related(*people), pk=alert_id)


def _do(act: str, alert: Alert, form: ActionForm, by: User) -> None:
    typed = form.cleaned_data
    if act == "acknowledge":
        acknowledge_alert(alert=alert, by=by)
    elif act == "in_error":
        close_alert(alert=alert, what_was_done=typed["what_was_done"], by=by, typed_in_error=True)
    elif act == "record":
        record_act(alert=alert, by=by, **typed)
    else:
        _refuse_follow_up(typed["follow_up_on"])
        close_alert(alert=alert, kind=typed["kind"], what_was_done=typed["what_was_done"], by=by)


def _refuse_follow_up(day: date | None) -> None:
    if day is not None:
        raise ValidationError(
            {"follow_up_on": "An alert that somebody follows up stays open: take the day out to close it."}
        )


def _done(request: StaffRequest, act: str, alert: Alert) -> HttpResponse:
    """Back to the alert; a cover, whose view ends with it, to the first page."""
    if Alert.objects.visible_to(request.user).filter(pk=alert.pk).exists():
        messages.success(request, DONE[act])
        return redirect("outcomes:alert", alert.course_id, alert.pk)
    messages.success(request, DONE[act] + NO_LONGER_SEEN)
    return redirect("caseload:home")


def _told(alert: Alert, user: User) -> str:
    rows = AlertTold.objects.visible_to(user).filter(alert=alert).exclude(person=user)
    names = list(dict.fromkeys(rows.values_list("person__full_name", flat=True)))
    if not names:
        return "The alert is raised."
    return f"The alert is raised. {' and '.join(names)} {'is' if len(names) == 1 else 'are'} told by mail."
