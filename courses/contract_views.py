"""The contract of a course: read by everybody who sees its diary, written by whoever treats it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses import protocol
from courses.contract_actions import agree_contract
from courses.contract_forms import ContractForm
from courses.models import Contract, Course
from courses.strip import strip_of
from staff.requests import StaffRequest

_TREATMENT = tuple(code for code, kind in protocol.APPOINTMENT_TYPES.items() if kind.is_treatment)


@dataclass(frozen=True)
class Version:
    """A contract with what it changed of the one before."""

    contract: Contract
    what: str
    changes: list[str]


@dataclass(frozen=True)
class PhaseShown:
    code: str
    label: str
    count: int
    sessions: str


@require_safe
def contract(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    rows = Contract.objects.visible_to(request.user).filter(course=course)
    versions = list(rows.select_related("agreed_by").order_by("-number"))
    attended = course.sessions.numbered().count()
    treatment = course.sessions.filter(appointment_type__in=_TREATMENT, entered_in_error_at=None).order_by(
        "starts_at", "id"
    )
    context = {
        "contract": versions[0] if versions else None,
        "versions": _versions(versions),
        "phases": _phases(course),
        "attended": attended,
        "left": max(course.planned_sessions - attended, 0),
        "strip": strip_of(course.plan, course.planned_sessions, treatment),
        "has_ended": not course.is_open,
        "reads": policy.may_read_content(request.user, course),
        "may_write": policy.may_write_work(request.user, course),
        "may_change_programme": policy.may_edit_programme(request.user, course),
    }
    return _page(request, course, "courses/contract.html", "Contract", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contract_edit(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The first contract, or the next one, begun from what stands."""
    course = _course(request, course_id)
    allow(policy.may_write_work(request.user, course))
    form = ContractForm(request.POST if request.method == "POST" else None, course=course)
    if request.method == "POST" and form.is_valid():
        try:
            agreed = agree_contract(
                course=course, by=request.user, seen=form.what_was_seen(), **form.agreed()
            )
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(
                request,
                f"The contract with {course.client.name} is agreed: {agreed.planned_sessions} sessions.",
            )
            return redirect("courses:contract", course.pk)
    context = {
        "form": form,
        "is_first": form.before is None,
        "attended": course.sessions.numbered().count(),
    }
    return _page(
        request, course, "courses/contract_edit.html", "Page to agree a contract", context, form.status
    )


def _versions(newest_first: list[Contract]) -> list[Version]:
    found = []
    for place, contract in enumerate(newest_first):
        before = newest_first[place + 1] if place + 1 < len(newest_first) else None
        found.append(Version(contract, _what(contract, before), _changes(contract, before)))
    return found


def _what(contract: Contract, before: Contract | None) -> str:
    if before is None:
        return f"Contract of {contract.planned_sessions} sessions"
    if contract.planned_sessions == before.planned_sessions:
        return "Changed"
    how = "Extended" if contract.planned_sessions > before.planned_sessions else "Shortened"
    return f"{how} from {before.planned_sessions} to {contract.planned_sessions} sessions"


_NAMES = {
    "minutes": "minutes",
    "get_frequency_display": "how often",
    "get_weekday_display": "day",
    "at": "time",
    "ends_on": "ending",
    "missed_rule": "missed sessions",
    "get_recording_display": "recording",
}


def _changes(contract: Contract, before: Contract | None) -> list[str]:
    """Which other things are another than in the contract before."""
    if before is None:
        return []
    return [label for name, label in _NAMES.items() if _value(contract, name) != _value(before, name)]


def _value(contract: Contract, name: str) -> Any:
    value = getattr(contract, name)
    return value() if callable(value) else value


def _phases(course: Course) -> list[PhaseShown]:
    """Each phase with its sessions by the course's own split; none for a programme without phases."""
    shown, last = [], 0
    for (code, label), count in zip(protocol.PHASES.items(), course.split or (), strict=False):
        first, last = last + 1, last + count
        words = f"session {first}" if count == 1 else f"sessions {first} to {last}"
        shown.append(PhaseShown(code, label, count, words if count else "none planned"))
    return shown


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _page(
    request: StaffRequest,
    course: Course,
    template: str,
    what: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    record(Action.READ, what, by=request.user, about=course, request=request)
    banner = banner_for(course.client, user=request.user)
    return render(
        request,
        template,
        {"course": course, "client": course.client, "banner": banner, **context},
        status=status,
    )
