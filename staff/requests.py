"""What a view is asked with. Every page needs sign-in (a middleware sees to it), so there is always a person."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from staff.models import User


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in. Only a type: the person, and what htmx said, are set by middleware."""

    user: User
    htmx: HtmxDetails
