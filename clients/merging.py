"""Two records of one person: what differs between them, what is in the way of merging, and what parting would give back.

Merging keeps one record and moves the other's courses to it. That an administrator may do so without seeing what hangs on a
course is the work of two functions of the database (access/rls/60_merging.sql)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from access.meanwhile import plain, same
from clients.actions import FIELDS
from clients.models import Client, Merge
from staff.models import User

KEPT, MERGED, BOTH = "kept", "merged", "both"
MOST_CLASHES = 3
# Where the two differ, nothing that somebody asked to be careful about is lost unless a person chooses so.
NO_IS_CAREFUL = ("may_email", "may_leave_message", "may_write_home")
YES_IS_CAREFUL = ("needs_evenings", "needs_video", "needs_step_free")
JOINED = ("must_not_be_told", "other_needs")
LABELS = {
    "asks_for": "Asks for a therapist",
    "gp_practice": "Practice of the GP",
    "emergency_relation": "Emergency contact: who they are",
    "emergency_phone": "Emergency contact: phone",
}


@dataclass(frozen=True)
class Difference:
    """A field in which two records differ, each value in words. `joined` is both in one, empty where they cannot be."""

    name: str
    label: str
    kept: str
    merged: str
    joined: str
    proposed: str

    @property
    def choices(self) -> list[tuple[str, str]]:
        both = [(BOTH, self.joined)] if self.joined else []
        return [(KEPT, self.kept), (MERGED, self.merged), *both]


def differences(kept: Client, merged: Client) -> list[Difference]:
    """In the order of the client's page."""
    return [_difference(name, kept, merged) for name in FIELDS if not _agree(name, kept, merged)]


def in_common(kept: Client, merged: Client) -> list[str]:
    """What both say alike, by its label; what neither says is left out."""
    alike = [name for name in FIELDS if _agree(name, kept, merged)]
    return [label_of(name) for name in alike if getattr(kept, name)]


def value_of(name: str, choice: str, kept: Client, merged: Client) -> Any:
    if choice == BOTH:
        return _joined(name, kept, merged)
    return getattr(merged if choice == MERGED else kept, name)


def label_of(name: str) -> str:
    return LABELS.get(name) or capfirst(str(_field(name).verbose_name))


def warnings_about(kept: Client, merged: Client) -> list[str]:
    """What speaks against their being one person."""
    said = []
    if kept.nhs_number and merged.nhs_number:
        said.append("They have two different NHS numbers.")
    if kept.date_of_birth != merged.date_of_birth:
        said.append("They have two different dates of birth.")
    return said


def what_is_in_the_way(kept: Client, merged: Client, *, user: User) -> list[str]:
    """Why these two cannot be merged now, in words; empty where they can."""
    if kept.pk == merged.pk:
        return ["This is one record already."]
    if kept.merged_into_id or merged.merged_into_id:
        return ["One of the two has been merged with another already."]
    both_open = all(client.courses.visible_to(user).open().exists() for client in (kept, merged))
    waits = "Both have an open course. Merging waits until one of the two has ended."
    return ([waits] if both_open else []) + _clashes(kept, merged, user)


def _clashes(kept: Client, merged: Client, user: User) -> list[str]:
    """Appointments of both at one time: one person is not in two places."""
    courses: Any = Client._meta.get_field("courses").related_model
    sessions = courses._meta.get_field("sessions").related_model.objects.visible_to(user).standing()
    theirs = sessions.filter(
        client=merged, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    clashing = sessions.filter(Exists(theirs), client=kept).order_by("starts_at")[:MOST_CLASHES]
    return [
        f"Both have an appointment on {_day_clock(session.starts_at)}. Move or cancel one of the two first."
        for session in clashing
    ]


def seen_of(kept: Client, merged: Client, *, user: User) -> str:
    """What the preview showed, in 16 digits: both records as they stand and their courses."""
    courses = [
        [str(course.pk), course.status]
        for client in (kept, merged)
        for course in client.courses.visible_to(user).order_by("pk")
    ]
    shown = [str(kept.pk), kept.version, str(merged.pk), merged.version, courses]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def going_back(merge: Merge, kept: Client) -> tuple[dict[str, Any], list[str]]:
    """Of the values that merging changed: those that nobody has changed since, as they were before, and the names of the
    others, which stay."""
    back, left = {}, []
    for name, before in merge.before.items():
        if not same(plain(getattr(kept, name)), merge.after[name]) or _is_taken(name, before, merge):
            left.append(name)
        else:
            back[name] = _field(name).to_python(before)
    return back, left


def _is_taken(name: str, value: Any, merge: Merge) -> bool:
    """An NHS number that a third client has been given since."""
    if name != "nhs_number" or not value:
        return False
    others = Client.objects.exclude(pk__in=[merge.kept_id, merge.merged_id])
    return others.filter(nhs_number=value).exists()


def _field(name: str) -> Any:
    return Client._meta.get_field(name)


def _agree(name: str, kept: Client, merged: Client) -> bool:
    return same(plain(getattr(kept, name)), plain(getattr(merged, name)))


def _difference(name: str, kept: Client, merged: Client) -> Difference:
    return Difference(
        name=name,
        label=label_of(name),
        kept=_in_words(name, kept),
        merged=_in_words(name, merged),
        joined=_joined(name, kept, merged),
        proposed=_proposed(name, kept, merged),
    )


def _proposed(name: str, kept: Client, merged: Client) -> str:
    mine, theirs = getattr(kept, name), getattr(merged, name)
    if name in NO_IS_CAREFUL:
        return MERGED if mine else KEPT
    if name in YES_IS_CAREFUL or not mine or not theirs:
        return KEPT if mine else MERGED
    return BOTH if _joined(name, kept, merged) else KEPT


def _joined(name: str, kept: Client, merged: Client) -> str:
    """Both texts, one under the other; empty where there are no two, or where they are too long for one field."""
    if name not in JOINED:
        return ""
    texts = [getattr(kept, name), getattr(merged, name)]
    joined = "\n".join(texts)
    return joined if all(texts) and len(joined) <= _field(name).max_length else ""


def _in_words(name: str, client: Client) -> str:
    value = getattr(client, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return date_format(value, "D j M Y")
    if name == "asks_for":
        return client.get_asks_for_display()
    return str(value) if value else "nothing"


def _day_clock(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'D j M Y')}, {local:%H:%M}"


def chosen_values(chosen: Mapping[str, str], kept: Client, merged: Client) -> dict[str, Any]:
    """The value of each field that differs, as it was chosen; the kept record's where nothing was."""
    return {
        each.name: value_of(each.name, chosen.get(each.name, KEPT), kept, merged)
        for each in differences(kept, merged)
    }
