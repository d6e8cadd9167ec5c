"""Turns the plans into rows: people first, then one course after the other, then what happened beside and after the sessions
(afterwards.py), then everything is written at once.

The invented day stands at two minutes to ten: the nine o'clock session has just been signed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from audit.models import Action, Event
from clients import similar
from clients.models import Client
from courses import lifecycle, protocol, tasks
from courses.lifecycle import Status
from courses.models import (
    Allocation,
    Contract,
    Course,
    CourseAction,
    CourseMove,
    EndingPlan,
    Focus,
    Formulation,
    Goal,
    TaskMark,
)
from demo.afterwards import Afterwards
from demo.agreed import Agreed
from demo.arrivals import Arrivals
from demo.brought import Brought
from demo.chance import Chance
from demo.considered import Considering
from demo.diary import Diary, at
from demo.endings import Endings
from demo.measured import Measured
from demo.meetings import Meetings
from demo.names import Register, Somebody
from demo.people import PEOPLE, Person, Staff, hire
from demo.plans import Plan, all_plans
from demo.practised import Practised
from demo.relations import Relations
from demo.safety import Safety
from demo.signals import ask_for_reviews
from demo.timelines import Timelines
from demo.trajectories import HIGHEST, Answers, totals, with_gap
from demo.words import frame
from demo.words.stories import NAMED, suiting
from demo.words.writer import Words, Writer, pronoun_of
from interpersonal.models import FocusPerson, Picture, PicturePlace, SafetyConcern, TimelineEntry
from interpersonal.models import Person as InterpersonalPerson
from outcomes.measures import BY_CODE
from outcomes.models import (
    Alert,
    AlertAct,
    AlertTold,
    ClinicWording,
    GoalRating,
    Link,
    Response,
    SafetyPlan,
    SafetyPlanCopy,
)
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
from sessions.models import (
    CANCELLED,
    MISSED,
    SEEN,
    ContactDue,
    CoSignature,
    DraftVersion,
    EnteredInError,
    LetterGiven,
    Mode,
    Note,
    Reflection,
    ReflectionShare,
    RiskAnswer,
    SessionFocus,
    SessionLink,
    SessionResponse,
    TherapySession,
)
from sessions.signing import reflection_sha256_of, sha256_of
from staff.models import Holiday, Leave, User
from supervision.models import (
    AgendaItem,
    Case,
    CaseSignature,
    FlagAnswer,
    Meeting,
    MeetingPerson,
    Rating,
    Recording,
)

NOW = time(9, 58)
READABLE = timedelta(days=90)
LEFT_OPEN = 4  # every so manieth course has tasks of an ended phase open
_KEYS = {person.key: person for person in PEOPLE}
_FORM = {"phase": "", "phase_reason": "", "what_was_tried": "", "next_choice": ""}


@dataclass
class Rows:
    """Everything to write, each list in the order of its foreign keys."""

    leave: list[Leave] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    moves: list[CourseMove] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    foci: list[Focus] = field(default_factory=list)
    sessions: list[TherapySession] = field(default_factory=list)
    wordings: list[ClinicWording] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    formulations: list[Formulation] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    task_marks: list[TaskMark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    session_links: list[SessionLink] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    ratings: list[GoalRating] = field(default_factory=list)
    # Before the notes: what belongs to a signed session cannot be added.
    session_foci: list[SessionFocus] = field(default_factory=list)
    session_responses: list[SessionResponse] = field(default_factory=list)
    reflections: list[Reflection] = field(default_factory=list)
    shares: list[ReflectionShare] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    endings: list[EndingPlan] = field(default_factory=list)
    letters_given: list[LetterGiven] = field(default_factory=list)
    decisions: list[CoSignature] = field(default_factory=list)
    errors: list[EnteredInError] = field(default_factory=list)
    versions: list[DraftVersion] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    acts: list[AlertAct] = field(default_factory=list)
    told: list[AlertTold] = field(default_factory=list)
    plans: list[SafetyPlan] = field(default_factory=list)
    copies: list[SafetyPlanCopy] = field(default_factory=list)
    contacts: list[ContactDue] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    referral_words: list[ReferralWords] = field(default_factory=list)
    referral_letters: list[ReferralLetter] = field(default_factory=list)
    screenings: list[Screening] = field(default_factory=list)
    pauses: list[WaitPause] = field(default_factory=list)
    attempts: list[ContactAttempt] = field(default_factory=list)
    letters_out: list[OutcomeLetter] = field(default_factory=list)
    people: list[InterpersonalPerson] = field(default_factory=list)
    focus_people: list[FocusPerson] = field(default_factory=list)
    concerns: list[SafetyConcern] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    picture_places: list[PicturePlace] = field(default_factory=list)
    entries: list[TimelineEntry] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    meeting_people: list[MeetingPerson] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    case_signatures: list[CaseSignature] = field(default_factory=list)
    actions: list[CourseAction] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    session_ratings: list[Rating] = field(default_factory=list)
    agenda_items: list[AgendaItem] = field(default_factory=list)
    flag_answers: list[FlagAnswer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def write(self) -> None:
        with _ticks_raise_nothing():
            for rows in vars(self).values():
                if rows:
                    type(rows[0]).objects.bulk_create(rows, batch_size=500)


@contextmanager
def _ticks_raise_nothing() -> Iterator[None]:
    """The alerts of ticks are among the rows, each with the hour of its day: the trigger would raise them once more, now."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE referrals_referralwords DISABLE TRIGGER alert_of_ticks")
        yield
        # Foreign keys that are checked at the end would hold the table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE referrals_referralwords ENABLE TRIGGER alert_of_ticks")


