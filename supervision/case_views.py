"""One case of a meeting: the page on which its words are written with the course beside it, its autosave, its two versions and
earlier ones. Its words are a note, and everything that keeps a note safe keeps them (`sessions.note_pages`)."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from courses.action_actions import owners_of
from sessions import autosave, history_views, note_pages
from sessions.autosave import REFUSED
from sessions.conflict import ACTS, Draft
from sessions.models import Note, NoteKind
from sessions.note_pages import Writing
from staff.requests import StaffRequest
from supervision import meeting_actions, meeting_pages, records
from supervision.meeting_forms import CaseForm
from supervision.models import Case, Meeting

GONE = "This case is no longer on the list of the meeting. What you wrote stands on this page alone: copy it."


@require_http_methods(["GET", "POST"])
def case(request: StaffRequest, meeting_id: UUID, case_id: UUID) -> HttpResponse:
    """GET shows the page; POST keeps the draft, and goes to the next case, to signing, or on with another action. Without
    script nothing is missing but autosave."""
    row = _case(request, meeting_id, case_id)
    if row is None:
        return _gone(request, meeting_id)
    note = _note(request, row)
    if request.method == "GET" and note_pages.is_written(note):
        return redirect("supervision:record", row.course_id, row.pk)
    writing = _writing(request, row, note)
    if request.method == "POST":
        return _answer(request, row, writing)
    if "check" in request.GET and note is not None:
        writing.form.say(_what_is_missing(row, note))  # type: ignore[attr-defined]  # the form of a case
    return note_pages.page(request, writing)


@require_POST
def case_draft(request: StaffRequest, meeting_id: UUID, case_id: UUID) -> HttpResponse:
    """Autosave, as for a session."""
    row = _case(request, meeting_id, case_id)
    if row is None:
        _own_meeting(request, meeting_id)
        return autosave.taken(GONE)
    answer: JsonResponse = note_pages.autosaved(request, _writing(request, row, _note(request, row)))
    return answer


@require_http_methods(["GET", "POST"])
def case_history(request: StaffRequest, meeting_id: UUID, case_id: UUID) -> HttpResponse:
    """The earlier versions of one's own words about a case."""
    row = _case(request, meeting_id, case_id)
    if row is None:
        return _gone(request, meeting_id)
    note = _note(request, row)
    return history_views.history_of(request, _writing(request, row, note).draft, begins=note is None)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _case(request: StaffRequest, meeting_id: UUID, case_id: UUID) -> Case | None:
    """The case, for who holds the meeting while its course is theirs to supervise; None where it is no longer on the list."""
    rows = Case.objects.visible_to(request.user).filter(meeting=meeting_id)
    related = rows.select_related("meeting__supervisor", "course__client", "item__added_by")
    row = related.prefetch_related("course__allocations").filter(pk=case_id).first()
    if row is None:
        # Somebody else's, or one that is not there: which of the two, nobody is told who does not hold the meeting.
        _own_meeting(request, meeting_id)
        return None
    allow(row.meeting.supervisor_id == request.user.pk and policy.may_discuss(request.user, row.course))
    return row


def _own_meeting(request: StaffRequest, meeting_id: UUID) -> Meeting:
    return found(Meeting.objects.visible_to(request.user), pk=meeting_id, supervisor=request.user)


def _note(request: StaffRequest, row: Case) -> Note | None:
    return note_pages.own_note(row.pk, kind=NoteKind.SUPERVISION, course=row.course, user=request.user)


def _gone(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Where words were sent they are shown, to be copied; a course that is no longer this person's answers as one that was
    never there."""
    meeting = _own_meeting(request, meeting_id)
    sent = CaseForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or sent.is_blank():
        raise Http404
    record(
        Action.READ, "Words of a case that is off the list", by=request.user, about=meeting, request=request
    )
    names = [name for name in sent.fields if name not in sent.OF_THE_PAGE and not name.endswith("_owner")]
    words = [(sent[name].label, value) for name in names if (value := request.POST.get(name, "").strip())]
    return render(request, "supervision/case_gone.html", {"meeting": meeting, "words": words}, status=REFUSED)


# --- Write ------------------------------------------------------------------------------------------------------------


def _answer(request: StaffRequest, row: Case, writing: Writing) -> HttpResponse:
    act, here = request.POST.get("act", ""), writing.draft.write_url
    if act in ACTS:
        return note_pages.answer(request, writing)
    if act == "add":
        number = writing.form.rows()[-1]["number"]  # type: ignore[attr-defined]  # the form of a case
        return note_pages.kept_and_on(request, writing, f"{here}#id_action_{number}_what")
    if act == "next":
        return note_pages.kept_and_on(request, writing, _next(request, row))
    if act == "sign":
        return note_pages.kept_and_on(
            request, writing, reverse("supervision:meeting_sign", args=[row.meeting_id])
        )
    if writing.draft.note is None and writing.form.is_blank():
        return redirect(writing.next_url)
    return note_pages.answer(request, writing)


def _next(request: StaffRequest, row: Case) -> str:
    """The next case of the list; after the last the meeting, which is signed there."""
    later = Case.objects.visible_to(request.user).filter(meeting=row.meeting_id).order_by("position", "pk")
    keys = list(later.values_list("pk", flat=True))
    place = keys.index(row.pk)
    if place + 1 < len(keys):
        return reverse("supervision:case", args=[row.meeting_id, keys[place + 1]])
    return reverse("supervision:meeting_sign", args=[row.meeting_id])


def _what_is_missing(row: Case, note: Note) -> dict[str, str]:
    """The page to which signing has led back says it beside each field."""
    return records.missing_in(note, owners=owners_of(row.course), held_on=records.held_on(row.meeting))


def _writing(request: StaffRequest, row: Case, note: Note | None) -> Writing:
    user, course = request.user, row.course
    place = [row.meeting_id, row.pk]
    owners = owners_of(course)
    form_class = partial(CaseForm, owners=owners)
    return Writing(
        draft=Draft(
            course=course,
            note=note,
            form_class=form_class,
            save=partial(meeting_actions.save_case, case=row, by=user),
            title=f"Supervision on {timezone.localtime(row.meeting.held_at):%d %b %Y}",
            write_url=reverse("supervision:case", args=place),
            history_url=reverse("supervision:case_history", args=place),
            about=note or course,
            may_write=True,
        ),
        sign=partial(
            meeting_actions.save_case, case=row, by=user
        ),  # signed with its meeting, never by itself
        form=note_pages.form_for(form_class, request, note),  # type: ignore[arg-type]  # a class with its owners
        template="supervision/case.html",
        what="Page of a case in supervision",
        draft_url=reverse("supervision:case_draft", args=place),
        read_url=reverse("supervision:record", args=[course.pk, row.pk]),
        left=f"What was discussed about {course.client.name} is kept as a draft. It is not signed yet.",
        signed="",
        next_url=reverse("supervision:meeting", args=[row.meeting_id]),
        context=lambda: _context(request, row, form_class),
    )


def _context(request: StaffRequest, row: Case, form_class: Any) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    page = meeting_pages.meeting_page(row.meeting, user, now=now, here=row.pk)
    return {
        "case": row,
        "meeting": row.meeting,
        "meeting_page": page,
        "line": next((line for line in page.lines if line.is_here), None),
        "next_case": page.after(row),
        "page": meeting_pages.BesideCase(row.course, user=user, now=now),
        "therapist": row.therapist_id,
    }
