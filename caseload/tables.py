"""Rows of lists as HTML, made once in Python: forty rows through the template language cost more than all their questions.
Whatever a person typed goes through `format_html`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from access import policy
from record.addresses import address
from record.cells import change_cell, joined
from record.rows import Row
from record.wanted import Wanted
from record.words import plural
from staff.models import User
from ui.strip import strip_html
from ui.tags import tag_html

_NOTHING = mark_safe('<span class="visually-hidden">none</span>')


@dataclass(frozen=True)
class Column:
    """A column: its head, its cells, and the order that a click on its head asks for."""

    head: str
    cell: Callable[[Row, User], SafeString]
    sort: str = ""


def _client(row: Row, reader: User) -> SafeString:
    return format_html(
        '<a class="who" href="{}">{}</a><div class="num">{} · {}</div>{}',
        row_address(row, reader),
        row.name,
        row.number,
        row.age,
        format_html_join(" ", "{}", ((tag_html(tone, words),) for tone, words in row.tags)),
    )


def row_address(row: Row, reader: User) -> str:
    """The course for who may read one; the client's facts for an administrator."""
    if policy.sees_all_content(reader) or row.foci is not None:
        return address("courses:detail", row.course_id)
    return address("clients:detail", row.client_id)


def _therapist(row: Row, reader: User) -> SafeString:
    return (
        format_html('<span class="tiny">{}</span>', row.therapist)
        if row.therapist
        else tag_html("focus", "Not allocated")
    )


def _course(row: Row, reader: User) -> SafeString:
    return format_html(
        '{}<div class="tiny muted">{}</div>', strip_html(row.strip, ended=row.is_closed), row.where
    )


def _focus(row: Row, reader: User) -> SafeString:
    if not row.foci:
        return tag_html("focus", "Not yet agreed")
    return format_html_join(" ", "{}", ((tag_html("focus", focus),) for focus in row.foci))


def _change(row: Row, reader: User) -> SafeString:
    return change_cell(row.change)


def _next(row: Row, reader: User) -> SafeString:
    if row.appointment:
        return format_html(
            '<span class="num nowrap">{} {}</span><div class="tiny muted">{}</div>',
            row.appointment.day,
            row.appointment.time,
            row.appointment.place,
        )
    if row.is_closed:
        return _NOTHING
    return tag_html("warn" if row.must_be_booked else "focus", "Not booked")


def _referred(row: Row, reader: User) -> SafeString:
    return format_html(
        '<span class="num nowrap">{}</span><div class="tiny muted num nowrap">{} ago</div>',
        f"{row.referred_on.day} {row.referred_on:%b %Y}",
        plural(row.days_since_referral, "day"),
    )


def _diary_acts(row: Row, reader: User) -> SafeString:
    """Book and allocate name the client for who does not see the row they stand in."""
    if row.is_closed:
        return _NOTHING
    acts = (
        ("Book", address("sessions:book", row.course_id)),
        ("Allocate", address("courses:allocate", row.course_id)),
    )
    return format_html_join(
        " ",
        '<a class="btn btn-quiet btn-sm" href="{}">{} <span class="visually-hidden">{}</span></a>',
        ((href, words, row.name) for words, href in acts if href),
    )


CLIENT = Column("Client", _client, "name")
THERAPIST = Column("Therapist", _therapist)
COURSE = Column("Course of IPT", _course, "course")
FOCUS = Column("Focus", _focus)
CHANGE = Column("PHQ-9 and change", _change, "change")
NEXT = Column("Next", _next, "next")
REFERRED = Column("Referred", _referred, "referred")
ACTS = Column("Acts", _diary_acts)

CASELOAD = (CLIENT, COURSE, FOCUS, CHANGE, NEXT)
SUPERVISEES = (CLIENT, THERAPIST, COURSE, FOCUS, CHANGE, NEXT)
CLINIC = (CLIENT, THERAPIST, COURSE, REFERRED, NEXT, ACTS)


def table(
    rows: Iterable[Row],
    columns: tuple[Column, ...],
    *,
    reader: User,
    wanted: Wanted,
    sorts: tuple[str, ...],
    caption: str,
) -> SafeString:
    """The whole table. A head that the list can be ordered by is a link, and says how it is ordered now."""
    return format_html(
        '<table class="list cards"><caption class="visually-hidden">{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table>",
        caption,
        joined(_head(column, wanted, sorts) for column in columns),
        joined(_row(row, columns, reader) for row in rows),
    )


def _head(column: Column, wanted: Wanted, sorts: tuple[str, ...]) -> SafeString:
    if column is ACTS:
        return format_html('<th scope="col"><span class="visually-hidden">{}</span></th>', column.head)
    if not column.sort or column.sort not in sorts:
        return format_html('<th scope="col">{}</th>', column.head)
    current = wanted.sort or sorts[0]
    if current.removeprefix("-") != column.sort:
        return format_html(
            '<th scope="col"><a href="{}">{}</a></th>', wanted.query(sort=column.sort), column.head
        )
    is_up = not current.startswith("-")
    return format_html(
        '<th scope="col" aria-sort="{}"><a href="{}">{} <span aria-hidden="true">{}</span></a></th>',
        "ascending" if is_up else "descending",
        wanted.query(sort=f"-{column.sort}" if is_up else column.sort),
        column.head,
        "↑" if is_up else "↓",
    )


def _row(row: Row, columns: tuple[Column, ...], reader: User) -> SafeString:
    """On a phone a row is a card, whose first cell needs no label."""
    first, *others = columns
    return format_html(
        "<tr><td>{}</td>{}</tr>",
        first.cell(row, reader),
        format_html_join(
            "", '<td data-label="{}">{}</td>', ((column.head, column.cell(row, reader)) for column in others)
        ),
    )
