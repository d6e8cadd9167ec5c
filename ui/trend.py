"""A small trend of scores for a row of a list, drawn by the server."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def trend_html(
    points: Sequence[int | None],
    *,
    cut_off: int | None,
    top: int,
    label: str,
    width: int = 92,
    height: int = 38,
) -> SafeString:
    """A line through the totals in their order, evenly spaced; a missing one leaves its place empty. `top` is the highest
    total that the measure has, `cut_off` draws the dashed line. Read out: label, first and last."""
    scored = [(place, total) for place, total in enumerate(points) if total is not None]
    if not scored:
        return mark_safe('<span class="muted tiny">No scores yet</span>')
    step = (width - 8) / max(1, len(points) - 1)

    def x(place: int) -> float:
        return 4 + place * step if len(points) > 1 else width / 2

    def y(total: int) -> float:
        return round(height - 3 - total / top * (height - 6), 1)

    line = " ".join(f"{x(place):.1f},{y(total)}" for place, total in scored)
    last_place, last = scored[-1]
    first = scored[0][1]
    said = f"{label} {first} to {last}" if len(scored) > 1 else f"{label} {last}"
    dashes = f'<line x1="0" x2="{width}" y1="{y(cut_off)}" y2="{y(cut_off)}"/>' if cut_off is not None else ""
    return format_html(
        '<svg class="trend" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.8"/></svg>',
        width,
        height,
        width,
        height,
        said,
        mark_safe(dashes),  # noqa: S308  # numbers only
        line,
        f"{x(last_place):.1f}",
        y(last),
    )
