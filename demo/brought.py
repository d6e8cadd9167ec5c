"""What waits to be spoken of in supervision: the therapists' questions, one that was carried over, and one that a supervisor
added. Built once all courses are there; nothing is written to the database here."""

from datetime import time, timedelta
from typing import TYPE_CHECKING

from audit.models import Action
from demo.chance import Chance
from demo.diary import at
from supervision.models import AgendaItem

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

# Whose course, by whom, how many days ago, at how many meetings it was not reached, and the question.
BROUGHT = (
    ("amara", "amara", 3, 0, "The scores stand still. Is the focus still the right one?"),
    ("amara", "amara", 2, 0, "How do we speak of the ending without her hearing that I am leaving?"),
    ("amara", "joy", 9, 1, ""),
    ("dev", "dev", 4, 0, "Two sides tell two stories of the same argument. Whose do I follow?"),
    ("dev", "dev", 16, 2, "I would like to listen to ten minutes of the last session together."),
    ("elin", "elin", 5, 0, "Would a session with the partner help, or would it take the room away?"),
)


class Brought:
    """Puts courses on the agenda, in the order of their therapist."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance

    def bring(self) -> None:
        left = {key: self._courses(key) for key in ("amara", "dev", "elin")}
        for place, (therapist, by, days, carried, question) in enumerate(BROUGHT, start=1):
            if not left[therapist]:
                continue
            course = left[therapist].pop().course
            person = self.clinic.staff.users[by]
            added = at(self.clinic.today - timedelta(days=days), time(16, 40))
            item = AgendaItem(
                id=self.chance.key(),
                course=course,
                question=question,
                position=place,
                carried=carried,
                added_by=person,
                added_at=added,
            )
            self.rows.agenda_items.append(item)
            self.clinic.event(added, person, Action.CREATE, "Put on the agenda of supervision", item, course)

    def _courses(self, therapist: str) -> list["CourseBuilder"]:
        """Under way for some weeks; by name, so that it is the same ones each day."""
        found = [
            course
            for course in self.clinic.courses
            if course.plan.therapist == therapist
            and course.plan.status == "in_treatment"
            and len(course.signed) >= 2
            and not course.plan.handed_over_from
        ]
        return sorted(found, key=lambda course: (course.client.last_name, course.client.first_name))
