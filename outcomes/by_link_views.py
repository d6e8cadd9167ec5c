"""The pages that a client fills in by link: no sign-in, no name beyond the first, no way to anything else. Each finds the
visit, asks in which state it is, does one thing and answers. What an answer does is in by_link.py."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import pghistory
from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from audit.acting import act_by_link
from outcomes import by_link
from outcomes.by_link import Question, Visit
from outcomes.by_link_forms import BirthForm
from staff.models import Clinic

# Tokens cannot be guessed; who tries many from one place is told to stop and stands in the log. A link that is good opens.
BAD_TOKENS = {"bad_token": "30/10m/ip"}
_log = logging.getLogger(__name__)


def cookie_name() -> str:
    return "__Host-link" if settings.HTTPS else "link"


def _page_of_a_client(*methods: str) -> Callable[..., Callable[..., HttpResponse]]:
    """Nobody is signed in here, also where somebody is signed in in the same browser: the transaction is that of the link
    alone, and the trail and the history name nobody. The answer is kept nowhere, and its address is told to no other site."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method not in methods:
                return _private(HttpResponseNotAllowed(methods))
            request.user = AnonymousUser()
            secret = request.COOKIES.get(cookie_name(), "")
            with pghistory.context(user="None", by_link=True):
                act_by_link(by_link.hashed(secret))
                response = view(request, secret, **arguments)
                act_by_link(None)
            return _private(response)

        return answer

    return decorate


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


# --- Opening, and the date of birth -----------------------------------------------------------------------------------


@_page_of_a_client("GET", "HEAD")
def open_link(request: HttpRequest, secret: str, token: str) -> HttpResponse:
    """The token for a cookie. A program that only looks whether the address answers, or loads it ahead, opens nothing."""
    if request.method == "HEAD":
        return HttpResponse()
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return HttpResponse(status=503)
    opened = by_link.open_link(token)
    visit = by_link.find_visit(opened) if opened else None
    if opened is None or visit is None:
        if consume(request, app="by_link", action="bad_token", config=BAD_TOKENS, limit_get=True) is None:
            _log.warning("Many links that do not exist are tried from one address.")
            return _no_referrer(_ended(request, "", status=429))
        return _no_referrer(redirect("by_link:ended"))
    response = _no_referrer(redirect("by_link:start"))
    lasts = int((visit.expires_at - timezone.now()).total_seconds())
    response.set_cookie(
        cookie_name(), opened, max_age=lasts, httponly=True, secure=settings.HTTPS, samesite="Lax", path="/"
    )
    return response


