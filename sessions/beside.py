"""What stands beside the log page: the course so far, last time, safety, the draft, the next slot. Questions only, no writes.

Each function asks the database a fixed number of times, however long the course is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from courses import prompts, protocol, techniques
from courses.models import Course, Focus
from outcomes import signal_page
from outcomes.measures import Measure
from outcomes.models import Alert, Came, Response, Signal
from outcomes.scoring import course_in_words, difference_in_words, first_and_last_of, outcome, score
from outcomes.signal_rules import BY_RULE
from sessions.forms import MEASURES
from sessions.models import SEEN, Mode, Note, RiskAnswer, SessionResponse, TherapySession
from staff.models import Holiday, Leave, SupervisionLine, User

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class SoFar:
    """The course up to this session. `number` is the one that it takes if the client is seen."""

    number: int
    planned: int
    attended: int
    missed: int
    phase: str
    sessions: list[TherapySession]
    booked_next: TherapySession | None
    last_treatment_day: date | None

    @property
    def phase_in_words(self) -> str:
        words = {"initial": "the initial phase", "middle": "the middle phase", "end": "the end phase"}[
            self.phase
        ]
        if self.number > self.planned:
            return f"Session {self.number} is beyond the {self.planned} planned and falls in {words}."
        return f"Session {self.number} of {self.planned} falls in {words}."


def this_moment(course: Course, *, at: datetime) -> TherapySession:
    """What a page about no session stands beside: all that was up to now. It is never saved."""
    return TherapySession(course=course, client_id=course.client_id, starts_at=at)


def so_far(course: Course, session: TherapySession, user: User) -> SoFar:
    sessions = list(
        TherapySession.objects.visible_to(user)
        .filter(course=course, entered_in_error_at=None)
        .select_related("room")
        .order_by("starts_at", "id")
    )
    counted = [other for other in sessions if other.number and other.pk != session.pk]
    number = sum(other.starts_at < session.starts_at for other in counted) + 1
    now = timezone.now()
    ahead = [
        other
        for other in sessions
        if other.attendance is None
        and other.pk != session.pk
        and other.starts_at > max(now, session.starts_at)
    ]
    return SoFar(
        number=number,
        planned=course.planned_sessions,
        attended=len(counted),
        missed=sum(other.was_missed for other in sessions),
        phase=protocol.phase_of(course.plan, number),
        sessions=sessions,
        booked_next=ahead[0] if ahead else None,
        last_treatment_day=timezone.localdate(counted[-1].starts_at) if counted else None,
    )


# --- Scores -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Earlier:
    """A measure's complete forms before this session: days and totals, oldest first."""

    measure: Measure
    taken: list[tuple[date, int]] = field(default_factory=list)

    @property
    def first(self) -> int | None:
        return self.taken[0][1] if self.taken else None

    @property
    def totals(self) -> list[int]:
        return [total for _, total in self.taken]


def earlier_scores(session: TherapySession, user: User) -> dict[str, Earlier]:
    """By the code of the measure; one question for all."""
    earlier = {measure.code: Earlier(measure) for measure in MEASURES}
    rows = (
        Response.objects.visible_to(user)
        .standing()
        .filter(course=session.course_id, measure__in=earlier, taken_at__lt=session.starts_at)
        .exclude(total=None)
        .order_by("taken_at", "entered_at")
        .values_list("measure", "taken_at", "total")
    )
    for code, taken_at, total in rows:
        earlier[code].taken.append((timezone.localdate(taken_at), total))
    return earlier


@dataclass(frozen=True)
class Total:
    """What the page says under the digits of one measure."""

    measure: Measure
    words: str
    is_complete: bool
    is_risk: bool


def total_in_words(measure: Measure, answers: Sequence[int | None], earlier: Earlier) -> Total:
    """Total, band, caseness, and how it compares with last time and with the start."""
    result = score(measure, answers)
    given = sum(answer is not None for answer in answers)
    if result.total is None:
        words = (
            f"{given} of {len(answers)} answered; there is no total until all are."
            if given
            else _last_total(earlier)
        )
        return Total(measure, words, is_complete=False, is_risk=result.is_risk)
    caseness = "" if result.is_case is None else (", at caseness" if result.is_case else ", below caseness")
    compared = _compared(result.total, earlier)
    return Total(
        measure,
        f"Total {result.total}, {result.band}{caseness}.{compared}",
        is_complete=True,
        is_risk=result.is_risk,
    )


def _last_total(earlier: Earlier) -> str:
    if not earlier.taken:
        return "Not taken before in this course."
    day, total = earlier.taken[-1]
    return f"Last total {total}, on {short(day)}."


