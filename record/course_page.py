"""What the course page shows, asked in as few questions as it takes whatever the number of sessions: one for the course
with its client, focus and status history, then one each for allocations, sessions, note states, contact notes and scores.

Who may not read clinical content gets the same page without it, because none of it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from access import policy
from courses import protocol, tasks
from courses.ending import Countdown, countdown
from courses.lifecycle import Status
from courses.models import Allocation, Course, CourseAction, CourseMove, Focus, Formulation, Stage
from courses.strip import Strip, strip_of
from interpersonal.drawing import Drawing
from interpersonal.in_short import circles_in_short, people_in_short
from outcomes import goals
from outcomes.models import Considered, Signal
from outcomes.signal_page import reason
from outcomes.signal_rules import BY_RULE
from outcomes.signals import expects_of, newest_model
from record.acts import Act, acts_for, ending, moving, seldom_acts_for
from record.addresses import address
from record.chart_events import events_in_short, events_of
from record.entries import Notes, Reader, Row, contact_rows, session_row
from record.forms import forms_of
from record.progress import NOT_TAKEN, Occasion, Progress, first_scores, progress_of
from record.timeline import week_events
from sessions import link_panel
from sessions.missed import missed_in_a_row, proposal_after
from sessions.models import TREATMENT_TYPES, ContactDue, TherapySession
from sessions.note_states import states_of
from sessions.phase_tasks import is_half_way, open_in_short, said_in_short
from staff.models import User

ROWS_A_PAGE = 40


@dataclass(frozen=True)
class FocusLine:
    label: str
    about: str
    agreed_on: date
    stage: str = ""  # of a conflict

    @property
    def words(self) -> str:
        return f"{self.label}: {self.about}" if self.about else self.label


@dataclass(frozen=True)
class FormulationShown:
    """The version that stands."""

    text: str
    agreed_on: date | None
    agreed_at_session: int | None


@dataclass(frozen=True)
class TasksOpen:
    """The tasks of the phase that the course is in."""

    label: str
    open: list[str]
    of: int


@dataclass(frozen=True)
class SignalLine:
    """A signal of the course; `review` is empty while nobody has answered it."""

    name: str
    reason: str
    href: str
    raised_at: datetime
    review: str
    by: str
    reviewed_at: datetime | None


@dataclass(frozen=True)
class ProposedEnd:
    """So many appointments were missed in a row that the clinic asks whether the course should end. `href` is empty for who
    does not decide it."""

    missed: int
    last: datetime
    href: str


@dataclass(frozen=True)
class ToDo:
    """What was agreed in supervision and is open still; the address is that of the action's own page."""

    what: str
    owner: str
    due_on: date
    is_overdue: bool
    href: str


@dataclass(frozen=True)
class Supervision:
    """What the course page says of supervision. `propose` takes a question for the agenda, and is empty for who brings none."""

    to_do: list[ToDo]
    propose: str
    href: str


@dataclass(frozen=True)
class Move:
    """A status that the course had from a day on."""

    status: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class CoursePage:
    """Everything the template states. `progress`, `signals`, `foci` and `contact_due` are empty for whoever reads the diary."""

    course: Course
    is_clinical: bool
    strip: Strip
    attended: int
    missed: int
    therapist: User | None
    foci: list[FocusLine]
    progress: Progress | None
    signals: list[SignalLine]
    goals: list[goals.InShort]
    formulation: FormulationShown | None
    circles: Drawing | None
    tasks: TasksOpen | None
    supervision: Supervision | None
    mid_point_due: bool
    acts: list[Act]
    seldom_acts: list[Act]
    ahead: list[Row]
    rows: Page[Row]
    contact_due: list[tuple[ContactDue, str]]
    proposed_end: ProposedEnd | None
    moves: list[Move]
    links: link_panel.Panel
    edit_client: str

    @property
    def programme(self) -> str:
        """With the number of sessions where it is not the programme's own."""
        name, planned = self.course.get_programme_display(), self.course.planned_sessions
        usual = protocol.planned_sessions(self.course.programme)
        return name if planned == usual else f"{name} ({planned} planned)"

    @property
    def countdown(self) -> Countdown | None:
        """From four sessions before the planned end on, while treatment is under way."""
        count = countdown(self.course, attended=self.attended)
        under_way = self.course.status in (Status.IN_TREATMENT, Status.PAUSED)
        return count if under_way and count.is_near else None

    @property
    def has_ended(self) -> bool:
        return not self.course.is_open

    @property
    def counts(self) -> dict[str, int]:
        """For the chips that lead to the pages of the course (`ui.ways`)."""
        people = {"people": len(self.circles.people)} if self.circles else {}
        return {"sessions": self.attended, **people}


