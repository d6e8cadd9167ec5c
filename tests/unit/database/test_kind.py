"""An invented clinic and a real one never open in each other's database."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from database.binaries import LauncherError
from database.embedded import Cluster
from database.kind import kind_of
from script._server import refuse_mixing


@pytest.fixture
def connection(cluster: Cluster) -> Iterator[Any]:
    """As owner, in a database where nothing is left of other tests."""
    with closing(psycopg2.connect(cluster.url("ipt_owner"))) as connection:
        yield connection
        connection.rollback()


def lay_tables(connection: Any) -> None:
    run(connection, "CREATE TABLE staff_clinic (is_demo boolean)")
    run(connection, "CREATE TABLE staff_user (email text, is_system boolean)")
    run(connection, "INSERT INTO staff_user VALUES ('system@clinic.example', true)")


def run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_database_without_tables_is_neither(connection: Any) -> None:
    assert kind_of(connection) is None


def test_the_system_person_alone_makes_no_clinic(connection: Any) -> None:
    lay_tables(connection)
    assert kind_of(connection) is None


def test_the_demo_does_not_open_a_real_clinic(connection: Any) -> None:
    lay_tables(connection)
    run(connection, "INSERT INTO staff_clinic VALUES (false)")
    with pytest.raises(LauncherError, match="holds a real clinic, so the demo does not open it"):
        refuse_mixing(True, connection)
    refuse_mixing(False, connection)


def test_a_real_clinic_does_not_open_in_the_demo(connection: Any) -> None:
    lay_tables(connection)
    run(connection, "INSERT INTO staff_clinic VALUES (true)")
    with pytest.raises(LauncherError, match="holds the invented clinic, so no real one opens in it"):
        refuse_mixing(False, connection)
    refuse_mixing(True, connection)


def test_people_without_a_clinics_row_are_taken_for_real(connection: Any) -> None:
    lay_tables(connection)
    run(connection, "INSERT INTO staff_user VALUES ('ada@hospital.example', false)")
    with pytest.raises(LauncherError, match="holds a real clinic"):
        refuse_mixing(True, connection)
