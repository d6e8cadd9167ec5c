"""The progress review: every open course of a supervisor's therapists (for the lead of the whole clinic), the most
concerning first, each with the reasons why. What a flag means is in `flags`; here they are gathered, weighed and counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from access import policy
from clients.models import Client
from courses import protocol
from courses.lifecycle import OPEN, Status
from courses.models import Course
from outcomes.scoring import Change, outcome
from record import rows
from record.addresses import address
from record.wanted import LAST_PAGE, Wanted
from record.words import short_day
from sessions.cosigning import awaiting
from sessions.models import Note, TherapySession
from staff.models import User
from supervision.considering import Considered, standing_answers
from supervision.facts import Facts, Scores
from supervision.flags import FLAGS, IN_REVIEW, every
from supervision.models import AgendaItem
from supervision.shape import Flag, Found, Scope
from supervision.whose import looked_after, supervised

ROWS_ON_A_PAGE = 40
DECISION_CUT_AT = 90
# Beside the flags themselves the list can be narrowed to these.
ANY, NONE, ANSWERED = "any", "none", "considered"
# What was considered still counts, for a tenth.
CONSIDERED_WEIGHS = 0.1
# A course that was hardly begun says nothing about what treatment achieved: NHS Talking Therapies counts from two sessions on.
FEWEST_SESSIONS_OF_A_COURSE = 2
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Reason:
    """A flag that is up for a course, with each row behind it; `considered` where an answer stands for all of them."""

    flag: Flag
    found: tuple[Found, ...]
    answers: tuple[Considered | None, ...]

    @property
    def considered(self) -> Considered | None:
        """The one that ends first, where every row was considered."""
        said = [one for one in self.answers if one]
        return min(said, key=lambda one: one.until) if len(said) == len(self.answers) else None

    @property
    def weight(self) -> float:
        return self.flag.weight * (CONSIDERED_WEIGHS if self.considered else 1)

    def words(self, now: datetime) -> str:
        return self.flag.short(self.found[0], now) or self.flag.name


@dataclass(frozen=True)
class Line:
    """One course of the list. `decided` is what was last decided, cut to a line; `act` what its button does: "alert", "agenda",
    "on agenda" or "open"."""

    row: rows.Row
    therapist: str
    reasons: list[Reason]
    reviewed: str
    decided: str
    act: str
    act_href: str


@dataclass(frozen=True)
class Figure:
    """A number above the list, which opens the rows that it counts."""

    value: str
    label: str
    href: str


@dataclass
class Review:
    """Everything that one page needs, for one reader. Each question is asked once, when it is first needed."""

    reader: User
    now: datetime

    @cached_property
    def keys(self) -> list[UUID]:
        courses = looked_after(self.reader, now=self.now).filter(status__in=OPEN)
        return list(courses.order_by().values_list("pk", flat=True))

    @cached_property
    def scope(self) -> Scope:
        return Scope(reader=self.reader, courses=self.keys, now=self.now)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.scope)

    @cached_property
    def reasons(self) -> dict[UUID, list[Reason]]:
        """By course, in the order of the flags; a course that is on track is not there."""
        answers = standing_answers(self.reader, self.keys, on=timezone.localdate(self.now))
        grouped: dict[tuple[UUID, int], list[Found]] = {}
        for found in every(self.scope, flags=IN_REVIEW, facts=self.facts):
            grouped.setdefault((found.course_id, found.flag), []).append(found)
        reasons: dict[UUID, list[Reason]] = {}
        for (course, place), group in sorted(grouped.items(), key=lambda one: one[0][1]):
            flag = FLAGS[place]
            group.sort(key=lambda found: (found.at is not None, found.at or self.now))
            said = tuple(
                answers.get((course, flag.slug, found.subject)) if flag.may_be_considered else None
                for found in group
            )
            reasons.setdefault(course, []).append(Reason(flag, tuple(group), said))
        for each in reasons.values():
            each.sort(key=lambda reason: (reason.considered is not None, -reason.flag.weight))
        return reasons

    # --- Which courses, in which order --------------------------------------------------------------------------------

    def listed(self, wanted: Wanted) -> list[UUID]:
        """The courses that the address asks for, the most concerning first; of like weight what has waited longest."""
        named = self._named(wanted.q)
        keys = [
            key for key in self.facts.courses if (named is None or key in named) and self._fits(key, wanted)
        ]
        return sorted(keys, key=self._order)

    def _fits(self, key: UUID, wanted: Wanted) -> bool:
        carried = self.facts.carried.get(key)
        if wanted.therapist and (carried is None or carried.therapist != wanted.therapist):
            return False
        if wanted.phase and self.phase_of(key) != wanted.phase:
            return False
        return not wanted.flag or self._has(key, wanted.flag)

    def _has(self, key: UUID, flag: str) -> bool:
        reasons = self.reasons.get(key, [])
        match flag:
            case "any":
                return any(not reason.considered for reason in reasons)
            case "none":
                return not reasons
            case "considered":
                return any(reason.considered for reason in reasons)
        return any(reason.flag.slug == flag for reason in reasons)

    def phase_of(self, key: UUID) -> str:
        """Of the session that comes next."""
        row, held = self.facts.courses[key], self.facts.held.get(key)
        if not row["split"]:
            return "middle"
        return protocol.phase_of(tuple(row["split"]), (held.attended if held else 0) + 1)

    def _named(self, words: str) -> set[UUID] | None:
        if not words:
            return None
        clients = Client.objects.named_like(words).order_by().values("pk")
        courses = Course.objects.content_visible_to(self.reader).filter(pk__in=self.keys, client__in=clients)
        return set(courses.order_by().values_list("pk", flat=True))

    def _order(self, key: UUID) -> tuple[float, datetime, str, str, str]:
        reasons = self.reasons.get(key, [])
        moments = [
            found.at for reason in reasons for found in reason.found if found.at and not reason.considered
        ]
        row = self.facts.courses[key]
        return (
            -sum(reason.weight for reason in reasons),
            min(moments, default=self.now),
            row["client__last_name"],
            row["client__first_name"],
            str(key),
        )

    # --- A page of it -------------------------------------------------------------------------------------------------

    def page(self, keys: list[UUID], wanted: Wanted) -> list[Line]:
        start = (wanted.page - 1) * ROWS_ON_A_PAGE
        shown = keys[start : start + ROWS_ON_A_PAGE]
        courses = Course.objects.content_visible_to(self.reader).filter(pk__in=shown)
        listed = {row.course_id: row for row in rows.of_courses(courses, now=self.now, clinical=True)}
        decisions, agenda = self._decisions(shown), self._on_agenda(shown)
        return [self._line(listed[key], decisions, agenda) for key in shown if key in listed]

    def _line(self, row: rows.Row, decisions: dict[UUID, str], agenda: dict[UUID, UUID]) -> Line:
        key = row.course_id
        carried, reviewed = self.facts.carried.get(key), self.facts.reviewed.get(key)
        reasons = self.reasons.get(key, [])
        act, href = self._act(key, reasons, agenda)
        return Line(
            row=row,
            therapist=carried.name if carried else "",
            reasons=reasons,
            reviewed=short_day(reviewed.at, self.now) if reviewed else "",
            decided=_cut(decisions.get(key, "")),
            act=act,
            act_href=href,
        )

    def _act(self, key: UUID, reasons: list[Reason], agenda: dict[UUID, UUID]) -> tuple[str, str]:
        """An alert first; then the agenda, for who supervises."""
        alerts = next((reason for reason in reasons if reason.flag.slug == "risk"), None)
        if alerts:
            return "alert", alerts.flag.address_of(alerts.found[0])
        if key in agenda:
            return "on agenda", address("supervision:item", key, agenda[key])
        propose = address("supervision:propose", key)
        if propose and reasons and key in self.supervised:
            return "agenda", propose
        return "open", address("courses:detail", key)

    @cached_property
    def supervised(self) -> set[UUID]:
        """Those that this reader may put on the agenda; a lead reads more of them than they supervise."""
        if not policy.sees_all_content(self.reader):
            return {key for key, one in self.facts.carried.items() if one.therapist != self.reader.pk}
        if not policy.may_hold_supervision(self.reader):
            return set()
        return set(supervised(self.reader, now=self.now).order_by().values_list("pk", flat=True))

    def _decisions(self, keys: list[UUID]) -> dict[UUID, str]:
        notes = [one.note for key, one in self.facts.reviewed.items() if key in keys]
        signed = Note.objects.visible_to(self.reader).signed().filter(pk__in=notes)
        return dict(signed.order_by().values_list("course", "next_time"))

    def _on_agenda(self, keys: list[UUID]) -> dict[UUID, UUID]:
        items = AgendaItem.objects.visible_to(self.reader).open().filter(course__in=keys)
        return dict(items.order_by().values_list("course", "pk"))

    # --- What stands above the list ------------------------------------------------------------------------------------

    @cached_property
    def therapists(self) -> list[tuple[UUID, str]]:
        """Those who carry the courses, by name."""
        people = {one.therapist: one.name for one in self.facts.carried.values()}
        return sorted(people.items(), key=lambda one: one[1])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many courses each flag is up for, considered or not."""
        return Counter(reason.flag.slug for reasons in self.reasons.values() for reason in reasons)

    def count_of(self, flag: str) -> int:
        return sum(self._has(key, flag) for key in self.facts.courses)

    def figures(self) -> list[Figure]:
        """Each opens exactly what it counts."""
        here, days = address("supervision:review"), self.scope.clinic.flag_unreviewed_days
        to_cosign = address("supervision:cosign") or address("caseload:unsigned")
        ended = ended_courses(self.reader, now=self.now)
        improved = sum(course.is_improved for course in ended)
        with_phq9, sessions = measured_sessions(self.scope)
        return [
            Figure(str(self.count_of(ANY)), "need discussion", f"{here}?flag={ANY}#list"),
            Figure(
                str(self.counts["unreviewed"]), f"not reviewed in {days} days", f"{here}?flag=unreviewed#list"
            ),
            Figure(str(awaiting(self.reader, at=self.now).count()), "notes to co-sign", to_cosign),
            Figure(
                _share(improved, len(ended)),
                f"reliable improvement, {improved} of {len(ended)} ended courses",
                address("supervision:figure", "improvement"),
            ),
            Figure(
                _share(with_phq9, sessions),
                f"sessions with a PHQ-9, {with_phq9} of {sessions}",
                address("supervision:figure", "phq9"),
            ),
        ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= DECISION_CUT_AT else f"{line[:DECISION_CUT_AT].rsplit(' ', 1)[0]} …"


def pages_of(count: int) -> int:
    return min(LAST_PAGE, max(1, -(-count // ROWS_ON_A_PAGE)))


# --- The rows behind the two shares -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """A course that ended in the last twelve months after two sessions or more, and what it achieved."""

    course_id: UUID
    client: str
    ended_on: str
    attended: int
    scores: dict[str, Scores]
    change: Change

    @property
    def is_improved(self) -> bool:
        return self.change == "improved"


def ended_courses(reader: User, *, now: datetime) -> list[Ended]:
    """Of those that the reader can still read, the last to end first. A course without a second score counts as not
    improved."""
    since = timezone.localdate(now) - A_YEAR
    courses = looked_after(reader, now=now).filter(status=Status.ENDED, ended_on__gte=since)
    columns = ("pk", "client__first_name", "client__last_name", "ended_on")
    found = list(courses.order_by("-ended_on", "pk").values(*columns))
    facts = Facts(Scope(reader=reader, courses=[row["pk"] for row in found], now=now))
    return [
        Ended(
            course_id=row["pk"],
            client=f"{row['client__first_name']} {row['client__last_name']}",
            ended_on=short_day(row["ended_on"], now),
            attended=facts.held[row["pk"]].attended,
            scores=facts.scores.get(row["pk"], {}),
            change=_change(facts.scores.get(row["pk"], {})),
        )
        for row in found
        if row["pk"] in facts.held and facts.held[row["pk"]].attended >= FEWEST_SESSIONS_OF_A_COURSE
    ]


def _change(scores: dict[str, Scores]) -> Change:
    first = {measure: one.first for measure, one in scores.items()}
    last = {measure: one.last for measure, one in scores.items()}
    return outcome(first, last).change


_WITH_PHQ9 = Q(responses__measure="phq9", responses__response__total__isnull=False)


def measured_sessions(scope: Scope) -> tuple[int, int]:
    """Of the attended treatment sessions of the open courses: with a whole PHQ-9, and all."""
    counts = (
        TherapySession.objects.numbered()
        .filter(course__in=scope.courses)
        .aggregate(all=Count("pk", distinct=True), measured=Count("pk", distinct=True, filter=_WITH_PHQ9))
    )
    return counts["measured"], counts["all"]


@dataclass(frozen=True)
class Measured:
    """A course, and at which of its sessions no PHQ-9 was taken."""

    course_id: UUID
    client: str
    attended: int
    measured: int
    missing: list[int]


def measured_courses(review: Review) -> list[Measured]:
    """Every open course with a session, the most gaps first."""
    sessions = TherapySession.objects.numbered().filter(course__in=review.keys)
    counted = sessions.order_by("course", "number").annotate(
        taken=Count("pk", distinct=True, filter=_WITH_PHQ9)
    )
    by_course: dict[UUID, list[tuple[int, int]]] = {}
    for course, number, taken in counted.values_list("course", "number", "taken"):
        by_course.setdefault(course, []).append((number, taken))
    listed = [
        Measured(
            course_id=course,
            client=f"{row['client__first_name']} {row['client__last_name']}",
            attended=len(held),
            measured=sum(taken for _, taken in held),
            missing=[number for number, taken in held if not taken],
        )
        for course, held in by_course.items()
        if (row := review.facts.courses.get(course))
    ]
    return sorted(listed, key=lambda one: (-len(one.missing), one.client))
