"""The list of referrals that wait to be screened."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from caseload import screening
from caseload.screening_forms import GiveManyForm
from courses.models import Course
from record.wanted import LAST_PAGE
from referrals.screeners import with_what_they_hold
from referrals.screening import give_to_screeners
from staff.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def to_screen(request: StaffRequest) -> HttpResponse:
    """Who waits to be screened. Those who name screeners give several at once; a screener opens their own."""
    user = request.user
    allow(policy.may_see_waiting_list(user))
    may_give = policy.may_name_screener(user)
    form = None
    if request.method == "POST":
        allow(may_give)
        form = GiveManyForm(request.POST)
        if form.is_valid():
            screener = form.cleaned_data["screener"]
            try:
                given = give_to_screeners(courses=_chosen(request, form), screener=screener, by=user)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                count = len(given)
                messages.success(
                    request,
                    f"{screener.full_name} screens {count} more referral{'' if count == 1 else 's'} now.",
                )
                return redirect(request.get_full_path())
    now = timezone.now()
    held = request.GET.get("held", "")
    held = held if held in screening.HELD else ""
    listing = screening.to_screen(user, held=held, page=_page(request.GET.get("page", "")), now=now)
    record(
        Action.LIST,
        "Referrals to be screened",
        by=user,
        ids=[row.course_id for row in listing.rows],
        request=request,
    )
    context: dict[str, Any] = {
        "listing": listing,
        "held": held,
        "held_options": [
            option for option in screening.HELD.items() if option[0] != "me" or policy.screens_referrals(user)
        ],
        "most": screening.screening_working_days(),
        "may_give": may_give,
        "may_screen_all": user.is_lead,
        "screeners": with_what_they_hold(at=now) if may_give and listing.rows else [],
        "form": form,
        "picked": set(request.POST.getlist("courses")),
    }
    return render(request, "caseload/screening.html", context)


def _chosen(request: StaffRequest, form: GiveManyForm) -> list[tuple[Course, int]]:
    """The referrals that were ticked, each with the version that the list showed."""
    versions = form.versions()
    courses = Course.objects.visible_to(request.user).filter(pk__in=versions).select_related("client")
    return [(course, versions[course.pk]) for course in courses]


def _page(typed: str) -> int:
    return min(max(int(typed), 1), LAST_PAGE) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
