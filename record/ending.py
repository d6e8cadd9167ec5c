"""What the page of an ending states: how many sessions are left, the symptoms first and last, the goals first and last, and
what there is to do if it did not help. Questions only; what scores mean is in outcomes.scoring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from access import policy
from courses.ending import Countdown, countdown
from courses.lifecycle import Status
from courses.models import Contract, Course, EndingPlan
from interpersonal.in_short import ThenAndNow, then_and_now
from outcomes import goals, scoring
from outcomes.measures import BY_CODE
from outcomes.models import Response
from record.acts import Act, ending
from record.addresses import address
from record.progress import DRAWN, last_treatment_day
from sessions.models import TherapySession
from staff.models import User


@dataclass(frozen=True)
class Symptom:
    """One measure, first and last by the rule of every list: the last one is of treatment, whatever came after it."""

    name: str
    first: str
    first_on: date
    last: str
    last_on: date | None
    change: str


@dataclass(frozen=True)
class Review:
    """Everything the page states beside the plan. `has_not_helped` says that there are two scores and no reliable improvement
    and no recovery between them."""

    count: Countdown
    symptoms: list[Symptom]
    outcome: str
    has_not_helped: bool
    goals: list[goals.GoalLine]
    circles: ThenAndNow | None
    ways: list[Act]
    end: str


@dataclass(frozen=True)
class _Form:
    day: date
    total: int
    without_work: bool


def review_of(course: Course, user: User) -> Review:
    """Nine questions at most, whatever the number of sessions and people."""
    sessions = list(TherapySession.objects.visible_to(user).filter(course=course).numbered())
    contract = Contract.objects.visible_to(user).filter(course=course).order_by("-number").first()
    taken = _taken(course, user)
    until = last_treatment_day(sessions)
    first, last = scoring.first_and_last_of(
        {code: [(form.day, form.total) for form in taken.get(code, [])] for code in DRAWN}, until
    )
    outcome = scoring.outcome(first, last)
    has_pair = any(first[code] is not None and last[code] is not None for code in DRAWN)
    return Review(
        count=countdown(
            course,
            attended=len(sessions),
            agreed=contract.planned_sessions if contract else None,
            ends_on=contract.ends_on if contract else None,
        ),
        symptoms=[line for code in BY_CODE if (line := _symptom(code, taken.get(code, []), until))],
        outcome=scoring.course_in_words(first, last) if has_pair else "",
        has_not_helped=has_pair and outcome.change != "improved" and not outcome.recovered,
        goals=goals.goals_of(course, user),
        circles=then_and_now(course, user),
        ways=_ways(course, user),
        end=ending(course, user),
    )


def _taken(course: Course, user: User) -> dict[str, list[_Form]]:
    """Complete forms by measure, in the order of their days."""
    rows = Response.objects.visible_to(user).standing().filter(course=course).exclude(total=None)
    taken: dict[str, list[_Form]] = {}
    for code, total, at, without_work in rows.order_by("taken_at", "entered_at").values_list(
        "measure", "total", "taken_at", "without_work"
    ):
        taken.setdefault(code, []).append(_Form(timezone.localdate(at), total, without_work))
    return taken


def _symptom(code: str, forms: Sequence[_Form], until: date | None) -> Symptom | None:
    """A total out of 32 is never set beside one out of 40: only forms like the first one count."""
    if not forms:
        return None
    first, measure = forms[0], BY_CODE[code]
    alike = [form for form in forms[1:] if form.without_work == first.without_work]
    last = next((form for form in reversed(alike) if until and form.day <= until), None)
    return Symptom(
        name=measure.name,
        first=_said(code, first),
        first_on=first.day,
        last=_said(code, last) if last else "",
        last_on=last.day if last else None,
        change=scoring.difference_in_words(code, first.total, last.total) if last else "",
    )


def _said(code: str, form: _Form) -> str:
    measure = BY_CODE[code]
    if form.without_work:
        return f"{form.total} of {measure.highest_total - measure.highest_answer}"
    band = scoring.band_of(code, form.total)
    return f"{form.total}, {band}" if band else str(form.total)


def _is_under_way(course: Course) -> bool:
    return course.status in (Status.IN_TREATMENT, Status.PAUSED)


def _ways(course: Course, user: User) -> list[Act]:
    """Where the work of ending goes on: pages that exist, and acts that this person may do."""
    letter = address("sessions:letter_new", course.pk)
    more = address("courses:contract", course.pk) or address("courses:programme", course.pk)
    ways = [
        Act("Circles then and now", address("interpersonal:people", course.pk)),
        Act(
            "Write an ending letter",
            f"{letter}?about=ending" if letter and policy.may_write_contact(user, course) else "",
        ),
        Act(
            "Agree more sessions",
            more if _is_under_way(course) and policy.may_edit_programme(user, course) else "",
        ),
    ]
    return [way for way in ways if way.href]


# --- Versions ---------------------------------------------------------------------------------------------------------


def versions_of(course: Course, user: User) -> list[EndingPlan]:
    """The newest first."""
    rows = EndingPlan.objects.visible_to(user).filter(course=course).select_related("written_by")
    return list(rows.order_by("-number"))