def find_course(user: User, course_id: UUID) -> tuple[Course, bool]:
    """The course, and whether this person may read its clinical content. 404 where they may not see it at all."""
    readable = Course.objects.content_visible_to(user)
    for rows, is_clinical in ((_with_foci(readable, user), True), (Course.objects.visible_to(user), False)):
        course = _with_history(rows, user).filter(pk=course_id).first()
        if course:
            return course, is_clinical
    raise Http404


def course_page(course: Course, user: User, *, is_clinical: bool, page: str, at: datetime) -> CoursePage:
    sessions = _sessions(course, user, is_clinical)
    forms = forms_of(course, user) if is_clinical else []
    bands = expects_of(getattr(course, "newest_model", None), first_scores(forms))
    progress = progress_of(
        course,
        sessions,
        forms,
        bands,
        is_adult=course.client.age(on=timezone.localdate(at)) >= 18,
        events=events_of(course, sessions) if is_clinical else (),
    )
    foci = _foci(course) if is_clinical else []
    scores = {
        occasion.session.pk: _scores(occasion, course)
        for occasion in (progress.occasions if progress else [])
        if occasion.session
    }
    notes = Notes(states_of(course.pk) if is_clinical else ())
    therapist = _therapist(course, at)
    reader = Reader(course, user, is_clinical=is_clinical, at=at, carrier=therapist)
    rows = [session_row(session, notes, scores.get(session.pk, []), reader) for session in sessions]
    ahead = [row for row in rows if row.session and _is_ahead(row.session, at)]
    past = [row for row in rows if row not in ahead] + contact_rows(notes, reader)
    attended = sum(session.number is not None for session in sessions)
    return CoursePage(
        course=course,
        is_clinical=is_clinical,
        strip=strip_of(course.plan, course.planned_sessions, _treatment(sessions)),
        attended=attended,
        missed=sum(session.was_missed for session in _treatment(sessions)),
        therapist=therapist,
        foci=foci,
        progress=progress,
        signals=_signals(course) if is_clinical else [],
        goals=goals.lines_in_short(course) if is_clinical else [],
        circles=circles_in_short(course) if is_clinical else None,
        formulation=_formulation(course) if is_clinical else None,
        tasks=_tasks(course, attended) if is_clinical else None,
        supervision=_supervision(course, user, at) if is_clinical else None,
        mid_point_due=is_clinical and _mid_point_due(course, attended),
        acts=acts_for(
            course,
            user,
            next_number=1 + attended,
            to_log=_to_log(sessions, at),
        ),
        seldom_acts=seldom_acts_for(course, user, has_focus=bool(foci), is_clinical=is_clinical),
        ahead=ahead,
        rows=Paginator(sorted(past, key=lambda row: row.at, reverse=True), ROWS_A_PAGE).get_page(page),
        contact_due=_contact_due(course, sessions) if is_clinical else [],
        proposed_end=_proposed_end(course, user, sessions),
        moves=_moves(course),
        links=link_panel.panel_of(course, user),
        edit_client=address("clients:edit", course.client_id)
        if policy.may_edit_client_of(user, course)
        else "",
    )


# --- Questions to the database ----------------------------------------------------------------------------------------


