"""Who supervises whom in the whole clinic, and for whom the last meeting is too long ago: questions of the clinical lead."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from record.words import days_ago, short_day
from staff.models import Role, SupervisionLine, User
from supervision.models import MeetingPerson


@dataclass(frozen=True)
class Line:
    """A therapist and who supervises them; without a supervisor where nobody does. `last` is their last signed supervision
    meeting, in words. Overdue is who has waited longer than the clinic's days: since the last meeting, or since the line began
    where there was none, or who has nobody at all."""

    therapist: str
    supervisor: str
    deputy: str
    since: str
    last: str
    is_overdue: bool


def lines_of_the_clinic(*, now: datetime, every_days: int) -> list[Line]:
    """Therapists without a line first, then who is overdue, then by name. Three questions."""
    therapists = dict(
        User.objects.working().with_role(Role.THERAPIST).order_by("full_name").values_list("pk", "full_name")
    )
    current = SupervisionLine.objects.current(at=now).select_related("supervisor", "therapist", "deputy")
    met = _last_meetings()
    lines = [_line(line, met.get(line.therapist_id), now, every_days) for line in current]
    supervised = {line.therapist_id for line in current}
    lines += [
        Line(name, "", "", "", _last(met.get(key), now), is_overdue=True)
        for key, name in therapists.items()
        if key not in supervised
    ]
    return sorted(lines, key=lambda line: (bool(line.supervisor), not line.is_overdue, line.therapist))


def _last_meetings() -> dict[UUID, datetime]:
    rows = MeetingPerson.objects.exclude(meeting__signed_at=None).order_by().values_list("person")
    return dict(rows.annotate(last=Max("meeting__held_at")))


def _line(line: SupervisionLine, met: datetime | None, now: datetime, every_days: int) -> Line:
    waited = timezone.localdate(now) - timezone.localdate(met or line.starts_at)
    return Line(
        therapist=line.therapist.full_name,
        supervisor=line.supervisor.full_name,
        deputy=line.deputy.full_name if line.deputy else "",
        since=short_day(line.starts_at, now),
        last=_last(met, now),
        is_overdue=waited.days > every_days,
    )


def _last(met: datetime | None, now: datetime) -> str:
    if met is None:
        return ""
    ago = days_ago(met, now)
    return f"{short_day(met, now)}, {ago if ago == 'today' else f'{ago} ago'}"
