"""Loaded by pytest before Django's settings: the suite signs in to PostgreSQL as a login that wears the app role, so that
every test meets the walls which a page meets. Fixtures put on the owner to build what a test needs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["IPT_DB_ROLE"] = "test"
os.environ.setdefault("SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests-only-for-tests")
os.environ.setdefault("DEMO", "1")
os.environ["STATIC_ROOT"] = str(Path(__file__).parents[1] / "static")
# Playwright's sync interface keeps an event loop in this thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def wear(role: str) -> None:
    """The role of this connection from now on, also after it is opened anew."""
    from django.db import connection

    connection.settings_dict["OPTIONS"]["assume_role"] = role
    if connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")


@contextmanager
def as_owner() -> Iterator[None]:
    """Builds rows past the walls, inside the test's own transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ipt_owner")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE ipt_app")
