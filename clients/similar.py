"""Keys by which two people could be mistaken for one another: names that sound alike in any order, or one surname and one
date of birth."""

import re
import unicodedata
from datetime import date

_SAME_SOUND = (("ph", "f"), ("ck", "k"), ("c", "k"), ("z", "s"), ("gh", "g"), ("th", "t"), ("sh", "s"))


def _plain(name: str) -> str:
    without_accents = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", without_accents.lower()) or name.strip().lower()


def sound(name: str) -> str:
    """A name without what people mishear: accents, vowels, doubled letters. `Maya` and `Mia` are both `m`."""
    plain = _plain(name)
    for written, heard in _SAME_SOUND:
        plain = plain.replace(written, heard)
    consonants = re.sub(r"[aeiouyhw]", "", plain[1:])
    first = "a" if plain[:1] in "aeiouy" else plain[:1]
    return re.sub(r"(.)\1+", r"\1", first + consonants)


def keys(first_name: str, last_name: str, preferred_name: str, born: date | None) -> list[str]:
    """The keys of one person; two people who share a key could be mistaken. Sorted, without repeats; none of somebody whose
    last name is not known yet."""
    if not last_name.strip():
        return []
    last = sound(last_name)
    pairs = {" ".join(sorted((sound(name), last))) for name in (first_name, preferred_name) if name.strip()}
    return sorted(pairs | ({f"{last} {born.isoformat()}"} if born else set()))
