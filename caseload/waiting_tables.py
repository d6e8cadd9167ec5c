"""Rows of the waiting list as HTML, made in Python as those of `caseload.tables`: as a table, and as the cards of a board.
Whatever a person typed goes through `format_html`."""

from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from access import policy
from caseload.waiting import Group, Row
from record.addresses import address
from record.cells import joined
from record.words import plural, short_day
from staff.models import User
from ui.tags import tag_html

_TICK_HEAD = mark_safe('<th scope="col"><span class="visually-hidden">Choose</span></th>')
_NONE = mark_safe('<span class="muted">none</span>')


def table(group: Group, *, reader: User, now: datetime, ticks: bool) -> SafeString:
    """One group; `ticks` where the reader may do something to several at once."""
    return format_html(
        '<table class="list cards waiting"><caption class="visually-hidden">{}</caption><thead><tr>{}'
        '<th scope="col">Client</th><th scope="col">Waiting</th><th scope="col">Needs</th>'
        '<th scope="col"><span class="visually-hidden">Next</span></th></tr></thead><tbody>{}</tbody></table>',
        group.label,
        _TICK_HEAD if ticks else "",
        joined(_row(row, reader, now, ticks) for row in group.rows),
    )


def cards(group: Group, *, reader: User, now: datetime) -> SafeString:
    """One column of the board."""
    return format_html(
        '<ol class="board-cards">{}</ol>', joined(_card(row, reader, now) for row in group.rows)
    )


def _row(row: Row, reader: User, now: datetime, ticks: bool) -> SafeString:
    return format_html(
        '<tr>{}<td>{}</td><td data-label="Waiting">{}</td><td data-label="Needs">{}</td>'
        '<td class="next">{}</td></tr>',
        _tick(row) if ticks else "",
        _who(row, now),
        _wait(row),
        _needs(row),
        _acts(row, reader),
    )


def _card(row: Row, reader: User, now: datetime) -> SafeString:
    needs = format_html('<div class="tiny">{}</div>', _needs(row)) if row.client.needs else ""
    return format_html(
        '<li class="board-card"><div>{}</div><div>{}</div>{}<div>{}</div></li>',
        _who(row, now),
        _wait(row),
        needs,
        _acts(row, reader),
    )


def _tick(row: Row) -> SafeString:
    return format_html(
        '<td class="tick"><input class="form-check-input" type="checkbox" name="row" value="{}"'
        ' aria-label="Choose {}"></td>',
        row.course.pk,
        row.client.name,
    )


def _who(row: Row, now: datetime) -> SafeString:
    """The name, how it came, who screened it; for clinicians likely focus and first scores; attempts to reach them."""
    lines = [" · ".join((how_it_came(row, now), _screened(row, now)))]
    if row.clinical:
        lines.append(row.clinical)
    if row.attempts:
        lines.append(f"{plural(row.attempts, 'attempt')} to reach them, last {row.last_attempt}")
    return format_html(
        '<a class="who" href="{}">{}</a> {}{}',
        address("referrals:wait", row.course.pk),
        row.client.name,
        _priority(row),
        format_html_join("", '<div class="tiny muted">{}</div>', ((line,) for line in lines)),
    )


def how_it_came(row: Row, now: datetime) -> str:
    """ "Self-referred 7 Oct", "GP, letter 19 Oct"."""
    day = short_day(row.course.referred_on, now)
    if row.course.referral_source == "B1":
        return f"Self-referred {day}"
    source = row.course.get_referral_source_display() or "Referred"
    way = f", {row.referral.get_way_display().lower()}" if row.referral else ""
    return f"{source}{way} {day}"


def _screened(row: Row, now: datetime) -> str:
    referral = row.referral
    if referral and referral.screened_by and referral.screened_at:
        return f"screened by {referral.screened_by.full_name} {short_day(referral.screened_at, now)}"
    if row.group == "screen":
        return f"given to {row.screener}" if row.screener else "nobody screens it yet"
    return "opened before screening was written down"


def _priority(row: Row) -> SafeString:
    if not row.course.priority:
        return mark_safe("")
    tag = tag_html("risk" if row.course.priority > 1 else "warn", row.course.get_priority_display())
    reason = row.referral.priority_reason if row.referral else ""
    return format_html('{} <span class="tiny">{}</span>', tag, reason) if reason else tag


def _wait(row: Row) -> SafeString:
    clock = row.clock
    bar = format_html(
        '<b class="num">{}</b> <span class="muted tiny num">of {}</span>'
        '<progress class="bar {}" max="{}" value="{}" aria-label="{} has waited {} of {} days"></progress>',
        plural(clock.days, "day"),
        clock.of,
        clock.tone,
        clock.of,
        min(clock.days, clock.of),
        row.client.name,
        clock.days,
        clock.of,
    )
    words = tag_html("risk" if clock.tone == "late" else "warn", clock.words) if clock.words else ""
    still = ""
    if clock.paused_since:
        still = format_html(
            ' {} <span class="tiny muted">{}</span>',
            tag_html("focus", f"Stands still since {clock.paused_since.day} {clock.paused_since:%b}"),
            row.pause_reason,
        )
    return format_html("{}{}{}", bar, words, still)


def _needs(row: Row) -> SafeString:
    words = " · ".join(row.client.needs)
    return format_html("{}", words) if words else _NONE


def _acts(row: Row, reader: User) -> SafeString:
    """What comes next for this person, for who may do it."""
    said: list[SafeString] = []
    match row.group:
        case "screen":
            if policy.may_name_screener(reader) and not row.screener:
                said.append(_button("Name a screener", "referrals:give", row, is_next=True))
            if policy.may_screen(reader, row.course):
                said.append(_button("Screen", "referrals:screen", row, is_next=bool(row.screener)))
        case "ready":
            if policy.may_allocate(reader):
                said.append(_button("Allocate", "courses:allocate", row, is_next=bool(row.clock.tone)))
        case "allocated":
            said.append(format_html('<div class="tiny">{}</div>', row.therapist))
            if row.appointment:
                said.append(format_html('<div class="tiny num">{}</div>', row.appointment))
            else:
                said.append(tag_html("warn", "Not booked"))
                if policy.may_book(reader, row.course):
                    said.append(_button("Book", "sessions:book", row, is_next=True))
    return joined(said)


def _button(words: str, name: str, row: Row, *, is_next: bool) -> SafeString:
    href = address(name, row.course.pk)
    if not href:
        return mark_safe("")
    return format_html(
        '<a class="btn btn-sm {}" href="{}">{} <span class="visually-hidden">{}</span></a>',
        "btn-brand" if is_next else "btn-quiet",
        href,
        words,
        row.client.name,
    )
