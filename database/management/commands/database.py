"""`manage.py database roles` prints the SQL that makes the two roles on a PostgreSQL of your own."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

ROLES = """\
-- Run as a superuser of PostgreSQL 15 or newer; choose two passwords of your own.
CREATE ROLE ipt_owner LOGIN PASSWORD 'choose-one' CREATEDB NOSUPERUSER NOBYPASSRLS;
CREATE ROLE ipt_app LOGIN PASSWORD 'choose-another' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE ipt OWNER ipt_owner ENCODING 'UTF8';
-- OWNER_DATABASE_URL=postgresql://ipt_owner:choose-one@HOST/ipt      (migrate, demo, backup)
-- DATABASE_URL=postgresql://ipt_app:choose-another@HOST/ipt          (the web)
"""


class Command(BaseCommand):
    help = "Prints the SQL that makes the owner and the app role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["roles"])

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(ROLES)
