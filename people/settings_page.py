"""The page of what the clinic decides for itself, worked out from registry, form and the history of the clinic's row."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.apps import apps
from django.forms import BoundField

from access import policy
from access.meanwhile import plain, same
from people.forms import ClinicForm
from staff.clinic_settings import GROUPS, SETTINGS, Group, Setting
from staff.models import Clinic, User


@dataclass(frozen=True)
class Row:
    """One setting. `field` is None where this person may not change it; `by` and `at` are empty where nobody ever has."""

    setting: Setting
    field: BoundField | None
    value: str
    default: str
    is_default: bool
    is_put_back: bool
    by: str
    at: datetime | None

    @property
    def anchor(self) -> str:
        return f"setting-{self.setting.column}"


def theirs(user: User) -> list[str]:
    """The columns that this person may change."""
    return [setting.column for setting in SETTINGS if policy.may_change_setting(user, setting)]


def groups(form: ClinicForm, *, put_back: str = "") -> list[tuple[Group, list[Row]]]:
    """The page in its order, with what stands or was typed."""
    clinic = Clinic.objects.first() or Clinic()
    changes = last_changes()
    return [
        (group, [_row(each, form, clinic, changes, put_back=put_back) for each in group.settings])
        for group in GROUPS
    ]


def _row(
    setting: Setting,
    form: ClinicForm,
    clinic: Clinic,
    changes: dict[str, tuple[str, datetime]],
    *,
    put_back: str,
) -> Row:
    field = form[setting.column] if setting.column in form.theirs else None
    stands = getattr(clinic, setting.column)
    by, at = changes.get(setting.column, ("", None))
    return Row(
        setting=setting,
        field=field,
        value=setting.in_words(stands),
        default=setting.in_words(setting.default),
        is_default=same(plain(field.value() if field else stands), plain(setting.default)),
        is_put_back=setting.column == put_back,
        by=by,
        at=at,
    )


def last_changes() -> dict[str, tuple[str, datetime]]:
    """Column → who changed it last and when. Two questions, however long the history: a clinic seldom changes its mind."""
    columns = [setting.column for setting in SETTINGS]
    events = apps.get_model("staff", "ClinicEvent")._base_manager.order_by("pgh_created_at", "pgh_id")
    rows = list(events.values(*columns, "pgh_created_at", "pgh_context__metadata__user"))
    last: dict[str, dict[str, Any]] = {}
    for before, after in pairwise(rows):
        last |= {column: after for column in columns if before[column] != after[column]}
    keys = {key for row in last.values() if (key := _key(row["pgh_context__metadata__user"]))}
    people = {person.pk: person.full_name for person in User.objects.filter(pk__in=keys, is_system=False)}
    return {
        column: (people.get(_key(row["pgh_context__metadata__user"]), ""), row["pgh_created_at"])
        for column, row in last.items()
    }


def _key(user: Any) -> UUID | None:
    """The person's key, None for a command and for whoever was not signed in."""
    try:
        return UUID(user) if user else None
    except ValueError:
        return None
