"""Which flags are up for somebody's courses, as Today and the list behind its count show them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from caseload import queries
from courses.lifecycle import OPEN
from outcomes.models import Alert
from staff.models import Clinic, User
from supervision import flags
from supervision.considering import standing_answers, with_answer

MOST_ON_TODAY = 20


@dataclass(frozen=True)
class Attention:
    """Rows in the order of their weight; `counts` says how many of each flag there are."""

    rows: list[flags.Row]
    clinic: Clinic  # whose settings the thresholds are

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> list[flags.Row]:
        return self.rows[:MOST_ON_TODAY]

    @property
    def is_capped(self) -> bool:
        return self.count > MOST_ON_TODAY

    @property
    def counts(self) -> list[tuple[flags.Flag, int]]:
        by_slug = Counter(row.flag.slug for row in self.rows)
        return [(flag, by_slug[flag.slug]) for flag in flags.ON_TODAY if by_slug[flag.slug]]

    def of(self, slug: str) -> list[flags.Row]:
        return [row for row in self.rows if slug in ("all", row.flag.slug)]


def own(user: User, *, now: datetime) -> Attention:
    """What this person's own open courses ask for, and those that have ended with an alert."""
    # Their keys and not a sub-select: eight rules over one sub-select behind row security leave the planner much to guess.
    # An alert outlasts its course: until somebody has closed it, it is theirs who carried it last.
    asked = Q(status__in=OPEN) | Q(pk__in=Alert.objects.open().values("course"))
    courses = list(queries.carried(user, now=now).filter(asked).values_list("pk", flat=True))
    scope = flags.Scope(reader=user, courses=courses, now=now)
    answers = standing_answers(user, courses, on=timezone.localdate(now))
    rows = [with_answer(row, answers) for row in flags.rows(scope)]
    # What was considered stays in sight, below the rest.
    rows.sort(key=lambda row: row.considered is not None)
    return Attention(rows, scope.clinic)