def build_clinic(
    *, seed: int, today: date, progress: Callable[[Iterable[Plan]], Iterable[Plan]] = iter
) -> tuple[Staff, Rows]:
    """Writes the invented clinic into an empty database, inside the caller's transaction."""
    chance = Chance(f"{seed} {today}")
    staff = hire(chance, today=today, years=range(today.year - 4, today.year + 3))
    holidays = frozenset(Holiday.objects.values_list("day", flat=True))
    aside = Chance(f"aside {seed} {today}")
    builder = Builder(staff, Diary(staff, holidays, today), chance, aside, today)
    for plan in progress(all_plans(chance)):
        builder.client_of(plan)
    builder.number_clients()
    # Before anything that is decided about a signed note: who came up in it is signed with it.
    Relations(builder, Chance(f"relations {seed} {today}")).tell()
    for course in builder.courses:
        course.name_people(builder.rows.people)
    Afterwards(builder, aside).tell()
    later = Chance(f"safety {seed} {today}")
    Measured(builder, later).fill_in()
    Arrivals(builder, Chance(f"arrivals {seed} {today}")).tell()
    Safety(builder, later).keep()
    Timelines(builder, Chance(f"timelines {seed} {today}")).tell(builder.courses)
    Agreed(builder, Chance(f"agreed {seed} {today}")).agree()
    Endings(builder, Chance(f"endings {seed} {today}")).tell()
    Meetings(builder, Chance(f"meetings {seed} {today}")).tell()
    Practised(builder, Chance(f"practised {seed} {today}")).tell()
    Brought(builder, Chance(f"brought {seed} {today}")).bring()
    Considering(builder, Chance(f"considered {seed} {today}")).answer()
    builder.rows.write()
    ask_for_reviews(now=builder.now)
    return staff, builder.rows


class Builder:
    """Builds the rows of one plan after the other."""

    def __init__(self, staff: Staff, diary: Diary, chance: Chance, aside: Chance, today: date) -> None:
        self.staff = staff
        self.diary = diary
        self.chance = chance
        self.aside = aside  # for what changes nothing else
        self.today = today
        self.now = at(today, NOW)
        self.register = Register(chance, today)
        self.rows = Rows()
        self.courses: list[CourseBuilder] = []
        self.told: set[str] = set()
        self._fixed_numbers: dict[Any, str] = {}

    def client_of(self, plan: Plan) -> None:
        somebody = plan.who or (self.register.twin() if self._suits_a_twin(plan) else None)
        somebody = somebody or self.register.somebody()
        if plan.age:
            somebody.born = self.register.born_at(plan.age)
        if plan.birthday:
            somebody.born = self.register.born_on(plan.age, *plan.birthday)
        client = Client(
            id=self.chance.key(),
            first_name=somebody.first,
            last_name=somebody.last,
            preferred_name=somebody.preferred,
            pronouns=somebody.pronouns,
            date_of_birth=somebody.born,
            **{**self.register.contact(somebody), **plan.facts},
        )
        client.similar_keys = similar.keys(
            client.first_name, client.last_name, client.preferred_name, client.date_of_birth
        )
        if somebody.number:
            self._fixed_numbers[client.pk] = somebody.number
        self.rows.clients.append(client)
        first = None
        for each in (plan.earlier, plan):
            if each is not None:
                builder = CourseBuilder(self, each, client, somebody)
                self.courses.append(builder)
                course = builder.build()
                first = first or course
        assert first is not None  # the loop ran
        client.registered_at = first.opened_at

    def _suits_a_twin(self, plan: Plan) -> bool:
        return plan.therapist not in (None, "amara") and not plan.age and plan.earlier is None

    def number_clients(self) -> None:
        """Numbers go up with the date of registration, as an office gives them."""
        taken = set(self._fixed_numbers.values())
        number = 10180
        for client in sorted(self.rows.clients, key=lambda each: (each.registered_at, each.pk)):
            if client.pk in self._fixed_numbers:
                client.number = self._fixed_numbers[client.pk]
                continue
            number += self.chance.between(1, 3)
            while f"C-{number}" in taken:
                number += 1
            client.number = f"C-{number}"
            taken.add(client.number)

    def event(self, when: datetime, by: User, action: str, what: str, about: Any, course: Course) -> None:
        self.rows.events.append(
            Event(
                id=self.chance.key(),
                at=when,
                user=by,
                action=action,
                what=what,
                object_type=about._meta.model_name,
                object_ids=[about.pk],
                client_id=course.client_id,
                course_id=course.pk,
            )
        )


@dataclass
class Held:
    """One past hour of a course: when, with whom, and what came of it (`outcome` an attendance code, "draft" or "open")."""

    start: datetime
    person: Person
    outcome: str


