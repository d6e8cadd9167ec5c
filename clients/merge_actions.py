"""Two records are merged, and parted again. Both clients carry it on the trail."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from access.meanwhile import plain
from access.refusals import refused, sentence_for
from audit.models import Action
from audit.trail import record
from clients import merging
from clients.actions import take_values, what_is_known
from clients.models import Client, Merge
from staff.models import User

CHANGED = (
    "Somebody changed one of the two records while you were looking. Look at them again; nothing was merged."
)


def merge_clients(
    *, kept: Client, merged: Client, chosen: Mapping[str, str], seen: str, reason: str, by: User
) -> Merge:
    """One record is kept, the other's courses move to it. `chosen` says for fields in which they differ whose value is taken
    (`merging.KEPT`, `MERGED` or `BOTH`), `seen` what the page showed of both (`merging.seen_of`)."""
    with refused():
        kept, merged = _held(kept, merged)
        in_the_way = merging.what_is_in_the_way(kept, merged, user=by)
        if in_the_way:
            raise ValidationError(in_the_way)
        if seen != merging.seen_of(kept, merged, user=by):
            raise ValidationError(CHANGED, code="changed")
        reason = reason.strip()
        if not reason:
            raise ValidationError({"reason": "Say how you know that they are one person."})
        before, after = what_is_known(kept), merging.chosen_values(chosen, kept, merged)
        changes = {name: value for name, value in after.items() if plain(value) != plain(before[name])}
        key = _merge(
            kept,
            merged,
            reason,
            chosen=dict(chosen),
            before={name: plain(before[name]) for name in changes},
            after={name: plain(value) for name, value in changes.items()},
        )
        take_values(kept, changes)
        for client, what in (
            (kept, f"Merged {merged.number} into this record"),
            (merged, f"Merged this record into {kept.number}"),
        ):
            record(Action.CHANGE, what, by=by, about=client, reason=reason)
    return Merge.objects.visible_to(by).get(pk=key)


def part_clients(*, merge: Merge, by: User) -> Merge:
    """The courses that moved go back, and the kept record gets back what merging changed, unless somebody has changed it since:
    `not_restored` of what is returned. Courses that were opened since stay with the kept record."""
    with refused():
        kept, _ = _held(merge.kept, merge.merged)
        fresh = Merge.objects.visible_to(by).reversible(at=timezone.now()).filter(pk=merge.pk).first()
        if fresh is None:
            raise ValidationError(str(sentence_for("merge_stays")))
        if kept.merged_into_id is not None:
            raise ValidationError(str(sentence_for("parted_in_turn")))
        back, left = merging.going_back(fresh, kept)
        take_values(kept, back)
        with connection.cursor() as cursor:
            cursor.execute("select part_clients(%s, %s)", [fresh.pk, left])
        labels = ", ".join(merging.label_of(name) for name in left)
        reason = f"Changed since, and not restored: {labels}." if left else ""
        for client, what in (
            (kept, f"Parted {fresh.merged.number} from this record"),
            (fresh.merged, f"Parted this record from {kept.number}"),
        ):
            record(Action.CHANGE, what, by=by, about=client, reason=reason)
        fresh.refresh_from_db()
    return fresh


def _held(kept: Client, merged: Client) -> tuple[Client, Client]:
    """Both rows as they stand, locked in the order of their keys as the database's functions do."""
    rows = Client.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    by_key = {row.pk: row for row in rows}
    if len(by_key) < len({kept.pk, merged.pk}):
        raise ValidationError("One of these clients is no longer yours to change.")
    return by_key[kept.pk], by_key[merged.pk]


def _merge(kept: Client, merged: Client, reason: str, **values: Any) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "select merge_clients(%s, %s, %s, %s::jsonb)", [kept.pk, merged.pk, reason, json.dumps(values)]
        )
        return cursor.fetchone()[0]
