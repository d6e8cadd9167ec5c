"""The queue of co-signing: each note that waits for this person in full, and under it the decision. How a decision is kept is
in sessions/note_actions.py; the same form stands on the note's own page (sessions/cosign_views.py)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
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
from access.words import uuid_of
from courses.finding import readable_course
from record.addresses import address
from record.words import days_ago, short_day
from sessions import contact_views, letter_views, note_actions, reading_views
from sessions.addresses import read_address
from sessions.autosave import REFUSED, STALE
from sessions.cosign_views import said_of
from sessions.cosigning import waiting_since
from sessions.decision_forms import CosignForm
from sessions.models import Note, NoteKind, TherapySession
from sessions.unsigned import OVERDUE_AFTER
from staff.requests import StaffRequest
from supervision import queue
from supervision.tabs import tabs_for


@require_http_methods(["GET", "HEAD", "POST"])
def cosign(request: StaffRequest) -> HttpResponse:
    """The first note that waits, or the one that is asked for; a decision leads to the next one."""
    allow(policy.may_see_cosign(request.user))
    waiting = waiting_since(request.user, at=timezone.now())
    if request.method == "POST":
        return _decide(request, waiting)
    key = queue.shown_first(request.GET.get("note", ""), list(waiting))
    if key is None:
        return render(request, "supervision/cosign_none.html", _frame(request, waiting))
    return _page(request, _note(request, key), waiting)


def _decide(request: StaffRequest, waiting: Mapping[UUID, datetime]) -> HttpResponse:
    """Refused, the note is shown again with the comment as it was typed."""
    note = _note(request, uuid_of(request.POST.get("note", "")))
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
        is_stale = getattr(refusal, "code", "") == "stale"
        return _page(request, note, waiting, form, STALE if is_stale else REFUSED)
    messages.success(request, said_of(made, note))
    following = queue.next_after(note.pk, list(waiting))
    return redirect(_at(following) if following else reverse("supervision:cosign"))


def _note(request: StaffRequest, key: UUID | None) -> Note:
    rows = Note.objects.visible_to(request.user).signed().filter(adds_to=None)
    note = found(rows.select_related("author", "session", "in_error"), pk=key)
    note.course = readable_course(request.user, note.course_id)
    return note


def _page(
    request: StaffRequest,
    note: Note,
    waiting: Mapping[UUID, datetime],
    form: CosignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    place, now = queue.place_of(note.pk, list(waiting)), timezone.now()
    since = waiting.get(note.pk)
    context = _shown(request, note, form)
    signed = context["signed"]
    context |= _frame(request, waiting) | {
        # The decision stands under the note, and what else may be done on the note's own page.
        "signed": replace(signed, cosign=None, acts=[]),
        "form": signed.cosign,
        "place": place,
        "what": _what(note, context, now),
        "since": since,
        "age": days_ago(since, now) if since else "",
        "is_overdue": since is not None and now - since > OVERDUE_AFTER,
        "own_page": read_address(note),
        "before": _at(place.before) if place.before else "",
        "after": _at(place.after) if place.after else "",
    }
    return render(request, "supervision/cosign.html", context, status=status)


def _shown(request: StaffRequest, note: Note, form: CosignForm | None) -> dict[str, Any]:
    """What the note's own page states, and which part of it states it. Each look is on the trail."""
    course = note.course
    if note.kind == NoteKind.LETTER:
        return {
            "body": "sessions/_letter_read.html",
            **letter_views.shown(request, course, note, cosign=form),
        }
    if note.kind == NoteKind.CONTACT:
        return {
            "body": "sessions/_contact_read.html",
            **contact_views.shown(request, course, note, cosign=form),
        }
    rows = TherapySession.objects.visible_to(request.user).filter(course=course)
    session = found(rows.select_related("therapist", "room"), pk=note.session_id)
    return {
        "body": "sessions/_session_read.html",
        **reading_views.shown(request, course, session, cosign=form),
    }


def _frame(request: StaffRequest, waiting: Mapping[UUID, datetime]) -> dict[str, Any]:
    counts = {"cosign": len(waiting)} if waiting else {}
    return {
        "tabs": tabs_for(request.user, here="cosign", counts=counts),
        "unsigned": address("caseload:unsigned"),
    }


def _what(note: Note, context: Mapping[str, Any], now: datetime) -> str:
    if note.session is not None:
        number = note.session.number
        kind = f"Session {number}" if number else note.session.get_kind_display()
        return f"{kind} of {short_day(note.session.starts_at, now)}"
    if note.kind == NoteKind.LETTER:
        return str(context["title"])
    return f"Contact note of {short_day(note.happened_at, now)}"


def _at(note: UUID) -> str:
    return f"{reverse('supervision:cosign')}?note={note}"
