"""The clock of a wait, its priority, and attempts to reach somebody: what the acts do, refuse and write down."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.actions import move_course
from courses.models import Course, days_waited
from referrals.clock import Clock, Limits
from referrals.models import ContactAttempt, Referral, WaitPause
from referrals.waiting import log_attempt, pause_wait, resume_wait, set_priority
from tests.cast import Cast, client_named, course_for, person
from tests.db.courses.test_races import at_once
from tests.roles import as_owner

TODAY = date(2026, 11, 28)

# referred, days of pauses that ended, paused since, and the days waited on 28 November, counted by hand on a calendar.
WAITS = [
    (date(2026, 11, 28), 0, None, 0),
    (date(2026, 11, 27), 0, None, 1),
    (date(2026, 10, 17), 0, None, 42),
    (date(2026, 10, 16), 0, None, 43),
    (date(2026, 7, 25), 0, None, 126),
    (date(2026, 10, 17), 12, None, 30),
    (date(2026, 10, 17), 0, date(2026, 11, 1), 15),
    (date(2026, 10, 17), 5, date(2026, 11, 1), 10),
    (date(2026, 10, 17), 0, date(2026, 10, 17), 0),
    (date(2026, 10, 17), 42, None, 0),
    (date(2026, 10, 17), 60, None, 0),
    (date(2024, 2, 28), 0, date(2024, 3, 1), 2),
]


@pytest.mark.parametrize(("referred", "paused", "since", "days"), WAITS)
def test_days_waited_are_counted_with_the_clock(
    referred: date, paused: int, since: date | None, days: int
) -> None:
    assert days_waited(referred, paused, since, on=TODAY) == days


@pytest.mark.django_db
def test_the_database_counts_the_same_days() -> None:
    with as_owner():
        for number, (referred, paused, since, _) in enumerate(WAITS):
            course_for(
                client_named(f"Number{number:02}", "Waits"),
                referred_on=referred,
                paused_days=paused,
                paused_since=since,
            )
        counted = Course.objects.with_days_waited(on=TODAY).order_by("client__first_name")
        assert list(counted.values_list("days", flat=True)) == [days for *_, days in WAITS]


@pytest.mark.parametrize(
    ("days", "of", "tone", "words"),
    [
        (0, 42, "", ""),
        (28, 42, "", ""),
        (29, 42, "soon", "13 days left"),
        (41, 42, "soon", "1 day left"),
        (42, 42, "soon", "last day"),
        (43, 126, "late", "past 42 days"),
        (112, 126, "late", "past 42 days"),
        (113, 126, "late", "past 42 days, 13 days to 126"),
        (126, 126, "late", "past 42 days, 0 days to 126"),
        (127, 126, "late", "past 126 days"),
    ],
)
def test_what_the_colour_says_stands_in_words(days: int, of: int, tone: str, words: str) -> None:
    clock = Clock(days, None, Limits(42, 126, 14))
    assert (clock.of, clock.tone, clock.words) == (of, tone, words)


# --- The clock --------------------------------------------------------------------------------------------------------


def trail(**conditions: Any) -> list[tuple[Any, ...]]:
    with as_owner():
        rows = Event.objects.filter(**conditions).order_by("at")
        return list(rows.values_list("what", "reason", "user_id", "course_id"))


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def course(cast: Cast) -> Course:
    """Noor was referred fifty days ago and waits; nobody carries her course."""
    with as_owner():
        course = course_for(client_named("Noor", "Jabari"), referred_on=ago(50))
        Referral.objects.create(course=course, way="letter", entered_by=cast.ada)
    act_as(cast.ada.pk)
    return course


def days_of(course: Course) -> int:
    course.refresh_from_db()
    return course.days_waited(on=timezone.localdate())


def test_the_clock_stands_still_from_a_day_on_until_it_is_resumed(cast: Cast, course: Course) -> None:
    pause_wait(course=course, starts_on=ago(20), reason="Abroad until summer.", by=cast.ada)
    assert (days_of(course), course.paused_since, course.version) == (30, ago(20), 2)
    act_as(cast.lena.pk)
    resume_wait(course=course, ends_on=ago(5), by=cast.lena)
    assert (days_of(course), course.paused_since, course.paused_days) == (35, None, 15)
    pause = WaitPause.objects.get()
    assert (pause.starts_on, pause.ends_on, pause.by, pause.ended_by) == (
        ago(20),
        ago(5),
        cast.ada,
        cast.lena,
    )
    assert trail(object_type="waitpause") == [
        ("Paused the clock of the wait", "Abroad until summer.", cast.ada.pk, course.pk),
        ("Resumed the clock of the wait", "", cast.lena.pk, course.pk),
    ]


def test_a_pause_that_is_over_is_written_down_in_one_act(cast: Cast, course: Course) -> None:
    pause_wait(course=course, starts_on=ago(40), ends_on=ago(30), reason="In hospital.", by=cast.ada)
    assert (days_of(course), course.paused_since) == (40, None)
    pause_wait(course=course, starts_on=ago(30), ends_on=ago(28), reason="Still there.", by=cast.ada)
    assert days_of(course) == 38


@pytest.mark.parametrize(
    ("pause", "words"),
    [
        ({"starts_on": ago(51)}, "no pause begins before it"),
        ({"starts_on": ago(-1)}, "lies ahead"),
        ({"starts_on": ago(3), "ends_on": ago(-1)}, "lies ahead"),
        ({"starts_on": ago(3), "ends_on": ago(4)}, "The pause began later"),
        ({"starts_on": ago(3), "reason": "  "}, "Say why"),
        ({"starts_on": ago(31)}, "The clock stood still then already"),
        ({"starts_on": ago(45), "ends_on": ago(39)}, "The clock stood still then already"),
        ({"starts_on": ago(35), "ends_on": ago(33)}, "The clock stood still then already"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(
    cast: Cast, course: Course, pause: dict[str, Any], words: str
) -> None:
    pause_wait(course=course, starts_on=ago(40), ends_on=ago(30), reason="In hospital.", by=cast.ada)
    with pytest.raises(ValidationError, match=words):
        pause_wait(course=course, by=cast.ada, **{"reason": "Away.", **pause})
    assert (days_of(course), course.version) == (40, 2)


def test_a_running_pause_lets_an_earlier_one_be_written_down_and_no_second_one(
    cast: Cast, course: Course
) -> None:
    pause_wait(course=course, starts_on=ago(10), reason="Away.", by=cast.ada)
    with pytest.raises(ValidationError, match="stands still already"):
        pause_wait(course=course, starts_on=ago(30), reason="Away.", by=cast.ada)
    with pytest.raises(ValidationError, match="stood still then already"):
        pause_wait(course=course, starts_on=ago(12), ends_on=ago(9), reason="Away.", by=cast.ada)
    pause_wait(course=course, starts_on=ago(20), ends_on=ago(10), reason="Ill.", by=cast.ada)
    assert days_of(course) == 30


def test_a_clock_that_runs_is_not_resumed_and_no_clock_of_who_does_not_wait(
    cast: Cast, course: Course
) -> None:
    with pytest.raises(ValidationError, match="runs already"):
        resume_wait(course=course, ends_on=ago(0), by=cast.ada)
    with as_owner():
        Course.objects.filter(pk=course.pk).update(status="in_treatment", started_on=ago(2))
    for act in (
        lambda: pause_wait(course=course, starts_on=ago(1), reason="Away.", by=cast.ada),
        lambda: set_priority(course=course, priority=2, reason="Baby due.", by=cast.ada),
        lambda: log_attempt(course=course, how="phone", result="reached", by=cast.ada),
    ):
        with pytest.raises(ValidationError, match="nobody waits"):
            act()


@pytest.mark.parametrize(
    ("closed", "days"),
    [
        ({"status": "ended", "started_on": ago(40), "ended_on": ago(10), "end_reason": "46"}, 0),
        ({"status": "not_taken_on", "ended_on": ago(10), "end_reason": "14"}, 40),
    ],
)
def test_who_is_opened_again_waits_anew_after_a_treatment_and_goes_on_waiting_otherwise(
    cast: Cast, course: Course, closed: dict[str, Any], days: int
) -> None:
    with as_owner():
        Course.objects.filter(pk=course.pk).update(**closed)
        now = timezone.now()
        course.allocations.create(
            therapist=cast.tara, by=cast.ada, starts_at=now - timedelta(days=40), ends_at=now
        )
    act_as(cast.ada.pk)
    move_course(course=course, to="waiting", reason="Asked to come back.", by=cast.ada)
    assert days_of(course) == days


# --- Priority and attempts --------------------------------------------------------------------------------------------


def test_a_priority_has_a_reason_that_stands_with_the_referral_and_on_the_trail(
    cast: Cast, course: Course
) -> None:
    set_priority(course=course, priority=2, reason="Baby due  in January.", by=cast.ada)
    course.refresh_from_db()
    assert (course.priority, course.referral.priority_reason) == (2, "Baby due in January.")
    said = ("Set the priority to urgent", "Baby due in January.", cast.ada.pk, course.pk)
    assert trail(object_type="course") == [said]
    with pytest.raises(ValidationError, match="it is urgent already"):
        set_priority(course=course, priority=2, reason="Baby due in January.", by=cast.ada)
    for typed, words in (({"priority": 3}, "from the list"), ({"reason": " "}, "Say why")):
        with pytest.raises(ValidationError, match=words):
            set_priority(course=course, by=cast.ada, **{"priority": 1, "reason": "Asked.", **typed})


def test_a_course_from_before_there_were_referrals_keeps_its_reason_on_the_trail(cast: Cast) -> None:
    act_as(cast.ada.pk)
    set_priority(course=cast.course, priority=1, reason="Moves away in spring.", by=cast.ada)
    cast.course.refresh_from_db()
    assert cast.course.priority == 1
    said = ("Set the priority to soon", "Moves away in spring.", cast.ada.pk, cast.course.pk)
    assert trail(object_type="course") == [said]


def test_an_attempt_is_logged_once_however_often_it_is_sent(cast: Cast, course: Course) -> None:
    key = uuid4()
    for _ in range(2):
        log_attempt(course=course, how="phone", result="no_answer", by=cast.ada, key=key)
    attempt = ContactAttempt.objects.get()
    assert (attempt.pk, attempt.by, attempt.how, attempt.result) == (key, cast.ada, "phone", "no_answer")
    assert len(trail(what="Logged an attempt to reach them")) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"how": "pigeon"}, "choose from the lists"),
        ({"result": "maybe"}, "choose from the lists"),
        ({"at": timezone.now() + timedelta(hours=30)}, "lies ahead"),
        ({"at": timezone.now() - timedelta(days=52)}, "The referral came later"),
        ({"words": "x" * 301}, "at most 300"),
    ],
)
def test_an_attempt_that_cannot_be_is_refused(
    cast: Cast, course: Course, typed: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        log_attempt(course=course, by=cast.ada, **{"how": "phone", "result": "reached", **typed})


# --- The second wall --------------------------------------------------------------------------------------------------


def tries(who: Any, sql: str) -> int:
    act_as(who.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def insert(table: str, **values: str) -> str:
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def pause_by(course: Course, by: Any, **values: str) -> str:
    given = {"starts_on": "current_date", "reason": "'Away.'", **values}
    return insert(
        "referrals_waitpause",
        id="gen_random_uuid()",
        course_id=f"'{course.pk}'",
        by_id=f"'{by.pk}'",
        **given,
    )


def attempt_by(course: Course, by: Any) -> str:
    return insert(
        "referrals_contactattempt",
        id="gen_random_uuid()",
        course_id=f"'{course.pk}'",
        at="now()",
        how="'phone'",
        result="'reached'",
        words="''",
        by_id=f"'{by.pk}'",
    )


def letter_by(course: Course, by: Any) -> str:
    values = {"kind": "'no_contact'", '"to"': "'client'", "body": "'We could not reach you.'"}
    return insert(
        "referrals_outcomeletter",
        id="gen_random_uuid()",
        course_id=f"'{course.pk}'",
        made_by_id=f"'{by.pk}'",
        made_at="now()",
        **values,
    )


@pytest.mark.parametrize("who", ["tara", "sunil", "olga", "nadia"])
def test_nobody_else_writes_about_a_wait_by_sql(cast: Cast, who: str) -> None:
    """Also not the therapist who carries the course."""
    somebody = getattr(cast, who)
    for statement in (pause_by, attempt_by, letter_by):
        with pytest.raises(DatabaseError, match="row-level security"):
            tries(somebody, statement(cast.course, somebody))


def test_nobody_writes_about_a_wait_in_anothers_name(cast: Cast) -> None:
    for statement in (pause_by, attempt_by, letter_by):
        with pytest.raises(DatabaseError, match="row-level security"):
            tries(cast.ada, statement(cast.course, cast.lena))
        assert tries(cast.ada, statement(cast.course, cast.ada)) == 1


def test_what_was_written_about_a_wait_stays(cast: Cast) -> None:
    tries(cast.ada, pause_by(cast.course, cast.ada))
    for statement in (attempt_by, letter_by):
        tries(cast.ada, statement(cast.course, cast.ada))
    ended_by = f"UPDATE referrals_waitpause SET ends_on = current_date, ended_by_id = '{cast.lena.pk}'"
    for forgery in (
        "UPDATE referrals_waitpause SET reason = 'Another.'",
        "UPDATE referrals_waitpause SET starts_on = current_date - 9",
        f"UPDATE referrals_waitpause SET by_id = '{cast.lena.pk}'",
        ended_by,
        "UPDATE referrals_outcomeletter SET body = 'Another.'",
    ):
        with pytest.raises(DatabaseError, match="stays as it was written"):
            tries(cast.ada, forgery)
    with pytest.raises(DatabaseError, match="permission denied"):
        tries(cast.ada, "UPDATE referrals_contactattempt SET result = 'reached'")
    tries(cast.lena, ended_by)
    with pytest.raises(DatabaseError, match="stays as it was written"):
        tries(cast.lena, "UPDATE referrals_waitpause SET ends_on = NULL, ended_by_id = NULL")


@pytest.mark.parametrize("change", ["priority = 2", "paused_days = 40", "paused_since = current_date"])
def test_a_therapist_moves_neither_clock_nor_priority(cast: Cast, change: str) -> None:
    statement = f"UPDATE courses_course SET {change} WHERE id = '{cast.course.pk}'"
    with pytest.raises(DatabaseError, match="stays as it was written"):
        tries(cast.tara, statement)
    assert tries(cast.ada, statement) == 1


def test_one_pause_at_a_time_and_none_that_ends_before_it_starts(cast: Cast) -> None:
    tries(cast.ada, pause_by(cast.course, cast.ada))
    with pytest.raises(DatabaseError, match="one_pause_at_a_time"):
        tries(cast.ada, pause_by(cast.course, cast.ada))
    with pytest.raises(DatabaseError, match="pause_ends_after_it_starts"):
        tries(cast.ada, pause_by(cast.course, cast.ada, ends_on="current_date - 1"))


@pytest.mark.parametrize(
    ("who", "seen"),
    [("ada", 1), ("lena", 1), ("tara", 1), ("sunil", 1), ("sara", 1), ("olga", 0), ("nadia", 0)],
)
def test_a_wait_is_known_to_those_who_see_the_client(cast: Cast, who: str, seen: int) -> None:
    """A screener sees everybody who waits."""
    with as_owner():
        cast.sara = person("Sara Screens", "therapist", is_screener=True)  # type: ignore[attr-defined]
    for statement in (pause_by, attempt_by, letter_by):
        tries(cast.ada, statement(cast.course, cast.ada))
    somebody = getattr(cast, who)
    act_as(somebody.pk)
    assert WaitPause.objects.count() == seen
    assert ContactAttempt.objects.visible_to(somebody).count() == ContactAttempt.objects.count() == seen


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_of_two_pauses_at_once_one_is_told(transactional_db: None) -> None:
    with as_owner():
        cast = Cast()
        course = course_for(client_named("Noor", "Jabari"), referred_on=ago(50))

    def pausing(by: Any) -> Any:
        return lambda: pause_wait(course=course, starts_on=ago(3), reason="Away.", by=by)

    answers = at_once((cast.ada, pausing(cast.ada)), (cast.lena, pausing(cast.lena)))
    refusals = [answer for answer in answers if isinstance(answer, list)]
    assert len(refusals) == 1
    assert "The clock stands still already" in refusals[0][0]
