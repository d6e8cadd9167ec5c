"""What the supervision page of one course shows: whether it is on the agenda, what was agreed, and what was discussed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from access import policy
from courses.models import Course, CourseAction
from record.addresses import address
from sessions.models import Note, NoteKind
from staff.models import User
from supervision.agenda import carried_words
from supervision.agreed import Agreed, agreed
from supervision.models import AgendaItem, CaseSignature

RECORDS_A_PAGE = 10
FOCUS = {"kept": "Focus kept", "changes": "Focus changes", "not_agreed": "Focus not agreed yet"}
RISK = {"discussed": "Risk discussed", "not_needed": "Risk not discussed"}


@dataclass(frozen=True)
class Record:
    """One supervision of this course, whole. `signatures` are the therapists' own."""

    note: Note
    href: str
    signatures: list[CaseSignature]
    in_error: bool

    @property
    def _said(self) -> dict[str, Any]:
        return self.note.supervision or {}

    @property
    def focus(self) -> str:
        return FOCUS.get(self._said.get("focus", ""), "")

    @property
    def risk(self) -> str:
        words = RISK.get(self._said.get("risk", ""), "")
        why = self._said.get("risk_words", "")
        return f"{words}: {why}" if words and why else words

    @property
    def how(self) -> str:
        minutes, kind = self._said.get("minutes"), self._said.get("kind", "")
        return " · ".join(part for part in (f"{minutes} min" if minutes else "", kind) if part)

    @property
    def actions(self) -> list[dict[str, Any]]:
        return list(self._said.get("actions", []))


@dataclass(frozen=True)
class SupervisionPage:
    """`item` is None where the course is not on the agenda."""

    item: AgendaItem | None
    open: list[Agreed]
    closed: list[Agreed]
    records: Page[Record]
    to_sign: int
    may_bring: bool
    propose: str
    edit: str

    @property
    def carried_words(self) -> str:
        return carried_words(self.item) if self.item else ""


def supervision_page(course: Course, user: User, *, page: str, now: datetime) -> SupervisionPage:
    item = AgendaItem.objects.visible_to(user).open().filter(course=course).select_related("added_by").first()
    actions = [agreed(one, user, now=now) for one in _actions(course, user)]
    records = _records(course, user)
    return SupervisionPage(
        item=item,
        open=[one for one in actions if not one.action.outcome],
        closed=[one for one in actions if one.action.outcome],
        records=Paginator(records, RECORDS_A_PAGE).get_page(page),
        to_sign=sum(_waits_for(user, record) for record in records),
        may_bring=policy.may_bring_to_supervision(user, course),
        propose=address("supervision:propose", course.pk),
        edit=address("supervision:item", course.pk, item.pk) if item else "",
    )


def _actions(course: Course, user: User) -> list[CourseAction]:
    """The open ones by their day, the closed ones the newest first."""
    rows = CourseAction.objects.visible_to(user).filter(course=course)
    found = list(rows.select_related("course__client", "owner", "closed_by", "agreed_by"))
    closed = sorted((one for one in found if one.closed_at), key=lambda one: one.closed_at, reverse=True)
    return [one for one in found if not one.closed_at] + closed


def _records(course: Course, user: User) -> list[Record]:
    notes = (
        Note.objects.visible_to(user)
        .signed()
        .filter(course=course, kind=NoteKind.SUPERVISION)
        .select_related("author", "in_error")
        .order_by("-happened_at", "-signed_at")
    )
    signatures: dict[UUID, list[CaseSignature]] = {}
    for one in CaseSignature.objects.visible_to(user).filter(course=course).select_related("by"):
        signatures.setdefault(one.note_id, []).append(one)
    return [
        Record(
            note,
            address("supervision:record", course.pk, note.pk),
            signatures.get(note.pk, []),
            in_error=getattr(note, "in_error", None) is not None,
        )
        for note in notes
    ]


def _waits_for(user: User, record: Record) -> bool:
    mine = record.note.supervision or {}
    return (
        not record.in_error
        and mine.get("therapist") == str(user.pk)
        and record.note.author_id != user.pk
        and not any(one.by_id == user.pk for one in record.signatures)
    )
