"""The versions of a draft as its writer looks at them: by day, each with a short measure of what changed, and one of them in
full beside what the draft says now. Questions only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from sessions.forms import DraftForm
from sessions.models import DraftVersion
from sessions.parts import Difference, Kind, Part, Parts, Side, parts_of_page


@dataclass(frozen=True)
class Row:
    """One version in the list. `measure` says in a few words what is new in it."""

    version: DraftVersion
    measure: str


def by_day(form: DraftForm, versions: Sequence[DraftVersion], shown: int) -> list[tuple[date, list[Row]]]:
    """The first `shown` versions, newest first, under their days. Those beyond are there to be compared with."""
    parts = parts_of_page(form)
    rows = []
    for at, version in enumerate(versions[:shown]):
        before = next((other for other in versions[at + 1 :] if not other.was_refused), None)
        rows.append(Row(version, measure(parts, version.parts, before.parts if before else None)))
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: _day(row.version.saved_at))]


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def measure(parts: Sequence[Part], now: Parts, before: Parts | None) -> str:
    """The text that changed most, in words: "Work done: 212 words, +14"; else which other parts changed."""
    texts = [part for part in parts if part.kind is Kind.TEXT]
    counts = {part: (_count(part, now), _count(part, before or {})) for part in texts}
    changed = [part for part in texts if part.value(now) != part.value(before or {})]
    if changed:
        most = max(changed, key=lambda part: (abs(counts[part][0] - counts[part][1]), counts[part][0]))
        count, was = counts[most]
        more = "" if before is None else _more(count - was)
        return f"{most.label}: {count:,} {'word' if count == 1 else 'words'}{more}"
    others = [part.label for part in parts if part.value(now) != part.value(before or {})]
    if before is not None and others:
        return f"{', '.join(others[:2])} changed" + (" and more" if len(others) > 2 else "")
    return "Nothing written yet" if before is None else "The same as before"


def _count(part: Part, parts: Parts) -> int:
    return len(part.value(parts).split())


def _more(difference: int) -> str:
    if difference == 0:
        return ", changed"
    return f", {'+' if difference > 0 else '−'}{abs(difference):,}"


@dataclass(frozen=True)
class Opened:
    """One part of a version in full, marked where it differs from what the draft says now."""

    part: Part
    side: Side
    differs: bool


def opened(form: DraftForm, version: Parts, now: Parts) -> list[Opened]:
    """What was written or is written now, in the order of the page."""
    found = []
    for part in parts_of_page(form):
        then, today = part.value(version), part.value(now)
        if not part.is_blank(then) or not part.is_blank(today):
            found.append(Opened(part, Difference(part, then, today).whole, then != today))
    return found
