"""The rows of the progress review as HTML, made once in Python as the lists of caseloads are. Whatever a person typed goes
through `format_html`."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from record.addresses import address
from record.cells import change_cell, joined
from record.words import short_day
from supervision.review import Line, Reason
from ui.strip import strip_html
from ui.tags import tag_html

_HEADS = ("Client", "Course of IPT", "Why it is here", "PHQ-9 and change", "Last reviewed")
_ON_TRACK = tag_html("good", "On track")


def table(lines: Iterable[Line], *, token: str, now: datetime) -> SafeString:
    """The whole table. `token` goes into the forms that put a course on the agenda."""
    return format_html(
        '<table class="list cards review"><caption class="visually-hidden">Courses, most concerning first</caption>'
        "<thead><tr>{}{}</tr></thead><tbody>{}</tbody></table>",
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in _HEADS)),
        mark_safe('<th scope="col"><span class="visually-hidden">What to do</span></th>'),
        joined(_row(line, token, now) for line in lines),
    )


def _row(line: Line, token: str, now: datetime) -> SafeString:
    row = line.row
    return format_html(
        '<tr><td><a class="who" href="{}">{}</a><div class="tiny muted">{}</div></td>'
        '<td data-label="Course of IPT">{}<div class="tiny muted">{}</div></td>'
        '<td data-label="Why it is here" class="why">{}</td><td data-label="PHQ-9 and change">{}</td>'
        '<td data-label="Last reviewed" class="reviewed">{}</td><td class="do">{}</td></tr>',
        address("courses:detail", row.course_id),
        row.name,
        line.therapist,
        strip_html(row.strip),
        row.where,
        _why(line, now),
        change_cell(row.change),
        _reviewed(line),
        _act(line, token),
    )


def _why(line: Line, now: datetime) -> SafeString:
    """Each reason as a tag that opens the rows behind it; the sentences, and what was considered, one click below."""
    if not line.reasons:
        return _ON_TRACK
    return format_html(
        '<div class="reasons">{}</div><details><summary class="tiny">{} <span class="visually-hidden">about {}</span></summary>'
        '<ul class="tiny">{}</ul></details>',
        joined(_tag(reason, now) for reason in line.reasons),
        "Why, and what was considered",
        line.row.name,
        joined(_sentences(reason, now) for reason in line.reasons),
    )


def _tag(reason: Reason, now: datetime) -> SafeString:
    count = len(reason.found)
    words = f"{reason.words(now)} × {count}" if count > 1 else reason.words(now)
    if considered := reason.considered:
        return format_html(
            '<a class="tag considered" href="{}">{}</a><div class="tiny muted">considered by {} until {}: {}</div>',
            href_of(reason),
            words,
            considered.by,
            short_day(considered.until, now),
            considered.reason,
        )
    return format_html('<a class="tag {}" href="{}">{}</a> ', reason.flag.tone, href_of(reason), words)


def href_of(reason: Reason) -> str:
    """The one row behind the flag, or the list of them."""
    if len(reason.found) == 1:
        return reason.flag.address_of(reason.found[0], treats=False)
    return f"{reason.flag.rule_page}?course={reason.found[0].course_id}"


def _sentences(reason: Reason, now: datetime) -> SafeString:
    return joined(
        format_html(
            "<li>{} {}</li>",
            reason.flag.reason(found, now),
            format_html(
                '<a href="{}">{}</a>', consider_href(reason, place), "Considered anew" if said else "Consider"
            )
            if reason.flag.may_be_considered
            else format_html('<a href="{}">Answer</a>', reason.flag.address_of(found)),
        )
        for place, (found, said) in enumerate(zip(reason.found, reason.answers, strict=True))
    )


def consider_href(reason: Reason, place: int) -> str:
    found = reason.found[place]
    return address("supervision:consider", found.course_id, reason.flag.slug, found.subject)


def _reviewed(line: Line) -> SafeString:
    if not line.reviewed:
        return mark_safe('<span class="muted">Not yet</span>')
    decided = format_html('<div class="tiny muted">{}</div>', line.decided) if line.decided else ""
    return format_html('<span class="num nowrap">{}</span>{}', line.reviewed, decided)


def _act(line: Line, token: str) -> SafeString:
    name = line.row.name
    match line.act:
        case "alert":
            return _link("btn-brand", line.act_href, "Answer alert", name)
        case "agenda":
            return format_html(
                '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
                '<input type="hidden" name="back" value="review">'
                '<button class="btn btn-brand btn-sm">Add to agenda <span class="visually-hidden">{}</span></button></form>',
                line.act_href,
                token,
                name,
            )
        case "on agenda":
            return (
                _link("btn-quiet", line.act_href, "✓ On agenda", name)
                if line.act_href
                else mark_safe("✓ On agenda")
            )
    return _link("btn-quiet", line.act_href, "Open", name)


def _link(look: str, href: str, words: str, name: str) -> SafeString:
    return format_html(
        '<a class="btn {} btn-sm" href="{}">{} <span class="visually-hidden">{}</span></a>',
        look,
        href,
        words,
        name,
    )
