"""The work that was agreed with each client: what the focus asks for, the formulation in the client's words, the contract, and
which tasks of the phases are done. Built once all courses are there; nothing is written to the database here."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from courses import protocol, tasks
from courses.ending_date import propose_end
from courses.models import Contract, Focus, Formulation, TaskMark
from demo.chance import Chance
from demo.words import agreed as words
from interpersonal.models import FocusPerson
from sessions.models import TherapySession
from staff import wordings

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder


class Agreed:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance

    def agree(self) -> None:
        foci: dict[Any, list[Focus]] = {}
        for focus in self.rows.foci:
            foci.setdefault(focus.course_id, []).append(focus)
            self._fill_in(focus)
        self._link_people()
        treated = [course for course in self.clinic.courses if course.course.started_on and course.past]
        for place, course in enumerate(treated):
            held = self._held(course)
            if not held:
                continue
            self._contract(course, held, place)
            standing = [focus for focus in foci.get(course.course.pk, []) if focus.ended_at is None]
            if standing:
                self._formulation(course, held, standing[0])
            if course.course.is_open and not course.leaves_open:
                self._tasks(course, held)

    def _link_people(self) -> None:
        """Who stands on the inventory as part of a focus is the person of it."""
        people = {(person.course_id, person.focus_area): person for person in self.rows.people}
        for focus in self.rows.foci:
            person = people.get((focus.course_id, focus.area)) if focus.ended_at is None else None
            if person and focus.area in ("conflict", "grief"):
                self.rows.focus_people.append(
                    FocusPerson(id=self.chance.key(), focus=focus, person=person, course_id=focus.course_id)
                )

    def _held(self, course: "CourseBuilder") -> list[TherapySession]:
        """Attended treatment sessions, the oldest first."""
        held = [session for session in course.past if session.number is not None]
        return sorted(held, key=lambda session: session.starts_at)

    # --- Focus and formulation ----------------------------------------------------------------------------------------

    def _fill_in(self, focus: Focus) -> None:
        said = words.DETAILS[focus.area][len(focus.about) % len(words.DETAILS[focus.area])]
        for name, value in said.items():
            if name == "years_before":
                focus.happened_on = date(focus.agreed_on.year - int(value), 1, 1)
                focus.happened_to = "year"
            elif name == "months_before":
                before = focus.agreed_on - timedelta(days=30 * int(value))
                focus.happened_on, focus.happened_to = before.replace(day=1), "month"
            else:
                setattr(focus, name, value)

    def _formulation(self, course: "CourseBuilder", held: list[TherapySession], focus: Focus) -> None:
        at = next((each for each in held if each.starts_at.date() >= focus.agreed_on), held[-1])
        texts = words.FORMULATIONS[focus.area]
        for number, text in enumerate(
            texts if course.client.last_name == "Fielding" else texts[-1:], start=1
        ):
            session = held[max(held.index(at) - 1, 0)] if number < 2 and len(texts) > 1 else at
            self.rows.formulations.append(
                Formulation(
                    id=self.chance.key(),
                    course=course.course,
                    number=number,
                    text=course.writer.fill(text),
                    agreed_on=session.starts_at.date(),
                    agreed_at_session=session.number,
                    written_by=session.therapist,
                    written_at=session.ends_at,
                )
            )

    # --- Contract -----------------------------------------------------------------------------------------------------

    def _contract(self, course: "CourseBuilder", held: list[TherapySession], place: int) -> None:
        first, planned = held[0], course.course.planned_sessions
        monthly = course.course.split is None
        agreed = held[min(1, len(held) - 1)]
        starts = first.starts_at.astimezone(self.clinic.now.tzinfo)
        frequency = "monthly" if monthly else "weekly"
        self.rows.contracts.append(
            Contract(
                id=self.chance.key(),
                course=course.course,
                number=1,
                planned_sessions=planned,
                minutes=50,
                frequency=frequency,
                weekday=starts.weekday(),
                at=time(starts.hour, starts.minute),
                ends_on=propose_end(starts.date(), planned, frequency),
                missed_rule=wordings.MISSED_RULE,
                recording=("yes", "no", "not_asked")[place % 3],
                agreed_on=agreed.starts_at.date(),
                agreed_by=agreed.therapist,
                written_at=agreed.ends_at,
            )
        )

    # --- Tasks of the phases ------------------------------------------------------------------------------------------

    def _tasks(self, course: "CourseBuilder", held: list[TherapySession]) -> None:
        """By hand what no note has ticked: of a phase that has ended all, of the one that goes on the first."""
        split = course.course.split
        if not split:
            return
        before = 0
        for phase, count in zip(protocol.PHASES, split, strict=True):
            listed = tasks.TASKS[phase]
            sessions = held[before : before + count]
            before += count
            if not sessions:
                return
            done = listed if len(sessions) == count else listed[: len(listed) * len(sessions) // count]
            half_way = 2 * len(held) >= course.course.planned_sessions
            for place, task in enumerate(done):
                if task.code not in course.ticked and (task.code != tasks.MID_POINT or half_way):
                    self._mark(course, task.code, sessions[place * len(sessions) // len(listed)])

    def _mark(self, course: "CourseBuilder", task: str, session: TherapySession) -> None:
        self.rows.task_marks.append(
            TaskMark(
                id=self.chance.key(),
                course=course.course,
                task=task,
                state="done",
                done_on=session.starts_at.date(),
                by=session.therapist,
                at=session.ends_at,
            )
        )
