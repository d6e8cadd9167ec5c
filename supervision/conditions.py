"""The conditions of the rules in `supervision.flags`, as the database is asked them, with the words that say why each is up:
what a therapist's Today shows. Those that the progress review alone shows are in `review_conditions` and `facts`.

What must not be there is asked as one list of keys and not row by row: behind row security a row-by-row question, planned
without statistics, costs minutes."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
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
from outcomes import signal_page
from outcomes.measures import BY_CODE
from outcomes.models import Alert, AlertAct, AlertKind, SafetyPlan, Signal
from record.words import days_ago, plural, short_day
from sessions.missed import proposed_ends
from sessions.models import TREATMENT_TYPES, ContactDue, CoSignature, Note, NoteKind, TherapySession
from sessions.phase_tasks import count_open
from supervision.shape import Found, Scope

Rows = tuple[QuerySet[Any], str, dict[str, Any]]

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


# --- Alerts -----------------------------------------------------------------------------------------------------------


def open_alerts(scope: Scope) -> Rows:
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


def why_alert(found: Found, now: datetime) -> str:
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


def open_signals(scope: Scope) -> Rows:
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


def why_signal(found: Found, now: datetime) -> str:
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


def contact_due(scope: Scope) -> Rows:
    """`subject` the session that was missed, `word` how."""
    due = ContactDue.objects.open().filter(course__in=scope.courses)
    return (
        due,
        "course__",
        {"subject": F("session"), "at": F("session__starts_at"), "word": F("session__attendance")},
    )


def why_contact(found: Found, now: datetime) -> str:
    missed = "Came too late to be seen" if found.word == "7" else "Did not come"
    return f"{missed} on {short_day(found.at, now)}. Say what was tried to reach them."


# --- Missed in a row ----------------------------------------------------------------------------------------------------


def end_proposed(scope: Scope) -> Rows:
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


def why_end(found: Found, now: datetime) -> str:
    return f"Missed {found.number} in a row, the last on {short_day(found.at, now)}: decide whether the course ends or goes on."


# --- Drafts -----------------------------------------------------------------------------------------------------------


def own_drafts(scope: Scope) -> Rows:
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


def why_draft(found: Found, now: datetime) -> str:
    waits = f"is not signed ({days_ago(found.at, now)})."
    if found.word in OUTSIDE_SESSIONS:
        return f"{NoteKind(found.word).label} begun on {short_day(found.at, now)} {waits}"
    kind = protocol.SESSION_KINDS[found.word or "treatment"].label
    what = f"Session {found.number} note" if found.number else f"{kind} note"
    return f"{what} of {short_day(found.at, now)} {waits}"


# --- Returned ---------------------------------------------------------------------------------------------------------


def returned(scope: Scope) -> Rows:
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


def why_returned(found: Found, now: datetime) -> str:
    what = {NoteKind.CONTACT.value: "contact note", NoteKind.LETTER.value: "letter"}.get(
        found.word or "", "session note"
    )
    return (
        f"Your {what} was returned on {short_day(found.at, now)} with a comment: answer it with an addendum."
    )


# --- Not logged -------------------------------------------------------------------------------------------------------


def not_logged(scope: Scope) -> Rows:
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


def why_not_logged(found: Found, now: datetime) -> str:
    return f"The appointment of {short_day(found.at, now)} is past, and nobody has said what came of it."


# --- Measures ---------------------------------------------------------------------------------------------------------


def measure_missing(scope: Scope) -> Rows:
    """`subject` the course, `number` the last attended session, `value` how many in a row the clinic waits for, `word` the
    measures that were last filled in so many sessions before it, or never. Numbers have no gaps. A form with a gap has no
    total, and does not count as filled in."""
    in_a_row = scope.clinic.flag_unmeasured_sessions
    courses = (
        TherapySession.objects.numbered()
        .filter(course__in=scope.courses, course__status__in=UNDER_WAY)
        .order_by()
        .values("course", "course__client", "course__client__first_name", "course__client__last_name")
        .annotate(
            last=Max("number"), last_at=Max("starts_at"), phq9=_last_with("phq9"), gad7=_last_with("gad7")
        )
        .filter(last__gte=in_a_row)
    )
    phq9, gad7 = (Q(**{f"{code}__lte": F("last") - in_a_row}) for code in MEASURES_OF_EACH_SESSION)
    missing = Case(
        When(phq9 & gad7, then=Value("PHQ-9 or GAD-7")),
        When(phq9, then=Value("PHQ-9")),
        default=Value("GAD-7"),
        output_field=TextField(),
    )
    return (
        courses.filter(phq9 | gad7),
        "course__",
        {
            "subject": F("course"),
            "at": F("last_at"),
            "number": F("last"),
            "value": Value(in_a_row),
            "word": missing,
        },
    )


def _last_with(measure: str) -> Coalesce:
    """The number of the last session at which a measure was filled in; 0 for none."""
    filled_in = Q(responses__measure=measure, responses__response__total__isnull=False)
    return Coalesce(Max("number", filter=filled_in), 0)


def why_measure(found: Found, now: datetime) -> str:
    last, in_a_row = found.number or 0, found.value or 1
    if in_a_row == 1:
        return f"No {found.word} at session {last}."
    return f"No {found.word} at sessions {last - in_a_row + 1} {'and' if in_a_row == 2 else 'to'} {last}."


# --- Focus ------------------------------------------------------------------------------------------------------------


def focus_not_agreed(scope: Scope) -> Rows:
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


def why_focus(found: Found, now: datetime) -> str:
    return f"No focus agreed; the initial phase ended with session {found.number}."


# --- Tasks of the phases ------------------------------------------------------------------------------------------------


def tasks_open(scope: Scope) -> Rows:
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


def why_tasks(found: Found, now: datetime) -> str:
    phase = protocol.PHASES[found.word or "initial"].lower()
    return f"The {phase} phase ended with session {found.number}, and {_tasks(found.value or 0)} open."


def _tasks(count: int) -> str:
    return "1 of its tasks is" if count == 1 else f"{count} of its tasks are"


def mid_point(scope: Scope) -> Rows:
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


def why_mid_point(found: Found, now: datetime) -> str:
    return f"Session {found.number} of {found.value} is over, and the mid-point review is not done."


# --- Booking ----------------------------------------------------------------------------------------------------------


def nothing_booked(scope: Scope) -> Rows:
    """`subject` the course, `at` the next appointment further ahead, if there is one, `value` how many days ahead the clinic
    looks. Today's still counts as booked after its hour: logging it books the next."""
    days = scope.clinic.flag_booked_days
    booked = TherapySession.objects.ahead(at=scope.midnight).order_by()
    until = scope.midnight + timedelta(days=days + 1)
    soon = booked.filter(course__in=scope.courses, starts_at__lt=until)
    courses = Course.objects.filter(pk__in=scope.courses, status=Status.IN_TREATMENT)
    further = booked.filter(course=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
    return (
        courses.exclude(pk__in=soon.values("course")),
        "",
        {"at": Subquery(further), "value": Value(days)},
    )


def why_not_booked(found: Found, now: datetime) -> str:
    further = f" The next is on {short_day(found.at, now)}." if found.at else ""
    return f"Nothing is booked in the next {plural(found.value or 0, 'day')}.{further}"


# --- The ending -------------------------------------------------------------------------------------------------------


def ending_unwritten(scope: Scope) -> Rows:
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
        .filter(left__lte=scope.clinic.flag_ending_sessions)
    )
    return held, "course__", {"subject": F("course"), "at": F("last_at"), "number": F("left")}


def why_ending(found: Found, now: datetime) -> str:
    left = found.number or 0
    when = plural(left, "session") + " left" if left > 0 else "The planned sessions are over"
    return f"{when}, and nothing is written about the ending."


# --- Safety plans -----------------------------------------------------------------------------------------------------


def plan_to_be_reviewed(scope: Scope) -> Rows:
    """`subject` the version that stands, `at` the day on which it was to be looked at again."""
    standing = SafetyPlan.objects.newest().filter(course__in=scope.courses)
    overdue = SafetyPlan.objects.filter(
        pk__in=standing.values("pk"),
        review_on__lt=timezone.localdate(scope.now),
        course__status__in=OPEN,
    )
    return overdue, "course__", {"at": F("review_on")}


def why_plan(found: Found, now: datetime) -> str:
    return f"Safety plan to be looked at again since {short_day(found.at, now)}."
