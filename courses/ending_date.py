"""On which day a contract would end: counted from its first session in the rhythm that was agreed, without the days on which
the clinic is closed. Pure: no clock and no database."""

from collections.abc import Collection
from datetime import date, timedelta

# Days from one session to the next; twice a week three and four in turn.
STEPS = {"weekly": (7,), "twice_weekly": (3, 4), "fortnightly": (14,), "monthly": (28,)}
LONGEST = 3660  # days: a plan that goes on for longer has no end in sight


def next_after(last: date, frequency: str, *, weekday: int | None = None) -> date:
    """On which day the session after one on `last` comes: a step later, or on the agreed weekday nearest to that."""
    step = STEPS.get(frequency, (7,))[0]
    if weekday is None:
        return last + timedelta(days=step)
    soonest = last + timedelta(days=max(step - 6, 1))
    return soonest + timedelta(days=(weekday - soonest.weekday()) % 7)


def propose_end(
    first: date, sessions: int, frequency: str, *, weekday: int | None = None, closed: Collection[date] = ()
) -> date | None:
    """The day of the last of so many sessions, the first of them on `first` or on the next `weekday` after it. A session that
    would fall on a day in `closed` is held a step later. None where the rhythm varies, or where there is none to hold."""
    steps = STEPS.get(frequency)
    if steps is None or sessions < 1:
        return None
    day = first
    if weekday is not None:
        day += timedelta(days=(weekday - day.weekday()) % 7)
    held = taken = 0
    while (day - first).days <= LONGEST:
        held += day not in closed
        if held == sessions:
            return day
        day += timedelta(days=steps[taken % len(steps)])
        taken += 1
    return None
