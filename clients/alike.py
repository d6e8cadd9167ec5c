"""Who may be the same person: clients of a similar name, date of birth, phone or NHS number, and what speaks for it."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from access import policy
from clients import similar
from clients.models import Client, last_digits
from staff.models import User

MOST = 10


@dataclass(frozen=True)
class Likeness:
    """A registered client who may be the same person, and what speaks for it."""

    client: Client
    reasons: list[str]


def similar_clients(client: Client, *, user: User) -> list[Likeness]:
    """Registered clients who may be the same person as this one, ten at most, the likeliest first; of those whom the user may
    see. What is not known of this one yet is empty."""
    keys = similar.keys(client.first_name, client.last_name, client.preferred_name, client.date_of_birth)
    phone_end = _phone_end(client.phone)
    if not (keys or phone_end or client.nhs_number):
        return []
    rows = Client.objects.visible_to(user)
    if policy.sees_all_names(user):
        # Among all clients the indexes are asked past the policy; within one caseload there is little to read.
        rows = rows.filter(pk__in=_keys_of_alike(keys, phone_end, client.nhs_number))
    else:
        alike = Q(similar_keys__overlap=keys)
        if phone_end:
            alike |= Q(phone_end=phone_end)
        if client.nhs_number:
            alike |= Q(nhs_number=client.nhs_number)
        rows = rows.alias(phone_end=last_digits("phone")).filter(alike)
    found = rows.exclude(pk=client.pk).order_by("last_name", "first_name", "pk")[: 2 * MOST]
    likenesses = [Likeness(other, _reasons(client, other)) for other in found]
    return sorted(likenesses, key=lambda like: -len(like.reasons))[:MOST]


def similar_names(client: Client, *, user: User) -> list[Client]:
    """Other clients whom the user may see and who could be mistaken for this one by name or date of birth."""
    rows = Client.objects.visible_to(user)
    if policy.sees_all_names(user):
        others = set(_keys_of_alike(client.similar_keys, "", None)) - {client.pk}
        if not others:
            return []
        rows = rows.filter(pk__in=others)
    else:
        rows = rows.filter(similar_keys__overlap=client.similar_keys)
    return list(rows.exclude(pk=client.pk).only("first_name", "last_name", "number")[:2])


def _keys_of_alike(keys: list[str], phone_end: str, nhs_number: str | None) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select clients_alike(%s, %s, %s)", [keys, phone_end or None, nhs_number])
        return cursor.fetchone()[0]


def _reasons(client: Client, other: Client) -> list[str]:
    reasons = []
    if client.nhs_number and client.nhs_number == other.nhs_number:
        reasons.append("same NHS number")
    if client.name.lower() == other.name.lower():
        reasons.append("same name")
    else:
        mine, theirs = (
            similar.keys(each.first_name, each.last_name, each.preferred_name, client.date_of_birth)
            for each in (client, other)
        )
        if set(mine) & set(theirs):
            reasons.append("similar name")
    if client.date_of_birth == other.date_of_birth:
        reasons.append("same date of birth")
    if _phone_end(client.phone) and _phone_end(client.phone) == _phone_end(other.phone):
        reasons.append("same phone")
    return reasons


def _phone_end(phone: str) -> str:
    """Its last nine digits, as `last_digits` says in SQL; empty where there are fewer, which are too few to go by."""
    digits = re.sub(r"[^0-9]", "", phone)
    return digits[-9:] if len(digits) >= 9 else ""
