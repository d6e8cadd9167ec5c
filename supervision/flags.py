"""What needs somebody's attention, as rules that anyone can read: a name, the rule in one sentence, its threshold, where it
comes from, and the condition that the database is asked (`conditions`, `review_conditions`) or what is worked out from what
many courses were asked at once (`facts`). Pages that show flags are elsewhere; no other rule lives elsewhere.

No flag asks for a word of a note: keys, dates and numbers are enough to say why."""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from courses.lifecycle import Status
from outcomes import signal_page, signal_rules
from outcomes.signal_rules import EXPECTED, MID_COURSE, WEEKS
from record.addresses import address
from sessions.models import NoteKind
from supervision.conditions import (
    OUTSIDE_SESSIONS,
    contact_due,
    end_proposed,
    ending_unwritten,
    focus_not_agreed,
    measure_missing,
    mid_point,
    not_logged,
    nothing_booked,
    open_alerts,
    open_signals,
    own_drafts,
    plan_to_be_reviewed,
    returned,
    tasks_open,
    why_alert,
    why_contact,
    why_draft,
    why_end,
    why_ending,
    why_focus,
    why_measure,
    why_mid_point,
    why_not_booked,
    why_not_logged,
    why_plan,
    why_returned,
    why_signal,
    why_tasks,
)
from supervision.facts import (
    Facts,
    deteriorated,
    new_case,
    not_improved,
    not_reviewed,
    short_not_reviewed,
    short_unsigned,
    unsigned_too_long,
    why_deteriorated,
    why_new,
    why_not_improved,
    why_not_reviewed,
    why_unsigned,
)
from supervision.review_conditions import (
    focus_changed,
    not_on_track,
    not_seen,
    past_planned,
    short_alert,
    short_ending,
    short_focus,
    short_focus_changed,
    short_measure,
    short_not_booked,
    short_not_seen,
    why_focus_changed,
    why_not_seen,
    why_past_planned,
)
from supervision.shape import REVIEW, TODAY, Flag, Found, Row, Scope

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
        rows=open_alerts,
        reason=why_alert,
        label="Review",
        page="outcomes:alert",
        page_of_subject=True,
        todo="Open the alert and answer it there: what was said, what was done, who knows. It cannot be considered away.",
        short=short_alert,
        weight=1000,
        on=(TODAY, REVIEW),
        may_be_considered=False,
    ),
    Flag(
        slug="contact",
        name="Contact due",
        tone="risk",
        sentence="A client with an open alert or a safety plan did not come, or an administrator logged that they"
        " did not, and nobody has said yet what was tried to reach them.",
        threshold="1 missed session",
        source="This clinic's decision",
        rows=contact_due,
        reason=why_contact,
        label="Answer",
        page="sessions:contact",
        page_of_subject=True,
        todo="Say what was tried to reach them. It cannot be considered away.",
        weight=300,
        on=(TODAY, REVIEW),
        may_be_considered=False,
    ),
    Flag(
        slug="deterioration",
        name="Reliable deterioration",
        tone="risk",
        sentence="The last treatment score of PHQ-9 or GAD-7 is above the first one by the measure’s reliable change or more. A"
        " higher score asks anew.",
        threshold="6 points of PHQ-9, 4 of GAD-7",
        source="NHS Talking Therapies: reliable change; Clark 2018, table 2; Richards and Borglin 2011",
        works_out=deteriorated,
        reason=why_deteriorated,
        label="Open",
        page="courses:detail",
        todo="Ask what has happened and whether the client is safe; look at focus, alliance and dose in supervision.",
        weight=30,
        on=(REVIEW,),
    ),
    Flag(
        slug="missed",
        name="Missed in a row",
        tone="warn",
        sentence="The client missed so many appointments in a row that the clinic asks whether the course should end. It"
        " stands until the client is seen or the course has ended, and ends nothing by itself. Cancelled appointments do not"
        " count.",
        threshold="{n} in a row",
        source="This clinic's decision",
        rows=end_proposed,
        reason=why_end,
        label="Decide",
        page="courses:end",
        read_at="courses:detail#sessions",
        other_pages={Status.WAITING.value: "courses:move"},
        todo="Decide with the client whether the course ends or goes on; what is decided is written down.",
        setting="missed_before_proposal",
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
        rows=open_signals,
        reason=why_signal,
        label="Review",
        page="outcomes:signal",
        page_of_subject=True,
        todo="Look at the course again, say what was considered, and what the plan is.",
    ),
    Flag(
        slug="not-on-track",
        name="Not on track",
        tone="warn",
        sentence="A score asks for a review of the course: it is above the expected course of this clinic, or"
        " has changed little after"
        " four to six weeks. It stands until somebody has said what they considered and what the plan is.",
        threshold="1 signal that nobody has answered",
        source=f"{EXPECTED.source}; {WEEKS.source}",
        rows=not_on_track,
        reason=why_signal,
        label="Review",
        page="outcomes:signal",
        todo="Look at the course again, say what was considered, and what the plan is. Some people respond late.",
        weight=20,
        on=(REVIEW,),
        page_of_subject=True,
    ),
    Flag(
        slug="not-improved",
        name="No improvement by mid-course",
        tone="warn",
        sentence="Half of the planned sessions have been attended, and neither of PHQ-9 and GAD-7 that began at"
        " caseness has fallen by"
        " its reliable change. A measure that was not taken again has not fallen.",
        threshold="Session 8 of 16, session 3 of 5: half of the planned sessions, rounded up; 6 points of PHQ-9, 4 of GAD-7",
        source=MID_COURSE.source,
        works_out=not_improved,
        reason=why_not_improved,
        label="Open",
        page="courses:detail",
        todo="Review the middle of the course: is the focus right, is the formulation, what stands in the way.",
        weight=15,
        on=(REVIEW,),
    ),
    Flag(
        slug="not-seen",
        name="Not seen",
        tone="warn",
        sentence="The client was not seen so many appointments in a row: they did not come (3), came too late to be seen (7) or"
        " cancelled (2). What the clinic cancelled neither counts nor breaks the row.",
        threshold="{n} in a row",
        source="NHS attendance codes 2, 3 and 7; the number is the clinic’s own",
        rows=not_seen,
        reason=why_not_seen,
        label="Open",
        page="courses:detail",
        todo="Speak of what keeps them away, and reach them.",
        weight=15,
        on=(REVIEW,),
        short=short_not_seen,
        setting="missed_before_proposal",
        anchor="#sessions",
    ),
    Flag(
        slug="unsigned",
        name="Unsigned",
        tone="warn",
        sentence="A note is begun and not signed, or a session was held and has no note, for longer than the"
        " clinic allows, whoever is"
        " to write it. Nobody sees a word of a draft but its author.",
        threshold="Over {n} hours",
        source="The clinic’s own",
        works_out=unsigned_too_long,
        reason=why_unsigned,
        label="Open",
        page="courses:detail",
        todo="Ask its author to finish it; make time for it.",
        weight=8,
        on=(REVIEW,),
        short=short_unsigned,
        setting="flag_unsigned_hours",
        anchor="#sessions",
    ),
    Flag(
        slug="unreviewed",
        name="Not reviewed",
        tone="warn",
        sentence="The course has not been discussed in supervision for so many days: since the newest signed"
        " record, or since it was"
        " allocated where there is none.",
        threshold="{n} days",
        source="NHS Talking Therapies: each case is reviewed in supervision at least every four weeks",
        works_out=not_reviewed,
        reason=why_not_reviewed,
        label="Open",
        page="courses:detail",
        todo="Put it on the agenda and discuss it at the next meeting.",
        weight=6,
        on=(REVIEW,),
        short=short_not_reviewed,
        setting="flag_unreviewed_days",
    ),
    Flag(
        slug="safety-plan",
        name="Safety plan",
        tone="warn",
        sentence="The day on which a safety plan was to be looked at again has passed, and no newer version is written.",
        threshold="1 day after the day that stands on the plan",
        source="Stanley and Brown 2012: a safety plan is looked at again and changed with the client",
        rows=plan_to_be_reviewed,
        reason=why_plan,
        label="Review",
        page="outcomes:plan",
        todo="Look at the plan with the client and write a newer version, or the day on which to look again.",
    ),
    Flag(
        slug="draft",
        name="Draft",
        tone="warn",
        sentence="A note is begun and not signed. Only its author is told.",
        threshold="1 draft of one's own",
        source="This clinic's decision",
        rows=own_drafts,
        reason=why_draft,
        label="Finish",
        page="sessions:log",
        page_of_subject=True,
        other_pages=OUTSIDE_SESSIONS,
        todo="Finish the note and sign it.",
    ),
    Flag(
        slug="returned",
        name="Returned",
        tone="warn",
        sentence="A supervisor returned a signed note with a comment, and no addendum has answered it yet. Only its"
        " author is told.",
        threshold="1 note of one's own",
        source="This clinic's decision",
        rows=returned,
        reason=why_returned,
        label="Read",
        page="sessions:detail",
        page_of_subject=True,
        other_pages={
            NoteKind.CONTACT.value: "sessions:contact_read",
            NoteKind.LETTER.value: "sessions:letter_read",
        },
        todo="Read the comment and answer it with an addendum.",
    ),
    Flag(
        slug="not-logged",
        name="Not logged",
        tone="warn",
        sentence="An appointment is past, the day is over, and nobody has said what came of it.",
        threshold="The end of its day",
        source="This clinic's decision",
        rows=not_logged,
        reason=why_not_logged,
        label="Log",
        page="sessions:log",
        read_at="courses:detail#sessions",
        page_of_subject=True,
        todo="Log whether the client came.",
    ),
    Flag(
        slug="measure",
        name="Measure",
        tone="warn",
        sentence="PHQ-9 or GAD-7 is missing at the last attended treatment sessions, so many in a row as the clinic says.",
        threshold="{n} attended treatment sessions in a row",
        source="NHS Talking Therapies takes both at each session",
        rows=measure_missing,
        reason=why_measure,
        label="Open",
        page="courses:detail",
        todo="Ask for both questionnaires at the next session, or send them by link.",
        short=short_measure,
        setting="flag_unmeasured_sessions",
        weight=8,
        on=(TODAY, REVIEW),
    ),
    Flag(
        slug="focus",
        name="Focus",
        tone="focus",
        sentence="No focus is agreed, and the last session of the initial phase has been attended.",
        threshold="The last initial session of the course's own split: session 4 of 16, session 2 of 8",
        source="IPT-UK, stages of IPT: the focus is agreed by the end of the initial phase",
        rows=focus_not_agreed,
        reason=why_focus,
        label="Agree",
        page="courses:focus",
        read_at="courses:formulation",
        todo="Agree the focus with the client; where that is hard, bring it to supervision.",
        short=short_focus,
        weight=5,
        on=(TODAY, REVIEW),
    ),
    Flag(
        slug="focus-changed",
        name="Focus changed",
        tone="focus",
        sentence="The focus of the course was changed so often as the clinic says, or oftener. The first"
        " agreement is no change.",
        threshold="{n} changes",
        source="The clinic’s own: IPT keeps to one focus, at most two",
        rows=focus_changed,
        reason=why_focus_changed,
        label="Open",
        page="courses:focus",
        read_at="courses:formulation",
        todo="Ask in supervision what the course is about.",
        weight=5,
        on=(REVIEW,),
        short=short_focus_changed,
        setting="flag_focus_changes",
    ),
    Flag(
        slug="past-planned",
        name="Past planned sessions",
        tone="focus",
        sentence="More sessions have been attended than are planned.",
        threshold="1 session more than planned",
        source="IPT is time-limited: more sessions are agreed anew, with a reason",
        rows=past_planned,
        reason=why_past_planned,
        label="Open",
        page="courses:detail",
        todo="Agree more sessions in the contract, or end.",
        weight=5,
        on=(REVIEW,),
    ),
    Flag(
        slug="ending",
        name="Ending",
        tone="focus",
        sentence="The planned end of treatment is near, and nothing is written about the ending: feelings about"
        " it, early signs and"
        " what to do, how to return.",
        threshold="{n} sessions left, or fewer",
        source="Weissman, Markowitz and Klerman 2018: the ending is spoken of well before it; the number is this clinic's"
        " decision",
        rows=ending_unwritten,
        reason=why_ending,
        label="Write",
        page="courses:ending_edit",
        read_at="courses:ending",
        todo="Speak of the ending with the client and write it down: feelings about it, early signs and what to"
        " do, how to return.",
        short=short_ending,
        setting="flag_ending_sessions",
        weight=4,
        on=(TODAY, REVIEW),
    ),
    Flag(
        slug="mid-point",
        name="Mid-point",
        tone="focus",
        sentence="Half of the planned sessions have been attended, and the mid-point review is neither done nor marked as not"
        " applicable.",
        threshold="Session 8 of 16, session 3 of 5: half of the planned sessions, rounded up",
        source="IPT: about session 8 of 16, therapist and client look at the measures, the focus, the goals and what is left",
        rows=mid_point,
        reason=why_mid_point,
        label="Review",
        page="courses:tasks",
        todo="Look at the measures, the focus, the goals and what is left with the client, and tick the review.",
    ),
    Flag(
        slug="tasks",
        name="Tasks",
        tone="focus",
        sentence="A phase has ended, and some of its tasks are neither done nor marked as not applicable.",
        threshold="The last session of the phase in the course's own split: session 4 of 16 for the initial phase",
        source="IPT-UK, stages of IPT; the checklist of each phase is in courses/tasks.py",
        rows=tasks_open,
        reason=why_tasks,
        label="Open",
        page="courses:tasks",
        todo="Do what is left, or mark it as not applicable with a reason.",
    ),
    Flag(
        slug="not-booked",
        name="Not booked",
        tone="focus",
        sentence="The course is in treatment, and no appointment is booked from today on, so many days ahead as"
        " the clinic says.",
        threshold="{n} days ahead",
        source="IPT is weekly; this clinic's decision",
        rows=nothing_booked,
        reason=why_not_booked,
        label="Book",
        page="sessions:book",
        read_at="courses:detail#sessions",
        todo="Book the next appointment.",
        short=short_not_booked,
        setting="flag_booked_days",
        weight=4,
        on=(TODAY, REVIEW),
    ),
    Flag(
        slug="new",
        name="New case",
        tone="focus",
        sentence="The course is allocated and open, and was never discussed in supervision. After the days of"
        " the rule ‘not reviewed’"
        " that one takes its place.",
        threshold="From the day of allocation until day {n}",
        source="NHS Talking Therapies: a new case is a reason for a case review",
        works_out=new_case,
        reason=why_new,
        label="Open",
        page="courses:detail",
        todo="Hear about it once: what brings the client, which focus is likely, what is the risk.",
        weight=3,
        on=(REVIEW,),
        setting="flag_unreviewed_days",
    ),
)
BY_SLUG = {flag.slug: flag for flag in FLAGS}
ON_TODAY = tuple(flag for flag in FLAGS if TODAY in flag.on)
IN_REVIEW = tuple(flag for flag in FLAGS if REVIEW in flag.on)

