"""Names of third parties in a letter: which people of the inventory a text names, and the same text with their relationship to
the client in the place of the name. Pure: nothing is asked of the database.

Whole words count, whatever their case. Of a name of several words each word counts that is no title."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

# The GP is no third party: letters are written to them.
NOT_HIDDEN = frozenset({"gp", "general practitioner", "family doctor", "doctor"})
# Words of a name that name nobody by themselves.
TITLES = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "prof",
        "professor",
        "sir",
        "aunt",
        "auntie",
        "uncle",
        "the",
        "of",
        "and",
        "van",
        "von",
        "de",
        "da",
        "del",
        "la",
        "le",
        "st",
        "my",
    }
)
GENERIC = "somebody close"


@dataclass(frozen=True)
class Other:
    """Somebody of the inventory."""

    name: str
    relationship: str

    @property
    def is_hidden(self) -> bool:
        """A name that is only the relationship gives nobody away."""
        role = _plain(self.relationship)
        return role not in NOT_HIDDEN and _plain(self.name) != role

    @property
    def names(self) -> list[str]:
        """The whole name first, then its words."""
        words = [word for word in re.split(r"[\s\-]+", self.name) if len(word) > 1]
        parts = [word for word in words if _plain(word.strip(".,")) not in TITLES] if len(words) > 1 else []
        return list(dict.fromkeys([" ".join(self.name.split()), *parts]))


def named_in(text: str, others: Iterable[Other]) -> list[Other]:
    """Whose name stands in the text, each once."""
    text = unicodedata.normalize("NFC", text)
    found = (
        other
        for other in others
        if other.is_hidden and any(_whole(name).search(text) for name in other.names)
    )
    return list(dict.fromkeys(found))


def without_names(text: str, others: Sequence[Other], *, whose: str) -> str:
    """The text with "your partner" in the place of a name; `whose` is your, their or my."""
    text = unicodedata.normalize("NFC", text)
    hidden = [other for other in others if other.is_hidden]
    pairs = [(name, other) for other in hidden for name in other.names]
    for name, other in sorted(pairs, key=lambda pair: -len(pair[0])):
        text = _replaced(text, name, other, whose)
    # A relationship may itself name somebody: Tom's brother.
    for name, _ in pairs:
        text = _whole(name).sub(GENERIC, text)
    return text


def _replaced(text: str, name: str, other: Other, whose: str) -> str:
    role = re.sub(r"^(?:my|your|his|her|their|the)\s+", "", other.relationship.strip(), flags=re.IGNORECASE)
    role = role[:1].lower() + role[1:]
    said, written = f"{whose} {role}", re.escape(role)
    # "partner Tom", "Tom (partner)" and "Tom, my partner," say it once.
    pattern = re.compile(
        rf"(?:(?:(?<!\w)(?:my|your|his|her|their|the)\s+)?(?<!\w){written},?\s+)?{_whole(name).pattern}"
        rf"(?:\s*\(\s*(?:(?:my|your|his|her|their|the)\s+)?{written}\s*\))?",
        re.IGNORECASE,
    )

    def put(match: re.Match[str]) -> str:
        before = text[: match.start()].rstrip(' "“‘')
        begins = not before or before[-1] in ".!?\n:•" or "\n" in text[len(before) : match.start()]
        return said[:1].upper() + said[1:] if begins else said

    return pattern.sub(put, text)


@lru_cache(maxsize=2000)
def _whole(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in unicodedata.normalize("NFC", name).split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
