"""What PostgreSQL itself lets a client's link read and write, whatever a page would ask."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_by_link
from courses.models import Goal
from outcomes import by_link
from outcomes.models import Alert, GoalRating, Link, Response
from tests import cast as people
from tests.cast import Cast
from tests.db.outcomes.by_link import Phone
from tests.roles import as_owner

# Not allowed by privilege or policy; against a constraint or a trigger; a second of what is one.
REFUSALS = ("42501", "23514", "23505")
READABLE = {
    # Of the link's own, as many as stand here; of everything else that is a client's, nothing.
    "outcomes_response": 1,
    "outcomes_alert": 1,
    "outcomes_goalrating": 1,
    "courses_goal": 1,
}


class Rows:
    """A link with an answer of 2 to item 9 and a rated goal, beside a whole record and another client's."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        now = timezone.now()
        with as_owner():
            for course, therapist in ((cast.course, cast.tara), (cast.others_course, cast.olga)):
                held = people.held_session(course, therapist, now - timedelta(days=8), 1)
                form = people.answered(held, "phq9", [1] * 9)
                people.note_of(held)
                Alert.objects.create(course=course, response=form, item=9, value=1)
                people.agreed_focus(course, "grief", therapist)
                goal = Goal.objects.create(
                    course=course, text="Swim", agreed_on=now.date(), agreed_by=therapist
                )
                GoalRating.objects.create(
                    goal=goal, course=course, value=1, rated_on=now.date(), entered_by=therapist
                )
            self.goal = Goal.objects.get(course=cast.course)
            self.others_goal = Goal.objects.get(course=cast.others_course)
            self.others_response = Response.objects.get(course=cast.others_course)
            self.former_response = Response.objects.get(course=cast.course)
            self.others_link, _ = people.link_for(cast.others_course, cast.olga)
            self.link, token = people.link_for(cast.course, cast.tara, ["phq9", "gad7", "goals"])
        phone = Phone()
        phone.enter(token)
        phone.answer(9, 2)
        phone.answer(18, 5)
        self.secret = phone.browser.cookies["link"].value
        with as_owner():
            self.response = Response.objects.get(link=self.link)
            self.alert = Alert.objects.get(response=self.response)


@pytest.fixture(autouse=True)
def _somebody_tells(db: None) -> None:
    """The system person, whom a flush takes."""
    with as_owner():
        people.system_person()


@pytest.fixture
def rows(cast: Cast) -> Iterator[Rows]:
    rows = Rows(cast)
    act_by_link(by_link.hashed(rows.secret))
    yield rows
    if not connection.needs_rollback:
        act_by_link(None)


