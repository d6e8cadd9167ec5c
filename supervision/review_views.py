"""The progress review, the rows behind its figures, and the lead's page of all lines."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow
from audit.models import Action
from audit.trail import record
from outcomes.scoring import CHANGE_IN_WORDS
from record import filters
from record.addresses import address
from record.rows import TONES
from record.wanted import Wanted, wanted
from record.words import plural
from staff.models import User
from staff.requests import StaffRequest
from supervision.flags import IN_REVIEW
from supervision.models import AgendaItem
from supervision.review import ANSWERED, ANY, NONE, Ended, Review, ended_courses, measured_courses, pages_of
from supervision.review_tables import table
from supervision.service import lines_of_the_clinic
from supervision.tabs import tabs_for

BESIDE_FLAGS = ((ANY, "Need discussion"), (NONE, "On track"), (ANSWERED, "Considered"))


@require_safe
def review(request: StaffRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    allow(policy.may_see_review(user))
    asked = wanted(
        request.GET,
        phases=tuple(filters.PHASES),
        flags=(*dict(BESIDE_FLAGS), *(flag.slug for flag in IN_REVIEW)),
        by_therapist=True,
    )
    found = Review(reader=user, now=now)
    keys = found.listed(asked)
    lines = found.page(keys, asked)
    shown = [line.row.course_id for line in lines]
    record(Action.LIST, "Progress review", by=user, ids=shown, request=request)
    pages = pages_of(len(keys))
    context = {
        "tabs": tabs_for(user, here="review"),
        "about": _about(user, found),
        "figures": found.figures(),
        "agenda_count": AgendaItem.objects.visible_to(user).open().filter(course__in=found.keys).count(),
        "agenda_href": address("supervision:agenda"),
        "meeting_href": address("supervision:meeting_new") if policy.may_hold_supervision(user) else "",
        "everybody_href": _all_courses(user),
        "wanted": asked,
        "filters": _filters(asked, found),
        "count": len(keys),
        "table": table(lines, token=get_token(request), now=now) if lines else "",
        "is_empty": not found.keys,
        "page": asked.page,
        "pages": pages,
        "previous_page": asked.query(page=asked.page - 1) if asked.page > 1 else "",
        "next_page": asked.query(page=asked.page + 1) if asked.page < pages else "",
    }
    return render(request, "supervision/review.html", context)


def _about(user: User, found: Review) -> str:
    courses = plural(len(found.keys), "active course")
    if policy.sees_all_content(user):
        return f"The whole clinic · {plural(len(found.therapists), 'therapist')} · {courses}"
    people = policy.supervised_by(user, at=found.now).count()
    return f"You supervise {plural(people, 'therapist')} · {courses}"


def _all_courses(user: User) -> str:
    """Also those that have ended."""
    return address("caseload:supervisees" if policy.may_see_supervisees(user) else "caseload:all")


def _filters(asked: Wanted, found: Review) -> list[filters.Filter]:
    up = [
        (flag.slug, flag.name) for flag in IN_REVIEW if found.counts.get(flag.slug) or asked.flag == flag.slug
    ]
    return [
        filters.therapist(asked, found.therapists),
        filters.phase(asked),
        filters.flag(asked, [*BESIDE_FLAGS, *up]),
    ]


@require_safe
def figure(request: StaffRequest, slug: str) -> HttpResponse:
    """The rows that a share above the review counts."""
    user, now = request.user, timezone.now()
    allow(policy.may_see_review(user))
    pages = {"improvement": _improvement, "phq9": _measured}
    if slug not in pages:
        raise Http404
    return pages[slug](request, user, now)


def _improvement(request: StaffRequest, user: User, now: datetime) -> HttpResponse:
    ended = ended_courses(user, now=now)
    record(Action.LIST, "Ended courses", by=user, ids=[course.course_id for course in ended], request=request)
    context = {
        "tabs": tabs_for(user, here=""),
        "ended": [
            {
                "course": course,
                "tone": TONES[course.change],
                "words": CHANGE_IN_WORDS[course.change],
                "phq9": _pair(course, "phq9"),
                "gad7": _pair(course, "gad7"),
            }
            for course in ended
        ],
        "improved": sum(course.is_improved for course in ended),
    }
    return render(request, "supervision/ended.html", context)


def _pair(course: Ended, measure: str) -> str:
    """ "18 → 7", "18 and no second one", or that it was not taken."""
    scores = course.scores.get(measure)
    if scores is None or scores.first is None:
        return "not taken"
    return (
        f"{scores.first} → {scores.last}" if scores.last is not None else f"{scores.first}, not taken again"
    )


def _measured(request: StaffRequest, user: User, now: datetime) -> HttpResponse:
    courses = measured_courses(Review(reader=user, now=now))
    record(
        Action.LIST, "Sessions with a PHQ-9", by=user, ids=[one.course_id for one in courses], request=request
    )
    context = {
        "tabs": tabs_for(user, here=""),
        "courses": courses,
        "measured": sum(one.measured for one in courses),
        "sessions": sum(one.attended for one in courses),
    }
    return render(request, "supervision/measured.html", context)


@require_safe
def service(request: StaffRequest) -> HttpResponse:
    """Who supervises whom, who is overdue, and how often each flag is up in the whole clinic."""
    user, now = request.user, timezone.now()
    allow(policy.may_see_all_lines(user))
    found = Review(reader=user, now=now)
    lines = lines_of_the_clinic(now=now, every_days=found.scope.clinic.supervision_every_days)
    record(Action.LIST, "Supervision of the clinic", by=user, ids=found.keys, request=request)
    context = {
        "tabs": tabs_for(user, here="service"),
        "lines": lines,
        "without": sum(not line.supervisor for line in lines),
        "overdue": sum(line.is_overdue for line in lines),
        "every_days": found.scope.clinic.supervision_every_days,
        "flags": [(flag, found.counts.get(flag.slug, 0)) for flag in IN_REVIEW],
        "need_discussion": found.count_of(ANY),
        "on_track": found.count_of(NONE),
        "courses": len(found.keys),
        "review_href": address("supervision:review"),
    }
    return render(request, "supervision/service.html", context)
