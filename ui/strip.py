"""The course strip, the product's signature, as HTML: one mark for each planned session, grouped by phase.

Which marks a course has is worked out by `courses.strip`; here they are only drawn, without the template language,
because a list draws forty of them.
"""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Strip = Sequence[tuple[str, Sequence[str]]]

ATTENDED, MISSED, NEXT, PLANNED = "on", "missed", "next", ""
_MARKS = {
    ATTENDED: '<i class="on"></i>',
    MISSED: '<i class="missed"></i>',
    NEXT: '<i class="next"></i>',
    PLANNED: "<i></i>",
}


def strip_html(
    marks: Strip,
    *,
    planned: int | None = None,
    size: str = "",
    ended: bool = False,
) -> SafeString:
    """`marks` are phases in order, each with its states: "on", "missed", "next" or "" (planned).

    A missed session uses up no planned one, so the plan is every other mark; give `planned` where sessions went beyond it.
    `size` is "lg" or empty. An ended course rings no next session."""
    states = [state for _, group in marks for state in group]
    if not states:
        return mark_safe('<span class="muted tiny">No sessions yet</span>')
    attended, missed = states.count(ATTENDED), states.count(MISSED)
    plan = len(states) - missed if planned is None else planned
    if attended > plan:
        label = f"{attended} sessions attended, {plan} were planned, {missed} missed"
    else:
        label = f"{attended} of {plan} sessions attended, {missed} missed"
    drawn = {**_MARKS, NEXT: _MARKS[PLANNED]} if ended else _MARKS
    phases = "".join(
        f'<span class="ph {escape(phase)}">{"".join(drawn[state] for state in group)}</span>'
        for phase, group in marks
        if group
    )
    css = f"strip {escape(size)}".strip()
    return mark_safe(  # noqa: S308  # put together from numbers, the marks above and escaped phases
        f'<span class="{css}" role="img" aria-label="{label}">{phases}</span>'
    )