def _no_referrer(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@_page_of_a_client("GET", "POST")
def start(request: HttpRequest, secret: str) -> HttpResponse:
    """The date of birth, and once it is confirmed what this is and where to begin or go on."""
    visit = by_link.find_visit(secret)
    if visit is None or visit.state not in ("confirm", "open"):
        return _elsewhere(request, visit)
    if visit.is_open:
        if request.method == "POST":
            return redirect("by_link:start")
        questions = by_link.questions_of(visit)
        return _render(
            request,
            "start",
            visit,
            count=len(questions),
            answered=by_link.answered_count(questions),
            number=by_link.resume_at(questions),
        )
    form = BirthForm(request.POST or None)
    if request.method == "POST" and request.POST.get("visit") != visit.mark:
        return redirect("by_link:start")
    if request.method == "POST" and form.is_valid():
        said = by_link.confirm(secret=secret, born=form.cleaned_data["born"], request=request)
        if said != "wrong":
            return redirect("by_link:start")
        visit = by_link.find_visit(secret) or visit
        form.add_error("day", _wrong(visit.tries_left))
    return _render(request, "confirm", visit, form=form)


def _wrong(left: int) -> str:
    tries = "one try" if left == 1 else f"{left} tries"
    return f"That is not the date of birth that the clinic has for this link. You have {tries} left."


# --- Questions --------------------------------------------------------------------------------------------------------


@_page_of_a_client("GET", "POST")
def question(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """One question a page. What was sent is kept before the next one is shown."""
    visit = _visit_for(request, secret)
    if visit is None or not visit.is_open:
        return _elsewhere(request, visit)
    questions = by_link.questions_of(visit)
    asked = by_link.find_question(questions, number)
    if asked is None or _is_of_another_page(request, visit, asked):
        return redirect(*_next(questions, min(number, len(questions)) - 1))
    problem = ""
    if request.method == "POST":
        try:
            help_is_due = _keep(request, visit, asked)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            if help_is_due:
                return redirect("by_link:help", number)
            return redirect(*_next(by_link.questions_of(visit), number))
    return _render(
        request,
        "question",
        visit,
        question=asked,
        count=len(questions),
        answered=by_link.answered_count(questions),
        previous=by_link.previous_number(questions, number),
        problem=problem,
    )


def _keep(request: HttpRequest, visit: Visit, asked: Question) -> bool:
    left_out = request.POST.get("go") == "leave_out"
    answer = by_link.Answer() if left_out else asked.read(request.POST.get("answer", ""))
    return by_link.give_answer(visit=visit, question=asked, answer=answer, at=timezone.now(), request=request)


def _is_of_another_page(request: HttpRequest, visit: Visit, asked: Question) -> bool:
    """Sent from a page of another link, or for a question that has another place now: neither is kept here."""
    sent = request.POST.get("visit"), request.POST.get("question")
    return request.method == "POST" and sent != (visit.mark, asked.key)


@_page_of_a_client("GET")
def help_now(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """Where help is, before the next question."""
    visit = by_link.find_visit(secret)
    if visit is None or not visit.is_open:
        return _elsewhere(request, visit)
    following = by_link.next_number(by_link.questions_of(visit), number)
    return _render(request, "help", visit, number=number, following=following)


# --- The end ----------------------------------------------------------------------------------------------------------


@_page_of_a_client("GET", "POST")
def review(request: HttpRequest, secret: str) -> HttpResponse:
    """What was left out, and the end."""
    visit = _visit_for(request, secret)
    if visit is None or not visit.is_open:
        return _elsewhere(request, visit)
    if request.method == "POST":
        if request.POST.get("visit") != visit.mark:
            return redirect("by_link:start")
        by_link.finish(visit=visit, at=timezone.now(), request=request)
        return redirect("by_link:finished")
    questions = by_link.questions_of(visit)
    return _render(
        request,
        "review",
        visit,
        count=len(questions),
        left_out=by_link.left_out(questions),
        previous=by_link.previous_number(questions, len(questions) + 1),
    )


@_page_of_a_client("GET")
def finished(request: HttpRequest, secret: str) -> HttpResponse:
    """Thanks, once: the cookie is of no more use and goes with it."""
    visit = by_link.find_visit(secret)
    if visit is None or visit.state != "finished":
        return _elsewhere(request, visit)
    response = _render(request, "finished", visit)
    response.delete_cookie(cookie_name(), path="/", samesite="Lax")
    return response


@_page_of_a_client("GET")
def ended(request: HttpRequest, secret: str) -> HttpResponse:
    """A link that cannot be filled in: why, as far as this browser may know, and what to do."""
    return _ended(request, "")


# --- What they share --------------------------------------------------------------------------------------------------


def _visit_for(request: HttpRequest, secret: str) -> Visit | None:
    """The visit; held until the answer is kept where something is sent."""
    if request.method == "POST":
        by_link.hold_link()
    return by_link.find_visit(secret)


def _next(questions: list[Question], after: int) -> tuple[Any, ...]:
    number = by_link.next_number(questions, after)
    return ("by_link:question", number) if number else ("by_link:review",)


def _elsewhere(request: HttpRequest, visit: Visit | None) -> HttpResponse:
    """Where a visit belongs that may not see the page which it asked for."""
    if visit is None or visit.state == "ended":
        return _ended(request, visit.end_reason if visit else "")
    return redirect("by_link:finished" if visit.state == "finished" else "by_link:start")


def _ended(request: HttpRequest, reason: str, status: int = 410) -> HttpResponse:
    return _render(request, "ended", None, status=status, reason=reason)


def _render(
    request: HttpRequest, page: str, visit: Visit | None, status: int = 200, **words: Any
) -> HttpResponse:
    clinic = (Clinic.objects.first() or Clinic()).name
    context = {"clinic": clinic, "visit": visit, **words}
    return render(request, f"by_link/{page}.html", context, status=status)
