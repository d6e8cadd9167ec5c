"""Pages that choose whom to book, book, move and cancel an appointment, and on which an administrator says what came of it.
Logging is in views.py, reading in reading_views.py."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from clients.models import Client
from courses import protocol
from courses.actions import therapist_of
from courses.models import Allocation, Course
from sessions import actions
from sessions.booking_forms import (
    AttendanceForm,
    BookForm,
    CancelForm,
    FindForm,
    SlotForm,
    booking_begins_with,
)
from sessions.models import TherapySession
from sessions.slots import attendance_of, in_words, same_slot_next, slot_of, taken_on, when_of
from staff.models import User
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE = 40


@require_safe
def choose(request: StaffRequest, purpose: str) -> HttpResponse:
    """Whom to book, or whose session to log: the therapist's own open courses; for booking, an administrator finds any."""
    if purpose not in ("book", "log"):
        raise Http404
    any_course = request.user.is_administrator and purpose == "book"
    allow(any_course or request.user.is_therapist)
    form = FindForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    rows = _to_choose_from(request.user, words, any_course=any_course)
    courses = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    ids = [course.pk for course in courses]
    record(Action.LIST, f"List to {purpose} from", by=request.user, ids=ids, request=request)
    context = {"courses": courses, "purpose": purpose, "any_course": any_course, "words": words}
    return render(request, "sessions/choose.html", context)


@page
def book(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    therapist = therapist_of(course)
    if therapist is None or not course.is_open:
        return _page(request, "book", "Page to book an appointment", course, form=None)
    now = timezone.now()
    begin = booking_begins_with(course, same_slot_next(course, request.user, at=now))
    form = BookForm(_typed(request), course=course, therapist=therapist, now=now, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.book_session(
                course=course, therapist=form.therapist, by=request.user, **form.what(), **form.slot()
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Booked {course.client.name}: {_when_and_where(session)}.")
            return redirect("courses:detail", course.pk)
    return _page(request, "book", "Page to book an appointment", course, form=form, **_that_day(form))


@page
def move(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    session = _session(request, course, session_id)
    now = timezone.now()
    form = SlotForm(
        _typed(request),
        course=course,
        therapist=session.therapist,
        now=now,
        shows=slot_of(session),
        version=session.version,
    )
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.move_session(
                session=session,
                by=request.user,
                version=form.based_on(),
                seen=form.what_was_seen(),
                **form.slot(),
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Moved {course.client.name} to {_when_and_where(moved)}.")
            return redirect("courses:detail", course.pk)
    what = "Page to move an appointment"
    return _page(request, "move", what, course, form=form, session=session, **_that_day(form))


@page
def cancel(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    session = _session(request, course, session_id)
    form = CancelForm(_typed(request), shows=when_of(session))
    if request.method == "POST" and form.is_valid():
        try:
            code, seen = form.cleaned_data["code"], form.what_was_seen()
            actions.cancel_session(session=session, by=request.user, code=code, seen=seen)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Cancelled {course.client.name}, {_when(session)}.")
            return redirect("courses:detail", course.pk)
    return _page(request, "cancel", "Page to cancel an appointment", course, form=form, session=session)


@page
def attendance(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """What came of an appointment, said by an administrator: the same page and the same words for every client. Who treats
    the client says it on the page that logs the session, which knows what the therapist must be asked."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    if not request.user.is_administrator:
        raise PermissionDenied
    session = _session(request, course, session_id)
    if policy.treats(request.user, course):
        return redirect("sessions:log", course.pk, session.pk)
    form = AttendanceForm(_typed(request), shows=attendance_of(session) | when_of(session))
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.record_attendance_by_administrator(
                session=session,
                by=request.user,
                attendance=form.cleaned_data["attendance"],
                seen=form.what_was_seen(),
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _kept_in_words(course, kept))
            return redirect("courses:detail", course.pk)
    return _page(request, "attendance", "Attendance page", course, form=form, session=session)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _course(request: StaffRequest, course_id: UUID) -> Course:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_book(request.user, course))
    return course


def _session(request: StaffRequest, course: Course, session_id: UUID) -> TherapySession:
    rows = TherapySession.objects.visible_to(request.user).select_related("room", "therapist")
    return found(rows, pk=session_id, course=course)


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _to_choose_from(user: User, words: str, *, any_course: bool) -> Any:
    """Open courses by name, each with its client, its therapist and the next appointment."""
    now = timezone.now()
    rows = Course.objects.visible_to(user).open()
    if not any_course:
        rows = rows.carried_by(user, at=now)
    if words:
        rows = rows.filter(client__in=Client.objects.visible_to(user).named_like(words))
    ahead = TherapySession.objects.visible_to(user).ahead(at=now).filter(course=OuterRef("pk"))
    carried = Allocation.objects.visible_to(user).current(at=now).carrying().select_related("therapist")
    return (
        rows.select_related("client")
        .prefetch_related(Prefetch("allocations", carried, to_attr="carried"))
        .annotate(next_at=Subquery(ahead.order_by("starts_at").values("starts_at")[:1]))
        .order_by("client__last_name", "client__first_name", "pk")
    )


# --- Answer -----------------------------------------------------------------------------------------------------------


def _page(request: StaffRequest, name: str, what: str, course: Course, **context: Any) -> HttpResponse:
    record(Action.READ, what, by=request.user, about=course, request=request)
    context |= {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
        "may_allocate": policy.may_allocate(request.user),
    }
    status = context["form"].status if context["form"] else 200
    return render(request, f"sessions/{name}.html", context, status=status)


def _that_day(form: SlotForm) -> dict[str, Any]:
    """The day that the form is about, and what is taken on it."""
    day = form.shown_day()
    return {"day": day, "taken": taken_on(day, form.therapist, form.client) if day else []}


def _when(session: TherapySession) -> str:
    local = timezone.localtime(session.starts_at)
    return f"{in_words(local.date())}, {local:%H:%M}"


def _when_and_where(session: TherapySession) -> str:
    where = session.room.name if session.room else session.get_mode_display().lower()
    return f"{_when(session)}, {where}"


def _kept_in_words(course: Course, session: TherapySession) -> str:
    said = protocol.ATTENDANCE[str(session.attendance)].label.lower()
    therapist = therapist_of(course) or session.therapist
    told = f" {therapist.full_name} sees that contact is due." if session.was_missed else ""
    return f"{course.client.name}, {_when(session)}: {said}.{told}"
