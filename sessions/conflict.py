"""Two versions of one draft: the page on which its writer looks at both, and what comes of their choice. For the note of a
session, a contact note and an addendum alike; the page of each branches here by `act`.

Nothing that was typed is only on the page: both versions are in the draft's history before anything is chosen, and what is
chosen becomes a version of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from access import policy
from access.refusals import refused
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from sessions import actions, agreed, drafts, mentions
from sessions.autosave import STALE
from sessions.drafts import StaleDraft, Typed
from sessions.forms import DraftForm, LogForm
from sessions.models import DraftVersion, Note, TherapySession
from sessions.parts import (
    BOTH,
    MINE,
    Difference,
    Parts,
    as_sent,
    differences,
    parts_now,
    parts_of,
    settled,
)
from staff.models import User
from staff.requests import StaffRequest

ACTS = ("compare", "keep", "take", "join", "choose")


@dataclass(frozen=True)
class Draft:
    """What is the same to do with every kind of draft, and what differs: its form, how it is saved, and its pages. `title`
    says in words which note it is; `about` is what the trail names; who may not write it any more brings nothing back."""

    course: Course
    note: Note | None
    form_class: Callable[..., DraftForm]
    save: Callable[..., Note]
    title: str
    write_url: str
    history_url: str
    about: Model
    may_write: bool = True


def draft_of_session(request: StaffRequest, course: Course, session: TherapySession) -> Draft:
    """The person's own note of a session, also one that is signed."""
    own = Note.objects.visible_to(request.user).filter(session=session, author=request.user)
    return Draft(
        course=course,
        note=own.first(),
        form_class=partial(
            LogForm,
            people=mentions.choices(course, request.user),
            agreed=agreed.choices(course, request.user),
        ),
        save=lambda **typed: actions.save_draft(session=session, by=request.user, **typed),
        title=str(session),
        write_url=reverse("sessions:log", args=[course.pk, session.pk]),
        history_url=reverse("sessions:history", args=[course.pk, session.pk]),
        about=session,
        may_write=policy.may_log_session(request.user, course),
    )


def answer(request: StaffRequest, draft: Draft, form: DraftForm) -> HttpResponse:
    """What was chosen on the page of two versions, or "See both versions". Where one of the two is no longer the newest the
    page is shown again. Raises ValidationError for what cannot be kept, and where the note was signed meanwhile."""
    mine, act = parts_of(form), request.POST.get("act", "")
    note, based_on = draft.note, form.cleaned_data.get("based_on") or 0
    if act == "compare" or note is None or note.version != based_on:
        return page(request, draft, form)
    theirs = keep_what_stands(draft, note, by=request.user)
    if act != "keep":
        _keep_what_was_sent(note, form, by=request.user)
    # What was sent need not have every part of what stands: the form of the draft has those of both.
    whole = draft.form_class()
    found = differences(whole, mine, theirs)
    if act != "take":
        parts = settled(whole, mine, theirs, _choice(request, act), _seen(request, note))
        try:
            note = draft.save(**as_sent(draft.form_class, parts, based_on=based_on).kept())
        except StaleDraft:
            return page(request, draft, form)
    messages.success(request, _done(act, note, found))
    return redirect(draft.write_url)


def page(request: StaffRequest, draft: Draft, form: DraftForm, *, asked: str = "") -> HttpResponse:
    """Both versions side by side. What was sent is kept in the history first; `asked` says what was not done ("sign")."""
    try:
        draft.save(**form.kept())
    except StaleDraft as stale:
        note = stale.current
    else:
        messages.success(request, "There is no other version. What you wrote is saved.")
        return redirect(draft.write_url)
    found = differences(draft.form_class(), parts_of(form), parts_now(note, request.user))
    if not found:
        messages.success(request, f"Another window saved the same words at {_clock(note)}. Nothing differs.")
        return redirect(draft.write_url)
    record(Action.READ, "Two versions of a draft", by=request.user, about=draft.about, request=request)
    context = {
        "course": draft.course,
        "draft": draft,
        "note": note,
        "now": timezone.now(),
        "differences": found,
        "sent": _sent(request, form),
        "begun_from": _begun_from(request, form),
        "asked": asked,
        "banner": banner_for(draft.course.client, user=request.user),
    }
    return render(request, "sessions/conflict.html", context, status=STALE)


# --- What is sent on, and what is kept --------------------------------------------------------------------------------


def _sent(request: StaffRequest, form: DraftForm) -> list[tuple[str, str]]:
    """Everything of mine, to travel with whatever is chosen."""
    names = [name for name in form.fields if name not in form.OF_THE_PAGE]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def _begun_from(request: StaffRequest, form: DraftForm) -> int:
    """The version that mine began with, also after a third one has come in between."""
    typed = request.POST.get("begun_from", "")
    return int(typed[:9]) if typed.isascii() and typed.isdecimal() else form.cleaned_data.get("based_on") or 0


def _seen(request: StaffRequest, note: Note) -> Parts:
    typed = request.POST.get("begun_from", "")
    if not typed.isascii() or not typed.isdecimal():
        return {}
    kept = DraftVersion.objects.visible_to(request.user).filter(note=note, was_refused=False)
    return kept.filter(version=int(typed[:9])).values_list("parts", flat=True).first() or {}


def keep_what_stands(draft: Draft, note: Note, *, by: User) -> Parts:
    """What the draft says now, kept as one of its versions, also where its writer did not pause."""
    parts = parts_now(note, by)
    standing = Typed(**as_sent(draft.form_class, parts, based_on=note.version).kept()).cleaned()
    with refused():
        drafts.remember(note, standing, at=note.saved_at)
    return parts


def _keep_what_was_sent(note: Note, form: DraftForm, *, by: User) -> None:
    with refused():
        drafts.remember_refused(note, Typed(**form.kept()).cleaned(), by=by, at=timezone.now())


# --- Words ------------------------------------------------------------------------------------------------------------


def _choice(request: StaffRequest, act: str) -> Callable[[str], str]:
    """Which version of a part: one answer for all, or the one ticked for each part, both where nothing was."""
    for_all = {"keep": MINE, "join": BOTH}
    return lambda name: for_all.get(act) or request.POST.get(f"use_{name}", BOTH)


def _done(act: str, note: Note, found: list[Difference]) -> str:
    single = [one.part.label for one in found if one.is_contested]
    if act == "take":
        return f"Taken: what was saved at {_clock(note)}. What you had here is among the earlier versions."
    if act == "keep":
        return f"Kept what you had here, at {_clock(note)}. What the other window saved is among the earlier versions."
    if act == "join" and single:
        only = ", ".join(single)
        return f"Joined and saved at {_clock(note)}. Only one of the two can stand here: {only}. Look before you sign."
    return f"Saved at {_clock(note)}. Both versions are among the earlier ones."


def _clock(note: Note) -> str:
    return f"{timezone.localtime(note.saved_at):%H:%M}"
