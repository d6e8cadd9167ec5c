"""What supervision knows of two therapists' practice: which sessions were recorded, how the trainee's were rated. Built once
all courses are there; nothing is written to the database here."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from courses.models import Contract
from demo.chance import Chance
from demo.diary import at
from sessions.models import TherapySession
from supervision.models import Rating, Recording
from supervision.rating_form import DEFAULT, packed

if TYPE_CHECKING:
    from demo.build import Builder

KEPT_DAYS = 90
# Of whom, how many recordings of each course, and how many of all of them were rated.
RECORDED = {"dev": (7, 9), "amara": (2, 2)}
COMMENTS = (
    "You let her cry without hurrying her. Next time tie it to what happened that week before you move on.",
    "The hour drifted to the housing office for twenty minutes. Name the focus aloud when you come back to it.",
    "Good communication analysis: word by word, and she heard herself. Leave more time for the role play.",
    "Warm and active. The mood rating at the beginning is there now, and you used it.",
    "The best so far: affect, event and focus in one line. Begin to speak of the ending.",
)


class Practised:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance

    def tell(self) -> None:
        for key, (each, rated) in RECORDED.items():
            sessions = self._recorded(key, each)
            for place, (session, contract) in enumerate(sessions):
                is_rated = place < rated and len(sessions) - place > 1
                self._record(session, contract, place=place, is_rated=is_rated)
                if is_rated:
                    self._rate(session, place)

    def _recorded(self, key: str, each: int) -> list[tuple[TherapySession, Contract]]:
        """Held after the client had agreed, the oldest first."""
        agreed = {one.course.pk: one for one in self.rows.contracts if one.recording == "yes"}
        found: list[tuple[TherapySession, Contract]] = []
        for course in self.clinic.courses:
            contract = agreed.get(course.course.pk)
            if contract is None or not course.course.is_open or course.plan.therapist != key:
                continue
            held = [
                session
                for session in course.past
                if session.number
                and session.therapist_id == self.clinic.staff.users[key].pk
                and session.entered_in_error_at is None
                and self._day(session) >= contract.agreed_on
                and self._day(session) < self.clinic.today - timedelta(days=3)
            ]
            held.sort(key=lambda session: session.starts_at)
            step = max(len(held) // each, 1)
            found += [(session, contract) for session in held[::step][:each]]
        return sorted(found, key=lambda pair: pair[0].starts_at)

    def _record(self, session: TherapySession, contract: Contract, *, place: int, is_rated: bool) -> None:
        day, today = self._day(session), self.clinic.today
        delete_by = day + timedelta(days=KEPT_DAYS)
        # The oldest of each therapist was forgotten.
        is_forgotten = place == 0
        if is_forgotten:
            delete_by = min(delete_by, today - timedelta(days=4))
        is_deleted = delete_by < today and not is_forgotten
        self.rows.recordings.append(
            Recording(
                id=self.chance.key(),
                course_id=session.course_id,
                session=session,
                consent_on=contract.agreed_on,
                kept_where="Encrypted drive of the clinic, folder “supervision”",
                delete_by=delete_by,
                submitted_on=min(day + timedelta(days=1), today),
                deleted_on=delete_by - timedelta(days=2) if is_deleted else None,
                deleted_by=session.therapist if is_deleted else None,
                entered_by=session.therapist,
                entered_at=session.ends_at + timedelta(minutes=20),
            )
        )

    def _rate(self, session: TherapySession, place: int) -> None:
        scores: dict[str, int | None] = {
            item.code: min(2 + (place + self.chance.between(0, 3)) // 3, item.most) for item in DEFAULT
        }
        if session.phase != "end":
            scores["ending"] = None
        given = [points for points in scores.values() if points is not None]
        self.rows.session_ratings.append(
            Rating(
                id=self.chance.key(),
                course_id=session.course_id,
                session=session,
                therapist=session.therapist,
                form=0,
                items=packed(DEFAULT),
                scores=scores,
                overall="pass" if sum(given) / len(given) >= 3 else "needs_work",
                comment=COMMENTS[min(place // 2, len(COMMENTS) - 1)],
                rated_by=self.clinic.staff.users["joy"],
                rated_at=self._rated_at(session),
            )
        )

    def _rated_at(self, session: TherapySession) -> datetime:
        return min(at(self._day(session) + timedelta(days=3), time(16, 30)), self.clinic.now)

    def _day(self, session: TherapySession) -> date:
        return session.starts_at.astimezone(self.clinic.now.tzinfo).date()
