"""What the page of the phase tasks states: the checklist of each phase, what the record itself says of a task, and the review
at half-way while it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from courses import protocol, tasks
from courses.models import Contract, Course, EndingPlan, Focus, Formulation
from interpersonal.models import Person, TimelineEntry
from record.addresses import address
from sessions.phase_tasks import MidPoint, Standing, mid_point_of, standings_of
from staff.models import User


@dataclass(frozen=True)
class Knows:
    """What stands in the record already about a task: said beside it, proposed, never ticked by itself."""

    words: str
    href: str
    on: date | None = None


@dataclass(frozen=True)
class TaskLine:
    standing: Standing
    knows: Knows | None
    note: str  # the address of the session in which it was ticked

    @property
    def task(self) -> tasks.Task:
        return self.standing.task


@dataclass(frozen=True)
class PhaseList:
    """The checklist of one phase. `sessions` says which ones it holds: "sessions 1 to 4"."""

    code: str
    label: str
    sessions: str
    has_ended: bool
    is_now: bool
    lines: list[TaskLine]

    @property
    def open(self) -> int:
        return sum(line.standing.is_open for line in self.lines)


@dataclass(frozen=True)
class TasksPage:
    phases: list[PhaseList]
    mid_point: MidPoint | None
    attended: int


def tasks_page(course: Course, user: User) -> TasksPage:
    """As many questions for a course of two notes as for one of forty."""
    attended = course.sessions.numbered().count()
    standings = standings_of(course, user)
    knows = what_the_record_says(course, user)
    return TasksPage(
        phases=[
            _phase(course, phase, attended, [_line(course, standings[task.code], knows) for task in of_phase])
            for phase, of_phase in tasks.TASKS.items()
        ],
        mid_point=mid_point_of(course, user, attended=attended, standings=standings),
        attended=attended,
    )


def _phase(course: Course, phase: str, attended: int, lines: list[TaskLine]) -> PhaseList:
    first, last = sessions_of(course, phase)
    return PhaseList(
        code=phase,
        label=protocol.PHASES[phase],
        sessions=_in_words(first, last),
        has_ended=last is not None and attended >= last,
        is_now=protocol.phase_of(course.plan, attended + 1) == phase,
        lines=lines,
    )


def sessions_of(course: Course, phase: str) -> tuple[int | None, int | None]:
    """The first and the last session of a phase by the course's own split; None where the programme has no phases."""
    if not course.split:
        return None, None
    place = list(protocol.PHASES).index(phase)
    before = sum(course.split[:place])
    return before + 1, before + course.split[place]


def _in_words(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return ""
    if last < first:
        return "no session planned"
    return f"session {first}" if first == last else f"sessions {first} to {last}"


def _line(course: Course, standing: Standing, knows: Mapping[str, Knows]) -> TaskLine:
    note = address("sessions:detail", course.pk, standing.in_note) if standing.in_note else ""
    return TaskLine(standing, knows.get(standing.task.code) if standing.is_open else None, note)


def what_the_record_says(course: Course, user: User) -> dict[str, Knows]:
    """Tasks of which the record itself shows something, by their code."""
    said: dict[str, Knows] = {}
    contract = Contract.objects.visible_to(user).filter(course=course).order_by("number").first()
    if contract:
        on = contract.agreed_on
        said["initial_contract"] = Knows(
            f"There is a contract since {_day(on)}", address("courses:contract", course.pk), on
        )
    formulation = (
        Formulation.objects.visible_to(user)
        .filter(course=course, agreed_on__isnull=False)
        .order_by("number")
        .first()
    )
    if formulation:
        said["initial_formulation"] = Knows(
            f"A formulation was agreed on {_day(formulation.agreed_on)}",
            address("courses:formulation", course.pk),
            formulation.agreed_on,
        )
    focus = Focus.objects.visible_to(user).filter(course=course).order_by("agreed_on").first()
    if focus:
        said["initial_focus"] = Knows(
            f"A focus is agreed since {_day(focus.agreed_on)}",
            address("courses:formulation", course.pk),
            focus.agreed_on,
        )
    people = Person.objects.visible_to(user).standing().filter(course=course)
    placed = people.filter(x__isnull=False).count()
    if placed:
        stand = "person stands" if placed == 1 else "people stand"
        said["initial_inventory"] = Knows(
            f"{placed} {stand} in the circles", address("interpersonal:people", course.pk)
        )
    events = TimelineEntry.objects.visible_to(user).standing().filter(course=course).count()
    if events:
        stand = "event stands" if events == 1 else "events stand"
        said["initial_timeline"] = Knows(
            f"{events} {stand} on the timeline", address("record:timeline", course.pk)
        )
    return said | _what_the_ending_says(course, user)


def _what_the_ending_says(course: Course, user: User) -> dict[str, Knows]:
    """Parts of the ending that are written, by the task that they belong to."""
    plan = EndingPlan.objects.visible_to(user).filter(course=course).order_by("-number").first()
    if plan is None:
        return {}
    on = timezone.localdate(plan.written_at)
    knows = Knows(
        f"It is written on the page of the ending since {_day(on)}", address("courses:ending", course.pk), on
    )
    return {task: knows for task, part in PARTS_OF_THE_ENDING.items() if getattr(plan, part)}


PARTS_OF_THE_ENDING = {
    "end_feelings": "feelings",
    "end_changes": "what_changed",
    "end_skills": "skills",
    "end_unresolved": "unresolved",
    "end_early_signs": "early_signs",
    "end_return": "how_to_return",
}


def _day(day: date | None) -> str:
    return date_format(day, "D j M Y") if day else ""
