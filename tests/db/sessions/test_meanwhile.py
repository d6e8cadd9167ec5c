"""What happened to the course while a page was open: ended, handed over, drafted elsewhere. The act is refused in words, and
nothing of it is kept."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from audit.acting import act_as, acting
from clients.actions import register_client
from clients.models import Client
from courses.actions import allocate_course, end_course
from outcomes.alert_actions import close_alert
from outcomes.models import Alert, Response
from sessions import actions
from sessions.beside import next_slot
from sessions.models import ContactDue, Note, Reflection, TherapySession
from staff.models import User
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.test_signing import a_session, days_ago, filled, sign
from tests.roles import as_owner


def draft(session: TherapySession, by: User) -> Note:
    typed = filled()
    return actions.save_draft(session=session, by=by, **typed)


def ended(cast: Cast) -> None:
    with as_owner():
        cast.course.status, cast.course.ended_on = "ended", timezone.localdate()
        cast.course.save()


def handed_over(cast: Cast) -> None:
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now() - timedelta(seconds=1))
        cast.course.allocations.create(therapist=cast.olga, by=cast.ada)


ACTS: dict[str, Callable[[Cast, TherapySession], Any]] = {
    "draft": lambda cast, session: draft(session, cast.tara),
    "sign": lambda cast, session: sign(cast, session),
    "absence": lambda cast, session: actions.record_absence(session=session, attendance="3", by=cast.tara),
    "cancel": lambda cast, session: actions.cancel_session(session=session, code="2", by=cast.tara),
    "move": lambda cast, session: actions.move_session(
        session=session, starts_at=days_ago(-3), minutes=50, mode="video", room=None, by=cast.tara, version=1
    ),
    "book": lambda cast, session: actions.start_walk_in(
        course=cast.course, by=cast.tara, at=timezone.now() + timedelta(days=5)
    ),
}


@pytest.mark.parametrize("meanwhile", [ended, handed_over])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_a_therapist_is_told_and_nothing_is_written(
    cast: Cast, act: Callable[..., Any], meanwhile: Callable[[Cast], None]
) -> None:
    session = a_session(cast)
    meanwhile(cast)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match=r"no longer yours|has ended"):
        act(cast, session)
    with as_owner():
        assert TherapySession.objects.get().attendance is None
        assert not Note.objects.exists()
        assert not Response.objects.exists()


def test_an_administrator_says_nothing_more_of_a_course_that_has_ended(cast: Cast) -> None:
    session = a_session(cast)
    ended(cast)
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="has ended"):
        actions.record_attendance_by_administrator(session=session, attendance="3", by=cast.ada)
    with pytest.raises(ValidationError, match="has ended"):
        actions.start_walk_in(course=cast.course, by=cast.ada, at=timezone.now() + timedelta(days=5))


def test_a_reflection_is_not_shared_from_an_ended_course(cast: Cast) -> None:
    sign(cast, a_session(cast), reflection="I was impatient.")
    reflection = Reflection.objects.get()
    ended(cast)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        actions.share_reflection(reflection=reflection, by=cast.tara)


@pytest.mark.parametrize("days", [7, 8, 21, 60])
def test_of_a_session_logged_late_the_next_one_is_proposed_ahead(cast: Cast, days: int) -> None:
    session = a_session(cast, days)
    act_as(cast.tara.pk)
    slot = next_slot(session)
    assert timezone.now() < slot.starts_at < timezone.now() + timedelta(days=8)
    assert slot.said == ""


@pytest.mark.parametrize(
    ("starts_at", "words"),
    [
        (timezone.now() - timedelta(days=1), "in the past"),
        (datetime(9999, 12, 31, 23, 50, tzinfo=timezone.get_current_timezone()), "Check the year"),
    ],
)
def test_the_next_appointment_is_neither_past_nor_a_slip_of_the_year(
    cast: Cast, starts_at: datetime, words: str
) -> None:
    wanted = {"starts_at": starts_at, "minutes": 50, "mode": "in_person", "room": None}
    with pytest.raises(ValidationError, match=words):
        sign(cast, a_session(cast), next_appointment=wanted)
    assert not Note.objects.exists()


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    with transaction.atomic(), as_owner():
        cast = Cast()
        cast.course.status = "in_treatment"
        cast.course.save()
    return cast


def at_once(*acts: tuple[User, Callable[[], Any]]) -> list[Any]:
    """What each answered: "done", or the sentences of its refusal. Anything else fails the test."""
    answers: list[Any] = [None] * len(acts)
    gate = Barrier(len(acts))

    def perform(place: int, by: User, act: Callable[[], Any]) -> None:
        try:
            with acting(by.pk):
                gate.wait(timeout=30)
                act()
                answers[place] = "done"
        except ValidationError as refusal:
            answers[place] = refusal.messages
        except Exception as failure:
            answers[place] = failure
        finally:
            connection.close()

    threads = [Thread(target=perform, args=(place, *each)) for place, each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not [answer for answer in answers if isinstance(answer, Exception) or answer is None], answers
    return answers


@pytest.mark.parametrize("turn", range(3))
def test_first_draft_and_an_administrators_word_do_not_lock_each_other_out(
    committed: Cast, turn: int
) -> None:
    cast = committed
    with transaction.atomic(), as_owner():
        session = people.session_of(cast.course, cast.tara, days_ago(1))
    answers = at_once(
        (cast.tara, lambda: draft(session, cast.tara)),
        (
            cast.ada,
            lambda: actions.record_attendance_by_administrator(session=session, attendance="5", by=cast.ada),
        ),
    )
    assert answers == ["done", "done"]


def test_two_windows_sign_once(committed: Cast) -> None:
    cast = committed
    with transaction.atomic(), as_owner():
        session = people.session_of(cast.course, cast.tara, days_ago(1))
    answers = at_once(
        *[(cast.tara, lambda: actions.sign_session(session=session, by=cast.tara, **filled()))] * 3
    )
    assert answers.count("done") == 1
    assert answers.count(["This session is signed: what is signed does not change."]) == 2


@pytest.mark.parametrize("turn", range(3))
def test_a_course_ends_without_a_draft_or_goes_on_with_it(committed: Cast, turn: int) -> None:
    cast = committed
    with transaction.atomic(), as_owner():
        session = people.held_session(cast.course, cast.tara, days_ago(1), 1)
    at_once(
        (cast.tara, lambda: draft(session, cast.tara)),
        (
            cast.lena,
            lambda: end_course(
                course=cast.course, reason_code="46", on=timezone.localdate(), by=cast.lena, version=None
            ),
        ),
        (
            cast.ada,
            lambda: actions.start_walk_in(
                course=cast.course, by=cast.ada, at=timezone.now() + timedelta(days=9)
            ),
        ),
    )
    with transaction.atomic(), as_owner():
        cast.course.refresh_from_db()
        left_undone = Note.objects.exists() or TherapySession.objects.filter(attendance=None).exists()
        assert (cast.course.status == "ended") != left_undone


@pytest.mark.parametrize("turn", range(3))
def test_a_course_is_handed_over_without_a_draft_or_not_at_all(committed: Cast, turn: int) -> None:
    cast = committed
    with transaction.atomic(), as_owner():
        session = people.session_of(cast.course, cast.tara, days_ago(1))
    at_once(
        (cast.tara, lambda: draft(session, cast.tara)),
        (cast.ada, lambda: allocate_course(course=cast.course, therapist=cast.olga, by=cast.ada)),
    )
    with transaction.atomic(), as_owner():
        went = cast.course.allocations.filter(therapist=cast.olga).exists()
        assert went != Note.objects.exists()


def test_who_sends_a_form_twice_registers_one_client(committed: Cast) -> None:
    cast = committed
    noor = {"first_name": "Noor", "last_name": "Jabari", "date_of_birth": date(1991, 2, 3)}
    answers = at_once(*[(cast.ada, lambda: register_client(by=cast.ada, **noor))] * 2)
    assert answers.count("done") == 1
    with transaction.atomic(), as_owner():
        assert Client.objects.filter(last_name="Jabari").count() == 1


def test_an_alert_and_a_contact_of_a_course_that_was_handed_over_are_no_longer_answered(cast: Cast) -> None:
    session = a_session(cast)
    with as_owner():
        response = people.answered(session, "phq9", [1] * 9)
        alert = Alert.objects.create(course=cast.course, response=response, item=9, value=1)
        due = ContactDue.objects.create(
            session=session, course=cast.course, for_person=cast.tara, raised_by=cast.ada
        )
    handed_over(cast)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        close_alert(alert=alert, what_was_done="Rang.", by=cast.tara)
    with pytest.raises(ValidationError, match="no longer yours"):
        actions.answer_contact(due=due, what_was_tried="Rang.", by=cast.tara)