_COLUMNS: dict[str, tuple[str, Any]] = {
    "number": ("_number", IntegerField()),
    "value": ("_value", IntegerField()),
    "word": ("_word", TextField()),
}


def rows(
    scope: Scope, *, flags: Iterable[Flag] = ON_TODAY, treated: Container[UUID] | None = None
) -> list[Row]:
    """Every flag that is up in the scope, weightiest first and the oldest of each first: in one question to the database,
    and a few more where rules are worked out. `treated` are the courses that the reader treats, all of them where it is not
    said: of others a row leads to what is read and not to what is done."""
    found = every(scope, flags=flags)
    found.sort(
        key=lambda row: (row.flag, row.at is not None, row.at or scope.now, row.last_name, row.first_name)
    )
    return [in_words(row, scope.now, treats=treated is None or row.course_id in treated) for row in found]


def every(scope: Scope, *, flags: Iterable[Flag], facts: Facts | None = None) -> list[Found]:
    """What the flags find, in no order. `facts` of the scope where the caller has them at hand."""
    flags = tuple(flags)
    asked = [_found(flag, scope) for flag in flags if flag.rows]
    found: list[Found] = []
    if asked:
        first, *others = asked
        found = [Found(*columns) for columns in (first.union(*others, all=True) if others else first)]
    worked_out = [flag for flag in flags if flag.works_out]
    if worked_out:
        facts = facts or Facts(scope)
        for flag in worked_out:
            place = FLAGS.index(flag)
            found += [one._replace(flag=place) for one in flag.works_out(facts)]  # type: ignore[misc]  # asked above
    return found


def _found(flag: Flag, scope: Scope) -> QuerySet[Any]:
    """The rows of one flag in the columns of `Found`, alike for all, so that one union holds them."""
    assert flag.rows is not None
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


def in_words(found: Found, now: datetime, *, treats: bool = True) -> Row:
    flag = FLAGS[found.flag]
    return Row(
        flag=flag,
        course_id=found.course_id,
        client_id=found.client_id,
        client=f"{found.first_name} {found.last_name}",
        href=address("courses:detail", found.course_id),
        reason=flag.reason(found, now),
        short=flag.short(found, now) or flag.name,
        act=flag.address_of(found, treats=treats),
        label="Open" if flag.read_at and not treats else flag.label,
        subject=found.subject,
        at=found.at,
    )
