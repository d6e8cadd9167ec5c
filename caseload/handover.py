"""A therapist leaves and their courses go to others: who still carries though they may not sign in, who could take which
course, what a plan does, and what stands in its way. Questions only; writing is `handover_actions.py`."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils import timezone

from courses import lifecycle
from courses.models import Allocation, Course, HandOver, HandOverItem
from courses.places import Places, places_of
from sessions.candidates import Facts, facts_about, misfits_of, usual_mode
from sessions.going_along import Clash, clashes_of
from sessions.models import NoteKind, TherapySession
from sessions.unsigned import unsigned
from staff.models import Role, User

# --- Who has left courses behind --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeftBehind:
    """Somebody who may no longer sign in, or is no therapist any more, and still carries open courses."""

    person: User
    courses: int
    screenings: int
    has_plan: bool


def left_behind(*, reader: User, at: datetime) -> list[LeftBehind]:
    """Those with most courses first. Empty for who does not allocate. Two queries."""
    plans = set(HandOver.objects.visible_to(reader).planned().values_list("of", flat=True))
    gone = Q(therapist__is_active=False) | ~Q(therapist__roles__contains=[Role.THERAPIST])
    is_screening = Q(kind=Allocation.Kind.SCREENING)
    counts = {
        key: (courses, screenings)
        for key, courses, screenings in _not_over(Allocation.objects.visible_to(reader), at)
        .filter(gone, course__status__in=lifecycle.OPEN)
        .order_by()
        .values_list("therapist")
        .annotate(
            courses=Count("course", distinct=True, filter=~is_screening),
            screenings=Count("course", distinct=True, filter=is_screening),
        )
    }
    found = [
        LeftBehind(person, *counts[person.pk], has_plan=person.pk in plans)
        for person in User.objects.filter(pk__in=counts)
    ]
    return sorted(found, key=lambda each: (-each.courses, each.person.full_name))


def _not_over(rows: Any, at: datetime) -> Any:
    """Now or ahead; what was called off is empty and left out."""
    return rows.filter(Q(ends_at=None) | (Q(ends_at__gt=at) & Q(ends_at__gt=F("starts_at"))))


def courses_of(person: User, *, reader: User, at: datetime) -> list[Course]:
    """The open courses that this person carries now, by the client's name."""
    return list(
        Course.objects.visible_to(reader)
        .open()
        .carried_by(person, at=at)
        .select_related("client")
        .order_by("client__last_name", "client__first_name", "pk")
    )


# --- Who could take them ----------------------------------------------------------------------------------------------


@dataclass
class Takers:
    """Everybody else who treats, with their places and what is asked once about them."""

    places: list[Places]
    facts: Facts

    @property
    def people(self) -> list[User]:
        return [each.therapist for each in self.places]

    def misfits(self, person: User, course: Course) -> list[str]:
        return misfits_of(person, course.client, self.facts, mode=usual_mode(course.client))


def takers_but(person: User, *, at: datetime) -> Takers:
    places = [each for each in places_of(at=at) if each.therapist != person]
    return Takers(places, facts_about([each.therapist for each in places], at=at))


def propose(courses: Sequence[Course], takers: Takers) -> dict[UUID, User]:
    """A therapist for each course, spread so that nobody is over-filled as long as there are places: who fits, is here, and has
    most places left. Courses that few could take are given first. Nothing where nobody else treats."""
    left = {each.therapist.pk: each.most - each.taken for each in takers.places}
    here = [each.therapist for each in takers.places if not each.away_until]
    everybody = here or takers.people
    if not everybody:
        return {}
    fitting = {
        course.pk: [person for person in everybody if not takers.misfits(person, course)]
        for course in courses
    }
    chosen: dict[UUID, User] = {}
    given: Counter[UUID] = Counter()
    for course in sorted(courses, key=lambda each: len(fitting[each.pk]) or len(everybody) + 1):
        with_places = [person for person in fitting[course.pk] if left[person.pk] > 0]
        from_whom = with_places or [each for each in everybody if left[each.pk] > 0] or fitting[course.pk]
        person = max(
            from_whom or everybody, key=lambda each: (left[each.pk], -given[each.pk], each.full_name)
        )
        left[person.pk] -= 1
        given[person.pk] += 1
        chosen[course.pk] = person
    return chosen


