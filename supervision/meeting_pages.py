"""What the pages of meetings state, asked in a fixed number of questions however many cases there are. Questions only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from courses.lifecycle import OPEN
from courses.models import Course, CourseAction, Formulation
from interpersonal.in_short import circles_in_short, people_in_short
from outcomes.measures import BY_CODE
from record.addresses import address
from record.words import plural, short_day
from sessions import beside
from sessions.log_page import Beside
from sessions.models import Note, NoteKind
from sessions.reading import ReadNote
from staff.models import User
from supervision import flags, records
from supervision.meeting_actions import courses_to_supervise, out_of_reach, therapists_of
from supervision.models import Case, CaseSignature, Meeting, MeetingPerson

# What only the author of a note is told is no matter for the agenda.
OF_ONE_PERSON = ("draft", "returned")
MOST_TAGS = 2
MOST_ACTIONS_SHOWN = 30
LAST_DECISIONS = 3
MOST_TO_SIGN = 50


# --- The list of meetings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One meeting of the list; `cases` are those that the reader may know of."""

    meeting: Meeting
    title: str
    facts: str
    cases: int

    @property
    def cases_words(self) -> str:
        return plural(self.cases, "case") if self.cases else "No cases"


def rows_of(meetings: Iterable[Meeting], user: User) -> list[Row]:
    """Two questions whatever their number."""
    shown = list(meetings)
    people = people_of(shown, user)
    counted = (
        Case.objects.visible_to(user)
        .filter(meeting__in=shown)
        .order_by()
        .values("meeting")
        .annotate(count=Count("pk"))
        .values_list("meeting", "count")
    )
    cases = dict(counted)
    return [
        Row(one, title_of(one, people[one.pk], user), facts_of(one), cases.get(one.pk, 0)) for one in shown
    ]


def people_of(meetings: Iterable[Meeting], user: User) -> dict[UUID, list[User]]:
    present: dict[UUID, list[User]] = defaultdict(list)
    rows = MeetingPerson.objects.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
    rows = rows.filter(meeting__in=list(meetings)).select_related("person").order_by("person__full_name")
    for row in rows:
        present[row.meeting_id].append(row.person)
    return present


def title_of(meeting: Meeting, people: Sequence[User], user: User) -> str:
    """Supervision with Amara Osei; to those who were there it is with whom it was held."""
    if meeting.supervisor_id == user.pk:
        return f"Supervision with {and_(one.full_name for one in people)}"
    others = [one.full_name for one in people if one.pk != user.pk]
    held = meeting.supervisor.full_name
    if len(others) == len(people):  # the lead, who was not there
        return f"{held} with {and_(others)}"
    return f"Supervision with {held}"


def facts_of(meeting: Meeting) -> str:
    """Wed 25 Nov 2026, 09:30 · 60 min · individual."""
    at = timezone.localtime(meeting.held_at)
    return f"{at:%a} {at.day} {at:%b %Y}, {at:%H:%M} · {meeting.minutes} min · {meeting.get_kind_display().lower()}"


def and_(names: Iterable[str]) -> str:
    *first, last = list(names) or ["nobody"]
    return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True)
class ToSign:
    """A signed record of one's own case that one has not signed for."""

    client: str
    href: str
    words: str


def to_sign(user: User, *, now: datetime) -> list[ToSign]:
    """The therapist's, the oldest first; none that was entered in error."""
    signed_by_me = CaseSignature.objects.filter(note=OuterRef("pk"), by=user)
    mine = Course.objects.carried_by(user, at=now)
    rows = (
        Note.objects.visible_to(user)
        .signed()
        .standing()
        .filter(~Exists(signed_by_me), kind=NoteKind.SUPERVISION, course__in=mine.values("pk"))
        .exclude(author=user)
        .select_related("author", "course__client")
        .only("happened_at", "author__full_name", "course__client__first_name", "course__client__last_name")
        .order_by("happened_at", "pk")[:MOST_TO_SIGN]
    )
    return [
        ToSign(
            client=row.course.client.name,
            href=address("supervision:record", row.course_id, row.pk),
            words=f"Supervision on {short_day(row.happened_at, now)}, {row.author.full_name}",
        )
        for row in rows
    ]


