"""What a draft said at each pause of its writer, and what was sent and refused: read, copied, brought back. The author's
alone; of a session's note, a contact note and an addendum alike."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access.found import found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from sessions import conflict, history
from sessions.autosave import REFUSED, STALE, stale_sentence
from sessions.conflict import Draft
from sessions.drafts import StaleDraft
from sessions.models import HISTORY_AFTER_SIGNING, DraftVersion, TherapySession
from sessions.note_states import state_of_session
from sessions.parts import as_sent, parts_now
from staff.requests import StaffRequest

A_PAGE = 25


@require_http_methods(["GET", "POST"])
def of_session(request: StaffRequest, course_id: UUID, session_id: UUID) -> HttpResponse:
    """The earlier versions of one's own note of a session."""
    course = found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)
    session = found(TherapySession.objects.visible_to(request.user), pk=session_id, course=course)
    draft = conflict.draft_of_session(request, course, session)
    begins = draft.may_write and state_of_session(session) is None
    return history_of(request, draft, begins=begins)


def history_of(request: StaffRequest, draft: Draft, *, begins: bool = False) -> HttpResponse:
    """The list of versions and the one that is asked for; POST brings that one back. 404 for everybody but the author; who is
    about to begin the note (`begins`) is told what will stand here."""
    if draft.note is None and not begins:
        raise Http404
    versions = DraftVersion.objects.visible_to(request.user).filter(note=draft.note)
    version = _asked_for(request, draft, versions)
    if request.method == "POST" and version is not None:
        return _bring_back(request, draft, version)
    return _page(request, draft, version)


def _asked_for(request: StaffRequest, draft: Draft, versions: QuerySet[DraftVersion]) -> DraftVersion | None:
    """None where none is asked for; 404 for one of another note, or one that is kept no longer."""
    typed = request.POST.get("version") or request.GET.get("version") or ""
    if not typed:
        return None
    try:
        return found(versions, pk=UUID(typed))
    except ValueError:
        raise Http404 from None


def _bring_back(request: StaffRequest, draft: Draft, version: DraftVersion) -> HttpResponse:
    """What was written then becomes the newest version of the draft; what the draft says now stays in the list."""
    note, refusal, status = draft.note, "", STALE
    based_on = request.POST.get("based_on", "")
    if note is None or note.is_signed or not draft.may_write:
        return _page(
            request, draft, version, refusal="This note is signed: nothing was changed.", status=STALE
        )
    if based_on != str(note.version):
        return _page(request, draft, version, refusal=stale_sentence(note), status=STALE)
    try:
        conflict.keep_what_stands(draft, note, by=request.user)
        draft.save(**as_sent(draft.form_class, version.parts, based_on=note.version).kept())
    except StaleDraft as stale:
        refusal = stale_sentence(stale.current)
    except ValidationError as error:
        refusal, status = " ".join(error.messages), REFUSED
    if refusal:
        return _page(request, draft, version, refusal=refusal, status=status)
    then = timezone.localtime(version.saved_at)
    messages.success(
        request,
        f"Brought back what you wrote at {then:%H:%M}. What stood here before is among the earlier versions.",
    )
    return redirect(draft.write_url)


def _page(
    request: StaffRequest, draft: Draft, version: DraftVersion | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    note, form = draft.note, draft.form_class()
    versions = DraftVersion.objects.visible_to(request.user).filter(note=note)
    listed = Paginator(versions, A_PAGE).get_page(request.GET.get("page"))
    # One more, for the last of the page to be compared with.
    rows = (
        list(versions[listed.start_index() - 1 : listed.start_index() + A_PAGE])
        if listed.paginator.count
        else []
    )
    now = parts_now(note, request.user) if note else {}
    if note and note.is_signed and version:
        now = {**version.parts, **now}  # the facts of a signed note stand with its session
    parts = history.opened(form, version.parts, now) if version else []
    record(Action.READ, "Earlier versions of a draft", by=request.user, about=draft.about, request=request)
    context = {
        "course": draft.course,
        "draft": draft,
        "note": note,
        "days": history.by_day(form, rows, A_PAGE),
        "listed": listed,
        "version": version,
        "texts": [one for one in parts if one.part.is_text],
        "facts": [one for one in parts if not one.part.is_text],
        "is_same": not any(one.differs for one in parts),
        "kept_until": note.signed_at + HISTORY_AFTER_SIGNING if note and note.signed_at else None,
        "may_bring_back": draft.may_write and note is not None and not note.is_signed,
        "refusal": refusal,
        "banner": banner_for(draft.course.client, user=request.user),
    }
    return render(request, "sessions/history.html", context, status=status)
