"""A contact with the client, or about them, outside a session: the page on which it is written, its autosave, its two versions
and earlier ones, and the signed note as it is read. Answering a contact that is due is in views.py."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from sessions import beside, contacts, history_views, note_actions, note_pages, reading
from sessions.conflict import Draft
from sessions.log_page import Beside
from sessions.models import Note, NoteKind
from sessions.note_forms import ContactNoteForm
from sessions.note_pages import Writing
from staff.requests import StaffRequest

TITLE = "Contact note"


@require_safe
def contact_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """A key before the first save: a save that is sent again because its answer was lost makes no second note."""
    course = _course(request, course_id)
    return redirect("sessions:contact_note", course.pk, uuid4())


@require_http_methods(["GET", "POST"])
def contact_note(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """GET shows the page, POST keeps the draft or signs. Without script nothing is missing but autosave."""
    course, note = _asked_for(request, course_id, note_id)
    writing = _writing(request, course, note_id, note)
    if request.method == "POST":
        return note_pages.answer(request, writing)
    if note_pages.is_written(note):
        return redirect(writing.read_url)
    return note_pages.page(request, writing)


@require_POST
def contact_draft(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Autosave, as for a session."""
    course, note = _asked_for(request, course_id, note_id)
    return note_pages.autosaved(request, _writing(request, course, note_id, note))


@require_http_methods(["GET", "POST"])
def contact_history(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """The earlier versions of one's own contact note."""
    course, note = _asked_for(request, course_id, note_id)
    draft = _writing(request, course, note_id, note).draft
    return history_views.history_of(request, draft, begins=note is None)


@require_safe
def contact_read(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Whoever may read the course's content reads it; one's own draft is gone on with instead."""
    course = readable_course(request.user, course_id)
    rows = Note.objects.visible_to(request.user).filter(course=course, kind=NoteKind.CONTACT)
    note = found(rows.select_related("author", "session", "in_error"), pk=note_id)
    if not note_pages.is_written(note):
        allow(policy.may_write_contact(request.user, course))
        return redirect("sessions:contact_note", course.pk, note.pk)
    note.course = course
    return read_page(request, course, note)


def read_page(
    request: StaffRequest, course: Course, note: Note, *, cosign: Any = None, status: int = 200
) -> HttpResponse:
    """One contact note as it was signed or struck out. `cosign` is the form of a decision that was refused."""
    context = shown(request, course, note, cosign=cosign)
    return render(request, "sessions/contact_note_read.html", context, status=status)


def shown(request: StaffRequest, course: Course, note: Note, *, cosign: Any = None) -> dict[str, Any]:
    """What `sessions/_contact_read.html` states, here and in the queue of co-signing. It is a look, and on the trail."""
    names = ("how", "with_whom", "who")
    facts = {name: getattr(note, name) or str(note.form.get(name, "")) for name in names}
    record(Action.READ, TITLE, by=request.user, about=note, client_id=course.client_id, request=request)
    return {
        "course": course,
        "note": note,
        "signed": reading.read_note(
            note, request.user, course=course, at=timezone.now(), cosign=cosign, with_acts=True
        ),
        "words": contacts.in_words(facts["how"], facts["with_whom"], facts["who"]),
        "banner": banner_for(course.client, user=request.user),
    }


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _course(request: StaffRequest, course_id: UUID) -> Course:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_write_contact(request.user, course))
    return course


def _asked_for(request: StaffRequest, course_id: UUID, note_id: UUID) -> tuple[Course, Note | None]:
    course = _course(request, course_id)
    return course, note_pages.own_note(note_id, kind=NoteKind.CONTACT, course=course, user=request.user)


def _writing(request: StaffRequest, course: Course, note_id: UUID, note: Note | None) -> Writing:
    place, name = [course.pk, note_id], course.client.name
    user, now = request.user, timezone.localtime()
    return Writing(
        draft=Draft(
            course=course,
            note=note,
            form_class=ContactNoteForm,
            save=partial(note_actions.save_contact_note, note_id=note_id, course=course, by=user),
            title=TITLE,
            write_url=reverse("sessions:contact_note", args=place),
            history_url=reverse("sessions:contact_history", args=place),
            about=note or course,
            may_write=True,
        ),
        sign=partial(note_actions.sign_contact_note, note_id=note_id, course=course, by=user),
        form=note_pages.form_for(
            ContactNoteForm, request, note, happened_on=f"{now:%Y-%m-%d}", happened_time=f"{now:%H:%M}"
        ),
        template="sessions/contact_note.html",
        what="Page of a contact note",
        draft_url=reverse("sessions:contact_draft", args=place),
        read_url=reverse("sessions:contact_read", args=place),
        left=f"The contact note about {name} is kept as a draft. It is not signed yet.",
        signed=f"The contact note about {name} is signed.",
        context=lambda: {
            "page": Beside(course, beside.this_moment(course, at=now), user=user),
            "begun": [] if note else contacts.own_drafts(course, user),
        },
    )
