"""Lays the grants, functions, policies and triggers, as owner, after every migrate. Safe twice."""

from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

_FOLDERS = (Path("access/rls"), Path("database/sql"))


def files() -> list[Path]:
    """The SQL files in the order in which they are laid."""
    return [path for folder in _FOLDERS for path in sorted((settings.BASE_DIR / folder).glob("*.sql"))]


def lay_rules() -> None:
    """Runs every file in one transaction. Raises what PostgreSQL raises when the login does not own the tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        for path in files():
            cursor.execute(path.read_text(encoding="utf-8"))
