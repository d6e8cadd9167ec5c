"""What needs somebody's attention, as rules that anyone can read: a name, the rule in one sentence, its threshold, where it
comes from, and the condition that the database is asked. Pages that show flags are elsewhere; no other rule lives elsewhere.

No flag asks for a word of a note: keys, dates and numbers are enough to say why. What must not be there is asked as one list
of keys and not row by row: behind row security a row-by-row question, planned without statistics, costs minutes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.utils import timezone

from courses import protocol, tasks
from courses.lifecycle import OPEN, Status
from courses.models import Course, EndingPlan, Focus
from outcomes import signal_page, signal_rules
from outcomes.measures import BY_CODE
from outcomes.models import Alert, AlertAct, AlertKind, SafetyPlan, Signal
from record.addresses import address
from record.words import days_ago, plural, short_day, start_of_day
from sessions.missed import proposed_ends
from sessions.models import TREATMENT_TYPES, ContactDue, CoSignature, Note, NoteKind, TherapySession
from sessions.phase_tasks import count_open
from staff.models import User

DAYS_TO_BOOK_AHEAD = 14
SESSIONS_WITHOUT_MEASURE = 2
SESSIONS_BEFORE_ENDING = 3
MEASURES_OF_EACH_SESSION = ("phq9", "gad7")
# Where a note that is no session's is gone on with, by its kind.
OUTSIDE_SESSIONS = {
    NoteKind.CONTACT.value: "sessions:contact_note",
    NoteKind.ADDENDUM.value: "sessions:addendum",
    NoteKind.LETTER.value: "sessions:letter",
    NoteKind.SUPERVISION.value: "supervision:record",  # which leads on to the case in its meeting
}
# Once treatment is over, a focus can no longer be agreed nor a questionnaire be made up for.
UNDER_WAY = tuple(status for status in OPEN if status != Status.FOLLOW_UP)


@dataclass(frozen=True)
class Scope:
    """For whom flags are asked: the reader, and the courses that are theirs to look after (keys or a queryset of them)."""

    reader: User
    courses: Any
    now: datetime

    @property
    def midnight(self) -> datetime:
        """The beginning of the clinic's day."""
        return start_of_day(self.now)


class Found(NamedTuple):
    """One course that a flag is up for. What `subject`, `number`, `value` and `word` hold is said at each flag."""

    flag: int
    course_id: UUID
    client_id: UUID
    first_name: str
    last_name: str
    subject: UUID
    at: datetime | None
    number: int | None
    value: int | None
    word: str | None


@dataclass(frozen=True)
class Flag:
    """A rule. `rows` gives the columns of `Found` from `subject` on; `reason` says why in words; `act` is what to do."""

    slug: str
    name: str
    tone: str
    sentence: str
    threshold: str
    source: str
    rows: Callable[[Scope], tuple[QuerySet[Any], str, dict[str, Any]]]
    reason: Callable[[Found, datetime], str]
    label: str
    page: str
    page_of_subject: bool = False
    other_pages: Mapping[str, str] = field(default_factory=dict)  # by `word`, where it is not `page`

    def address_of(self, found: Found) -> str:
        keys = (found.course_id, found.subject) if self.page_of_subject else (found.course_id,)
        return address(self.other_pages.get(found.word or "", self.page), *keys)


@dataclass(frozen=True)
class Row:
    """A flag that is up, ready to be read: whose course, why, and what to do."""

    flag: Flag
    course_id: UUID
    client_id: UUID
    client: str
    href: str
    reason: str
    act: str
    label: str


# --- Alerts -----------------------------------------------------------------------------------------------------------


