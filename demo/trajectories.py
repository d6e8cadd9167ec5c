"""How symptoms run through a course, and the answers that add up to them. Pure arithmetic, no rows."""

from collections.abc import Sequence

from demo.chance import Chance

SHAPES = ("improving", "flat", "worsening", "uneven")
ITEMS = {"phq9": 9, "gad7": 7}
HIGHEST = {"phq9": 27, "gad7": 21}
RISK_ITEM = 9
# Which items weigh more in most people: low mood, sleep, energy; thoughts of death only where a plan says so.
_COMMON = {"phq9": (2.2, 2.6, 2.4, 2.6, 1.5, 2.2, 1.8, 0.8, 0.0), "gad7": (2.4, 2.3, 2.5, 2.2, 1.2, 1.9, 1.4)}


def totals(shape: str, count: int, first: int, last: int, *, highest: int, chance: Chance) -> list[int]:
    """`count` totals from `first` to `last`, both kept exactly; what lies between wavers as people do."""
    if count <= 1:
        return [last if count == 1 else 0][:count]
    run = []
    for step in range(count):
        along = step / (count - 1)
        # Most of a gain comes early (about half by a third of the way); a worsening comes late.
        eased = along**0.7 if shape == "improving" else along**1.5 if shape == "worsening" else along
        if shape == "uneven":
            eased += (0.45, -0.3, 0.2, -0.15)[step % 4] * (1 - along)
        waver = chance.choice((-2, -1, -1, 0, 0, 0, 1, 1, 2)) if 0 < step < count - 1 else 0
        run.append(max(0, min(highest, round(first + (last - first) * eased) + waver)))
    run[0], run[-1] = first, last
    return run


class Answers:
    """One client's way of filling in a form: the same items stand out from week to week."""

    def __init__(self, measure: str, chance: Chance) -> None:
        self._chance = chance
        self._measure = measure
        self._weights = [weight * chance.uniform(0.6, 1.4) for weight in _COMMON[measure]]

    def adding_up_to(self, total: int, *, risk: int = 0) -> list[int]:
        """Answers from 0 to 3 whose sum is `total`; `risk` is the answer to item 9 of the PHQ-9 and part of the sum."""
        given = [0] * ITEMS[self._measure]
        others = list(range(len(given)))
        if self._measure == "phq9":
            given[RISK_ITEM - 1] = risk
            others.pop()
        left = total - sum(given)
        pull = [self._weights[item] * self._chance.uniform(0.8, 1.2) for item in range(len(given))]
        while left > 0:
            open_items = [item for item in others if given[item] < 3]
            if not open_items:
                # Eight items hold 24: above that, the ninth has to carry the rest.
                given[RISK_ITEM - 1] += left
                break
            item = max(open_items, key=lambda i: pull[i] / (given[i] + 0.6))
            given[item] += 1
            left -= 1
        return given


def with_gap(answers: Sequence[int], chance: Chance) -> list[int | None]:
    """The same form with one answer left out."""
    gap = chance.randrange(len(answers) - 1)
    return [None if item == gap else answer for item, answer in enumerate(answers)]
