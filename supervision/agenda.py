"""What the agenda shows: to a supervisor the open items of those whom they supervise, grouped by therapist in the order made by
hand, and the courses with flags up that nobody has put on it; to a therapist their own. Each part is asked once, whatever
the number of courses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone

from access import policy
from courses.models import Allocation
from record.addresses import address
from record.words import plural
from sessions.models import Note, NoteKind
from staff.models import User
from supervision import flags
from supervision.agreed import Agreed, own_actions
from supervision.considering import standing_answers, with_answer
from supervision.models import AgendaItem, CaseSignature, Meeting
from supervision.shape import Row, Scope

MOST_PROPOSED = 12
MOST_MEETINGS = 8
MOST_FLAGS = 3


@dataclass(frozen=True)
class Line:
    """An item of the agenda. `flags` are those that are up, weightiest first."""

    item: AgendaItem
    client: str
    number: str
    href: str
    edit: str
    flags: list[Row]

    @property
    def carried_words(self) -> str:
        return carried_words(self.item)

    @property
    def first_flags(self) -> list[Row]:
        return self.flags[:MOST_FLAGS]

    @property
    def more_flags(self) -> int:
        return max(len(self.flags) - MOST_FLAGS, 0)


@dataclass(frozen=True)
class Group:
    """One therapist with their items, and the address where a meeting with them begins."""

    therapist: User
    lines: list[Line]
    meeting: str

    @property
    def count_words(self) -> str:
        return plural(len(self.lines), "course")

    @property
    def is_alone(self) -> bool:
        """There is nothing to order."""
        return len(self.lines) < 2


@dataclass(frozen=True)
class Proposal:
    """A course that flags put forward: not on the agenda, and not considered."""

    course_id: UUID
    client: str
    href: str
    therapist: str
    flags: list[Row]
    add: str

    @property
    def others(self) -> str:
        return f"and {plural(len(self.flags) - 1, 'more flag')}" if len(self.flags) > 1 else ""


@dataclass(frozen=True)
class Above:
    """The agenda of who supervises."""

    therapists: list[User]
    chosen: User | None
    groups: list[Group]
    proposals: list[Proposal]
    more_proposals: int

    @property
    def proposal_count(self) -> int:
        return len(self.proposals) + self.more_proposals

    @property
    def shown(self) -> set[UUID]:
        return {line.item.course_id for group in self.groups for line in group.lines} | {
            one.course_id for one in self.proposals
        }


@dataclass(frozen=True)
class ToSign:
    """A supervision record that waits for its therapist."""

    note: Note
    client: str
    href: str


@dataclass(frozen=True)
class MeetingLine:
    meeting: Meeting
    href: str


@dataclass(frozen=True)
class Own:
    """A therapist's own part."""

    lines: list[Line]
    actions: list[Agreed]
    to_sign: list[ToSign]
    meetings: list[MeetingLine]

    @property
    def is_alone(self) -> bool:
        return len(self.lines) < 2

    @property
    def shown(self) -> set[UUID]:
        return (
            {line.item.course_id for line in self.lines}
            | {row.course_id for row in self.actions}
            | {one.note.course_id for one in self.to_sign}
        )


def above(user: User, *, therapist: str, now: datetime) -> Above:
    """`therapist` is the key that narrows it, as it was sent; one that the reader does not supervise narrows nothing."""
    people = list(policy.supervised_by(user, at=now).order_by("full_name"))
    chosen = next((one for one in people if str(one.pk) == therapist), None)
    listed = [chosen] if chosen else people
    whose = _carried_by(listed, user, now=now)
    items = _items(user, whose)
    up = _flags_up(user, whose, now=now)
    lines = defaultdict(list)
    for item in items:
        lines[whose[item.course_id]].append(_line(item, up.get(item.course_id, [])))
    on_it = {item.course_id for item in items}
    names = {one.pk: one.full_name for one in listed}
    proposals = [
        _proposal(course, rows, names[whose[course]])
        for course, rows in up.items()
        if course not in on_it and any(_asks(row) for row in rows)
    ]
    return Above(
        therapists=people,
        chosen=chosen,
        groups=[Group(one, lines[one.pk], _meeting_with(one)) for one in listed if lines[one.pk] or chosen],
        proposals=proposals[:MOST_PROPOSED],
        more_proposals=max(len(proposals) - MOST_PROPOSED, 0),
    )


