"""The page on which a therapist logs a session, its autosave and its live totals; a walk-in; a contact that is due.

Booking is in booking_views.py, reading a signed session in reading_views.py."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from sessions import actions, beside, conflict, drafts
from sessions.autosave import REFUSED, STALE, answer_to
from sessions.drafts import AlreadySigned, StaleDraft
from sessions.forms import MEASURES, ContactForm, LogForm, begun_with, words_of
from sessions.links import by_link_of
from sessions.log_page import LogPage, signed_sentence
from sessions.models import ContactDue, Note, Reflection, TherapySession
from sessions.note_states import state_of_session
from staff.models import User
from staff.requests import StaffRequest

NOTHING_NEW = 204


@require_http_methods(["GET", "POST"])
def log(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """One session on one page: GET shows it, POST keeps the draft or signs. Without script nothing is missing but autosave."""
    course, session = _asked_for(request, course_id, session_id, is_shown=True)
    if answer := _not_to_be_logged(request, course, session):
        return answer
    if request.method == "POST":
        form = LogForm(request.POST)
        allow(form.is_of(request.user))
        acts = dict.fromkeys(conflict.ACTS, _settle) | {"sign": _sign}
        return acts.get(request.POST.get("act", ""), _leave)(request, course, session, form)
    return _page(request, course, session, LogForm(initial=_begun(session, request.user)))


@require_POST
def draft(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """Autosave. Answers in JSON: the new version and when it was saved, or why not; nothing typed is ever sent back."""
    _, session = _asked_for(request, course_id, session_id)
    form = LogForm(request.POST)
    return answer_to(
        request, form, lambda: actions.save_draft(session=session, by=request.user, **form.kept())
    )


@require_POST
def scores(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """Totals of the digits as they are typed, worked out by the server alone."""
    _, session = _asked_for(request, course_id, session_id)
    earlier = beside.earlier_scores(session, request.user)
    context = _totals(session, LogForm(request.POST).answers(), earlier, request.user)
    return render(request, "sessions/_totals.html", context)


@require_safe
def received(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """What has come by link meanwhile; nothing where the page shows it already."""
    course, session = _asked_for(request, course_id, session_id)
    by_link = by_link_of(session, request.user, at=timezone.now())
    if by_link.mark == request.GET.get("mark", ""):
        return HttpResponse(status=NOTHING_NEW)
    record(Action.READ, "Answers received by link", by=request.user, about=session, request=request)
    return render(
        request, "sessions/_by_link.html", {"by_link": by_link, "course": course, "session": session}
    )


@require_http_methods(["GET", "POST"])
def walk_in(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A session that nobody booked: it begins now, or is today's appointment that nobody has logged yet."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_log_session(request.user, course))
    refusal = None
    if request.method == "POST":
        try:
            session = actions.start_walk_in(course=course, by=request.user)
            return redirect("sessions:log", course.pk, session.pk)
        except ValidationError as error:
            refusal = error
    context = {"course": course, "banner": banner_for(course.client, user=request.user), "refusal": refusal}
    record(Action.READ, "Page of a walk-in", by=request.user, about=course, request=request)
    return render(request, "sessions/log_walk_in.html", context, status=REFUSED if refusal else 200)


@require_http_methods(["GET", "POST"])
def contact(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """A client did not come: what was tried to reach them."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_answer_alert(request.user, course))
    due = found(
        ContactDue.objects.visible_to(request.user).select_related("session", "raised_by", "answered_by"),
        course=course,
        session=session_id,
    )
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_contact(due=due, by=request.user, **form.cleaned_data)
            messages.success(request, f"Kept what was tried to reach {course.client.called}.")
            return redirect("courses:detail", course.pk)
        except ValidationError as refusal:
            form.add_error("what_was_tried", ValidationError(refusal.messages))
    record(Action.READ, "Page of a contact due", by=request.user, about=due, request=request)
    context = {
        "course": course,
        "due": due,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
        "problems": [("id_what_was_tried", words) for words in form.errors.get("what_was_tried", [])],
    }
    return render(request, "sessions/log_contact.html", context, status=REFUSED if form.errors else 200)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _asked_for(
    request: StaffRequest, course_id: UUID, session_id: UUID, *, is_shown: bool = False
) -> tuple[Course, TherapySession]:
    """With the client and the room for a page, and without them for a save, of which there are hundreds a session."""
    courses = Course.objects.visible_to(request.user)
    course = found(courses.select_related("client") if is_shown else courses, pk=course_id)
    allow(policy.may_log_session(request.user, course))
    # Whoever carries the course sees its sessions: to ask a second time whose they are costs a save a tenth of its time.
    sessions = course.sessions.all()
    session = found(sessions.select_related("room") if is_shown else sessions, pk=session_id)
    session.course = course
    return course, session


