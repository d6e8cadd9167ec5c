"""Writing the trail. Actions and pages that show a client's record call this, in the same transaction."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from audit.models import Event


def record(
    action: str,
    what: str,
    *,
    by: Any,
    about: Any = None,
    course_id: UUID | None = None,
    client_id: UUID | None = None,
    ids: Iterable[UUID] = (),
    reason: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Adds one row. `by` is None for a client who fills in a questionnaire by link; `about` is the model row that was read or
    written, and its course and client are taken from it."""
    if about is not None:
        ids = [about.pk]
        kind = about._meta.model_name
        if kind == "client":
            client_id = client_id or about.pk
        elif kind == "course":
            course_id, client_id = course_id or about.pk, client_id or about.client_id
        else:
            course_id = course_id or getattr(about, "course_id", None)
            client_id = client_id or getattr(about, "client_id", None)
    Event.objects.create(
        user_id=by.pk if by else None,
        action=action,
        what=what,
        object_type=about._meta.model_name if about is not None else "",
        object_ids=list(ids),
        course_id=course_id,
        client_id=client_id,
        reason=reason,
        request_id=getattr(request, "request_id", None),
    )
