"""What stands on top of every page about a client: who this is, and what must not be overlooked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from access import policy
from clients.alike import similar_names
from clients.models import Client
from staff.models import User


@dataclass(frozen=True)
class Banner:
    """`alerts` is None where the reader may not know of any (an administrator or a screener who reads none of the courses);
    `plan` the safety plan that was written last, of those the reader may see; `without_plan` a course that the reader carries
    and that has none; `similar` a sentence or empty."""

    name: str
    preferred_name: str
    pronouns: str
    date_of_birth: date
    age: int
    number: str
    alerts: list[Any] | None
    plan: "PlanLink | None"
    without_plan: UUID | None
    similar: str


@dataclass(frozen=True)
class PlanLink:
    """Where a safety plan is read, and when it was written."""

    course_id: UUID
    written_at: datetime


def banner_for(client: Client, *, user: User) -> Banner:
    """Three queries: the courses that the reader may know clinical things of, with their safety plans; open alerts; and
    clients whose name could be taken for this one."""
    courses = _courses_with_plans(client, user)
    planned = [course for course in courses if course.plan_written_at]
    newest = max(planned, key=lambda course: course.plan_written_at, default=None)
    knows_names_alone = user.is_administrator or policy.screens_referrals(user)
    without = [course.pk for course in courses if course.is_mine and not course.plan_written_at]
    return Banner(
        name=client.name,
        preferred_name=client.preferred_name if client.preferred_name != client.first_name else "",
        pronouns=client.pronouns,
        date_of_birth=client.date_of_birth,
        age=client.age(on=timezone.localdate()),
        number=client.number,
        # Who knows people by name alone is not told that there is none.
        alerts=None if knows_names_alone and not courses else _open_alerts(client, user),
        plan=PlanLink(newest.pk, newest.plan_written_at) if newest else None,
        without_plan=without[0] if without else None,
        similar=_similar(client, user),
    )


def _courses_with_plans(client: Client, user: User) -> list[Any]:
    """The newest first, each with when its safety plan was written and whether the reader carries it."""
    model: Any = Client._meta.get_field("courses").related_model
    plans = model._meta.get_field("safety_plans").related_model.objects.filter(course=OuterRef("pk"))
    allocations = (
        model._meta.get_field("allocations").related_model.objects.current(at=timezone.now()).carrying()
    )
    seen = Q(pk__in=model.objects.content_visible_to(user).values("pk"))
    if user.covers_today:
        covered = policy.covered_by(user, at=timezone.now())
        seen |= Q(pk__in=model._base_manager.filter(covered).values("pk"))
    return list(
        model.objects.filter(seen, client=client)
        .annotate(
            plan_written_at=Subquery(plans.order_by("-number").values("written_at")[:1]),
            is_mine=Exists(allocations.filter(course=OuterRef("pk"), therapist=user)),
        )
        .only("pk")
        .order_by("-referred_on")
    )


def _open_alerts(client: Client, user: User) -> list[Any]:
    model: Any = Client._meta.get_field("courses").related_model
    alerts = model._meta.get_field("alerts").related_model
    return list(alerts.objects.visible_to(user).open().filter(course__client=client).order_by("-raised_at"))


def _similar(client: Client, user: User) -> str:
    """The other's name where the reader may see it; else only that there is somebody."""
    if not (policy.sees_all_names(user) or _is_anybody_similar(client)):
        return ""
    known = similar_names(client, user=user)
    if known:
        others = " and ".join(f"{other.name} ({other.number})" for other in known)
        return f"Similar name: {others}. Check the date of birth."
    # Who sees every name has seen that there is nobody.
    return "" if policy.sees_all_names(user) else "Another client has a similar name: check the date of birth"


def _is_anybody_similar(client: Client) -> bool:
    """Also among those whom the reader may not know of."""
    with connection.cursor() as cursor:
        cursor.execute("select count_similar_clients(%s)", [client.pk])
        return bool(cursor.fetchone()[0])
