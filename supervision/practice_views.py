"""A therapist's practice: what towards accreditation there is and what is missing, competence over time, recordings to be
deleted or rated. One's own page, a list for who supervises, and the summary as PDF."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from access import policy
from access.found import allow, found
from audit.models import Action
from audit.trail import record
from courses.models import Course
from staff.models import Clinic, User
from staff.requests import StaffRequest
from supervision import recordings as log
from supervision.accreditation import CaseStanding, Rule, duration
from supervision.competence import MOST_SHOWN
from supervision.models import Rating, Recording
from supervision.practice import (
    AREAS,
    Practice,
    competence_of,
    names_of,
    overdue_by_therapist,
    practice_of,
    practices_of,
    recordings_near,
    rule_of_the_clinic,
)
from supervision.practice_pdf import how_counted, pdf_of, summary_of
from supervision.tabs import tabs_for

NEWEST = 6  # ratings to open from the page


@require_safe
def practice(request: StaffRequest) -> HttpResponse:
    """One's own page for a therapist; who supervises, and the lead, see a list, with themself where they treat."""
    user = request.user
    allow(policy.may_see_supervision(user))
    if not policy.may_see_review(user):
        return _page_of(request, user)
    people = therapists_of(user)
    rule = rule_of_the_clinic()
    overdue = overdue_by_therapist(people, user, on=timezone.localdate())
    rows = [_listed(each, rule, overdue.get(each.person.pk, 0)) for each in practices_of(people, rule=rule)]
    record(
        Action.LIST,
        "Practice of therapists",
        by=user,
        ids=[person.pk for person in people],
        request=request,
    )
    context = {
        "rows": rows,
        "rule": rule,
        "overdue": sum(overdue.values()),
        "may_change_form": policy.may_change_rating_form(user),
        "tabs": tabs_for(user, here="practice"),
    }
    return render(request, "supervision/practice_list.html", context)


def therapists_of(user: User) -> list[User]:
    """Whose practice this person may see: all therapists for the lead, whom they supervise, themself."""
    rows = User.objects.filter(is_system=False)
    if user.is_lead:
        rows = rows.filter(roles__contains=["therapist"], is_active=True)
    else:
        mine = set(policy.supervised_by(user, at=timezone.now()).values_list("pk", flat=True))
        rows = rows.filter(pk__in=mine | ({user.pk} if user.is_therapist else set()))
    return list(rows.order_by("full_name", "pk"))


@dataclass(frozen=True)
class Listed:
    """One therapist in the list."""

    practice: Practice
    hours: str
    counting: int
    ratings: int
    last_rated: Any
    overdue: int
    missing: list[str]


def _listed(each: Practice, rule: Rule, overdue: int) -> Listed:
    standing = each.standing
    return Listed(
        practice=each,
        hours=duration(standing.minutes),
        counting=len(standing.counting),
        ratings=len(each.ratings),
        last_rated=each.ratings[-1].session_at if each.ratings else None,
        overdue=overdue,
        missing=[criterion.missing for criterion in standing.criteria[:2] if criterion.missing],
    )


@require_safe
def practice_of_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Somebody's practice: their own, a supervisee's, anybody's for the lead."""
    return _page_of(request, _person(request, person_id))


def _person(request: StaffRequest, person_id: UUID) -> User:
    """404 for whose practice this person may not see: whether somebody has one is nobody else's business."""
    allow(policy.may_see_supervision(request.user))
    known = [person.pk for person in therapists_of(request.user)]
    rows = User.objects.filter(is_system=False)
    if not request.user.is_lead:
        rows = rows.filter(pk__in=known)
    person = found(rows, pk=person_id)
    allow(policy.may_see_practice(request.user, person))
    return person


# --- One therapist's page ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseShown:
    """A case as its reader sees it: by the client's name where they may."""

    case: CaseStanding
    course: Course | None
    areas: str
    hours: str

    @property
    def missing(self) -> str:
        return ", ".join(self.case.missing)


def _page_of(request: StaffRequest, person: User) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    rule = rule_of_the_clinic()
    of = practice_of(person, rule=rule)
    courses = names_of(of, user)
    near = recordings_near(person, user)
    overdue = list(near.overdue(on=today))
    context = {
        "person": person,
        "is_own": person.pk == user.pk,
        "practice": of,
        "standing": of.standing,
        "rule": rule,
        "how_counted": how_counted(rule),
        "cases": [_shown(case, courses.get(case.number)) for case in of.standing.cases],
        "individual": duration(of.standing.individual),
        "group": duration(of.standing.group),
        "all_hours": duration(of.standing.minutes),
        "lines": competence_of(of, newest=MOST_SHOWN),
        "shown": of.ratings[-MOST_SHOWN:],
        "overdue": [(each, log.standing_of(each, on=today)) for each in overdue],
        "to_rate": _to_rate(person, user, near),
        "ratings": _readable(person, user),
        "may_change_form": policy.may_change_rating_form(user),
        "may_change_rule": policy.may_see_settings(user) and user.is_lead,
        "tabs": tabs_for(user, here="practice"),
    }
    record(Action.READ, "Practice of a therapist", by=user, about=person, request=request)
    return render(request, "supervision/practice.html", context)


def _shown(case: CaseStanding, course: Course | None) -> CaseShown:
    areas = ", ".join(AREAS.get(area, area) for area in case.areas)
    return CaseShown(case, course, areas, duration(case.minutes))


def _to_rate(person: User, reader: User, near: Any) -> list[Recording]:
    """Recordings of this therapist's sessions, given to be rated, that this reader, who supervises, has not rated."""
    if person.pk == reader.pk or not policy.may_hold_supervision(reader):
        return []
    rated = Rating.objects.visible_to(reader).filter(rated_by=reader).values("session")
    return list(
        near.kept()
        .filter(submitted_on__isnull=False, session__therapist=person)
        .exclude(session__in=rated)
        .order_by("submitted_on", "pk")
    )


def _readable(person: User, reader: User) -> list[Rating]:
    """The newest ratings that the reader may open."""
    rows = Rating.objects.visible_to(reader).filter(therapist=person)
    return list(rows.select_related("session", "course__client", "rated_by")[:NEWEST])


# --- The summary ------------------------------------------------------------------------------------------------------


@require_safe
def practice_pdf(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Ready to be signed and sent in: no client's name stands in it. `?save` gives it to keep rather than to look at."""
    person = _person(request, person_id)
    rule, today = rule_of_the_clinic(), timezone.localdate()
    summary = summary_of(practice_of(person, rule=rule), rule, Clinic.objects.first() or Clinic(), on=today)
    record(Action.READ, "Summary of practice as PDF", by=request.user, about=person, request=request)
    how = "attachment" if "save" in request.GET else "inline"
    answer = HttpResponse(pdf_of(summary), content_type="application/pdf")
    name = slugify(f"supervised practice {person.full_name} {today.isoformat()}")
    answer["Content-Disposition"] = f'{how}; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
