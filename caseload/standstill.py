"""Whether the clinic's own work goes on: mail that waits too long, reminders that no longer run. Worked out when a page is
read, for who can have it mended."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.apps import apps
from django.db.models import Count, Min, Q, Subquery
from django.db.models.functions import Coalesce

from access import policy
from staff.apps import StaffConfig
from staff.jobs import LATE_AFTER, REMIND
from staff.models import LastRun, OutgoingMail, User


@dataclass(frozen=True)
class Standstill:
    """`waits_since` is the oldest of the mails that wait too long, `silent_since` when reminders last ran where that is too
    long ago; None where all goes on."""

    mails: int
    urgent: int
    waits_since: datetime | None
    silent_since: datetime | None

    def __bool__(self) -> bool:
        return bool(self.mails or self.silent_since)


def standstill(user: User, *, at: datetime) -> Standstill | None:
    """None for everybody else, without a question to the database."""
    if not policy.may_see_standstill(user):
        return None
    last_run = LastRun.objects.filter(name=REMIND).values("ran_at")
    # One question for both: an aggregate has its row where no mail waits, too. None of these mails has a `sent_at`.
    found = OutgoingMail.objects.late(at=at).aggregate(
        mails=Count("pk"),
        urgent=Count("pk", filter=Q(urgent=True)),
        waits_since=Min("created_at"),
        ran_at=Coalesce(Min("sent_at"), Subquery(last_run)),
    )
    return Standstill(silent_since=_silent_since(found.pop("ran_at"), at=at), **found)


def _silent_since(ran_at: datetime | None, *, at: datetime) -> datetime | None:
    """A clinic that has just been opened, or was closed overnight, is given its half hour, too."""
    opened_at = cast(StaffConfig, apps.get_app_config("staff")).opened_at
    since = ran_at or opened_at
    return since if at - max(since, opened_at) >= LATE_AFTER else None
