"""What is added to a signed note: the page on which it is written beside the original, its autosave, its two versions and
earlier ones. The signed addendum is read with the note that it adds to."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from courses.finding import readable_course
from courses.models import Course
from sessions import history_views, note_actions, note_pages, reading
from sessions.addresses import read_address
from sessions.conflict import Draft
from sessions.models import Note, NoteKind
from sessions.note_forms import AddendumForm
from sessions.note_pages import Writing
from staff.models import User
from staff.requests import StaffRequest


@require_safe
def addendum_new(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """A key before the first save; an addendum to this note that the person has begun already is gone on with."""
    course = readable_course(request.user, course_id)
    original = _original(request, course, note_id)
    begun = Note.objects.visible_to(request.user).drafts().standing().filter(adds_to=original)
    key = begun.filter(author=request.user).values_list("pk", flat=True).first() or uuid4()
    return redirect(_address("addendum", course, key, original))


@require_http_methods(["GET", "POST"])
def addendum(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """GET shows the page, POST keeps the draft or signs. Without script nothing is missing but autosave."""
    course, original, note = _asked_for(request, course_id, note_id)
    writing = _writing(request, course, original, note_id, note)
    if request.method == "POST":
        return note_pages.answer(request, writing)
    if note_pages.is_written(note) or note_pages.is_struck(original):
        return redirect(writing.read_url)
    return note_pages.page(request, writing)


@require_POST
def addendum_draft(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Autosave, as for a session."""
    course, original, note = _asked_for(request, course_id, note_id)
    return note_pages.autosaved(request, _writing(request, course, original, note_id, note))


@require_http_methods(["GET", "POST"])
def addendum_history(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """The earlier versions of one's own addendum."""
    course, original, note = _asked_for(request, course_id, note_id)
    draft = _writing(request, course, original, note_id, note).draft
    return history_views.history_of(request, draft, begins=note is None)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _original(request: StaffRequest, course: Course, note_id: UUID) -> Note:
    """The signed note of a session or of a contact to which the person may add."""
    rows = Note.objects.visible_to(request.user).signed().filter(course=course, adds_to=None)
    original = found(rows.select_related("author", "session", "in_error"), pk=note_id)
    original.course = course
    allow(policy.may_add_to(request.user, original))
    return original


def _asked_for(request: StaffRequest, course_id: UUID, note_id: UUID) -> tuple[Course, Note, Note | None]:
    """The note that is added to is the draft's; before the first save the address names it."""
    course = readable_course(request.user, course_id)
    note = note_pages.own_note(note_id, kind=NoteKind.ADDENDUM, course=course, user=request.user)
    root_id = note.root_id if note else _key(request.GET.get("to", ""))
    return course, _original(request, course, root_id), note


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


def _address(name: str, course: Course, key: UUID, original: Note) -> str:
    return f"{reverse(f'sessions:{name}', args=[course.pk, key])}?to={original.pk}"


def _writing(
    request: StaffRequest, course: Course, original: Note, note_id: UUID, note: Note | None
) -> Writing:
    user = request.user
    return Writing(
        draft=Draft(
            course=course,
            note=note,
            form_class=AddendumForm,
            save=partial(note_actions.save_addendum, note_id=note_id, original=original, by=user),
            title=f"Addendum to the note of {title_of(original)}",
            write_url=_address("addendum", course, note_id, original),
            history_url=reverse("sessions:addendum_history", args=[course.pk, note_id])
            if note
            else _address("addendum_history", course, note_id, original),
            about=note or original,
            may_write=True,
        ),
        sign=partial(note_actions.sign_addendum, note_id=note_id, original=original, by=user),
        form=note_pages.form_for(AddendumForm, request, note),
        template="sessions/addendum.html",
        what="Page of an addendum",
        draft_url=_address("addendum_draft", course, note_id, original),
        read_url=read_address(original),
        left="The addendum is kept as a draft. It is not signed yet.",
        signed=f"The addendum to the note of {title_of(original)} is signed.",
        context=lambda: _context(course, original, user),
    )


def _context(course: Course, original: Note, user: User) -> dict[str, Any]:
    signed = reading.read_note(original, user, course=course, at=timezone.now(), with_acts=False)
    return {
        "original": original,
        "title": title_of(original),
        "read_url": read_address(original),
        "signed": replace(signed, returned=None),  # it stands on top here
        "returned": signed.returned.row if signed.returned else None,
        "is_put_forward": user.is_trainee,
    }


def title_of(note: Note) -> str:
    """Session 6 on Mon 16 Nov 2026; the contact on Fri 20 Nov 2026, 17:45."""
    if note.kind == NoteKind.LETTER:
        on = timezone.localtime(note.signed_at)
        return f"the letter of {on:%a} {on.day} {on:%b %Y}"
    at = timezone.localtime(note.event_at)
    day = f"{at:%a} {at.day} {at:%b %Y}"
    if note.kind == NoteKind.SUPERVISION:
        return f"the supervision on {day}"
    if note.session is None:
        return f"the contact on {day}, {at:%H:%M}"
    number = note.session.number
    return f"session {number} on {day}" if number else f"{note.session.get_kind_display().lower()} on {day}"
