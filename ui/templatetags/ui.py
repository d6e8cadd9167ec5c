"""The look's components for templates. Nothing here knows a client, a course or a rule.

How to build a page:

    {% extends "base.html" %}
    {% load ui crispy_forms_tags %}
    {% block title %}Rooms{% endblock %}
    {% block content %}
      {% client_banner banner %}                                on every page about a client
      {% error_summary form %}                                  first of all on a page with a form
      <div class="pagehead"><h1>Rooms</h1><div class="actions">…</div></div>
      {% panel "In use" note="4 rooms" %}
        <div class="body">…</div>                               text is padded; lists and tables go edge to edge
      {% endpanel %}
      <form method="post" novalidate>{% csrf_token %}{{ form|crispy }}<button class="btn btn-brand">Keep</button></form>
    {% endblock %}

Blocks of base.html: title, head (further stylesheets), main_class ("narrow" for a page of one form), content, scripts.
`{% course_ways course here="formulation" %}` stands under the head of each page of a course (`ui.ways`).
`{% course_strip marks %}`, `{% trend values cut_off=10 top=27 label="PHQ-9" %}`, `{% tag "good" "Recovered" %}` and
`{% empty "No rooms yet" "Add the first room." %}` draw pieces; `day`, `short_day`, `clock` and `day_clock` write dates.
A table with class "list cards" becomes cards on a phone; each cell names its column in data-label.
Lists of many rows call `ui.strip.strip_html`, `ui.trend.trend_html` and `ui.tags.tag_html` from Python.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.strip import strip_html
from ui.tags import tag_html
from ui.trend import trend_html
from ui.ways import ways_of
from ui.widgets import Chips, Segments

register = template.Library()

register.simple_tag(strip_html, name="course_strip")
register.simple_tag(strip_html, name="strip")
register.simple_tag(tag_html, name="tag")


@register.simple_tag
def trend(
    values: Sequence[int | None],
    cut_off: int | None = None,
    top: int = 27,
    label: str = "PHQ-9",
    width: int = 92,
    height: int = 38,
) -> SafeString:
    return trend_html(values, cut_off=cut_off, top=top, label=label, width=width, height=height)


@register.simple_block_tag
def panel(content: str, title: str = "", note: str = "", css: str = "", anchor: str = "") -> SafeString:
    """A white card with a heading. `note` stands at the right of it; `anchor` is the card's id."""
    heading = format_html("<h2>{}</h2>", title) if title else ""
    aside = format_html('<span class="muted tiny num">{}</span>', note) if note else ""
    header = format_html("<header>{}{}</header>", heading, aside) if title or note else ""
    target = format_html(' id="{}"', anchor) if anchor else ""
    named = format_html(' aria-label="{}"', title) if title else ""
    css = f"panel {css}".strip()
    return format_html('<section class="{}"{}{}>{}{}</section>', css, target, named, header, content)


@register.simple_tag(takes_context=True)
def error_summary(context: Context, *forms: BaseForm | None) -> SafeString:
    """What is to be mended, first on the page, each sentence linked to its field; before it, what somebody else saved while
    the form was open. Nothing where nothing is wrong."""
    shown = [form for form in forms if form is not None]
    meanwhile = format_html_join("", "{}", ((meanwhile_panel(context, form),) for form in shown))
    problems = [problem for form in shown for problem in _problems(form)]
    if not problems:
        return meanwhile
    items = format_html_join(
        "",
        "<li>{}</li>",
        (
            (format_html('<a href="#{}">{}</a>', anchor, words) if anchor else words,)
            for anchor, words in problems
        ),
    )
    return format_html(
        '{}<div class="error-summary" role="alert" tabindex="-1" data-error-summary>'
        "<h2>{}</h2><ul>{}</ul></div>",
        meanwhile,
        "There is a problem" if len(problems) == 1 else "There are problems",
        items,
    )


