"""Endings of the invented clinic: what was written about them, in versions, and letters that were signed and given. Built once
the sessions are there; nothing is written to the database here."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from audit.models import Action
from courses.lifecycle import Status
from courses.models import EndingPlan
from demo.chance import Chance
from demo.diary import at
from sessions.letters import facts_of, words_of
from sessions.models import LetterGiven, Note, NoteKind
from sessions.signing import sha256_of

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

BEGUN = {
    "feelings": "Fridays will be empty at first. Sad to stop, and a little proud of having come each week.",
    "early_signs": "Staying in bed after the alarm. Letting the phone ring. Saying “fine” when it is not.",
}
WHOLE = {
    **BEGUN,
    "what_changed": "Sleeps through most nights. Evenings at home are spent together again, and a quarrel ends the same day.",
    "what_to_do": "Tell somebody the same day. Walk before noon. If it lasts two weeks, ring the GP.",
    "skills": "Says what is wanted before it turns into a row. Asks for help. Takes a pause when voices rise.",
    "supports": "A sister who rings on Sundays, the walking group, and a neighbour with a key.",
    "unresolved": "The question of moving house is still open. A couples’ session elsewhere has been spoken of.",
    "how_to_return": "Ring the clinic within a year; no new referral is needed. A follow-up session is planned in three"
    " months.",
}
# The same, as the letter says it to the client.
TO_CLIENT = {
    "changed": "You sleep through most nights. Evenings at home are spent together again, and a quarrel ends the same day.\n"
    "You say what you want before it turns into a row, and you ask for help.",
    "signs": "Staying in bed after the alarm. Letting the phone ring. Saying “fine” when it is not.\n"
    "Then tell somebody the same day, and walk before noon. If it lasts two weeks, ring your GP.",
    "supports": "Your sister, who rings on Sundays, the walking group, and a neighbour with a key.",
    "returning": WHOLE["how_to_return"],
}


class Endings:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own, so that nobody else changes."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance
        self.now = clinic.now

    def tell(self) -> None:
        """A course that has begun to speak of its ending, and those that have spoken of it: one still to end, one ended."""
        for course in self._near_the_end():
            held = len(course.signed)
            if held >= course.course.planned_sessions:
                self._write(course, BEGUN, WHOLE)
                self._letter(course)
            elif held == course.course.planned_sessions - 4:
                self._write(course, BEGUN)
        ended = [
            course for course in self.clinic.courses if course.course.end_reason == "46" and course.signed
        ]
        for course in ended[:1]:
            self._write(course, BEGUN, WHOLE)
            self._letter(course)

    def _near_the_end(self) -> list["CourseBuilder"]:
        return [
            course
            for course in self.clinic.courses
            if course.plan.therapist == "amara"
            and course.course.status == Status.IN_TREATMENT
            and course.course.split
        ]

    def _write(self, course: "CourseBuilder", *versions: dict[str, str]) -> None:
        last = course.signed[-1].signed_at
        assert last is not None  # it is signed
        for number, parts in enumerate(versions, start=1):
            when = min(last - timedelta(days=7 * (len(versions) - number)), self.now)
            plan = EndingPlan(
                id=self.chance.key(),
                course=course.course,
                number=number,
                written_by=course.signed[-1].author,
                written_at=when,
                **parts,
            )
            self.rows.endings.append(plan)
            what = "Wrote the ending" if number == 1 else "Changed the ending"
            self.clinic.event(when, plan.written_by, Action.CHANGE, what, plan, course.course)

    def _letter(self, course: "CourseBuilder") -> None:
        last, author = course.signed[-1].signed_at, course.signed[-1].author
        assert last is not None  # it is signed
        when = min(last + timedelta(minutes=50), self.now - timedelta(minutes=30))
        note = Note(
            id=self.chance.key(),
            kind=NoteKind.LETTER,
            course=course.course,
            author=author,
            started_at=when - timedelta(minutes=25),
            saved_at=when,
            signed_at=when,
            needs_cosign=author.is_trainee,
            version=4,
        )
        note.letter = facts_of(course.course, self._form(course), author=author, on=timezone.localdate(when))
        note.work = words_of(note.letter)
        note.sha256 = sha256_of(note)
        self.rows.notes.append(note)
        self.clinic.event(when, author, Action.SIGN, "Signed a letter", note, course.course)
        self._give(course, note, when)

    def _form(self, course: "CourseBuilder") -> dict[str, str]:
        client = course.client
        form = {
            "about": "ending",
            "to": "client",
            "address": client.name,
            "greeting": f"Dear {client.called}",
        }
        for part, words in TO_CLIENT.items():
            form |= {f"use_{part}": "1", f"part_{part}": words}
        return form

    def _give(self, course: "CourseBuilder", note: Note, signed: datetime) -> None:
        if note.needs_cosign:
            return
        day = timezone.localdate(signed)
        given = LetterGiven(
            id=self.chance.key(),
            note=note,
            course=course.course,
            to=LetterGiven.To.CLIENT,
            how=LetterGiven.How.HANDED,
            given_on=day,
            by=note.author,
            at=min(at(day, time(17, 45)), self.now),
        )
        self.rows.letters_given.append(given)
        self.clinic.event(given.at, note.author, Action.CHANGE, "Gave out a letter", note, course.course)
