"""What the page of formulation and goals states: the formulation with its versions, the focus with what its area asks for and
the decisions about it, the goals with their trend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from courses import protocol
from courses.dates import in_words
from courses.models import Course, Focus, Formulation, Stage
from interpersonal.models import FocusPerson
from outcomes.goals import GoalLine, goals_of
from staff.models import User


@dataclass(frozen=True)
class Fact:
    """What an area asks for and what was said; empty where nothing was yet."""

    label: str
    words: str


@dataclass(frozen=True)
class FocusShown:
    focus: Focus
    facts: list[Fact]
    stages: list[str]  # how the stage of a dispute has changed

    @property
    def words(self) -> str:
        return in_short(self.focus)


@dataclass(frozen=True)
class Decision:
    """The focus became another one."""

    at: datetime
    before: str
    after: str
    reason: str
    by: str


@dataclass(frozen=True)
class FormulationPage:
    formulation: Formulation | None
    earlier: list[Formulation]
    foci: list[FocusShown]
    decisions: list[Decision]
    goals: list[GoalLine]
    ended_goals: int


def formulation_page(course: Course, user: User) -> FormulationPage:
    """The same number of questions for one version as for many."""
    versions = list(
        Formulation.objects.visible_to(user)
        .filter(course=course)
        .select_related("written_by")
        .order_by("-number")
    )
    people = FocusPerson.objects.visible_to(user).select_related("person")
    foci = list(
        Focus.objects.visible_to(user)
        .filter(course=course)
        .select_related("agreed_by")
        .prefetch_related("events", Prefetch("person", people))
        .order_by("ended_at", "position")
    )
    lines = goals_of(course, user)
    standing = [line for line in lines if line.goal.ended_at is None]
    return FormulationPage(
        formulation=versions[0] if versions else None,
        earlier=versions[1:],
        foci=[_shown(focus) for focus in foci if focus.ended_at is None],
        decisions=_decisions(foci),
        goals=standing,
        ended_goals=len(lines) - len(standing),
    )


def in_short(focus: Focus) -> str:
    """ "Conflict: with Tom (partner)"."""
    label = protocol.FOCUS_AREAS[focus.area].label
    return f"{label}: {focus.about}" if focus.about else label


def _shown(focus: Focus) -> FocusShown:
    return FocusShown(focus, _facts(focus), _stages(focus))


def _facts(focus: Focus) -> list[Fact]:
    day = in_words(focus.happened_on, focus.happened_to) if focus.happened_on else ""
    asked: dict[str, Sequence[tuple[str, str]]] = {
        "conflict": (
            ("With whom", _person(focus)),
            ("Stage", focus.get_stage_display()),
            ("The client expects", focus.own_expectations),
            ("The other expects", focus.their_expectations),
        ),
        "life_change": (
            ("The old role", focus.old_role),
            ("The new role", focus.new_role),
            ("Wanted", focus.get_wanted_display()),
            ("When", day),
        ),
        "grief": (
            ("Who died", _person(focus)),
            ("To the client", focus.relation),
            ("Date of death", day),
            ("Anniversaries", focus.anniversaries),
        ),
        "isolation": (("The pattern", focus.pattern),),
    }
    return [Fact(label, words) for label, words in asked[focus.area]]


def _person(focus: Focus) -> str:
    link = getattr(focus, "person", None)
    return f"{link.person.name} ({link.person.relationship})" if link else ""


def _stages(focus: Focus) -> list[str]:
    """ "Impasse → renegotiation on Mon 3 Aug 2026", the latest first, as the history of the row tells."""
    events = sorted(focus.events.all(), key=lambda event: (event.pgh_created_at, event.pgh_id))  # type: ignore[attr-defined]  # pghistory's relation
    found = []
    before = ""
    for event in events:
        if event.stage != before and before and event.stage:
            on = timezone.localdate(event.pgh_created_at)
            found.append(
                f"{Stage(before).label} → {str(Stage(event.stage).label).lower()} on {in_words(on, 'day')}"
            )
        before = event.stage
    return found[::-1]


def _decisions(foci: Sequence[Focus]) -> list[Decision]:
    """Each time the focus became another one, the latest first: rows that ended at one moment, and those that came after."""
    sets: dict[Any, list[Focus]] = {}
    for focus in foci:  # the ended ones in their order, those that stand last
        sets.setdefault(focus.ended_at, []).append(focus)
    in_order = sorted(sets.items(), key=lambda each: (each[0] is None, each[0] or datetime.min))
    found = []
    for (ended_at, before), (_, after) in pairwise(in_order):
        found.append(
            Decision(
                at=ended_at,
                before=_set_in_words(before),
                after=_set_in_words(after),
                reason=before[0].reason,
                by=after[0].agreed_by.full_name,
            )
        )
    return found[::-1]


def _set_in_words(foci: Sequence[Focus]) -> str:
    return "; ".join(in_short(focus) for focus in sorted(foci, key=lambda focus: focus.position))