def _open_alerts(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the alert, `number` the item, `value` its answer, `word` the kind, the measure or a hyphen, whether somebody
    has answered, and the day on which somebody looks again, if the last act named one."""
    alerts = Alert.objects.open().filter(course__in=scope.courses)
    acts = AlertAct.objects.filter(alert=OuterRef("pk")).order_by("-at", "-id")
    answered = Case(
        When(Q(acknowledged_at__isnull=False) | Exists(acts), then=Value(" answered ")),
        default=Value(" waits "),
        output_field=TextField(),
    )
    parts = (
        Cast("kind", TextField()),
        Value(" "),
        Coalesce(Cast("response__measure", TextField()), Value("-"), output_field=TextField()),
        answered,
        Coalesce(
            Cast(Subquery(acts.values("follow_up_on")[:1]), TextField()), Value(""), output_field=TextField()
        ),
    )
    return (
        alerts,
        "course__",
        {
            "at": Coalesce("response__taken_at", "raised_at"),
            "number": F("item"),
            "value": F("value"),
            "word": Concat(*parts, output_field=TextField()),
        },
    )


def _why_alert(found: Found, now: datetime) -> str:
    kind, measure, answered, follow_up = (found.word or "").split(" ")
    day = short_day(found.at, now)
    if kind == AlertKind.ANSWER:
        what = f"{BY_CODE[measure].name} item {found.number} scored {found.value} on {day}."
    else:
        what = f"{AlertKind(kind).label}, noted on {day}."
    if follow_up:
        on = date.fromisoformat(follow_up)
        overdue = on < timezone.localdate(now)
        return f"{what} Follow-up {'was due' if overdue else 'due'} on {short_day(on, now)}."
    return what if answered == "answered" else f"{what} Nobody is on it yet."


# --- Not on track -----------------------------------------------------------------------------------------------------


def _open_signals(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the signal, `number` the session, `value` the score, `word` measure, rule, first score and limit."""
    signals = Signal.objects.open().standing().filter(course__in=scope.courses)
    parts = [Cast(name, TextField()) for name in ("measure", "rule", "baseline", "limit")]
    spaced = [each for part in parts for each in (Value(" ", output_field=TextField()), part)][1:]
    return (
        signals,
        "course__",
        {
            "at": F("raised_at"),
            "number": F("session_number"),
            "value": F("score"),
            "word": Concat(*spaced, output_field=TextField()),
        },
    )


def _why_signal(found: Found, now: datetime) -> str:
    measure, rule, baseline, limit = (found.word or "").split(" ")
    return signal_page.reason(
        measure,
        rule,
        session_number=found.number or 0,
        baseline=int(baseline),
        score=found.value or 0,
        limit=int(float(limit)) if limit else None,
    )


# --- Contact due ------------------------------------------------------------------------------------------------------


def _contact_due(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the session that was missed, `word` how."""
    due = ContactDue.objects.open().filter(course__in=scope.courses)
    return (
        due,
        "course__",
        {"subject": F("session"), "at": F("session__starts_at"), "word": F("session__attendance")},
    )


def _why_contact(found: Found, now: datetime) -> str:
    missed = "Came too late to be seen" if found.word == "7" else "Did not come"
    return f"{missed} on {short_day(found.at, now)}. Say what was tried to reach them."


# --- Missed in a row ----------------------------------------------------------------------------------------------------


def _end_proposed(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the course, `at` the last missed appointment, `number` how many in a row, `word` the course's status."""
    sessions = TherapySession.objects.filter(course__in=scope.courses, course__status__in=OPEN)
    names = ("course__client", "course__client__first_name", "course__client__last_name", "course__status")
    return (
        proposed_ends(sessions).values("course", *names, "codes", "last_missed", "missed"),
        "course__",
        {
            "subject": F("course"),
            "at": F("last_missed"),
            "number": F("missed"),
            "word": F("course__status"),
        },
    )


def _why_end(found: Found, now: datetime) -> str:
    return f"Missed {found.number} in a row, the last on {short_day(found.at, now)}: decide whether the course ends or goes on."


# --- Drafts -----------------------------------------------------------------------------------------------------------


def _own_drafts(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the session, or the note of a contact, a letter or an addendum; `number` the one that the session will have;
    `word` the
    session's kind, or the note's."""
    drafts = Note.objects.drafts().standing().filter(author=scope.reader, course__in=scope.courses)
    before = (
        TherapySession.objects.filter(course=OuterRef("course"), starts_at__lt=OuterRef("session__starts_at"))
        .values("course")
        .annotate(highest=Max("number"))
        .values("highest")
    )
    counts = When(session__appointment_type__in=TREATMENT_TYPES, then=Coalesce(Subquery(before), 0) + 1)
    return (
        drafts.filter(session__entered_in_error_at=None),
        "course__",
        {
            "subject": Coalesce("session", "pk"),
            "at": Coalesce("session__starts_at", "started_at"),
            "number": Case(counts, default=None, output_field=IntegerField()),
            "word": Coalesce("session__kind", "kind"),
        },
    )


def _why_draft(found: Found, now: datetime) -> str:
    waits = f"is not signed ({days_ago(found.at, now)})."
    if found.word in OUTSIDE_SESSIONS:
        return f"{NoteKind(found.word).label} begun on {short_day(found.at, now)} {waits}"
    kind = protocol.SESSION_KINDS[found.word or "treatment"].label
    what = f"Session {found.number} note" if found.number else f"{kind} note"
    return f"{what} of {short_day(found.at, now)} {waits}"


# --- Returned ---------------------------------------------------------------------------------------------------------


def _returned(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the session, or the contact note; `at` when it was returned; `word` the kind of note."""
    later = CoSignature.objects.filter(note=OuterRef("note"), at__gt=OuterRef("at"))
    answered = Note.objects.signed().filter(
        adds_to=OuterRef("note"), needs_cosign=True, signed_at__gt=OuterRef("at")
    )
    returned = CoSignature.objects.filter(
        note__author=scope.reader, course__in=scope.courses, decision=CoSignature.Decision.RETURNED
    )
    return (
        returned.filter(~Exists(later), ~Exists(answered), note__in_error=None),
        "course__",
        {"subject": Coalesce("note__session", "note"), "at": F("at"), "word": F("note__kind")},
    )


def _why_returned(found: Found, now: datetime) -> str:
    what = {NoteKind.CONTACT.value: "contact note", NoteKind.LETTER.value: "letter"}.get(
        found.word or "", "session note"
    )
    return (
        f"Your {what} was returned on {short_day(found.at, now)} with a comment: answer it with an addendum."
    )


# --- Not logged -------------------------------------------------------------------------------------------------------


def _not_logged(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the session. One with a draft is the draft's flag already."""
    past = TherapySession.objects.not_logged(at=scope.midnight).filter(
        course__in=scope.courses, course__status__in=OPEN
    )
    # A contact has no session, and among keys that are not to be there one that is null would leave nothing over.
    drafts = Note.objects.of_sessions().filter(author=scope.reader, course__in=scope.courses)
    return (
        past.exclude(pk__in=drafts.values("session")),
        "course__",
        {"at": F("starts_at"), "word": F("kind")},
    )


def _why_not_logged(found: Found, now: datetime) -> str:
    return f"The appointment of {short_day(found.at, now)} is past, and nobody has said what came of it."


# --- Measures ---------------------------------------------------------------------------------------------------------


def _measure_missing(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the course, `number` the last attended session, `word` the measures that were last filled in two sessions
    before it, or never. Numbers have no gaps. A form with a gap has no total, and does not count as filled in."""
    courses = (
        TherapySession.objects.numbered()
        .filter(course__in=scope.courses, course__status__in=UNDER_WAY)
        .order_by()
        .values("course", "course__client", "course__client__first_name", "course__client__last_name")
        .annotate(
            last=Max("number"), last_at=Max("starts_at"), phq9=_last_with("phq9"), gad7=_last_with("gad7")
        )
        .filter(last__gte=SESSIONS_WITHOUT_MEASURE)
    )
    phq9, gad7 = (
        Q(**{f"{code}__lte": F("last") - SESSIONS_WITHOUT_MEASURE}) for code in MEASURES_OF_EACH_SESSION
    )
    missing = Case(
        When(phq9 & gad7, then=Value("PHQ-9 or GAD-7")),
        When(phq9, then=Value("PHQ-9")),
        default=Value("GAD-7"),
        output_field=TextField(),
    )
    return (
        courses.filter(phq9 | gad7),
        "course__",
        {"subject": F("course"), "at": F("last_at"), "number": F("last"), "word": missing},
    )


def _last_with(measure: str) -> Coalesce:
    """The number of the last session at which a measure was filled in; 0 for none."""
    filled_in = Q(responses__measure=measure, responses__response__total__isnull=False)
    return Coalesce(Max("number", filter=filled_in), 0)


def _why_measure(found: Found, now: datetime) -> str:
    number = found.number or 0
    return f"No {found.word} at sessions {number - 1} and {number}."


# --- Focus ------------------------------------------------------------------------------------------------------------


def _focus_not_agreed(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the session that ended the initial phase, `number` its number. The course's own split says which it is
    (`protocol.last_initial_session`); a split without an initial phase asks for the focus from session 1 on."""
    agreed = Focus.objects.current().filter(course__in=scope.courses).order_by().values("course")
    last_initial = TherapySession.objects.exclude(course__in=agreed).filter(
        course__in=scope.courses,
        course__status__in=UNDER_WAY,
        number=Greatest(F("course__split__0"), 1),
        course__split__isnull=False,
    )
    return last_initial, "course__", {"at": F("starts_at"), "number": F("number")}


def _why_focus(found: Found, now: datetime) -> str:
    return f"No focus agreed; the initial phase ended with session {found.number}."


# --- Tasks of the phases ------------------------------------------------------------------------------------------------


def _tasks_open(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the session that ended a phase, `number` its number, `value` how many tasks of that phase are open, `word` the
    phase. The course's own split says which session ends which phase."""
    ends: list[Any] = [F("course__split__0")]
    for place in (1, 2):
        ends.append(ends[-1] + F(f"course__split__{place}"))
    ended = TherapySession.objects.filter(
        course__in=scope.courses, course__status__in=UNDER_WAY, course__split__isnull=False
    ).filter(Q(number=ends[0]) | Q(number=ends[1]) | Q(number=ends[2]))
    listed = Case(
        *(When(number=end, then=_codes(phase)) for end, phase in zip(ends, tasks.TASKS, strict=True)),
        output_field=ArrayField(TextField()),
    )
    phase = Case(
        *(When(number=end, then=Value(phase)) for end, phase in zip(ends, tasks.TASKS, strict=True)),
        output_field=TextField(),
    )
    return (
        ended.annotate(open_tasks=count_open("course", listed)).filter(open_tasks__gt=0),
        "course__",
        {"at": F("starts_at"), "number": F("number"), "value": F("open_tasks"), "word": phase},
    )


def _codes(phase: str) -> Cast:
    return Cast(
        Value([task.code for task in tasks.TASKS[phase]], output_field=ArrayField(TextField())),
        ArrayField(TextField()),
    )


def _why_tasks(found: Found, now: datetime) -> str:
    phase = protocol.PHASES[found.word or "initial"].lower()
    return f"The {phase} phase ended with session {found.number}, and {_tasks(found.value or 0)} open."


def _tasks(count: int) -> str:
    return "1 of its tasks is" if count == 1 else f"{count} of its tasks are"


def _mid_point(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the course, `number` the last attended session, `value` how many are planned. As
    `sessions.phase_tasks.is_half_way`: from half of the planned sessions on, in a programme with phases."""
    half_way = (
        TherapySession.objects.numbered()
        .filter(course__in=scope.courses, course__status__in=UNDER_WAY, course__split__isnull=False)
        .annotate(planned=F("course__planned_sessions"), twice=F("number") * 2)
        .filter(twice__gte=F("planned"))
    )
    later = half_way.filter(course=OuterRef("course"), number__gt=OuterRef("number"))
    review = Cast(Value([tasks.MID_POINT], output_field=ArrayField(TextField())), ArrayField(TextField()))
    return (
        half_way.filter(~Exists(later))
        .annotate(open_tasks=count_open("course", review))
        .filter(open_tasks=1),
        "course__",
        {"subject": F("course"), "at": F("starts_at"), "number": F("number"), "value": F("planned")},
    )


def _why_mid_point(found: Found, now: datetime) -> str:
    return f"Session {found.number} of {found.value} is over, and the mid-point review is not done."


# --- Booking ----------------------------------------------------------------------------------------------------------


def _nothing_booked(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the course, `at` the next appointment further ahead, if there is one. Today's still counts as booked after
    its hour: logging it books the next."""
    booked = TherapySession.objects.ahead(at=scope.midnight).order_by()
    until = scope.midnight + timedelta(days=DAYS_TO_BOOK_AHEAD + 1)
    soon = booked.filter(course__in=scope.courses, starts_at__lt=until)
    courses = Course.objects.filter(pk__in=scope.courses, status=Status.IN_TREATMENT)
    further = booked.filter(course=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
    return courses.exclude(pk__in=soon.values("course")), "", {"at": Subquery(further)}


def _why_not_booked(found: Found, now: datetime) -> str:
    further = f" The next is on {short_day(found.at, now)}." if found.at else ""
    return f"Nothing is booked in the next {DAYS_TO_BOOK_AHEAD} days.{further}"


# --- The ending -------------------------------------------------------------------------------------------------------


def _ending_unwritten(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the course, `at` the last session held, `number` how many are left. Numbers have no gaps: the highest is how
    many were held. A programme without phases has no planned end."""
    written = EndingPlan.objects.filter(course__in=scope.courses).order_by().values("course")
    held = (
        TherapySession.objects.numbered()
        .exclude(course__in=written)
        .filter(course__in=scope.courses, course__status__in=UNDER_WAY, course__split__isnull=False)
        .order_by()
        .values(
            "course",
            "course__client",
            "course__client__first_name",
            "course__client__last_name",
            "course__planned_sessions",
        )
        .annotate(last_at=Max("starts_at"), left=F("course__planned_sessions") - Max("number"))
        .filter(left__lte=SESSIONS_BEFORE_ENDING)
    )
    return held, "course__", {"subject": F("course"), "at": F("last_at"), "number": F("left")}


def _why_ending(found: Found, now: datetime) -> str:
    left = found.number or 0
    when = plural(left, "session") + " left" if left > 0 else "The planned sessions are over"
    return f"{when}, and nothing is written about the ending."


# --- Safety plans -----------------------------------------------------------------------------------------------------


def _plan_to_be_reviewed(scope: Scope) -> tuple[QuerySet[Any], str, dict[str, Any]]:
    """`subject` the version that stands, `at` the day on which it was to be looked at again."""
    standing = SafetyPlan.objects.newest().filter(course__in=scope.courses)
    overdue = SafetyPlan.objects.filter(
        pk__in=standing.values("pk"),
        review_on__lt=timezone.localdate(scope.now),
        course__status__in=OPEN,
    )
    return overdue, "course__", {"at": F("review_on")}


def _why_plan(found: Found, now: datetime) -> str:
    return f"Safety plan to be looked at again since {short_day(found.at, now)}."


# In the order of their weight: a person may be in danger, a person is out of reach, the record is open, the work drifts.
FLAGS = (
    Flag(
        slug="risk",
        name="Risk",
        tone="risk",
        sentence="An answer above 0 to PHQ-9 item 9 or CORE-10 item 6, or a person by hand, raises an alert, which"
        " stands until a person has closed it with what was done.",
        threshold="1 or more on the item",
        source="PHQ-9 item 9 asks for thoughts of being better off dead or of hurting oneself, CORE-10 item 6 for plans",
        rows=_open_alerts,
        reason=_why_alert,
        label="Review",
        page="outcomes:alert",
        page_of_subject=True,
    ),
    Flag(
        slug="contact",
        name="Contact due",
        tone="risk",
        sentence="A client with an open alert or a safety plan did not come, or an administrator logged that they"
        " did not, and nobody has said yet what was tried to reach them.",
        threshold="1 missed session",
        source="This clinic's decision",
        rows=_contact_due,
        reason=_why_contact,
        label="Answer",
        page="sessions:contact",
        page_of_subject=True,
    ),
    Flag(
        slug="missed",
        name="Missed in a row",
        tone="warn",
        sentence="The client missed so many appointments in a row that the clinic asks whether the course should end. It"
        " stands until the client is seen or the course has ended, and ends nothing by itself. Cancelled appointments do not"
        " count.",
        threshold="2 in a row, or as many as the clinic’s settings say",
        source="This clinic's decision",
        rows=_end_proposed,
        reason=_why_end,
        label="Decide",
        page="courses:end",
        other_pages={Status.WAITING.value: "courses:move"},
    ),
    Flag(
        slug="signal",
        name=signal_page.NAME,
        tone="warn",
        sentence="A score asks for a review of the course, by one of four rules: above the expected course of this clinic,"
        " reliable worsening, little change after four to six weeks, no reliable improvement by mid-course. It stands"
        " until somebody has said what they considered and what the plan is.",
        threshold="1 signal that nobody has answered",
        source="; ".join(dict.fromkeys(rule.source for rule in signal_rules.RULES)),
        rows=_open_signals,
        reason=_why_signal,
        label="Review",
        page="outcomes:signal",
        page_of_subject=True,
    ),
    Flag(
        slug="safety-plan",
        name="Safety plan",
        tone="warn",
        sentence="The day on which a safety plan was to be looked at again has passed, and no newer version is written.",
        threshold="1 day after the day that stands on the plan",
        source="Stanley and Brown 2012: a safety plan is looked at again and changed with the client",
        rows=_plan_to_be_reviewed,
        reason=_why_plan,
        label="Review",
        page="outcomes:plan",
    ),
    Flag(
        slug="draft",
        name="Draft",
        tone="warn",
        sentence="A note is begun and not signed. Only its author is told.",
        threshold="1 draft of one's own",
        source="This clinic's decision",
        rows=_own_drafts,
        reason=_why_draft,
        label="Finish",
        page="sessions:log",
        page_of_subject=True,
        other_pages=OUTSIDE_SESSIONS,
    ),
    Flag(
        slug="returned",
        name="Returned",
        tone="warn",
        sentence="A supervisor returned a signed note with a comment, and no addendum has answered it yet. Only its"
        " author is told.",
        threshold="1 note of one's own",
        source="This clinic's decision",
        rows=_returned,
        reason=_why_returned,
        label="Read",
        page="sessions:detail",
        page_of_subject=True,
        other_pages={
            NoteKind.CONTACT.value: "sessions:contact_read",
            NoteKind.LETTER.value: "sessions:letter_read",
        },
    ),
    Flag(
        slug="not-logged",
        name="Not logged",
        tone="warn",
        sentence="An appointment is past, the day is over, and nobody has said what came of it.",
        threshold="The end of its day",
        source="This clinic's decision",
        rows=_not_logged,
        reason=_why_not_logged,
        label="Log",
        page="sessions:log",
        page_of_subject=True,
    ),
    Flag(
        slug="measure",
        name="Measure",
        tone="warn",
        sentence="PHQ-9 or GAD-7 is missing at the last two attended treatment sessions.",
        threshold=f"{SESSIONS_WITHOUT_MEASURE} attended treatment sessions in a row",
        source="NHS Talking Therapies takes both at each session",
        rows=_measure_missing,
        reason=_why_measure,
        label="Open",
        page="courses:detail",
    ),
    Flag(
        slug="focus",
        name="Focus",
        tone="focus",
        sentence="No focus is agreed, and the last session of the initial phase has been attended.",
        threshold="The last initial session of the course's own split: session 4 of 16, session 2 of 8",
        source="IPT-UK, stages of IPT: the focus is agreed by the end of the initial phase",
        rows=_focus_not_agreed,
        reason=_why_focus,
        label="Agree",
        page="courses:focus",
    ),
    Flag(
        slug="ending",
        name="Ending",
        tone="focus",
        sentence="The planned end of treatment is three sessions away or nearer, and nothing is written about the ending:"
        " feelings about it, early signs and what to do, how to return.",
        threshold=f"{SESSIONS_BEFORE_ENDING} sessions left",
        source="Weissman, Markowitz and Klerman 2018: the ending is spoken of well before it; the number is this clinic's"
        " decision",
        rows=_ending_unwritten,
        reason=_why_ending,
        label="Write",
        page="courses:ending_edit",
    ),
    Flag(
        slug="mid-point",
        name="Mid-point",
        tone="focus",
        sentence="Half of the planned sessions have been attended, and the mid-point review is neither done nor marked as not"
        " applicable.",
        threshold="Session 8 of 16, session 3 of 5: half of the planned sessions, rounded up",
        source="IPT: about session 8 of 16, therapist and client look at the measures, the focus, the goals and what is left",
        rows=_mid_point,
        reason=_why_mid_point,
        label="Review",
        page="courses:tasks",
    ),
    Flag(
        slug="tasks",
        name="Tasks",
        tone="focus",
        sentence="A phase has ended, and some of its tasks are neither done nor marked as not applicable.",
        threshold="The last session of the phase in the course's own split: session 4 of 16 for the initial phase",
        source="IPT-UK, stages of IPT; the checklist of each phase is in courses/tasks.py",
        rows=_tasks_open,
        reason=_why_tasks,
        label="Open",
        page="courses:tasks",
    ),
    Flag(
        slug="not-booked",
        name="Not booked",
        tone="focus",
        sentence="The course is in treatment, and no appointment is booked from today to 14 days ahead.",
        threshold=f"{DAYS_TO_BOOK_AHEAD} days",
        source="IPT is weekly; this clinic's decision",
        rows=_nothing_booked,
        reason=_why_not_booked,
        label="Book",
        page="sessions:book",
    ),
)
BY_SLUG = {flag.slug: flag for flag in FLAGS}

_COLUMNS: dict[str, tuple[str, Any]] = {
    "number": ("_number", IntegerField()),
    "value": ("_value", IntegerField()),
    "word": ("_word", TextField()),
}


def rows(scope: Scope, *, flags: Iterable[Flag] = FLAGS) -> list[Row]:
    """Every flag that is up in the scope, weightiest first and the oldest of each first, in one question to the database."""
    first, *others = [_found(flag, scope) for flag in flags]
    found = first.union(*others, all=True) if others else first
    rows = [Found(*columns) for columns in found]
    rows.sort(
        key=lambda row: (row.flag, row.at is not None, row.at or scope.now, row.last_name, row.first_name)
    )
    return [_in_words(row, scope.now) for row in rows]


def _found(flag: Flag, scope: Scope) -> QuerySet[Any]:
    """The rows of one flag in the columns of `Found`, alike for all, so that one union holds them."""
    queryset, course, columns = flag.rows(scope)
    given = {
        "_flag": Value(FLAGS.index(flag), output_field=IntegerField()),
        "_course": F("course" if course else "pk"),
        "_client": F(f"{course}client"),
        "_first": F(f"{course}client__first_name"),
        "_last": F(f"{course}client__last_name"),
        "_subject": columns.get("subject", F("pk")),
        "_at": Cast(columns["at"], DateTimeField()),
    }
    for name, (alias, kind) in _COLUMNS.items():
        given[alias] = Cast(columns.get(name, Value(None)), kind)
    return queryset.order_by().annotate(**given).values_list(*given)


def _in_words(found: Found, now: datetime) -> Row:
    flag = FLAGS[found.flag]
    return Row(
        flag=flag,
        course_id=found.course_id,
        client_id=found.client_id,
        client=f"{found.first_name} {found.last_name}",
        href=address("courses:detail", found.course_id),
        reason=flag.reason(found, now),
        act=flag.address_of(found),
        label=flag.label,
    )
