"""Questionnaires beside the PHQ-9 and the GAD-7 of each session: CORE-10, WSAS, UCLA-3 and goals, totals copied from paper, and
what clients fill in by link. Built once all courses are there; nothing is written to the database here."""

import hashlib
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from courses.models import Goal
from demo.chance import Chance
from demo.diary import at
from demo.words import safety as words
from outcomes.measures import BY_CODE
from outcomes.models import Alert, ClinicWording, GoalRating, Link, Response
from outcomes.models.links import LASTS
from outcomes.scoring import score, wsas_without_work
from sessions.models import SessionLink, TherapySession

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

EACH_SESSION = ["phq9", "gad7"]
# The clinic's own words, invented: the published ones are copyright and need its licence.
WSAS_STEM = "Invented words for the demo. How far do your difficulties get in the way, from 0 to 8?"
WSAS_ITEMS = [
    "Doing your job",
    "Keeping house",
    "Going out with others",
    "What you enjoy by yourself",
    "Being close to people",
]


class Measured:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance
        self.now = clinic.now
        self.treated = [
            course
            for course in clinic.courses
            if course.plan.status == "in_treatment" and len(course.signed) > 3
        ]

    def fill_in(self) -> None:
        self._wording()
        for place, course in enumerate(self.treated):
            if course.client.last_name == "Fielding":
                self._goals(course, 3)
            elif place % 2 == 0:
                self._goals(course, 1 + place % 3)
            if place % 3 == 0:
                self._core10(course, with_gap=place % 9 == 0)
            if place % 3 == 1:
                self._wsas(course, without_work=place % 2 == 0)
            if place % 4 == 2:
                self._ucla3(course)
        for course in self.treated[5:9]:
            self._paper(course)
        self._links()

    # --- Other questionnaires -----------------------------------------------------------------------------------------

    def _wording(self) -> None:
        self.rows.wordings.append(
            ClinicWording(
                id=self.chance.key(),
                measure="wsas",
                number=1,
                stem=WSAS_STEM,
                items=WSAS_ITEMS,
                labels=["Not at all", *[""] * 7, "As much as can be"],
                licence="None: invented for the demo in place of the licensed form.",
                entered_by=self.clinic.staff.users["sam"],
                entered_at=self.now - timedelta(days=400),
            )
        )

    def _core10(self, course: "CourseBuilder", *, with_gap: bool) -> None:
        """At the beginning and lately; one answer is missing on some, so that the total is an estimate."""
        for session, heavy in ((self._sessions(course)[0], 3), (self._sessions(course)[-1], 2)):
            answers: list[int | None] = [self.chance.between(max(heavy - 2, 0), heavy) for _ in range(10)]
            answers[1] = answers[2] = 4 - heavy  # these two ask for what is well
            answers[5] = 0
            if with_gap and heavy == 2:
                answers[8] = None
            self._given(course, session, "core10", answers)

    def _wsas(self, course: "CourseBuilder", *, without_work: bool) -> None:
        for session, heavy in ((self._sessions(course)[0], 6), (self._sessions(course)[-1], 4)):
            answers: list[int | None] = [self.chance.between(heavy - 2, heavy + 2) for _ in range(5)]
            if without_work:
                answers[0] = None
            self._given(
                course, session, "wsas", answers, without_work=without_work, instrument_version="1+clinic-1"
            )

    def _ucla3(self, course: "CourseBuilder") -> None:
        for session, heavy in ((self._sessions(course)[0], 3), (self._sessions(course)[-1], 2)):
            answers: list[int | None] = [self.chance.between(heavy - 1, heavy) for _ in range(3)]
            self._given(course, session, "ucla3", answers, unscored=5 - heavy)

    def _given(
        self,
        course: "CourseBuilder",
        session: TherapySession,
        measure: str,
        answers: list[int | None],
        **more: Any,
    ) -> None:
        """Answered on the day of a session, and entered after it."""
        total = wsas_without_work(answers) if more.get("without_work") else score(measure, answers).total
        self.rows.responses.append(
            Response(
                **{
                    "id": self.chance.key(),
                    "course": course.course,
                    "measure": measure,
                    "instrument_version": BY_CODE[measure].version,
                    "answers": answers,
                    "total": total,
                    "taken_at": session.starts_at,
                    "entered_by": session.therapist,
                    "entered_at": min(session.ends_at + timedelta(minutes=12), self.now),
                    **more,
                }
            )
        )

    def _paper(self, course: "CourseBuilder") -> None:
        """A total from the GP's letter, from before the course."""
        when = at(course.course.referred_on, time(12))
        self.rows.responses.append(
            Response(
                id=self.chance.key(),
                course=course.course,
                measure="gad7",
                instrument_version=BY_CODE["gad7"].version,
                answers=[None] * 7,
                total=self.chance.between(11, 17),
                is_total_only=True,
                came="paper",
                taken_at=when,
                entered_by=course.signed[0].author,
                entered_at=self._sessions(course)[0].starts_at,
            )
        )

    def _goals(self, course: "CourseBuilder", count: int) -> None:
        sessions = self._sessions(course)
        agreed = sessions[min(2, len(sessions) - 1)]
        begin = len(self.rows.goals)
        for position in range(1, count + 1):
            text = words.GOALS[(begin + position) % len(words.GOALS)]
            goal = Goal(
                id=self.chance.key(),
                course=course.course,
                text=course.writer.say((text,)) if "{" in text else text,
                position=position,
                agreed_on=agreed.starts_at.date(),
                agreed_by=agreed.therapist,
            )
            self.rows.goals.append(goal)
            near = self.chance.between(0, 3)
            for session in sessions[2::2]:
                self.rows.ratings.append(
                    GoalRating(
                        id=self.chance.key(),
                        goal=goal,
                        course=course.course,
                        value=near,
                        rated_on=session.starts_at.date(),
                        entered_by=session.therapist,
                        entered_at=min(session.ends_at, self.now),
                    )
                )
                near = max(0, min(10, near + self.chance.between(-1, 3)))

    def _sessions(self, course: "CourseBuilder") -> list[TherapySession]:
        """Of the signed ones, the oldest first."""
        return [note.session for note in course.signed if note.session is not None]

    # --- By link ------------------------------------------------------------------------------------------------------

    def _links(self) -> None:
        """Today's clients of the demo therapist, one each way a link can go, and some links of others that have ended."""
        by_name = {course.client.first_name: course for course in self.clinic.courses}
        morning = at(self.clinic.today, time(7, 40))
        named = ("Lena", "Maya", "Owen", "Safiya", "Daniel", "Ruth")
        theirs = [
            course
            for course in self.clinic.courses
            if course.plan.therapist == "amara" and course.client.first_name not in named
        ]
        today = [
            course for course in theirs if course.plan.next_in == 0 and course.plan.status == "in_treatment"
        ]
        self._sent(by_name["Maya"])
        self._came_so_far(self._sent(by_name["Owen"]), "opened", morning)
        self._finished(self._sent(by_name["Safiya"]), by_name["Safiya"], morning, [2, 2, 2, 2, 2, 2, 1, 2, 0])
        self._finished(
            self._sent(today[0]), today[0], morning - timedelta(minutes=20), [2, 1, 2, 1, 1, 2, 1, 0, 1]
        )
        calm = [course for course in self.treated if course.plan.therapist in ("ben", "farid", "cara")]
        self._half_done(self._sent(calm[0]), calm[0], morning)
        self._ended(calm[1], "expired", days=9)
        self._ended(calm[2], "withdrawn", days=16)
        self._ended(calm[3], "tries", days=5)

    def _sent(self, course: "CourseBuilder") -> Link:
        """Yesterday morning, by the schedule, or handed over where the client may not be mailed."""
        may_mail = course.client.may_email and course.client.email
        return self._link(
            course, at(self.clinic.today - timedelta(days=1), time(8)), "mail" if may_mail else "hand"
        )

    def _link(self, course: "CourseBuilder", when: datetime, how: str) -> Link:
        ahead = [
            row
            for row in self.rows.sessions
            if row.course is course.course and not row.attendance and when <= row.starts_at <= when + LASTS
        ]
        key = self.chance.key()
        link = Link(
            id=key,
            course=course.course,
            measures=EACH_SESSION,
            # Of a token that nobody has.
            token_hash=hashlib.sha256(key.bytes).digest(),
            how=how,
            for_day=ahead[0].starts_at.date() if ahead else None,
            created_by=course.user(course.plan.therapist or ""),
            created_at=when,
            expires_at=when + LASTS,
        )
        self.rows.links.append(link)
        if ahead:
            row = SessionLink(id=self.chance.key(), session=ahead[0], course=course.course, link=link)
            self.rows.session_links.append(row)
        return link

    def _came_so_far(self, link: Link, how_far: str, when: datetime) -> None:
        link.opened_at = when
        if how_far != "opened":
            link.confirmed_at = when + timedelta(minutes=1)
            link.begun_at = link.last_answer_at = when + timedelta(minutes=2)

    def _finished(self, link: Link, course: "CourseBuilder", when: datetime, phq9: list[int]) -> None:
        self._came_so_far(link, "finished", when)
        done = when + timedelta(minutes=5)
        link.last_answer_at = link.finished_at = link.ended_at = done
        link.end_reason = "finished"
        form = self._by_link(link, course, "phq9", list(phq9), unscored=1)
        self._by_link(link, course, "gad7", [1, 2, 2, 1, 1, 2, 1])
        if phq9[8]:
            self.rows.alerts.append(
                Alert(
                    id=self.chance.key(),
                    course=course.course,
                    response=form,
                    item=9,
                    value=phq9[8],
                    raised_at=form.taken_at,
                    tell_from=form.taken_at,
                )
            )

    def _half_done(self, link: Link, course: "CourseBuilder", when: datetime) -> None:
        self._came_so_far(link, "begun", when)
        self._by_link(link, course, "phq9", [2, 1, 2, 2, None, None, None, None, None])

    def _by_link(
        self,
        link: Link,
        course: "CourseBuilder",
        measure: str,
        answers: list[int | None],
        unscored: int | None = None,
    ) -> Response:
        assert link.begun_at is not None  # answered once begun
        response = Response(
            id=self.chance.key(),
            course=course.course,
            measure=measure,
            instrument_version=BY_CODE[measure].version,
            answers=answers,
            total=score(measure, answers).total,
            unscored=unscored,
            came="link",
            link=link,
            taken_at=link.begun_at,
            entered_at=link.begun_at,
        )
        self.rows.responses.append(response)
        return response

    def _ended(self, course: "CourseBuilder", reason: str, *, days: int) -> None:
        when = at(self.clinic.today - timedelta(days=days), time(8))
        link = self._link(course, when, "hand")
        link.end_reason = reason
        link.ended_at = {
            "expired": link.expires_at,
            "withdrawn": when + timedelta(hours=5),
            "tries": when + timedelta(hours=9),
        }[reason]
        if reason != "withdrawn":
            link.opened_at = when + timedelta(hours=9)
        link.tries = 5 if reason == "tries" else 0
