"""Supervision meetings of the invented clinic: two with much to say, the regular ones with each therapist, and one of yesterday
that is being written. Built once all courses are there; nothing is written to the database here."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from audit.models import Action
from courses.models import CourseAction
from demo.chance import Chance
from demo.diary import at
from demo.words import supervision as words
from demo.words.supervision import Discussed
from sessions.models import DraftVersion, Note, NoteKind
from sessions.signing import sha256_of
from staff.models import User
from supervision.models import Case, CaseSignature, Meeting, MeetingPerson
from supervision.records import signature_sha256_of

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

BEGINS = time(9, 30)


class Meetings:
    """Joy Nkemelu with the therapists whom she supervises."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance
        self.joy = clinic.staff.users["joy"]

    def tell(self) -> None:
        for place, therapist in enumerate(("amara", "ben", "cara", "dev")):
            self._regular(46 + place, therapist, turn=0)
            self._regular(15 + place, therapist, turn=1)
        amara, dev = self._courses("amara"), self._courses("dev")
        self._signed(21, Meeting.Kind.GROUP, [*amara[:2], *dev[:1]], words.FIRST, signs=True)
        self._signed(7, Meeting.Kind.INDIVIDUAL, amara[1:3], words.SECOND, signs=False)
        self._draft([*amara[:1], *dev[:1], *amara[2:4]])

    def _courses(self, therapist: str) -> list["CourseBuilder"]:
        """Under way for some weeks, so that there is something to say; by name, so that it is the same ones each day."""
        found = [
            course
            for course in self.clinic.courses
            if course.plan.therapist == therapist
            and course.plan.status == "in_treatment"
            and len(course.signed) >= 4
            and not course.plan.handed_over_from
        ]
        return sorted(found, key=lambda course: (course.client.last_name, course.client.first_name))

    def _meeting(self, days: int, kind: str, courses: Sequence["CourseBuilder"]) -> Meeting:
        held = at(self._day(days), BEGINS)
        meeting = Meeting(
            id=self.chance.key(), supervisor=self.joy, held_at=held, minutes=60, kind=kind, begun_at=held
        )
        self.rows.meetings.append(meeting)
        there = dict.fromkeys(self._therapist(course) for course in courses)
        self.rows.meeting_people += [
            MeetingPerson(id=self.chance.key(), meeting=meeting, person=one) for one in there
        ]
        return meeting

    def _day(self, days: int) -> date:
        """So many days ago, or the working day before: not while Joy is away, when her deputy would hold them."""
        diary = self.clinic.diary
        day = diary.working_day_from(self.clinic.today - timedelta(days=days), step=-1)
        while self.clinic.staff.is_away("joy", day):
            day = diary.working_day_from(day - timedelta(days=1), step=-1)
        return day

    def _regular(self, days: int, therapist: str, *, turn: int) -> None:
        """Each therapist's courses one after another; every fourth is not reached, so that some stay without a review. `turn`
        counts the meetings: of no course the same is said twice."""
        held = self._day(days)
        reached = [
            (place, course)
            for place, course in enumerate(self._courses(therapist))
            if place % 4 != 3
            and sum(note.signed_at.date() < held for note in course.signed if note.signed_at) >= 2
        ]
        said = [words.REGULAR[(place + turn) % len(words.REGULAR)] for place, _ in reached]
        if reached:
            courses = [course for _, course in reached]
            self._signed(days, Meeting.Kind.INDIVIDUAL, courses, said, signs=True)

    def _therapist(self, course: "CourseBuilder") -> User:
        assert course.plan.therapist is not None
        return self.clinic.staff.users[course.plan.therapist]

    def _signed(
        self,
        days: int,
        kind: str,
        courses: Sequence["CourseBuilder"],
        discussed: Sequence[Discussed],
        *,
        signs: bool,
    ) -> None:
        meeting = self._meeting(days, kind, courses)
        signed = meeting.held_at + timedelta(minutes=70)
        meeting.signed_at = signed
        self.clinic.event(
            signed, self.joy, Action.SIGN, "Signed a supervision meeting", meeting, courses[0].course
        )
        for place, (course, said) in enumerate(zip(courses, discussed, strict=False), start=1):
            note = self._note(course, meeting, said)
            due = meeting.held_at.date() + timedelta(days=7)
            therapist = self._therapist(course)
            note.supervision = {
                "focus": said.focus,
                "risk": said.risk,
                "risk_words": said.risk_words,
                "actions": [
                    {
                        "what": what,
                        "owner": str(therapist.pk),
                        "owner_name": therapist.full_name,
                        "due": due.isoformat(),
                    }
                    for what in said.actions
                ],
                "minutes": meeting.minutes,
                "kind": meeting.kind,
                "meeting": str(meeting.pk),
                "therapist": str(therapist.pk),
            }
            note.happened_at, note.signed_at, note.saved_at = meeting.held_at, signed, signed
            note.sha256 = sha256_of(note)
            self._case(course, meeting, note, place)
            self.clinic.event(
                signed, self.joy, Action.SIGN, "Signed a supervision record", note, course.course
            )
            for what in said.actions:
                self._action(course, what, therapist, signed, due, is_done=signs)
            if signs:
                self._sign_for(note, therapist, signed + timedelta(hours=5))

    def _draft(self, courses: Sequence["CourseBuilder"]) -> None:
        """Of yesterday: the first case is being written, the others wait."""
        meeting = self._meeting(1, Meeting.Kind.GROUP, courses)
        for place, course in enumerate(courses, start=1):
            note = self._note(course, meeting, words.TODAY) if place == 1 else None
            if note is not None:
                note.form = {"focus_kept": words.TODAY.focus, "risk_said": "", "risk_why": ""}
                note.saved_at = meeting.held_at + timedelta(minutes=11)
                note.version = 2
                self._version(note)
            self._case(course, meeting, note, place)

    def _version(self, note: Note) -> None:
        parts = {**note.form, "work": note.work, "next_time": note.next_time}
        self.rows.versions.append(
            DraftVersion(
                id=self.chance.key(),
                note=note,
                course=note.course,
                author=note.author,
                version=note.version,
                saved_at=note.saved_at,
                parts=parts,
            )
        )

    def _note(self, course: "CourseBuilder", meeting: Meeting, said: Discussed) -> Note:
        client = course.client
        work, decision = (
            course.writer.say((text,), gp=client.gp_name, last=client.last_name)
            for text in (said.work, said.decision)
        )
        begun = meeting.held_at + timedelta(minutes=4)
        note = Note(
            id=self.chance.key(),
            kind=NoteKind.SUPERVISION,
            course=course.course,
            author=self.joy,
            work=work,
            next_time=decision,
            started_at=begun,
            saved_at=begun,
        )
        self.rows.notes.append(note)
        return note

    def _case(self, course: "CourseBuilder", meeting: Meeting, note: Note | None, place: int) -> None:
        self.rows.cases.append(
            Case(
                id=note.pk if note else self.chance.key(),
                meeting=meeting,
                course=course.course,
                therapist=self._therapist(course),
                note=note,
                position=place,
            )
        )

    def _action(
        self, course: "CourseBuilder", what: str, owner: User, agreed: datetime, due: date, *, is_done: bool
    ) -> None:
        closed = (
            {"outcome": "done", "closed_at": agreed + timedelta(days=6), "closed_by": owner}
            if is_done
            else {}
        )
        self.rows.actions.append(
            CourseAction(
                id=self.chance.key(),
                course=course.course,
                what=what,
                owner=owner,
                due_on=due,
                agreed_by=self.joy,
                agreed_at=agreed,
                **closed,
            )
        )

    def _sign_for(self, note: Note, therapist: User, when: datetime) -> None:
        row = CaseSignature(id=self.chance.key(), note=note, course=note.course, by=therapist, at=when)
        row.sha256 = signature_sha256_of(row, read=[note.sha256])
        self.rows.case_signatures.append(row)
        self.clinic.event(when, therapist, Action.SIGN, "Signed for a case in supervision", note, note.course)
