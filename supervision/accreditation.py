"""What a therapist's supervised practice comes to, held against the clinic's rule for IPT accreditation. Pure: times come in as
the clinic's own, no database, no framework.

The rule's numbers are settings of the clinic. They begin with those of training: four supervised cases (Anna Freud, level B);
two focus areas, twelve sessions supervised and four hours of each case, three recordings rated (the older IPT criteria)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

INDIVIDUAL, GROUP = "individual", "group"


@dataclass(frozen=True)
class Rule:
    """How many cases, among how many focus areas; of each case how many sessions supervised, hours and recordings rated; within
    how many days after a session its discussion counts."""

    cases: int = 4
    focus_areas: int = 2
    sessions: int = 12
    hours: int = 4
    recordings: int = 3
    within_days: int = 14


@dataclass(frozen=True)
class Attended:
    """A supervision meeting at which the therapist was. `supervisor` by name."""

    held_at: datetime
    minutes: int
    kind: str
    supervisor: str = ""


@dataclass(frozen=True)
class Discussed:
    """A case was discussed: when, in a meeting of how many minutes, among how many cases."""

    held_at: datetime
    minutes: int
    cases: int


@dataclass(frozen=True)
class Facts:
    """What is known of one case, in numbers and times. `recordings` counts the recorded sessions that were rated."""

    number: int
    areas: tuple[str, ...] = ()
    sessions: tuple[datetime, ...] = ()
    discussed: tuple[Discussed, ...] = ()
    recordings: int = 0


@dataclass(frozen=True)
class CaseStanding:
    """One case against the rule. `minutes` is its share of the meetings, exact; `missing` says in words what it still needs."""

    number: int
    areas: tuple[str, ...]
    attended: int
    supervised: int
    minutes: Fraction
    recordings: int
    missing: tuple[str, ...]

    @property
    def counts(self) -> bool:
        return not self.missing

    @property
    def name(self) -> str:
        """For who may not see whose case it is."""
        return f"Case {self.number}"


@dataclass(frozen=True)
class Criterion:
    """One line of the rule: what it asks, what there is, and in words what is missing; empty words once it is reached."""

    asks: str
    there_is: str
    missing: str = ""

    @property
    def is_reached(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Standing:
    """Everything together. Minutes of meetings are whole; `first` and `last` are the days between which they lie."""

    cases: tuple[CaseStanding, ...]
    criteria: tuple[Criterion, ...]
    individual: int
    group: int
    meetings: int
    supervisors: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    counting: tuple[int, ...] = field(default=())

    @property
    def minutes(self) -> int:
        return self.individual + self.group

    @property
    def is_of_one_day(self) -> bool:
        return self.first is not None and self.last is not None and self.first.date() == self.last.date()

    @property
    def is_reached(self) -> bool:
        return all(criterion.is_reached for criterion in self.criteria)


def supervised_sessions(
    sessions: Iterable[datetime], discussed: Iterable[Discussed], *, within_days: int
) -> int:
    """How many of the sessions were discussed after they were held, at most so many days later."""
    held = [each.held_at for each in discussed]
    latest = timedelta(days=within_days)
    return sum(
        any(at >= session and at.date() - session.date() <= latest for at in held) for session in sessions
    )


def share_of(discussed: Iterable[Discussed]) -> Fraction:
    """The case's minutes: those of each meeting, divided equally among the cases that were discussed in it."""
    return sum((Fraction(each.minutes, max(each.cases, 1)) for each in discussed), Fraction(0))


def case_standing(rule: Rule, facts: Facts) -> CaseStanding:
    supervised = supervised_sessions(facts.sessions, facts.discussed, within_days=rule.within_days)
    minutes = share_of(facts.discussed)
    missing = []
    if supervised < rule.sessions:
        missing.append(counted(rule.sessions - supervised, "session"))
    if minutes < rule.hours * 60:
        missing.append(duration(rule.hours * 60 - minutes, up=True))
    if facts.recordings < rule.recordings:
        missing.append(counted(rule.recordings - facts.recordings, "recording"))
    return CaseStanding(
        number=facts.number,
        areas=facts.areas,
        attended=len(facts.sessions),
        supervised=supervised,
        minutes=minutes,
        recordings=facts.recordings,
        missing=tuple(missing),
    )


def standing(
    rule: Rule, facts: Sequence[Facts], meetings: Sequence[Attended], *, labels: dict[str, str] | None = None
) -> Standing:
    """All cases and meetings of a therapist against the rule. `labels` names the focus areas."""
    cases = tuple(case_standing(rule, each) for each in facts)
    held = sorted(meeting.held_at for meeting in meetings)
    return Standing(
        cases=cases,
        criteria=tuple(_criteria(rule, cases, labels or {})),
        individual=sum(meeting.minutes for meeting in meetings if meeting.kind == INDIVIDUAL),
        group=sum(meeting.minutes for meeting in meetings if meeting.kind == GROUP),
        meetings=len(meetings),
        supervisors=tuple(dict.fromkeys(meeting.supervisor for meeting in meetings if meeting.supervisor)),
        first=held[0] if held else None,
        last=held[-1] if held else None,
        counting=tuple(case.number for case in cases if case.counts),
    )


def _criteria(rule: Rule, cases: Sequence[CaseStanding], labels: dict[str, str]) -> Iterable[Criterion]:
    counting = [case for case in cases if case.counts]
    yield _of_cases(
        f"{counted(rule.cases, 'supervised case')} of which each has all that follows", len(counting), rule
    )
    areas = list(dict.fromkeys(labels.get(area, area) for case in counting for area in case.areas))
    few = rule.focus_areas - len(areas)
    yield Criterion(
        f"{counted(rule.focus_areas, 'focus area')} among these cases",
        ", ".join(areas) or "none yet",
        counted(few, "more focus area") if few > 0 else "",
    )
    yield _of_cases(
        f"{counted(rule.sessions, 'session')} supervised of each case",
        sum(case.supervised >= rule.sessions for case in cases),
        rule,
    )
    yield _of_cases(
        f"{counted(rule.hours, 'hour')} of supervision of each case",
        sum(case.minutes >= rule.hours * 60 for case in cases),
        rule,
    )
    yield _of_cases(
        f"{counted(rule.recordings, 'recording')} rated of each case",
        sum(case.recordings >= rule.recordings for case in cases),
        rule,
    )


def _of_cases(asks: str, reached: int, rule: Rule) -> Criterion:
    few = rule.cases - reached
    there_is = counted(reached, "case") if reached else "no case yet"
    return Criterion(asks, there_is, counted(few, "more case") if few > 0 else "")


# --- Words ------------------------------------------------------------------------------------------------------------


def counted(number: int, thing: str) -> str:
    """ "1 session", "2 sessions"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def duration(minutes: Fraction | int, *, up: bool = False) -> str:
    """ "3 h 20 min", "4 h", "45 min". Part of a minute is left out; `up` counts it as one, so that what is missing is never
    said to be nothing."""
    whole = int(-(-minutes // 1)) if up else int(minutes // 1)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
