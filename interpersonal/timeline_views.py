"""The pages on which an event of the timeline is written, put better, and taken off. The timeline itself is the record's."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from interpersonal.models import Person, TimelineEntry
from interpersonal.timeline_actions import add_entry, change_entry, take_off_entry, what_it_says
from interpersonal.timeline_forms import EntryForm
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def entry_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """An event more. Which kind may come with the address: `?kind=mood`."""
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    kind = request.GET.get("kind", "")
    begun = {"kind": kind} if kind in TimelineEntry.Kind.values else {}
    form = EntryForm(_typed(request), people=_people(request, course), entry=None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            add_entry(course=course, by=request.user, **form.said())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The event is on the timeline.")
            return redirect("record:timeline", course.pk)
    return _page(request, "New event of the timeline", course, form)


@page
def entry(request: StaffRequest, course_id: UUID, entry_id: UUID) -> HttpResponse:
    """One event in full; whoever treats the course may put it better here, or take it off."""
    course = readable_course(request.user, course_id)
    may_write = policy.may_write_work(request.user, course)
    allow(may_write or request.method != "POST")
    standing = TimelineEntry.objects.visible_to(request.user).standing().filter(course=course)
    row = found(standing.select_related("person", "added_by", "course"), pk=entry_id)
    form = EntryForm(_typed(request), people=_people(request, course, row), entry=row)
    if request.method == "POST" and (request.POST.get("act") == "remove" or form.is_valid()):
        try:
            said = _do(request, row, form)
        except ValidationError as refusal:
            row.refresh_from_db()
            _refuse(form, refusal)
        else:
            messages.success(request, said)
            return redirect("record:timeline", course.pk)
    elif request.method == "POST":
        form.tell(row, what_it_says(row))
    return _page(request, "Event of the timeline", course, form, row=row, may_write=may_write)


def _do(request: StaffRequest, row: TimelineEntry, form: EntryForm) -> str:
    if request.POST.get("act") == "remove":
        take_off_entry(entry=row, by=request.user)
        return "The event is off the timeline."
    seen, version = form.what_was_seen(), form.based_on()
    change_entry(entry=row, version=version, seen=seen, by=request.user, **form.said())
    return "The event is changed."


def _refuse(form: EntryForm, refusal: ValidationError) -> None:
    form.is_valid()  # taking it off asks for no field, and a form must be read before it can be refused
    form.refuse(refusal)


def _people(request: StaffRequest, course: Course, row: TimelineEntry | None = None) -> list[Person]:
    """Who may be chosen; whoever stands with the event stays, also once taken off the relationships."""
    who = Q(removed_at=None) | Q(pk=row.person_id if row else None)
    return list(Person.objects.visible_to(request.user).filter(who, course=course).order_by("name", "pk"))


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: StaffRequest, what: str, course: Course, form: EntryForm, **context: Any) -> HttpResponse:
    row = context.get("row")
    record(
        Action.READ, what, by=request.user, about=row or course, client_id=course.client_id, request=request
    )
    context = {
        "row": None,
        "may_write": True,
        **context,
        "course": course,
        "form": form,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, "interpersonal/entry.html", context, status=form.status)