# --- One meeting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One case of the list. `state` says where its words stand."""

    case: Case
    place: int
    client: str
    href: str
    question: str
    asked_by: str
    tags: list[tuple[str, str]]
    carried: int
    state: str
    is_here: bool

    @property
    def is_written(self) -> bool:
        return self.case.note_id is not None


@dataclass(frozen=True)
class Agreed:
    """An action from before; `mark` and `said` say whether it is done."""

    client: str
    what: str
    said: str
    is_closed: bool
    href: str


@dataclass(frozen=True)
class MeetingPage:
    meeting: Meeting
    people: list[User]
    title: str
    facts: str
    lines: list[Line]
    last_time: list[Agreed] = field(default_factory=list)
    out_of_reach: str = ""

    @property
    def first(self) -> str:
        """Where the meeting goes on: the first case without words, else the first."""
        fresh = next((line for line in self.lines if not line.is_written), None)
        line = fresh or (self.lines[0] if self.lines else None)
        return line.href if line else ""

    def after(self, case: Case) -> Line | None:
        """The next case of the list."""
        place = next((at for at, line in enumerate(self.lines) if line.case.pk == case.pk), None)
        return self.lines[place + 1] if place is not None and place + 1 < len(self.lines) else None

    @property
    def is_ahead(self) -> bool:
        return self.meeting.held_at > timezone.now()


def meeting_page(meeting: Meeting, user: User, *, now: datetime, here: UUID | None = None) -> MeetingPage:
    """The head, the list as this person may see it, and for who holds it what was agreed before."""
    people = people_of([meeting], user)[meeting.pk]
    is_own = meeting.supervisor_id == user.pk
    related = ("course__client", "item__added_by", "note", "therapist")
    cases = list(
        Case.objects.visible_to(user)
        .filter(meeting=meeting)
        .select_related(*related)
        .defer("note__work", "note__form", "note__week", "note__supervision", "note__letter")
        .order_by("position", "pk")
    )
    up = _flags(cases, user, now) if is_own and not meeting.is_signed else {}
    return MeetingPage(
        meeting=meeting,
        people=people,
        title=title_of(meeting, people, user),
        facts=facts_of(meeting),
        lines=[_line(case, place, up, here) for place, case in enumerate(cases, start=1)],
        last_time=_last_time(meeting, people, user, now) if is_own and not meeting.is_signed else [],
        out_of_reach=_out_of_reach(meeting) if is_own else "",
    )


def _line(case: Case, place: int, up: dict[UUID, list[tuple[str, str]]], here: UUID | None) -> Line:
    note = case.note
    is_signed = note is not None and note.is_signed
    name, keys = ("record", (case.course_id, case.pk)) if is_signed else ("case", (case.meeting_id, case.pk))
    return Line(
        case=case,
        place=place,
        client=case.course.client.name,
        href=address(f"supervision:{name}", *keys),
        question=case.item.question if case.item else "",
        asked_by=case.item.added_by.full_name if case.item else "",
        tags=up.get(case.course_id, []),
        carried=case.item.carried if case.item else 0,
        state="Signed" if is_signed else ("Draft" if note else ""),
        is_here=case.pk == here,
    )


def _flags(cases: Sequence[Case], user: User, now: datetime) -> dict[UUID, list[tuple[str, str]]]:
    """Tone and name of the weightiest flags of each course, by the rules of the progress review."""
    up: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    if not cases:
        return up
    scope = flags.Scope(user, [case.course_id for case in cases], now)
    asked = [flag for flag in flags.IN_REVIEW if flag.slug not in OF_ONE_PERSON]
    for row in flags.rows(scope, flags=asked):
        tag = (row.flag.tone, row.flag.name)
        if tag not in up[row.course_id] and len(up[row.course_id]) < MOST_TAGS:
            up[row.course_id].append(tag)
    return up


