"""The small line of a measure in lists, as SVG. The chart of a course is drawn elsewhere, with its table beside it."""

from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

MARGIN = 4.0


def trend_html(
    values: Sequence[int | None],
    *,
    cut_off: int | None,
    top: int,
    label: str,
    width: int = 92,
    height: int = 38,
) -> SafeString:
    """Scores in the order of their dates on a scale from 0 to `top`, with the caseness line at `cut_off`.

    None is a gap: it keeps its place and breaks the line. One score is a dot; none at all are words."""
    known = [value for value in values if value is not None]
    if not known:
        return mark_safe('<span class="muted tiny"><span aria-hidden="true">— </span>No scores yet</span>')
    first, last = known[0], known[-1]
    said = f"{label} {last}" if len(known) == 1 else f"{label} {first} to {last}"
    parts = []
    if cut_off is not None:
        y = _y(cut_off, top, height)
        parts.append(f'<line x1="0" x2="{width}" y1="{y}" y2="{y}"/>')
    points = list(_points(values, top, width, height))
    for run in _runs(points):
        if len(run) > 1:
            parts.append(f'<polyline points="{" ".join(f"{x},{y}" for x, y in run)}"/>')
        elif run[0] != points[-1]:
            parts.append(f'<circle cx="{run[0][0]}" cy="{run[0][1]}" r="1.6"/>')
    x, y = next(point for point in reversed(points) if point is not None)
    parts.append(f'<circle cx="{x}" cy="{y}" r="2.8"/>')
    return mark_safe(  # noqa: S308  # numbers, and an escaped label
        f'<svg class="trend" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _y(value: float, top: int, height: int) -> str:
    share = min(max(value / top, 0), 1)
    return f"{height - MARGIN - share * (height - 2 * MARGIN):.1f}"


def _points(
    values: Sequence[int | None], top: int, width: int, height: int
) -> Iterator[tuple[str, str] | None]:
    step = (width - 2 * MARGIN) / (len(values) - 1) if len(values) > 1 else 0.0
    for index, value in enumerate(values):
        x = MARGIN + index * step if len(values) > 1 else width / 2
        yield None if value is None else (f"{x:.1f}", _y(value, top, height))


def _runs(points: Sequence[tuple[str, str] | None]) -> Iterator[list[tuple[str, str]]]:
    """Stretches of points without a gap between them."""
    run: list[tuple[str, str]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
