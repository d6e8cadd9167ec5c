"""The page on which a referral is entered from a letter, a phone call or a mail: one page for the client and all that came."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow
from access.words import uuid_of
from audit.models import Action
from audit.trail import record
from clients.actions import FIELDS
from clients.alike import similar_clients
from clients.banner import banner_for
from clients.forms import RegisterForm
from clients.merged import client_at
from clients.models import Client
from courses.models import Course
from referrals.entry_actions import enter_referral
from referrals.entry_forms import EntryForm
from referrals.letters import takes_a_letter
from referrals.models import Referral
from staff.requests import StaffRequest


@takes_a_letter
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: StaffRequest) -> HttpResponse:
    """For a registered client (`?client=`, or the button beside one who may be the same person), or for a new one."""
    allow(policy.may_enter_referral(request.user))
    client = _client(request)
    typed = request.POST if request.method == "POST" else None
    form = EntryForm(typed, request.FILES if typed is not None else None)
    person = None if client else RegisterForm(typed)
    if typed is not None and _all_valid(form, person):
        try:
            referral = _enter(request, client, form, person)
        except ValidationError as refusal:
            _refuse(form, person, refusal)
        else:
            name = referral.course.client.name
            messages.success(request, f"The referral of {name} is entered. A clinician screens it next.")
            return redirect("referrals:detail", referral.course_id)
    if client:
        record(Action.READ, "Page to enter a referral", by=request.user, about=client, request=request)
    context = {
        "client": client,
        "banner": banner_for(client, user=request.user) if client else None,
        "form": form,
        "person": person,
        "open_course": _open_course(request, client),
        "similar": _similar(request, person),
        **_found(request, client),
    }
    return render(request, "referrals/new.html", context)


def _client(request: StaffRequest) -> Client | None:
    """Whom the page is about, once that is somebody registered."""
    word = request.POST.get("use") or request.POST.get("client") or request.GET.get("client")
    if not word:
        return None
    key = uuid_of(word)
    if key is None:
        raise Http404
    return client_at(key, user=request.user)


def _all_valid(form: EntryForm, person: RegisterForm | None) -> bool:
    """Both are asked, so that the page says at once all that is to be mended."""
    return all([form.is_valid(), person is None or person.is_valid()])


def _enter(
    request: StaffRequest, client: Client | None, form: EntryForm, person: RegisterForm | None
) -> Referral:
    values = {name: person.cleaned_data[name] for name in FIELDS} if person else {}
    return enter_referral(
        client=client,
        person=values,
        looked_at=person.looked_at() if person else (),
        words=form.words(),
        by=request.user,
        **form.arrival(),
    )


def _refuse(form: EntryForm, person: RegisterForm | None, refusal: ValidationError) -> None:
    """Beside the field that it names, on whichever half of the page that is."""
    names = set(getattr(refusal, "error_dict", ()))
    if "referred_on" in names:  # as the course calls it
        refusal = ValidationError({"received_on": refusal.error_dict["referred_on"]})
    of_person = person and (names & set(FIELDS) or getattr(refusal, "code", "") == "similar")
    (person if person and of_person else form).refuse(refusal)


def _open_course(request: StaffRequest, client: Client | None) -> Course | None:
    """A client has one open course: what comes now belongs to its referral."""
    if client is None:
        return None
    return Course.objects.visible_to(request.user).filter(client=client).open().first()


def _found(request: StaffRequest, client: Client | None) -> dict[str, Any]:
    """Registered clients of the name or number that was asked for."""
    words = " ".join(request.GET.get("q", "").split())[:80]
    if client or not words:
        return {"words": "", "registered": []}
    registered = list(Client.objects.visible_to(request.user).named_like(words)[:20])
    ids = [other.pk for other in registered]
    record(Action.LIST, "Clients found for a referral", by=request.user, ids=ids, request=request)
    return {"words": words, "registered": registered}


def _similar(request: StaffRequest, person: RegisterForm | None) -> list[Any]:
    if person is None or not person.has_error("__all__", "similar"):
        return []
    similar = similar_clients(person.instance, user=request.user)
    ids = [like.client.pk for like in similar]
    record(Action.LIST, "Clients similar to a new one", by=request.user, ids=ids, request=request)
    return similar
