"""What pages say of a signal, from the numbers that it keeps. It names its rule and asks for a review; it never says that a
treatment should end."""

from dataclasses import dataclass

from outcomes.measures import BY_CODE
from outcomes.models import Considered, Response, Signal
from outcomes.signal_rules import BY_RULE, LATE_RESPONDERS, Rule
from outcomes.signals import expects_of

NAME = "Not on track"


@dataclass(frozen=True)
class Stated:
    """One signal, as its page has it. `compared` says with which courses, empty where the rule compares with none."""

    rule: Rule
    measure: str
    reason: str
    compared: str
    caution: str
    is_struck: bool
    considered: list[str]


def stated(signal: Signal) -> Stated:
    return Stated(
        rule=BY_RULE[signal.rule],
        measure=BY_CODE[signal.measure].name,
        reason=reason_of(signal),
        compared=_compared(signal),
        caution=LATE_RESPONDERS,
        is_struck=not Response.objects.standing().filter(pk=signal.response_id).exists(),
        considered=[Considered(choice).label for choice in signal.considered],
    )


def reason_of(signal: Signal) -> str:
    return reason(
        signal.measure,
        signal.rule,
        session_number=signal.session_number,
        baseline=signal.baseline,
        score=signal.score,
        limit=int(signal.limit) if signal.limit is not None else None,
    )


def reason(
    measure: str, rule: str, *, session_number: int, baseline: int, score: int, limit: int | None
) -> str:
    """Why, in one sentence: "PHQ-9 21 at session 9; nine in ten courses with this start had 17 or less"."""
    at = f"at session {session_number}" if session_number else "before the first session"
    scored = f"{BY_CODE[measure].name} {score} {at}"
    match rule:
        case "expected":
            return f"{scored}; nine in ten courses with this start had {limit} or less."
        case "worsening":
            return f"{scored}, {score - baseline} above the first score of {baseline}: more than the measure’s own error."
        case "weeks":
            return f"{scored}, {_against(baseline, score)}, four to six weeks on."
    return f"{scored}, {_against(baseline, score)}: no reliable improvement by mid-course."


def _against(baseline: int, score: int) -> str:
    if score == baseline:
        return f"the same as the first score of {baseline}"
    return f"{abs(baseline - score)} {'below' if score < baseline else 'above'} the first score of {baseline}"


def _compared(signal: Signal) -> str:
    bands = expects_of(signal.model_id, {signal.measure: signal.baseline})
    band = next((band for band in bands if band.session_number == signal.session_number), None)
    if band is None:
        return ""
    pooled = ", with neighbouring sessions or starts" if band.is_pooled else ""
    return (
        f"{band.courses} ended courses that began from {band.baseline_low} to {band.baseline_high}{pooled}:"
        f" eight in ten had {band.low:.0f} to {band.high:.0f} at session {band.session_number}."
    )
