"""Who acts in this transaction, as PostgreSQL's row-level security knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction


def act_as(user_id: UUID | None) -> None:
    """Says who acts until the transaction ends. Raises RuntimeError outside one: a session-level setting leaks
    to the next person that a connection pool serves."""
    if not connection.in_atomic_block:
        raise RuntimeError("act_as needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.user_id', %s, true)", [str(user_id or "")])


@contextmanager
def acting(user_id: UUID | None) -> Iterator[None]:
    """A transaction in which somebody acts, for what happens outside a request's own."""
    with transaction.atomic():
        act_as(user_id)
        yield


def act_by_link(secret_hash: bytes | None) -> None:
    """Says which cookie a client's request has, until the transaction ends; nobody who works here acts in it. What it may do
    is said in access/rls (`my_link`)."""
    if not connection.in_atomic_block:
        raise RuntimeError("act_by_link needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.user_id', '', true), set_config('app.link', %s, true)",
            [secret_hash.hex() if secret_hash else ""],
        )
