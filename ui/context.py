"""What every page's frame needs: whether the clinic is invented, and where the reader may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

# Label, address, the roles that see it. An address that does not exist yet is not shown.
_WAYS = (
    ("Today", "caseload:today", {"therapist"}),
    ("Caseload", "caseload:mine", {"therapist"}),
    ("Supervisees", "caseload:supervisees", {"supervisor"}),
    ("Courses", "caseload:clinic", {"administrator"}),
    ("All courses", "caseload:all", {"lead"}),
    ("Register client", "clients:register", {"administrator", "lead"}),
    ("People", "staff:people", {"administrator"}),
    ("Rooms", "staff:rooms", {"administrator"}),
)


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "ways": SimpleLazyObject(lambda: _ways(request)),
        "find_address": _address("caseload:find"),
    }


def _ways(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    roles = set(user.roles)
    found = []
    for label, name, who in _WAYS:
        address = _address(name)
        if address and roles & who:
            found.append({"label": label, "address": address, "current": request.path == address})
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
