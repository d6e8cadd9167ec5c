"""Who could carry a course: every therapist with their places, what the client needs and they do not have, and their next free
times. Questions only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from clients.models import Client
from courses.places import Places, places_of
from sessions.free_slots import EVENING, FreeSlot, Hours, free_slots, hours_of
from sessions.models import Mode
from staff.models import Room, SupervisionLine, User

FAR = datetime.max.replace(tzinfo=UTC)
FIRST_SHOWN = 4  # free times that stand open on the page; the others are one step away


@dataclass(frozen=True)
class Facts:
    """What is asked once for all therapists: when they work, who supervises the trainees, whether any room is step-free."""

    hours: Hours
    supervisors: dict[UUID, list[str]]
    has_step_free_room: bool


@dataclass(frozen=True)
class Candidate:
    """`misfits` says what the client needs and this therapist has not, in words for the page."""

    places: Places
    misfits: list[str]
    supervisors: list[str] = field(default_factory=list)
    has_hours: bool = True
    slots: list[FreeSlot] = field(default_factory=list)

    @property
    def therapist(self) -> User:
        return self.places.therapist

    @property
    def fits(self) -> bool:
        return not self.misfits

    @property
    def is_proposed(self) -> bool:
        """Fits, has a place, and is here."""
        return self.fits and not self.places.is_full and not self.places.away_until

    @property
    def first_slots(self) -> list[FreeSlot]:
        return self.slots[:FIRST_SHOWN]

    @property
    def more_slots(self) -> list[FreeSlot]:
        return self.slots[FIRST_SHOWN:]


def facts_about(people: list[User], *, at: datetime) -> Facts:
    """Three queries, however many people."""
    supervisors: dict[UUID, list[str]] = defaultdict(list)
    trainees = [person.pk for person in people if person.is_trainee]
    lines = SupervisionLine.objects.current(at=at).filter(therapist__in=trainees)
    for therapist, name in lines.values_list("therapist", "supervisor__full_name"):
        supervisors[therapist].append(name)
    rooms = Room.objects.in_use(on=at.date()).filter(is_step_free=True)
    return Facts(hours_of(people), dict(supervisors), rooms.exists())


def misfits_of(person: User, client: Client, facts: Facts, *, mode: str) -> list[str]:
    """What the client needs and this person or the clinic has not. An interpreter is said on the page and not matched: nothing
    is written down of who speaks what."""
    found = []
    if client.asks_for and person.gender != client.asks_for:
        found.append(f"not entered as a {client.asks_for}")
    if client.needs_evenings and not facts.hours.has_evenings(person):
        found.append(f"does not work after {EVENING:%H:%M}")
    if client.needs_step_free and mode == Mode.IN_PERSON and not facts.has_step_free_room:
        found.append("no step-free room")
    if person.is_trainee and not facts.supervisors.get(person.pk):
        found.append("trainee without a supervisor")
    return found


def usual_mode(client: Client) -> str:
    return Mode.VIDEO if client.needs_video else Mode.IN_PERSON


def candidates_for(
    client: Client,
    *,
    mode: str,
    minutes: int,
    at: datetime,
    but: Iterable[UUID] = (),
    with_slots: bool = True,
) -> list[Candidate]:
    """Everybody who treats: who fits first, then by free places, then by the earliest free time. The same number of queries for
    eight therapists or sixty."""
    left_out = set(but)
    places = [each for each in places_of(at=at) if each.therapist.pk not in left_out]
    people = [each.therapist for each in places]
    facts = facts_about(people, at=at)
    slots = (
        free_slots(people, client=client, hours=facts.hours, minutes=minutes, mode=mode, at=at)
        if with_slots
        else {}
    )
    found = [
        Candidate(
            places=each,
            misfits=misfits_of(each.therapist, client, facts, mode=mode),
            supervisors=facts.supervisors.get(each.therapist.pk, []),
            has_hours=facts.hours.are_written_of(each.therapist),
            slots=slots.get(each.therapist.pk, []),
        )
        for each in places
    ]
    return sorted(found, key=_rank)


def _rank(candidate: Candidate) -> tuple[bool, int, datetime, str]:
    first = candidate.slots[0].starts_at.astimezone(UTC) if candidate.slots else FAR
    return not candidate.fits, -candidate.places.free, first, candidate.therapist.full_name
