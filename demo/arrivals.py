"""How each course arrived and was screened, and what the office did while people waited. Built once all courses are there;
nothing is written to the database here.

A tick about harm raises its alert by a trigger, at the second in which the row is written. The invented days are long over by
then, so the alerts are built here with their own hour, and `build` keeps that trigger still meanwhile."""

import hashlib
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from courses.lifecycle import Status
from courses.models import Allocation
from demo.chance import Chance, Deck
from demo.diary import at
from demo.letters import pdf_of
from demo.people import CLINIC_NAME, SCREENERS
from demo.trajectories import Answers
from demo.words import arrivals as words
from outcomes.measures import BY_CODE
from outcomes.models import Alert, AlertAct, Response
from outcomes.scoring import score
from referrals.models import (
    ContactAttempt,
    OutcomeLetter,
    Referral,
    ReferralLetter,
    ReferralWords,
    Screening,
    WaitPause,
)
from staff.models import Leave, User

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

_WAYS = {"B1": ("self", "self", "phone"), "A1": ("letter", "electronic", "letter"), "A4": ("email",)}
_LEADS = "ines"


class Arrivals:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance
        self.now = clinic.now
        self._theirs = {area: Deck(said, chance) for area, said in words.IN_THEIR_OWN_WORDS.items()}
        self._referrers = {area: Deck(said, chance) for area, said in words.BY_WHO_REFERRED.items()}
        self._screened = Deck(words.SCREENED, chance)
        self._refusals = Deck(words.NOT_SUITABLE, chance)
        self._questions = Deck(words.MORE_INFORMATION, chance)
        self._ticks = 0

    def tell(self) -> None:
        for course in self.clinic.courses:
            self._arrive(course)
        self._away_when_booked()

    def _arrive(self, course: "CourseBuilder") -> None:
        way = course.plan.way or self.chance.one_of(_WAYS.get(course.course.referral_source, ("letter",)))
        received = course.course.opened_at
        by = None if way == "self" else self._user("wendy" if self.chance.happens(0.3) else "sam")
        row = Referral(
            id=self.chance.key(),
            course=course.course,
            way=way,
            received_at=received,
            entered_by=by,
            consent_at=received if way == "self" else None,
            consent_words=words.CONSENT if way == "self" else "",
            form_key=self.chance.key() if way == "self" else None,
            best_times=self.chance.one_of(words.BEST_TIMES) if self.chance.happens(0.5) else "",
            priority_reason=course.plan.priority_reason,
        )
        course.course.priority = course.plan.priority
        self.rows.referrals.append(row)
        self._write_words(course, way, by, received)
        if course.plan.letter:
            self._letter(course, by or self._user("sam"), received)
        screener = self._screen(course, row)
        self._alerts_of_ticks(course, screener)
        self._wait(course)
        self._letters_out(course, row)

    # --- What came ----------------------------------------------------------------------------------------------------

    def _write_words(self, course: "CourseBuilder", way: str, by: User | None, when: datetime) -> None:
        said = (self._theirs if way == "self" else self._referrers)[course.plan.area].next()
        self.rows.referral_words.append(
            ReferralWords(
                id=self.chance.key(),
                course=course.course,
                problem=said,
                entered_by=by,
                at=when,
                **dict.fromkeys(course.plan.harm, True),
            )
        )

    def _letter(self, course: "CourseBuilder", by: User, when: datetime) -> None:
        client = course.client
        lines = [
            client.gp_practice,
            "",
            f"Re: {client.first_name} {client.last_name}, born {client.date_of_birth:%d %B %Y}",
            "",
            "Dear colleagues,",
            "Thank you for seeing this person for interpersonal psychotherapy.",
            "Low mood for some months; physical causes were looked for and not found.",
            "",
            "Yours sincerely",
            client.gp_name,
        ]
        content = pdf_of(lines)
        self.rows.referral_letters.append(
            ReferralLetter(
                id=self.chance.key(),
                course=course.course,
                name=f"Letter from {client.gp_practice}.pdf",
                kind="application/pdf",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                uploaded_by=by,
                uploaded_at=when + timedelta(minutes=6),
            )
        )

    # --- Screening ----------------------------------------------------------------------------------------------------

    def _screen(self, course: "CourseBuilder", row: Referral) -> User | None:
        """Who screens or has screened it: None while it is given to nobody."""
        plan = course.plan
        named = min(row.received_at + timedelta(hours=4, minutes=10), self.now - timedelta(minutes=30))
        decided = self._decided(course)
        if decided is None and not plan.screener:
            return None
        key = plan.screener or self._screener_on(named)
        screener = self._user(key)
        if decided is not None:
            named = max(row.received_at, min(named, decided - timedelta(minutes=30)))
            row.screened_at, row.screened_by = decided, screener
            self._moved_by(course, screener)
            taken_on = course.plan.status != Status.NOT_TAKEN_ON or self._waited(course)
            self._decide(course, screener, decided, "suitable" if taken_on else "not_suitable")
            if taken_on and plan.status == Status.WAITING and course.person is None:
                self._first_scores(course, screener, decided)
        elif plan.asked_more:
            self._decide(course, screener, min(named + timedelta(hours=2), self.now), "more_information")
        if key != _LEADS:
            self.rows.allocations.append(
                Allocation(
                    id=self.chance.key(),
                    course=course.course,
                    therapist=screener,
                    kind=Allocation.Kind.SCREENING,
                    starts_at=named,
                    ends_at=decided,
                    by=self._user("sam"),
                )
            )
        return screener

    def _decided(self, course: "CourseBuilder") -> datetime | None:
        """When the referral became somebody who waits, or was not taken on unseen."""
        first = next((move for move in course.moves if move.before == Status.REFERRED), None)
        if first is None or course.plan.end_reason == "17":
            return None
        return first.at

    def _moved_by(self, course: "CourseBuilder", screener: User) -> None:
        for move in course.moves:
            if (move.before, move.after) == (Status.REFERRED, Status.WAITING):
                move.by = screener

    def _waited(self, course: "CourseBuilder") -> bool:
        return any(move.after == Status.WAITING for move in course.moves)

    def _screener_on(self, when: datetime) -> str:
        """One of the two, or the lead where that one is on leave."""
        key = self.chance.one_of(SCREENERS)
        return _LEADS if self.clinic.staff.is_away(key, when.date()) else key

    def _decide(self, course: "CourseBuilder", screener: User, when: datetime, suitability: str) -> None:
        risk, done = words.SCREENED_HARM if "thoughts_of_harm" in course.plan.harm else self._screened.next()
        reasons = {"suitable": lambda: "", "not_suitable": self._refusals.next}.get(
            suitability, self._questions.next
        )()
        self.rows.screenings.append(
            Screening(
                id=self.chance.key(),
                course=course.course,
                screener=screener,
                at=when,
                suitability=suitability,
                likely_focus=course.plan.area if suitability == "suitable" else "",
                reasons=reasons,
                risk=risk,
                done=done,
            )
        )

    def _first_scores(self, course: "CourseBuilder", screener: User, when: datetime) -> None:
        """Asked on the phone at screening."""
        for measure, total in (("phq9", course.plan.phq[0]), ("gad7", course.plan.anxiety[0])):
            answers = Answers(measure, self.chance).adding_up_to(total)
            self.rows.responses.append(
                Response(
                    id=self.chance.key(),
                    course=course.course,
                    measure=measure,
                    instrument_version=BY_CODE[measure].version,
                    answers=answers,
                    total=score(measure, answers).total,
                    taken_at=when - timedelta(minutes=20),
                    entered_by=screener,
                    entered_at=when - timedelta(minutes=10),
                )
            )

    # --- Ticks about harm ---------------------------------------------------------------------------------------------

    def _alerts_of_ticks(self, course: "CourseBuilder", screener: User | None) -> None:
        raised = course.course.opened_at
        for tick in course.plan.harm:
            kind, said = words.TICKED[tick]
            alert = Alert(
                id=self.chance.key(),
                course=course.course,
                kind=kind,
                words=said,
                raised_at=raised,
                tell_from=raised,
            )
            self.rows.alerts.append(alert)
            if screener is None:
                continue
            self._ticks += 1
            answered = min(raised + timedelta(hours=5), self.now)
            alert.acknowledged_at, alert.acknowledged_by = answered, screener
            act, done = words.ANSWERED_TICK[self._ticks % len(words.ANSWERED_TICK)]
            is_over = course.plan.status == Status.WAITING
            if is_over:
                alert.closed_at, alert.closed_by, alert.what_was_done = answered, screener, done
            self.rows.acts.append(
                AlertAct(
                    id=self.chance.key(),
                    alert=alert,
                    course=course.course,
                    kind=act,
                    words=done,
                    closes=is_over,
                    by=screener,
                    at=answered,
                )
            )

    # --- While they wait ----------------------------------------------------------------------------------------------

    def _wait(self, course: "CourseBuilder") -> None:
        today = self.clinic.today
        if course.plan.reopened:
            # The clock of a wait after a treatment begins on the day on which the course was opened again.
            again = course.moves[-1].at.date()
            course.course.paused_days = (again - course.course.referred_on).days
        for began, ended in course.plan.pauses:
            starts, ends = today - timedelta(days=began), None
            if ended is not None:
                ends = today - timedelta(days=ended)
                course.course.paused_days += (ends - starts).days
            else:
                course.course.paused_since = starts
            self.rows.pauses.append(
                WaitPause(
                    id=self.chance.key(),
                    course=course.course,
                    starts_on=starts,
                    ends_on=ends,
                    reason=course.plan.pause_reason,
                    by=self._user("sam"),
                    ended_by=None if ends is None else self._user("wendy"),
                )
            )
        for number in range(course.plan.attempts):
            how, result, said = words.ATTEMPTS[(self.clinic.today.day + number) % len(words.ATTEMPTS)]
            day = self.clinic.diary.working_day_from(today - timedelta(days=1 + 3 * number), step=-1)
            self.rows.attempts.append(
                ContactAttempt(
                    id=self.chance.key(),
                    course=course.course,
                    at=max(at(day, time(10, 5 + number)), course.course.opened_at + timedelta(minutes=20)),
                    how=how,
                    result=result,
                    words=said,
                    by=self._user("sam" if number % 2 else "wendy"),
                )
            )

    def _letters_out(self, course: "CourseBuilder", row: Referral) -> None:
        kind = course.plan.letter_out
        if course.plan.status == Status.NOT_TAKEN_ON:
            kind = {
                "10": "not_suitable",
                "11": "signposted",
                "13": "signposted",
                "50": "not_suitable",
                "16": "no_contact",
                "95": "no_contact",
            }.get(course.plan.end_reason, "")
        elif course.plan.status == Status.WAITING and course.person is None:
            kind = kind or "accepted"
        if not kind or row.screened_at is None:
            return
        made = min(row.screened_at + timedelta(hours=1), self.now)
        is_sent = made < self.now - timedelta(days=3)
        self.rows.letters_out.append(
            OutcomeLetter(
                id=self.chance.key(),
                course=course.course,
                kind=kind,
                to="gp" if kind == "signposted" else "client",
                body=words.LETTERS[kind].format(name=course.client.first_name, clinic=CLINIC_NAME),
                made_by=self._user("sam"),
                made_at=made,
                sent_on=made.date() + timedelta(days=1) if is_sent else None,
                sent_by=self._user("wendy") if is_sent else None,
            )
        )

    # --- Booked, and away ---------------------------------------------------------------------------------------------

    def _away_when_booked(self) -> None:
        """Cara Nowak's leave was entered after the appointments of those days had been booked: two of them clash with it."""
        cara = self._user("cara")
        days = sorted(
            {
                session.starts_at.date()
                for session in self.rows.sessions
                if session.therapist is cara and session.starts_at > self.now + timedelta(days=1)
            }
        )
        booked, last = 0, days[0]
        for last in days:
            booked += sum(
                session.therapist is cara and session.starts_at.date() == last
                for session in self.rows.sessions
            )
            if booked > 1:
                break
        self.rows.leave.append(
            Leave(
                id=self.chance.key(),
                person=cara,
                starts_on=days[0],
                ends_on=last,
                cover=self._user("ben"),
            )
        )

    def _user(self, key: str) -> User:
        return self.clinic.staff.users[key]
