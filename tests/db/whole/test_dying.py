"""PostgreSQL drops the connection in the middle of an action: a fresh connection finds all of it or nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from audit.acting import acting
from people.actions import invite_person
from sessions import actions
from staff import outbox
from tests.cast import Cast
from tests.db.whole.cases_of_people import somebody_is_invited
from tests.db.whole.cases_of_sessions import the_first_session_is_signed_with_all_that_hangs_on_it
from tests.db.whole.harness import Case, all_rows, differences
from tests.roles import as_owner


def drop_the_connection() -> None:
    """Ends this test's own backend, from a second one that signs in as the same person."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (backend,) = cursor.fetchone()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("reset role")
            cursor.execute("select pg_terminate_backend(%s, 5000)", [backend])
            assert cursor.fetchone() == (True,)
    finally:
        other.close()


class Dropping:
    """Drops the connection once the first statement that begins like this was executed."""

    def __init__(self, beginning: str) -> None:
        self.beginning, self.has_dropped = beginning, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if not self.has_dropped and sql.startswith(self.beginning):
            self.has_dropped = True
            drop_the_connection()
        return result


@pytest.fixture
def signing(transactional_db: None) -> Case:
    with as_owner():
        case = the_first_session_is_signed_with_all_that_hangs_on_it(Cast())
    case.act = actions.sign_session
    return case


@pytest.fixture
def inviting(transactional_db: None) -> Case:
    with as_owner():
        case = somebody_is_invited(Cast())
    case.act = invite_person
    return case


def done(case: Case) -> None:
    with acting(case.by.pk):
        case.run()


def dropped_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    commit = connection.commit

    def too_late() -> None:
        drop_the_connection()
        commit()

    monkeypatch.setattr(connection, "commit", too_late)


def dropped_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is kept, but nobody hears of it."""
    commit = connection.commit

    def unanswered() -> None:
        commit()
        drop_the_connection()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "commit", unanswered)


def fails(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatabaseError):
        done(case)
    monkeypatch.undo()
    connection.close()


STATEMENTS = (
    "SELECT",
    'INSERT INTO "therapy_sessions_note"',
    'INSERT INTO "outcomes_alert"',
    'UPDATE "courses_course"',
    'UPDATE "therapy_sessions_note"',
    "SET CONSTRAINTS ALL DEFERRED",
)


def test_a_signature_whose_connection_is_dropped_leaves_nothing_and_can_be_given_again(signing: Case) -> None:
    before = all_rows()
    for beginning in STATEMENTS:
        dropping = Dropping(beginning)
        with pytest.raises(DatabaseError), connection.execute_wrapper(dropping):
            done(signing)
        assert dropping.has_dropped
        connection.close()
        assert all_rows() == before, f"left behind after {beginning}"
    done(signing)
    assert differences(before, all_rows()) == signing.whole


def test_a_signature_whose_connection_is_dropped_before_the_commit_leaves_nothing(
    signing: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_rows()
    dropped_before_the_commit(monkeypatch)
    fails(signing, monkeypatch)
    assert all_rows() == before


def test_a_signature_is_whole_although_the_answer_to_the_commit_was_lost(
    signing: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_rows()
    dropped_after_the_commit(monkeypatch)
    fails(signing, monkeypatch)
    assert differences(before, all_rows()) == signing.whole


def test_no_mail_goes_out_about_what_was_not_kept(inviting: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_rows()
    dropped_before_the_commit(monkeypatch)
    fails(inviting, monkeypatch)
    assert not mail.outbox
    assert all_rows() == before
    done(inviting)
    assert len(mail.outbox) == 1


def test_a_mail_waits_where_the_answer_to_the_commit_was_lost(
    inviting: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped_after_the_commit(monkeypatch)
    fails(inviting, monkeypatch)
    assert not mail.outbox
    with acting(inviting.by.pk):
        assert outbox.send_due(at=timezone.now()) == (1, 0)
    assert len(mail.outbox) == 1