def _with_history(rows: QuerySet[Course], user: User) -> QuerySet[Course]:
    # What was called off before it began is empty, and says nothing.
    allocations = (
        Allocation.objects.visible_to(user)
        .filter(Q(ends_at=None) | Q(ends_at__gt=F("starts_at")))
        .select_related("therapist", "by")
    )
    moves = CourseMove.objects.visible_to(user).filter(course=OuterRef("pk")).order_by("-at")
    return (
        link_panel.with_links(rows, user)
        .select_related("client")
        .prefetch_related(Prefetch("allocations", allocations))
        .annotate(
            proposal_after=proposal_after(),
            status_history=ArraySubquery(
                moves.values(json=JSONObject(status="after", at="at", by="by__full_name", reason="reason"))
            ),
        )
    )


def _with_foci(rows: QuerySet[Course], user: User) -> QuerySet[Course]:
    foci = Focus.objects.visible_to(user).filter(course=OuterRef("pk")).current().order_by("position")
    signals = Signal.objects.visible_to(user).standing().filter(course=OuterRef("pk")).order_by("-raised_at")
    actions = (
        CourseAction.objects.visible_to(user)
        .filter(course=OuterRef("pk"))
        .open()
        .order_by("due_on", "agreed_at")
    )
    formulations = Formulation.objects.visible_to(user).filter(course=OuterRef("pk")).order_by("-number")[:1]
    return rows.annotate(
        newest_model=Subquery(newest_model()),
        open_actions=ArraySubquery(
            actions.values(json=JSONObject(id="id", what="what", due_on="due_on", owner="owner__full_name"))
        ),
        current_foci=ArraySubquery(
            foci.values(json=JSONObject(area="area", about="about", agreed_on="agreed_on", stage="stage"))
        ),
        newest_formulation=ArraySubquery(
            formulations.values(
                json=JSONObject(text="text", agreed_on="agreed_on", agreed_at_session="agreed_at_session")
            )
        ),
        **said_in_short(user),
        goals_in_short=goals.in_short(user),
        people_in_short=people_in_short(user),
        events_in_short=events_in_short(user),
        all_signals=ArraySubquery(
            signals.values(
                json=JSONObject(
                    id="id",
                    measure="measure",
                    rule="rule",
                    session_number="session_number",
                    baseline="baseline",
                    score="score",
                    limit="limit",
                    raised_at="raised_at",
                    reviewed_at="reviewed_at",
                    by="reviewed_by__full_name",
                    considered="considered",
                    plan="plan",
                )
            )
        ),
    )


def _sessions(course: Course, user: User, is_clinical: bool) -> list[TherapySession]:
    rows = TherapySession.objects.visible_to(user).filter(course=course).select_related("therapist", "room")
    if is_clinical:
        rows = rows.select_related("contact_due").annotate(week=week_events(user))
    return list(rows.order_by("starts_at", "id"))


# --- What is made of the answers ----------------------------------------------------------------------------------------


def _foci(course: Any) -> list[FocusLine]:
    return [
        FocusLine(
            protocol.FOCUS_AREAS[row["area"]].label,
            row["about"],
            date.fromisoformat(row["agreed_on"]),
            str(Stage(row["stage"]).label) if row["stage"] else "",
        )
        for row in course.current_foci
    ]


def _formulation(course: Any) -> FormulationShown | None:
    for row in course.newest_formulation:
        agreed_on = date.fromisoformat(row["agreed_on"]) if row["agreed_on"] else None
        return FormulationShown(row["text"], agreed_on, row["agreed_at_session"])
    return None


def _tasks(course: Course, attended: int) -> TasksOpen | None:
    """Of the phase of the next session; none in a programme without phases."""
    if not course.split:
        return None
    phase = protocol.phase_of(course.plan, attended + 1)
    still = [code for code in open_in_short(course) if tasks.BY_CODE[code].phase == phase]
    return TasksOpen(
        protocol.PHASES[phase], [tasks.BY_CODE[code].label for code in still], len(tasks.TASKS[phase])
    )


def _supervision(course: Any, user: User, at: datetime) -> Supervision:
    today = timezone.localdate(at)
    to_do = []
    for row in course.open_actions:
        due_on = date.fromisoformat(row["due_on"])
        href = address("supervision:action", course.pk, UUID(row["id"]))
        to_do.append(ToDo(row["what"], row["owner"], due_on, due_on < today, href))
    propose = address("supervision:propose", course.pk)
    return Supervision(
        to_do,
        propose if policy.may_bring_to_supervision(user, course) else "",
        address("supervision:course", course.pk),
    )


