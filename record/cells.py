"""Cells that tables of several rooms draw alike."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from outcomes.measures import BY_CODE
from record.rows import Change
from ui.tags import tag_html
from ui.trend import trend_html

_PHQ9 = BY_CODE["phq9"]
_NO_SCORE = mark_safe('<span class="muted tiny">No score yet</span>')


def change_cell(change: Change | None) -> SafeString:
    """The PHQ-9 as a line, first and last score, and what the change means."""
    if change is None or not (change.totals or change.beside):
        return _NO_SCORE
    first = "" if change.first is None else f"{change.first}"
    score = first if change.last is None else f"{first} → {change.last}"
    beside = format_html('<div class="tiny muted num">{}</div>', change.beside) if change.beside else ""
    return format_html(
        '<div class="trend-row">{}<div><b class="num">{}</b><div>{}</div>{}</div></div>',
        trend_html(
            change.totals, cut_off=_PHQ9.cut_off, top=_PHQ9.highest_total, label=f"{_PHQ9.name} {score}"
        ),
        score,
        tag_html(change.tone, change.words),
        beside,
    )


def joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
