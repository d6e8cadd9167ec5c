"""Whether a database holds the invented clinic or a real one, so that the two never mix.

The mark is a comment on the database: it needs no table and is there before the first migration.
A database without the mark is known by its people.
"""

from typing import Any, Literal

from psycopg2 import sql

Kind = Literal["demo", "clinic"]
DEMO_SIGN_IN = "therapist@clinic.example"
_COMMENTS: dict[Kind, str] = {"demo": "IPT clinic: invented data", "clinic": "IPT clinic: a real clinic"}


def kind_of(connection: Any) -> Kind | None:
    """What the database was marked as or what its people show; None when it is new. Asks as owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        comment = cursor.fetchone()[0]
        for kind, text in _COMMENTS.items():
            if comment == text:
                return kind
        if not has_people(connection):
            return None
        cursor.execute("SELECT 1 FROM staff_user WHERE email = %s", [DEMO_SIGN_IN])
        return "demo" if cursor.fetchone() else "clinic"


def mark(connection: Any, kind: Kind) -> None:
    """Writes what the database holds; the owner may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        name = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(_COMMENTS[kind])))


def has_people(connection: Any) -> bool:
    """True when somebody who may sign in works here; False too before the first migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.staff_user')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM staff_user WHERE NOT is_system)")
        return bool(cursor.fetchone()[0])
