"""The answer to a draft that saves itself while it is written, in JSON: the new version and when it was saved, or why not.
Nothing typed is ever sent back."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.utils import timezone

from sessions.drafts import AlreadySigned, DraftOfAnother, StaleDraft
from sessions.forms import DraftForm
from sessions.models import Note
from staff.requests import StaffRequest

STALE = 409
REFUSED = 422
NOT_THE_SAME = "Somebody else is signed in here now. Nothing was sent on: sign in as yourself to go on."


def answer_to(request: StaffRequest, form: DraftForm, save: Callable[[], Note]) -> JsonResponse:
    """Calls `save` for the person for whom the page was made, and for nobody else."""
    if not form.is_of(request.user):
        return JsonResponse({"kind": "person", "why": NOT_THE_SAME}, status=403)
    try:
        note = save()
    except StaleDraft as stale:
        return JsonResponse({"kind": "stale", "why": stale_sentence(stale.current)}, status=STALE)
    except AlreadySigned as refusal:
        return taken(refusal.words)
    except DraftOfAnother as refusal:
        return taken(refusal.messages[0])
    except ValidationError as refusal:
        form.take(refusal)
        answer = {"kind": "refused", "why": " ".join(refusal.messages), "fields": sentences(form)}
        return JsonResponse(answer, status=REFUSED)
    saved_at = timezone.localtime(note.saved_at)
    return JsonResponse(
        {"version": note.version, "saved_at": f"{saved_at:%H:%M:%S}", "fields": sentences(form)}
    )


def taken(why: str) -> JsonResponse:
    """There is nothing more to write here."""
    return JsonResponse({"kind": "taken", "why": why}, status=STALE)


def sentences(form: DraftForm) -> dict[str, str]:
    """The first refusal of each field."""
    return {name: str(errors[0]) for name, errors in form.errors.items()}


def stale_sentence(current: Note) -> str:
    saved_at = timezone.localtime(current.saved_at)
    return (
        f"Another window saved a newer version of this draft at {saved_at:%H:%M:%S}. Nothing was overwritten, and what you"
        " wrote is kept among the earlier versions."
    )
