"""What one questionnaire came to, in the words that every page uses for it. Nothing is asked of the database, and nothing is
worked out that is not in `outcomes.scoring`."""

from collections.abc import Sequence
from typing import Protocol

from outcomes import scoring
from outcomes.measures import BY_CODE

WITHOUT_WORK = "work does not apply"
TOTAL_ONLY = "total only, from paper"


class Answered(Protocol):
    """A response, or a row of a list that holds as much of one."""

    @property
    def measure(self) -> str: ...
    @property
    def answers(self) -> Sequence[int | None]: ...
    @property
    def total(self) -> int | None: ...
    @property
    def without_work(self) -> bool: ...
    @property
    def is_total_only(self) -> bool: ...


def out_of(measure: str, *, without_work: bool = False) -> int:
    """The highest total that such a form could have."""
    about = BY_CODE[measure]
    return about.highest_total - about.highest_answer * without_work


def band_of(response: Answered) -> str | None:
    """None without a total, without bands, and for a WSAS out of 32: its bands are of 40."""
    return None if response.without_work else scoring.band_of(response.measure, response.total)


def estimate_of(response: Answered) -> int | None:
    """The total that one missing answer leaves to be estimated, where the measure allows it; None for a complete form."""
    if response.total is not None or response.is_total_only:
        return None
    estimate = scoring.prorated(response.measure, list(response.answers))
    return estimate.total if estimate else None


def missing_from(response: Answered) -> int:
    """How many questions were left out, work that does not apply not counted."""
    asked = list(response.answers)[1 if response.without_work else 0 :]
    return 0 if response.is_total_only else asked.count(None)


def in_words(response: Answered) -> str:
    """ "14 of 27, moderate", with what is special about it: work that does not apply, a total alone, an estimate, no total."""
    highest = out_of(response.measure, without_work=response.without_work)
    if response.total is None:
        said = f"No total, {missing_from(response)} not answered"
        estimate = estimate_of(response)
        return said if estimate is None else f"{said}; estimated {estimate} of {highest}"
    parts = [f"{response.total} of {highest}", band_of(response)]
    parts += [WITHOUT_WORK if response.without_work else None, TOTAL_ONLY if response.is_total_only else None]
    return ", ".join(part for part in parts if part)
