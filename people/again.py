"""Who is signed in in this browser now: an open page asks before it sends what somebody typed. It is the same for every role
and says nothing of anybody else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_GET


@login_not_required
@require_GET
def again(request: HttpRequest) -> JsonResponse:
    """The key of the person, null for nobody, and a token for the forms of the page that asks. Kept by no cache."""
    person = str(request.user.pk) if request.user.is_authenticated else None
    return JsonResponse({"person": person, "csrf": get_token(request)})
