"""Each rule of the progress review exactly at its boundary: up on that day, with that many, at that point, and not before. The
answers are written by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.acting import act_as
from courses.models import Allocation, Course, Focus
from outcomes.models import Signal
from sessions.models import Note, NoteKind
from staff.models import Clinic, User
from supervision import flags
from tests.cast import (
    Cast,
    agreed_focus,
    answered,
    client_named,
    course_for,
    held_session,
    note_of,
    session_of,
    struck_out,
)
from tests.db.supervision.test_flags import last_session, sessions_of, treated
from tests.roles import as_owner

NOON = timezone.make_aware(datetime(2026, 11, 23, 12, 0))  # a Monday, as the other flags have it


def up(reader: User, course: Course, slug: str, *, now: datetime = NOON) -> list[str]:
    act_as(reader.pk)
    scope = flags.Scope(reader=reader, courses=[course.pk], now=now)
    return [row.reason for row in flags.rows(scope, flags=[flags.BY_SLUG[slug]])]


def clinic_says(**settings: int) -> None:
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults=settings)


def phq9(total: int) -> list[int | None]:
    """Nine answers that come to that, none of them to item 9."""
    return [*(min(3, max(0, total - 3 * place)) for place in range(8)), 0]


def gad7(total: int) -> list[int | None]:
    return [min(3, max(0, total - 3 * place)) for place in range(7)]


def scored(course: Course, measure: str, *totals: int) -> None:
    """One form at each of the first sessions, in order."""
    answers = {"phq9": phq9, "gad7": gad7}[measure]
    for session, total in zip(sessions_of(course), totals, strict=False):
        answered(session, measure, answers(total))


# --- Reliable deterioration


@pytest.mark.parametrize(
    ("measure", "totals", "reasons"),
    [
        ("phq9", (10, 15), []),
        ("phq9", (10, 16), ["PHQ-9 went from 10 to 16: 6 points up, more than the measure’s own error."]),
        ("phq9", (10, 18, 15), []),  # the last one counts, not the highest
        ("gad7", (5, 8), []),
        ("gad7", (5, 9), ["GAD-7 went from 5 to 9: 4 points up, more than the measure’s own error."]),
        ("gad7", (9,), []),
    ],
)
def test_a_course_has_worsened_from_the_reliable_change_on(
    cast: Cast, measure: str, totals: tuple[int, ...], reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, 3)
        scored(course, measure, *totals)
    assert up(cast.sunil, course, "deterioration") == reasons


def test_a_score_after_the_last_session_worsens_nothing(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 2)
        scored(course, "phq9", 10, 12)
        later = session_of(course, cast.tara, NOON - timedelta(days=1), attendance="5", appointment_type="06")
        answered(later, "phq9", phq9(20))
    assert up(cast.sunil, course, "deterioration") == []


# --- Not on track


def asked_for_review(course: Course, rule: str) -> Signal:
    """A signal by that rule, of a PHQ-9 of 21 after one of 14."""
    return Signal.objects.create(
        course=course,
        measure="phq9",
        rule=rule,
        response=answered(last_session(course), "phq9", phq9(21)),
        session_number=3,
        baseline=14,
        score=21,
        limit=19,
    )


@pytest.mark.parametrize(
    ("rule", "count"), [("expected", 1), ("weeks", 1), ("worsening", 0), ("mid_course", 0)]
)
def test_only_the_rules_without_a_flag_of_their_own_say_not_on_track(
    cast: Cast, rule: str, count: int
) -> None:
    with as_owner():
        course = treated(cast, 3)
        asked_for_review(course, rule)
    assert len(up(cast.sunil, course, "not-on-track")) == count
    assert len(up(cast.tara, course, "signal")) == 1  # Today speaks of all four


def test_an_answered_signal_is_on_track_again(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        signal = asked_for_review(course, "weeks")
        Signal.objects.filter(pk=signal.pk).update(
            reviewed_at=NOON, reviewed_by=cast.tara, considered=["other"], plan="Wait."
        )
    assert up(cast.sunil, course, "not-on-track") == []


# --- No reliable improvement by mid-course


@pytest.mark.parametrize(
    ("attended", "programme", "is_up"),
    [
        (7, "ipt16", False),
        (8, "ipt16", True),
        (3, "brief8", False),
        (4, "brief8", True),
        (9, "maintenance", False),
    ],
)
def test_mid_course_is_half_of_the_planned_sessions(
    cast: Cast, attended: int, programme: str, is_up: bool
) -> None:
    with as_owner():
        course = treated(cast, attended, programme)
        scored(course, "phq9", 18, 16)
    assert bool(up(cast.sunil, course, "not-improved")) is is_up


@pytest.mark.parametrize(
    ("phq", "gad", "reasons"),
    [
        ((18, 13), (), ["Session 8 of 16 is over, and there is no reliable improvement: PHQ-9 18 → 13."]),
        ((18, 12), (), []),
        ((), (12, 9), ["Session 8 of 16 is over, and there is no reliable improvement: GAD-7 12 → 9."]),
        ((), (12, 8), []),
        (
            (18, 17),
            (12, 11),
            [
                "Session 8 of 16 is over, and there is no reliable improvement: PHQ-9 18 → 17 and GAD-7 12 → 11."
            ],
        ),
        ((18, 17), (12, 8), []),  # one of the two is enough
        ((9, 9), (7, 7), []),  # neither began at caseness
        ((10, 10), (), ["Session 8 of 16 is over, and there is no reliable improvement: PHQ-9 10 → 10."]),
        ((9, 3), (8, 8), ["Session 8 of 16 is over, and there is no reliable improvement: GAD-7 8 → 8."]),
        (
            (18,),
            (),
            ["Session 8 of 16 is over, and there is no reliable improvement: PHQ-9 18, not taken since."],
        ),
        ((), (), []),
    ],
)
def test_improvement_is_asked_of_what_began_at_caseness(
    cast: Cast, phq: tuple[int, ...], gad: tuple[int, ...], reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, 8)
        scored(course, "phq9", *phq)
        scored(course, "gad7", *gad)
    assert up(cast.sunil, course, "not-improved") == reasons


def test_a_course_in_follow_up_is_past_its_middle(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 16)
        scored(course, "phq9", 18, 17)
        Course.objects.filter(pk=course.pk).update(status="follow_up")
    assert up(cast.sunil, course, "not-improved") == []


# --- Not seen


@pytest.mark.parametrize(
    ("codes", "reasons"),
    [
        ("3", []),
        ("33", ["Not seen 2 times in a row: missed, too late or cancelled, the last on 22 Nov."]),
        ("23", ["Not seen 2 times in a row: missed, too late or cancelled, the last on 22 Nov."]),
        ("72", ["Not seen 2 times in a row: missed, too late or cancelled, the last on 22 Nov."]),
        ("22", ["Not seen 2 times in a row: missed, too late or cancelled, the last on 22 Nov."]),
        ("243", ["Not seen 2 times in a row: missed, too late or cancelled, the last on 22 Nov."]),
        ("44", []),  # the clinic cancelled
        ("353", []),
        ("363", []),
        ("335", []),
    ],
)
def test_two_in_a_row_not_seen_by_the_codes_2_3_and_7(cast: Cast, codes: str, reasons: list[str]) -> None:
    with as_owner():
        course = course_for(client_named("Kit", "Marlowe"), cast.tara, status="in_treatment")
        for days, code in enumerate(reversed(codes), start=1):
            came = {"number": 1, "phase": "initial"} if code in "56" else {}
            session_of(course, cast.tara, NOON - timedelta(days=days), attendance=code, **came)
    assert up(cast.sunil, course, "not-seen") == reasons


def test_the_clinic_says_how_many_in_a_row(cast: Cast) -> None:
    clinic_says(missed_before_proposal=3)
    with as_owner():
        course = course_for(client_named("Kit", "Marlowe"), cast.tara, status="in_treatment")
        for days in (1, 2):
            session_of(course, cast.tara, NOON - timedelta(days=days), attendance="2")
    assert up(cast.sunil, course, "not-seen") == []
    with as_owner():
        session_of(course, cast.tara, NOON - timedelta(days=3), attendance="7")
    assert len(up(cast.sunil, course, "not-seen")) == 1


def test_an_appointment_that_lies_ahead_is_not_missed_yet(cast: Cast) -> None:
    with as_owner():
        course = course_for(client_named("Kit", "Marlowe"), cast.tara, status="in_treatment")
        session_of(course, cast.tara, NOON - timedelta(days=1), attendance="2")
        session_of(course, cast.tara, NOON + timedelta(days=6), attendance="2")
    assert up(cast.sunil, course, "not-seen") == []


# --- Measures, booking, ending: the clinic's own numbers


@pytest.mark.parametrize(
    ("in_a_row", "attended", "reasons"),
    [
        (1, 1, ["No PHQ-9 or GAD-7 at session 1."]),
        (2, 1, []),
        (2, 2, ["No PHQ-9 or GAD-7 at sessions 1 and 2."]),
        (3, 2, []),
        (3, 3, ["No PHQ-9 or GAD-7 at sessions 1 to 3."]),
    ],
)
def test_the_clinic_says_how_many_sessions_without_a_measure(
    cast: Cast, in_a_row: int, attended: int, reasons: list[str]
) -> None:
    clinic_says(flag_unmeasured_sessions=in_a_row)
    with as_owner():
        course = treated(cast, attended)
    assert up(cast.sunil, course, "measure") == reasons


@pytest.mark.parametrize(
    ("days", "ahead", "reasons"),
    [
        (14, 14, []),
        (14, 15, ["Nothing is booked in the next 14 days. The next is on 8 Dec."]),
        (7, 7, []),
        (7, 8, ["Nothing is booked in the next 7 days. The next is on 1 Dec."]),
    ],
)
def test_the_clinic_says_how_far_ahead_is_booked(
    cast: Cast, days: int, ahead: int, reasons: list[str]
) -> None:
    clinic_says(flag_booked_days=days)
    with as_owner():
        course = treated(cast, 2)
        session_of(course, cast.tara, NOON + timedelta(days=ahead, hours=11))
    assert up(cast.sunil, course, "not-booked") == reasons


@pytest.mark.parametrize(
    ("left", "attended", "is_up"), [(3, 12, False), (3, 13, True), (5, 10, False), (5, 11, True)]
)
def test_the_clinic_says_how_near_the_ending_is(cast: Cast, left: int, attended: int, is_up: bool) -> None:
    clinic_says(flag_ending_sessions=left)
    with as_owner():
        course = treated(cast, attended)
    assert bool(up(cast.sunil, course, "ending")) is is_up


# --- Focus changed


def foci_of(cast: Cast, course: Course, *changed: int, also_second: bool = False) -> None:
    """Agreed, and changed so many days ago each time."""
    for days in changed:
        ended = NOON - timedelta(days=days)
        agreed_focus(course, "grief", cast.tara, ended_at=ended, reason="It fits better.")
        if also_second:
            agreed_focus(course, "conflict", cast.tara, position=2, ended_at=ended, reason="It fits better.")
    agreed_focus(course, "isolation", cast.tara)


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ((), []),
        ((9,), []),
        ((9, 2), ["The focus was changed twice, the last time on 21 Nov."]),
        ((20, 9, 2), ["The focus was changed 3 times, the last time on 21 Nov."]),
    ],
)
def test_a_focus_that_was_changed_twice_is_looked_at(
    cast: Cast, changed: tuple[int, ...], reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, 3)
        foci_of(cast, course, *changed)
    assert up(cast.sunil, course, "focus-changed") == reasons


def test_two_foci_that_were_changed_together_are_one_change(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 3)
        foci_of(cast, course, 9, also_second=True)
    assert up(cast.sunil, course, "focus-changed") == []


def test_the_clinic_says_how_many_changes(cast: Cast) -> None:
    clinic_says(flag_focus_changes=1)
    with as_owner():
        course = treated(cast, 3)
        foci_of(cast, course, 9)
    assert up(cast.sunil, course, "focus-changed") == ["The focus was changed once, the last time on 14 Nov."]
    with as_owner():
        Focus.objects.filter(course=course, ended_at__isnull=False).delete()
    assert up(cast.sunil, course, "focus-changed") == []


# --- Past planned sessions


@pytest.mark.parametrize(
    ("attended", "reasons"), [(8, []), (9, ["9 sessions attended, 8 planned: agree more, or end."])]
)
def test_one_session_more_than_planned_is_past_them(cast: Cast, attended: int, reasons: list[str]) -> None:
    with as_owner():
        course = treated(cast, attended, "brief8")
    assert up(cast.sunil, course, "past-planned") == reasons


# --- Unsigned
# The database says what is unsigned by its own clock: these stand on today.


def unsigned_since(cast: Cast, ended: timedelta, now: datetime, *, drafted: bool) -> Course:
    """A session that ended so long ago, with a draft or with nothing."""
    with as_owner():
        course = course_for(client_named("Una", "Late"), cast.tara, status="in_treatment")
        session = held_session(course, cast.tara, now - ended - timedelta(minutes=50), 1)
        if drafted:
            note_of(session, signed=False)
    return course


@pytest.mark.parametrize("drafted", [True, False])
@pytest.mark.parametrize(
    ("hours", "limit", "is_up"), [(72, 72, False), (73, 72, True), (24, 24, False), (25, 24, True)]
)
def test_a_note_is_signed_within_the_clinics_hours(
    cast: Cast, hours: int, limit: int, is_up: bool, drafted: bool
) -> None:
    clinic_says(flag_unsigned_hours=limit)
    now = timezone.now().replace(second=0, microsecond=0)
    course = unsigned_since(cast, timedelta(hours=hours), now, drafted=drafted)
    for reader in (cast.sunil, cast.lena):
        assert bool(up(reader, course, "unsigned", now=now)) is is_up


def test_a_supervisor_learns_that_a_draft_waits_and_not_a_word_of_it(cast: Cast) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    course = unsigned_since(cast, timedelta(hours=100), now, drafted=True)
    (reason,) = up(cast.sunil, course, "unsigned", now=now)
    assert reason.startswith("A note of ")
    assert reason.endswith(" is not signed after 72 hours.")


def test_a_signed_note_is_not_waited_for(cast: Cast) -> None:
    now = timezone.now()
    with as_owner():
        course = course_for(client_named("Una", "Late"), cast.tara, status="in_treatment")
        note_of(held_session(course, cast.tara, now - timedelta(days=9), 1))
    assert up(cast.sunil, course, "unsigned", now=now) == []


# --- When it was last discussed


def allocated(cast: Cast, course: Course, days: int) -> None:
    Allocation.objects.filter(course=course).update(starts_at=NOON - timedelta(days=days))


def discussed(course: Course, by: User, days: int, **fields: Any) -> Note:
    """A signed record of supervision so many days ago."""
    at = NOON - timedelta(days=days)
    facts = {
        "focus": "kept",
        "risk": "not_needed",
        "risk_words": "",
        "actions": [],
        "minutes": 50,
        "kind": "individual",
        "meeting": str(course.pk),
        "therapist": str(course.pk),
    }
    given = {"happened_at": at, "signed_at": at, "sha256": "0" * 64, "supervision": facts, **fields}
    return Note.objects.create(
        kind=NoteKind.SUPERVISION,
        course=course,
        author=by,
        work="How it goes.",
        **{"next_time": "Go on.", **given},
    )


@pytest.mark.parametrize(
    ("days", "reasons"),
    [(27, []), (28, ["Allocated 28 days ago, on 26 Oct, and not discussed since."])],
)
def test_a_course_that_was_never_discussed_counts_from_its_allocation(
    cast: Cast, days: int, reasons: list[str]
) -> None:
    with as_owner():
        course = treated(cast, 1)
        allocated(cast, course, days)
    assert up(cast.sunil, course, "unreviewed") == reasons


@pytest.mark.parametrize(("days", "reasons"), [(27, []), (28, ["Last discussed 28 days ago, on 26 Oct."])])
def test_a_course_counts_from_its_newest_signed_record(cast: Cast, days: int, reasons: list[str]) -> None:
    with as_owner():
        course = treated(cast, 1)
        allocated(cast, course, 200)
        discussed(course, cast.sunil, days + 50)
        discussed(course, cast.sunil, days)
    assert up(cast.sunil, course, "unreviewed") == reasons


def test_the_clinic_says_after_how_many_days(cast: Cast) -> None:
    clinic_says(flag_unreviewed_days=14)
    with as_owner():
        course = treated(cast, 1)
        allocated(cast, course, 13)
    assert up(cast.sunil, course, "unreviewed") == []
    with as_owner():
        allocated(cast, course, 14)
    assert len(up(cast.sunil, course, "unreviewed")) == 1


def test_a_record_that_is_a_draft_or_in_error_reviews_nothing(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 1)
        allocated(cast, course, 28)
        Note.objects.create(
            kind=NoteKind.SUPERVISION, course=course, author=cast.sunil, form={"work": "So far."}
        )
        struck = discussed(course, cast.sunil, 2)
        struck_out(struck, cast.sunil)
    assert len(up(cast.sunil, course, "unreviewed")) == 1


@pytest.mark.parametrize(
    ("days", "reasons"),
    [
        (0, ["Allocated on 23 Nov, and not discussed in supervision yet."]),
        (27, ["Allocated on 27 Oct, and not discussed in supervision yet."]),
        (28, []),  # then it is "not reviewed"
    ],
)
def test_a_case_is_new_until_it_is_not_reviewed(cast: Cast, days: int, reasons: list[str]) -> None:
    with as_owner():
        course = treated(cast, 0)
        allocated(cast, course, days)
    assert up(cast.sunil, course, "new") == reasons


def test_a_case_that_was_discussed_is_not_new(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 0)
        allocated(cast, course, 5)
        discussed(course, cast.sunil, 1)
    assert up(cast.sunil, course, "new") == []


def test_a_course_that_has_ended_raises_nothing_but_an_alert(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 9, "brief8")
        scored(course, "phq9", 10, 18)
        course.status, course.ended_on, course.end_reason = "ended", NOON.date(), "46"
        course.save()
    act_as(cast.sunil.pk)
    scope = flags.Scope(reader=cast.sunil, courses=[course.pk], now=NOON)
    assert flags.rows(scope, flags=flags.IN_REVIEW) == []


def test_a_stranger_s_courses_raise_no_flag(cast: Cast) -> None:
    with as_owner():
        course = treated(cast, 9, "brief8")
        scored(course, "phq9", 10, 18)
        session_of(course, cast.tara, NOON - timedelta(days=1), attendance="2")
    act_as(cast.olga.pk)
    scope = flags.Scope(reader=cast.olga, courses=[course.pk], now=NOON)
    assert flags.rows(scope, flags=flags.FLAGS) == []


def test_the_review_asks_as_many_questions_for_one_course_as_for_nine(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with as_owner():
        courses = [treated(cast, 2, hours_later=hours) for hours in range(9)]
        for course in courses:
            scored(course, "phq9", 10, 18)
    act_as(cast.sunil.pk)
    for some in (courses[:1], courses):
        scope = flags.Scope(reader=cast.sunil, courses=[course.pk for course in some], now=NOON)
        with django_assert_num_queries(8):
            flags.rows(scope, flags=flags.IN_REVIEW)
