"""What happens beside and after the sessions: contacts, addenda, decisions of supervisors, entries in error, and the earlier
versions of what is still being written. Built once all courses are there; nothing is written to the database here."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from audit.models import Action
from demo.chance import Chance, Deck
from demo.diary import at
from demo.people import PEOPLE, Person
from demo.words import afterwards as words
from demo.words.afterwards import Addendum
from demo.words.contacts import ANYBODY, Contact
from outcomes.measures import BY_CODE
from outcomes.models import Response
from sessions.drafts import WORDS
from sessions.models import (
    CoSignature,
    DraftVersion,
    EnteredInError,
    ErrorKind,
    Note,
    NoteKind,
    RiskAnswer,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from sessions.signing import decision_sha256_of, sha256_of
from staff.models import User

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

_PERSON = {person.key: person for person in PEOPLE}
_DEPUTY = {"joy": "theo", "theo": "joy"}
# One of six notes lies with the supervisor for the better part of a week.
_DAYS_TO_COSIGN = (1, 1, 2, 2, 3, 6)


class Afterwards:
    """Adds to the rows of a clinic whose courses have been built. It draws from a chance of its own, so that a new contact
    changes no other client."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance
        self.now = clinic.now
        self._keys = {user.pk: key for key, user in clinic.staff.users.items()}
        self._comments = Deck(range(len(words.RETURNED)), chance)
        self._addenda: dict[UUID, list[Note]] = defaultdict(list)
        self._struck: set[UUID] = set()

    def tell(self) -> None:
        courses = self.clinic.courses
        for course in courses:
            for contact in course.plan.contacts:
                self._contact(
                    course, contact, course.user(course.plan.therapist or ""), self._when(course, contact)
                )
        self._contacts_of_anybody()
        self._mix_up()
        for course in courses:
            if course.plan.logged_twice:
                self._log_twice(course)
            for addendum in course.plan.addenda:
                self._add_to(course, addendum)
        for course in courses:
            self._cosign(course)
        for note in self.rows.notes:
            if note.signed_at is None and self._keys[note.author_id] == "amara":
                self._earlier_versions(note)

    # --- Contacts -----------------------------------------------------------------------------------------------------

    def _when(self, course: "CourseBuilder", contact: Contact) -> datetime:
        """Before now, on a day on which the therapist works."""
        person = _PERSON[course.plan.therapist or ""]
        if contact.days_after == 0:
            return course.past[-1].ends_at + timedelta(minutes=15)
        if contact.days_after:
            day = self._worked_after(person, course.past[-1].starts_at.date(), contact.days_after)
        else:
            day = self._worked_before(person, self.clinic.today - timedelta(days=contact.days_ago or 0))
        return min(at(day, contact.hour), self.now - timedelta(minutes=71))

    def _contacts_of_anybody(self) -> None:
        """Each goes to another course that has gone on for a while, some days after one of its sessions."""
        fitting = [
            course for course in self.clinic.courses if len(course.signed) > 4 and not course.plan.contacts
        ]
        for contact in ANYBODY:
            young = [course for course in fitting if course.plan.programme == "adolescent12"]
            course = self.chance.one_of(young if contact.for_the_young else fitting)
            fitting.remove(course)
            session = self.chance.one_of(course.signed[1:-1]).session
            assert session is not None  # signed notes of sessions
            person = _PERSON[self._keys[session.therapist_id]]
            day = self._worked_after(person, session.starts_at.date(), self.chance.between(1, 3))
            happened = min(at(day, contact.hour), self.now - timedelta(minutes=71))
            self._contact(course, contact, session.therapist, happened)

    def _contact(self, course: "CourseBuilder", contact: Contact, author: User, happened: datetime) -> Note:
        facts = {"with_whom": contact.with_whom, "who": self._say(course, contact.who), "how": contact.how}
        note = Note(
            id=self.chance.key(),
            kind=NoteKind.CONTACT,
            course=course.course,
            author=author,
            work=self._say(course, contact.said),
            next_time=self._say(course, contact.follows),
            risk_answer=contact.risk_answer,
            risk=self._say(course, contact.risk),
            started_at=happened + timedelta(minutes=6),
            saved_at=happened + timedelta(minutes=14),
            version=self.chance.between(2, 5),
        )
        self.rows.notes.append(note)
        if contact.signed_after is None:
            note.form = {"happened_on": f"{happened:%Y-%m-%d}", "happened_time": f"{happened:%H:%M}", **facts}
            return note
        note.happened_at = happened
        for name, value in facts.items():
            setattr(note, name, value)
        signed = happened + timedelta(minutes=self.chance.between(15, 50))
        if contact.signed_after:
            signed = min(self._morning_after(happened, contact.signed_after), self.now)
            note.started_at = signed - timedelta(minutes=12)
        self._sign(note, min(signed, self.now), "Signed a contact note")
        if contact.struck:
            self._strike(note, ErrorKind.MISTAKE, contact.struck, self._morning_after(happened, 1))
        return note

    # --- Addenda ------------------------------------------------------------------------------------------------------

    def _add_to(self, course: "CourseBuilder", addendum: Addendum) -> None:
        original = course.signed[-1 - addendum.back]
        assert original.signed_at is not None  # it is signed
        when = original.signed_at + timedelta(minutes=40)
        if addendum.days:
            when = self._morning_after(original.signed_at, addendum.days)
        author = course.user(addendum.by) if addendum.by else original.author
        reason, text = self._say(course, addendum.reason), self._say(course, addendum.text)
        self._addendum(original, author, reason, text, min(when, self.now), is_draft=addendum.is_draft)

    def _addendum(
        self, original: Note, author: User, reason: str, text: str, when: datetime, *, is_draft: bool = False
    ) -> None:
        note = Note(
            id=self.chance.key(),
            kind=NoteKind.ADDENDUM,
            adds_to=original,
            course=original.course,
            author=author,
            work=text,
            started_at=when - timedelta(minutes=8),
            saved_at=when,
            version=2,
        )
        self.rows.notes.append(note)
        if is_draft:
            note.form = {"reason": reason}
            return
        note.reason = reason
        self._sign(note, when, "Signed an addendum")
        self._addenda[original.pk].append(note)

    # --- Entered in error ---------------------------------------------------------------------------------------------

    def _log_twice(self, course: "CourseBuilder") -> None:
        """The same session stands on the next day again, and is struck out there."""
        original = course.signed[-2].session
        assert original is not None  # signed notes of sessions
        person = _PERSON[self._keys[original.therapist_id]]
        day = self._worked_after(person, original.starts_at.date(), 1)
        start = self.clinic.diary.take(person, course.client.pk, day, original.starts_at.time())
        assert start is not None  # a day has more hours than sessions
        session = self._second(original, course, starts_at=start, room=None, mode="video")
        week, work, next_time = words.TWICE
        note = Note(
            week=week, work=work, next_time=next_time, risk_answer=RiskAnswer.UNCHANGED, risk="Asked: none."
        )
        self._note_of(session, note, signed_at=session.ends_at + timedelta(minutes=9))
        self._strike(note, ErrorKind.MISTAKE, words.TWICE_WHY, self._morning_after(session.ends_at, 1))

    def _mix_up(self) -> None:
        """A session was logged on another client's record, sealed there the next morning, and carried to the right one."""
        right, wrong = (
            next(course for course in self.clinic.courses if course.plan.mixed_up == place)
            for place in ("right", "wrong")
        )
        note = next(each for each in reversed(right.signed[:-1]) if each.risk_answer != RiskAnswer.CHANGED)
        session = note.session
        assert session is not None  # signed notes of sessions
        assert note.signed_at is not None
        entered = session.ends_at + timedelta(minutes=18)
        mistaken = self._second(session, wrong)
        former = Note(
            **{name: getattr(note, name) for name in WORDS},
            risk_answer=note.risk_answer,
            techniques=note.techniques,
        )
        self._note_of(mistaken, former, signed_at=entered, like=session)
        struck_at = self._morning_after(entered, 1)
        self._strike(former, ErrorKind.WRONG_CLIENT, words.WRONG_CLIENT_WHY, struck_at)
        self._carry(former, note, struck_at + timedelta(minutes=25))

    def _second(self, like: TherapySession, course: "CourseBuilder", **other: Any) -> TherapySession:
        """A session with the same facts that is struck out and has no number."""
        facts: dict[str, Any] = {
            name: getattr(like, name)
            for name in (
                "therapist",
                "kind",
                "appointment_type",
                "starts_at",
                "minutes",
                "mode",
                "room",
                "phase",
            )
        } | other
        session = TherapySession(
            id=self.chance.key(),
            course=course.course,
            client=course.client,
            **facts,
            ends_at=facts["starts_at"] + timedelta(minutes=like.minutes),
            attendance="5",
            attendance_by=like.therapist,
            booked_by=like.therapist,
            booked_at=facts["starts_at"],
            version=3,
        )
        self.rows.sessions.append(session)
        return session

    def _note_of(
        self, session: TherapySession, note: Note, *, signed_at: datetime, like: TherapySession | None = None
    ) -> None:
        """Signs the session with this note, and with copies of another session's focus and answers."""
        note.id, note.session, note.course, note.author = (
            self.chance.key(),
            session,
            session.course,
            session.therapist,
        )
        note.started_at, note.version = session.starts_at + timedelta(minutes=5), 3
        session.attendance_at = signed_at
        if like is not None:
            for area in self._areas(like):
                self.rows.session_foci.append(
                    SessionFocus(id=self.chance.key(), session=session, course=session.course, area=area)
                )
            for link in self._answers(like):
                self._copy_answers(link, session, signed_at)
        self.rows.notes.append(note)
        self._sign(note, signed_at, "Signed a session")

    def _copy_answers(self, link: SessionResponse, session: TherapySession, signed_at: datetime) -> None:
        given = link.response
        response = Response(
            id=self.chance.key(),
            course=session.course,
            measure=given.measure,
            instrument_version=given.instrument_version,
            answers=given.answers,
            total=given.total,
            taken_at=given.taken_at,
            entered_by=given.entered_by,
            entered_at=given.entered_at,
            locked_at=signed_at,
        )
        self.rows.responses.append(response)
        self.rows.session_responses.append(
            SessionResponse(
                id=self.chance.key(),
                session=session,
                course=session.course,
                response=response,
                measure=link.measure,
            )
        )

    def _carry(self, former: Note, note: Note, when: datetime) -> None:
        """The right record had nothing before: all of it was entered anew, and signed that morning."""
        assert note.session is not None  # a session's note
        note.carried_from = former.pk
        note.started_at = when - timedelta(minutes=20)
        note.session.attendance_at = when
        for link in self._answers(note.session):
            link.response.entered_at = note.started_at
            link.response.locked_at = when
        for reflection in self.rows.reflections:
            if reflection.session_id == note.session_id:
                reflection.saved_at = reflection.locked_at = when
        self.rows.events[:] = [event for event in self.rows.events if event.object_ids != [note.pk]]
        self._sign(note, when, "Signed a session")

    def _strike(self, note: Note, kind: str, reason: str, when: datetime) -> None:
        when = min(when, self.now)
        self._struck.add(note.pk)
        if note.session is not None:
            note.session.entered_in_error_at = when
        self.rows.errors.append(
            EnteredInError(
                id=self.chance.key(),
                session=note.session,
                note=note,
                course=note.course,
                kind=kind,
                reason=reason,
                by=note.author,
                at=when,
            )
        )
        what = "Entered in error, wrong client" if kind == ErrorKind.WRONG_CLIENT else "Entered in error"
        self.clinic.event(when, note.author, Action.CHANGE, what, note.session or note, note.course)

    # --- Co-signing ---------------------------------------------------------------------------------------------------

    def _cosign(self, course: "CourseBuilder") -> None:
        """What a trainee signed on this course is co-signed within the week, but for what the plan says."""
        waiting = [
            note
            for note in self.rows.notes
            if note.course is course.course
            and note.needs_cosign
            and not note.adds_to_id
            and note.pk not in self._struck
        ]
        planned: dict[UUID, str] = {}
        for place, fate in enumerate(course.plan.cosign):
            note = course.signed[max(0, len(course.signed) - 1 - place * 2)]
            planned.setdefault(note.pk, fate)
        for note in waiting:
            fate = planned.get(note.pk, "")
            if fate in ("returned", "answered", "settled"):
                self._return(course, note, fate)
            elif fate != "waits":
                self._decide(note, self._noon_after(note.signed_at, self.chance.one_of(_DAYS_TO_COSIGN)))

    def _return(self, course: "CourseBuilder", note: Note, fate: str) -> None:
        place = self._comments.next()
        returned = min(self._noon_after(note.signed_at, 1), self.now - timedelta(hours=3))
        self._decide(note, returned, comment=self._say(course, words.RETURNED[place]), is_returned=True)
        if fate == "returned":
            return
        answered = min(self._morning_after(returned, 1), self.now - timedelta(hours=1))
        reason, text = (self._say(course, each) for each in words.ANSWERED[place])
        self._addendum(note, note.author, reason, text, answered)
        if fate == "settled":
            self._decide(note, self._noon_after(answered, 1))

    def _decide(self, note: Note, when: datetime, *, comment: str = "", is_returned: bool = False) -> None:
        """Nothing where the day has not come yet."""
        if when > self.now:
            return
        key = _PERSON[self._keys[note.author_id]].supervisor
        by = self.clinic.staff.users[_DEPUTY[key] if self.clinic.staff.is_away(key, when.date()) else key]
        if not comment and self.chance.happens(0.12):
            comment = self.chance.one_of(words.COSIGNED)
        decision = CoSignature.Decision.RETURNED if is_returned else CoSignature.Decision.COSIGNED
        made = CoSignature(
            id=self.chance.key(),
            note=note,
            course=note.course,
            decision=decision,
            comment=comment,
            by=by,
            at=when,
        )
        made.sha256 = decision_sha256_of(
            made, read=[note.sha256, *(each.sha256 for each in self._addenda[note.pk])]
        )
        self.rows.decisions.append(made)
        self.clinic.event(
            when, by, Action.SIGN, "Returned a note" if is_returned else "Co-signed a note", note, note.course
        )

    # --- Earlier versions ---------------------------------------------------------------------------------------------

    def _earlier_versions(self, note: Note) -> None:
        """A draft grew sentence by sentence; once a second window was in the way."""
        sentences = [
            (part, sentence)
            for part in WORDS
            for sentence in re.split(r"(?<=[.?!”])\s+", getattr(note, part))
            if sentence
        ]
        steps = min(6, len(sentences))
        while_writing = note.saved_at - note.started_at
        note.version = steps
        for step in range(1, steps + 1):
            written = sentences[: len(sentences) * step // steps]
            texts = {part: " ".join(text for of, text in written if of == part) for part in WORDS}
            if step == steps:
                texts = {part: getattr(note, part) for part in WORDS}
            saved_at = note.started_at + while_writing * step / steps
            self._version(note, step, saved_at, texts)
            if step == 4 and note.session is not None:
                aside = {**texts, "work": f"{texts['work']} {words.REFUSED}".strip()}
                self._version(note, step - 1, saved_at + timedelta(seconds=48), aside, was_refused=True)

    def _version(
        self,
        note: Note,
        version: int,
        saved_at: datetime,
        texts: dict[str, str],
        *,
        was_refused: bool = False,
    ) -> None:
        answers = (
            {code: [None] * len(BY_CODE[code].items) for code in ("phq9", "gad7")} if note.session else {}
        )
        given = {link.measure: list(link.response.answers) for link in self._answers(note.session)}
        self.rows.versions.append(
            DraftVersion(
                id=self.chance.key(),
                note=note,
                course=note.course,
                author=note.author,
                version=version,
                saved_at=saved_at,
                parts={
                    **note.form,
                    **texts,
                    "risk_answer": note.risk_answer,
                    "techniques": note.techniques,
                    **answers,
                    **given,
                    "reflection": "",
                },
                was_refused=was_refused,
            )
        )

    # --- For all of them ----------------------------------------------------------------------------------------------

    def _sign(self, note: Note, when: datetime, what: str) -> None:
        note.signed_at = note.saved_at = when
        note.needs_cosign = note.author.is_trainee
        session = note.session
        answers = {link.measure: link.response.answers for link in self._answers(session)}
        note.sha256 = sha256_of(note, areas=self._areas(session), answers=answers)
        self.clinic.event(when, note.author, Action.SIGN, what, note, note.course)

    def _areas(self, session: TherapySession | None) -> list[str]:
        return [focus.area for focus in self.rows.session_foci if focus.session is session] if session else []

    def _answers(self, session: TherapySession | None) -> Sequence[SessionResponse]:
        return [link for link in self.rows.session_responses if link.session is session] if session else []

    def _say(self, course: "CourseBuilder", text: str) -> str:
        client = course.client
        return course.writer.say((text,), gp=client.gp_name, last=client.last_name) if text else ""

    def _worked_before(self, person: Person, day: date) -> date:
        while not self.clinic.diary.works(person, day):
            day -= timedelta(days=1)
        return day

    def _worked_after(self, person: Person, day: date, days: int) -> date:
        for _ in range(days):
            day += timedelta(days=1)
            while not self.clinic.diary.works(person, day):
                day += timedelta(days=1)
        return day

    def _morning_after(self, moment: datetime, days: int) -> datetime:
        return at(self._working_day(moment, days), time(8, self.chance.between(31, 57)))

    def _noon_after(self, moment: datetime | None, days: int) -> datetime:
        assert moment is not None  # of what is signed
        return at(self._working_day(moment, days), time(12, self.chance.between(2, 58)))

    def _working_day(self, moment: datetime, days: int) -> date:
        return self.clinic.diary.working_day_from(moment.date() + timedelta(days=days))
