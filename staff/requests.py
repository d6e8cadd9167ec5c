"""What a view is asked with. Every page needs sign-in (a middleware sees to it), so there is always a person."""

from django.http import HttpRequest

from staff.models import User


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in. Only a type: the person is set by the middleware."""

    user: User
