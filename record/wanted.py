"""What the address of a list asks for: order, filters, page. Only what stands on a list is heard; anything else is as if it
had not been said, so that no address breaks a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

LAST_PAGE = 50
LONGEST_NAME = 80


@dataclass(frozen=True)
class Wanted:
    """A list's order (`sort`, with a minus for the other way round), filters and page. Empty is the default."""

    sort: str = ""
    phase: str = ""
    focus: str = ""
    show: str = ""
    flag: str = ""
    q: str = ""
    therapist: UUID | None = None
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return any((self.phase, self.focus, self.show, self.flag, self.q, self.therapist))

    def query(self, **changes: Any) -> str:
        """The address of this list with something changed; a change of order or filter begins at page 1."""
        wanted = replace(self, **{"page": 1, **changes})
        said = {name: value for name, value in vars(wanted).items() if value and (name, value) != ("page", 1)}
        return f"?{urlencode(said)}#list"


def wanted(
    said: Mapping[str, str],
    *,
    sorts: Sequence[str] = (),
    phases: Sequence[str] = (),
    foci: Sequence[str] = (),
    shown: Sequence[str] = (),
    flags: Sequence[str] = (),
    by_therapist: bool = False,
) -> Wanted:
    """Reads an address. `sorts` and the others say what this list allows."""
    sort = said.get("sort", "")
    return Wanted(
        sort=sort if sort.removeprefix("-") in sorts and not sort.startswith("--") else "",
        phase=_one_of(said, "phase", phases),
        focus=_one_of(said, "focus", foci),
        show=_one_of(said, "show", shown),
        flag=_one_of(said, "flag", flags),
        q=name_in(said),
        therapist=_key(said.get("therapist", "")) if by_therapist else None,
        page=page_in(said),
    )


def name_in(said: Mapping[str, str]) -> str:
    """The words to find somebody by. PostgreSQL keeps no NUL, so it looks for none."""
    return " ".join(said.get("q", "").replace("\0", " ").split())[:LONGEST_NAME]


def _one_of(said: Mapping[str, str], name: str, allowed: Sequence[str]) -> str:
    value = said.get(name, "")
    return value if value in allowed else ""


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def page_in(said: Mapping[str, str]) -> int:
    """A page from 1 up: far down a long list, a name or a filter is the way, so that no page reads the whole clinic."""
    text = said.get("page", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        return 1
    return min(max(int(text), 1), LAST_PAGE)
