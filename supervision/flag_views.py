"""The pages of the rules: all of them, one with the rows that are up for the reader, and the form that answers one of these."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from clients.banner import banner_for
from courses.finding import readable_course
from courses.lifecycle import OPEN
from courses.models import Course
from outcomes.models import Alert
from record.addresses import address
from staff.models import User
from staff.requests import StaffRequest
from supervision.considering import consider_flag, standing_answers, up_for, with_answer
from supervision.flags import BY_SLUG, FLAGS, in_words, rows
from supervision.models import FlagAnswer
from supervision.review_forms import ConsiderForm, proposed_until
from supervision.shape import Flag, Row, Scope
from supervision.tabs import tabs_for
from supervision.whose import looked_after

MOST_SHOWN = 200


@require_safe
def flags(request: StaffRequest) -> HttpResponse:
    allow(policy.may_see_supervision(request.user))
    scope = _scope(request.user, timezone.now())
    counts = Counter(row.flag.slug for row in rows(scope, flags=FLAGS))
    record(Action.LIST, "Rules of flags", by=request.user, ids=scope.courses, request=request)
    context = {
        "tabs": tabs_for(request.user, here="flags"),
        "rules": [(flag, flag.threshold_of(scope.clinic), counts[flag.slug]) for flag in FLAGS],
    }
    return render(request, "supervision/flags.html", context)


@require_safe
def flag(request: StaffRequest, slug: str) -> HttpResponse:
    allow(policy.may_see_supervision(request.user))
    rule, now = _rule(slug), timezone.now()
    scope = _scope(request.user, now)
    own = set(_own(request.user, now).values_list("pk", flat=True))
    up = [row for row in rows(scope, flags=[rule], treated=own) if _is_of(row, request.GET.get("course", ""))]
    answers = standing_answers(request.user, {row.course_id for row in up}, on=timezone.localdate(now))
    shown = [with_answer(row, answers) for row in up[:MOST_SHOWN]]
    record(
        Action.LIST,
        f"Flag: {rule.name}"[:80],
        by=request.user,
        ids=sorted({row.course_id for row in shown}),
        request=request,
    )
    context = {
        "tabs": tabs_for(request.user, here="flags"),
        "rule": rule,
        "threshold": rule.threshold_of(scope.clinic),
        "settings_href": address("staff:settings") if policy.may_see_settings(request.user) else "",
        "rows": [(row, _consider(rule, row)) for row in shown],
        "count": len(up),
        "is_narrowed": bool(request.GET.get("course")),
    }
    return render(request, "supervision/flag.html", context)


def _consider(rule: Flag, row: Row) -> str:
    if not rule.may_be_considered:
        return ""
    return address("supervision:consider", row.course_id, rule.slug, row.subject)


@require_http_methods(["GET", "HEAD", "POST"])
def consider(request: StaffRequest, course_id: UUID, slug: str, subject: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    allow(policy.may_answer_flag(request.user, course))
    rule, now = _rule(slug), timezone.now()
    if not rule.may_be_considered:
        raise Http404
    scope = Scope(reader=request.user, courses=[course.pk], now=now)
    until = proposed_until(timezone.localdate(now), scope.clinic.flag_unreviewed_days)
    form = ConsiderForm(request.POST or None, initial={"until": until})
    if request.method == "POST" and form.is_valid():
        try:
            consider_flag(course=course, flag=rule, subject=subject, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "What you considered is kept. The flag stays in sight with it.")
            return redirect(_back(request.user, rule))
    found = up_for(request.user, course, rule, subject, now=now)
    record(Action.READ, "Flag", by=request.user, about=course, request=request)
    context: dict[str, Any] = {
        "banner": banner_for(course.client, user=request.user),
        "course": course,
        "rule": rule,
        "threshold": rule.threshold_of(scope.clinic),
        "row": in_words(found, now, treats=policy.treats(request.user, course)) if found else None,
        "form": form,
        "answers": _answers(request.user, course, slug, subject),
        "back": _back(request.user, rule),
    }
    return render(request, "supervision/consider.html", context)


def _answers(user: User, course: Course, slug: str, subject: UUID) -> list[FlagAnswer]:
    """What was said about it before, the newest first."""
    said = FlagAnswer.objects.visible_to(user).filter(course=course, flag=slug, subject=subject)
    return list(said.select_related("by")[:MOST_SHOWN])


def _back(user: User, rule: Flag) -> str:
    return address("supervision:review") if policy.may_see_review(user) else rule.rule_page


def _rule(slug: str) -> Flag:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def _is_of(row: Row, course: str) -> bool:
    return not course or str(row.course_id) == course


def _own(user: User, now: datetime) -> QuerySet[Course]:
    return Course.objects.content_visible_to(user).carried_by(user, at=now).order_by()


def _scope(user: User, now: datetime) -> Scope:
    """The reader's own courses as Today has them, and those that they look after."""
    theirs = Q(pk__in=_own(user, now).values("pk"))
    if policy.may_see_review(user):
        theirs |= Q(pk__in=looked_after(user, now=now).values("pk"))
    asked = Q(status__in=OPEN) | Q(pk__in=Alert.objects.visible_to(user).open().values("course"))
    courses = Course.objects.content_visible_to(user).filter(theirs).filter(asked)
    return Scope(reader=user, courses=list(courses.order_by().values_list("pk", flat=True)), now=now)
