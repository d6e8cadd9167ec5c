"""What the course page and the page of goals state about them: the client's words, how near each was, and how near it is."""

from collections.abc import Iterable
from dataclasses import dataclass

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
        """ "2 → 5 of 10"; one rating alone is "2 of 10"."""
        if not self.ratings:
            return "Not rated yet"
        first, last = self.ratings[0].value, self.ratings[-1].value
        return f"{last} of 10" if len(self.ratings) == 1 else f"{first} → {last} of 10"


def goals_of(course: Course, user: User) -> list[GoalLine]:
    """All goals of the course, those that stand first: two questions, however many there are."""
    goals = list(Goal.objects.visible_to(user).filter(course=course))
    ratings = GoalRating.objects.visible_to(user).filter(course=course).select_related("entered_by")
    by_goal = _one_a_day(ratings) if goals else {}
    lines = [GoalLine(goal, by_goal.get(goal.pk, [])) for goal in goals]
    return sorted(
        lines, key=lambda line: (line.goal.ended_at is not None, line.goal.position, line.goal.agreed_on)
    )


def standing_goals(course: Course, user: User) -> list[GoalLine]:
    """For the course page: those that the client works on now."""
    return [line for line in goals_of(course, user) if line.goal.ended_at is None]


def _one_a_day(ratings: Iterable[GoalRating]) -> dict[object, list[GoalRating]]:
    """Of one day the last stands."""
    found: dict[object, dict[object, GoalRating]] = {}
    for rating in sorted(ratings, key=lambda rating: (rating.rated_on, rating.entered_at)):
        found.setdefault(rating.goal_id, {})[rating.rated_on] = rating
    return {goal: list(days.values()) for goal, days in found.items()}