def _last_time(meeting: Meeting, people: Sequence[User], user: User, now: datetime) -> list[Agreed]:
    """What is open, and what was closed since the last meeting, of the courses of who is there. Two questions."""
    mine = courses_to_supervise(user, at=now)
    theirs = mine.filter(allocations__therapist__in=[one.pk for one in people]).values("pk")
    before = Meeting.objects.visible_to(user).signed().filter(supervisor=user, held_at__lt=meeting.held_at)
    last = before.filter(people__person__in=people).order_by("-held_at").values("held_at")[:1]
    rows = (
        CourseAction.objects.visible_to(user)
        .filter(Q(outcome="") | Q(closed_at__gte=last), course__in=theirs)
        .select_related("course__client", "owner")
        .order_by("course__client__last_name", "due_on", "pk")[:MOST_ACTIONS_SHOWN]
    )
    return [
        Agreed(
            client=row.course.client.called,
            what=row.what,
            said=_said(row, now),
            is_closed=bool(row.outcome),
            href=address("supervision:action", row.course_id, row.pk),
        )
        for row in rows
    ]


def _said(action: CourseAction, now: datetime) -> str:
    if action.outcome:
        return f"{action.get_outcome_display().lower()}{f': {action.words}' if action.words else ''}"
    late = action.due_on < timezone.localdate(now)
    return f"{action.owner.full_name}, {'was due' if late else 'due'} {short_day(action.due_on, now)}"


def _out_of_reach(meeting: Meeting) -> str:
    """Nothing is lost silently: what the meeting holds and this person may no longer open."""
    written, unwritten = out_of_reach(meeting)
    said = []
    if written:
        said.append(
            f"{plural(written, 'case')} with words of yours {'is' if written == 1 else 'are'} no longer yours to open: the"
            " supervision line, or the therapist, has changed. The words are kept as your unsigned draft, which the clinical"
            " lead sees waiting; signing leaves them out. If the course is yours to supervise again, you can sign them then."
        )
    if unwritten and not meeting.is_signed:
        said.append(
            f"{plural(unwritten, 'case')} without words {'is' if unwritten == 1 else 'are'} no longer yours and"
            " off this list. The agenda of the course keeps it."
        )
    return " ".join(said)


def courses_to_add(page: MeetingPage, user: User, *, now: datetime) -> list[tuple[UUID, str]]:
    """Open courses of who is there, that are not on the list yet: key and words, by therapist and name."""
    mine = courses_to_supervise(user, at=now).filter(status__in=OPEN)
    listed = [line.case.course_id for line in page.lines]
    rows = (
        mine.exclude(pk__in=listed)
        .select_related("client")
        .order_by("client__last_name", "client__first_name", "pk")
    )
    courses = list(rows)
    names = {one.pk: one.full_name for one in page.people}
    whose = therapists_of([course.pk for course in courses], names, at=now)
    found = [
        (course.pk, course.client.name, names[whose[course.pk]]) for course in courses if course.pk in whose
    ]
    found.sort(key=lambda row: row[2])  # the order by name stays within each therapist
    return [(key, f"{client}, {therapist}") for key, client, therapist in found]


# --- One case ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """An earlier supervision of the course: its day, what was decided, and whether the focus was kept."""

    at: datetime
    words: str
    focus: str
    by: str
    href: str


