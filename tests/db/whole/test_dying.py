"""PostgreSQL drops the connection in the middle of an action: a fresh connection finds all of it or nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection

from audit.acting import acting
from sessions import actions
from tests.cast import Cast
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


def signed(case: Case) -> None:
    with acting(case.by.pk):
        case.run()


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
            signed(signing)
        assert dropping.has_dropped
        connection.close()
        assert all_rows() == before, f"left behind after {beginning}"
    signed(signing)
    assert differences(before, all_rows()) == signing.whole


def test_a_signature_whose_connection_is_dropped_at_the_commit_leaves_nothing(
    signing: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, commit = all_rows(), connection.commit

    def too_late() -> None:
        drop_the_connection()
        commit()

    monkeypatch.setattr(connection, "commit", too_late)
    with pytest.raises(DatabaseError):
        signed(signing)
    monkeypatch.undo()
    connection.close()
    assert all_rows() == before


def test_a_signature_is_whole_although_the_answer_to_the_commit_was_lost(
    signing: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, commit = all_rows(), connection.commit

    def unanswered() -> None:
        commit()
        drop_the_connection()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "commit", unanswered)
    with pytest.raises(DatabaseError):
        signed(signing)
    monkeypatch.undo()
    connection.close()
    assert differences(before, all_rows()) == signing.whole
