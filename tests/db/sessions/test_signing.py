"""A therapist logs a session: what is kept, what counts, what is signed, and what signed words refuse."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Course
from outcomes.models import Alert, Response, SafetyPlan
from sessions import actions, drafts, signing
from sessions.models import ContactDue, Note, Reflection, SessionFocus, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

MODERATE = [1, 2, 1, 2, 1, 2, 1, 1, 0]


def days_ago(days: int, hour: int = 10) -> datetime:
    return (timezone.now() - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def a_session(cast: Cast, days: int = 1, **fields: Any) -> TherapySession:
    with as_owner():
        return people.session_of(cast.course, cast.tara, days_ago(days), **fields)


def filled(**changes: Any) -> dict[str, Any]:
    words = {
        "week": "Low on Tuesday.",
        "work": "Role play.",
        "next_time": "Ask Tom.",
        "risk_answer": "unchanged",
    }
    form = {"attendance": "5", "mode": "in_person", "minutes": "50", "focus": ["conflict"]}
    return {
        "words": words | changes.pop("words", {}),
        "form": form | changes.pop("form", {}),
        "answers": {"phq9": MODERATE},
        "based_on": 0,
    } | changes


def sign(cast: Cast, session: TherapySession, **changes: Any) -> Note:
    act_as(cast.tara.pk)
    return actions.sign_session(session=session, by=cast.tara, **filled(**changes))


def test_a_signed_session_has_its_number_phase_focus_and_score(cast: Cast) -> None:
    session = a_session(cast)
    sign(cast, session)
    session.refresh_from_db()
    assert (session.number, session.phase, session.attendance) == (1, "initial", "5")
    assert [focus.area for focus in SessionFocus.objects.all()] == ["conflict"]
    assert Response.objects.get().total == 11


def test_the_first_attended_session_starts_the_treatment(cast: Cast) -> None:
    session = a_session(cast)
    sign(cast, session)
    course = Course.objects.get(pk=cast.course.pk)
    assert course.status == "in_treatment"
    assert course.started_on == timezone.localdate(session.starts_at)


def test_an_assessment_takes_no_number_and_leaves_the_course_waiting(cast: Cast) -> None:
    session = a_session(cast, kind="assessment", appointment_type="01")
    sign(cast, session)
    session.refresh_from_db()
    assert session.number is None
    assert Course.objects.get(pk=cast.course.pk).status == "waiting"


def test_a_session_logged_late_renumbers_the_later_ones_and_their_notes_still_hold(cast: Cast) -> None:
    later, earlier = a_session(cast, 3), a_session(cast, 10)
    first_note = sign(cast, later)
    sign(cast, earlier)
    later.refresh_from_db()
    earlier.refresh_from_db()
    assert (earlier.number, later.number) == (1, 2)
    assert signing.holds(Note.objects.get(pk=first_note.pk))


def test_a_phase_stays_with_the_signed_note_when_numbers_move(cast: Cast) -> None:
    with as_owner():
        for number in range(1, 5):
            people.held_session(cast.course, cast.tara, days_ago(60 - number), number)
    fifth = a_session(cast, 3)
    sign(cast, fifth)
    late = a_session(cast, 90)
    sign(cast, late)
    fifth.refresh_from_db()
    assert (fifth.number, fifth.phase) == (6, "middle")
    fourth = TherapySession.objects.get(number=5)
    assert fourth.phase == "middle"  # not signed: the phase follows the number


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": {"attendance": ""}}, "attendance"),
        ({"form": {"minutes": "fifty"}}, "minutes"),
        ({"form": {"minutes": "4"}}, "minutes"),
        ({"form": {"minutes": "²"}}, "minutes"),
        ({"form": {"mode": ""}}, "mode"),
        ({"form": {"phase": "end"}}, "phase_reason"),
        ({"form": {"phase": "nonsense"}}, "phase"),
        ({"form": {"focus": ["item2"]}}, "focus"),
        ({"words": {"risk_answer": ""}}, "risk_answer"),
        ({"words": {"risk_answer": "changed"}}, "risk"),
        ({"words": {"risk_answer": "not_asked", "risk": "  "}}, "risk"),
        ({"words": {"work": "a\x00b"}}, "work"),
        ({"words": {"work": "\ud800"}}, "work"),
        ({"answers": {"phq9": [4] * 9}}, "phq9"),
        ({"answers": {"phq9": [1] * 8}}, "phq9"),
    ],
)
def test_signing_says_what_is_missing_and_keeps_nothing_half(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    session = a_session(cast)
    with pytest.raises(ValidationError) as refusal:
        sign(cast, session, **changes)
    assert list(refusal.value.message_dict) == [field]
    session.refresh_from_db()
    assert session.attendance is None
    assert not Note.objects.exists()


def test_a_session_of_tomorrow_cannot_be_signed(cast: Cast) -> None:
    session = a_session(cast, -1)
    with pytest.raises(ValidationError) as refusal:
        sign(cast, session)
    assert list(refusal.value.message_dict) == ["attendance"]


def test_a_draft_is_never_blocked_by_what_is_missing(cast: Cast) -> None:
    session = a_session(cast)
    act_as(cast.tara.pk)
    note = actions.save_draft(
        session=session,
        by=cast.tara,
        based_on=0,
        words={"week": "Half a"},
        form={},
        answers={"phq9": [None] * 9},
    )
    assert (note.version, note.signed_at) == (1, None)
    assert not Response.objects.exists()


def test_item_9_raises_an_alert_from_a_draft_of_an_incomplete_form(cast: Cast) -> None:
    session = a_session(cast)
    act_as(cast.tara.pk)
    actions.save_draft(
        session=session, by=cast.tara, based_on=0, words={}, form={}, answers={"phq9": [None] * 8 + [1]}
    )
    alert = Alert.objects.get()
    assert (alert.item, alert.value, alert.closed_at) == (9, 1, None)
    assert Response.objects.get().total is None


def test_one_alert_stands_for_an_item_however_often_the_draft_is_saved(cast: Cast) -> None:
    session = a_session(cast)
    act_as(cast.tara.pk)
    for version, value in enumerate((1, 2, 0)):
        actions.save_draft(
            session=session,
            by=cast.tara,
            based_on=version,
            words={},
            form={},
            answers={"phq9": [0] * 8 + [value]},
        )
    alert = Alert.objects.get()
    assert (alert.value, alert.closed_at) == (2, None)


def test_a_stale_draft_is_refused_and_the_newer_words_stay(cast: Cast) -> None:
    session = a_session(cast)
    act_as(cast.tara.pk)
    save = {"session": session, "by": cast.tara, "form": {}, "answers": {}}
    actions.save_draft(**save, based_on=0, words={"week": "first tab"})
    with pytest.raises(drafts.StaleDraft) as refusal:
        actions.save_draft(**save, based_on=0, words={"week": "second tab"})
    assert refusal.value.current.week == "first tab"
    assert Note.objects.get().week == "first tab"


def test_a_missed_session_is_complete_with_its_attendance(cast: Cast) -> None:
    session = a_session(cast)
    act_as(cast.tara.pk)
    actions.record_absence(session=session, attendance="3", by=cast.tara)
    session.refresh_from_db()
    assert (session.attendance, session.number) == ("3", None)
    assert not Note.objects.exists()


def test_with_an_open_alert_the_therapist_says_first_what_was_tried(cast: Cast) -> None:
    earlier, session = a_session(cast, 8), a_session(cast)
    sign(cast, earlier, answers={"phq9": [0] * 8 + [1]})
    with pytest.raises(ValidationError) as refusal:
        actions.record_absence(session=session, attendance="3", by=cast.tara)
    assert list(refusal.value.message_dict) == ["what_was_tried"]
    actions.record_absence(session=session, attendance="3", what_was_tried="Phoned twice.", by=cast.tara)
    assert ContactDue.objects.get().what_was_tried == "Phoned twice."


@pytest.mark.parametrize("of_an_earlier_course", [False, True])
def test_of_a_client_with_a_safety_plan_the_therapist_says_first_what_was_tried(
    cast: Cast, of_an_earlier_course: bool
) -> None:
    session = a_session(cast)
    with as_owner():
        course = cast.course
        if of_an_earlier_course:
            course = people.course_for(
                cast.maya, cast.tara, status="ended", ended_on=timezone.localdate(), end_reason="46"
            )
        SafetyPlan.objects.create(course=course, number=1, coping="A walk.", written_by=cast.tara)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError) as refusal:
        actions.record_absence(session=session, attendance="3", by=cast.tara)
    assert refusal.value.message_dict == {
        "what_was_tried": ["The client has a safety plan: say first what was tried to reach the client."]
    }
    actions.record_absence(session=session, attendance="3", what_was_tried="Phoned twice.", by=cast.tara)
    assert ContactDue.objects.get().what_was_tried == "Phoned twice."


def test_what_an_administrator_logs_tells_the_therapist_that_contact_is_due(cast: Cast) -> None:
    session = a_session(cast)
    act_as(cast.ada.pk)
    for attendance in ("3", "7"):
        actions.record_attendance_by_administrator(session=session, attendance=attendance, by=cast.ada)
    assert not ContactDue.objects.exists()  # an administrator reads none
    act_as(cast.tara.pk)
    due = ContactDue.objects.get()
    assert (due.for_person_id, due.raised_by_id, due.answered_at) == (cast.tara.pk, cast.ada.pk, None)


def test_an_administrator_records_attendance_beside_signed_sessions(cast: Cast) -> None:
    signed, session = a_session(cast, 3), a_session(cast, 9)
    sign(cast, signed)
    act_as(cast.ada.pk)
    actions.record_attendance_by_administrator(session=session, attendance="6", by=cast.ada)
    signed.refresh_from_db()
    session.refresh_from_db()
    assert (session.number, session.phase, signed.number) == (1, "initial", 2)


def test_the_next_appointment_is_booked_in_the_same_act(cast: Cast) -> None:
    session = a_session(cast)
    next_at = session.starts_at + timedelta(days=7)
    sign(cast, session, next_appointment={"starts_at": next_at, "minutes": 50, "mode": "video"})
    assert TherapySession.objects.get(starts_at=next_at).attendance is None


def test_a_clash_of_the_next_appointment_leaves_the_session_unsigned(cast: Cast) -> None:
    session = a_session(cast)
    with pytest.raises(ValidationError) as refusal:
        sign(
            cast,
            session,
            next_appointment={"starts_at": session.starts_at, "minutes": 50, "mode": "video"},
        )
    assert refusal.value.message_dict == {
        "next_starts_at": ["Next appointment: The therapist has another session at that time."]
    } or refusal.value.message_dict == {
        "next_starts_at": ["Next appointment: The client has another session at that time."]
    }
    assert not Note.objects.exists()


def test_the_room_of_a_stranger_is_refused_though_row_security_hides_it(cast: Cast) -> None:
    with as_owner():
        room = people.room()
        theirs = people.session_of(cast.others_course, cast.olga, days_ago(-2), room=room)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match=r"The room is taken at that time\."):
        actions.book_session(
            course=cast.course,
            therapist=cast.tara,
            kind="treatment",
            appointment_type="02",
            starts_at=theirs.starts_at + timedelta(minutes=30),
            minutes=50,
            mode="in_person",
            room=room,
            by=cast.tara,
        )


def test_a_cancelled_session_frees_its_hour(cast: Cast) -> None:
    session = a_session(cast, -2)
    act_as(cast.tara.pk)
    actions.cancel_session(session=session, code="2", by=cast.tara)
    again = actions.start_walk_in(course=cast.course, by=cast.tara, at=session.starts_at)
    assert again.pk != session.pk


def test_the_hash_holds_and_a_reader_without_the_reflection_can_check_it(cast: Cast) -> None:
    session = a_session(cast)
    note = sign(cast, session, reflection="I was impatient.")
    assert signing.holds(Note.objects.get(pk=note.pk))
    act_as(cast.lena.pk)
    assert not Reflection.objects.exists()
    assert signing.holds(Note.objects.get(pk=note.pk))


def test_the_hash_notices_one_changed_word(cast: Cast) -> None:
    note = sign(cast, a_session(cast))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE therapy_sessions_note DISABLE TRIGGER signed_note_is_final")
        cursor.execute("UPDATE therapy_sessions_note SET work = work || '.' WHERE id = %s", [note.pk])
        cursor.execute("ALTER TABLE therapy_sessions_note ENABLE TRIGGER signed_note_is_final")
    assert not signing.holds(Note.objects.get(pk=note.pk))


def test_the_hash_notices_another_answer_to_the_question_beside_the_score(cast: Cast) -> None:
    note = sign(cast, a_session(cast))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE outcomes_response DISABLE TRIGGER locked_response_is_final")
        cursor.execute("UPDATE outcomes_response SET unscored = 3")
        cursor.execute("ALTER TABLE outcomes_response ENABLE TRIGGER locked_response_is_final")
    assert not signing.holds(Note.objects.get(pk=note.pk))


def test_signing_leaves_one_row_on_the_trail(cast: Cast) -> None:
    sign(cast, a_session(cast))
    act_as(cast.lena.pk)
    assert Event.objects.filter(action="sign", user=cast.tara, course_id=cast.course.pk).count() == 1


def test_a_reflection_is_its_authors_until_shared_and_never_the_leads(cast: Cast) -> None:
    sign(cast, a_session(cast), reflection="I was impatient.")
    reflection = Reflection.objects.get()
    act_as(cast.sunil.pk)
    assert not Reflection.objects.visible_to(cast.sunil).exists()
    act_as(cast.tara.pk)
    actions.share_reflection(reflection=reflection, by=cast.tara)
    act_as(cast.sunil.pk)
    assert Reflection.objects.visible_to(cast.sunil).get().text == "I was impatient."
    act_as(cast.lena.pk)
    assert not Reflection.objects.exists()
    assert not Reflection.objects.visible_to(cast.lena).exists()


ATTACKS = {
    "change the words": "UPDATE therapy_sessions_note SET work = 'other'",
    "take back the signature": "UPDATE therapy_sessions_note SET signed_at = NULL, sha256 = ''",
    "delete it": "DELETE FROM therapy_sessions_note",
    "truncate the table": "TRUNCATE therapy_sessions_note CASCADE",
    "write over it": "INSERT INTO therapy_sessions_note SELECT * FROM therapy_sessions_note "
    "ON CONFLICT (id) DO UPDATE SET work = 'other'",
    "move it to another session": "UPDATE therapy_sessions_note SET session_id = gen_random_uuid()",
    "switch the trigger off": "ALTER TABLE therapy_sessions_note DISABLE TRIGGER signed_note_is_final",
    "replace the trigger's function": "CREATE OR REPLACE FUNCTION refuse_signed_note() RETURNS trigger "
    "LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "skip triggers": "SET session_replication_role = replica",
    "delete its focus": "DELETE FROM therapy_sessions_sessionfocus",
    "add a focus": "INSERT INTO therapy_sessions_sessionfocus SELECT gen_random_uuid(), 'grief', course_id, id "
    "FROM therapy_sessions_therapysession",
    "change an answer": "UPDATE outcomes_response SET answers[1] = 3",
    "unlink an answer": "DELETE FROM therapy_sessions_sessionresponse",
    "move the session's date": "UPDATE therapy_sessions_therapysession SET starts_at = starts_at - interval '1 day', "
    "ends_at = ends_at - interval '1 day'",
    "change the reflection": "UPDATE therapy_sessions_reflection SET text = 'other'",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_app_role_cannot_alter_a_signed_session(cast: Cast, attack: str) -> None:
    note = sign(cast, a_session(cast), reflection="I was impatient.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert signing.holds(Note.objects.get(pk=note.pk))


def test_without_the_trigger_the_same_attack_succeeds(cast: Cast) -> None:
    note = sign(cast, a_session(cast))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE therapy_sessions_note DISABLE TRIGGER signed_note_is_final")
    act_as(cast.tara.pk)
    with connection.cursor() as cursor:
        cursor.execute(ATTACKS["change the words"])
    assert Note.objects.get(pk=note.pk).work == "other"


def test_how_difficult_it_was_is_kept_beside_the_answers_and_not_counted(cast: Cast) -> None:
    sign(cast, a_session(cast), form={"phq9_difficulty": "2"})
    response = Response.objects.get()
    assert (response.total, response.unscored) == (11, 2)


def test_difficulty_alone_makes_no_questionnaire(cast: Cast) -> None:
    sign(cast, a_session(cast), form={"phq9_difficulty": "2"}, answers={"phq9": [None] * 9})
    assert not Response.objects.exists()