@register.simple_tag(takes_context=True)
def meanwhile_panel(context: Context, form: BaseForm) -> SafeString:
    """Both values of each field on which two people differ (`access.forms.EditForm.meanwhile`); nothing where nobody did."""
    meanwhile = getattr(form, "meanwhile", None)
    if meanwhile is None:
        return mark_safe("")
    reader = getattr(context.get("request"), "user", None)
    words = {
        "form": form,
        "meanwhile": meanwhile,
        "by_reader": meanwhile.by is not None and meanwhile.by == reader,
    }
    return render_to_string("ui/_meanwhile.html", words)


def _problems(form: BaseForm) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = [("", str(words)) for words in form.non_field_errors()]
    for field in form:
        # A group of choices has no control of its own: its first choice takes the focus.
        anchor = field.id_for_label or f"{field.auto_id}_0"
        problems += [("" if field.is_hidden else anchor, str(words)) for words in field.errors]
    return problems


@register.simple_tag
def empty(title: str, what_to_do: str = "") -> SafeString:
    """What will appear here, and how to begin."""
    return format_html('<div class="empty"><b>{}</b> {}</div>', title, what_to_do)


@register.inclusion_tag("ui/client_banner.html")
def client_banner(banner: Any) -> dict[str, Any]:
    """Who this page is about. `banner.alerts` is None where the reader may not know of any."""
    return {"banner": banner}


@register.inclusion_tag("courses/_ways.html")
def course_ways(
    course: Any, here: str, reads: bool = True, counts: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The pages of a course, under the head of each. How to add one: `ui.ways`."""
    return {"ways": ways_of(course.pk, here=here, reads=reads, counts=counts)}


@register.simple_tag
def demo_banner() -> SafeString:
    """Stands on every page of the demo, also where no context is (an error page)."""
    if not settings.DEMO:
        return mark_safe("")
    return mark_safe(
        '<aside class="demo-banner" aria-label="Demo">Invented data: every person and every word here is made up. '
        "Do not enter real people.</aside>"
    )


@register.simple_tag
def optional(label: str) -> SafeString:
    """Beside the label of a field that may stay empty; most must not. A label that says so itself is left alone."""
    if "optional" in str(label).lower():
        return mark_safe("")
    return mark_safe('<span class="optional">optional</span>')


@register.simple_tag
def labelled(field: BoundField, label: str, hint: str = "") -> SafeString:
    """A field of a form that is not ours, under our words."""
    field.label, field.help_text = label, hint
    field.field.widget.attrs.pop("placeholder", None)
    return as_crispy_field(field)


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """ "Firefox on Windows": what a browser calls itself, as its owner would."""
    name = next((name for sign, name in _BROWSERS if sign in agent), "A browser")
    device = next((device for sign, device in _DEVICES if sign in agent), "")
    return f"{name} on {device}" if device else name


@register.filter
def draws_itself(field: BoundField) -> bool:
    """Whether the choices have a look of their own (segments, chips)."""
    return isinstance(field.field.widget, Segments | Chips)


@register.filter
def day(moment: datetime | date | None) -> str:
    """ "Mon 23 Nov 2026" in the clinic's time; empty for None."""
    if moment is None or moment == "":
        return ""
    on = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return f"{on:%a} {on.day} {on:%b %Y}"


@register.filter
def short_day(moment: datetime | date | None) -> str:
    """ "23 Nov", with the year where it is not this one; empty for None."""
    if moment is None or moment == "":
        return ""
    on = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    year = "" if on.year == timezone.localdate().year else f" {on.year}"
    return f"{on.day} {on:%b}{year}"


@register.filter
def clock(moment: datetime | time | None) -> str:
    """ "09:05" in the clinic's time; empty for None."""
    if moment is None or moment == "":
        return ""
    at = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return f"{at:%H:%M}"


@register.filter
def day_clock(moment: datetime | None) -> str:
    """ "Mon 23 Nov 2026, 09:05"; empty for None."""
    return f"{day(moment)}, {clock(moment)}" if moment else ""
