"""Whom the clients of the invented clinic have in their lives: one inventory in full, as the mockups show it, and a few people
each for the other courses of the demo's therapist. Nothing is written to the database here."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from demo.chance import Chance
from interpersonal import circles
from interpersonal.models import Person, Picture, PicturePlace, SafetyConcern

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

# Name, what was said, where they stood at the start, where they stand now; None of who came later.
MAYA: tuple[tuple[str, dict[str, Any], tuple[float, float] | None, tuple[float, float]], ...] = (
    (
        "Tom",
        {
            "relationship": "partner",
            "known_for": "seven years",
            "lives_with": True,
            "contact": "every day, fewer words than before",
            "support_received": "company, money",
            "support_given": "cooks, listens about work",
            "confides": "no",
            "good": "Kind on ordinary days; the dog.",
            "hard": "silence after arguments",
            "own_expectations": "That they decide together when to leave his parents’ house",
            "own_met": "no",
            "their_expectations": "That May waits until there is money",
            "their_met": "unsaid",
            "wish_to_change": "To say what they want before they are angry.",
            "changed_since": "They go to bed at different hours.",
            "linked_to_onset": True,
            "focus_area": "conflict",
        },
        (26, -9),
        (26, -9),
    ),
    (
        "Joan",
        {
            "relationship": "sister",
            "contact": "rings on Sundays",
            "support_received": "sees when they are low",
            "confides": "partly",
            "good": "Does not judge.",
            "hard": "lives far away",
        },
        (-9, 49),
        (-5, 27),
    ),
    (
        "Dad",
        {
            "relationship": "father",
            "contact": "every other week",
            "support_received": "practical help",
            "hard": "no talk about Mum",
        },
        (-38, -42),
        (-38, -42),
    ),
    (
        "Mum",
        {
            "relationship": "mother",
            "has_died": True,
            "died_on": date(2019, 1, 1),
            "died_to": "year",
            "hard": "missed at birthdays",
            "in_therapy": True,
        },
        (32, -44),
        (32, -44),
    ),
    (
        "Priya",
        {
            "relationship": "friend",
            "known_for": "since school",
            "contact": "weekly walk; was once a month",
            "support_received": "listens, makes them laugh",
            "confides": "yes",
            "confides_about": "most things",
            "good": "Listens, makes them laugh.",
            "hard": "feels they burden her",
            "own_expectations": "To be told when it is too much",
            "own_met": "unsaid",
            "wish_to_change": "Ask for help before the low days",
        },
        (-82, 22),
        (-52, 14),
    ),
    ("Leigh", {"relationship": "manager", "hard": "does not know", "in_therapy": False}, None, (66, 52)),
)
_OTHERS = (
    ("Sam", "brother", "a lift when it is needed", "says little"),
    ("Mum", "mother", "rings every day", "worries, then takes over"),
    ("Ellie", "friend", "makes time", "is busy with the baby"),
    ("Mr K", "neighbour", "takes parcels in", ""),
    ("Jo", "colleague", "covers shifts", "they only talk about work"),
    ("Aunt Bea", "aunt", "remembers birthdays", "far away"),
)
MOST = 12  # courses besides


class Relations:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance

    def tell(self) -> None:
        treated = [
            course
            for course in self.clinic.courses
            if course.plan.therapist == "amara" and len(course.signed) >= 2
        ]
        maya = [course for course in treated if course.client.first_name == "Maya"]
        for course in maya[:1]:
            self._maya(course)
        for course in [course for course in treated if course not in maya][:MOST]:
            self._some(course)

    def _maya(self, course: "CourseBuilder") -> None:
        began, lately = self._when(course, 1), self._when(course, -1)
        kept = self._picture(course, began + timedelta(minutes=20), 2)
        for number, (name, said, then, now) in enumerate(MAYA):
            added = began if then else lately
            person = self._person(course, name, now, added + timedelta(minutes=number), said)
            person.changed_at = lately
            if then:
                self._place(kept, person, then)
            if name == "Tom":
                self._concern(course, person, lately)

    def _some(self, course: "CourseBuilder") -> None:
        """Who the story is about stands near, and four or five others where they may."""
        began = self._when(course, 1)
        kept = self._picture(course, began + timedelta(minutes=20), min(2, len(course.signed)))
        taken: list[tuple[float, float]] = []
        for number, (name, relationship, gives, hard) in enumerate(_OTHERS[: self.chance.between(4, 6)]):
            direction = list(circles.DIRECTIONS)[(number * 3) % 8]
            now = circles.free_place(self.chance.between(1, 3), direction, taken)
            then = circles.free_place(self.chance.between(2, 3), direction, taken)
            taken += [now, then]
            said = {"relationship": relationship, "support_received": gives, "hard": hard}
            person = self._person(course, name, now, began + timedelta(minutes=number), said)
            self._place(kept, person, then if self.chance.happens(0.4) else now)

    def _when(self, course: "CourseBuilder", which: int) -> datetime:
        """In the second session, or in the last."""
        signed = course.signed[min(which, len(course.signed) - 1)] if which >= 0 else course.signed[-1]
        assert signed.session is not None  # the notes of sessions
        return signed.session.starts_at + timedelta(minutes=10)

    def _person(
        self,
        course: "CourseBuilder",
        name: str,
        place: tuple[float, float],
        added_at: datetime,
        said: dict[str, Any],
    ) -> Person:
        person = Person(
            id=self.chance.key(),
            course=course.course,
            name=name,
            x=place[0],
            y=place[1],
            added_by=course.user("amara"),
            added_at=added_at,
            changed_at=added_at,
            **said,
        )
        self.rows.people.append(person)
        return person

    def _picture(self, course: "CourseBuilder", taken_at: datetime, number: int) -> Picture:
        picture = Picture(
            id=self.chance.key(),
            course=course.course,
            moment="start",
            session_number=number,
            taken_at=taken_at,
            by=course.user("amara"),
        )
        self.rows.pictures.append(picture)
        return picture

    def _place(self, picture: Picture, person: Person, place: tuple[float, float]) -> None:
        self.rows.picture_places.append(
            PicturePlace(
                id=self.chance.key(),
                picture=picture,
                person=person,
                course=picture.course,
                name=person.name,
                relationship=person.relationship,
                has_died=person.has_died,
                focus_area=person.focus_area,
                x=place[0],
                y=place[1],
            )
        )

    def _concern(self, course: "CourseBuilder", person: Person, at: datetime) -> None:
        self.rows.concerns.append(
            SafetyConcern(
                id=self.chance.key(),
                person=person,
                course=course.course,
                text="Threw a cup at the wall in an argument in spring. Nobody was hurt; it has not happened since. We"
                " agreed to ask each time, and that May goes to Priya’s if it does.",
                by=course.user("amara"),
                at=at,
            )
        )
