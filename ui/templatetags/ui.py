"""Components for templates: `{% load ui %}`.

{% course_strip strip size="lg" %}           the strip; `strip` as in ui/strip.py
{% trend points cut_off=10 top=27 label="PHQ-9" %}
{% client_banner banner %}                   `banner` has the fields of clients.banner.Banner
{% tag "Conflict" %}  {% tag "Risk" "risk" %} kinds: risk warn good initial middle end
{% panel "Title" "aside" %} … {% endpanel %}
{% empty "Nothing booked today." "Book an appointment to begin." %}
{% error_summary form %}                     first on the page, each error linked to its field
{{ moment|day }}  Mon 23 Nov 2026   {{ moment|short_day }}  23 Nov   {{ moment|clock }}  10:52
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui.strip import Strip, strip_html
from ui.trend import trend_html

register = template.Library()

_KINDS = {"", "risk", "warn", "good", "initial", "middle", "end", "focus"}


@register.filter
def day(moment: date | datetime | None) -> str:
    """Mon 23 Nov 2026, in the clinic's time zone."""
    return f"{_local(moment):%a} {_local(moment).day} {_local(moment):%b %Y}" if moment else ""


@register.filter
def short_day(moment: date | datetime | None) -> str:
    """23 Nov; with the year when it is another."""
    if not moment:
        return ""
    local = _local(moment)
    year = "" if local.year == timezone.localdate().year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


@register.filter
def clock(moment: datetime | None) -> str:
    """10:52, in the clinic's time zone."""
    return f"{_local(moment):%H:%M}" if moment else ""


def _local(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


@register.simple_tag
def course_strip(strip: Strip, size: str = "") -> SafeString:
    return strip_html(strip, size=size)


@register.simple_tag
def trend(
    points: Sequence[int | None],
    cut_off: int | None = None,
    top: int = 27,
    label: str = "PHQ-9",
    width: int = 92,
    height: int = 38,
) -> SafeString:
    return trend_html(points, cut_off=cut_off, top=top, label=label, width=width, height=height)


@register.simple_tag
def tag(words: str, kind: str = "") -> SafeString:
    if kind not in _KINDS:
        raise ValueError(f"no tag of kind {kind!r}")
    return format_html('<span class="tag {}">{}</span>', kind, words)


@register.simple_tag
def empty(what: str, how: str = "") -> SafeString:
    """What will appear here, and how to begin."""
    return format_html('<div class="empty"><b>{}</b>{}</div>', what, how)


@register.simple_block_tag
def panel(content: str, title: str, aside: str = "") -> SafeString:
    return format_html(
        '<section class="panel"><header><h2>{}</h2><span class="muted tiny num">{}</span></header>{}</section>',
        title,
        aside,
        content,
    )


@register.inclusion_tag("ui/client_banner.html")
def client_banner(banner: Any) -> dict[str, Any]:
    return {"banner": banner}


@register.simple_tag
def error_summary(form: BaseForm | None) -> SafeString | str:
    """Every refusal of a form at once, each linked to its field. Takes the focus when the page opens (clinic.js)."""
    if form is None or not form.errors:
        return ""
    rows = []
    for name, errors in form.errors.items():
        target = form[name].id_for_label or f"id_{name}" if name in form.fields else ""
        rows += [(target, str(error)) for error in errors]
    return format_html(
        '<div class="error-summary" role="alert" tabindex="-1" data-error-summary>'
        "<h2>There is something to put right</h2><ul>{}</ul></div>",
        format_html_join(
            "",
            "<li>{}</li>",
            (
                (format_html('<a href="#{}">{}</a>', target, words) if target else words,)
                for target, words in rows
            ),
        ),
    )
