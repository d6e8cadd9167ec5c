"""What the course page and the page of goals state about them: the client's words, how near each was, and how near it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from courses.models import Course, Goal
from outcomes.models import GoalRating
from staff.models import User


@dataclass(frozen=True)
class GoalLine:
    """One goal with its ratings, one of each day, the oldest first."""

    goal: Goal
    ratings: list[GoalRating]

    @property
    def values(self) -> list[int]:
        return [rating.value for rating in self.ratings]

    @property
    def change(self) -> str:
        return change_in_words(self.values)


def goals_of(course: Course, user: User) -> list[GoalLine]:
    """All goals of the course, those that stand first: two questions, however many there are."""
    goals = list(Goal.objects.visible_to(user).filter(course=course))
    ratings = GoalRating.objects.visible_to(user).filter(course=course).select_related("entered_by")
    by_goal = _one_a_day(ratings) if goals else {}
    lines = [GoalLine(goal, by_goal.get(goal.pk, [])) for goal in goals]
    return sorted(
        lines, key=lambda line: (line.goal.ended_at is not None, line.goal.position, line.goal.agreed_on)
    )


@dataclass(frozen=True)
class InShort:
    """A goal that stands, on the course page."""

    text: str
    change: str


def in_short(user: User) -> ArraySubquery:
    """What `lines_in_short` reads, to be annotated on courses as `goals_in_short`: it costs no question of its own."""
    ratings = GoalRating.objects.visible_to(user).filter(goal=OuterRef("pk"))
    of_each_day = ratings.order_by("rated_on", "-entered_at").distinct("rated_on").values("value")
    goals = Goal.objects.visible_to(user).filter(course=OuterRef("pk")).current().order_by("position")
    return ArraySubquery(goals.values(json=JSONObject(text="text", values=ArraySubquery(of_each_day))))


def lines_in_short(course: Any) -> list[InShort]:
    return [InShort(row["text"], change_in_words(row["values"])) for row in course.goals_in_short]


def change_in_words(values: Sequence[int]) -> str:
    """ "2 → 5 of 10", the oldest rating first; one alone is "2 of 10"."""
    if not values:
        return "Not rated yet"
    return f"{values[0]} of 10" if len(values) == 1 else f"{values[0]} → {values[-1]} of 10"


def _one_a_day(ratings: Iterable[GoalRating]) -> dict[object, list[GoalRating]]:
    """Of one day the last stands."""
    found: dict[object, dict[object, GoalRating]] = {}
    for rating in sorted(ratings, key=lambda rating: (rating.rated_on, rating.entered_at)):
        found.setdefault(rating.goal_id, {})[rating.rated_on] = rating
    return {goal: list(days.values()) for goal, days in found.items()}
