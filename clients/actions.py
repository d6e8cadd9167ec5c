"""A client is registered, and what is known of them is changed. Nothing clinical is written here."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from access.meanwhile import Seen, plain, refuse_stale, same
from access.refusals import refused
from audit.models import Action
from audit.trail import record
from clients.alike import similar_clients
from clients.models import Client
from database import locks
from staff.models import User

MERGED = "This record was merged with another meanwhile. Nothing was saved."
FIELDS = (
    *("first_name", "last_name", "preferred_name", "pronouns", "date_of_birth", "nhs_number"),
    *("email", "phone", "address", "postcode", "may_email", "may_leave_message", "may_write_home"),
    *("must_not_be_told", "gp_name", "gp_practice"),
    *("needs_evenings", "needs_video", "needs_step_free", "asks_for", "interpreter", "other_needs"),
    *("emergency_name", "emergency_relation", "emergency_phone"),
)


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
        if fresh.merged_into_id is not None:
            raise ValidationError(MERGED)
        if version != fresh.version:
            refuse_stale(fresh, seen, what_is_known(fresh))
        if take_values(fresh, changes):
            record(Action.CHANGE, "Changed a client", by=by, about=fresh)
    return fresh


def take_values(client: Client, values: Mapping[str, Any]) -> list[str]:
    """Values by name of the field, into a row that the caller has locked; gives the names of those that changed by it and were
    saved. Raises ValidationError beside the field that cannot be."""
    before = what_is_known(client)
    for name in FIELDS:
        if name in values:
            setattr(client, name, values[name])
    _check(client)
    # A browser's own ends of lines are no change.
    changed = [name for name in FIELDS if not same(plain(getattr(client, name)), plain(before[name]))]
    if changed:
        client.version += 1
        client.save(update_fields=[*changed, "similar_keys", "version"])
    return changed


def what_is_known(client: Client) -> dict[str, Any]:
    """What the page about a client shows and changes, by name of the field."""
    return {name: getattr(client, name) for name in FIELDS}


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
