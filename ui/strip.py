"""The course strip, the product's signature: one mark for each planned session, grouped by phase."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Strip = Sequence[tuple[str, Sequence[str]]]

# Only these words reach the page unescaped.
_PHASES = {"initial": "initial", "middle": "middle", "end": "end"}
_MARKS = {
    "on": '<i class="on"></i>',
    "missed": '<i class="missed"></i>',
    "next": '<i class="next"></i>',
    "": "<i></i>",
}


def strip_html(strip: Strip, *, size: str = "") -> SafeString:
    """`strip` is [(phase, [mark, …]), …] with marks "on" (attended), "missed", "next" and "" (planned).

    Read out it says how many sessions were attended of how many, and how many were missed."""
    marks = [mark for _, group in strip for mark in group]
    attended, missed = marks.count("on"), marks.count("missed")
    groups = "".join(
        f'<span class="ph {_PHASES[phase]}">{"".join(_MARKS[mark] for mark in group)}</span>'
        for phase, group in strip
    )
    return format_html(
        '<span class="strip{}" role="img" aria-label="{} of {} sessions attended, {} missed">{}</span>',
        " lg" if size == "lg" else "",
        attended,
        len(marks) - missed,
        missed,
        mark_safe(groups),  # noqa: S308  # put together from the words above
    )
