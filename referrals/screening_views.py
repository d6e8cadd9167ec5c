"""Pages on which a referral is given to a clinician, and on which that clinician decides."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.lifecycle import Status
from courses.models import Course
from outcomes.measures import BY_CODE
from outcomes.models import Alert, Response
from referrals.models import Referral, Screening, Suitability
from referrals.page import referral_page
from referrals.screeners import with_what_they_hold
from referrals.screening import give_to_screener, holder_of, record_screening, take_back_from_screener
from referrals.screening_forms import FIRST_MEASURES, GiveForm, ScreeningForm, TakeBackForm
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])

_SAID = {
    Suitability.SUITABLE: "{} is on the waiting list now.",
    Suitability.NOT_SUITABLE: "{} is not taken on. Administrators write the letter about it.",
    Suitability.MORE_INFORMATION: "More information is asked for. {} stays to be screened.",
}


@page
def screen(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """What the referral says, and beside it what is decided about it."""
    course = _course(request, course_id)
    if request.method == "POST" and _has_decided(request, course):
        messages.info(request, f"You have decided about {course.client.name} already.")
        return redirect("caseload:screening")
    allow(policy.may_screen(request.user, course))
    form = _screening_form(request, course)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            screening = record_screening(
                course=course, by=request.user, seen=form.what_was_seen(), **form.given()
            )
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            return _decided(request, course, screening)
    return _page(
        request,
        "referrals/screen.html",
        "Page on which a referral is screened",
        course,
        form,
        page=referral_page(course, request.user),
        alerts=list(
            Alert.objects.visible_to(request.user).open().filter(course=course).order_by("raised_at")
        ),
        scores=_first_scores(request, course),
        days=(timezone.localdate() - course.referred_on).days,
    )


@page
def give(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Every screener with how many referrals they hold, and a button for each."""
    course = _course(request, course_id)
    allow(policy.may_name_screener(request.user))
    takes_back = request.POST.get("act") == "take_back"
    form = (TakeBackForm if takes_back else GiveForm)(_typed(request), course=course)
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = {
            "course": course,
            "by": request.user,
            "version": form.based_on(),
            "seen": form.what_was_seen(),
        }
        try:
            if takes_back:
                take_back_from_screener(**asked)
                said = f"Nobody screens {course.client.name} now."
            else:
                screener = form.cleaned_data["screener"]
                give_to_screener(screener=screener, **asked)
                said = f"{screener.full_name} screens {course.client.name} now."
        except ValidationError as refusal:
            course.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("caseload:screening")
    return _page(
        request,
        "referrals/give.html",
        "Page on which a screener is named",
        course,
        form,
        screeners=with_what_they_hold(at=timezone.now()) if course.status == Status.REFERRED else [],
        holder=holder_of(course),
        is_to_decide=course.status == Status.REFERRED,
    )


def _screening_form(request: StaffRequest, course: Course) -> ScreeningForm | None:
    """None once it is decided: a course that was not taken on is screened again by a lead."""
    if course.status not in (Status.REFERRED, Status.NOT_TAKEN_ON):
        return None
    may_score = policy.may_enter_first_scores(request.user, course)
    return ScreeningForm(_typed(request), course=course, may_score=may_score)


def _has_decided(request: StaffRequest, course: Course) -> bool:
    """The page was sent twice: the first time ended the access with which it is read."""
    if policy.may_screen(request.user, course):
        return False
    arrivals = Referral.objects.visible_to(request.user).filter(course=course)
    return arrivals.filter(screened_by=request.user).exists()


def _decided(request: StaffRequest, course: Course, screening: Screening) -> HttpResponse:
    messages.success(request, _SAID[Suitability(screening.suitability)].format(course.client.name))
    may_read_on = policy.may_screen(request.user, course)
    return redirect("referrals:detail", course.pk) if may_read_on else redirect("caseload:screening")


def _first_scores(request: StaffRequest, course: Course) -> list[tuple[str, Response]]:
    rows = (
        Response.objects.visible_to(request.user).standing().filter(course=course, measure__in=FIRST_MEASURES)
    )
    return [(BY_CODE[row.measure].name, row) for row in rows.order_by("taken_at", "entered_at")]


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(
    request: StaffRequest, template: str, what: str, course: Course, form: Any, **context: Any
) -> HttpResponse:
    record(Action.READ, what, by=request.user, about=course, request=request)
    context |= {
        "course": course,
        "client": course.client,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, template, context, status=form.status if form is not None else 200)
