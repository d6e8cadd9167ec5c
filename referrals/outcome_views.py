"""Pages of a letter about what became of a referral: chosen, written, looked at, kept; printed, and marked as sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from referrals.models import LetterKind, LetterTo, OutcomeLetter
from referrals.outcome_forms import LetterForm, SentForm
from referrals.outcome_letters import address_of, kinds_for, mark_letter_sent, wording, write_outcome_letter
from staff.models import Clinic
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def outcome_letter_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """First which letter and to whom; then the clinic's wording of it, to be changed, looked at and kept."""
    course = _course(request, course_id)
    allow(policy.may_run_waiting_list(request.user))
    asked = request.POST if request.method == "POST" else request.GET
    kind, to = asked.get("kind", ""), asked.get("to", "")
    form = None
    if kind in dict(kinds_for(course)) and to in LetterTo.values:
        words = wording(course, kind=kind, to=to, clinic=_clinic())
        typed = request.POST if request.method == "POST" else None
        form = LetterForm(typed, course=course, initial={"kind": kind, "to": to, "body": words})
    keeps = request.POST.get("act") != "preview"
    if form is not None and request.method == "POST" and form.is_valid() and keeps:
        try:
            letter = write_outcome_letter(course=course, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The letter is kept. Print it, and mark it as sent when it has gone.")
            return redirect("referrals:outcome_letter", course.pk, letter.pk)
    shown = form is not None and form.is_bound and form.is_valid() and not keeps
    return _page(
        request,
        "referrals/outcome_letter_new.html",
        "Page to write a letter about a referral",
        course,
        form=form,
        kind=kind if form else "",
        to=to if form else "",
        kind_words=LetterKind(kind).label if form else "",
        to_words=LetterTo(to).label if form else "",
        kinds=kinds_for(course),
        recipients=LetterTo.choices,
        preview=form.cleaned_data["body"] if form is not None and shown else "",
        address=address_of(course, to) if form else [],
    )


@page
def outcome_letter(request: StaffRequest, course_id: UUID, letter_id: UUID) -> HttpResponse:
    """The letter alone on a sheet, and around it, unprinted, whom it may go to and when it went."""
    course = _course(request, course_id)
    allow(policy.may_run_waiting_list(request.user))
    rows = OutcomeLetter.objects.visible_to(request.user).filter(course=course)
    letter = found(rows.select_related("made_by", "sent_by"), pk=letter_id)
    form = SentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            mark_letter_sent(letter=letter, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as refusal:
            letter.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, "The letter is marked as sent.")
            return redirect("referrals:detail", course.pk)
    return _page(
        request,
        "referrals/outcome_letter.html",
        f"Letter about a referral: {letter}",
        course,
        about=letter,
        form=form,
        letter=letter,
        to=letter.to,
        address=address_of(course, letter.to),
        clinic=_clinic(),
    )


def _clinic() -> Clinic:
    return Clinic.objects.first() or Clinic()


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _page(
    request: StaffRequest, template: str, what: str, course: Course, *, about: Any = None, **context: Any
) -> HttpResponse:
    record(
        Action.READ, what, by=request.user, about=about or course, client_id=course.client_id, request=request
    )
    context |= {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
        "today": timezone.localdate(),
    }
    return render(request, template, context)
