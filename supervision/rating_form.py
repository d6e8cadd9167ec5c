"""The form on which sessions are rated, as every clinic begins with it, and how a clinic's own is kept. Pure: no database, no
framework. The items are those of adherence scales in general terms; published scales are licensed and not copied here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_ITEMS = 12
MOST_POINTS = 10


@dataclass(frozen=True)
class Item:
    """One line of the form: points from 0 to `most`."""

    code: str
    label: str
    help: str
    most: int = 6


DEFAULT = (
    Item("phase_tasks", "Tasks of the phase", "What this phase asks for was done, or left for a reason that was said."),
    Item("focus", "Focus maintained", "The hour came back to the agreed focus area whenever it drifted."),
    Item("mood_events", "Mood and events linked", "What happened between people was tied to how the client felt, and back."),
    Item("affect", "Work with affect", "Feelings were brought out, borne and put into words."),
    Item("techniques", "Techniques", "Communication analysis, decision analysis, role play: chosen aptly, done well."),
    Item("structure", "Structure and time", "A beginning from the mood, a middle, an end; the time was kept."),
    Item("alliance", "Alliance", "Warm, active, on the client’s side; strains were noticed and met."),
    Item("ending", "Ending in sight", "The limit of time was used; in the last phase, the ending itself was worked on."),
)  # fmt: skip


def packed(items: Sequence[Item]) -> list[dict[str, Any]]:
    """As a row keeps them."""
    return [asdict(item) for item in items]


def unpacked(rows: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """From a row, in their order."""
    return tuple(
        Item(str(row["code"]), str(row["label"]), str(row["help"]), int(row["most"])) for row in rows
    )


def code_for(label: str, taken: Sequence[str]) -> str:
    """A code for a new item that no other has: competence over time follows the code, whatever the item is called later."""
    base = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30] or "item"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code
