"""Letters of a course: the list, the page on which one is written with its autosave, two versions and earlier ones, the
preview, the signed letter as it is read, its PDF, and that it was given out."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from sessions import history_views, letter_actions, letters, life, note_actions, note_pages, reading
from sessions.autosave import REFUSED
from sessions.conflict import Draft
from sessions.drafts import AlreadySigned, StaleDraft
from sessions.letter_fonts import what_cannot_be_written
from sessions.letter_forms import GivenForm, LetterForm
from sessions.letter_names import named_in
from sessions.letter_parts import ABOUT, TO, title_of
from sessions.letter_pdf import pdf_of
from sessions.models import LetterGiven, Note, NoteKind
from sessions.note_pages import Writing
from sessions.note_states import NoteState
from staff.requests import StaffRequest


@require_safe
def letters_of(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Signed letters, one's own drafts, and that there are others' drafts."""
    course = readable_course(request.user, course_id)
    context = {
        "course": course,
        "rows": [_row(line, course) for line in letters.lines_of(course, request.user)],
        "may_write": policy.may_write_contact(request.user, course),
        "banner": banner_for(course.client, user=request.user),
    }
    record(Action.READ, "Letters of a course", by=request.user, about=course, request=request)
    return render(request, "sessions/letters.html", context)


@require_safe
def letter_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Which letter, and to whom; chosen, a key before the first save, as for every note."""
    course = _write(request, course_id)
    about, to = request.GET.get("about", ""), request.GET.get("to", "")
    if about in ABOUT and to in TO:
        query = f"?about={about}&to={to}" + (f"&old={old.pk}" if (old := _old(request, course)) else "")
        return redirect(f"{reverse('sessions:letter', args=[course.pk, uuid4()])}{query}")
    context = {
        "course": course,
        "client": course.client,
        "chosen": about if about in ABOUT else "",
        "kinds": [
            (code, label, [(to, who, title_of(code, to)) for to, who in TO.items()])
            for code, label in ABOUT.items()
            if about in ("", code) or about not in ABOUT
        ],
        "old": [
            (note, title_of(note.letter.get("about", ""), note.letter.get("to", "")))
            for note in letters.old_letters(course, request.user)
        ],
        "banner": banner_for(course.client, user=request.user),
    }
    record(Action.READ, "Page to begin a letter", by=request.user, about=course, request=request)
    return render(request, "sessions/letter_new.html", context)


@require_http_methods(["GET", "POST"])
def letter(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """GET shows the page, POST keeps the draft, shows how it will be printed, or signs. Without script nothing is missing but
    autosave."""
    course, note = _asked_for(request, course_id, note_id)
    writing = _writing(request, course, note_id, note)
    if request.method == "POST":
        if request.POST.get("act") == "preview":
            return _to_preview(request, writing)
        return note_pages.answer(request, writing)
    if note_pages.is_written(note):
        return redirect(writing.read_url)
    return note_pages.page(request, writing)


@require_POST
def letter_draft(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Autosave, as for a session."""
    course, note = _asked_for(request, course_id, note_id)
    return note_pages.autosaved(request, _writing(request, course, note_id, note))


