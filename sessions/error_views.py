"""A session, a contact note or an addendum was entered in error: the page that says so and what it changes; and carrying what
was written on the wrong client's record to the right one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from sessions import beside, error_page, note_actions
from sessions.addresses import read_address
from sessions.autosave import REFUSED
from sessions.decision_forms import APPOINTMENT, OWN_COURSE, CarryForm, ErrorForm
from sessions.models import EnteredInError, ErrorKind, Note, NoteKind, TherapySession
from sessions.note_states import state_of_session
from staff.requests import StaffRequest

SEALED = "It is sealed: only its author and the clinical lead read it from now on. The lead has been told."


@require_http_methods(["GET", "POST"])
def session(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """A session with its note: GET says what happens, POST strikes it out."""
    course, struck, note = _session_of(request, course_id, session_id)
    allow(_may_strike(request, struck, note))
    if request.method == "GET" and struck.entered_in_error_at is not None:
        return redirect("sessions:detail", course.pk, struck.pk)
    form = ErrorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            made = note_actions.enter_session_in_error(
                session=struck, kind=form.typed("kind"), reason=form.typed("reason"), by=request.user
            )
            return _done(
                request, made, "The session", reverse("sessions:detail", args=[course.pk, struck.pk])
            )
        except ValidationError as refusal:
            form.take(refusal)
    context = {
        "what": "session",
        "title": f"{_title(struck)} of {beside.long(timezone.localtime(struck.starts_at))}",
        "happens": error_page.what_happens_to(struck, note, request.user, course=course),
        "alerts": error_page.open_alerts(struck, request.user),
        "back": reverse("sessions:detail", args=[course.pk, struck.pk]),
        "author": note.author if note else struck.therapist,
    }
    record(Action.READ, "Page of an entry in error", by=request.user, about=struck, request=request)
    return _page(request, course, form, context)


@require_http_methods(["GET", "POST"])
def note(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """A contact note or an addendum. A session's note is struck out with its session."""
    course = readable_course(request.user, course_id)
    rows = Note.objects.visible_to(request.user).filter(course=course)
    struck = found(rows.select_related("author", "adds_to"), pk=note_id)
    struck.course = course
    allow(policy.may_strike(request.user, struck))
    if struck.kind == NoteKind.SESSION:
        return redirect("sessions:error", course.pk, struck.session_id)
    struck_before = EnteredInError.objects.visible_to(request.user).filter(note=struck)
    if request.method == "GET" and struck_before.exists():
        return redirect(read_address(struck))
    back, form = read_address(struck), ErrorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            made = note_actions.enter_note_in_error(
                note=struck, kind=form.typed("kind"), reason=form.typed("reason"), by=request.user
            )
            return _done(request, made, f"The {struck.get_kind_display().lower()}", back)
        except ValidationError as refusal:
            form.take(refusal)
    when = timezone.localtime(struck.signed_at or struck.started_at)
    context = {
        "what": struck.get_kind_display().lower(),
        "title": f"{struck.get_kind_display()} of {beside.long(when)}",
        "happens": error_page.what_happens_to_note(struck),
        "alerts": 0,
        "back": back,
        "author": struck.author,
    }
    record(
        Action.READ,
        "Page of an entry in error",
        by=request.user,
        about=struck,
        client_id=course.client_id,
        request=request,
    )
    return _page(request, course, form, context)


