"""What every page's frame needs: whether the clinic is invented, and where the reader may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

# Label, address, the roles that see it; a therapist who screens referrals is a screener besides. An
# address that does not exist yet is not shown.
_WAYS = (
    ("Today", "caseload:today", {"therapist"}),
    ("Office", "caseload:office", {"administrator"}),
    ("Caseload", "caseload:mine", {"therapist"}),
    # To the review who looks after others' courses, to their own part of the agenda who treats.
    ("Supervision", "supervision:review", {"supervisor", "lead", "deputy"}),
    ("Supervision", "supervision:agenda", {"therapist"}),
    ("Waiting list", "caseload:waiting", {"administrator", "lead", "screener"}),
    ("Courses", "caseload:clinic", {"administrator"}),
    ("All courses", "caseload:all", {"lead"}),
    ("Screening", "caseload:screening", {"screener", "administrator", "lead"}),
    ("Unsigned", "caseload:unsigned", {"therapist", "supervisor", "administrator", "lead"}),
    ("New referral", "referrals:new", {"administrator", "lead"}),
    ("People", "staff:people", {"administrator"}),
    ("Rooms", "staff:rooms", {"administrator"}),
    # An administrator finds them among the pages of People.
    ("Settings", "staff:settings", {"lead"}),
)

# Where a client's pages are found again; of several the first.
_LISTS = ("caseload:mine", "caseload:all", "caseload:clinic", "supervision:review")


_SUPERVISION = "/supervision/"


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
    if user.is_screener and "therapist" in roles:
        roles.add("screener")
    # Asked of nobody who has a role: it would cost every page a question. A therapist finds the review on the agenda's tabs.
    if not roles and user.deputises:
        roles.add("deputy")
    found: list[tuple[str, str, str]] = []
    for label, name, who in _WAYS:
        if roles & who and (address := _address(name)) and label not in {way[0] for way in found}:
            found.append((label, name, address))
    here = _nearest(request.path, found)
    return [
        {"label": label, "address": address, "current": "page" if address == request.path else here == name}
        for label, name, address in found
    ]


def _nearest(path: str, ways: list[tuple[str, str, str]]) -> str:
    """The way that a page lies on: the longest address that it begins with, and for a client's pages the reader's list."""
    above = [(len(address), name) for _, name, address in ways if path.startswith(address)]
    above += [
        (len(_SUPERVISION), name)
        for label, name, _ in ways
        if label == "Supervision" and path.startswith(_SUPERVISION)
    ]
    if above:
        return max(above)[1]
    shown = {name for _, name, _ in ways}
    lists = [name for name in _LISTS if name in shown]
    return lists[0] if lists and path.startswith(("/clients/", "/courses/")) else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
