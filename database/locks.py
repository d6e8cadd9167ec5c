"""Work that only one does at a time: whoever comes second waits, or goes away."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """False where another process is inside a block of this name; it does not wait. The lock hangs on a transaction of a
    connection of its own: it ends with the process however that ends, and a pool of connections cannot hand it on."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"ipt:{name}"])
        (alone,) = cursor.fetchone()
        try:
            yield alone
        finally:
            cursor.execute("ROLLBACK")


def hold(name: str) -> None:
    """Waits for whoever holds this name, and holds it until the transaction ends: where there is no row yet to lock, or the
    person may not lock it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
