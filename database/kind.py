"""Whether a database holds the invented clinic or a real one, so that the two never mix.

The clinic's own row says it, and a backup carries it along. Asked with plain SQL, before Django starts.
"""

from typing import Any, Literal

Kind = Literal["demo", "clinic"]


def kind_of(connection: Any) -> Kind | None:
    """None while the database is new: no tables, or nobody who works here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.staff_clinic')")
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute("SELECT is_demo FROM staff_clinic")
        clinic = cursor.fetchone()
        if clinic is not None:
            return "demo" if clinic[0] else "clinic"
        cursor.execute("SELECT EXISTS (SELECT FROM staff_user WHERE NOT is_system)")
        return "clinic" if cursor.fetchone()[0] else None
