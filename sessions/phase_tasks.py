"""Where the tasks of each phase stand (`courses.tasks`), and the review at half-way.

A task is ticked in a session’s signed note or marked by hand; the newer of the two counts. Drafts count for nothing,
and what stands in a note that was entered in error has never been ticked. Nothing here ticks by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, IntegerField, OuterRef, TextField
from django.db.models.functions import JSONObject
from django.utils import timezone

from courses import tasks
from courses.models import Course, Focus, TaskMark
from courses.tasks import Task
from outcomes import goals
from outcomes.measures import BY_CODE
from outcomes.models import Response
from sessions.models import Note
from staff.models import User

OPEN, DONE, NOT_APPLICABLE = (TaskMark.State.OPEN, TaskMark.State.DONE, TaskMark.State.NOT_APPLICABLE)
MEASURES = ("phq9", "gad7")


@dataclass(frozen=True)
class Standing:
    """Where one task stands. `session` is the number of the session in whose note it was ticked; `at` orders what was said."""

    task: Task
    state: str = OPEN.value
    on: date | None = None
    session: int | None = None
    in_note: Any = None
    reason: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


def standings_of(course: Course, user: User) -> dict[str, Standing]:
    """Each task by its code, in the order of the phases: two questions, however many notes there are."""
    said = sorted([*_marked(course, user), *_ticked(course, user)], key=lambda standing: standing.at)  # type: ignore[arg-type,return-value]  # each was said at a time
    newest = {standing.task.code: standing for standing in said}
    return {code: newest.get(code, Standing(task)) for code, task in tasks.BY_CODE.items()}


def _marked(course: Course, user: User) -> Iterable[Standing]:
    rows = TaskMark.objects.visible_to(user).filter(course=course).select_related("by")
    for mark in rows:
        if mark.task in tasks.BY_CODE:
            yield Standing(
                tasks.BY_CODE[mark.task],
                state=mark.state,
                on=mark.done_on,
                reason=mark.reason,
                by=mark.by.full_name,
                at=mark.at,
            )


def _ticked(course: Course, user: User) -> Iterable[Standing]:
    notes = _notes(user).filter(course=course).select_related("session", "author")
    for note in notes.only(
        "tasks", "signed_at", "session__starts_at", "session__number", "author__full_name"
    ):
        for code in note.tasks:
            if code in tasks.BY_CODE and note.session is not None:
                yield Standing(
                    tasks.BY_CODE[code],
                    state=DONE.value,
                    on=timezone.localdate(note.session.starts_at),
                    session=note.session.number,
                    in_note=note.session_id,
                    by=note.author.full_name,
                    at=note.signed_at,
                )


def _notes(user: User) -> Any:
    return Note.objects.visible_to(user).of_sessions().signed().standing().exclude(tasks=[])


# --- Asked with other questions -----------------------------------------------------------------------------------------


def said_in_short(user: User) -> dict[str, ArraySubquery]:
    """What `open_in_short` reads, to be annotated on courses: it costs no question of its own."""
    marks = TaskMark.objects.visible_to(user).filter(course=OuterRef("pk")).order_by("at", "id")
    notes = _notes(user).filter(course=OuterRef("pk"))
    return {
        "tasks_marked": ArraySubquery(marks.values(json=JSONObject(task="task", state="state", at="at"))),
        "tasks_ticked": ArraySubquery(notes.values(json=JSONObject(tasks="tasks", at="signed_at"))),
    }


def open_in_short(course: Any) -> list[str]:
    """The codes of the tasks that are open, in the order of the phases."""
    said = [(datetime.fromisoformat(row["at"]), row["task"], row["state"]) for row in course.tasks_marked]
    for row in course.tasks_ticked:
        said += [(datetime.fromisoformat(row["at"]), code, DONE.value) for code in row["tasks"]]
    newest = {code: state for _, code, state in sorted(said)}
    return [code for code in tasks.BY_CODE if newest.get(code, OPEN.value) == OPEN]


def count_open(course: str, among: Any) -> Func:
    """How many of the tasks that `among` lists (an array of codes) are open in the course that the column `course` names: for
    a rule that the database is asked. As above, the newer counts."""
    said_later = TaskMark.objects.filter(
        course=OuterRef("course"), task=OuterRef("task"), at__gt=OuterRef("at")
    )
    newest = TaskMark.objects.filter(~Exists(said_later), course=OuterRef(course)).order_by()
    ticked = Note.objects.of_sessions().signed().standing().exclude(tasks=[]).order_by()
    ticked_later = ticked.filter(
        course=OuterRef("course"),
        tasks__contains=Func(OuterRef("task"), template="ARRAY[%(expressions)s]::varchar[]"),
        signed_at__gt=OuterRef("at"),
    )
    every = Func(F("tasks"), function="unnest", set_returning=True, output_field=TextField())
    still = _less(
        _each(among),
        _each(ArraySubquery(newest.exclude(state=OPEN).values("task"))),
        _less(
            _each(ArraySubquery(ticked.filter(course=OuterRef(course)).values(code=every))),
            _each(ArraySubquery(newest.filter(~Exists(ticked_later), state=OPEN).values("task"))),
        ),
    )
    return Func(
        still, template="(SELECT count(*) FROM %(expressions)s AS still)", output_field=IntegerField()
    )


def _each(array: Any) -> Func:
    return Func(array, template="SELECT unnest(%(expressions)s)::text", output_field=TextField())


def _less(*sets: Any) -> Func:
    """The first without what the others hold."""
    return Func(*sets, template="(%(expressions)s)", arg_joiner=" EXCEPT ", output_field=TextField())


# --- Half-way -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """A measure at the start and now; `last` is None where it was taken once."""

    name: str
    first: int
    last: int | None


@dataclass(frozen=True)
class MidPoint:
    """What is looked at together half-way. It is due until the task `courses.tasks.MID_POINT` is done or does not apply."""

    attended: int
    planned: int
    scores: list[Score]
    foci: list[str]
    goals: list[goals.GoalLine]

    @property
    def left(self) -> int:
        return max(self.planned - self.attended, 0)

    @property
    def unrated(self) -> int:
        """Goals of which nobody has said how near they are."""
        return sum(not line.values for line in self.goals)


def is_half_way(course: Course, attended: int) -> bool:
    """From session 8 of 16 on, session 3 of 5. A programme without phases has no mid-point."""
    return course.split is not None and 2 * attended >= course.planned_sessions


def mid_point_of(
    course: Course, user: User, *, attended: int, standings: Mapping[str, Standing] | None = None
) -> MidPoint | None:
    """The review at half-way while it is due, None before and once it is done. `attended` is the number of the last attended
    session, or of the one that is being written about. Asks the database nothing before half-way."""
    if not course.is_open or not is_half_way(course, attended):
        return None
    if not (standings or standings_of(course, user))[tasks.MID_POINT].is_open:
        return None
    return MidPoint(
        attended=attended,
        planned=course.planned_sessions,
        scores=_scores(course, user),
        foci=[f"{focus}: {focus.about}" if focus.about else str(focus) for focus in _foci(course, user)],
        goals=[line for line in goals.goals_of(course, user) if line.goal.ended_at is None],
    )


def _foci(course: Course, user: User) -> Iterable[Focus]:
    return Focus.objects.visible_to(user).filter(course=course).current().order_by("position")


def _scores(course: Course, user: User) -> list[Score]:
    rows = Response.objects.visible_to(user).standing().filter(course=course, measure__in=MEASURES)
    totals: dict[str, list[int]] = {}
    taken = rows.exclude(total=None).order_by("taken_at", "entered_at").values_list("measure", "total")
    for measure, total in taken:
        totals.setdefault(measure, []).append(total)
    return [
        Score(BY_CODE[code].name, totals[code][0], totals[code][-1] if len(totals[code]) > 1 else None)
        for code in MEASURES
        if code in totals
    ]
