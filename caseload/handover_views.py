"""The page on which a therapist's courses are handed over: planned, looked at, changed, sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from caseload import handover
from caseload.handover import Line, Preview
from caseload.handover_actions import (
    change_hand_over,
    plan_hand_over,
    send_hand_over,
    undo_hand_over,
)
from caseload.handover_forms import BeginForm, ChangeForm
from courses.models import HandOver
from staff.models import User
from staff.requests import StaffRequest


@dataclass(frozen=True)
class Row:
    line: Line
    field: BoundField


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """All open courses of one therapist: a proposal for each, what it does, and a button that sends it."""
    allow(policy.may_allocate(request.user))
    person = found(User.objects.filter(is_system=False), pk=person_id)
    plan = handover.plan_for(person, reader=request.user)
    return _begin(request, person) if plan is None else _go_on(request, plan)


def _begin(request: StaffRequest, person: User) -> HttpResponse:
    form = BeginForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            plan_hand_over(of=person, at=form.since, reason=form.cleaned_data["why"], by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "A plan is proposed. Nothing moves before you send it.")
            return redirect("caseload:hand_over", person.pk)
    courses = handover.courses_of(person, reader=request.user, at=timezone.now())
    _record(request, [course.pk for course in courses])
    context = {
        "person": person,
        "form": form,
        "courses": courses,
        "sent": handover.sent_before(person, reader=request.user),
    }
    return render(request, "caseload/hand_over_begin.html", context)


def _go_on(request: StaffRequest, plan: HandOver) -> HttpResponse:
    now = timezone.now()
    does = handover.preview(plan, reader=request.user, at=now)
    lines = [*does.lines, *_left_out(plan, does, reader=request.user)]
    form = ChangeForm(
        _typed(request),
        plan=plan,
        courses=[line.course for line in lines],
        receivers={line.course.pk: line.item.to_id for line in lines if line.item},
        takers=handover.takers_but(plan.of, at=now),
        mark=does.mark,
    )
    if request.method == "POST" and (request.POST.get("act") == "undo" or form.is_valid()):
        try:
            messages.success(request, _do(plan, form, act=request.POST.get("act", ""), by=request.user))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            return redirect("caseload:hand_over", plan.of_id)
    _record(request, [line.course.pk for line in lines])
    context = {
        "person": plan.of,
        "plan": plan,
        "form": form,
        "does": does,
        "rows": [Row(line, form[f"to_{line.course.pk}"]) for line in lines],
    }
    return render(request, "caseload/hand_over.html", context, status=form.status)


def _do(plan: HandOver, form: ChangeForm, *, act: str, by: User) -> str:
    """Does what the button says, and says so. What was changed is kept and shown before anything is sent."""
    if act == "undo":
        undo_hand_over(plan=plan, by=by)
        return "The plan is taken back. Nothing has moved."
    if form.is_changed:
        change_hand_over(
            plan=plan,
            at=form.since or plan.at,
            reason=form.cleaned_data["why"],
            receivers=form.chosen(),
            by=by,
            seen=form.what_was_seen(),
        )
        return "The plan is saved. Look at what it does now, then send it."
    if act == "send":
        sent = send_hand_over(
            plan=plan, mark=form.cleaned_data["mark"], agreed=form.cleaned_data["agreed"], by=by
        )
        return f"The caseload of {sent.of.full_name} is handed over. Who receives is told by mail."
    return "Nothing was changed: this is the plan as it stands."


def _left_out(plan: HandOver, does: Preview, *, reader: User) -> list[Line]:
    planned = {line.course.pk for line in does.lines}
    courses = handover.courses_of(plan.of, reader=reader, at=timezone.now())
    return [Line(course, None) for course in courses if course.pk not in planned]


def _record(request: StaffRequest, ids: list[UUID]) -> None:
    record(Action.LIST, "Hand-over of a caseload", by=request.user, ids=ids, request=request)


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None
