"""The checklist of a phase as the log page shows it: what is open and may be ticked, and what is done, with where. Where a task
stands is worked out in phase_tasks.py."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from courses import protocol, tasks
from courses.models import TaskMark
from courses.tasks import Task
from sessions.beside import short
from sessions.phase_tasks import Standing


@dataclass(frozen=True)
class Checklist:
    """`others` are tasks of the phases before that are open still, and whatever is ticked already; `done` says of each when, or
    why it does not apply."""

    phase: str
    open: list[Task]
    others: list[Task]
    done: list[tuple[Task, str]]

    @property
    def name(self) -> str:
        return protocol.PHASES[self.phase].lower()

    @property
    def words(self) -> str:
        said = f"{len(self.open)} open" if self.open else "all done"
        return f"{said}, {len(self.others)} of another phase" if self.others else said


def checklist(
    phase: str, standings: Mapping[str, Standing], *, ticked: Collection[str], without: Collection[str] = ()
) -> Checklist:
    """What this session ticked may be taken back, so it stands among the open ones. `without` are codes that the page shows
    elsewhere. An unknown phase raises ValueError."""
    phases = list(protocol.PHASES)
    before = phases[: phases.index(phase)]
    asked = {code for code, standing in standings.items() if standing.is_open or code in ticked}
    asked.difference_update(without)
    of_phase = tasks.TASKS[phase]
    return Checklist(
        phase=phase,
        open=[task for task in of_phase if task.code in asked],
        others=[
            task
            for one in phases
            for task in tasks.TASKS[one]
            if one != phase and task.code in asked and (one in before or task.code in ticked)
        ],
        done=[
            (task, _when(standings[task.code]))
            for task in of_phase
            if task.code not in asked and task.code not in without
        ],
    )


def _when(standing: Standing) -> str:
    if standing.state == TaskMark.State.NOT_APPLICABLE:
        return f"does not apply: {standing.reason}"
    if standing.session:
        return f"session {standing.session}"
    return short(standing.on) if standing.on else "done"
