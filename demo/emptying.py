"""Empties the invented clinic before it is filled anew. Never called on any other."""

from django.apps import apps
from django.db import connection

from staff.models import Clinic, User

# Django's own tables that hold nothing of the clinic's; the people and the clinic's row are cleared one by one.
_KEPT_APPS = {"contenttypes", "auth", "sessions"}


def empty_the_demo() -> None:
    """Takes every row but the system person out of the clinic's tables. Raises RuntimeError where the clinic is real."""
    if not Clinic.objects.filter(is_demo=True).exists():
        raise RuntimeError("this is not the invented clinic")
    kept = {User._meta.db_table, Clinic._meta.db_table}
    tables = sorted(
        {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label not in _KEPT_APPS and model._meta.managed and not model._meta.proxy
        }
        - kept
    )
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted}")  # names of our own tables
        cursor.execute("DELETE FROM staff_user WHERE NOT is_system")
