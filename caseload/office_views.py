"""The office's home, and the rows behind each of its numbers."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from caseload import office as duties
from caseload.queries import ROWS_ON_A_PAGE
from caseload.standstill import standstill
from record.addresses import address
from record.wanted import LAST_PAGE, wanted
from staff.requests import StaffRequest


@require_safe
def office(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_office(request.user))
    now = timezone.now()
    page = duties.office(request.user, now=now)
    record(Action.LIST, "Office", by=request.user, ids=page.courses, request=request)
    context = {
        "office": page,
        "now": timezone.localtime(now),
        "standstill": standstill(request.user, at=now),
        "enter_url": address("referrals:new") or address("clients:register"),
    }
    return render(request, "caseload/office.html", context)


@require_safe
def duty(request: StaffRequest, slug: str) -> HttpResponse:
    """Every row behind a number of the home."""
    allow(policy.may_see_office(request.user))
    if slug not in duties.BY_SLUG:
        raise Http404
    number = wanted(request.GET).page
    waiting = duties.duty_page(slug, request.user, now=timezone.now(), page=number)
    courses = sorted({line.course_id for line in waiting.lines if line.course_id})
    record(Action.LIST, f"Office: {waiting.duty.name}", by=request.user, ids=courses, request=request)
    pages = min(LAST_PAGE, max(1, -(-waiting.count // ROWS_ON_A_PAGE)))
    context = {"waiting": waiting, "duties": duties.DUTIES, "page": number, "pages": pages}
    return render(request, "caseload/duty.html", context)
