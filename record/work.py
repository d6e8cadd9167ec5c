"""What was worked on in a course, added up: strategies and techniques that were ticked in signed notes, by phase and by focus,
and the tasks of the phases that were done. Read from the notes, kept nowhere."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from courses import tasks, techniques
from courses.dates import in_words
from courses.models import Course
from courses.protocol import FOCUS_AREAS, PHASES
from sessions.models import Note, SessionFocus, TherapySession
from sessions.phase_tasks import Standing, standings_of
from staff.models import User

NO_PHASE = ""  # an assessment, a follow-up, maintenance
COLUMNS = {**PHASES, NO_PHASE: "Outside the phases"}
NAMED = 3  # of what was used most


@dataclass(frozen=True)
class Worked:
    """One session with a signed note: its number, or what it was, and what was ticked."""

    label: str
    words: str
    href: str
    phase: str
    techniques: frozenset[str]
    areas: frozenset[str]


@dataclass(frozen=True)
class Cell:
    """The sessions of one phase in which something was done."""

    column: str
    sessions: list[Worked]


@dataclass(frozen=True)
class Line:
    """One strategy, technique or focus, through the phases. `share` is of 100: the most used has all of it."""

    label: str
    cells: list[Cell]
    count: int
    share: int
    most: str = ""

    @property
    def count_in_words(self) -> str:
        return _sessions(self.count)


@dataclass(frozen=True)
class Group:
    """A heading of the table, the most used first."""

    label: str
    lines: list[Line]


@dataclass(frozen=True)
class TaskLine:
    """One task that is done, and where: in a session, or by hand on a day."""

    label: str
    done: str
    href: str


@dataclass(frozen=True)
class TasksDone:
    phase: str
    lines: list[TaskLine]
    of: int


@dataclass(frozen=True)
class Work:
    """`columns` are the phases in which anything was done; `summary` says it in a sentence or two."""

    columns: list[str]
    groups: list[Group]
    foci: list[Line]
    tasks: list[TasksDone]
    summary: list[str]
    notes: int

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.foci and not any(phase.lines for phase in self.tasks)


def work_of(course: Course, user: User) -> Work:
    """Three questions, however many sessions there are."""
    worked = [_worked(session, course) for session in _sessions_with_notes(course, user)]
    phases = [code for code in COLUMNS if any(one.phase == code for one in worked)]
    done = _tasks(standings_of(course, user), course)
    groups = _groups(worked, phases)
    foci = _foci(worked, phases)
    return Work(
        columns=[COLUMNS[code] for code in phases],
        groups=groups,
        foci=foci,
        tasks=done,
        summary=_summary(worked, groups, foci),
        notes=len(worked),
    )


def _sessions_with_notes(course: Course, user: User) -> Iterable[Any]:
    notes = Note.objects.visible_to(user).of_sessions().signed().standing().filter(session=OuterRef("pk"))
    areas = SessionFocus.objects.visible_to(user).filter(session=OuterRef("pk")).order_by("area")
    rows = TherapySession.objects.visible_to(user).standing().filter(course=course)
    return (
        rows.annotate(
            signed=ArraySubquery(notes.values(json=JSONObject(techniques="techniques"))),
            areas=ArraySubquery(areas.values("area")),
        )
        .filter(signed__len=1)
        .order_by("starts_at", "id")
    )


def _worked(session: Any, course: Course) -> Worked:
    day = in_words(timezone.localdate(session.starts_at), "day")
    name = f"Session {session.number}" if session.number else session.get_kind_display()
    return Worked(
        label=str(session.number or session.get_kind_display()),
        words=f"{name}, {day}",
        href=reverse("sessions:detail", args=[course.pk, session.pk]),
        phase=session.phase,
        techniques=frozenset(session.signed[0]["techniques"]),
        areas=frozenset(session.areas),
    )


# --- Added up ---------------------------------------------------------------------------------------------------------


def _groups(worked: Sequence[Worked], phases: Sequence[str]) -> list[Group]:
    kinds = {
        **{FOCUS_AREAS[area].label: offered for area, offered in techniques.STRATEGIES.items()},
        "In any session": techniques.TECHNIQUES,
    }
    most = max((_times(worked, code) for code in techniques.BY_CODE), default=0)
    groups = []
    for label, offered in kinds.items():
        lines = [_line(one.label, worked, phases, partial(_used, one.code), most) for one in offered]
        used = [line for line in lines if line.count]
        if used:
            groups.append(Group(label, sorted(used, key=lambda line: -line.count)))
    return groups


def _used(code: str, session: Worked) -> bool:
    return code in session.techniques


def _worked_on(area: str, session: Worked) -> bool:
    return area in session.areas


def _times(worked: Sequence[Worked], code: str) -> int:
    return sum(code in session.techniques for session in worked)


def _foci(worked: Sequence[Worked], phases: Sequence[str]) -> list[Line]:
    most = max((sum(area in one.areas for one in worked) for area in FOCUS_AREAS), default=0)
    lines = [
        _line(
            focus.label,
            worked,
            phases,
            partial(_worked_on, area),
            most,
            used_most=_used_most([one for one in worked if area in one.areas]),
        )
        for area, focus in FOCUS_AREAS.items()
    ]
    return [line for line in lines if line.count]


def _line(
    label: str,
    worked: Sequence[Worked],
    phases: Sequence[str],
    was_done: Callable[[Worked], bool],
    most: int,
    *,
    used_most: str = "",
) -> Line:
    cells = [
        Cell(COLUMNS[phase], [one for one in worked if one.phase == phase and was_done(one)])
        for phase in phases
    ]
    count = sum(len(cell.sessions) for cell in cells)
    return Line(label, cells, count, round(100 * count / most) if most else 0, used_most)


def _used_most(worked: Sequence[Worked]) -> str:
    """ "Communication analysis 4, Role play 2"."""
    counted = [(_times(worked, code), known.label) for code, known in techniques.BY_CODE.items()]
    first = sorted((pair for pair in counted if pair[0]), key=lambda pair: -pair[0])[:NAMED]
    return ", ".join(f"{label} {count}" for count, label in first)


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _summary(worked: Sequence[Worked], groups: Sequence[Group], foci: Sequence[Line]) -> list[str]:
    lines = sorted((line for group in groups for line in group.lines), key=lambda line: -line.count)
    said = []
    if lines:
        most = [line for line in lines if line.count == lines[0].count][:NAMED]
        names = " and ".join(line.label[0].lower() + line.label[1:] for line in most)
        said.append(f"Most: {names}, {lines[0].count_in_words}{' each' if len(most) > 1 else ''}.")
    if foci:
        said.append(f"{'; '.join(f'{line.label} in {line.count_in_words}' for line in foci)}.")
    without = sum(not one.techniques for one in worked)
    if lines and without:
        said.append(f"Nothing is ticked in {without} of {len(worked)} signed notes.")
    return said


def _tasks(standings: dict[str, Standing], course: Course) -> list[TasksDone]:
    found = []
    for phase, all_of_it in tasks.TASKS.items():
        done = [standings[task.code] for task in all_of_it if standings[task.code].state == "done"]
        found.append(TasksDone(PHASES[phase], [_task(one, course) for one in done], len(all_of_it)))
    return found


def _task(standing: Standing, course: Course) -> TaskLine:
    day = in_words(standing.on, "day") if standing.on else ""
    where = f"session {standing.session}, " if standing.session else ""
    href = reverse("sessions:detail", args=[course.pk, standing.in_note]) if standing.in_note else ""
    return TaskLine(standing.task.label, f"{where}{day}", href)
