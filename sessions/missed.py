"""Appointments missed in a row, and when their number asks whether the course should end. Nothing ends by itself.

Missed is what `courses.protocol.MISSED` says: did not come, or came too late to be seen. What was cancelled, by whom ever, and
what nobody has logged yet neither counts nor breaks the row; an appointment at which the client was seen does. Supervision asks
more widely (`not_seen_in_a_row`): there what the client cancelled counts too."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, StringAgg
from django.db.models import CharField, F, Func, IntegerField, Max, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length

from courses import protocol
from sessions.models import MISSED, SEEN, SessionQuerySet
from staff.models import Clinic

USUAL = 2
NOT_SEEN = tuple(sorted(protocol.NOT_SEEN))


def proposal_after() -> Coalesce:
    """How many in a row the clinic's setting says, for the database to ask along with the rest."""
    asked = Clinic.objects.values("missed_before_proposal")[:1]
    return Coalesce(Subquery(asked), Value(USUAL), output_field=IntegerField())


def missed_in_a_row(latest_first: Iterable[str | None]) -> int:
    """How many of the last appointments were missed; attendance codes, the latest first."""
    count = 0
    for code in latest_first:
        if code in SEEN:
            break
        count += code in MISSED
    return count


def proposed_ends(sessions: SessionQuerySet) -> QuerySet[Any, dict[str, Any]]:
    """The courses of these sessions for which an end is proposed: one row each with `course`, `missed` (how many in a row) and
    `last_missed` (when the last of them was)."""
    return _in_a_row(sessions, MISSED)


def not_seen_in_a_row(sessions: SessionQuerySet) -> QuerySet[Any, dict[str, Any]]:
    """As `proposed_ends`, for the client not being there at all: they missed the appointment, came too late or cancelled it
    (NHS codes 2, 3 and 7). `last` is the key of the last of them."""
    rows = _in_a_row(sessions, NOT_SEEN)
    return rows.annotate(
        keys=ArrayAgg("pk", filter=Q(attendance__in=NOT_SEEN), order_by="-starts_at")
    ).annotate(last=F("keys__0"))


def _in_a_row(sessions: SessionQuerySet, counted: tuple[str, ...]) -> QuerySet[Any, dict[str, Any]]:
    codes = StringAgg("attendance", delimiter="", order_by="-starts_at", output_field=CharField())
    seen_before = Func(F("codes"), Value("".join(counted)), function="LTRIM", output_field=CharField())
    return (
        sessions.filter(entered_in_error_at=None, attendance__in=(*SEEN, *counted))
        .order_by()
        .values("course")
        .annotate(codes=codes, last_missed=Max("starts_at", filter=Q(attendance__in=counted)))
        .annotate(missed=Length("codes") - Length(seen_before))
        .filter(missed__gte=proposal_after())
    )
