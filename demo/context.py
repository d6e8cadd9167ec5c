"""The people to choose from on the sign-in page of the invented clinic. Nowhere else, and never in a real clinic."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

_PEOPLE = (
    ("Amara Osei", "therapist · 16 places", "therapist@clinic.example"),
    ("Dev Patel", "trainee · supervised by Joy Nkemelu", "trainee@clinic.example"),
    ("Joy Nkemelu", "supervisor · 4 therapists", "supervisor@clinic.example"),
    ("Sam Moss", "administrator · no clinical content", "admin@clinic.example"),
    ("Ines Ferro", "clinical lead · everything, each look recorded", "lead@clinic.example"),
)


def people(request: HttpRequest) -> dict[str, Any]:
    """`demo_people` on the sign-in page; `demo_password` for who must sign in again over an open page."""
    match = request.resolver_match
    said = {"demo_password": settings.DEMO_PASSWORD}
    if not settings.DEMO or match is None or match.url_name != "account_login":
        return {**said, "demo_people": []}
    return {
        **said,
        "demo_people": [
            {"name": name, "line": line, "email": email, "password": settings.DEMO_PASSWORD}
            for name, line, email in _PEOPLE
        ],
    }
