"""Fixtures that every test may ask for, and the app role that every test wears (tests/roles.py)."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis

from tests.cast import Cast, system_person
from tests.roles import as_owner, wear

# How long an example takes depends on what else the machine does; where a time is promised, a test of its own says so.
hypothesis.register_profile("clinic", hypothesis(deadline=None))
hypothesis.load_profile("clinic")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    wear("ipt_owner")  # creates the database and migrates


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        wear("ipt_app")
    yield
    with django_db_blocker.unblock():
        wear("ipt_owner")  # drops the database


# What a migration fills and no test changes: emptied, it would be filled anew after each test, with all the SQL laid again.
KEPT = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture(autouse=True, scope="session")
def _flush_as_owner() -> Iterator[None]:
    """The app role may not TRUNCATE, and the flush after a transactional test does. It takes the person whom a migration made
    too: whoever signs a session needs them."""
    from django.db import connection
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        wear("ipt_owner")
        try:
            filled = sorted(set(connection.introspection.table_names()) - set(KEPT))
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, filled))}")
            system_person()
        finally:
            wear("ipt_app")

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True)
def _really_the_app_role(request: pytest.FixtureRequest) -> Iterator[None]:
    """A suite that ran as the owner would pass with every policy missing."""
    names = request.fixturenames
    if "db" in names or "transactional_db" in names:
        request.getfixturevalue("transactional_db" if "transactional_db" in names else "db")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "select current_user, rolbypassrls or rolsuper from pg_roles where rolname = current_user"
            )
            assert cursor.fetchone() == ("ipt_app", False)
    yield


@pytest.fixture
def cast(db: None) -> Cast:
    """The people and two clients, built past the walls."""
    with as_owner():
        return Cast()


class _Undefined(str):
    """Stands for a variable that a template names and nobody gave: fails in our own templates, is silent in others'."""

    def __contains__(self, part: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        template = sys._getframe(1).f_locals["context"].template
        ours = settings.BASE_DIR / "templates"
        if ours in Path(template.origin.name).parents:
            raise AssertionError(f"{template.origin.template_name}: {{{{ {variable} }}}} is not defined")
        return ""


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> Iterator[None]:
    from django.template import engines

    engine = engines["django"].engine
    engine.string_if_invalid = _Undefined("%s")
    yield
    engine.string_if_invalid = ""