def own(user: User, *, now: datetime) -> Own:
    whose = _carried_by([user], user, now=now)
    up = _flags_up(user, whose, now=now)
    return Own(
        lines=[_line(item, up.get(item.course_id, [])) for item in _items(user, whose)],
        actions=own_actions(user, now=now),
        to_sign=_to_sign(user, whose),
        meetings=_meetings(user),
    )


# --- Questions to the database ----------------------------------------------------------------------------------------


def _carried_by(therapists: Iterable[User], reader: User, *, now: datetime) -> dict[UUID, UUID]:
    """Who carries which course, of these people: the course's key, and the therapist's."""
    rows = Allocation.objects.visible_to(reader).current(at=now).carrying()
    return dict(rows.filter(therapist__in=[one.pk for one in therapists]).values_list("course", "therapist"))


def _items(user: User, whose: Mapping[UUID, UUID]) -> list[AgendaItem]:
    rows = AgendaItem.objects.visible_to(user).open().filter(course__in=list(whose))
    return list(rows.select_related("course__client", "added_by"))


def _flags_up(user: User, whose: Mapping[UUID, UUID], *, now: datetime) -> dict[UUID, list[Row]]:
    """Those of the progress review by course, what nobody has considered first, the weightiest before the others; the courses
    in the order of what weighs most of each."""
    found: dict[UUID, list[Row]] = {}
    if not whose:
        return found
    answers = standing_answers(user, whose, on=timezone.localdate(now))
    for row in flags.rows(Scope(reader=user, courses=list(whose), now=now), flags=flags.IN_REVIEW):
        found.setdefault(row.course_id, []).append(with_answer(row, answers))
    for rows in found.values():
        rows.sort(key=lambda row: (row.considered is not None, -row.flag.weight))
    return dict(sorted(found.items(), key=lambda one: -max(_weight(row) for row in one[1])))


def _weight(row: Row) -> int:
    return row.flag.weight if _asks(row) else 0


def _to_sign(user: User, whose: Mapping[UUID, UUID]) -> list[ToSign]:
    signed = CaseSignature.objects.visible_to(user).filter(by=user)
    notes = (
        Note.objects.visible_to(user)
        .signed()
        .standing()
        .filter(kind=NoteKind.SUPERVISION, course__in=list(whose), supervision__therapist=str(user.pk))
        .exclude(author=user)
        .exclude(pk__in=signed.values("note"))
        .select_related("course__client", "author")
        .only(
            "course",
            "happened_at",
            "author__full_name",
            "course__client__first_name",
            "course__client__last_name",
        )
        .order_by("happened_at", "id")
    )
    return [
        ToSign(note, note.course.client.name, address("supervision:record", note.course_id, note.pk))
        for note in notes
    ]


def _meetings(user: User) -> list[MeetingLine]:
    rows = Meeting.objects.visible_to(user).filter(people__person=user).select_related("supervisor")
    return [MeetingLine(one, address("supervision:meeting", one.pk)) for one in rows[:MOST_MEETINGS]]


# --- What is made of the answers ----------------------------------------------------------------------------------------


def _line(item: AgendaItem, up: list[Row]) -> Line:
    course = item.course
    return Line(
        item=item,
        client=course.client.name,
        number=course.client.number,
        href=address("courses:detail", course.pk),
        edit=address("supervision:item", course.pk, item.pk),
        flags=up,
    )


def _proposal(course: UUID, rows: list[Row], therapist: str) -> Proposal:
    asking = [row for row in rows if _asks(row)]
    return Proposal(
        course_id=course,
        client=rows[0].client,
        href=address("courses:detail", course),
        therapist=therapist,
        flags=asking,
        add=address("supervision:propose", course),
    )


def _asks(row: Row) -> bool:
    """Nobody has considered it, or the day until which they did is over."""
    return row.considered is None


def _meeting_with(therapist: User) -> str:
    begin = address("supervision:meeting_new")
    return f"{begin}?{urlencode({'therapist': therapist.pk})}" if begin else ""


def carried_words(item: AgendaItem) -> str:
    """How often it was not reached; empty where it is new."""
    often = {1: "once", 2: "twice"}.get(item.carried, f"{item.carried} times")
    return f"Carried over {often}" if item.carried else ""
