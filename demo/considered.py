"""What supervisors of the invented clinic considered about flags that are up: one that stands, and one whose day is over.
Built once everything else is there; nothing is written to the database here."""

from datetime import timedelta
from typing import TYPE_CHECKING

from courses.models import Course
from demo.chance import Chance
from supervision.models import FlagAnswer

if TYPE_CHECKING:
    from demo.build import Builder

STANDS = (
    "Owen Pritchard",
    "not-improved",
    "The first months of a bereavement; the focus was agreed late. Two more sessions, then we look again.",
    10,
)
IS_OVER = ("Daniel Okafor", "ending", "He asked to speak of the ending next time.", -3)


class Considering:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own, so that nobody else changes."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.chance = chance

    def answer(self) -> None:
        for name, flag, reason, days in (STANDS, IS_OVER):
            for each in self.clinic.courses:
                if f"{each.client.first_name} {each.client.last_name}" == name and each.course.is_open:
                    self._considered(each.course, flag, reason, days)

    def _considered(self, course: Course, flag: str, reason: str, days: int) -> None:
        self.clinic.rows.flag_answers.append(
            FlagAnswer(
                id=self.chance.key(),
                course=course,
                flag=flag,
                subject=course.pk,  # both rules are about the course itself
                reason=reason,
                until=self.clinic.today + timedelta(days=days),
                by=self.clinic.staff.users["joy"],
                at=self.clinic.now - timedelta(days=4),
            )
        )
