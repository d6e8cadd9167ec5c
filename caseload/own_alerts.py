"""Open alerts that have come to somebody who does not carry the course: because they cover, supervise, deputise or lead, or
were told of one. Those of one's own courses are flags (`supervision.flags`)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from caseload import queries
from outcomes.measures import BY_CODE
from outcomes.models import Alert, AlertAct, AlertKind, AlertTold
from outcomes.telling import Owner, Routes, measure_of
from record.addresses import address
from record.words import short_day
from staff.models import User

OWNED, TOLD = "Yours now", "You were told"


@dataclass(frozen=True)
class Mine:
    """`state` is OWNED or TOLD; `why` says how it came to the reader."""

    course_id: UUID
    client: str
    href: str
    state: str
    what: str
    why: str


def alerts_of(user: User, *, now: datetime) -> list[Mine]:
    """Those that are theirs to answer first, then those that they were told of, the oldest of each first. Nothing for who only
    treats, without a question to the database."""
    if not (user.is_lead or user.is_supervisor or user.deputises or user.covers_today):
        return []
    told = AlertTold.objects.filter(alert=OuterRef("pk"), person=user)
    alerts = list(
        Alert.objects.visible_to(user)
        .open()
        .exclude(course__in=queries.carried(user, now=now).values("pk"))
        .select_related("course__client", "response")
        .annotate(was_told=Exists(told), has_acts=Exists(AlertAct.objects.filter(alert=OuterRef("pk"))))
        .order_by("raised_at", "pk")
    )
    if not alerts:
        return []
    routes = Routes([alert.course_id for alert in alerts], at=now)
    owners = {alert.pk: routes.owner(alert) for alert in alerts}
    mine = [alert for alert in alerts if owners[alert.pk].includes(user)]
    others = [alert for alert in alerts if alert.was_told and alert not in mine]
    return [_row(alert, OWNED, owners[alert.pk], now) for alert in mine] + [
        _row(alert, TOLD, owners[alert.pk], now) for alert in others
    ]


def _row(alert: Alert, state: str, owner: Owner, now: datetime) -> Mine:
    client = alert.course.client
    return Mine(
        course_id=alert.course_id,
        client=client.name,
        href=address("outcomes:alert", alert.course_id, alert.pk),
        state=state,
        what=_what(alert, now),
        why=owner.why if state == OWNED else f"It is {owner.names}’s to answer. {owner.why}",
    )


def _what(alert: Alert, now: datetime) -> str:
    what = str(alert)
    if alert.kind == AlertKind.ANSWER:
        what = f"{BY_CODE[measure_of(alert)].name} {alert.in_words}"
    answered = alert.acknowledged_at is not None or alert.has_acts  # type: ignore[attr-defined]  # annotated above
    so_far = "Somebody is on it." if answered else "Nobody is on it yet."
    return f"{what}, raised on {short_day(alert.raised_at, now)}. {so_far}"