# --- What a plan does -------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """One course of the plan: to whom, which appointments go along, and what speaks against it. `hard` cannot be; `soft` can,
    when somebody has looked at it."""

    course: Course
    item: HandOverItem | None
    misfits: list[str] = field(default_factory=list)
    going: list[TherapySession] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    drafts: int = 0
    hard: list[str] = field(default_factory=list)


@dataclass
class Preview:
    """The whole plan as it stands now."""

    lines: list[Line]
    overfull: list[str]
    receivers: list[tuple[User, int]]

    @property
    def hard(self) -> list[str]:
        return [words for line in self.lines for words in line.hard]

    @property
    def soft(self) -> list[str]:
        """What may be sent all the same, once somebody has said so."""
        clashes = [
            f"{line.course.client.name}, {clash.words} It stays where it is."
            for line in self.lines
            for clash in line.clashes
        ]
        drafts = [
            f"{line.course.client.name}: {line.drafts} unsigned note{'' if line.drafts == 1 else 's'}. "
            "What is not signed by then stays unsigned."
            for line in self.lines
            if line.drafts and not line.hard
        ]
        return [*self.overfull, *clashes, *drafts]

    @property
    def mark(self) -> str:
        """What a tick stands for: these lines and these sentences, and no others."""
        lines = [f"{line.course.pk} {line.item.to_id if line.item else ''}" for line in self.lines]
        return hashlib.sha256("\n".join([*lines, *self.soft]).encode()).hexdigest()[:16]

    @property
    def moves(self) -> int:
        return sum(len(line.going) - len(line.clashes) for line in self.lines)


def preview(plan: HandOver, *, reader: User, at: datetime) -> Preview:
    """What sending the plan would do now. The same number of queries for five courses or fifty."""
    items = list(
        HandOverItem.objects.visible_to(reader)
        .filter(hand_over=plan)
        .standing()
        .select_related("course__client", "to")
        .order_by("course__client__last_name", "course__client__first_name", "pk")
    )
    since = max(plan.at, at)
    carriers, planned = _rows_of(items, reader, at)
    sessions = _sessions_of(items, plan.of, reader, since)
    drafts = Counter(
        row.course
        for row in unsigned()
        # A supervision record is no work of the therapist's on their own course: it holds up no hand-over.
        if row.note and row.author == plan.of_id and row.kind != NoteKind.SUPERVISION
    )
    facts = facts_about(list({item.to_id: item.to for item in items}.values()), at=at)
    by_course = {item.course_id: item for item in items}
    clashes: dict[UUID, list[Clash]] = defaultdict(list)
    for clash in clashes_of(
        [(each, by_course[key].to) for key, of_course in sessions.items() for each in of_course]
    ):
        clashes[clash.session.course_id].append(clash)
    lines = [
        Line(
            item.course,
            item,
            misfits=misfits_of(item.to, item.course.client, facts, mode=usual_mode(item.course.client)),
            going=sessions[item.course_id],
            clashes=clashes[item.course_id],
            drafts=drafts[item.course_id],
            hard=_in_the_way(
                item,
                plan,
                carrier=carriers.get(item.course_id),
                is_planned=item.course_id in planned,
                drafts=drafts[item.course_id] if since == at else 0,
                reader=reader,
            ),
        )
        for item in items
    ]
    receivers = Counter(item.to for item in items)
    overfull = [
        f"{places.therapist.full_name} would carry {places.taken + receivers[places.therapist]} of {places.most}."
        for places in (places_of(*receivers, at=at) if receivers else [])
        if places.taken + receivers[places.therapist] > places.most
    ]
    return Preview(lines, overfull, sorted(receivers.items(), key=lambda each: each[0].full_name))


def _in_the_way(
    item: HandOverItem,
    plan: HandOver,
    *,
    carrier: UUID | None,
    is_planned: bool,
    drafts: int,
    reader: User,
) -> list[str]:
    name, who = item.course.client.name, plan.of.full_name
    if not item.course.is_open:
        return [f"{name}: the course has ended. Take it out of the plan."]
    if carrier != plan.of_id:
        return [f"{name}: {who} does not carry this course any more. Take it out of the plan."]
    found = []
    if is_planned:
        found.append(f"{name}: another transfer or cover is planned. Call it off, or take it out.")
    if not (item.to.is_active and item.to.is_therapist):
        found.append(f"{name}: {item.to.full_name} does not treat clients here. Choose somebody else.")
    if drafts and plan.of.is_active:
        found.append(
            f"{name}: {who} has {drafts} unsigned note{'' if drafts == 1 else 's'}, and signs first."
        )
    elif drafts and not reader.is_lead:
        found.append(
            f"{name}: {who} has {drafts} unsigned note{'' if drafts == 1 else 's'} and cannot sign in. "
            "The clinical lead sends this one."
        )
    return found


def _rows_of(items: Iterable[HandOverItem], reader: User, at: datetime) -> tuple[dict[UUID, UUID], set[UUID]]:
    """By course, who carries it now; and the courses for which something is planned."""
    carriers, planned = {}, set()
    rows = _not_over(Allocation.objects.visible_to(reader).carrying(), at)
    for course, therapist, starts_at in rows.filter(
        course__in=[item.course_id for item in items]
    ).values_list("course", "therapist", "starts_at"):
        if starts_at > at:
            planned.add(course)
        else:
            carriers[course] = therapist
    return carriers, planned


def _sessions_of(
    items: Iterable[HandOverItem], person: User, reader: User, since: datetime
) -> Mapping[UUID, list[TherapySession]]:
    sessions: dict[UUID, list[TherapySession]] = defaultdict(list)
    rows = TherapySession.objects.visible_to(reader).filter(
        course__in=[item.course_id for item in items], therapist=person
    )
    for session in rows.ahead(at=since).order_by("starts_at"):
        sessions[session.course_id].append(session)
    return sessions


def plan_for(person: User, *, reader: User) -> HandOver | None:
    """The plan that is neither sent nor taken back."""
    return (
        HandOver.objects.visible_to(reader)
        .planned()
        .filter(of=person)
        .select_related("of", "made_by")
        .first()
    )


def sent_before(person: User, *, reader: User) -> list[HandOver]:
    rows = HandOver.objects.visible_to(reader).filter(of=person, sent_at__isnull=False)
    return list(
        rows.select_related("sent_by").annotate(courses=Count("items", filter=Q(items__removed_at=None)))[:5]
    )


def what_it_says(plan: HandOver, receivers: Mapping[UUID, UUID]) -> dict[str, object]:
    """The plan as its page shows and changes it, by name of the field. `receivers` by course."""
    local = timezone.localtime(plan.at)
    return {"day": local.date(), "at": local.time(), "why": plan.reason} | {
        f"to_{course}": str(person) for course, person in receivers.items()
    }
