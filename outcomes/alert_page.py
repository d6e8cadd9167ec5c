"""What an alert's page states: what raised it, whose it is now and why, who was told, what was done. It names no level of risk:
what was said and done, no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from access import policy
from courses.models import Course
from outcomes.measures import BY_CODE
from outcomes.models import Alert, AlertAct, AlertTold, Came, SafetyPlan
from outcomes.telling import Owner, answers_before, measure_of, owner_of
from staff.models import User

MOST_EARLIER = 10
STAGES = AlertTold.Stage.values
ROLES = {
    "therapist": "therapist",
    "screener": "screener",
    "cover": "covers",
    "supervisor": "supervisor",
    "deputy": "deputy of the supervisor",
    "lead": "clinical lead",
}


@dataclass(frozen=True)
class Answered:
    """`now` says what stands on the form since, where the answer was changed after the alert was raised; `taken_at` and
    `entered` are empty for who may see the alert and not the form."""

    measure: str
    item: int
    question: str
    value: int
    words: str
    now: str
    taken_at: datetime | None
    entered: str


@dataclass(frozen=True)
class Earlier:
    """An earlier answer to the same question."""

    at: datetime
    value: int
    words: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened to the alert. `note` is a sentence of ours, `words` are somebody's."""

    at: datetime
    what: str
    by: str = ""
    note: str = ""
    words: str = ""


@dataclass(frozen=True)
class FollowUp:
    on: date
    is_overdue: bool


@dataclass(frozen=True)
class AlertPage:
    """Everything the template states. `owner` is None once the alert is closed; `is_cover`: the reader sees it only as a
    colleague’s cover."""

    alert: Alert
    answered: Answered | None
    owner: Owner | None
    is_owner: bool
    is_cover: bool
    story: list[Entry]
    follow_up: FollowUp | None
    earlier: list[Earlier]
    has_plan: bool
    may_be_a_slip: bool
    waits_until: datetime | None
    edit_client: str = ""


def alert_page(alert: Alert, course: Course, user: User, *, at: datetime) -> AlertPage:
    acts = list(AlertAct.objects.visible_to(user).filter(alert=alert).select_related("by"))
    told = list(AlertTold.objects.visible_to(user).filter(alert=alert).select_related("person"))
    is_open = alert.closed_at is None
    owner = owner_of(alert, at) if is_open else None
    reads = policy.may_read_content(user, course, at=at)
    return AlertPage(
        alert=alert,
        answered=answered(alert) if alert.item else None,
        owner=owner,
        is_owner=owner is not None and owner.includes(user),
        is_cover=not reads,
        story=_story(alert, told, acts),
        follow_up=follow_up_of(acts, on=timezone.localdate(at)) if is_open else None,
        earlier=_earlier(alert) if reads else [],
        has_plan=SafetyPlan.objects.visible_to(user).filter(course=course).exists(),
        may_be_a_slip=alert.response is not None and alert.response.came == Came.TYPED,
        waits_until=alert.tell_from if is_open and alert.tell_from > at else None,
    )


def answered(alert: Alert) -> Answered:
    measure = BY_CODE[measure_of(alert)]
    words = {option.value: option.label for option in measure.options}
    item, value = alert.item or 0, alert.value or 0
    response = alert.response
    stands = response.answers[item - 1] if response else value
    now = "no answer" if stands is None else f"{stands}, {words[stands]}"
    return Answered(
        measure=measure.name,
        item=item,
        question=measure.items[item - 1],
        value=value,
        words=words[value],
        now="" if stands == value else now,
        taken_at=response.taken_at if response else None,
        entered=_entered(alert) if response else "",
    )


def _entered(alert: Alert) -> str:
    response = alert.response
    if response is None or response.entered_by is None:
        return "by the client, by link"
    return f"by {response.entered_by.full_name}"


def follow_up_of(acts: Sequence[AlertAct], *, on: date) -> FollowUp | None:
    """The day of the last act: a later act is what that day asked for."""
    day = acts[-1].follow_up_on if acts else None
    return FollowUp(day, day < on) if day else None


def _earlier(alert: Alert) -> list[Earlier]:
    if alert.item is None:
        return []
    words = {option.value: option.label for option in BY_CODE[measure_of(alert)].options}
    rows = answers_before(alert)[:MOST_EARLIER]
    given = [(row.taken_at, row.answers[alert.item - 1]) for row in rows]
    return [Earlier(at, value, words[value]) for at, value in given if value is not None]


def _story(alert: Alert, told: list[AlertTold], acts: list[AlertAct]) -> list[Entry]:
    """In the order of time; what was done at one moment stands in the order in which it is done."""
    by = alert.raised_by.full_name if alert.raised_by else ""
    story = [Entry(alert.raised_at, "Raised", by=by, note="" if by else "By the answer itself.")]
    story += [
        Entry(row.at, f"Told {row.person.full_name}", by=ROLES.get(row.role, row.role), note=f"{row.why}.")
        for row in sorted(told, key=lambda row: (STAGES.index(row.stage), row.person.full_name))
    ]
    if alert.acknowledged_at and alert.acknowledged_by:
        story.append(Entry(alert.acknowledged_at, "Acknowledged", by=alert.acknowledged_by.full_name))
    for act in acts:
        if not act.closes:
            story.append(Entry(act.at, act.get_kind_display(), act.by.full_name, _again(act), act.words))
    if alert.closed_at and alert.closed_by:
        closing = next((act for act in acts if act.closes), None)
        what = "Closed as typed in error" if alert.typed_in_error else "Closed"
        how = closing.get_kind_display() if closing and not alert.typed_in_error else ""
        story.append(
            Entry(
                alert.closed_at,
                f"{what}: {how[0].lower()}{how[1:]}" if how else what,
                alert.closed_by.full_name,
                words=alert.what_was_done,
            )
        )
    return sorted(story, key=lambda entry: entry.at)


def _again(act: AlertAct) -> str:
    day = act.follow_up_on
    return f"To be looked at again on {day:%a} {day.day} {day:%b %Y}." if day else ""
