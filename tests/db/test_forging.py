"""What a person cannot write past the pages: by SQL, in the app role, as themself. Rows that they may change keep their course,
their author and their names, and nobody gives themself rights."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_as
from outcomes.models import Alert
from sessions.models import ContactDue, Reflection, ReflectionShare
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner


class World:
    """Tara carries two clients of her own, and Olga another; a session, an answer, an alert and a reflection of each."""

    def __init__(self, cast: Cast) -> None:
        now = timezone.now()
        self.cast = cast
        self.tara, self.olga, self.sunil, self.ada = cast.tara, cast.olga, cast.sunil, cast.ada
        self.maya, self.owen = cast.maya, cast.owen
        self.mine, self.theirs = cast.course, cast.others_course
        self.also_mine = people.course_for(people.client_named("Nora", "Banks"), cast.tara)
        self.waiting = people.course_for(people.client_named("Wanda", "Waiting"))
        self.session = people.session_of(self.mine, cast.tara, now - timedelta(days=2))
        self.bare = people.session_of(self.mine, cast.tara, now - timedelta(days=3))
        self.their_session = people.session_of(self.theirs, cast.olga, now - timedelta(days=2))
        self.response = people.answered(self.session, "phq9", [1] * 9)
        self.their_response = people.answered(self.their_session, "phq9", [1] * 9)
        self.alert = Alert.objects.create(course=self.mine, response=self.response, item=9, value=1)
        self.note = people.note_of(self.session, signed=False)
        self.focus = people.agreed_focus(self.mine, "grief", cast.tara)
        self.reflection = Reflection.objects.create(
            session=self.session, course=self.mine, author=cast.tara, text="I was impatient."
        )
        self.due = ContactDue.objects.create(
            session=self.session, course=self.mine, for_person=cast.tara, raised_by=cast.tara
        )

    def does(self, who: Any, sql: str) -> int:
        """Rows touched by a statement in which `{a.b}` names one of ours."""
        act_as(who.pk)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(w=self))
            return int(cursor.rowcount)


@pytest.fixture
def world(cast: Cast) -> World:
    with as_owner():
        return World(cast)


FORGERIES = {
    "move a session to another client": (
        "tara",
        "UPDATE therapy_sessions_therapysession SET course_id = '{w.also_mine.pk}',"
        " client_id = '{w.also_mine.client_id}' WHERE id = '{w.session.pk}'",
    ),
    "an administrator moves a session": (
        "ada",
        "UPDATE therapy_sessions_therapysession SET course_id = '{w.theirs.pk}', client_id = '{w.owen.pk}'"
        " WHERE id = '{w.bare.pk}'",
    ),
    "say that another booked it": (
        "tara",
        "UPDATE therapy_sessions_therapysession SET booked_by_id = '{w.olga.pk}' WHERE id = '{w.session.pk}'",
    ),
    "say attendance in another's name": (
        "ada",
        "UPDATE therapy_sessions_therapysession SET attendance = '3', attendance_by_id = '{w.tara.pk}'"
        " WHERE id = '{w.bare.pk}'",
    ),
    "make the course another client's": (
        "tara",
        "UPDATE courses_course SET client_id = '{w.owen.pk}' WHERE id = '{w.mine.pk}'",
    ),
    "an administrator makes the course another client's": (
        "ada",
        "UPDATE courses_course SET client_id = '{w.owen.pk}' WHERE id = '{w.mine.pk}'",
    ),
    "move an answer to another course": (
        "tara",
        "UPDATE outcomes_response SET course_id = '{w.also_mine.pk}' WHERE id = '{w.response.pk}'",
    ),
    "move an alert to another course": (
        "tara",
        "UPDATE outcomes_alert SET course_id = '{w.also_mine.pk}' WHERE id = '{w.alert.pk}'",
    ),
    "close an alert in the supervisor's name": (
        "tara",
        "UPDATE outcomes_alert SET closed_at = now(), closed_by_id = '{w.sunil.pk}', what_was_done = 'x'"
        " WHERE id = '{w.alert.pk}'",
    ),
    "acknowledge an alert in another's name": (
        "sunil",
        "UPDATE outcomes_alert SET acknowledged_at = now(), acknowledged_by_id = '{w.tara.pk}'"
        " WHERE id = '{w.alert.pk}'",
    ),
    "answer for a contact in another's name": (
        "sunil",
        "UPDATE therapy_sessions_contactdue SET answered_at = now(), answered_by_id = '{w.tara.pk}',"
        " what_was_tried = 'x' WHERE id = '{w.due.pk}'",
    ),
    "move an agreed focus": (
        "tara",
        "UPDATE courses_focus SET course_id = '{w.also_mine.pk}' WHERE id = '{w.focus.pk}'",
    ),
    "rewrite an agreed focus": (
        "tara",
        "UPDATE courses_focus SET area = 'conflict' WHERE id = '{w.focus.pk}'",
    ),
    "write a formulation in another's name": (
        "tara",
        "INSERT INTO courses_formulation (id, course_id, number, text, written_by_id, written_at)"
        " VALUES (gen_random_uuid(), '{w.mine.pk}', 1, 'x', '{w.olga.pk}', now())",
    ),
    "write a formulation of a stranger's course": (
        "tara",
        "INSERT INTO courses_formulation (id, course_id, number, text, written_by_id, written_at)"
        " VALUES (gen_random_uuid(), '{w.theirs.pk}', 1, 'x', '{w.tara.pk}', now())",
    ),
    "agree a contract as an administrator": (
        "ada",
        "INSERT INTO courses_contract (id, course_id, number, planned_sessions, minutes, frequency, missed_rule,"
        " recording, agreed_on, reason, agreed_by_id, written_at)"
        " VALUES (gen_random_uuid(), '{w.mine.pk}', 1, 16, 50, 'weekly', '', 'yes', now(), '', '{w.ada.pk}', now())",
    ),
    "mark a task of a supervisee's course": (
        "sunil",
        "INSERT INTO courses_taskmark (id, course_id, task, state, done_on, reason, by_id, at)"
        " VALUES (gen_random_uuid(), '{w.mine.pk}', 'end_return', 'done', now(), '', '{w.sunil.pk}', now())",
    ),
    "move a draft": (
        "tara",
        "UPDATE therapy_sessions_note SET course_id = '{w.also_mine.pk}' WHERE id = '{w.note.pk}'",
    ),
    "move a reflection": (
        "tara",
        "UPDATE therapy_sessions_reflection SET course_id = '{w.also_mine.pk}' WHERE id = '{w.reflection.pk}'",
    ),
    "begin a note on a stranger's session under a course of one's own": (
        "tara",
        "INSERT INTO therapy_sessions_reflection (id, session_id, course_id, author_id, text, saved_at)"
        " VALUES (gen_random_uuid(), '{w.their_session.pk}', '{w.mine.pk}', '{w.tara.pk}', 'x', now())",
    ),
    "hang a focus on a stranger's session": (
        "tara",
        "INSERT INTO therapy_sessions_sessionfocus (id, session_id, course_id, area)"
        " VALUES (gen_random_uuid(), '{w.their_session.pk}', '{w.mine.pk}', 'grief')",
    ),
    "hang a stranger's answer on a session of one's own": (
        "tara",
        "INSERT INTO therapy_sessions_sessionresponse (id, session_id, course_id, response_id, measure)"
        " VALUES (gen_random_uuid(), '{w.bare.pk}', '{w.mine.pk}', '{w.their_response.pk}', 'phq9')",
    ),
    "raise an alert from a stranger's answer": (
        "tara",
        "INSERT INTO outcomes_alert (id, course_id, response_id, item, value, raised_at, what_was_done, typed_in_error)"
        " VALUES (gen_random_uuid(), '{w.mine.pk}', '{w.their_response.pk}', 9, 1, now(), '', false)",
    ),
    "give oneself a course": (
        "tara",
        "INSERT INTO courses_allocation (id, course_id, therapist_id, starts_at, by_id, reason)"
        " VALUES (gen_random_uuid(), '{w.theirs.pk}', '{w.tara.pk}', now(), '{w.tara.pk}', '')",
    ),
    "an administrator who treats nobody gives themself a course": (
        "ada",
        "INSERT INTO courses_allocation (id, course_id, therapist_id, starts_at, by_id, reason)"
        " VALUES (gen_random_uuid(), '{w.waiting.pk}', '{w.ada.pk}', now(), '{w.ada.pk}', '')",
    ),
    "read an own course for ever": (
        "tara",
        "UPDATE courses_allocation SET ends_at = now() + interval '5 years' WHERE course_id = '{w.mine.pk}'",
    ),
    "carry another course with an old allocation": (
        "tara",
        "UPDATE courses_allocation SET course_id = '{w.theirs.pk}' WHERE course_id = '{w.mine.pk}'",
    ),
    "a supervisor writes the history of a status": (
        "sunil",
        "INSERT INTO courses_coursemove (id, course_id, before, after, at, by_id, reason)"
        " VALUES (gen_random_uuid(), '{w.mine.pk}', 'waiting', 'paused', now(), '{w.sunil.pk}', 'x')",
    ),
    "make oneself the lead": (
        "tara",
        "UPDATE staff_user SET roles = ARRAY['lead'] WHERE id = '{w.tara.pk}'",
    ),
    "say that one is no trainee any more": (
        "tara",
        "UPDATE staff_user SET is_trainee = NOT is_trainee WHERE id = '{w.tara.pk}'",
    ),
    "an administrator makes themself a superuser": (
        "ada",
        "UPDATE staff_user SET is_superuser = true WHERE id = '{w.ada.pk}'",
    ),
    "choose another's password": (
        "tara",
        "UPDATE staff_user SET password = 'x' WHERE id = '{w.olga.pk}'",
    ),
    "supervise a stranger": (
        "sunil",
        "INSERT INTO staff_supervisionline (id, supervisor_id, therapist_id, starts_at)"
        " VALUES (gen_random_uuid(), '{w.sunil.pk}', '{w.olga.pk}', now())",
    ),
    "send the supervisor on leave, to deputise": (
        "tara",
        "INSERT INTO staff_leave (id, person_id, cover_id, starts_on, ends_on)"
        " VALUES (gen_random_uuid(), '{w.sunil.pk}', '{w.tara.pk}', current_date, current_date)",
    ),
    "lengthen the reading after the end for the whole clinic": (
        "tara",
        "INSERT INTO staff_clinic (id, name, is_demo, readable_days_after_end) VALUES (1, 'x', false, 9999)",
    ),
}


REFUSED = r"stays as it was|stays with its|is not undone|another course|lengthened|row-level security"


@pytest.mark.parametrize(("who", "sql"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_refused(world: World, who: str, sql: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        world.does(getattr(world, who), sql)


UNTOUCHED = {
    "a supervisor corrects a client": (
        "sunil",
        "UPDATE clients_client SET phone = 'x' WHERE id = '{w.maya.pk}'",
    ),
    "a supervisor changes a session": (
        "sunil",
        "UPDATE therapy_sessions_therapysession SET minutes = 30 WHERE id = '{w.session.pk}'",
    ),
    "a supervisor takes a reflection": (
        "sunil",
        "UPDATE therapy_sessions_reflection SET author_id = '{w.sunil.pk}' WHERE id = '{w.reflection.pk}'",
    ),
    "a therapist corrects a stranger": (
        "tara",
        "UPDATE clients_client SET phone = 'x' WHERE id = '{w.owen.pk}'",
    ),
    "a lead writes a draft of another": (
        "lena",
        "UPDATE therapy_sessions_note SET work = 'x' WHERE id = '{w.note.pk}'",
    ),
    "an administrator answers for a contact": (
        "ada",
        "UPDATE therapy_sessions_contactdue SET answered_at = now() WHERE id = '{w.due.pk}'",
    ),
}


@pytest.mark.parametrize(("who", "sql"), UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_what_is_not_theirs_is_not_touched(world: World, who: str, sql: str) -> None:
    assert world.does(getattr(world.cast, who), sql) == 0


def test_a_supervisor_does_not_share_a_supervisees_reflection_with_themself(world: World) -> None:
    with as_owner():
        world.sunil.roles = ["supervisor", "therapist"]
        world.sunil.save()
        own = people.course_for(people.client_named("Own", "Client"), world.sunil)
    share = (
        "INSERT INTO therapy_sessions_reflectionshare (id, reflection_id, course_id, shared_at, by_id)"
        f" VALUES (gen_random_uuid(), '{{w.reflection.pk}}', '{own.pk}', now(), '{{w.sunil.pk}}')"
    )
    with pytest.raises(DatabaseError, match="another course"):
        world.does(world.sunil, share)
    with as_owner():
        ReflectionShare.objects.create(reflection=world.reflection, course=own, by=world.sunil)
    act_as(world.sunil.pk)
    assert not Reflection.objects.exists()
    assert not Reflection.objects.visible_to(world.sunil).exists()


def test_an_ended_course_takes_no_more_words_though_it_is_read(world: World) -> None:
    with as_owner():
        world.mine.status, world.mine.ended_on = "ended", timezone.localdate()
        world.mine.save()
    for table in ("note", "reflection"):
        statement = (
            f"UPDATE therapy_sessions_{table} SET course_id = course_id WHERE course_id = '{{w.mine.pk}}'"
        )
        assert world.does(world.tara, statement) == 0, table
    longer = (
        "UPDATE therapy_sessions_therapysession SET minutes = 10, ends_at = starts_at + interval '10 minutes'"
    )
    with pytest.raises(DatabaseError, match="stays as it was written"):
        world.does(world.tara, f"{longer} WHERE id = '{{w.session.pk}}'")
    assert Reflection.objects.visible_to(world.tara).exists()


def test_a_reflection_goes_out_of_sight_with_the_course(world: World) -> None:
    with as_owner():
        world.mine.allocations.update(ends_at=timezone.now() - timedelta(minutes=1))
    act_as(world.tara.pk)
    assert not Reflection.objects.exists()
    assert not Reflection.objects.visible_to(world.tara).exists()
