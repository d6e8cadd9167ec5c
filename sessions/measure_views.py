"""A course's questionnaires: entered, listed, read one by one, struck out. The addresses are the noun's, `outcomes`; the code
is here, since a questionnaire may belong to a session. What a client fills in by link is not entered here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from outcomes import entry_actions, results
from outcomes.entry_actions import LOCKED
from outcomes.entry_forms import MeasureForm, StrikeForm, TotalForm
from outcomes.measures import BY_CODE, MEASURES, Measure
from outcomes.models import Alert, Response
from outcomes.wording import Words, words_of
from sessions import measure_actions, measure_pages
from sessions.models import TherapySession
from staff.models import User
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])
ROWS_A_PAGE = 40


@page
def measure_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Choose a questionnaire; then its questions, or only its total."""
    course = _course(request, course_id)
    allow(policy.may_enter_measures(request.user, course))
    measure = BY_CODE.get(request.GET.get("measure", ""))
    if measure is None:
        return _choose(request, course)
    only_total = "total" in request.GET
    before = _sent_before(request, course)
    if before is not None:
        return redirect("outcomes:response", course.pk, before.pk)
    sessions = list(measure_actions.sessions_for(course, request.user, measure.code, at=timezone.now())[:30])
    form = _form(request, measure, sessions, only_total=only_total)
    if request.method == "POST" and form.is_valid():
        try:
            response = _enter(course, measure, form, sessions, only_total=only_total, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            _tell(request, course, response)
            return redirect("outcomes:response", course.pk, response.pk)
    context = {
        "form": form,
        "measure": measure,
        "only_total": only_total,
        "session": request.GET.get("session", ""),
    }
    return _page(request, "outcomes/measure_new.html", "Page to enter a questionnaire", course, **context)


@require_safe
def measures(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Every questionnaire of the course, the newest first, those entered in error among them."""
    course = _course(request, course_id)
    allow(policy.may_read_content(request.user, course))
    rows = measure_pages.newest_first(course, request.user)
    listed = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "listed": listed,
        "rows": [measure_pages.row_of(response) for response in listed],
        "may_enter": policy.may_enter_measures(request.user, course),
    }
    return _page(request, "outcomes/measures.html", "Questionnaires of a course", course, **context)


@require_safe
def response(request: StaffRequest, course_id: UUID, response_id: UUID) -> HttpResponse:
    """One questionnaire: every question, every answer, and where they come from."""
    course = _course(request, course_id)
    allow(policy.may_read_content(request.user, course))
    response = _response(request.user, course, response_id)
    may_enter = policy.may_enter_measures(request.user, course)
    context = {
        "read": measure_pages.read(response),
        "alerts": Alert.objects.visible_to(request.user).filter(response=response),
        "may_enter": may_enter,
        "may_strike": may_enter and not (response.locked_at or response.is_in_error),
        "locked": LOCKED if may_enter and response.locked_at and not response.is_in_error else "",
    }
    return _page(request, "outcomes/response.html", "One questionnaire", course, about=response, **context)


@page
def response_error(request: StaffRequest, course_id: UUID, response_id: UUID) -> HttpResponse:
    """It was entered in error."""
    course = _course(request, course_id)
    allow(policy.may_enter_measures(request.user, course))
    response = _response(request.user, course, response_id)
    form = StrikeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            measure_actions.strike_response(
                response=response, reason=form.cleaned_data["reason"], by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
            response = _response(request.user, course, response_id)
        else:
            name = BY_CODE[response.measure].name
            messages.success(request, f"The {name} of {course.client.name} counts no more.")
            return redirect("outcomes:response", course.pk, response.pk)
    context = {"form": form, "read": measure_pages.read(response)}
    context["locked"] = LOCKED if response.locked_at and not response.is_in_error else ""
    return _page(
        request,
        "outcomes/response_error.html",
        "Page to strike out a questionnaire",
        course,
        about=response,
        **context,
    )


# --- Find, ask, answer ------------------------------------------------------------------------------------------------


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _response(user: User, course: Course, response_id: UUID) -> Response:
    rows = Response.objects.visible_to(user).filter(course=course)
    response = found(rows.select_related(*measure_pages.BESIDE), pk=response_id)
    response.course = course
    return response


def _page(
    request: StaffRequest, template: str, what: str, course: Course, *, about: Any = None, **context: Any
) -> HttpResponse:
    trail.record(
        Action.READ, what, by=request.user, about=about or course, client_id=course.client_id, request=request
    )
    context |= {"course": course, "banner": banner_for(course.client, user=request.user)}
    context["is_young"] = course.client.age(on=timezone.localdate()) < 18
    return render(request, template, context)


def _choose(request: StaffRequest, course: Course) -> HttpResponse:
    context = {"measures": MEASURES, "session": request.GET.get("session", "")}
    return _page(request, "outcomes/measure_choose.html", "Page to choose a questionnaire", course, **context)


def _form(
    request: StaffRequest, measure: Measure, sessions: list[TherapySession], *, only_total: bool
) -> MeasureForm | TotalForm:
    typed = request.POST if request.method == "POST" else None
    choices = [(session.pk, measure_pages.session_words(session)) for session in sessions]
    begins: dict[str, Any] = {}
    if request.GET.get("session") in {str(key) for key, _ in choices}:
        begins["session"] = request.GET["session"]
    if request.GET.get("day"):
        begins["day"] = request.GET["day"]
    if only_total:
        return TotalForm(typed, measure=measure, sessions=choices, initial=begins)
    words = _words(measure, request.POST.get("version", ""))
    return MeasureForm(typed, words=words, sessions=choices, initial=begins)


def _sent_before(request: StaffRequest, course: Course) -> Response | None:
    """What this very page has entered already: it was sent twice."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    return Response.objects.visible_to(request.user).filter(course=course, pk=key).first()


def _words(measure: Measure, version: str) -> Words:
    """As the page asked it that is sent now: meanwhile the clinic may have entered a newer wording."""
    words = words_of(measure, version) or words_of(measure)
    if words is None:
        raise Http404
    return words


def _enter(
    course: Course,
    measure: Measure,
    form: MeasureForm | TotalForm,
    sessions: list[TherapySession],
    *,
    only_total: bool,
    by: User,
) -> Response:
    typed = form.cleaned_data
    what = {"key": typed["key"], "measure": measure.code, "by": by, **form.given()}
    session = next((one for one in sessions if str(one.pk) == typed["session"]), None)
    if session is not None:
        at_session = (
            measure_actions.enter_total_at_session if only_total else measure_actions.enter_measure_at_session
        )
        return at_session(session=session, **what)
    on_a_day = entry_actions.enter_total if only_total else entry_actions.enter_measure
    return on_a_day(course=course, taken_at=measure_pages.moment_of(typed["day"]), **what)


def _tell(request: StaffRequest, course: Course, response: Response) -> None:
    name = BY_CODE[response.measure].name
    messages.success(request, f"{name} of {course.client.name} is kept: {results.in_words(response)}.")
