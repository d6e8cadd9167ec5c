"""The agenda of supervision: what is to be spoken of, in which order, and by whose question."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from access.words import uuid_of
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from sessions.autosave import STALE
from staff.requests import StaffRequest
from supervision import agenda
from supervision.agenda_actions import Proposed, Way, change_question, move_item, propose_course, take_off
from supervision.agenda_forms import ItemForm, ProposeForm
from supervision.agreed import own_actions
from supervision.models import AgendaItem
from supervision.tabs import tabs_for

SAID = {
    Proposed.ADDED: "{} is on the agenda for supervision.",
    Proposed.QUESTION_ADDED: "{} was on the agenda already. Your question stands with it now.",
    Proposed.THERE_ALREADY: "{} is on the agenda already. Nothing was changed.",
}


@require_safe
def the_agenda(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_supervision(request.user))
    user, now = request.user, timezone.now()
    above = (
        agenda.above(user, therapist=request.GET.get("therapist", ""), now=now)
        if policy.may_hold_supervision(user) or not user.is_therapist
        else None
    )
    own = agenda.own(user, now=now) if user.is_therapist else None
    shown = (above.shown if above else set()) | (own.shown if own else set())
    record(Action.LIST, "Agenda of supervision", by=user, ids=sorted(shown), request=request)
    context = {
        "tabs": tabs_for(user, here="agenda"),
        "above": above,
        "own": own,
        "own_actions": own.actions if own else own_actions(user, now=now),
        "now": now,
    }
    return render(request, "supervision/agenda.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A course goes on the agenda, from its own page or from the agenda in one act."""
    course = readable_course(request.user, course_id)
    allow(policy.may_bring_to_supervision(request.user, course))
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = propose_course(course=course, by=request.user, question=form.cleaned_data["question"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, SAID[done].format(course.client.name))
            return redirect(_back(request, course))
    record(Action.READ, "Put a course on the agenda", by=request.user, about=course, request=request)
    context = _of_course(request, course) | {
        "form": form,
        "item": AgendaItem.objects.visible_to(request.user).open().filter(course=course).first(),
        "back": request.POST.get("back", ""),
        "back_href": _back(request, course),
    }
    return render(request, "supervision/propose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: StaffRequest, course_id: UUID, item_id: UUID) -> HttpResponse:
    """The question changes, or the course leaves the agenda."""
    course = readable_course(request.user, course_id)
    item = found(
        AgendaItem.objects.visible_to(request.user).select_related("closed_by"), pk=item_id, course=course
    )
    allow(policy.may_bring_to_supervision(request.user, course))
    form = ItemForm.of(item, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _change(request, item, form)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done.format(course.client.name))
            return redirect(_back(request, course))
    record(
        Action.READ,
        "An item of the agenda",
        by=request.user,
        about=item,
        client_id=course.client_id,
        request=request,
    )
    context = _of_course(request, course) | {
        "form": form,
        "item": item,
        "back": request.POST.get("back", request.GET.get("back", "")),
        "back_href": _back(request, course),
    }
    return render(request, "supervision/item.html", context, status=form.status)


def _change(request: StaffRequest, item: AgendaItem, form: ItemForm) -> str:
    version, seen = form.based_on(), form.what_was_seen()
    if request.POST.get("act") == "take_off":
        take_off(item=item, version=version, by=request.user, seen=seen)
        return "{} is off the agenda. What was agreed and discussed before stays."
    question = form.cleaned_data["question"]
    change_question(item=item, question=question, version=version, by=request.user, seen=seen)
    return "The question about {} is saved."


@require_POST
def order(request: StaffRequest) -> HttpResponse:
    """One item up, down, or before another: with a button, or dragged. Whoever drags stays on the page."""
    allow(policy.may_see_supervision(request.user))
    rows = AgendaItem.objects.visible_to(request.user).select_related("course__client")
    item = found(rows, pk=uuid_of(request.POST.get("item", "")))
    allow(policy.may_bring_to_supervision(request.user, item.course))
    way = next((way for way in Way if way.value == request.POST.get("way")), None)
    stays = request.headers.get("X-Requested-With") == "fetch"
    try:
        keys = move_item(item=item, by=request.user, way=way, before=uuid_of(request.POST.get("before", "")))
    except ValidationError as refusal:
        if stays:
            return JsonResponse({"refused": " ".join(refusal.messages)}, status=STALE)
        messages.error(request, " ".join(refusal.messages))
    else:
        if stays:
            return JsonResponse({"order": [str(key) for key in keys]})
    return redirect(f"{_back_to_agenda(request)}#item-{item.pk}")


def _of_course(request: StaffRequest, course: Course) -> dict[str, object]:
    return {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
    }


def _back(request: StaffRequest, course: Course) -> str:
    """To the page from which it was asked, of four."""
    asked = request.POST.get("back", request.GET.get("back", ""))
    if asked == "agenda":
        return _back_to_agenda(request)
    if asked == "course":
        return reverse("courses:detail", args=[course.pk])
    if asked == "review":
        return reverse("supervision:review")
    return reverse("supervision:course", args=[course.pk])


def _back_to_agenda(request: StaffRequest) -> str:
    """As it was narrowed."""
    therapist = uuid_of(request.POST.get("therapist", request.GET.get("therapist", "")))
    return reverse("supervision:agenda") + (f"?therapist={therapist}" if therapist else "")
