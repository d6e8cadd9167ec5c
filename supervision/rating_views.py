"""A session is rated, a rating is read, and the lead changes the form."""

from dataclasses import dataclass
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
from courses.finding import readable_course
from sessions.models import TherapySession
from staff.requests import StaffRequest
from supervision.models import Rating, Recording
from supervision.rating_form import MOST_ITEMS, MOST_POINTS, Item, unpacked
from supervision.rating_forms import FormForm, RateForm
from supervision.ratings import change_rating_form, form_in_force, form_numbered, rate_session
from supervision.tabs import tabs_for

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def rate(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """A supervisor rates a session of somebody whom they supervise; once, and then reads what they said."""
    course = readable_course(request.user, course_id)
    sessions = TherapySession.objects.visible_to(request.user).filter(course=course, entered_in_error_at=None)
    session = found(sessions.select_related("therapist"), pk=session_id)
    allow(policy.may_rate_session(request.user, course, session))
    own = Rating.objects.visible_to(request.user).filter(session=session, rated_by=request.user).first()
    if own is not None and request.method != "POST":
        return redirect("supervision:rating", course.pk, own.pk)
    version = form_numbered(_number(request.POST.get("form"))) if request.POST else form_in_force()
    form = RateForm(request.POST if request.method == "POST" else None, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            rated = rate_session(course=course, session=session, by=request.user, **form.said())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The rating is signed. {session.therapist.full_name} can read it now.")
            return redirect("supervision:rating", course.pk, rated.pk)
    recording = Recording.objects.visible_to(request.user).filter(session=session).first()
    record(Action.READ, "Page to rate a session", by=request.user, about=course, request=request)
    context = {
        "course": course,
        "session": session,
        "recording": recording,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, "supervision/rate.html", context)


def _number(typed: str | None) -> int:
    """Of a version of the form; -1, which none has, for what is no number."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 7 else -1


@dataclass(frozen=True)
class Rated:
    """An item as it was rated; `points` None where it was not."""

    item: Item
    points: int | None


@require_safe
def rating(request: StaffRequest, course_id: UUID, rating_id: UUID) -> HttpResponse:
    """What was said about the therapist's work in one session: by the items of that day."""
    course = readable_course(request.user, course_id)
    rows = Rating.objects.visible_to(request.user).filter(course=course)
    row = found(rows.select_related("session", "therapist", "rated_by"), pk=rating_id)
    record(
        Action.READ,
        "Rating of a session",
        by=request.user,
        about=row,
        client_id=course.client_id,
        request=request,
    )
    context = {
        "course": course,
        "row": row,
        "rated": [Rated(item, row.scores.get(item.code)) for item in unpacked(row.items)],
        "recording": Recording.objects.visible_to(request.user).filter(session=row.session_id).first(),
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, "supervision/rating.html", context)


@page
def rating_form(request: StaffRequest) -> HttpResponse:
    """The clinic's form. A change is the next version; what was rated before keeps its items."""
    allow(policy.may_change_rating_form(request.user))
    stands = form_in_force()
    form = FormForm(request.POST if request.method == "POST" else None, stands=stands)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_rating_form(
                lines=form.lines(), number=form.seen_number(), seen=form.what_was_seen(), by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Sessions are rated on version {changed.number} from now on.")
            return redirect("supervision:rating_form")
    context = {
        "form": form,
        "stands": form.stands,
        "most_items": MOST_ITEMS,
        "most_points": MOST_POINTS,
        "tabs": tabs_for(request.user, here="practice"),
    }
    return render(request, "supervision/rating_form.html", context, status=form.status)