class BesideCase(Beside):
    """What stands beside a case: the course so far, the last note, the formulation, the circles and the last decisions."""

    def __init__(self, course: Course, *, user: User, now: datetime) -> None:
        super().__init__(course, beside.this_moment(course, at=now), user=user)
        rows = Course.objects.content_visible_to(user).select_related("client")
        around = rows.annotate(people_in_short=people_in_short(user)).get(pk=course.pk)
        self.circles = circles_in_short(around)
        self.formulation = (
            Formulation.objects.visible_to(user).filter(course=course).order_by("-number").first()
        )
        self.foci = beside.agreed_focus(course, user)
        self.decided = last_decisions(course, user, now=now)
        self.now = now

    @property
    def anxiety(self) -> list[int]:
        return self.earlier["gad7"].totals

    @property
    def where(self) -> str:
        """Session 4 next · grief."""
        nouns = [self._area(focus) for focus in self.foci]
        return " · ".join([f"session {self.so_far.number} next", *nouns])

    @staticmethod
    def _area(focus: Any) -> str:
        return str(focus.get_area_display()).lower()

    @property
    def scores(self) -> str:
        """PHQ-9 14 → 20, GAD-7 11 → 13."""
        said = []
        for code, earlier in self.earlier.items():
            if earlier.totals:
                first, last = earlier.totals[0], earlier.totals[-1]
                arrow = f"{first} → {last}" if len(earlier.totals) > 1 else str(first)
                said.append(f"{BY_CODE[code].name} {arrow}")
        return ", ".join(said)


def last_decisions(course: Course, user: User, *, now: datetime) -> list[Decided]:
    rows = (
        Note.objects.visible_to(user)
        .signed()
        .standing()
        .filter(course=course, kind=NoteKind.SUPERVISION)
        .select_related("author")
        .order_by("-happened_at", "-signed_at")[:LAST_DECISIONS]
    )
    return [
        Decided(
            at=row.happened_at or now,
            words=row.next_time.strip(),
            focus=records.FOCUS.get(row.supervision.get("focus", ""), ""),
            by=row.author.full_name,
            href=address("supervision:record", row.course_id, row.pk),
        )
        for row in rows
    ]


# --- A record ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """What the therapist signed, and whether it is what lay before them; None where the reader cannot check it."""

    row: CaseSignature
    is_intact: bool | None


@dataclass(frozen=True)
class AgreedThen:
    """An action as it was agreed, and where it stands now."""

    what: str
    owner: str
    due: Any
    said: str
    href: str


def signatures_of(note: Note, signed: ReadNote, user: User) -> list[Signature]:
    """`signed` is the record as the reader sees it, with its addenda."""
    rows = CaseSignature.objects.visible_to(user).filter(note=note).select_related("by").order_by("at", "pk")
    added = [each.addendum for each in signed.after if each.addendum]
    found = []
    for row in rows:
        read = [note.sha256]
        for addendum in added:
            struck, at = addendum.struck, addendum.note.signed_at
            if at and at <= row.at and (struck is None or struck.at > row.at):
                read.append(addendum.note.sha256)
        found.append(Signature(row, row.sha256 == records.signature_sha256_of(row, read=read)))
    return found


def agreed_in(note: Note, user: User, *, now: datetime) -> list[AgreedThen]:
    """The actions of a record, each with what came of it since. One question."""
    rows = note.supervision.get("actions", [])
    if not rows:
        return []
    # Agreed in the same act as the record was signed.
    since = CourseAction.objects.visible_to(user).filter(course=note.course_id, agreed_by=note.author_id)
    by_words: dict[str, CourseAction] = {}
    for action in since.select_related("owner").order_by("-agreed_at"):
        if note.signed_at and abs(action.agreed_at - note.signed_at).total_seconds() < 300:
            by_words.setdefault(action.what, action)
    found = []
    for row in rows:
        action = by_words.get(row["what"])
        found.append(
            AgreedThen(
                what=row["what"],
                owner=row["owner_name"],
                due=records.day_of(row["due"]),
                said=_said_since(action, now) if action else "",
                href=address("supervision:action", action.course_id, action.pk) if action else "",
            )
        )
    return found


def _said_since(action: CourseAction, now: datetime) -> str:
    if action.outcome:
        words = f": {action.words}" if action.words else ""
        return f"{action.get_outcome_display()}{words}"
    return "Overdue" if action.due_on < timezone.localdate(now) else "Open"
