"""Somebody refers themself on the clinic's public page. Nobody is signed in: one function of the database
(`receive_referral` in access/rls) keeps client, course, referral and words, and gives back no more than the keys of what it
made. Whoever is to be told of a tick is told at once; the acknowledgement says nothing clinical."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.template.loader import render_to_string

from clients import similar
from referrals.entry_actions import TICKS, tell_of_ticks
from staff import outbox
from staff.jobs import as_the_system
from staff.models import Clinic

# The clinic treats adults; from this age on a young person may ask for themself, and a clinician says what fits.
YOUNGEST = 16
_log = logging.getLogger(__name__)


def receive(
    *,
    person: Mapping[str, Any],
    words: Mapping[str, Any],
    agreed: str,
    key: UUID,
    clinic: Clinic,
    at: datetime,
) -> bool:
    """Keeps what the form says, and answers whether it was taken: not while the page is closed. `person` has the fields of a
    client by name with `best_times`; `agreed` the words of the consent; `key` is the page's own, so that a form that is sent
    twice arrives once. Who is known here already makes no difference that could be seen."""
    with transaction.atomic():
        kept = _keep(person, words, agreed, key)
        if kept is None:
            return False
        course, is_new = kept
        if any(words[tick] for tick in TICKS):
            _tell(course, at)
        if is_new and person["email"] and person["may_email"]:
            _acknowledge(person["email"], clinic)
    return True


def _keep(
    person: Mapping[str, Any], words: Mapping[str, Any], agreed: str, key: UUID
) -> tuple[UUID, bool] | None:
    born = person["date_of_birth"]
    alike = similar.keys(person["first_name"], person["last_name"], "", born)
    values: list[Any] = [key, _packed(person), alike, agreed, _packed(words)]
    with connection.cursor() as cursor:
        cursor.execute(
            "select course, is_new from receive_referral(%s, %s::jsonb, %s::text[], %s, %s::jsonb)", values
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def _packed(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), default=str)


def _tell(course: UUID, at: datetime) -> None:
    """At once. Where that fails the referral and its alerts stand all the same: who is told falls due again at the next
    `remind`."""
    try:
        with transaction.atomic():
            tell_of_ticks(course, at=at)
    except Exception:
        _log.exception("Nobody was told at once of a tick on the public page.")


def _acknowledge(email: str, clinic: Clinic) -> None:
    """That it came, to who said that email is safe. Neither name nor problem."""
    body = render_to_string("refer/mail/received.txt", {"clinic": clinic})
    with as_the_system():
        outbox.queue(to=email, subject=f"{clinic.name}: we have your form", body=body)
