"""The contract: what client and therapist agree about the sessions. The first row is the contract, each one after it a
re-contract that says why. It carries the programme with it: other numbers of sessions are one change, written down in both."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from access.words import tidied
from audit.models import Action
from audit.trail import record
from courses.actions import change_programme
from courses.ending_date import next_after, propose_end
from courses.holding import hold_open_course
from courses.models import Contract, Course
from staff.models import Clinic, Holiday, User

WITH_THE_CONTRACT = "Agreed in the contract."
FIELDS = ("minutes", "frequency", "weekday", "at", "ends_on", "missed_rule", "recording")


def standing_contract(course: Course) -> Contract | None:
    """The contract that stands, None before the first."""
    return Contract.objects.filter(course=course).order_by("-number").select_related("agreed_by").first()


def what_contract_says(course: Course, contract: Contract | None) -> dict[str, Any]:
    """The contract and the programme that it carries, by name of the form's fields."""
    initial, middle, end = course.split or (None, None, None)
    says: dict[str, Any] = {
        "initial_sessions": initial,
        "middle_sessions": middle,
        "end_sessions": end,
        "planned": None if course.split else course.planned_sessions,
    }
    for name in FIELDS:
        says[name] = getattr(contract, name) if contract else None
    return says


def missed_rule_of_the_clinic() -> str:
    """What the clinic proposes about missed sessions."""
    return (Clinic.objects.first() or Clinic()).missed_rule


def proposed_end(course: Course, *, planned: int, frequency: str, weekday: int | None) -> date | None:
    """When a contract of so many sessions would end: counted on from the last session that was attended, or from the first that
    is booked, or from today."""
    attended = list(course.sessions.numbered().order_by("starts_at").values_list("starts_at", flat=True))
    first = course.sessions.filter(starts_at__gte=timezone.now(), attendance=None, entered_in_error_at=None)
    booked = first.order_by("starts_at").values_list("starts_at", flat=True).first()
    closed = set(Holiday.objects.values_list("day", flat=True))
    if attended:
        after = next_after(timezone.localdate(attended[-1]), frequency, weekday=weekday)
        return propose_end(after, planned - len(attended), frequency, weekday=weekday, closed=closed)
    start = timezone.localdate(booked) if booked else timezone.localdate()
    return propose_end(start, planned, frequency, weekday=weekday, closed=closed)


def agree_contract(
    *,
    course: Course,
    split: Sequence[int] | None,
    planned: int | None = None,
    agreed_on: date,
    by: User,
    minutes: int = 50,
    frequency: str = "weekly",
    weekday: int | None = None,
    at: time | None = None,
    ends_on: date | None = None,
    missed_rule: str = "",
    recording: str = "not_asked",
    reason: str = "",
    seen: Seen | None = None,
) -> Contract:
    """The contract, or the next one, which says why. Other sessions than the programme plans change the programme in the same
    act. Raises `Stale` where somebody else agreed another one meanwhile; ValidationError where nothing changes."""
    with refused():
        fresh = hold_open_course(course.pk)
        before = standing_contract(fresh)
        if seen is not None:
            refuse_stale(None, seen, what_contract_says(fresh, before))
        chosen = list(split) if split is not None and fresh.split else None
        sessions = sum(chosen) if chosen else (planned or fresh.planned_sessions)
        values = {
            "planned_sessions": sessions,
            "minutes": minutes,
            "frequency": frequency,
            "weekday": weekday,
            "at": at,
            "ends_on": ends_on,
            "missed_rule": tidied(missed_rule),
            "recording": recording,
        }
        words = " ".join(reason.split())
        is_other_plan = (chosen or fresh.split, sessions) != (fresh.split, fresh.planned_sessions)
        _check(fresh, before, values, agreed_on=agreed_on, reason=words, is_other_plan=is_other_plan)
        contract = Contract(
            course=fresh,
            number=before.number + 1 if before else 1,
            agreed_on=agreed_on,
            agreed_by=by,
            reason=words if before else "",
            **values,
        )
        contract.clean_fields(exclude=["course", "agreed_by"])
        contract.save(force_insert=True)
        record(
            Action.CHANGE,
            _what(before, contract),
            by=by,
            about=contract,
            client_id=fresh.client_id,
            reason=words,
        )
        if is_other_plan:
            # The contract stands already: the programme follows it, and not it the programme.
            change_programme(
                course=fresh,
                programme=fresh.programme,
                split=chosen,
                planned=sessions,
                by=by,
                reason=words or WITH_THE_CONTRACT,
            )
    return contract


def _what(before: Contract | None, contract: Contract) -> str:
    if before is None:
        return "Agreed the contract"
    more = contract.planned_sessions - before.planned_sessions
    if not more:
        return "Changed the contract"
    return "Extended the contract" if more > 0 else "Shortened the contract"


def _check(
    course: Course,
    before: Contract | None,
    values: dict[str, Any],
    *,
    agreed_on: date,
    reason: str,
    is_other_plan: bool,
) -> None:
    if agreed_on > timezone.localdate():
        raise ValidationError({"agreed_on": "This day lies ahead. Choose today or an earlier day."})
    if agreed_on < course.referred_on:
        raise ValidationError({"agreed_on": "The referral came later. Check the day."})
    if values["ends_on"] and values["ends_on"] < agreed_on:
        raise ValidationError({"ends_on": "The ending cannot come before the day of the contract."})
    if not before:
        return
    if not is_other_plan and all(getattr(before, name) == value for name, value in values.items()):
        raise ValidationError("Nothing has changed: this is the contract as it stands.")
    if not reason:
        raise ValidationError({"reason": "Say why the contract changes."})
