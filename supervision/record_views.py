"""A signed supervision record as it is read: what was discussed and decided, its actions and what came of them, signatures and
addenda. The therapist signs here for their own case."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record as write_trail
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from sessions import note_pages, reading
from sessions.autosave import REFUSED
from sessions.models import Note, NoteKind
from sessions.note_actions import what_is_read
from staff.requests import StaffRequest
from supervision import meeting_actions, meeting_pages
from supervision.meeting_forms import RecordSignForm
from supervision.models import Case, Meeting
from supervision.records import FOCUS, RISK


@require_safe
def record(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Whoever may read the course's content reads it; one's own draft is gone on with in its meeting instead."""
    course, note = _found(request, course_id, note_id)
    if not note_pages.is_written(note):
        allow(note.author_id == request.user.pk and policy.may_discuss(request.user, course))
        case = found(Case.objects.visible_to(request.user), pk=note.pk)
        return redirect("supervision:case", case.meeting_id, case.pk)
    return read_page(request, course, note)


@require_http_methods(["GET", "HEAD", "POST"])
def record_sign(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """The therapist's own signature. What is refused is shown on the record's own page."""
    course, note = _found(request, course_id, note_id)
    allow(policy.may_sign_case(request.user, note))
    if request.method != "POST":
        return redirect("supervision:record", course.pk, note.pk)
    form = RecordSignForm(request.POST)
    try:
        meeting_actions.sign_record(
            note=note, comment=form.typed("comment"), seen=form.typed("seen"), by=request.user
        )
    except ValidationError as refusal:
        form.take(refusal)
        return read_page(request, course, note, form=form)
    messages.success(request, f"You have signed the supervision record about {course.client.name}.")
    return redirect("supervision:record", course.pk, note.pk)


def read_page(
    request: StaffRequest, course: Course, note: Note, *, form: RecordSignForm | None = None
) -> HttpResponse:
    """One record as it was signed or struck out. `form` is one that was refused."""
    user, now = request.user, timezone.now()
    signed = reading.read_note(note, user, course=course, at=now, with_acts=True)
    signatures = meeting_pages.signatures_of(note, signed, user)
    standing = [each.addendum.note for each in signed.after if each.addendum and each.addendum.struck is None]
    seen = what_is_read([note, *standing])
    is_signed_by_me = any(each.row.by_id == user.pk for each in signatures)
    may_sign = policy.may_sign_case(user, note) and signed.struck is None and not is_signed_by_me
    if form is not None:
        form.show_now(seen, waits=may_sign)
    meeting = Meeting.objects.visible_to(user).filter(pk=note.supervision.get("meeting")).first()
    context = {
        "course": course,
        "note": note,
        "signed": signed,
        "facts": note.supervision,
        "kind": Meeting.Kind(note.supervision["kind"]).label if note.supervision else "",
        "focus": FOCUS.get(note.supervision.get("focus", ""), ""),
        "risk": RISK.get(note.supervision.get("risk", ""), ""),
        "actions": meeting_pages.agreed_in(note, user, now=now),
        "signatures": signatures,
        "sign_form": form or (RecordSignForm(initial={"seen": seen}) if may_sign else None),
        "meeting": meeting,
        "banner": banner_for(course.client, user=user),
    }
    write_trail(
        Action.READ, "Supervision record", by=user, about=note, client_id=course.client_id, request=request
    )
    return render(request, "supervision/record.html", context, status=REFUSED if form is not None else 200)


def _found(request: StaffRequest, course_id: UUID, note_id: UUID) -> tuple[Course, Note]:
    course = readable_course(request.user, course_id)
    rows = Note.objects.visible_to(request.user).filter(course=course, kind=NoteKind.SUPERVISION)
    note = found(rows.select_related("author", "session", "in_error"), pk=note_id)
    note.course = course
    return course, note
