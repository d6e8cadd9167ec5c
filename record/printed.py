"""A course on paper: the parts of its record that somebody chose, asked in as many questions for two sessions as for forty.

What a safety concern says is never among them, and the client's people only where they were chosen: that is other
people's data."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from courses.ending_forms import title_of
from courses.models import Contract, Course, EndingPlan
from interpersonal.board import facts_of, people_of, second_of
from interpersonal.models import Person
from record.ending import Review, review_of, versions_of
from record.formulation_pages import FormulationPage, formulation_page
from record.task_pages import TasksPage, tasks_page
from record.timeline import Happening, timeline_of
from sessions.models import Note
from sessions.reading import RISK, tasks_of, techniques_of, words_of
from staff.models import User

PARTS = {
    "plan": "Focus, formulation and goals",
    "contract": "Contract",
    "people": "Relationships",
    "timeline": "Timeline and scores",
    "tasks": "Tasks of the phases",
    "ending": "Ending",
    "notes": "Signed session notes",
}
LEFT_OUT = {"people"}  # unless somebody chooses it


@dataclass(frozen=True)
class PersonPrinted:
    person: Person
    second: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class NotePrinted:
    """A signed note of a session that was not struck out, and what was added to it."""

    note: Note
    words: list[tuple[str, str]]
    ticked: list[str]
    addenda: list[Note]


@dataclass(frozen=True)
class Printed:
    """A part that was not chosen is None or empty, and was not asked for."""

    chosen: frozenset[str]
    plan: FormulationPage | None = None
    contract: Contract | None = None
    people: list[PersonPrinted] = field(default_factory=list)
    timeline: list[Happening] = field(default_factory=list)
    tasks: TasksPage | None = None
    review: Review | None = None
    ending: list[tuple[str, str]] = field(default_factory=list)
    notes: list[NotePrinted] = field(default_factory=list)


def chosen_parts(asked: Iterable[str], *, is_first: bool) -> frozenset[str]:
    """Those that the page was asked for; all but the people where nobody has chosen yet."""
    return frozenset(PARTS) - LEFT_OUT if is_first else frozenset(asked) & PARTS.keys()


def printed(course: Course, user: User, *, chosen: Collection[str], today: date) -> Printed:
    """The course comes through `timeline.with_moves`, with its client."""
    plans = versions_of(course, user) if "ending" in chosen else []
    contracts = Contract.objects.visible_to(user).filter(course=course).select_related("agreed_by")
    return Printed(
        chosen=frozenset(chosen),
        plan=formulation_page(course, user) if "plan" in chosen else None,
        contract=contracts.order_by("-number").first() if "contract" in chosen else None,
        people=_people(course, user) if "people" in chosen else [],
        timeline=timeline_of(course, user, today=today).rows if "timeline" in chosen else [],
        tasks=tasks_page(course, user) if "tasks" in chosen else None,
        review=review_of(course, user) if "ending" in chosen else None,
        ending=_ending(plans[0]) if plans else [],
        notes=_notes(course, user) if "notes" in chosen else [],
    )


def _people(course: Course, user: User) -> list[PersonPrinted]:
    return [
        PersonPrinted(person, second_of(person), facts_of(person, course))
        for person in people_of(course, user)
    ]


def _ending(plan: EndingPlan) -> list[tuple[str, str]]:
    return [(title_of(name), words) for name in EndingPlan.PARTS if (words := getattr(plan, name))]


def _notes(course: Course, user: User) -> list[NotePrinted]:
    signed = Note.objects.visible_to(user).filter(course=course).signed().standing()
    added: dict[object, list[Note]] = {}
    for addendum in signed.exclude(adds_to=None).select_related("author").order_by("signed_at", "pk"):
        added.setdefault(addendum.adds_to_id, []).append(addendum)
    notes = signed.of_sessions().filter(session__entered_in_error_at=None).select_related("session", "author")
    return [
        NotePrinted(note, _words(note), techniques_of(note) + tasks_of(note), added.get(note.pk, []))
        for note in notes.order_by("session__starts_at", "pk")
    ]


def _words(note: Note) -> list[tuple[str, str]]:
    risk = ". ".join(filter(None, (RISK.get(note.risk_answer, ""), note.risk)))
    said = [(part.heading, part.words) for part in words_of(note)]
    return [*said, ("Risk", risk)] if risk else said