def refused(sql: str, *values: Any) -> bool:
    """Whether PostgreSQL refuses it, or does it to no row. A statement that is wrong in itself proves nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount == 0
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") not in REFUSALS:
            raise
        return True


def client_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' ORDER BY relname")
        return [name for (name,) in cursor.fetchall()]


def test_a_link_reads_its_own_answers_and_the_clients_goals_and_no_other_row(rows: Rows) -> None:
    seen = {}
    for table in client_tables():
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone() == (True,):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                (seen[table],) = cursor.fetchone()
    assert len(seen) > 20
    assert {table: count for table, count in seen.items() if count} == READABLE


def test_the_rows_that_it_reads_are_its_own(rows: Rows) -> None:
    assert list(Response.objects.values_list("pk", flat=True)) == [rows.response.pk]
    assert list(Alert.objects.values_list("pk", flat=True)) == [rows.alert.pk]
    assert list(Goal.objects.order_by("position").values_list("pk", flat=True)) == [rows.goal.pk]


def test_it_reads_no_link_and_no_visit_not_even_its_own(rows: Rows) -> None:
    assert not Link.objects.exists()
    assert refused("UPDATE outcomes_link SET ended_at = NULL, tries = 0")
    assert refused("SELECT 1 FROM outcomes_linkvisit")
    assert refused("DELETE FROM outcomes_linkvisit")


def insert_response(rows: Rows, **fields: Any) -> bool:
    values = {
        "id": uuid4(),
        "course_id": rows.cast.course.pk,
        "measure": "gad7",
        "instrument_version": "1",
        "answers": [0] * 7,
        "came": "link",
        "link_id": rows.link.pk,
        "taken_at": timezone.now(),
        "entered_at": timezone.now(),
        **fields,
    }
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    return refused(f"INSERT INTO outcomes_response ({names}) VALUES ({marks})", *values.values())


def test_it_answers_what_it_asks_and_nothing_else(rows: Rows) -> None:
    with as_owner():
        Link.objects.filter(pk=rows.link.pk).update(measures=["phq9"])
    assert insert_response(rows)
    assert not Goal.objects.order_by("position").exists()
    assert refused(
        "INSERT INTO outcomes_goalrating (id, goal_id, course_id, value, rated_on, came, link_id, entered_at)"
        " VALUES (gen_random_uuid(), %s, %s, 3, now()::date, 'link', %s, now())",
        *(rows.goal.pk, rows.cast.course.pk, rows.link.pk),
    )


def test_it_answers_for_its_own_course_and_link_and_in_nobodys_name(rows: Rows) -> None:
    assert insert_response(rows, course_id=rows.cast.others_course.pk)
    assert insert_response(rows, link_id=rows.others_link.pk)
    assert insert_response(rows, link_id=rows.others_link.pk, course_id=rows.cast.others_course.pk)
    assert insert_response(rows, link_id=None, came="typed", entered_by_id=rows.cast.tara.pk)
    assert insert_response(rows, locked_at=timezone.now())
    assert insert_response(rows, answers=[9] * 7)
    assert insert_response(rows, measure="phq9", answers=[0] * 9), "a second one of the measure"
    assert not insert_response(rows)


@pytest.mark.parametrize(
    "change",
    [
        "course_id = '{others_course}'",
        "link_id = NULL, came = 'typed'",
        "measure = 'gad7'",
        "locked_at = now()",
        "in_error_at = now(), in_error_by_id = '{tara}', in_error_reason = 'x'",
        "answers = ARRAY[9,9,9,9,9,9,9,9,9]",
    ],
)
def test_it_changes_nothing_of_its_response_but_the_answers(rows: Rows, change: str) -> None:
    change = change.format(others_course=rows.cast.others_course.pk, tara=rows.cast.tara.pk)
    assert refused(f"UPDATE outcomes_response SET {change} WHERE id = %s", rows.response.pk)


def test_it_touches_no_other_response(rows: Rows) -> None:
    for other in (rows.former_response, rows.others_response):
        assert refused("UPDATE outcomes_response SET total = NULL WHERE id = %s", other.pk)
    assert refused("DELETE FROM outcomes_response WHERE id = %s", rows.response.pk)


@pytest.mark.parametrize(
    "change",
    [
        "closed_at = now(), closed_by_id = '{tara}', what_was_done = 'x'",
        "acknowledged_at = now(), acknowledged_by_id = '{tara}'",
        "typed_in_error = true",
        "what_was_done = 'x'",
        "course_id = '{others_course}'",
        "response_id = NULL",
        "item = 1",
        "raised_at = now() - interval '9 days'",
    ],
)
def test_it_answers_no_alert_and_makes_none_another(rows: Rows, change: str) -> None:
    change = change.format(others_course=rows.cast.others_course.pk, tara=rows.cast.tara.pk)
    assert refused(f"UPDATE outcomes_alert SET {change} WHERE id = %s", rows.alert.pk)
    assert refused("DELETE FROM outcomes_alert")


def test_it_raises_no_alert_but_of_its_own_answers(rows: Rows) -> None:
    values = (
        "INSERT INTO outcomes_alert"
        " (id, course_id, kind, response_id, item, value, raised_at, what_was_done, typed_in_error)"
        " VALUES (gen_random_uuid(), %s, 'answer', %s, 6, 1, now(), '', false)"
    )
    assert refused(values, rows.cast.others_course.pk, rows.others_response.pk)
    assert refused(values, rows.cast.course.pk, rows.former_response.pk)
    assert refused(values, rows.cast.others_course.pk, rows.response.pk)
    assert not refused(values, rows.cast.course.pk, rows.response.pk)
    by_hand = (
        "INSERT INTO outcomes_alert (id, course_id, kind, words, raised_by_id, raised_at, what_was_done, typed_in_error)"
        " VALUES (gen_random_uuid(), %s, 'child', 'x', %s, now(), '', false)"
    )
    assert refused(by_hand, rows.cast.course.pk, rows.cast.tara.pk)


def test_it_rates_the_goals_of_its_own_course_alone(rows: Rows) -> None:
    into = (
        "INSERT INTO outcomes_goalrating (id, goal_id, course_id, value, rated_on, came, link_id, entered_at)"
        " VALUES (gen_random_uuid(), %s, %s, 3, now()::date, 'link', %s, now())"
    )
    ours, theirs = rows.cast.course.pk, rows.cast.others_course.pk
    assert refused(into, rows.others_goal.pk, theirs, rows.link.pk)
    assert refused(into, rows.others_goal.pk, ours, rows.link.pk)
    assert refused(into, rows.goal.pk, ours, rows.others_link.pk)
    assert not refused(into, rows.goal.pk, ours, rows.link.pk)
    assert refused("UPDATE courses_goal SET ended_at = now()")


def test_it_writes_on_the_trail_of_its_own_course_alone_and_reads_none(rows: Rows) -> None:
    into = (
        "INSERT INTO audit_event (id, at, user_id, action, what, object_type, object_ids, course_id, reason)"
        " VALUES (gen_random_uuid(), now(), %s, 'read', 'x', '', '{}', %s, '')"
    )
    assert refused(into, None, rows.cast.others_course.pk)
    assert refused(into, None, None)
    assert refused(into, rows.cast.tara.pk, rows.cast.course.pk)
    assert not refused(into, None, rows.cast.course.pk)
    assert refused("SELECT 1 FROM audit_event")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO outcomes_signal"
        " (id, course_id, measure, rule, response_id, session_number, baseline, score, raised_at, considered, plan)"
        " SELECT gen_random_uuid(), course_id, measure, 'weeks', id, 1, 1, 1, now(), '{}', '' FROM outcomes_response",
        "UPDATE outcomes_signal SET plan = 'x'",
        "UPDATE clients_client SET phone = '1'",
        "UPDATE courses_course SET status = 'ended'",
        "UPDATE therapy_sessions_note SET work = 'x'",
        "UPDATE staff_clinic SET name = 'x'",
        "UPDATE staff_user SET email = 'x@y.example'",
        "SELECT 1 FROM outcomes_safetyplan",
        "SELECT unsigned_notes()",
        "SELECT unnest(readable_courses())",
        "SELECT unnest(visible_courses())",
        "SELECT unnest(courses_near_me())",
    ],
)
def test_nothing_else_of_the_clinic_is_in_its_reach(rows: Rows, sql: str) -> None:
    assert refused(sql)


def test_somebody_signed_in_is_no_link_at_the_same_time(rows: Rows) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT my_link()")
        assert cursor.fetchone() == (rows.link.pk,)
        cursor.execute("SELECT set_config('app.user_id', %s, true)", [str(rows.cast.nadia.pk)])
        cursor.execute("SELECT my_link(), course_of_my_link()")
        assert cursor.fetchone() == (None, None)


def test_a_link_that_has_ended_reads_and_writes_nothing(rows: Rows) -> None:
    with as_owner():
        Link.objects.filter(pk=rows.link.pk).update(ended_at=timezone.now(), end_reason="withdrawn")
    assert not Response.objects.exists()
    assert not Goal.objects.exists()
    assert insert_response(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT step_by_link('finished')")
        assert cursor.fetchone() == (False,)


def test_before_the_date_of_birth_the_functions_tell_nothing_of_the_client(rows: Rows) -> None:
    with as_owner():
        Link.objects.filter(pk=rows.link.pk).update(ended_at=timezone.now(), end_reason="replaced")
        _, token = people.link_for(rows.cast.course, rows.cast.tara)
    secret = by_link.open_link(token)
    assert secret
    act_by_link(by_link.hashed(secret))
    visit = by_link.find_visit(secret)
    assert visit
    assert (visit.state, visit.tries_left) == ("confirm", 5)
    assert (visit.link_id, visit.course_id, visit.client_id, visit.first_name) == (None, None, None, None)
    assert (visit.for_day, visit.measures, visit.needs_help) == (None, None, False)
    assert not Response.objects.exists()
    assert not Goal.objects.exists()
    assert insert_response(rows)