def _mid_point_due(course: Course, attended: int) -> bool:
    return course.is_open and is_half_way(course, attended) and tasks.MID_POINT in open_in_short(course)


def _signals(course: Any) -> list[SignalLine]:
    """The open ones first."""
    lines = [_signal(course, row) for row in course.all_signals]
    return sorted(lines, key=lambda line: line.reviewed_at is not None)


def _signal(course: Any, row: dict[str, Any]) -> SignalLine:
    considered = ", ".join(Considered(choice).label for choice in row["considered"])
    return SignalLine(
        name=BY_RULE[row["rule"]].name,
        reason=reason(
            row["measure"],
            row["rule"],
            session_number=row["session_number"],
            baseline=row["baseline"],
            score=row["score"],
            limit=None if row["limit"] is None else int(row["limit"]),
        ),
        href=address("outcomes:signal", course.pk, UUID(row["id"])),
        raised_at=datetime.fromisoformat(row["raised_at"]),
        review=f"Considered: {considered}. Plan: {row['plan']}" if row["reviewed_at"] else "",
        by=row["by"] or "",
        reviewed_at=datetime.fromisoformat(row["reviewed_at"]) if row["reviewed_at"] else None,
    )


def _moves(course: Any) -> list[Move]:
    return [
        Move(Status(row["status"]).label, datetime.fromisoformat(row["at"]), row["by"], row["reason"])
        for row in course.status_history
    ]


def _therapist(course: Course, at: datetime) -> User | None:
    for allocation in course.allocations.all():
        if allocation.kind == Allocation.Kind.SCREENING:
            continue
        if allocation.starts_at <= at and (allocation.ends_at is None or allocation.ends_at > at):
            return allocation.therapist
    return None


def _treatment(sessions: Sequence[TherapySession]) -> list[TherapySession]:
    return [
        session
        for session in sessions
        if session.appointment_type in TREATMENT_TYPES and session.entered_in_error_at is None
    ]


def _is_ahead(session: TherapySession, at: datetime) -> bool:
    return session.starts_at >= at and session.attendance is None and session.entered_in_error_at is None


def _to_log(sessions: Sequence[TherapySession], at: datetime) -> TherapySession | None:
    """The appointment that the next logging is about: the earliest one not logged up to the end of today."""
    today = timezone.localdate(at)
    waiting = (
        session
        for session in sessions
        if session.attendance is None
        and session.entered_in_error_at is None
        and timezone.localdate(session.starts_at) <= today
    )
    return next(waiting, None)


def _scores(occasion: Occasion, course: Course) -> list[Act]:
    """Each leads to its questionnaire."""
    return [
        Act(
            f"{reading.name} {reading.words if reading.total is None else reading.total}",
            address("outcomes:response", course.pk, reading.response_id),
        )
        for reading in occasion.readings
        if reading.words != NOT_TAKEN
    ]


def _proposed_end(course: Any, user: User, sessions: Sequence[TherapySession]) -> ProposedEnd | None:
    """An administrative fact: a number and a day."""
    standing = [session for session in reversed(sessions) if session.entered_in_error_at is None]
    missed = missed_in_a_row(session.attendance for session in standing)
    if not course.is_open or missed < course.proposal_after:
        return None
    return ProposedEnd(
        missed,
        next(session.starts_at for session in standing if session.was_missed),
        moving(course, user) if course.status == Status.WAITING else ending(course, user),
    )


def _contact_due(course: Course, sessions: Sequence[TherapySession]) -> list[tuple[ContactDue, str]]:
    """Contacts still due, each with the address where it is answered; none after a session that was entered in error."""
    standing = (session for session in sessions if session.entered_in_error_at is None)
    due = (getattr(session, "contact_due", None) for session in standing)
    return [
        (contact, address("sessions:contact", course.pk, contact.session_id))
        for contact in due
        if contact and contact.answered_at is None
    ]
