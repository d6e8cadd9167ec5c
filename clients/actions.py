"""A client is registered, and what is known of them is changed. Nothing clinical is written here."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Right

from access.meanwhile import Seen, plain, refuse_stale, same
from access.refusals import refused
from audit.models import Action
from audit.trail import record
from clients import similar
from clients.models import Client
from database import locks
from staff.models import User

FIELDS = (
    *("first_name", "last_name", "preferred_name", "pronouns", "date_of_birth", "nhs_number"),
    *("email", "phone", "address", "postcode", "may_email", "may_leave_message", "may_write_home"),
    *("must_not_be_told", "gp_name", "gp_practice"),
    *("needs_evenings", "needs_video", "needs_step_free", "asks_for", "interpreter", "other_needs"),
    *("emergency_name", "emergency_relation", "emergency_phone"),
)


@dataclass(frozen=True)
class Likeness:
    """A registered client who may be the same person, and what speaks for it."""

    client: Client
    reasons: list[str]


def register_client(*, by: User, looked_at: Collection[UUID] = (), **fields: Any) -> Client:
    """A new client with the next number. Clients who may be the same person must have been looked at first:
    `looked_at` holds their keys."""
    with refused():
        client = Client(**{name: fields[name] for name in FIELDS if name in fields})
        _check(client)
        _one_at_a_time()
        if any(like.client.pk not in looked_at for like in similar_clients(client, user=by)):
            raise ValidationError(
                "This may be somebody who is registered already. Look at the list, then say that it is not.",
                code="similar",
            )
        client.number = _next_number()
        client.save(force_insert=True)
        record(Action.CREATE, "Registered a client", by=by, about=client)
    return client


def change_client(
    *, client: Client, version: int, changes: Mapping[str, Any], by: User, seen: Seen | None = None
) -> Client:
    """What was typed replaces what stands. A change on top of somebody else's, which the person has not seen, is refused
    as `Stale`; fields on which both agree are no reason to refuse."""
    with refused():
        fresh = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
        if fresh is None:
            raise ValidationError("This client is no longer yours to change.")
        before = what_is_known(fresh)
        if version != fresh.version:
            refuse_stale(fresh, seen, before)
        for name in FIELDS:
            if name in changes:
                setattr(fresh, name, changes[name])
        _check(fresh)
        # A browser's own ends of lines are no change.
        changed = [name for name in FIELDS if not same(plain(getattr(fresh, name)), plain(before[name]))]
        if changed:
            fresh.version += 1
            fresh.save(update_fields=[*changed, "similar_keys", "version"])
            record(Action.CHANGE, "Changed a client", by=by, about=fresh)
    return fresh


def what_is_known(client: Client) -> dict[str, Any]:
    """What the page about a client shows and changes, by name of the field."""
    return {name: getattr(client, name) for name in FIELDS}


def similar_clients(client: Client, *, user: User) -> list[Likeness]:
    """Registered clients who may be the same person as this one, ten at most, the likeliest first."""
    keys = similar.keys(client.first_name, client.last_name, client.preferred_name, client.date_of_birth)
    alike = Q(similar_keys__overlap=keys)
    digits = _digits(client.phone)
    if len(digits) >= 9:
        alike |= Q(phone_end=digits[-9:])
    if client.nhs_number:
        alike |= Q(nhs_number=client.nhs_number)
    plain = Func(F("phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")
    found = (
        Client.objects.visible_to(user)
        .alias(phone_end=Right(plain, 9))
        .filter(alike)
        .exclude(pk=client.pk)
        .order_by("last_name", "first_name", "pk")[:10]
    )
    likenesses = [Likeness(other, _reasons(client, other)) for other in found]
    return sorted(likenesses, key=lambda like: -len(like.reasons))


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
    if len(_digits(client.phone)) >= 9 and _digits(client.phone)[-9:] == _digits(other.phone)[-9:]:
        reasons.append("same phone")
    return reasons


def _check(client: Client) -> None:
    """The fields first: what stands together is only looked at when each is sound."""
    client.clean_fields(exclude=["number"])
    client.clean()


def _one_at_a_time() -> None:
    """A form that is sent twice finds the client whom it has just registered."""
    locks.hold("clients_client")


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('client_numbers')")
        return f"C-{cursor.fetchone()[0]}"


def _digits(phone: str) -> str:
    return re.sub(r"[^0-9]", "", phone)
