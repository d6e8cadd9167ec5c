"""An invented clinic and a real one never open in each other's database."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from database.binaries import LauncherError
from database.embedded import Cluster
from database.kind import has_people, kind_of, mark
from script._server import refuse_mixing


@pytest.fixture
def connection(cluster: Cluster) -> Iterator[Any]:
    """As owner, in a database where nothing is left of other tests."""
    with closing(psycopg2.connect(cluster.url("ipt_owner"))) as connection:
        yield connection
        connection.rollback()


def engage(connection: Any, email: str, is_system: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS staff_user (email text, is_system boolean)")
        cursor.execute("INSERT INTO staff_user VALUES (%s, %s)", [email, is_system])


def test_a_new_database_is_neither(connection: Any) -> None:
    assert kind_of(connection) is None
    assert not has_people(connection)


def test_the_system_person_alone_makes_no_clinic(connection: Any) -> None:
    engage(connection, "system@clinic.example", is_system=True)
    assert kind_of(connection) is None


def test_the_demo_does_not_open_a_marked_clinic(connection: Any) -> None:
    mark(connection, "clinic")
    with pytest.raises(LauncherError, match="holds a real clinic, so the demo does not open it"):
        refuse_mixing(True, connection)
    refuse_mixing(False, connection)


def test_a_real_clinic_does_not_open_in_the_demo(connection: Any) -> None:
    mark(connection, "demo")
    with pytest.raises(LauncherError, match="holds the invented clinic, so no real one opens in it"):
        refuse_mixing(False, connection)
    refuse_mixing(True, connection)


def test_a_restored_clinic_without_its_mark_is_known_by_its_people(connection: Any) -> None:
    engage(connection, "ada@hospital.example")
    with pytest.raises(LauncherError, match="holds a real clinic"):
        refuse_mixing(True, connection)


def test_a_restored_demo_without_its_mark_is_known_by_its_people(connection: Any) -> None:
    engage(connection, "therapist@clinic.example")
    with pytest.raises(LauncherError, match="holds the invented clinic"):
        refuse_mixing(False, connection)