def _compared(total: int, earlier: Earlier) -> str:
    if not earlier.taken:
        return " The first of this course."
    day, last = earlier.taken[-1]
    since_last = f"{_moved(last, total)} since {short(day)}"
    if len(earlier.taken) == 1:
        return f" {since_last}, when it was first taken."
    since_start = _moved(earlier.taken[0][1], total)
    if since_start.split()[0] == since_last.split()[0] != "Unchanged":
        since_start = since_start.split()[1]
    return f" {since_last}, {since_start.lower()} since the start."


def _moved(before: int, after: int) -> str:
    if before == after:
        return "Unchanged"
    return f"{'Down' if after < before else 'Up'} {abs(after - before)}"


def change_in_words(earlier: Mapping[str, Earlier], last_treatment_day: date | None) -> str:
    """The course so far in one line: points on each measure, what they mean together, and since when."""
    first, last = _ends(earlier, last_treatment_day)
    points = [
        words for code in earlier if (words := difference_in_words(code, first.get(code), last.get(code)))
    ]
    if not points:
        return "No two scores yet, so nothing to compare."
    said = course_in_words(first, last)
    since = _since(earlier, last_treatment_day)
    return f"{', '.join(points)}. {said}{f' since {short(since)}' if since else ''}."


def _ends(
    earlier: Mapping[str, Earlier], until: date | None
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    return first_and_last_of({code: one.taken for code, one in earlier.items()}, until)


def _since(earlier: Mapping[str, Earlier], last_treatment_day: date | None) -> date | None:
    """From which day on, without a break, the outcome has been what it is now; None where nothing changed reliably."""
    now = outcome(*_ends(earlier, last_treatment_day))
    if last_treatment_day is None or now.change == "none":
        return None
    since = None
    for day in sorted({day for one in earlier.values() for day, _ in one.taken}, reverse=True):
        if day > last_treatment_day:
            continue
        if outcome(*_ends(earlier, day)) != now:
            break
        since = day
    return since


# --- Last time and safety ------------------------------------------------------------------------------------------------


def signed_before(session: TherapySession, user: User) -> list[Note]:
    """The last three signed notes of attended sessions before this one, newest first: last time, and the last risk answers."""
    return list(
        Note.objects.visible_to(user)
        .signed()
        .filter(course=session.course_id, session__starts_at__lt=session.starts_at)
        .filter(session__attendance__in=SEEN, session__entered_in_error_at=None)
        .select_related("session")
        .only(
            "work",
            "next_time",
            "risk_answer",
            "risk",
            "signed_at",
            "session__starts_at",
            "session__number",
            "session__kind",
        )
        .order_by("-session__starts_at")[:3]
    )


def risk_in_words(note: Note) -> str:
    """One earlier answer to the question about risk, as the page repeats it."""
    said = RISK_SAID[note.risk_answer]
    return f"{said}: {note.risk.strip()}" if note.risk.strip() else f"{said}."


RISK_SAID = {
    "": "No answer",
    RiskAnswer.UNCHANGED: "Asked, unchanged",
    RiskAnswer.CHANGED: "Changed",
    RiskAnswer.NOT_ASKED: "Not asked",
}


def agreed_focus(course: Course, user: User) -> list[Focus]:
    return list(Focus.objects.visible_to(user).filter(course=course).current().order_by("position"))


def focus_in_words(foci: Sequence[Focus]) -> str:
    if not foci:
        return "No focus is agreed for this course yet."
    said = [
        f"{focus.get_area_display().lower()}{f', {focus.about}' if focus.about else ''}" for focus in foci
    ]
    return f"Agreed for the course on {short(foci[0].agreed_on)}: {'; '.join(said)}."


@dataclass(frozen=True)
class Prompt:
    """What to ask about one focus in this phase. `about` says more of it, as agreed; `aim` is that of the dispute's stage."""

    heading: str
    about: str
    aim: str
    questions: tuple[str, ...]


def prompts_for(foci: Sequence[Focus], phase: str) -> list[Prompt]:
    """For each agreed focus, or for any while none is agreed."""
    if not foci:
        return [Prompt("While no focus is agreed", "", "", prompts.questions_for("", phase))]
    most = 3 if len(foci) == 1 else 2
    return [
        Prompt(
            heading=focus.get_area_display(),
            about=_more_about(focus),
            aim=prompts.STAGE_AIMS.get(focus.stage, ""),
            questions=prompts.questions_for(focus.area, phase)[:most],
        )
        for focus in foci
    ]


def _more_about(focus: Focus) -> str:
    roles = " → ".join(filter(None, [focus.old_role, focus.new_role])) if focus.area == "life_change" else ""
    stage = focus.get_stage_display() if focus.area == "conflict" else ""
    days = f"Anniversaries: {focus.anniversaries}" if focus.area == "grief" and focus.anniversaries else ""
    return ". ".join(filter(None, [focus.about, stage, roles, days]))


def open_signals(course: Course, user: User) -> list[tuple[str, str, Signal]]:
    """Rule and reason of each score that asks for a review."""
    rows = Signal.objects.visible_to(user).open().standing().filter(course=course)
    return [(BY_RULE[signal.rule].name, signal_page.reason_of(signal), signal) for signal in rows]


def open_alert_of(session: TherapySession, user: User) -> Alert | None:
    """The alert that this session's own answers have raised."""
    mine = SessionResponse.objects.visible_to(user).filter(session=session).values("response")
    return Alert.objects.visible_to(user).open().filter(response__in=mine).first()


def supervisors_of(user: User, *, at: datetime) -> str:
    lines = SupervisionLine.objects.current(at=at).filter(therapist=user).select_related("supervisor")
    return " and ".join(line.supervisor.full_name for line in lines)


# --- The draft --------------------------------------------------------------------------------------------------------


def answers_of(session: TherapySession, user: User) -> dict[str, list[int | None]]:
    """What was typed; what the client has answered by link is nobody's to type."""
    linked = SessionResponse.objects.visible_to(user).filter(session=session).select_related("response")
    linked = linked.exclude(response__came=Came.LINK)
    return {link.measure: link.response.answers for link in linked}


# --- What may be ticked -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """Headings with what may be ticked under each: those shown at once, and those one click away."""

    at_once: tuple[techniques.Offer, ...]
    more: tuple[techniques.Offer, ...]


# Ticked most often, so never behind a click.
COMMON = ("communication_analysis", "role_play", "decision_analysis", "affect", "clarification")


def techniques_for(areas: Sequence[str], chosen: Sequence[str]) -> Offered:
    """The common techniques and whatever is ticked already, then the strategies of the given focus areas; the rest is more."""
    known = [area for area in areas if area in protocol.FOCUS_AREAS]
    strategies = techniques.offered_for(known)[:-1]
    shown = {one.code for offer in strategies for one in offer.techniques} | set(COMMON)
    ticked = [code for code in chosen if code in techniques.BY_CODE and code not in shown]
    first = tuple(techniques.BY_CODE[code] for code in (*COMMON, *ticked))
    shown |= set(ticked)
    everything = techniques.offered_for(protocol.FOCUS_AREAS)
    rest = [
        techniques.Offer(offer.label, tuple(one for one in offer.techniques if one.code not in shown))
        for offer in everything
    ]
    return Offered(
        (techniques.Offer("", first), *strategies), tuple(offer for offer in rest if offer.techniques)
    )


# --- The next appointment ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """The same hour in a week, how and where; `said` tells why another week is proposed, or what speaks against this one."""

    starts_at: datetime
    mode: str
    room_id: UUID | None
    said: str


def next_slot(session: TherapySession) -> Slot:
    """The first of the next four weeks in which nothing speaks against the same weekday and local time (an hour stays an hour
    when the clocks change); the first of them, with what speaks against it, where all four are taken."""
    refused = ""
    # Of a session that is logged late, next week may be past.
    first = max(1, -((session.starts_at - timezone.now()) // A_WEEK))
    for weeks in range(first, first + 4):
        slot = _slot(session, weeks)
        if not slot.said:
            return replace(
                slot,
                said=refused and f"{refused} So {short(timezone.localdate(slot.starts_at))} is proposed.",
            )
        refused = refused or slot.said
    return _slot(session, first)


def _slot(session: TherapySession, weeks: int) -> Slot:
    local = timezone.localtime(session.starts_at)
    day = local.date() + weeks * A_WEEK
    starts_at = timezone.make_aware(datetime.combine(day, local.time()))
    room_id = session.room_id if session.mode == Mode.IN_PERSON else None
    return Slot(starts_at, session.mode, room_id, _against(session, day, starts_at, room_id))


def _against(session: TherapySession, day: date, starts_at: datetime, room_id: UUID | None) -> str:
    when = short(day)
    if holiday := Holiday.objects.filter(day=day).first():
        return f"The clinic is closed on {when} ({holiday.name})."
    if Leave.objects.on(day).filter(person=session.therapist_id).exists():
        return f"You are on leave on {when}."
    until = starts_at + timedelta(minutes=session.minutes)
    with connection.cursor() as cursor:
        cursor.execute(
            "select taken from times_taken(%s, %s, %s, %s, %s)",
            [session.therapist_id, session.client_id, room_id, starts_at, until],
        )
        taken = {row[0] for row in cursor.fetchall()}
    whose = {"therapist": "You have", "client": "The client has", "room": "The room has"}
    return " ".join(
        f"{has} another session on {when} at that time." for what, has in whose.items() if what in taken
    )


def short(day: date) -> str:
    """16 Nov, with the year where it is not this one."""
    return f"{day.day} {day:%b %Y}" if day.year != timezone.localdate().year else f"{day.day} {day:%b}"


def long(when: datetime) -> str:
    """Mon 23 Nov 2026, 10:00; `when` in local time."""
    return f"{when:%a} {when.day} {when:%b %Y, %H:%M}"
