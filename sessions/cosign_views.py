"""What a supervisor decides about a trainee's signed note. The form stands on the page of the note; how a decision is
kept is in note_actions.py."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from access import policy
from access.found import allow, found
from courses.finding import readable_course
from courses.models import Course
from sessions import contact_views, letter_views, note_actions, reading_views
from sessions.addresses import read_address
from sessions.autosave import REFUSED, STALE
from sessions.decision_forms import CosignForm
from sessions.models import CoSignature, Note, NoteKind, TherapySession
from staff.requests import StaffRequest


@require_POST
def cosign(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Co-signed, or returned with a comment. Refused, the note's page is shown again with the comment as it was typed."""
    course = readable_course(request.user, course_id)
    rows = Note.objects.visible_to(request.user).signed().filter(course=course, adds_to=None)
    note = found(rows.select_related("author", "session", "in_error"), pk=note_id)
    note.course = course
    allow(policy.may_cosign(request.user, note))
    form = CosignForm(request.POST)
    try:
        made = note_actions.decide_note(
            note=note,
            decision=form.typed("decision"),
            comment=form.typed("comment"),
            seen=form.typed("seen"),
            by=request.user,
        )
    except ValidationError as refusal:
        form.take(refusal)
        status = STALE if getattr(refusal, "code", "") == "stale" else REFUSED
        return _page(request, course, note, form, status)
    messages.success(request, said_of(made, note))
    return redirect(read_address(note))


def said_of(made: CoSignature, note: Note) -> str:
    """What was done, to who did it."""
    name = note.author.full_name
    if made.decision == CoSignature.Decision.RETURNED:
        return f"Returned to {name} with your comment."
    return f"Co-signed for {note.course.client.name}: the note of {name}."


def _page(request: StaffRequest, course: Course, note: Note, form: CosignForm, status: int) -> HttpResponse:
    if note.kind == NoteKind.LETTER:
        return letter_views.read_page(request, course, note, cosign=form, status=status)
    if note.kind == NoteKind.CONTACT:
        return contact_views.read_page(request, course, note, cosign=form, status=status)
    rows = TherapySession.objects.visible_to(request.user).filter(course=course)
    session = found(rows.select_related("therapist", "room"), pk=note.session_id)
    return reading_views.read_page(request, course, session, cosign=form, status=status)