@require_http_methods(["GET", "POST"])
def carry(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """What was logged for the wrong client goes to the right one, as a draft."""
    course, struck, former = _session_of(request, course_id, session_id)
    allow(former is not None and _may_carry(request, former))
    back = reverse("sessions:detail", args=[course.pk, struck.pk])

    def carried(to: Course, into: str) -> str:
        appointments = TherapySession.objects.visible_to(request.user).filter(course=to)
        chosen = appointments.filter(pk=into).first() if into else None
        if into and chosen is None:
            raise ValidationError({"into": APPOINTMENT})
        new = note_actions.carry_session(session=struck, to=to, by=request.user, into=chosen)
        return reverse("sessions:log", args=[to.pk, new.pk])

    title = f"{_title(struck)} of {beside.long(timezone.localtime(struck.starts_at))}"
    record(Action.READ, "Page of carrying over", by=request.user, about=struck, request=request)
    return _carry(request, course, title, back, carried, at=struck.starts_at)


@require_http_methods(["GET", "POST"])
def carry_note(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """The same for a contact note."""
    course = readable_course(request.user, course_id)
    rows = Note.objects.visible_to(request.user).filter(course=course, kind=NoteKind.CONTACT)
    former = found(rows, pk=note_id)
    former.course = course
    allow(_may_carry(request, former))

    def carried(to: Course, into: str) -> str:
        new = note_actions.carry_note(note=former, to=to, by=request.user)
        return reverse("sessions:contact_note", args=[to.pk, new.pk])

    when = timezone.localtime(former.happened_at or former.started_at)
    record(
        Action.READ,
        "Page of carrying over",
        by=request.user,
        about=former,
        client_id=course.client_id,
        request=request,
    )
    return _carry(request, course, f"Contact note of {beside.long(when)}", read_address(former), carried)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _session_of(
    request: StaffRequest, course_id: UUID, session_id: UUID
) -> tuple[Course, TherapySession, Note | None]:
    course = readable_course(request.user, course_id)
    rows = TherapySession.objects.visible_to(request.user).filter(course=course)
    session = found(rows.select_related("therapist"), pk=session_id)
    session.course = course
    note = Note.objects.visible_to(request.user).filter(session=session).select_related("author").first()
    if note is not None:
        note.course = course
    return course, session, note


def _may_strike(request: StaffRequest, session: TherapySession, note: Note | None) -> bool:
    """Somebody else's draft is not this person's to strike out, though they cannot read that it is there."""
    if note is None and state_of_session(session) is not None:
        return False
    return policy.may_strike_session(request.user, session, note)


def _may_carry(request: StaffRequest, note: Note) -> bool:
    struck = EnteredInError.objects.visible_to(request.user).filter(note=note, kind=ErrorKind.WRONG_CLIENT)
    return policy.may_carry(request.user, note) and struck.exists()


def _title(session: TherapySession) -> str:
    return f"Session {session.number}" if session.number else session.get_kind_display()


# --- Answer -----------------------------------------------------------------------------------------------------------


def _done(request: StaffRequest, made: EnteredInError, what: str, back: str) -> HttpResponse:
    sealed = f" {SEALED}" if made.kind == ErrorKind.WRONG_CLIENT else ""
    messages.success(request, f"{what} is marked as entered in error.{sealed}")
    return redirect(back)


def _page(request: StaffRequest, course: Course, form: ErrorForm, context: dict[str, Any]) -> HttpResponse:
    context |= {
        "course": course,
        "client": course.client,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
        "is_author": context["author"] == request.user,
    }
    return render(request, "sessions/error.html", context, status=REFUSED if form.errors else 200)


def _carry(
    request: StaffRequest, course: Course, title: str, back: str, carried: Any, *, at: Any = None
) -> HttpResponse:
    """First a record of one's own is chosen, then both clients stand side by side before anything is done."""
    now = timezone.now()
    form = CarryForm(request.POST if request.method == "POST" else request.GET)
    words = form.typed("q")
    to = None
    if form.typed("to"):
        own = error_page.own_records(request.user, besides=course, words="", at=now)
        to = next((one for one in own if str(one.pk) == form.typed("to")), None)
    if request.method == "POST":
        try:
            if to is None:
                raise ValidationError({"to": OWN_COURSE})
            if "into" in form.errors:
                raise ValidationError({"into": APPOINTMENT})
            address = carried(to, form.typed("into"))
            messages.success(
                request,
                f"The words stand on the record of {to.client.name} now, as a draft: read them, then sign.",
            )
            return redirect(address)
        except ValidationError as refusal:
            form.take(refusal)
    context = {
        "course": course,
        "client": course.client,
        "title": title,
        "back": back,
        "form": form,
        "to": to,
        "words": words,
        "records": [] if to else error_page.own_records(request.user, besides=course, words=words, at=now),
        "same_time": at,
        "appointments": error_page.appointments_of(to, request.user, at=now) if to and at else [],
        "banner": banner_for(course.client, user=request.user),
    }
    is_refused = request.method == "POST"
    return render(request, "sessions/carry.html", context, status=REFUSED if is_refused else 200)