def _not_to_be_logged(request: StaffRequest, course: Course, session: TherapySession) -> HttpResponse | None:
    """The answer where there is nothing to log: signed, entered in error, another day's, another therapist's draft."""
    state = state_of_session(session)
    if (state and state.signed_at) or session.entered_in_error_at:
        if request.method == "POST":
            messages.info(
                request,
                f"{_said(session)} Nothing was changed.{_kept_beside(request, session)}",
            )
            return redirect("courses:detail", course.pk)
        return redirect("sessions:detail", course.pk, session.pk)
    whose = _taken_by_another(session, request.user)
    ahead = timezone.localdate(session.starts_at) > timezone.localdate()
    if not whose and not ahead:
        return None
    record(Action.READ, "Log page", by=request.user, about=session, request=request)
    context = {
        "course": course,
        "session": session,
        "whose": whose,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(
        request, "sessions/log_not_now.html", context, status=STALE if request.method == "POST" else 200
    )


def _said(session: TherapySession) -> str:
    if session.entered_in_error_at:
        return "This session was entered in error."
    return "This session is signed already."


def _kept_beside(request: StaffRequest, session: TherapySession) -> str:
    """What the author sends after signing, from a page that was still open, is kept in the history of the draft."""
    form = LogForm(request.POST)
    allow(form.is_of(request.user))
    try:
        actions.save_draft(session=session, by=request.user, **form.kept())
    except AlreadySigned as refusal:
        if refusal.is_kept:
            return " What this page held is kept among the earlier versions of your note."
    except ValidationError:
        pass  # nothing of it can be kept, or it was entered in error
    return ""


def _taken_by_another(session: TherapySession, user: User) -> str:
    """A draft's words are its author's alone: all that is said is whose it is."""
    state = state_of_session(session)
    if state is None or state.author_id == user.pk:
        return ""
    return drafts.whose(state.author_id)


# --- Do ---------------------------------------------------------------------------------------------------------------


def _settle(request: StaffRequest, course: Course, session: TherapySession, form: LogForm) -> HttpResponse:
    """Two versions of the draft: both are shown, or one choice between them is carried out."""
    try:
        return conflict.answer(request, conflict.draft_of_session(request, course, session), form)
    except ValidationError as refusal:
        return _refused(request, course, session, form, refusal)


def _leave(request: StaffRequest, course: Course, session: TherapySession, form: LogForm) -> HttpResponse:
    try:
        note = actions.save_draft(session=session, by=request.user, **form.kept())
    except ValidationError as refusal:
        return _refused(request, course, session, form, refusal)
    saved_at = timezone.localtime(note.saved_at)
    messages.success(
        request, f"Draft for {course.client.name} kept at {saved_at:%H:%M}. It is not signed yet."
    )
    return redirect("caseload:today")


def _sign(request: StaffRequest, course: Course, session: TherapySession, form: LogForm) -> HttpResponse:
    """All of it or nothing; refused, it is kept as a draft, so that a closed window costs nothing."""
    kept = form.kept()
    if not form.is_valid():
        return _refused(request, course, session, form, None, kept)
    try:
        wanted = form.next_appointment(minutes=session.minutes)
        with transaction.atomic():
            note = actions.sign_session(
                session=session,
                by=request.user,
                next_appointment=wanted,
                appointment_seen=form.cleaned_data["appointment"],
                **kept,
            )
            if form.cleaned_data["share_reflection"]:
                _share(note, request.user)
    except ValidationError as refusal:
        return _refused(request, course, session, form, refusal, kept)
    session.refresh_from_db()
    messages.success(request, signed_sentence(course, session, wanted))
    return redirect("courses:detail", course.pk)


def _share(note: Note, user: User) -> None:
    reflection = Reflection.objects.visible_to(user).filter(session=note.session_id, author=user).first()
    if reflection is not None and reflection.text:
        actions.share_reflection(reflection=reflection, by=user)


def _refused(
    request: StaffRequest,
    course: Course,
    session: TherapySession,
    form: LogForm,
    refusal: ValidationError | None,
    kept: dict[str, Any] | None = None,
) -> HttpResponse:
    """The same page with every word on it and what is wrong on top; `kept` is kept as a draft all the same. Where another
    window has saved a newer version, both are shown instead."""
    version = form.cleaned_data.get("based_on") or 0
    is_kept = False
    try:
        if kept and not isinstance(refusal, StaleDraft):
            version = actions.save_draft(session=session, by=request.user, **kept).version
            is_kept = True
    except StaleDraft as newer:
        refusal = newer
    except ValidationError:
        pass  # the refusal already says what cannot be kept
    if isinstance(refusal, StaleDraft):
        both = conflict.draft_of_session(request, course, session)
        return conflict.page(request, both, form, asked=request.POST.get("act", ""))
    if refusal:
        form.take(refusal)
    return _page(request, course, session, form, version=version, status=REFUSED, is_kept=is_kept)


# --- Answer -----------------------------------------------------------------------------------------------------------


def _begun(session: TherapySession, user: User) -> dict[str, Any]:
    """What a draft holds, to lie over what was booked; nothing where there is no draft."""
    note = Note.objects.visible_to(user).drafts().filter(session=session).first()
    if note is None:
        return {"based_on": 0}
    reflection = Reflection.objects.visible_to(user).filter(session=session, author=user).first()
    words = words_of(note) | {"reflection": reflection.text if reflection else ""}
    begun = begun_with(note.form, words, beside.answers_of(session, user))
    return {**begun, "based_on": note.version, "saved_at": note.saved_at}


def _page(
    request: StaffRequest,
    course: Course,
    session: TherapySession,
    form: LogForm,
    *,
    version: int = 0,
    status: int = 200,
    is_kept: bool = True,
) -> HttpResponse:
    page = LogPage(course, session, form, user=request.user)
    totals = _totals(session, page.answers, page.earlier, request.user)
    context = {
        "course": course,
        "session": session,
        "form": form,
        "page": page,
        "measures": [(*row, total) for row, total in zip(page.digits, totals["totals"], strict=True)],
        "version": version or form.initial.get("based_on", 0),
        "is_kept": is_kept,
        # A page that is shown is a page of its own, also after a refusal: what another one saves later is not its own.
        "window": uuid4(),
        "banner": banner_for(course.client, user=request.user),
        "by_link": by_link_of(session, request.user, at=timezone.now()),
        **totals,
    }
    record(Action.READ, "Log page", by=request.user, about=session, request=request)
    return render(request, "sessions/log.html", context, status=status)


def _totals(
    session: TherapySession,
    answers: Mapping[str, Sequence[int | None]],
    earlier: Mapping[str, beside.Earlier],
    user: User,
) -> dict[str, Any]:
    """What stands under the digits, and what to do at once where item 9 is above 0."""
    totals = [beside.total_in_words(one, answers[one.code], earlier[one.code]) for one in MEASURES]
    is_risk = any(total.is_risk for total in totals)
    return {
        "totals": totals,
        "is_risk": is_risk,
        "alert": beside.open_alert_of(session, user) if is_risk else None,
        "supervisors": beside.supervisors_of(user, at=timezone.now()) if is_risk else "",
    }
