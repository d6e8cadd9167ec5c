"""Pages of the person: registered, read, changed. Nothing clinical is shown on them."""

from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from clients.actions import change_client, register_client, what_is_known
from clients.alike import similar_clients
from clients.banner import banner_for
from clients.forms import AlikeForm, EditForm, RegisterForm
from clients.merged import client_at
from clients.models import Client, Merge
from staff.models import User
from staff.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """A new client, or the list of those who may be the same person."""
    allow(policy.may_register_client(request.user))
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            client = register_client(by=request.user, looked_at=form.looked_at(), **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{client.name} is registered as {client.number}.")
            return redirect("clients:detail", client.pk)
    similar = []
    if form.has_error("__all__", "similar"):
        similar = similar_clients(form.instance, user=request.user)
        ids = [like.client.pk for like in similar]
        record(Action.LIST, "Clients similar to a new one", by=request.user, ids=ids, request=request)
    return render(request, "clients/register.html", {"form": form, "alike": similar})


@require_POST
def alike(request: StaffRequest) -> HttpResponse:
    """Who may be the same person as the one who is being typed in: a part of a page. Only reads; what was typed comes in a
    POST, so that no name stands in an address."""
    allow(policy.may_ask_who_is_alike(request.user))
    found_alike = similar_clients(AlikeForm(request.POST).so_far(), user=request.user)
    if found_alike:
        ids = [like.client.pk for like in found_alike]
        record(Action.LIST, "Clients like the one typed in", by=request.user, ids=ids, request=request)
    return render(request, "clients/_alike.html", {"alike": found_alike})


@require_safe
def detail(request: StaffRequest, client_id: UUID) -> HttpResponse:
    """The person, how they may be reached, and their courses."""
    client = client_at(client_id, user=request.user)
    if client.pk != client_id:
        return redirect("clients:detail", client.pk)
    record(Action.READ, "Client page", by=request.user, about=client, request=request)
    courses = courses_of(client, user=request.user)
    context = {
        "client": client,
        "banner": banner_for(client, user=request.user),
        "courses": courses,
        "may_merge": policy.may_merge_clients(request.user),
        "merges": _merges(client, user=request.user),
        "may_edit": policy.may_edit_client(request.user, client),
        "may_enter_referral": policy.may_enter_referral(request.user)
        and not any(row.course.is_open for row in courses),
    }
    return render(request, "clients/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, client_id: UUID) -> HttpResponse:
    """Who was writing on a record that has been merged meanwhile is shown what the kept one says, and loses no word."""
    client = client_at(client_id, user=request.user)
    if client.pk != client_id and request.method != "POST":
        return redirect("clients:edit", client.pk)
    allow(policy.may_edit_client(request.user, client))
    # The form fills its instance with what was typed; the banner goes on saying what stands.
    form = EditForm(
        request.POST if request.method == "POST" else None,
        instance=copy(client),
        shows=what_is_known(client),
        version=client.version,
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_client(
                client=client,
                version=form.based_on() if client.pk == client_id else 0,
                seen=form.what_was_seen(),
                changes=form.cleaned_data,
                by=request.user,
            )
        except ValidationError as refusal:
            client.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, f"What is known of {client.name} is saved.")
            return redirect("clients:detail", client.pk)
    record(Action.READ, "Edit page of a client", by=request.user, about=client, request=request)
    context = {"client": client, "form": form, "banner": banner_for(client, user=request.user)}
    return render(request, "clients/edit.html", context, status=form.status)


def _merges(client: Client, *, user: User) -> list[tuple[Merge, bool]]:
    """What was merged into this record and stands, each with whether it can be parted still."""
    now = timezone.now()
    rows = Merge.objects.visible_to(user).filter(kept=client, undone_at=None).select_related("merged", "by")
    return [(merge, merge.until > now) for merge in rows]


@dataclass(frozen=True)
class CourseRow:
    """A course as the client page shows it: who carries it, and what the reader may do about it."""

    course: Any
    therapist: User | None
    waited: int
    acts: dict[str, bool]


def courses_of(client: Client, *, user: User) -> list[CourseRow]:
    """The client's courses that this person may see, the newest first."""
    now = timezone.now()
    rows = []
    for course in client.courses.visible_to(user).prefetch_related("allocations__therapist"):
        current = [
            each
            for each in course.allocations.all()
            if each.kind != "screening"
            and each.starts_at <= now
            and (each.ends_at is None or each.ends_at > now)
        ]
        acts = {
            "allocate": course.is_open and policy.may_allocate(user),
            "move": policy.may_move_course(user, course),
            "book": course.is_open and policy.may_book(user, course),
            "focus": policy.may_agree_focus(user, course),
            "programme": policy.may_edit_programme(user, course),
            "wait": course.waits,
            "end": course.is_open and policy.may_end_course(user, course),
        }
        waited = course.days_waited(on=timezone.localdate(now))
        rows.append(CourseRow(course, current[0].therapist if current else None, waited, acts))
    return rows