class CourseBuilder:
    """Builds one course with everything that hangs on it."""

    def __init__(self, clinic: Builder, plan: Plan, client: Client, somebody: Somebody) -> None:
        self.clinic = clinic
        self.plan = plan
        self.client = client
        self.chance = clinic.chance
        self.rows = clinic.rows
        self.diary = clinic.diary
        self.today = clinic.today
        self.person = _KEYS[plan.therapist] if plan.therapist else None
        self.every = 28 if plan.programme == "maintenance" else 7
        self.split = protocol.split_of(plan.programme)
        story = NAMED.get(plan.story)
        if story is None:
            they = pronoun_of(somebody.pronouns)
            story = self.chance.one_of(suiting(plan.area, they=they, age=client.age(on=self.today)))
        self.writer = Writer(
            story,
            called=somebody.called,
            pronouns=somebody.pronouns,
            programme=plan.programme,
            split=self.split,
            shape=plan.shape,
            chance=self.chance,
            told=clinic.told,
            props=plan.props,
        )
        self.answers = {measure: Answers(measure, self.chance) for measure in ("phq9", "gad7")}
        self.course: Course
        self.moves: list[CourseMove] = []
        # Hours that were held or should have been, and the notes that were signed of them, both by date.
        self.past: list[TherapySession] = []
        self.signed: list[Note] = []
        self.hashed: dict[Any, tuple[list[str], dict[str, list[int | None]]]] = {}
        self.ticked: set[str] = set()
        self.leaves_open = len(clinic.courses) % LEFT_OPEN == 3

    def user(self, key: str) -> User:
        return self.clinic.staff.users[key]

    def office(self) -> User:
        return self.user(self.chance.one_of(("sam", "sam", "wendy")))

    # --- The course ---------------------------------------------------------------------------------------------------

    def build(self) -> Course:
        plan = self.plan
        held = self._past_hours()
        assessment = self._assessment_hour(held)
        first = assessment.start if assessment else held[0].start if held else None
        referred = self._referred_on(first)
        self.course = Course(
            id=self.chance.key(),
            client=self.client,
            programme=plan.programme,
            split=list(self.split) if self.split else None,
            planned_sessions=protocol.planned_sessions(plan.programme) or 12,
            status=plan.status,
            referred_on=referred,
            referral_source=plan.referred_by
            or self.chance.one_of(("A1", "A1", "A1", "B1", "B1", "N1", "I1", "A4", "H1", "D1")),
            opened_at=at(referred, time(11, 20)),
        )
        self.rows.courses.append(self.course)
        seen = [hour for hour in held if hour.outcome in SEEN]
        if seen:
            self.course.started_on = seen[0].start.date()
        self.course.end_reason = plan.end_reason
        if plan.status in lifecycle.CLOSED:
            self.course.ended_on = self._ended_on(held, referred)
        self._move_and_allocate(held, first)
        agreed_on = self._agree_focus(seen)
        self._hold(assessment, held, agreed_on)
        self._book_ahead(held)
        return self.course

    def _past_hours(self) -> list[Held]:
        """Going back from the next appointment, or from the last session, one hour a week."""
        outcomes = self._outcomes()
        person = self.person
        if person is None or not outcomes:
            return []
        other = _KEYS[self.plan.handed_over_from] if self.plan.handed_over_from else person
        turn = len(outcomes) // 2
        held: list[Held] = []
        day = self._last_day(person)
        while len(held) < len(outcomes):
            place = len(outcomes) - 1 - len(held)
            who = other if place < turn else person
            start = None
            if self.diary.works(who, day) or (day == self.today and self.plan.today_is_signed):
                start = self.diary.take(who, self.client.pk, day, self.plan.hour)
            if start:
                held.append(Held(start, who, outcomes[place]))
            if day == self.today and not self.diary.works(person, day):
                day = self._worked_by(person, day, step=-1)  # the full day of the demo is a weekend's
            day -= timedelta(days=self.every)
            # A weekday on which the earlier therapist does not work: they met on another one.
            while (
                who is not person and self.diary.is_working_day(day) and day.weekday() not in other.weekdays
            ):
                day -= timedelta(days=1)
        return held[::-1]

    def _outcomes(self) -> list[str]:
        plan, chance = self.plan, self.chance
        named = plan.who is not None
        outcomes: list[str] = []
        for number in range(1, plan.attended + 1):
            if number > 1 and not named:
                while chance.happens(0.1):
                    outcomes.append(chance.one_of("3332222274"))
            outcomes.append("5" if named or chance.happens(0.92) else "6")
        outcomes += ["3", "7", "3"][: plan.missed_last]
        if plan.draft in ("fresh", "old"):
            outcomes.append("draft")
        if plan.unlogged:
            outcomes.append("open")
        return outcomes

    def _last_day(self, person: Person) -> date:
        """The day of the last past hour."""
        plan, diary = self.plan, self.diary
        if plan.today_is_signed:
            return self.today
        if plan.draft == "fresh" or plan.unlogged:
            return self._worked_by(person, self.today - timedelta(days=1), step=-1)
        if plan.draft == "old":
            return self._worked_by(person, self.today - timedelta(days=5), step=-1)
        if plan.days_ago is not None:
            return self._worked_by(person, self.today - timedelta(days=plan.days_ago), step=-1)
        day = self._next_day(person)
        if not diary.works(person, day):
            day = self._worked_by(person, day, step=-1)
        day -= timedelta(days=self.every)
        while day >= self.today:
            day -= timedelta(days=7)
        return day

    def _next_day(self, person: Person) -> date:
        """The day of the next appointment: so many working days from today. The demo therapist's first day is always full."""
        if not self.plan.next_in:
            return self.today if person.key == "amara" else self._worked_by(person, self.today)
        day = self.today
        for _ in range(self.plan.next_in):
            day = self.diary.working_day_from(day + timedelta(days=1))
        return self._worked_by(person, day)

    def _worked_by(self, person: Person, day: date, *, step: int = 1) -> date:
        while not self.diary.works(person, day):
            day += timedelta(days=step)
        return day

    def _assessment_hour(self, held: list[Held]) -> Held | None:
        plan, person = self.plan, self.person
        if not plan.assessed or person is None:
            return None
        if held:
            latest = held[0].start.date() - timedelta(days=self.chance.between(8, 30))
        elif plan.status == Status.NOT_TAKEN_ON:
            latest = self.today - timedelta(days=(plan.days_ago or 0) + self.chance.between(2, 9))
        else:
            latest = self.today - timedelta(days=self.chance.between(5, 12))
        who = held[0].person if held else person
        start = None
        while start is None:
            latest = self._worked_by(who, latest, step=-1)
            start = self.diary.take(
                who, self.client.pk, latest, self.chance.one_of((time(11, 30), time(14), time(15)))
            )
            latest -= timedelta(days=1)
        return Held(start, who, "5")

    def _referred_on(self, first: datetime | None) -> date:
        plan = self.plan
        if first is None or (
            plan.waiting_days is not None and not plan.reopened and plan.status != Status.NOT_TAKEN_ON
        ):
            ago = (plan.waiting_days or 0) + (plan.days_ago or 0 if plan.status == Status.NOT_TAKEN_ON else 0)
            day = self.today - timedelta(days=ago)
            if first is not None:
                day = min(day, first.date() - timedelta(days=3))
        else:
            day = first.date() - timedelta(days=self.chance.between(9, 44))
        return self.diary.working_day_from(day, step=-1)

    def _ended_on(self, held: list[Held], referred: date) -> date:
        if not held:
            return max(
                referred,
                self.diary.working_day_from(self.today - timedelta(days=self.plan.days_ago or 0), step=-1),
            )
        wait = {"46": 0, "48": 0, "49": 9}.get(self.plan.end_reason, 14)
        last = held[-1].start.date()
        return min(self.today, self.diary.working_day_from(last + timedelta(days=wait)))

    # --- Status and therapist -----------------------------------------------------------------------------------------

    def _move_and_allocate(self, held: list[Held], first: datetime | None) -> None:
        plan, course, chance = self.plan, self.course, self.chance
        referred = at(course.referred_on, time(11, 20))
        self._move("", Status.REFERRED, referred, self.office())
        self.clinic.event(referred, self.user("sam"), Action.CREATE, "Opened a course", course, course)
        if plan.status == Status.REFERRED:
            return
        screened = at(
            self.diary.working_day_from(course.referred_on + timedelta(days=chance.between(1, 2))),
            time(15, 40),
        )
        if first is not None:
            screened = min(screened, first - timedelta(hours=20))
        screened = min(max(screened, referred), self.clinic.now)
        if not (plan.status == Status.NOT_TAKEN_ON and plan.end_reason in ("50", "95", "17")):
            # Who screened it, arrivals.py says better: it knows who was on leave.
            self._move(
                Status.REFERRED,
                Status.WAITING,
                screened,
                self.user(chance.one_of(("amara", "grace", "ines"))),
            )
        ended = at(course.ended_on, time(16, 30)) if course.ended_on else None
        if ended and ended > self.clinic.now:
            ended = self.clinic.now
        if plan.status == Status.NOT_TAKEN_ON:
            before = self.rows.moves[-1].after
            reason = dict(lifecycle.END_REASONS)[plan.end_reason] + "."
            self._move(
                before, Status.NOT_TAKEN_ON, max(ended or screened, screened), self.user("ines"), reason
            )
        elif held and plan.attended:
            self._treated(held, ended)
        if self.person is not None:
            self._allocate(held, first, screened, ended)

    def _treated(self, held: list[Held], ended: datetime | None) -> None:
        plan = self.plan
        assert self.person is not None  # who was treated was treated by somebody
        began = next(hour for hour in held if hour.outcome in SEEN)
        self._move(
            Status.WAITING,
            Status.IN_TREATMENT,
            began.start + timedelta(minutes=58),
            self.user(began.person.key),
        )
        carer = self.user(self.person.key)
        last = held[-1].start + timedelta(hours=3)
        if plan.status == Status.PAUSED:
            self._move(Status.IN_TREATMENT, Status.PAUSED, last, carer, self.writer.say(frame.PAUSED))
        elif plan.status == Status.FOLLOW_UP:
            self._move(Status.IN_TREATMENT, Status.FOLLOW_UP, last, carer)
        elif plan.status == Status.ENDED and ended:
            self._move(Status.IN_TREATMENT, Status.ENDED, max(ended, last), carer)
        elif plan.reopened:
            self._move(Status.IN_TREATMENT, Status.ENDED, last, carer)
            again = at(
                self.diary.working_day_from(self.today - timedelta(days=plan.waiting_days or 0), step=-1),
                time(10, 15),
            )
            self._move(Status.ENDED, Status.WAITING, again, self.office(), self.writer.say(frame.REOPENED))

    def _move(self, before: str, after: str, when: datetime, by: User, reason: str = "") -> None:
        row = CourseMove(
            id=self.chance.key(),
            course=self.course,
            before=before,
            after=after,
            at=when,
            by=by,
            reason=reason,
        )
        self.moves.append(row)
        self.rows.moves.append(row)

    def _allocate(
        self, held: list[Held], first: datetime | None, screened: datetime, ended: datetime | None
    ) -> None:
        assert self.person is not None  # asked before
        start = (
            max(screened, first - timedelta(days=self.chance.between(1, 6)))
            if first
            else screened + timedelta(hours=1)
        )
        if first is not None:
            start = min(start, first - timedelta(hours=2))
        end = ended + READABLE if ended else None
        if self.plan.reopened:
            end = held[-1].start + READABLE
        before = held[0].person if held else self.person
        if before is not self.person:
            turned = next(hour for hour in held if hour.person is self.person)
            change = turned.start - timedelta(days=2)
            names = {"who": before.name, "new": self.person.name}
            self._allocation(before, start, change, "")
            self._allocation(self.person, change, end, self.writer.say(frame.HANDED_OVER, **names))
        else:
            self._allocation(self.person, start, end, "")

    def _allocation(self, person: Person, start: datetime, end: datetime | None, reason: str) -> None:
        by = self.office()
        row = Allocation(
            id=self.chance.key(),
            course=self.course,
            therapist=self.user(person.key),
            starts_at=start,
            ends_at=end,
            by=by,
            reason=reason,
        )
        self.rows.allocations.append(row)
        self.clinic.event(start, by, Action.CHANGE, "Allocated a course", row, self.course)

    def _agree_focus(self, seen: list[Held]) -> date | None:
        """When the focus was agreed: at the last session of the initial phase; None where it has not been."""
        plan = self.plan
        last_initial = protocol.last_initial_session(plan.programme) or 1
        if plan.area == "grief" and plan.story:
            last_initial = min(last_initial, 2)
        if not plan.agreed or len(seen) < last_initial:
            return None
        hour = seen[last_initial - 1]
        agreed_on, by = hour.start.date(), self.user(hour.person.key)
        rows = []
        if plan.changed_focus:
            for place, area in enumerate(("conflict", "grief")):
                rows.append(
                    Focus(
                        area=area,
                        agreed_on=agreed_on,
                        agreed_by=by,
                        about=("with her mother", "her grandmother's death")[place],
                        ended_at=seen[min(len(seen) - 1, last_initial + place)].start + timedelta(minutes=50),
                        reason=(
                            "The quarrel with her mother turned out to be about the grandmother's death.",
                            "The mourning is done; what remains hard is the new post.",
                        )[place],
                    )
                )
            agreed_on = seen[min(len(seen) - 1, last_initial + 1)].start.date()
        rows.append(Focus(area=plan.area, agreed_on=agreed_on, agreed_by=by, about=self.writer.about[:200]))
        if plan.second_area and plan.second_area != plan.area:
            rows.append(Focus(area=plan.second_area, position=2, agreed_on=agreed_on, agreed_by=by))
        for row in rows:
            row.id, row.course = self.chance.key(), self.course
        self.rows.foci += rows
        return agreed_on

    # --- Sessions -----------------------------------------------------------------------------------------------------

    def _hold(self, assessment: Held | None, held: list[Held], agreed_on: date | None) -> None:
        plan = self.plan
        forms = self._forms(bool(assessment))
        number = 0
        if assessment:
            session = self._session(assessment, kind="assessment", minutes=60, appointment_type="01")
            self._sign(session, self.writer.assessment(), forms.next(), [], None)
        for hour in held:
            kind, appointment_type = self._kind(number + 1, first=not assessment and number == 0)
            session = self._session(hour, kind=kind, appointment_type=appointment_type, number=number)
            self.past.append(session)
            if hour.outcome in SEEN:
                number += 1
                areas = [plan.area] if agreed_on and hour.start.date() >= agreed_on else []
                if plan.second_area not in ("", plan.area) and areas and self.chance.happens(0.4):
                    areas.append(plan.second_area)
                form = forms.next()
                words = self.writer.treatment(
                    number,
                    form.change,
                    settled=plan.agreed,
                    last=number == plan.attended
                    and plan.status in (Status.ENDED, Status.FOLLOW_UP)
                    and plan.end_reason in ("", "46"),
                )
                if plan.draft == "counted" and number == plan.attended:
                    self._draft(session, words, form, areas)
                elif plan.unwritten and number == plan.attended:
                    session.attendance_by = self.user("sam")
                else:
                    self._sign(session, words, form, areas, number)
            elif hour.outcome in MISSED:
                self._missed(session, last=hour is held[-1])
            elif hour.outcome == "draft":
                areas = [plan.area] if agreed_on else []
                form = forms.next() if self.chance.happens(0.5) else Form()
                self._draft(session, self.writer.treatment(number + 1, form.change), form, areas)

    def _forms(self, assessed: bool) -> "Forms":
        plan = self.plan
        count = plan.attended + assessed - plan.no_measures
        phq = totals(plan.shape, count, *plan.phq, highest=24, chance=self.chance)
        gad = totals(plan.shape, count, *plan.anxiety, highest=HIGHEST["gad7"], chance=self.chance)
        return Forms(self, phq, gad)

    def _kind(self, number: int, *, first: bool) -> tuple[str, str]:
        if first:
            return "treatment", "03"
        if self.plan.programme == "adolescent12" and number in (3, 8):
            return "with_other", "02"
        if (
            self.plan.programme == "ipt16"
            and number == 8
            and self.plan.who is None
            and self.chance.happens(0.4)
        ):
            return "review", "05"
        if self.plan.who is None and self.chance.happens(0.02):
            return "with_other", "02"
        return "treatment", "02"

    def _session(
        self,
        hour: Held,
        *,
        kind: str,
        appointment_type: str,
        minutes: int = 50,
        number: int | None = None,
        booked_at: datetime | None = None,
    ) -> TherapySession:
        """The row of one hour; `number` is how many were counted before it, None where it cannot count."""
        plan, chance, clinic = self.plan, self.chance, self.clinic
        therapist = self.user(hour.person.key)
        mode = (
            plan.mode if plan.who is not None or chance.happens(0.95) else chance.one_of(("video", "phone"))
        )
        room = None
        if mode == Mode.IN_PERSON:
            name = self.diary.room_for(hour.person, hour.start, step_free=self.client.needs_step_free)
            room = clinic.staff.rooms[name] if name else None
            mode = mode if room else Mode.VIDEO
        session = TherapySession(
            id=chance.key(),
            course=self.course,
            client=self.client,
            therapist=therapist,
            kind=kind,
            appointment_type=appointment_type,
            starts_at=hour.start,
            minutes=minutes,
            ends_at=hour.start + timedelta(minutes=minutes),
            mode=mode,
            room=room,
            booked_by=self.office() if kind == "assessment" or chance.happens(0.2) else therapist,
            booked_at=booked_at or hour.start - timedelta(days=7) + timedelta(minutes=55),
        )
        if hour.outcome in protocol.ATTENDANCE:
            session.attendance = hour.outcome
            session.attendance_by = therapist
            session.attendance_at = hour.start + timedelta(minutes=20)
            session.version = 2
            if hour.outcome in CANCELLED:
                session.attendance_at = hour.start - timedelta(days=1, hours=chance.between(1, 4))
                session.attendance_by = self.office()
            elif number is not None:
                next_number = number + 1
                session.phase = protocol.phase_of(self.course.plan, next_number)
                if hour.outcome in SEEN:
                    session.number = next_number
                    self._stay_longer(session)
            elif kind == "follow_up":
                session.phase = "end"
            else:
                session.phase = protocol.phase_of(self.course.plan, 1)
        self.rows.sessions.append(session)
        return session

    def _stay_longer(self, session: TherapySession) -> None:
        """Now and then a therapist keeps the first middle session in the initial phase, and says why."""
        if (
            self.split
            and session.number == self.split[0] + 1
            and self.plan.who is None
            and self.chance.happens(0.06)
        ):
            session.phase = "initial"
            session.phase_reason = self.chance.one_of(
                (
                    "One more session for the inventory.",
                    "Illness in between; the formulation was given today.",
                )
            )

    def _sign(
        self, session: TherapySession, words: Words, form: "Form", areas: list[str], number: int | None
    ) -> None:
        chance = self.chance
        signed_at = session.ends_at + timedelta(minutes=chance.between(3, 25))
        if signed_at.date() == self.today:
            signed_at = self.clinic.now
        elif chance.happens(0.12):
            later = self.clinic.aside.one_of((1, 1, 2, 3))
            next_day = self.diary.working_day_from(session.ends_at.date() + timedelta(days=later))
            signed_at = min(at(next_day, time(8, chance.between(31, 58))), self.clinic.now)
        session.attendance_at = signed_at
        answers = self._answer(session, form, signed_at)
        for area in areas:
            self.rows.session_foci.append(
                SessionFocus(id=chance.key(), session=session, course=self.course, area=area)
            )
        note = self._note(session, words, form)
        if not note.risk_answer:
            note.risk_answer = RiskAnswer.UNCHANGED
            note.risk = self.writer.risk(0)
            if number and chance.happens(0.02):
                note.risk_answer, note.risk = RiskAnswer.NOT_ASKED, self.writer.not_asked()
        note.version = chance.between(2, 9)
        note.event, note.tasks = words.event, self._tasks(number, areas)
        note.signed_at = note.saved_at = signed_at
        note.needs_cosign = session.therapist.is_trainee
        reflection = self._reflect(session, signed_at)
        if reflection:
            note.reflection_sha256 = reflection_sha256_of(reflection)
        self.hashed[note.pk] = (areas, answers)
        note.sha256 = sha256_of(note, areas=areas, answers=answers)
        self.signed.append(note)
        self.clinic.event(signed_at, session.therapist, Action.SIGN, "Signed a session", note, self.course)

    def _note(self, session: TherapySession, words: Words, form: "Form") -> Note:
        note = Note(
            id=self.chance.key(),
            session=session,
            course=self.course,
            author=session.therapist,
            week=words.week,
            work=words.work,
            next_time=words.next_time,
            techniques=words.techniques,
            went=words.went,
            started_at=session.starts_at + timedelta(minutes=4),
            saved_at=session.ends_at,
        )
        if form.risk:
            note.risk_answer, note.risk = RiskAnswer.CHANGED, self.writer.risk(form.risk)
        self.rows.notes.append(note)
        return note

    def name_people(self, people: Iterable[Any]) -> None:
        """Who of the inventory came up in each signed note: whose name stands in its words."""
        mine = [
            (person.pk, re.compile(rf"\b{re.escape(person.name)}\b"))
            for person in people
            if person.course is self.course
        ]
        for note in self.signed if mine else []:
            words = " ".join([note.week, note.work, note.next_time])
            note.people = [key for key, name in mine if name.search(words)]
            areas, answers = self.hashed[note.pk]
            note.sha256 = sha256_of(note, areas=areas, answers=answers)

    def _tasks(self, number: int | None, areas: list[str]) -> list[str]:
        """The tasks of a phase, spread over its sessions. Of some courses a few stay open."""
        if number is None or self.split is None:
            return []
        left = {"initial_supports", tasks.MID_POINT, "end_unresolved"} if self.leaves_open else set()
        left |= set() if areas else {"initial_focus", "initial_formulation"}
        due = [task.code for one in range(1, number + 1) for task in _of_session(self.split, one)]
        done = [code for code in due if code not in left | self.ticked]
        self.ticked.update(done)
        return done

    def _draft(self, session: TherapySession, words: Words, form: "Form", areas: list[str]) -> None:
        """Begun and not signed. Its form keeps what is not yet a fact of the session."""
        self._answer(session, form, None)
        note = self._note(session, words, form)
        note.saved_at = min(session.ends_at + timedelta(minutes=12), self.clinic.now)
        note.version = self.chance.between(2, 6)
        if self.plan.draft == "fresh":
            note.next_time = ""
        note.form = {
            **_FORM,
            "attendance": session.attendance or "5",
            "mode": session.mode,
            "minutes": str(session.minutes),
            "kind": session.kind,
            "appointment_type": session.appointment_type,
            "focus": areas,
            "event": words.event,
        }
        if session.attendance:
            session.attendance_by = self.user("sam")

    def _answer(
        self, session: TherapySession, form: "Form", locked_at: datetime | None
    ) -> dict[str, list[int | None]]:
        for measure, answers in form.answers.items():
            response = Response(
                id=self.chance.key(),
                course=self.course,
                measure=measure,
                instrument_version=BY_CODE[measure].version,
                answers=answers,
                total=score(measure, answers).total,
                taken_at=session.starts_at,
                entered_by=session.therapist,
                entered_at=session.starts_at + timedelta(minutes=6),
                locked_at=locked_at,
            )
            self.rows.responses.append(response)
            self.rows.session_responses.append(
                SessionResponse(
                    id=self.chance.key(),
                    session=session,
                    course=self.course,
                    response=response,
                    measure=measure,
                )
            )
            if measure == "phq9" and form.risk:
                self._alert(session, response, form)
        return form.answers

    def _alert(self, session: TherapySession, response: Response, form: "Form") -> None:
        raised = session.starts_at + timedelta(minutes=6)
        alert = Alert(
            id=self.chance.key(),
            course=self.course,
            response=response,
            item=9,
            value=form.risk,
            raised_at=raised,
        )
        state = self.plan.alert if form.is_last_risk else "closed"
        therapist = session.therapist
        if state != "open":
            alert.acknowledged_at, alert.acknowledged_by = raised + timedelta(minutes=50), therapist
        if state == "closed":
            supervisor = self.user(_KEYS[self.plan.therapist or ""].supervisor)
            alert.closed_by = supervisor if self.chance.happens(0.2) else therapist
            alert.closed_at = min(
                raised + timedelta(days=self.chance.between(0, 6), hours=5), self.clinic.now
            )
            alert.what_was_done = self.writer.say(frame.ALERT_DONE)
        elif state == "typed_in_error":
            alert.closed_at, alert.closed_by = raised + timedelta(minutes=55), therapist
            alert.what_was_done, alert.typed_in_error = self.writer.say(frame.ALERT_IN_ERROR), True
        self.rows.alerts.append(alert)

    def _reflect(self, session: TherapySession, when: datetime) -> Reflection | None:
        trainee = session.therapist.is_trainee
        if not self.chance.happens(0.5 if trainee else 0.22):
            return None
        reflection = Reflection(
            id=self.chance.key(),
            session=session,
            course=self.course,
            author=session.therapist,
            text=self.writer.reflection(),
            saved_at=when,
            locked_at=when,
        )
        self.rows.reflections.append(reflection)
        if self.chance.happens(0.4 if trainee else 0.15):
            self.rows.shares.append(
                ReflectionShare(
                    id=self.chance.key(),
                    reflection=reflection,
                    course=self.course,
                    shared_at=when,
                    by=session.therapist,
                )
            )
        return reflection

    def _missed(self, session: TherapySession, *, last: bool) -> None:
        """A client did not come. The office saw it first, or the therapist logged it."""
        is_open = last and self.plan.contact_open
        if not is_open and self.chance.happens(0.5):
            return
        office = self.office()
        session.attendance_by = office
        due = ContactDue(
            id=self.chance.key(),
            session=session,
            course=self.course,
            for_person=session.therapist,
            raised_by=office,
            raised_at=session.starts_at + timedelta(minutes=20),
        )
        if not is_open:
            due.answered_at = session.starts_at + timedelta(hours=self.chance.between(1, 7))
            due.answered_by = session.therapist
            due.what_was_tried = self.writer.say(frame.CONTACT_TRIED)
        self.rows.contacts.append(due)

    def _book_ahead(self, held: list[Held]) -> None:
        plan, person = self.plan, self.person
        if plan.next_in is None or person is None:
            return
        if plan.today_is_signed:
            self._book_weeks(person, self.today, 1)
            return
        day = self._next_day(person)
        kind, appointment_type = "treatment", "02"
        if plan.status == Status.FOLLOW_UP:
            kind, appointment_type = "follow_up", "06"
        elif plan.status == Status.WAITING and not plan.assessed:
            kind, appointment_type = "assessment", "01"
        start = self.diary.take(person, self.client.pk, day, plan.hour)
        if start is None:
            return
        booked_at = held[-1].start + timedelta(minutes=52) if held else at(self.course.referred_on, time(16))
        self._session(
            Held(start, person, "ahead"),
            kind=kind,
            appointment_type=appointment_type,
            minutes=60 if kind == "assessment" else 50,
            booked_at=min(booked_at, self.clinic.now),
        )
        if plan.status == Status.IN_TREATMENT and self.every == 7:
            left = self.course.planned_sessions - plan.attended - 1
            self._book_weeks(person, day, min(left, self.chance.between(0, 2)))

    def _book_weeks(self, person: Person, day: date, weeks: int) -> None:
        """The same hour in the weeks after `day`."""
        for week in range(1, weeks + 1):
            later = self.diary.working_day_from(day, step=-1) + timedelta(weeks=week)
            if self.diary.works(person, later):
                start = self.diary.take(person, self.client.pk, later, self.plan.hour)
                if start:
                    hour = Held(start, person, "ahead")
                    self._session(hour, kind="treatment", appointment_type="02", booked_at=self.clinic.now)


