"""Breaks an action, or a whole request, at its n-th SQL statement, and looks at what it left behind.

What is looked at is every row of every table, read as the owner, so that no policy hides anything. Sequences are not: they
may move, and a client's number may be left out. The callbacks that wait for the commit are looked at too: a mail about
something that was taken back must never go out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Model
from django.http import HttpResponse

from audit.acting import act_as
from staff.models import User
from tests.roles import as_owner

# --- How it breaks ----------------------------------------------------------------------------------------------------


class Interruption(Exception):
    """What no code of the clinic expects."""


class Break(Enum):
    """In which way statement n is the last."""

    BEFORE = "an exception before statement n"
    AFTER = "an exception after statement n"
    LOST = "a database error after statement n, which was executed"
    REFUSED = "statement n is refused by PostgreSQL, whose transaction is broken from then on"


class Breaker:
    """Stands between Django and PostgreSQL, writes down each statement and breaks off at the n-th."""

    def __init__(self, at: int | None = None, how: Break = Break.AFTER) -> None:
        self.at, self.how = at, how
        self.said: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.said.append(sql)
        if len(self.said) != self.at:
            return execute(sql, params, many, context)
        if self.how is Break.REFUSED:
            return execute("select 1 / 0", None, False, context)
        if self.how is not Break.BEFORE:
            execute(sql, params, many, context)
        raise OperationalError(f"{self}") if self.how is Break.LOST else Interruption(f"{self}")

    def __str__(self) -> str:
        return f"{self.how.value}, n = {self.at}: {self.said[-1] if self.said else 'none'}"

    @property
    def closes_at(self) -> int:
        """The statement with which the work was committed, as a nested transaction is: what comes later finds it done.
        One more than all of them where there was no transaction."""
        depth, last = 0, len(self.said) + 1
        for place, sql in enumerate(self.said, start=1):
            depth += sql.startswith("SAVEPOINT ")
            if sql.startswith("RELEASE SAVEPOINT "):
                depth -= 1
                if depth == 0:
                    last = place
        return last


# --- What it leaves ---------------------------------------------------------------------------------------------------

Rows = dict[str, tuple[int, str]]


@cache
def _question() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
            " order by relname"
        )
        tables = [name for (name,) in cursor.fetchall()]
    return " union all ".join(
        f"select '{name}', count(*), coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from \"{name}\" t"
        for name in tables
    )


def all_rows() -> Rows:
    """Each table with the number of its rows and one digest of all of them."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_question())
        return {name: (number, digest) for name, number, digest in cursor.fetchall()}


def differences(before: Rows, after: Rows) -> dict[str, int]:
    """Each table that is not as it was, with how many rows more it has; 0 where rows changed. The tables that triggers fill
    with former values are left out: they follow."""
    return {
        name: number - before[name][0]
        for name, (number, digest) in after.items()
        if (number, digest) != before[name] and not _is_history(name)
    }


def _is_history(table: str) -> bool:
    return table.startswith("pghistory_") or (table.endswith("event") and table != "audit_event")


# --- One action -------------------------------------------------------------------------------------------------------


@dataclass
class Case:
    """One call of an action, on rows that are there already. `writes` is what it leaves when it is done, by hand: each
    model whose rows it touches, with how many rows more there are. Some acts end in a `refusal`, and keep something."""

    by: User
    writes: Mapping[type[Model], int]
    given: Mapping[str, Any]
    refusal: type[ValidationError] | None = None
    act: Callable[..., Any] = field(init=False)

    @property
    def whole(self) -> dict[str, int]:
        return _tables(self.writes)

    def run(self) -> Any:
        # A page reads its rows anew each time; what a broken attempt did to them in memory is gone.
        given, by = deepcopy((self.given, self.by))
        return self.act(**given, by=by)

    def attempt(self) -> bool:
        """As a page runs it that catches what is raised and goes on to commit. True where it came to its end."""
        try:
            self.run()
        except ValidationError as error:
            if self.refusal is None or not isinstance(error, self.refusal):
                raise
        except (Interruption, DatabaseError):
            # Django marks some transactions as broken; an action that cleans up after itself does not need that.
            transaction.set_rollback(False)
            return False
        return True


def interrupted(case: Case, how: Break) -> int:
    """Breaks the action at each of its statements, looks each time, then lets it run; answers how many statements it has.
    Raises AssertionError as `at_each_statement` does."""
    act_as(case.by.pk)
    return at_each_statement(case.attempt, case.whole, how)


# --- One request ------------------------------------------------------------------------------------------------------


def interrupted_request(
    send: Callable[[], HttpResponse], writes: Mapping[type[Model], int], how: Break
) -> int:
    """The same for a whole request, from its first statement to its last: it answers 500, and tells of nothing as done."""

    def attempt() -> bool:
        response = send()
        if response.status_code < 500:
            return True
        assert response.status_code == 500
        told = response.cookies.get("messages")
        assert told is None or not told.value, "a message tells of what was taken back"
        return False

    return at_each_statement(attempt, _tables(writes), how)


# --- At each statement ------------------------------------------------------------------------------------------------


def at_each_statement(attempt: Callable[[], bool], whole: dict[str, int], how: Break) -> int:
    """Breaks `attempt` at each of its statements and looks each time, then lets it run. Answers how many there are.

    Raises AssertionError where something is left of an attempt that broke off, or not all of it where it had come to the
    end of its transaction; where a mail is to go out about it; and where the last attempt, unbroken, is not whole."""
    before = all_rows()
    with _taken_back():
        once = Breaker()
        assert _tried(attempt, once)
        assert differences(before, all_rows()) == whole, "the whole is not what is written down"
    for at in range(1, len(once.said) + 1):
        waiting = len(connection.run_on_commit)
        breaker = Breaker(at, how)
        with _taken_back():
            ended = _tried(attempt, breaker)
            rows, to_do = all_rows(), len(connection.run_on_commit) - waiting
        left = differences(before, rows) if rows != before else None
        assert not ended, f"went on as if nothing had happened: {breaker}"
        if at < once.closes_at:
            assert (left, to_do) == (None, 0), f"left behind: {left}, to do on commit: {to_do}; {breaker}"
        else:
            assert left in (None, whole), f"left behind: {left}; {breaker}"
    assert all_rows() == before
    assert _tried(attempt, Breaker())
    assert differences(before, all_rows()) == whole
    assert not mail.outbox, "a mail went out before the commit"
    return len(once.said)


def _tried(attempt: Callable[[], bool], breaker: Breaker) -> bool:
    """One attempt in a transaction that goes on to commit."""
    ended = False
    try:
        with transaction.atomic(), connection.execute_wrapper(breaker):
            ended = attempt()
    except DatabaseError:
        pass  # PostgreSQL keeps nothing of a transaction that broke
    return ended


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _tables(writes: Mapping[type[Model], int]) -> dict[str, int]:
    return {model._meta.db_table: more for model, more in writes.items()}
