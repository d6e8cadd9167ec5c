"""What changed between two pictures of the circles, in words. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from interpersonal import circles

NEARER = 6.0  # of 100: less is the same distance to the eye


@dataclass(frozen=True)
class Standing:
    """Somebody on a picture: under which name, and where; x and y are None of who stood beside the circles."""

    name: str
    relationship: str
    x: float | None
    y: float | None

    @property
    def ring(self) -> int | None:
        return None if self.x is None or self.y is None else circles.ring_at(self.x, self.y)

    @property
    def place(self) -> str:
        return circles.in_words(self.x, self.y)


@dataclass(frozen=True)
class Change:
    """One person then and now; None where they were not on that picture."""

    name: str
    then: Standing | None
    now: Standing | None

    @property
    def kind(self) -> str:
        """added, gone, placed, unplaced, closer, further, round, same."""
        then, now = self.then, self.now
        if then is None:
            return "added"
        if now is None:
            return "gone"
        if then.x is None or then.y is None:
            return "same" if now.x is None else "placed"
        if now.x is None or now.y is None:
            return "unplaced"
        return _moved((then.x, then.y), (now.x, now.y))

    @property
    def rings(self) -> str:
        """ "2 → 1", "2" where it is the same, empty of who stands in none."""
        before = self.then.ring if self.then else None
        after = self.now.ring if self.now else None
        if before and after and before != after:
            return f"{before} → {after}"
        return str(after or before or "")

    @property
    def words(self) -> str:
        return WORDS[self.kind]


WORDS = {
    "closer": "closer",
    "further": "further away",
    "round": "as close, elsewhere in the picture",
    "same": "where they stood",
    "placed": "placed since",
    "unplaced": "not placed any more",
    "added": "added since",
    "gone": "taken off since",
}
_SENTENCES = {
    "closer": ("{} has come closer.", "{} have come closer."),
    "further": ("{} stands further away.", "{} stand further away."),
    "added": ("{} was added.", "{} were added."),
    "placed": ("{} was placed.", "{} were placed."),
    "unplaced": ("{} is not placed any more.", "{} are not placed any more."),
    "gone": ("{} was taken off.", "{} were taken off."),
}


def _moved(then: tuple[float, float], now: tuple[float, float]) -> str:
    if not circles.has_moved(then, now):
        return "same"
    nearer = circles.Place(*then).distance - circles.Place(*now).distance
    rings = circles.ring_at(*then) - circles.ring_at(*now)
    if abs(nearer) < NEARER and rings == 0:
        return "round"
    return "closer" if nearer > 0 else "further"


def changes(then: Mapping[object, Standing], now: Mapping[object, Standing]) -> list[Change]:
    """One for everybody on either, by name; `then` and `now` by the key of the person."""
    found = []
    for key in {**then, **now}:
        either = now.get(key) or then[key]
        found.append(Change(either.name, then.get(key), now.get(key)))
    return sorted(found, key=lambda change: change.name.casefold())


def in_words(found: Iterable[Change]) -> str:
    """A short paragraph: "Priya and Joan have come closer. Leigh was added." """
    names: dict[str, list[str]] = {}
    for change in found:
        names.setdefault(change.kind, []).append(change.name)
    said = [
        (one if len(names[kind]) == 1 else more).format(listed(names[kind]))
        for kind, (one, more) in _SENTENCES.items()
        if kind in names
    ]
    return " ".join(said) or "Everybody is as close as before."


def listed(names: Sequence[str]) -> str:
    """ "Priya", "Priya and Joan", "Priya, Joan and Leigh"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
