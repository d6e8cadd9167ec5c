"""A clinic begins: its first administrator, its own row and the bank holidays of this year and the next two."""

import os
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from staff.models import Clinic, Holiday, Role, User
from staff.working_days import bank_holidays_of_england

FROM_ENVIRONMENT = ("FIRST_ADMIN_NAME", "FIRST_ADMIN_EMAIL", "FIRST_ADMIN_PASSWORD")


class Command(BaseCommand):
    help = (
        "Adds the first administrator of a clinic that has none. Asks for name, email and password, or reads "
        f"{', '.join(FROM_ENVIRONMENT)} where all three are set."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IPT_DB_ROLE == "app":
            raise CommandError("This command works as the database's owner: set IPT_DB_ROLE=owner.")
        if User.objects.working().with_role(Role.ADMINISTRATOR).exists():
            raise CommandError("The clinic has an administrator already, who adds others under People.")
        given = [os.environ.get(name, "") for name in FROM_ENVIRONMENT]
        person = self._from(*given) if all(given) else self._asked()
        with transaction.atomic():
            person.save()
            Clinic.objects.get_or_create(pk=1)
            this_year = timezone.localdate().year
            days = bank_holidays_of_england(range(this_year, this_year + 3))
            Holiday.objects.bulk_create(
                (Holiday(day=day, name=name) for day, name in days.items()), ignore_conflicts=True
            )
        self.stdout.write(
            f"{person.full_name} is the clinic's first administrator: sign in with {person.email}."
        )

    def _from(self, full_name: str, email: str, password: str) -> User:
        try:
            return new_administrator(full_name, email, password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _asked(self) -> User:
        self.stdout.write("The first administrator adds everybody else.")
        while True:
            try:
                full_name, email = input("Name: "), input("Email: ")
                password = getpass("Password (12 characters or more): ")
                if password != getpass("The same again: "):
                    raise ValidationError("The passwords differ.")
                return new_administrator(full_name, email, password)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
            except EOFError:
                raise CommandError(
                    f"Nobody answered. Run this at a terminal, or set {', '.join(FROM_ENVIRONMENT)}."
                ) from None


def new_administrator(full_name: str, email: str, password: str) -> User:
    """Not saved yet. Raises ValidationError for a field or a password that does not do."""
    person = User(full_name=full_name.strip(), email=email.strip().lower(), roles=[Role.ADMINISTRATOR])
    person.set_password(password)
    person.full_clean()
    validate_password(password, person)
    return person
