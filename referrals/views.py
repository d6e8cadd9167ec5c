"""The page of a referral, and what is added to it later: words, a letter, the withdrawal of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.models import Course
from referrals.entry_actions import add_letter, add_words, take_back_letter
from referrals.entry_forms import LetterForm, WithdrawForm, WordsForm
from referrals.letters import takes_a_letter
from referrals.models import ReferralLetter
from referrals.page import letters_of, referral_page
from staff.requests import StaffRequest

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def detail(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    shown = referral_page(course, request.user)
    what = "Referral" if shown.is_clinical else "Referral without clinical content"
    return _render(request, "referrals/detail.html", what, course, page=shown)


@page
def words(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """More was said. Who may not read it afterwards writes it all the same."""
    course = _course(request, course_id)
    allow(course.is_open and policy.may_add_to_referral(request.user, course))
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_words(course=course, words=form.words(), by=request.user, key=form.cleaned_data["key"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The words stand with the referral of {course.client.name}.")
            return redirect("referrals:detail", course.pk)
    is_clinical = policy.may_read_referral(request.user, course)
    what = "Page to add words to a referral"
    return _render(request, "referrals/words.html", what, course, form=form, is_clinical=is_clinical)


@takes_a_letter
@page
def letter_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    allow(course.is_open and policy.may_add_to_referral(request.user, course))
    form = LetterForm(request.POST, request.FILES) if request.method == "POST" else LetterForm()
    if request.method == "POST" and form.is_valid():
        try:
            add_letter(
                course=course,
                letter=form.cleaned_data["letter"],
                by=request.user,
                key=form.cleaned_data["key"],
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The letter is kept with the referral of {course.client.name}.")
            return redirect("referrals:detail", course.pk)
    return _render(request, "referrals/letter_new.html", "Page to add a letter", course, form=form)


@require_safe
def letter(request: StaffRequest, course_id: UUID, letter_id: UUID) -> HttpResponse:
    """To be saved, and opened in no browser. One that was withdrawn is the lead's alone."""
    course = _course(request, course_id)
    allow(policy.may_read_referral(request.user, course))
    letters = ReferralLetter.objects.visible_to(request.user).filter(course=course)
    kept = found(letters if request.user.is_lead else letters.standing(), pk=letter_id)
    record(
        Action.READ,
        "Letter of a referral",
        by=request.user,
        about=kept,
        client_id=course.client_id,
        request=request,
    )
    response = HttpResponse(bytes(kept.content), content_type=kept.kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@page
def letter_withdraw(request: StaffRequest, course_id: UUID, letter_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    is_clinical = policy.may_read_referral(request.user, course)
    allow(is_clinical or request.user.is_administrator)
    lines = letters_of(course, request.user, is_clinical=is_clinical)
    line = next((line for line in lines if line.key == letter_id), None)
    if line is None:
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    allow(line.may_be_withdrawn or bool(line.withdrawn))
    if request.method == "POST" and form.is_valid():
        try:
            take_back_letter(
                course=course, letter=line.key, reason=form.cleaned_data["reason"], by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The letter is withdrawn. It is no longer read with the referral.")
            return redirect("referrals:detail", course.pk)
    return _render(
        request, "referrals/letter_withdraw.html", "Page to withdraw a letter", course, form=form, line=line
    )


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _render(request: StaffRequest, template: str, what: str, course: Course, **context: Any) -> HttpResponse:
    record(Action.READ, what, by=request.user, about=course, request=request)
    context |= {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, template, context)
