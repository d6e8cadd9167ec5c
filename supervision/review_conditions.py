"""The conditions of the rules that the progress review alone shows and that the database is asked in its one question; those
that scores, reviews and unsigned work decide are worked out in `facts`."""

from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max

from courses.lifecycle import OPEN
from courses.models import Focus
from outcomes.signal_rules import EXPECTED, WEEKS
from record.words import plural, short_day
from sessions.missed import not_seen_in_a_row
from sessions.models import TherapySession
from supervision.conditions import UNDER_WAY, Rows, open_signals
from supervision.shape import Found, Scope

NAMES = ("course__client", "course__client__first_name", "course__client__last_name")
# Reliable worsening and mid-course have rules of their own here, which go by the scores as they stand.
RULES_OF_TRACK = (EXPECTED.code, WEEKS.code)
HOW_OFTEN = {1: "once", 2: "twice"}


def not_on_track(scope: Scope) -> Rows:
    """As `open_signals`, of the rules that no other flag speaks of."""
    signals, course, columns = open_signals(scope)
    return signals.filter(rule__in=RULES_OF_TRACK), course, columns


def not_seen(scope: Scope) -> Rows:
    """`subject` the last of the appointments, `at` when it was, `number` how many in a row."""
    past = TherapySession.objects.filter(
        course__in=scope.courses, course__status__in=OPEN, starts_at__lte=scope.now
    )
    return (
        not_seen_in_a_row(past).values("course", *NAMES, "codes", "last_missed", "missed", "last"),
        "course__",
        {"subject": F("last"), "at": F("last_missed"), "number": F("missed")},
    )


def why_not_seen(found: Found, now: datetime) -> str:
    return f"Not seen {found.number} times in a row: missed, too late or cancelled, the last on {short_day(found.at, now)}."


def short_not_seen(found: Found, now: datetime) -> str:
    return f"{found.number} in a row not seen"


def focus_changed(scope: Scope) -> Rows:
    """`subject` the focus that was agreed last, `at` the last change, `number` how many. What was agreed together ended
    together: one moment is one change."""
    foci = (
        Focus.objects.filter(course__in=scope.courses, course__status__in=UNDER_WAY)
        .order_by()
        .values("course", *NAMES)
        .annotate(
            changes=Count("ended_at", distinct=True),
            last=Max("ended_at"),
            keys=ArrayAgg("pk", order_by=(F("ended_at").desc(nulls_first=True), "position")),
        )
        .annotate(newest=F("keys__0"))
        .filter(changes__gte=scope.clinic.flag_focus_changes)
    )
    return foci, "course__", {"subject": F("newest"), "at": F("last"), "number": F("changes")}


def why_focus_changed(found: Found, now: datetime) -> str:
    return f"The focus was changed {_often(found)}, the last time on {short_day(found.at, now)}."


def short_focus_changed(found: Found, now: datetime) -> str:
    return f"Focus changed {_often(found)}"


def _often(found: Found) -> str:
    return HOW_OFTEN.get(found.number or 0, f"{found.number} times")


def past_planned(scope: Scope) -> Rows:
    """`subject` the course, `at` the last attended session, `number` how many were attended, `value` how many were planned.
    Numbers have no gaps: the highest is how many were attended."""
    held = (
        TherapySession.objects.numbered()
        .filter(course__in=scope.courses, course__status__in=UNDER_WAY)
        .order_by()
        .values("course", *NAMES, "course__planned_sessions")
        .annotate(attended=Max("number"), last_at=Max("starts_at"))
        .filter(attended__gt=F("course__planned_sessions"))
    )
    return (
        held,
        "course__",
        {
            "subject": F("course"),
            "at": F("last_at"),
            "number": F("attended"),
            "value": F("course__planned_sessions"),
        },
    )


def why_past_planned(found: Found, now: datetime) -> str:
    return f"{plural(found.number or 0, 'session')} attended, {found.value} planned: agree more, or end."


def short_alert(found: Found, now: datetime) -> str:
    kind = (found.word or "").split(" ")[0]
    return f"Item {found.number} scored {found.value}" if kind == "answer" else "Risk alert"


def short_measure(found: Found, now: datetime) -> str:
    return f"No {found.word}"


def short_not_booked(found: Found, now: datetime) -> str:
    return f"Nothing booked in {plural(found.value or 0, 'day')}"


def short_ending(found: Found, now: datetime) -> str:
    return "No ending plan"


def short_focus(found: Found, now: datetime) -> str:
    return "No focus agreed"
