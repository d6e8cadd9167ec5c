"""The clinic's public pages: what IPT is, a short form, and that it came. Nobody is signed in here, whoever works in the same
browser; help is in sight on each page, and no page says whether somebody is known."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pghistory
from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from audit.acting import act_as
from referrals.self_referral import YOUNGEST, receive
from referrals.self_referral_forms import SelfReferralForm
from staff.models import Clinic

MANY = "Many forms came from your connection within the hour. Wait an hour and send it again, or ring the clinic."


def _public(*methods: str) -> Callable[..., Callable[..., HttpResponse]]:
    """The transaction is nobody's, also where somebody is signed in in the same browser, and so are the trail and the history.
    The answer is kept nowhere, and its address is told to no other site."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            request.user = AnonymousUser()
            with pghistory.context(user="None", on_the_public_page=True):
                act_as(None)
                response = view(request, Clinic.objects.first() or Clinic())
            response.headers["Cache-Control"] = "no-store"
            response.headers.setdefault("Referrer-Policy", "same-origin")
            return response

        return answer

    return decorate


@_public("GET", "HEAD")
def start(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """What IPT is in plain words, and what to expect."""
    if not clinic.self_referral_open:
        return _page(request, "closed", clinic)
    return _page(request, "start", clinic)


@_public("GET", "HEAD", "POST")
def form(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    if not clinic.self_referral_open:
        return _page(request, "closed", clinic)
    typed = request.POST if request.method == "POST" else None
    asked = SelfReferralForm(typed, consent_words=clinic.consent_words)
    if request.method != "POST":
        return _page(request, "form", clinic, form=asked)
    is_whole = asked.is_valid()
    if asked.too_young:
        return _page(request, "young", clinic)
    if not is_whole:
        return _page(request, "form", clinic, form=asked)
    if not asked.is_a_trap:
        if _comes_too_often(request, clinic):
            asked.add_error(None, MANY)
            return _page(request, "form", clinic, status=429, form=asked)
        receive(
            person=asked.person(),
            words=asked.words(),
            agreed=clinic.consent_words,
            key=asked.cleaned_data["key"],
            clinic=clinic,
            at=timezone.now(),
        )
    return redirect("refer:received_help" if asked.says_harm else "refer:received")


def _comes_too_often(request: HttpRequest, clinic: Clinic) -> bool:
    """Counted for each address from which forms come, and only forms that are whole."""
    limit = {"form": f"{clinic.self_referrals_per_hour}/h/ip"}
    return consume(request, app="refer", action="form", config=limit) is None


@_public("GET", "HEAD")
def received(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """The same for everybody who has sent the form, known here or not."""
    return _page(request, "received", clinic, help_first=False)


@_public("GET", "HEAD")
def received_help(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """For who has ticked something about harm: help first."""
    return _page(request, "received", clinic, help_first=True)


def _page(request: HttpRequest, page: str, clinic: Clinic, status: int = 200, **words: Any) -> HttpResponse:
    context = {"clinic": clinic.name, "settings": clinic, "youngest": YOUNGEST, **words}
    return render(request, f"refer/{page}.html", context, status=status)