@dataclass
class Form:
    """The answers of one session, by measure; empty where nothing was filled in. `change` is the PHQ-9's since last time."""

    answers: dict[str, list[int | None]] = field(default_factory=dict)
    risk: int = 0
    is_last_risk: bool = False
    change: int | None = None


class Forms:
    """The forms of a course, one after the other."""

    def __init__(self, course: CourseBuilder, phq: list[int], gad: list[int]) -> None:
        self._course = course
        self._phq = phq
        self._gad = gad
        self._place = 0
        count = len(phq)
        self._risks = {
            place % count if place < 0 else place: value for place, value in course.plan.risk.items() if count
        }

    def next(self) -> Form:
        place, count, chance = self._place, len(self._phq), self._course.chance
        self._place += 1
        plan = self._course.plan
        if not count or (place >= count and plan.no_measures):
            return Form()
        phq, gad = self._phq[min(place, count - 1)], self._gad[min(place, count - 1)]
        change = phq - self._phq[min(place, count - 1) - 1] if place else None
        risk = self._risks.get(place, 0)
        answers: dict[str, list[int | None]] = {
            "phq9": list(self._course.answers["phq9"].adding_up_to(phq, risk=risk)),
            "gad7": list(self._course.answers["gad7"].adding_up_to(gad)),
        }
        in_the_midst = 0 < place < count - 2 and not risk and plan.who is None
        if in_the_midst and chance.happens(0.04):
            return Form(change=change)
        if in_the_midst and chance.happens(0.03):
            answers["phq9"] = with_gap([answer or 0 for answer in answers["phq9"]], chance)
        return Form(answers, risk, bool(risk) and place == max(self._risks), change)


def _of_session(split: Sequence[int], number: int) -> Iterator[tasks.Task]:
    """The tasks of the phase that fall to session `number`; the review at half-way to the session half-way."""
    first = 1
    for phase, sessions in zip(protocol.PHASES, split, strict=True):
        place = number - first
        first += sessions
        if not 0 <= place < sessions:
            continue
        for at_task, task in enumerate(tasks.TASKS[phase]):
            if task.code == tasks.MID_POINT:
                if number == -(-sum(split) // 2):
                    yield task
            elif at_task * sessions // len(tasks.TASKS[phase]) == place:
                yield task
