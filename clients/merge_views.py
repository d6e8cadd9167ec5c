"""Pages on which two records are found to be of one person, merged, and parted again. Nothing clinical is shown on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients import merging
from clients.alike import similar_clients
from clients.banner import banner_for
from clients.merge_actions import merge_clients, part_clients
from clients.merge_forms import MergeForm, PartForm
from clients.merged import client_at
from clients.models import Client, Merge
from clients.views import CourseRow, courses_of
from staff.requests import StaffRequest

MOST_FOUND = 20
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def choose(request: StaffRequest, client_id: UUID) -> HttpResponse:
    """With whom: those who may be the same person, and anybody by name or number."""
    client = client_at(client_id, user=request.user)
    allow(policy.may_merge_clients(request.user))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    alike = similar_clients(client, user=request.user)
    rows = Client.objects.visible_to(request.user).exclude(pk=client.pk)
    searched = list(rows.named_like(words)[:MOST_FOUND]) if words else []
    ids = [*(like.client.pk for like in alike), *(other.pk for other in searched)]
    what = "Who may be the same person"
    record(Action.LIST, what, by=request.user, ids=ids, client_id=client.pk, request=request)
    context = {"alike": alike, "searched": searched, "words": words}
    return _answer(request, "merge", client, context)


@page
def preview(request: StaffRequest, client_id: UUID, other_id: UUID) -> HttpResponse:
    """Both side by side, what would be kept and which courses move; sent, they are merged."""
    kept = client_at(client_id, user=request.user)
    allow(policy.may_merge_clients(request.user))
    merged = client_at(other_id, user=request.user)
    form = MergeForm(_typed(request), differences=merging.differences(kept, merged))
    if request.method == "POST" and form.is_valid():
        try:
            merge_clients(
                kept=kept,
                merged=merged,
                chosen=form.chosen(),
                seen=form.cleaned_data["seen"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except ValidationError as refusal:
            form = _looked_at_again(request, kept, merged)
            form.refuse(refusal)
        else:
            messages.success(request, f"{merged.number} is merged into this record.")
            return redirect("clients:detail", kept.pk)
    record(Action.READ, "Preview of merging", by=request.user, about=kept, request=request)
    record(Action.READ, "Preview of merging", by=request.user, about=merged, request=request)
    moving = courses_of(merged, user=request.user)
    context = {
        "merged": merged,
        "form": form,
        "seen": merging.seen_of(kept, merged, user=request.user),
        "in_the_way": merging.what_is_in_the_way(kept, merged, user=request.user),
        "warnings": merging.warnings_about(kept, merged),
        "in_common": merging.in_common(kept, merged),
        "rows": _rows(courses_of(kept, user=request.user), kept.number, "stays")
        + _rows(moving, merged.number, f"moves to {kept.number}"),
        "until": timezone.now() + Merge.REVERSIBLE_FOR,
    }
    return _answer(request, "merge_preview", kept, context)


@page
def part(request: StaffRequest, client_id: UUID, merge_id: UUID) -> HttpResponse:
    """What would go back and what would stay; sent, the two are parted."""
    kept = client_at(client_id, user=request.user)
    allow(policy.may_merge_clients(request.user))
    rows = Merge.objects.visible_to(request.user).select_related("kept", "merged", "by")
    merge = found(rows, pk=merge_id, kept=kept)
    form = PartForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            parted = part_clients(merge=merge, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _parted_in_words(parted))
            return redirect("clients:detail", merge.merged_id)
    record(Action.READ, "Page of parting", by=request.user, about=kept, request=request)
    back, left = merging.going_back(merge, kept)
    courses = courses_of(kept, user=request.user)
    context = {
        "merge": merge,
        "form": form,
        "is_reversible": _is_reversible(merge, at=timezone.now()),
        "back": [merging.label_of(name) for name in back],
        "left": [merging.label_of(name) for name in left],
        "rows": _rows([row for row in courses if row.course.pk not in merge.courses], "", "stays")
        + _rows(
            [row for row in courses if row.course.pk in merge.courses], "", f"back to {merge.merged.number}"
        ),
    }
    return _answer(request, "part", kept, context)


@dataclass(frozen=True)
class MovingCourse:
    """A course as both pages show it: whose it is now, and what becomes of it."""

    row: CourseRow
    of: str
    becomes: str


def _rows(courses: list[CourseRow], of: str, becomes: str) -> list[MovingCourse]:
    return [MovingCourse(row, of, becomes) for row in courses]


def _looked_at_again(request: StaffRequest, kept: Client, merged: Client) -> MergeForm:
    """The form with both records as they stand now; what was typed and chosen is still there."""
    for client in (kept, merged):
        client.refresh_from_db()
    form = MergeForm(_typed(request), differences=merging.differences(kept, merged))
    form.is_valid()
    return form


def _is_reversible(merge: Merge, *, at: datetime) -> bool:
    return merge.undone_at is None and merge.until > at


def _parted_in_words(merge: Merge) -> str:
    said = f"{merge.merged.number} stands on its own again, with the courses that it brought."
    if merge.not_restored:
        labels = ", ".join(merging.label_of(name) for name in merge.not_restored)
        said += f" Changed since, so left as it is in {merge.kept.number}: {labels}."
    return said


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(request: StaffRequest, name: str, client: Client, context: dict[str, Any]) -> HttpResponse:
    context |= {"client": client, "banner": banner_for(client, user=request.user)}
    return render(request, f"clients/{name}.html", context)
