"""Supervision meetings: their list, the form of one, its page with the list of cases, and signing it. The page on which a case
is written is in case_views.py, the signed record in record_views.py."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from access.words import uuid_of
from audit.models import Action
from audit.trail import record
from sessions.autosave import REFUSED
from staff.models import User
from staff.requests import StaffRequest
from supervision import meeting_actions, meeting_pages
from supervision.meeting_actions import (
    NotReady,
    cases_to_sign,
    courses_to_supervise,
    shown_of,
    what_is_missing,
)
from supervision.meeting_forms import MeetingForm, begun_now
from supervision.models import Case, Meeting
from supervision.records import is_empty
from supervision.tabs import tabs_for

MEETINGS_A_PAGE = 30
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def meetings(request: StaffRequest) -> HttpResponse:
    """Whoever holds meetings sees their own, whoever was there those, the lead all of them."""
    user, now = request.user, timezone.now()
    allow(policy.may_see_supervision(user))
    rows = Meeting.objects.visible_to(user).select_related("supervisor")
    open_ones = list(rows.drafts().order_by("held_at", "pk"))
    listed = Paginator(rows.signed(), MEETINGS_A_PAGE).get_page(request.GET.get("page"))
    lines = meeting_pages.rows_of([*open_ones, *listed.object_list], user)
    context = {
        "planned": [line for line in lines if not line.meeting.is_signed and line.meeting.held_at > now],
        "unsigned": [line for line in lines if not line.meeting.is_signed and line.meeting.held_at <= now],
        "signed": [line for line in lines if line.meeting.is_signed],
        "listed": listed,
        "to_sign": meeting_pages.to_sign(user, now=now) if user.is_therapist else [],
        "may_hold": policy.may_hold_supervision(user),
        "tabs": tabs_for(user, here="meetings"),
    }
    record(
        Action.LIST, "Supervision meetings", by=user, ids=[line.meeting.pk for line in lines], request=request
    )
    return render(request, "supervision/meetings.html", context)


@GET_OR_POST
def meeting_new(request: StaffRequest) -> HttpResponse:
    """A meeting that is held now, was held, or is planned. `?therapist=` chooses who is there beforehand."""
    user, now = request.user, timezone.now()
    allow(policy.may_hold_supervision(user))
    people = list(policy.supervised_by(user, at=now).order_by("full_name"))
    chosen = [str(one.pk) for one in people if str(one.pk) in request.GET.getlist("therapist")]
    if not chosen and len(people) == 1:
        chosen = [str(people[0].pk)]
    begun = {**begun_now(), "kind": Meeting.Kind.INDIVIDUAL, "people": chosen, "key": uuid4()}
    form = MeetingForm(request.POST if request.method == "POST" else None, people=people, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            made = meeting_actions.begin_meeting(
                key=form.cleaned_data.get("key") or uuid4(), by=user, **form.said()
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            return redirect("supervision:meeting", made.pk)
    return _form_page(request, form, None, people)


@GET_OR_POST
def meeting_edit(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """When, how long, which kind and who was there, until it is signed; and taking it away while nothing is written."""
    meeting = _own(request, meeting_id)
    if meeting.is_signed:
        messages.info(request, "This meeting is signed: what is signed does not change.")
        return redirect("supervision:meeting", meeting.pk)
    people = _may_be_there(meeting, request.user)
    sent = request.POST if request.method == "POST" else None
    form = MeetingForm(sent, people=people, shows=shown_of(meeting), version=meeting.version)
    if request.method == "POST" and request.POST.get("act") == "remove":
        return _remove(request, meeting, form, people)
    if request.method == "POST" and form.is_valid():
        try:
            meeting_actions.change_meeting(
                meeting=meeting,
                version=form.based_on(),
                seen=form.what_was_seen(),
                by=request.user,
                **form.said(),
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The meeting is changed.")
            return redirect("supervision:meeting", meeting.pk)
    return _form_page(request, form, meeting, people)


@GET_OR_POST
def meeting(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """The meeting and its list. POST puts a case on it, takes one off, or moves one."""
    user, now = request.user, timezone.now()
    row = found(Meeting.objects.visible_to(user).select_related("supervisor"), pk=meeting_id)
    refusal = ""
    if request.method == "POST":
        allow(row.supervisor_id == user.pk and policy.may_hold_supervision(user))
        try:
            _change_list(request, row)
            return redirect(f"{request.path}#agenda")
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
    page = meeting_pages.meeting_page(row, user, now=now)
    may_write = row.supervisor_id == user.pk and policy.may_hold_supervision(user)
    context = {
        "page": page,
        "meeting": row,
        "refusal": refusal,
        "may_write": may_write and not row.is_signed,
        "left_out": may_write and row.is_signed and any(line.state == "Draft" for line in page.lines),
        "to_add": meeting_pages.courses_to_add(page, user, now=now)
        if may_write and not row.is_signed
        else [],
        "tabs": tabs_for(user, here="meetings"),
    }
    courses = [line.case.course_id for line in page.lines]
    record(Action.READ, "Supervision meeting", by=user, about=row, request=request)
    if courses:
        record(Action.LIST, "Cases of a supervision meeting", by=user, ids=courses, request=request)
    return render(request, "supervision/meeting.html", context, status=REFUSED if refusal else 200)


@GET_OR_POST
def meeting_sign(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """What will be signed, what is missing and where, and what is carried over; POST signs."""
    row = _own(request, meeting_id)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            meeting_actions.sign_meeting(meeting=row, by=request.user)
        except NotReady as refused:
            refusal, status = refused.messages[0], REFUSED
        except ValidationError as refused:
            refusal, status = " ".join(refused.messages), REFUSED
        else:
            messages.success(
                request, "The meeting is signed. Each therapist reads and signs their own cases."
            )
            return redirect("supervision:meeting", row.pk)
    context = {**_before_signing(row, request.user), "meeting": row, "refusal": refusal}
    record(Action.READ, "Page of signing a supervision meeting", by=request.user, about=row, request=request)
    return render(request, "supervision/meeting_sign.html", context, status=status)


# --- Find and ask -----------------------------------------------------------------------------------------------------


def _own(request: StaffRequest, meeting_id: UUID) -> Meeting:
    """The meeting that this person holds: 404 for who was not there, 403 for who was."""
    row = found(Meeting.objects.visible_to(request.user).select_related("supervisor"), pk=meeting_id)
    allow(row.supervisor_id == request.user.pk and policy.may_hold_supervision(request.user))
    return row


def _may_be_there(row: Meeting, user: User) -> list[User]:
    """Who is supervised now, and who is on the list already."""
    there = User.objects.filter(pk__in=row.people.values("person"))
    return list((policy.supervised_by(user, at=timezone.now()) | there).distinct().order_by("full_name"))


# --- Do ---------------------------------------------------------------------------------------------------------------


def _change_list(request: StaffRequest, row: Meeting) -> None:
    """`add` has the key of a course, `up`, `down` and `off` that of a case."""
    user = request.user
    for act in ("add", "up", "down", "off"):
        if act not in request.POST:
            continue
        key = uuid_of(request.POST[act]) or uuid4()  # what is no key is nobody's
        if act == "add":
            courses = courses_to_supervise(user, at=timezone.now()).select_related("client")
            course = courses.filter(pk=key).first()
            if course is None:
                raise ValidationError("Choose a course to put on the list.")
            meeting_actions.add_case(meeting=row, course=course, by=user)
            return
        case = Case.objects.visible_to(user).filter(pk=key, meeting=row).select_related("meeting").first()
        if case is None:
            raise ValidationError("This case is no longer on the list.")
        if act == "off":
            meeting_actions.take_off_case(case=case, by=user)
        else:
            meeting_actions.move_case(case=case, to=act, by=user)
        return
    raise ValidationError("Choose a course to put on the list.")


def _remove(request: StaffRequest, row: Meeting, form: MeetingForm, people: list[User]) -> HttpResponse:
    try:
        meeting_actions.remove_meeting(meeting=row, by=request.user)
    except ValidationError as refusal:
        form.is_valid()
        form.refuse(refusal)
        return _form_page(request, form, row, people)
    messages.success(request, "The meeting is taken away. What was on the agenda is there still.")
    return redirect("supervision:meetings")


# --- Answer -----------------------------------------------------------------------------------------------------------


def _before_signing(row: Meeting, user: User) -> dict[str, Any]:
    now = timezone.now()
    page = meeting_pages.meeting_page(row, user, now=now)
    cases = cases_to_sign(row, user, at=now)
    missing = what_is_missing(row, cases, at=now)
    lines = {line.case.pk: line for line in page.lines}
    written = [case for case in cases if not is_empty(case.note)]
    return {
        "page": page,
        "ready": [lines[case.pk] for case in written if case.pk not in missing and case.pk in lines],
        "missing": [
            (
                lines[case.pk],
                [
                    (f"{lines[case.pk].href}?check#id_{name}", words)
                    for name, words in missing[case.pk].items()
                ],
            )
            for case in written
            if case.pk in missing and case.pk in lines
        ],
        "not_reached": [lines[case.pk] for case in cases if is_empty(case.note) and case.pk in lines],
        "is_done": row.is_signed and not cases,
        "tabs": tabs_for(user, here="meetings"),
    }


def _form_page(
    request: StaffRequest, form: MeetingForm, row: Meeting | None, people: list[User]
) -> HttpResponse:
    what = "Page of a supervision meeting" if row else "Page to begin a supervision meeting"
    record(Action.READ, what, by=request.user, about=row, request=request)
    context = {
        "form": form,
        "meeting": row,
        "people": people,
        "tabs": tabs_for(request.user, here="meetings"),
    }
    return render(request, "supervision/meeting_form.html", context, status=form.status)