@require_http_methods(["GET", "POST"])
def letter_history(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """The earlier versions of one's own letter."""
    course, note = _asked_for(request, course_id, note_id)
    draft = _writing(request, course, note_id, note).draft
    return history_views.history_of(request, draft, begins=note is None)


@require_safe
def letter_preview(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """One's own draft as it will be printed, with what still stands in the way of signing it."""
    course, note = _asked_for(request, course_id, note_id)
    if note is None:
        raise Http404
    if note_pages.is_written(note):
        return redirect("sessions:letter_read", course.pk, note.pk)
    shown = letters.printed_draft(course, note.form, author=request.user, on=timezone.localdate())
    facts = letters.facts_of(course, note.form, author=request.user, on=timezone.localdate())
    context = {
        "course": course,
        "note": note,
        "letter": shown,
        "title": title_of(shown.about, shown.to),
        "names": letters.named_and_not_kept(facts, letters.others_of(course, request.user)),
        "unwritten": what_cannot_be_written(f"{shown.client}{shown.author}{shown.clinic}"),
        "banner": banner_for(course.client, user=request.user),
    }
    record(Action.READ, "Preview of a letter", by=request.user, about=note, request=request)
    return render(request, "sessions/letter_preview.html", context)


@require_safe
def letter_read(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """Whoever may read the course's content reads it; one's own draft is gone on with instead."""
    course = readable_course(request.user, course_id)
    note = _note(request, course, note_id)
    if not note_pages.is_written(note):
        allow(policy.may_write_contact(request.user, course))
        return redirect("sessions:letter", course.pk, note.pk)
    return read_page(request, course, note)


def read_page(
    request: StaffRequest,
    course: Course,
    note: Note,
    *,
    cosign: Any = None,
    given: GivenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One letter as it was signed or struck out. `cosign` and `given` are forms that were refused."""
    context = shown(request, course, note, cosign=cosign, given=given)
    return render(request, "sessions/letter_read.html", context, status=status)


def shown(
    request: StaffRequest,
    course: Course,
    note: Note,
    *,
    cosign: Any = None,
    given: GivenForm | None = None,
) -> dict[str, Any]:
    """What `sessions/_letter_read.html` states, here and in the queue of co-signing. It is a look, and on the trail."""
    record(Action.READ, "Letter", by=request.user, about=note, client_id=course.client_id, request=request)
    signed = reading.read_note(
        note, request.user, course=course, at=timezone.now(), cosign=cosign, with_acts=True
    )
    goes_out = signed.state in (life.State.SIGNED, life.State.COSIGNED) and signed.struck is None
    may_give = goes_out and policy.carries(request.user, course)
    rows = LetterGiven.objects.visible_to(request.user).filter(note=note).select_related("by")
    facts = note.letter or note.form
    return {
        "course": course,
        "note": note,
        "signed": signed,
        "title": title_of(facts.get("about", ""), facts.get("to", "")),
        "letter": letters.printed(
            note, signed.state, [each.decision.row for each in signed.after if each.decision]
        )
        if note.letter
        else None,
        "goes_out": goes_out,
        "given": list(rows.order_by("given_on", "at")),
        "given_form": (given or GivenForm(initial=_given_first(facts))) if may_give else None,
        "may_begin": policy.may_write_contact(request.user, course) and bool(note.letter),
        "banner": banner_for(course.client, user=request.user),
    }


@require_safe
def letter_pdf(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """The printed letter. Until it may go out it says so across each page; `?save` gives it to keep rather than to look at."""
    course = readable_course(request.user, course_id)
    note = _note(request, course, note_id)
    if note.is_signed:
        state = note_actions.state_of(note)
        shown = letters.printed(note, state, letters.decisions_of(note, request.user))
    else:
        allow(policy.may_write_contact(request.user, course))
        shown = letters.printed_draft(course, note.form, author=request.user, on=timezone.localdate())
    what = "Letter as PDF" if note.is_signed else "Preview of a letter as PDF"
    record(Action.READ, what, by=request.user, about=note, client_id=course.client_id, request=request)
    how = "attachment" if "save" in request.GET else "inline"
    answer = HttpResponse(pdf_of(shown), content_type="application/pdf")
    name = slugify(f"{ABOUT.get(shown.about, 'letter')} {course.client.number} {shown.day.isoformat()}")
    answer["Content-Disposition"] = f'{how}; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def letter_given(request: StaffRequest, course_id: UUID, note_id: UUID) -> HttpResponse:
    """That a letter was given out. What is refused is shown on the letter's own page."""
    course = _write(request, course_id)
    note = _note(request, course, note_id)
    if not note.is_signed or request.method != "POST":
        return redirect("sessions:letter_read", course.pk, note.pk)
    form = GivenForm(request.POST)
    if form.is_valid():
        try:
            letter_actions.record_giving(note=note, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "That the letter was given is recorded.")
            return redirect("sessions:letter_read", course.pk, note.pk)
    return read_page(request, course, note, given=form, status=REFUSED)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _write(request: StaffRequest, course_id: UUID) -> Course:
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    allow(policy.may_write_contact(request.user, course))
    return course


def _note(request: StaffRequest, course: Course, note_id: UUID) -> Note:
    rows = Note.objects.visible_to(request.user).filter(course=course, kind=NoteKind.LETTER)
    note = found(rows.select_related("author", "session", "in_error"), pk=note_id)
    note.course = course
    return note


def _asked_for(request: StaffRequest, course_id: UUID, note_id: UUID) -> tuple[Course, Note | None]:
    course = _write(request, course_id)
    return course, note_pages.own_note(note_id, kind=NoteKind.LETTER, course=course, user=request.user)


def _old(request: StaffRequest, course: Course) -> Note | None:
    """The signed letter from which a new one is begun, if one is asked for."""
    try:
        key = UUID(request.GET.get("old", ""))
    except ValueError:
        return None
    return next((note for note in letters.old_letters(course, request.user) if note.pk == key), None)


def _given_first(facts: dict[str, Any]) -> dict[str, str]:
    return {"to": facts.get("to", ""), "how": ""}


# --- The list ---------------------------------------------------------------------------------------------------------


def _row(line: letters.Line, course: Course) -> dict[str, Any]:
    """One line of the list: where the letter stands, and where it is read or gone on with."""
    state = _state(line.state)
    href, words = "", ""
    if line.note_id and (line.state.signed_at or line.state.is_in_error):
        href, words = reverse("sessions:letter_read", args=[course.pk, line.note_id]), "Read"
    elif line.is_own and line.note_id:
        href, words = reverse("sessions:letter", args=[course.pk, line.note_id]), "Go on"
    pdf = (
        reverse("sessions:letter_pdf", args=[course.pk, line.note_id])
        if line.state.signed_at and line.note_id
        else ""
    )
    return {
        "line": line,
        "state": "Your draft" if state == life.State.DRAFT and line.is_own else state.label,
        "tone": reading.TONES[state],
        "href": href,
        "words": words,
        "pdf": pdf,
    }


def _state(state: NoteState) -> life.State:
    last = life.Decided(state.decision, state.decided_at) if state.decision and state.decided_at else None
    return life.state_of(state.piece, addenda=[], last=last, is_in_error=state.is_in_error)


# --- Writing ----------------------------------------------------------------------------------------------------------


def _to_preview(request: StaffRequest, writing: Writing) -> HttpResponse:
    """Kept first, then shown as it will be printed."""
    form = writing.form
    allow(form.is_of(request.user))
    try:
        kept = writing.draft.save(**form.kept())
    except (StaleDraft, AlreadySigned):
        return note_pages.answer(request, writing)
    except ValidationError as refusal:
        form.take(refusal)
        return note_pages.page(request, writing)
    return redirect("sessions:letter_preview", writing.course.pk, kept.pk)


def _writing(request: StaffRequest, course: Course, note_id: UUID, note: Note | None) -> Writing:
    place, user = [course.pk, note_id], request.user
    form = _form(request, course, note)
    said = form.said()
    title = title_of(str(said.get("about", "")), str(said.get("to", "")))
    return Writing(
        draft=Draft(
            course=course,
            note=note,
            form_class=LetterForm,
            save=partial(letter_actions.save_letter, note_id=note_id, course=course, by=user),
            title=title,
            write_url=reverse("sessions:letter", args=place),
            history_url=reverse("sessions:letter_history", args=place),
            about=note or course,
            may_write=True,
        ),
        sign=partial(letter_actions.sign_letter, note_id=note_id, course=course, by=user),
        form=form,
        template="sessions/letter.html",
        what="Page of a letter",
        draft_url=reverse("sessions:letter_draft", args=place),
        read_url=reverse("sessions:letter_read", args=place),
        left="The letter is kept as a draft. It is not signed yet.",
        signed=f"The {title[0].lower()}{title[1:]} is signed.",
        context=lambda: _context(request, course, form, title),
    )


def _form(request: StaffRequest, course: Course, note: Note | None) -> LetterForm:
    fresh: dict[str, Any] = {}
    if note is None and request.method == "GET":
        about, to = request.GET.get("about", ""), request.GET.get("to", "")
        fresh = letters.begun(
            course,
            request.user,
            about=about if about in ABOUT else "ending",
            to=to if to in TO else "client",
            old=_old(request, course),
        )
    form = note_pages.form_for(LetterForm, request, note, **fresh)
    assert isinstance(form, LetterForm)
    return form


def _context(request: StaffRequest, course: Course, form: LetterForm, title: str) -> dict[str, Any]:
    said = form.said()
    facts = letters.facts_of(course, said, author=request.user, on=timezone.localdate())
    others = letters.others_of(course, request.user)
    kept = {name.casefold() for name in facts["kept_names"]}
    return {
        "title": title,
        "about": facts["about"],
        "to": facts["to"],
        "client": course.client,
        "names": [
            (other, other.name.casefold() in kept) for other in named_in(letters.words_of(facts), others)
        ],
        "is_put_forward": request.user.is_trainee,
    }
