"""Supervision of one course: its page, and an action that was agreed about it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.action_actions import change_action, close_action, reopen_action
from courses.finding import readable_course
from courses.models import Course, CourseAction
from record.addresses import address
from staff.requests import StaffRequest
from supervision.agenda_forms import ActionChangeForm, CloseForm, ProposeForm
from supervision.agreed import agreed
from supervision.course_page import supervision_page

BACK = {"today": "caseload:today", "supervisees": "caseload:supervisees", "agenda": "supervision:agenda"}


@require_safe
def of_course(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    allow(policy.may_read_supervision(request.user, course))
    page = supervision_page(course, request.user, page=request.GET.get("page", "1"), now=timezone.now())
    record(Action.READ, "Supervision of a course", by=request.user, about=course, request=request)
    context = {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
        "page": page,
        "form": ProposeForm(),
    }
    return render(request, "supervision/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: StaffRequest, course_id: UUID, action_id: UUID) -> HttpResponse:
    """What came of an action, another day or owner, and its history. "Done" on Today comes here too."""
    course = readable_course(request.user, course_id)
    rows = CourseAction.objects.visible_to(request.user)
    action = found(
        rows.select_related("course__client", "owner", "agreed_by", "closed_by"), pk=action_id, course=course
    )
    may_close = policy.may_close_action(request.user, action)
    allow(may_close or request.method != "POST")
    closing, changing = CloseForm(), ActionChangeForm.of(action)
    if request.method == "POST":
        act = request.POST.get("act", "")
        form: CloseForm | ActionChangeForm
        if act == "change":
            form = changing = ActionChangeForm.of(action, request.POST)
        else:
            form = closing = CloseForm(request.POST)
        if form.is_valid():
            try:
                said = _do(act, action, form, request)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, said)
                return redirect(_back(request, course))
    record(
        Action.READ,
        "An action agreed in supervision",
        by=request.user,
        about=action,
        client_id=course.client_id,
        request=request,
    )
    context = {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
        "line": agreed(action, request.user, now=timezone.now()),
        "action": action,
        "history": _history(action),
        "closing": closing,
        "changing": changing,
        "may_close": may_close,
        "back": request.POST.get("back", request.GET.get("back", "")),
        "back_href": _back(request, course),
    }
    return render(request, "supervision/action.html", context, status=changing.status)


def _do(act: str, action: CourseAction, form: CloseForm | ActionChangeForm, request: StaffRequest) -> str:
    by = request.user
    if isinstance(form, ActionChangeForm):
        typed = form.cleaned_data
        owner = form.people[UUID(typed["owner"])]
        change_action(action=action, due_on=typed["due_on"], owner=owner, by=by, seen=form.what_was_seen())
        return f"“{action.what}” is changed."
    if act == "reopen":
        reopen_action(action=action, by=by)
        return f"“{action.what}” is open again."
    closed = close_action(action=action, outcome=act, words=form.cleaned_data["words"], by=by)
    return f"“{action.what}” is {closed.get_outcome_display().lower()}."


def _history(action: CourseAction) -> list[CourseAction]:
    """What it was from change to change, the newest first."""
    events = action.events.select_related("owner", "closed_by").order_by("-pgh_created_at", "-pgh_id")  # type: ignore[attr-defined]  # pghistory's relation
    return list(events)


def _back(request: StaffRequest, course: Course) -> str:
    asked = BACK.get(request.POST.get("back", request.GET.get("back", "")), "")
    return (address(asked) if asked else "") or reverse("supervision:course", args=[course.pk])
