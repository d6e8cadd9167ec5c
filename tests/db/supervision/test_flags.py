"""Each flag, on the day it goes up and on the day before: answers written by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.acting import act_as
from courses import tasks
from courses.models import Course, EndingPlan, Focus, TaskMark
from outcomes.models import Alert, SafetyPlan
from sessions.models import ContactDue, EnteredInError, Note, TherapySession
from staff.models import User
from supervision import flags
from tests.cast import (
    Cast,
    addendum_to,
    agreed_focus,
    answered,
    client_named,
    contact_note_of,
    course_for,
    decided,
    held_session,
    note_of,
    session_of,
    struck_out,
)
from tests.roles import as_owner

NOON = timezone.make_aware(datetime(2026, 11, 23, 12, 0))  # a Monday


def up(reader: User, course: Course, slug: str) -> list[str]:
    """The reasons that one flag gives for one course."""
    act_as(reader.pk)
    scope = flags.Scope(reader=reader, courses=[course.pk], now=NOON)
    return [row.reason for row in flags.rows(scope, flags=[flags.BY_SLUG[slug]])]


def treated(
    cast: Cast, sessions: int, programme: str = "ipt16", *, hours_later: int = 0, **fields: Any
) -> Course:
    """A course of Tara's in treatment, with weekly sessions of which the last was four days ago, on 19 November."""
    client = client_named("Ruth", "Linley")
    course = course_for(client, cast.tara, programme, status="in_treatment", **fields)
    last = NOON - timedelta(days=4) + timedelta(hours=hours_later)
    for number in range(1, sessions + 1):
        held_session(course, cast.tara, last - timedelta(weeks=sessions - number), number)
    return course


def last_session(course: Course) -> TherapySession:
    return course.sessions.order_by("-starts_at")[0]


PHQ9_WITH_ITEM_9 = [1, 1, 1, 1, 1, 1, 1, 1, 2]


def alert_on(course: Course, **fields: Any) -> Alert:
    response = answered(last_session(course), "phq9", PHQ9_WITH_ITEM_9)
    return Alert.objects.create(course=course, response=response, item=9, value=2, **fields)


# --- Risk


