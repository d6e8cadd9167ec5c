"""The invented clinic, filled once for a module inside a transaction that is taken back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.roles import as_owner

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demo_clinic(django_db_setup: None, django_db_blocker: Any) -> Iterator[date]:
    """Gives the day around which the clinic's dates lie."""
    with django_db_blocker.unblock(), transaction.atomic():
        with as_owner():
            call_command("demo", today=MONDAY, verbosity=0)
        yield MONDAY
        transaction.set_rollback(True)
