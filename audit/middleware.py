"""The transaction of a request: the acting person is set in it, and a failure takes everything back."""

import uuid
from collections.abc import Callable

import pghistory
from django.contrib.messages.storage import default_storage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from audit.acting import act_as, acting
from audit.models import Action
from audit.trail import record


class ActingMiddleware:
    """Opens the transaction of the acting person, last in the list, so that view, template and error page are inside.

    An answer of 500 or an exception rolls back, and what was to be told with it is not told; a commit that fails is such an
    exception. A refusal (403, 404) is recorded after the transaction has ended, in one of its own, since it may have been
    rolled back. No answer leaves before the commit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4()  # type: ignore[attr-defined]  # ours, read by the trail
        user_id = request.user.pk if request.user.is_authenticated else None
        try:
            response = self._answer(request, user_id)
        except Exception:
            _take_back_messages(request)
            raise
        if user_id and response.status_code in (403, 404):
            with acting(user_id):
                record(
                    Action.DENIED,
                    f"{request.method} {response.status_code}"[-80:],
                    by=request.user,
                    request=request,
                )
        return response

    def _answer(self, request: HttpRequest, user_id: uuid.UUID | None) -> HttpResponse:
        """The answer, once its transaction is committed. Raises what the commit raises."""
        with transaction.atomic(), pghistory.context(user=str(user_id), request=str(request.request_id)):  # type: ignore[attr-defined]  # set above
            act_as(user_id)
            response = self.get_response(request)
            if getattr(request, "_failed", False) or response.status_code >= 500:
                transaction.set_rollback(True)
                _take_back_messages(request)
            elif connection.needs_rollback:
                raise RuntimeError("the transaction broke, so the answer was not kept")
            else:
                act_as(None)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        # Only marked: allauth turns some exceptions into pages and still asks the database.
        request._failed = True  # type: ignore[attr-defined]  # ours, read in `_answer`


def _take_back_messages(request: HttpRequest) -> None:
    """What was not kept must not be told as done on the next page."""
    request._messages = default_storage(request)  # type: ignore[attr-defined]  # where Django keeps them
