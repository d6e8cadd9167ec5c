"""What holds for every answer of the web, whatever room it comes from."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePagesMiddleware:
    """No page is kept by a browser or a proxy: a shared computer must not show the last reader's client."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)"
        )
        return response


class NoNulMiddleware:
    """PostgreSQL keeps no NUL, and psycopg2 fails on one. Forms refuse it in words; in an address it is read as the sign for
    what cannot be read, and a cookie that holds one is no cookie of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or "\0" in asked:
            request.META["QUERY_STRING"] = re.sub("%00|\0", "%EF%BF%BD", asked)
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class Utf8Middleware:
    """Every form of ours is UTF-8, and a browser says nothing else. What says otherwise is refused before anybody reads it:
    Django would fail on it, and fail again while it says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
            return HttpResponse("Send it as UTF-8.", status=415, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
