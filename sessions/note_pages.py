"""What the pages of a contact note and of an addendum have in common: which note stands behind a key of the page's own making,
what becomes of what was sent, and what the page states about the draft. What each asks for is in contact_views.py and
addendum_views.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from access.found import allow
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from sessions import conflict
from sessions.autosave import REFUSED, answer_to
from sessions.drafts import AlreadySigned, StaleDraft
from sessions.log_page import problems_of, save_words
from sessions.models import Note
from sessions.note_forms import NoteForm, begun_with
from sessions.note_states import states_of
from staff.models import User
from staff.requests import StaffRequest


@dataclass(frozen=True)
class Writing:
    """One page on which a note is written. `read_url` is where it is read once it is signed, `draft_url` where it saves itself;
    `left` and `signed` are what the next page says, `next_url` which one that is, the course's where none is named; `what` is
    what the trail says; `context` gives what else the template states."""

    draft: conflict.Draft
    sign: Callable[..., Note]
    form: NoteForm
    template: str
    what: str
    draft_url: str
    read_url: str
    left: str
    signed: str
    context: Callable[[], dict[str, Any]]
    next_url: str = ""

    @property
    def course(self) -> Course:
        return self.draft.course


def own_note(note_id: UUID, *, kind: str, course: Course, user: User) -> Note | None:
    """The person's own note of that key, signed or not; None before its first save. 404 where it is somebody else's, another
    course's or of another kind."""
    rows = Note.objects.visible_to(user).select_related("author", "session", "in_error")
    note = rows.filter(pk=note_id).first()
    if note is None:
        if _is_taken(note_id, course):
            raise Http404
        return None
    if (note.kind, note.course_id, note.author_id) != (kind, course.pk, user.pk):
        raise Http404
    note.course = course
    return note


def _is_taken(note_id: UUID, course: Course) -> bool:
    """By somebody else's draft, whose row is theirs alone."""
    return any(state.note_id == note_id for state in states_of(course.pk))


def is_struck(note: Note | None) -> bool:
    return note is not None and getattr(note, "in_error", None) is not None


def is_written(note: Note | None) -> bool:
    """There is something to read, and nothing more to write."""
    return note is not None and (note.is_signed or is_struck(note))


# --- What was sent ----------------------------------------------------------------------------------------------------


def autosaved(request: StaffRequest, writing: Writing) -> JsonResponse:
    return answer_to(request, writing.form, lambda: writing.draft.save(**writing.form.kept()))


def answer(request: StaffRequest, writing: Writing) -> HttpResponse:
    """Signs, leaves as a draft, or settles two versions. Refused, it is the same page with every word on it."""
    form, act = writing.form, request.POST.get("act", "")
    allow(form.is_of(request.user))
    try:
        if act in conflict.ACTS:
            return conflict.answer(request, writing.draft, form)
        if act == "sign":
            return _sign(request, writing)
        writing.draft.save(**form.kept())
    except StaleDraft:
        return conflict.page(request, writing.draft, form, asked=act)
    except AlreadySigned as refusal:
        if not refusal.is_kept or not is_written(writing.draft.note):
            form.take(refusal)  # what it was to add to was struck out: the words stay on the page
            return page(request, writing)
        messages.info(request, refusal.words)
        return redirect(writing.read_url)
    except ValidationError as refusal:
        form.take(refusal)
        return page(request, writing)
    messages.success(request, writing.left)
    return _on(writing)


def kept_and_on(request: StaffRequest, writing: Writing, url: str) -> HttpResponse:
    """Keeps the draft and goes on to another page; two versions and refusals are answered as always. What holds no word yet
    begins no draft."""
    form = writing.form
    allow(form.is_of(request.user))
    if writing.draft.note is None and form.is_blank():
        return redirect(url)
    try:
        writing.draft.save(**form.kept())
    except (StaleDraft, AlreadySigned):
        return answer(request, writing)
    except ValidationError as refusal:
        form.take(refusal)
        return page(request, writing)
    return redirect(url)


def _on(writing: Writing) -> HttpResponse:
    return redirect(writing.next_url) if writing.next_url else redirect("courses:detail", writing.course.pk)


def _sign(request: StaffRequest, writing: Writing) -> HttpResponse:
    """All of it or nothing; refused, it is kept as a draft, so that a closed window costs nothing."""
    form, kept = writing.form, writing.form.kept()
    if form.is_valid():
        try:
            writing.sign(**kept)
        except (StaleDraft, AlreadySigned):
            raise
        except ValidationError as refusal:
            form.take(refusal)
        else:
            messages.success(request, writing.signed)
            return _on(writing)
    said = bool(form.errors)
    try:
        return page(request, writing, kept_as=writing.draft.save(**kept).version)
    except (StaleDraft, AlreadySigned):
        raise
    except ValidationError as refusal:
        if not said or not set(refusal.messages) <= {words for _, words in problems_of(form)}:
            form.take(refusal)
        return page(request, writing)


# --- The page ---------------------------------------------------------------------------------------------------------


def page(request: StaffRequest, writing: Writing, *, kept_as: int | None = None) -> HttpResponse:
    """The form with what was typed, or with what the draft holds. `kept_as` is the version under which a refused page was
    kept."""
    form, draft = writing.form, writing.draft
    is_kept = not form.is_bound or kept_as is not None
    based_on = form.cleaned_data.get("based_on") if form.is_bound else form.initial.get("based_on")
    context = {
        "course": draft.course,
        "draft": draft,
        "form": form,
        "draft_url": writing.draft_url,
        "problems": problems_of(form),
        "version": kept_as or based_on or 0,
        "is_kept": is_kept,
        "save_words": save_words(form) if is_kept else "Not saved",
        # A page that is shown is a page of its own: what another one saves later is not its own.
        "window": uuid4(),
        "banner": banner_for(draft.course.client, user=request.user),
        **writing.context(),
    }
    record(Action.READ, writing.what, by=request.user, about=draft.about, request=request)
    return render(request, writing.template, context, status=REFUSED if form.is_bound else 200)


def form_for(form_class: type[NoteForm], request: StaffRequest, note: Note | None, **fresh: Any) -> NoteForm:
    """What was sent, else what the draft holds, else `fresh`."""
    if request.method == "POST":
        return form_class(request.POST)
    return form_class(initial=begun_with(note) if note else {"based_on": 0, **fresh})