def test_an_open_alert_is_named_with_its_answer_and_its_day(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        alert_on(course)
    assert up(cast.tara, course, "risk") == ["PHQ-9 item 9 scored 2 on 19 Nov. Nobody is on it yet."]


def test_a_closed_alert_needs_nobody(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        alert_on(course, closed_at=NOON, closed_by=cast.tara, what_was_done="We made a plan.")
    assert up(cast.tara, course, "risk") == []


# --- Contact due


def missed(cast: Cast, course: Course, attendance: str = "3") -> TherapySession:
    return session_of(course, cast.tara, NOON - timedelta(days=2), attendance=attendance)


def test_contact_is_due_until_it_is_answered(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        due = ContactDue.objects.create(
            session=missed(cast, course), course=course, for_person=cast.tara, raised_by=cast.ada
        )
    assert up(cast.tara, course, "contact") == ["Did not come on 21 Nov. Say what was tried to reach them."]
    with as_owner():
        due.answered_at, due.answered_by, due.what_was_tried = NOON, cast.tara, "Rang; all is well."
        due.save()
    assert up(cast.tara, course, "contact") == []


def test_a_missed_session_without_a_row_asks_for_no_contact(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        missed(cast, course)
    assert up(cast.tara, course, "contact") == []


# --- Drafts


def test_an_unsigned_note_says_its_session_its_day_and_its_age(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 2)
        session = session_of(course, cast.tara, NOON - timedelta(days=4) + timedelta(hours=2))
        note_of(session, signed=False)
    assert up(cast.tara, course, "draft") == ["Session 3 note of 19 Nov is not signed (4 days)."]


def test_an_unsigned_note_of_an_assessment_has_no_number(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 0)
        session = session_of(
            course, cast.tara, NOON - timedelta(hours=2), kind="assessment", appointment_type="01"
        )
        note_of(session, signed=False)
    assert up(cast.tara, course, "draft") == ["Assessment note of 23 Nov is not signed (today)."]


def test_a_signed_note_is_no_draft(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        note_of(last_session(course))
    assert up(cast.tara, course, "draft") == []


def test_a_draft_is_shown_to_its_author_alone(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        note_of(last_session(course), signed=False)
    assert up(cast.sunil, course, "draft") == []
    assert up(cast.lena, course, "draft") == []


def test_an_unsigned_contact_note_leads_to_its_own_page(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 1)
        note = contact_note_of(course, cast.tara, signed=False, started_at=NOON - timedelta(days=2))
    assert up(cast.tara, course, "draft") == ["Contact note begun on 21 Nov is not signed (2 days)."]
    act_as(cast.tara.pk)
    scope = flags.Scope(reader=cast.tara, courses=[course.pk], now=NOON)
    row = flags.rows(scope, flags=[flags.BY_SLUG["draft"]])[0]
    assert row.act == f"/courses/{course.pk}/contacts/{note.pk}/"


def test_a_draft_that_was_struck_out_waits_no_more(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 1)
        note = contact_note_of(course, cast.tara, signed=False)
        EnteredInError.objects.create(note=note, course=course, kind="mistake", reason="Twice.", by=cast.tara)
    assert up(cast.tara, course, "draft") == []


# --- Returned


def returned_note(cast: Cast, at: datetime) -> Note:
    course = treated(cast, 1)
    note = note_of(last_session(course), needs_cosign=True)
    note.course = course
    decided(note, cast.sunil, "returned", at=at)
    return note


def test_a_returned_note_waits_for_its_author_alone(cast: Cast) -> None:
    with as_owner():
        course = returned_note(cast, NOON - timedelta(days=2)).course
    why = "Your session note was returned on 21 Nov with a comment: answer it with an addendum."
    assert up(cast.tara, course, "returned") == [why]
    assert up(cast.sunil, course, "returned") == []


def test_an_addendum_of_the_trainee_answers_it(cast: Cast) -> None:
    with as_owner():
        note = returned_note(cast, NOON - timedelta(days=2))
        addendum_to(note, signed_at=NOON - timedelta(days=1), needs_cosign=True)
    assert up(cast.tara, note.course, "returned") == []


def test_an_addendum_that_is_not_signed_answers_nothing(cast: Cast) -> None:
    with as_owner():
        note = returned_note(cast, NOON - timedelta(days=2))
        addendum_to(note, signed=False)
    assert len(up(cast.tara, note.course, "returned")) == 1


def test_what_was_co_signed_after_all_waits_no_more(cast: Cast) -> None:
    with as_owner():
        note = returned_note(cast, NOON - timedelta(days=2))
        decided(note, cast.sunil, at=NOON - timedelta(hours=1))
    assert up(cast.tara, note.course, "returned") == []


# --- Not logged


@pytest.mark.parametrize(
    ("starts", "reasons"),
    [
        (
            datetime(2026, 11, 22, 16, 0),
            ["The appointment of 22 Nov is past, and nobody has said what came of it."],
        ),
        (datetime(2026, 11, 23, 9, 0), []),  # today's is on the list of appointments
        (datetime(2026, 11, 24, 9, 0), []),
    ],
)
def test_an_appointment_of_another_day_is_not_left_open(
    cast: Cast, starts: datetime, reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, 3)
        session_of(course, cast.tara, timezone.make_aware(starts))
    assert up(cast.tara, course, "not-logged") == reasons


def test_an_appointment_with_a_draft_is_named_once(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        note_of(session_of(course, cast.tara, NOON - timedelta(days=1)), signed=False)
    assert up(cast.tara, course, "not-logged") == []
    assert len(up(cast.tara, course, "draft")) == 1


def test_a_contact_note_does_not_hide_an_appointment_that_is_not_logged(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        contact_note_of(course, cast.tara)
        session_of(course, cast.tara, NOON - timedelta(days=1))
    assert len(up(cast.tara, course, "not-logged")) == 1


def test_a_cancelled_appointment_is_logged(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        session_of(course, cast.tara, NOON - timedelta(days=1), attendance="2")
    assert up(cast.tara, course, "not-logged") == []


# --- Measures


def sessions_of(course: Course) -> list[TherapySession]:
    return list(course.sessions.exclude(number=None).order_by("number"))


PHQ9, GAD7 = [1] * 8 + [0], [1] * 7


def test_one_session_without_a_measure_is_no_pattern(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        answered(sessions_of(course)[1], "phq9", PHQ9)
        answered(sessions_of(course)[1], "gad7", GAD7)
    assert up(cast.tara, course, "measure") == []


def test_two_sessions_in_a_row_without_a_measure_are(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        answered(sessions_of(course)[0], "phq9", PHQ9)
        answered(sessions_of(course)[0], "gad7", GAD7)
    assert up(cast.tara, course, "measure") == ["No PHQ-9 or GAD-7 at sessions 2 and 3."]


def test_the_measure_that_is_missing_is_named(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        answered(sessions_of(course)[2], "phq9", PHQ9)
    assert up(cast.tara, course, "measure") == ["No GAD-7 at sessions 2 and 3."]


def test_a_form_with_a_gap_does_not_count_as_filled_in(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 2)
        for session in sessions_of(course):
            answered(session, "phq9", [None, *PHQ9[1:]])
            answered(session, "gad7", GAD7)
    assert up(cast.tara, course, "measure") == ["No PHQ-9 at sessions 1 and 2."]


def test_the_first_session_alone_is_no_pattern(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 1)
    assert up(cast.tara, course, "measure") == []


def test_a_missed_session_between_two_attended_ones_does_not_break_the_row(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 1)
        missed(cast, course)
        held_session(course, cast.tara, NOON - timedelta(days=1), 2)
    assert up(cast.tara, course, "measure") == ["No PHQ-9 or GAD-7 at sessions 1 and 2."]


# --- Focus


@pytest.mark.parametrize(
    ("programme", "attended", "reasons"),
    [
        ("ipt16", 3, []),
        ("ipt16", 4, ["No focus agreed; the initial phase ended with session 4."]),
        ("ipt16", 6, ["No focus agreed; the initial phase ended with session 4."]),
        ("brief8", 1, []),
        ("brief8", 2, ["No focus agreed; the initial phase ended with session 2."]),
        ("maintenance", 6, []),
    ],
)
def test_the_focus_is_agreed_by_the_end_of_the_initial_phase(
    cast: Cast, programme: str, attended: int, reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, attended, programme)
    assert up(cast.tara, course, "focus") == reasons


def test_a_course_with_a_split_of_its_own_counts_by_it(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 5)
        Course.objects.filter(pk=course.pk).update(split=[6, 8, 2])
    assert up(cast.tara, course, "focus") == []
    with as_owner():
        held_session(course, cast.tara, NOON - timedelta(days=1), 6)
    assert up(cast.tara, course, "focus") == ["No focus agreed; the initial phase ended with session 6."]


def test_an_agreed_focus_settles_it_and_an_ended_one_does_not(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 4)
        focus = agreed_focus(course, "grief", cast.tara)
    assert up(cast.tara, course, "focus") == []
    with as_owner():
        Focus.objects.filter(pk=focus.pk).update(ended_at=NOON)
    assert up(cast.tara, course, "focus") == ["No focus agreed; the initial phase ended with session 4."]


# --- Tasks of the phases, and the mid-point


def marked(course: Course, by: User, task: str, state: str = "done", **fields: Any) -> TaskMark:
    if state == "done":
        fields.setdefault("done_on", NOON.date())
    return TaskMark.objects.create(
        course=course, task=task, state=state, by=by, **{"reason": "Said so.", "at": NOON, **fields}
    )


def test_tasks_are_asked_for_once_their_phase_has_ended_and_not_before(cast: Cast) -> None:
    with as_owner():
        before, after = treated(cast, 3), treated(cast, 4, hours_later=1)
    assert up(cast.tara, before, "tasks") == []
    assert up(cast.tara, after, "tasks") == [
        "The initial phase ended with session 4, and 9 of its tasks are open."
    ]


def test_what_was_ticked_in_a_signed_note_or_by_hand_is_not_open(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 5)
        note_of(last_session(course), tasks=["initial_timeline", "initial_focus", "middle_link"])
        marked(course, cast.tara, "initial_contract")
        marked(course, cast.tara, "initial_supports", "not_applicable")
    assert up(cast.tara, course, "tasks") == [
        "The initial phase ended with session 4, and 5 of its tasks are open."
    ]


def test_a_draft_and_a_note_in_error_tick_nothing(cast: Cast) -> None:
    codes = [task.code for task in tasks.TASKS["initial"]]
    with as_owner():
        drafted, struck = treated(cast, 4), treated(cast, 4, hours_later=1)
        note_of(last_session(drafted), signed=False, tasks=codes)
        struck_out(note_of(last_session(struck), tasks=codes), cast.tara)
    for course in (drafted, struck):
        assert up(cast.tara, course, "tasks") == [
            "The initial phase ended with session 4, and 9 of its tasks are open."
        ]


def test_the_newer_of_tick_and_mark_counts(cast: Cast) -> None:
    codes = [task.code for task in tasks.TASKS["initial"]]
    with as_owner():
        course = treated(cast, 4)
        note = note_of(last_session(course), tasks=codes)
        marked(course, cast.tara, "initial_focus", "open", at=note.signed_at + timedelta(hours=1))
        marked(course, cast.tara, "initial_timeline", "open", at=note.signed_at - timedelta(hours=1))
    assert up(cast.tara, course, "tasks") == [
        "The initial phase ended with session 4, and 1 of its tasks is open."
    ]
    with as_owner():
        marked(course, cast.tara, "initial_focus", at=note.signed_at + timedelta(hours=2))
    assert up(cast.tara, course, "tasks") == []


def test_each_phase_that_has_ended_is_asked_for_by_itself(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 12)
        for task in tasks.TASKS["initial"]:
            marked(course, cast.tara, task.code)
    assert up(cast.tara, course, "tasks") == [
        "The middle phase ended with session 12, and 4 of its tasks are open."
    ]


def test_a_programme_without_phases_asks_for_no_tasks_and_no_review(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 12, "maintenance")
    assert up(cast.tara, course, "tasks") == up(cast.tara, course, "mid-point") == []


@pytest.mark.parametrize(
    ("programme", "attended", "words"),
    [
        ("ipt16", 7, []),
        ("ipt16", 8, ["Session 8 of 16 is over, and the mid-point review is not done."]),
        ("ipt16", 11, ["Session 11 of 16 is over, and the mid-point review is not done."]),
        ("counselling6", 2, []),
        ("counselling6", 3, ["Session 3 of 6 is over, and the mid-point review is not done."]),
    ],
)
def test_the_mid_point_review_is_due_from_half_way_on(
    cast: Cast, programme: str, attended: int, words: list[str]
) -> None:
    with as_owner():
        course = treated(cast, attended, programme)
    assert up(cast.tara, course, "mid-point") == words


def test_a_review_that_is_done_or_does_not_apply_is_not_due(cast: Cast) -> None:
    with as_owner():
        ticked, by_hand = treated(cast, 8), treated(cast, 9, hours_later=1)
        note_of(last_session(ticked), tasks=["middle_review"])
        marked(by_hand, cast.tara, "middle_review", "not_applicable")
    assert up(cast.tara, ticked, "mid-point") == up(cast.tara, by_hand, "mid-point") == []


# --- Booking


@pytest.mark.parametrize(
    ("starts", "reasons"),
    [
        (None, ["Nothing is booked in the next 14 days."]),
        (datetime(2026, 11, 23, 9, 0), []),  # today's, not yet logged: logging it books the next
        (datetime(2026, 12, 7, 17, 0), []),  # the same weekday in two weeks
        (datetime(2026, 12, 8, 9, 0), ["Nothing is booked in the next 14 days. The next is on 8 Dec."]),
    ],
)
def test_a_course_in_treatment_has_an_appointment_within_two_weeks(
    cast: Cast, starts: datetime | None, reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, 3)
        if starts:
            session_of(course, cast.tara, timezone.make_aware(starts))
    assert up(cast.tara, course, "not-booked") == reasons


@pytest.mark.parametrize(
    ("held", "reasons"),
    [
        (12, []),
        (13, ["3 sessions left, and nothing is written about the ending."]),
        (15, ["1 session left, and nothing is written about the ending."]),
        (16, ["The planned sessions are over, and nothing is written about the ending."]),
    ],
)
def test_an_ending_is_written_before_the_last_three_sessions(
    cast: Cast, held: int, reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, held)
    assert up(cast.tara, course, "ending") == reasons


def test_an_ending_that_is_written_is_asked_for_no_more(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 14)
        EndingPlan.objects.create(course=course, number=1, feelings="Sad.", written_by=cast.tara)
    assert up(cast.tara, course, "ending") == []


@pytest.mark.parametrize(("programme", "status"), [("maintenance", "in_treatment"), ("ipt16", "follow_up")])
def test_maintenance_and_follow_up_ask_for_no_ending(cast: Cast, programme: str, status: str) -> None:
    with as_owner():
        course = treated(cast, 16, programme)
        Course.objects.filter(pk=course.pk).update(status=status)
    assert up(cast.tara, course, "ending") == []


def test_an_appointment_that_was_cancelled_is_not_booked(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        session_of(course, cast.tara, NOON + timedelta(days=3), attendance="4")
    assert up(cast.tara, course, "not-booked") == ["Nothing is booked in the next 14 days."]


@pytest.mark.parametrize("status", ["referred", "waiting", "paused", "follow_up"])
def test_a_course_that_is_not_in_treatment_need_not_be_booked(cast: Cast, status: str) -> None:
    with as_owner():
        course = treated(cast, 3)
        Course.objects.filter(pk=course.pk).update(status=status)
    assert up(cast.tara, course, "not-booked") == []


# --- Safety plans


def plan_for(cast: Cast, course: Course, number: int, review_on: date | None) -> None:
    with as_owner():
        SafetyPlan.objects.create(
            course=course, number=number, coping="A walk.", review_on=review_on, written_by=cast.tara
        )


def test_a_safety_plan_is_to_be_looked_at_again_once_its_day_has_passed(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 4)
    plan_for(cast, course, 1, date(2026, 11, 23))
    assert up(cast.tara, course, "safety-plan") == []
    plan_for(cast, course, 2, date(2026, 11, 22))
    assert up(cast.tara, course, "safety-plan") == ["Safety plan to be looked at again since 22 Nov."]
    assert up(cast.sunil, course, "safety-plan") == ["Safety plan to be looked at again since 22 Nov."]
    assert up(cast.olga, course, "safety-plan") == []
    plan_for(cast, course, 3, None)
    assert up(cast.tara, course, "safety-plan") == []


def test_a_course_that_has_ended_asks_for_no_review_of_its_safety_plan(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 4)
        course.status, course.ended_on, course.end_reason = "ended", date(2026, 11, 20), "46"
        course.save()
    plan_for(cast, course, 1, date(2026, 11, 22))
    assert up(cast.tara, course, "safety-plan") == []


# --- All of them


def test_all_flags_of_today_come_in_one_question_beside_the_settings_the_weightiest_first(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with as_owner():
        course = treated(cast, 4)
        alert_on(course)
        note_of(last_session(course), signed=False)
    act_as(cast.tara.pk)
    with django_assert_num_queries(2):
        found = flags.rows(flags.Scope(reader=cast.tara, courses=[course.pk], now=NOON))
    assert [row.flag.slug for row in found] == ["risk", "draft", "measure", "focus", "tasks", "not-booked"]
    assert {row.client for row in found} == {"Ruth Linley"}


def test_a_stranger_s_courses_raise_no_flag(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 4)
        alert_on(course)
    act_as(cast.olga.pk)
    assert flags.rows(flags.Scope(reader=cast.olga, courses=[course.pk], now=NOON)) == []


def test_no_flag_asks_for_the_words_of_a_note(cast: Cast, django_assert_num_queries: Any) -> None:
    act_as(cast.tara.pk)
    with django_assert_num_queries(2) as asked:
        flags.rows(flags.Scope(reader=cast.tara, courses=[cast.course.pk], now=NOON))
    sql = asked.captured_queries[-1]["sql"]
    for column in (
        '"week"',
        '"work"',
        '"next_time"',
        '"risk"',
        '"what_was_done"',
        '"what_was_tried"',
        '"form"',
    ):
        assert column not in sql


def test_every_flag_can_be_read() -> None:
    for flag in flags.FLAGS:
        assert flag.sentence.endswith(".")
        assert flag.threshold
        assert flag.source
        assert flag.name
    assert len(flags.ON_TODAY) == 14
    assert len(flags.IN_REVIEW) == 15
