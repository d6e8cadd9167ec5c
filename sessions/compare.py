"""Two versions of one text: which words differ, and both joined into one.

Text alone, no database and no page: what a part of a draft is called and how its value is said stands in parts.py. Every
function is bounded: texts of a megabyte that have nothing in common are marked as different from end to end rather than
compared for minutes."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

# A word is whatever is neither a space nor a sign: accents, joiners and the parts of an emoji stay with their letter.
# Scripts that put no space between words are compared letter by letter.
_SIGNS = r"!-/:-@\[-`{-~¡-©«-±´¶-¸»¿\u2010-\u2027\u2030-\u205e\u3001-\u301f"
_LETTERS_OF_THEIR_OWN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_INSIDE = rf"[^\s{_SIGNS}{_LETTERS_OF_THEIR_OWN}]+"
WORDS = re.compile(rf"[{_LETTERS_OF_THEIR_OWN}]|{_INSIDE}(?:['’]{_INSIDE})*|\s+|[{_SIGNS}]")
SIGN_OR_SPACE = re.compile(rf"[\s{_SIGNS}]")
# Each matches where a unit ends, and takes a single walk through the text, whatever stands in it.
END_OF_SENTENCE = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’)\]]))[^\S\n]+|[。！？]+|\n")
END_OF_LINE = re.compile(r"\n")

STEPS = 1_000_000  # of work for one comparison: about a second
LIKE = 0.5  # the share of common words from which two sentences, or paragraphs, are versions of each other

Piece = tuple[str, bool]
Units = list[str]
Splitter = Callable[[str], Units]


@dataclass(frozen=True)
class Stretch:
    """A run of text: the same on both sides, or what stands in its place on each; one of the two may be empty."""

    mine: str
    theirs: str
    is_common: bool


def marked(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces of (text, whether it differs). The pieces of a side, put together, are that side exactly."""
    stretches = _calm(_stretches(mine, theirs, (_lines, _sentences, WORDS.findall), _Budget(STEPS)))
    return (
        [(one.mine, not one.is_common) for one in stretches if one.mine],
        [(one.theirs, not one.is_common) for one in stretches if one.theirs],
    )


def joined(mine: str, theirs: str) -> str:
    """One text that holds all of both: what is common once; of two versions of a sentence or paragraph both, mine first;
    of a sentence that only one side went on with, the longer. Each side can be read out of it from left to right."""
    return _joined(mine, theirs, ((_lines, "\n"), (_sentences, " ")), _Budget(STEPS))


# --- What differs -----------------------------------------------------------------------------------------------------


class _Budget:
    """How much work is left. Spent, the rest counts as different."""

    def __init__(self, steps: int) -> None:
        self.steps = steps


def _stretches(mine: str, theirs: str, levels: tuple[Splitter, ...], budget: _Budget) -> Iterator[Stretch]:
    """Lines first, then the sentences of the lines that differ, then the words of those."""
    if mine == theirs or not levels or not mine or not theirs:
        yield Stretch(mine, theirs, mine == theirs)
        return
    for ours, others, is_common in _aligned(levels[0](mine), levels[0](theirs), budget):
        if is_common:
            yield Stretch("".join(ours), "".join(others), True)
        else:
            yield from _stretches("".join(ours), "".join(others), levels[1:], budget)


def _lines(text: str) -> Units:
    return _cut(text, END_OF_LINE)


def _sentences(text: str) -> Units:
    return _cut(text, END_OF_SENTENCE)


def _cut(text: str, ends: re.Pattern[str]) -> Units:
    places = [0, *(end.end() for end in ends.finditer(text)), len(text)]
    return [text[start:stop] for start, stop in pairwise(places) if start < stop]


def _aligned(mine: Units, theirs: Units, budget: _Budget) -> Iterator[tuple[Units, Units, bool]]:
    """The units of both sides, common and different in turn; some may be empty."""
    start = _common_start(mine, theirs)
    yield mine[:start], theirs[:start], True
    end = _common_start(mine[start:][::-1], theirs[start:][::-1])
    stop, their_stop = len(mine) - end, len(theirs) - end
    at, their_at = start, start
    for i, j, length in _runs(mine[start:stop], theirs[start:their_stop], budget):
        yield mine[at : start + i], theirs[their_at : start + j], False
        at, their_at = start + i + length, start + j + length
        yield mine[start + i : at], theirs[start + j : their_at], True
    yield mine[at:stop], theirs[their_at:their_stop], False
    yield mine[stop:], theirs[their_stop:], True


def _common_start(mine: Units, theirs: Units) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine, theirs, strict=False)))


def _runs(mine: Units, theirs: Units, budget: _Budget) -> list[tuple[int, int, int]]:
    """Where both go on alike: (place in mine, place in theirs, how long), in order. Myers' greedy walk (1986), which costs
    what the differences cost and not what the texts do; none where half of the work that is left does not suffice."""
    if not mine or not theirs:
        return []
    least = budget.steps // 2
    most = len(mine) + len(theirs)
    reached = [0] * (2 * most + 3)  # how far into mine, on each diagonal from -most - 1 to most + 1
    walked: list[Sequence[int]] = []
    for edits in range(most + 1):
        walked.append(array("l", reached[most - edits : most + edits + 3]))
        budget.steps -= 2 * edits + 1
        for diagonal in range(-edits, edits + 1, 2):
            x = start = _begin(reached, most + 1, diagonal, edits)[0]
            y = x - diagonal
            while x < len(mine) and y < len(theirs) and mine[x] == theirs[y]:
                x, y = x + 1, y + 1
            budget.steps -= x - start
            reached[most + 1 + diagonal] = x
            if x >= len(mine) and y >= len(theirs):
                return _walked_back(walked, x, y)
        if budget.steps < least:
            break
    return []


def _begin(reached: Sequence[int], centre: int, diagonal: int, edits: int) -> tuple[int, int]:
    """How far one more edit leads on this diagonal, and from which it comes: a unit of theirs comes in, or one of mine
    goes."""
    below, above = reached[centre + diagonal - 1], reached[centre + diagonal + 1]
    if diagonal == -edits or (diagonal != edits and below < above):
        return above, diagonal + 1
    return below + 1, diagonal - 1


def _walked_back(walked: list[Sequence[int]], x: int, y: int) -> list[tuple[int, int, int]]:
    runs = []
    for edits in range(len(walked) - 1, -1, -1):
        reached, diagonal = walked[edits], x - y
        start, before = _begin(reached, edits + 1, diagonal, edits)
        if x > start:
            runs.append((start, start - diagonal, x - start))
        x = reached[edits + 1 + before]
        y = x - before
    return runs[::-1]


# --- So that a person can read it -------------------------------------------------------------------------------------

SHORT, RATHER_SHORT = 3, 12  # letters


def _calm(stretches: Iterator[Stretch]) -> list[Stretch]:
    """Neighbours put together; and a space, a comma or a short word that is common between two differences counts as
    different: one mark over four words is read at a glance, four marks are not."""
    calm: list[Stretch] = []
    for one in stretches:
        if not one.mine and not one.theirs:
            continue
        if not one.is_common and len(calm) > 1 and _drowns(calm[-2], calm[-1], one):
            one = _together(calm.pop(), one)
        if calm and calm[-1].is_common == one.is_common:
            one = _together(calm.pop(), one)
        calm.append(one)
    return [piece for one in calm for piece in _without_space_around(one)]


def _without_space_around(one: Stretch) -> list[Stretch]:
    """The space that both sides begin or end with is common, though the words between are not."""
    if one.is_common:
        return [one]
    start = len(_common_space(one.mine, one.theirs))
    mine, theirs = one.mine[start:], one.theirs[start:]
    end = len(_common_space(mine[::-1], theirs[::-1]))
    pieces = [
        Stretch(one.mine[:start], one.theirs[:start], True),
        Stretch(mine[: len(mine) - end], theirs[: len(theirs) - end], False),
        Stretch(mine[len(mine) - end :], theirs[len(theirs) - end :], True),
    ]
    return [piece for piece in pieces if piece.mine or piece.theirs]


def _common_space(mine: str, theirs: str) -> str:
    pairs = takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace(), zip(mine, theirs, strict=False))
    return "".join(letter for letter, _ in pairs)


def _together(first: Stretch, second: Stretch) -> Stretch:
    is_common = first.is_common and second.is_common
    return Stretch(first.mine + second.mine, first.theirs + second.theirs, is_common)


def _drowns(before: Stretch, between: Stretch, after: Stretch) -> bool:
    if not between.is_common or "\n" in between.mine or len(between.mine) > 2 * RATHER_SHORT:
        return False
    letters = _letters(between.mine)
    beside = min(max(_letters(one.mine), _letters(one.theirs)) for one in (before, after))
    return letters <= SHORT or letters <= min(RATHER_SHORT, beside)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text[:100]))


# --- Both in one ------------------------------------------------------------------------------------------------------

Level = tuple[Splitter, str]


def _joined(mine: str, theirs: str, levels: tuple[Level, ...], budget: _Budget) -> str:
    """Paragraph by paragraph, then sentence by sentence; two versions of one sentence follow each other."""
    if not mine or not theirs or mine == theirs:
        return mine or theirs
    if longer := _the_longer(mine, theirs):
        return longer
    if not levels:
        return _one_after_another([mine, theirs], " ")
    (units, gap), finer = levels[0], levels[1:]
    found: list[str] = []
    for ours, others, is_common in _aligned(units(mine), units(theirs), budget):
        if is_common:
            found += ours
        else:
            pairs = _paired(ours, others, budget)
            found += [_joined(*pair, finer, budget) if all(pair) else "".join(pair) for pair in pairs]
    return _one_after_another(found, gap)


def _one_after_another(parts: Sequence[str], gap: str) -> str:
    """What stood at the end of a text, and so without a space or a new line after it, gets one when something follows."""
    found: list[str] = []
    for part in filter(None, parts):
        if found and not (found[-1].endswith("\n") if gap == "\n" else found[-1][-1].isspace()):
            found.append(gap)
        found.append(part)
    return "".join(found)


def _the_longer(mine: str, theirs: str) -> str:
    """Of a text and the same text gone on with, the one that went on; empty where both say something of their own."""
    short, long = sorted((mine, theirs), key=len)
    stem = short[: len(short) - sum(1 for _ in takewhile(SIGN_OR_SPACE.match, reversed(short)))]
    tail, rest = short[len(stem) :], long[len(stem) :]
    if not stem or not long.startswith(stem) or (rest and not SIGN_OR_SPACE.match(rest)):
        return ""
    if not _can_be_read_in(tail.rstrip(), rest):
        return ""
    return long if _can_be_read_in(tail, rest) else long + tail[len(tail.rstrip()) :]


def _can_be_read_in(text: str, longer: str) -> bool:
    letters = iter(longer)
    return all(letter in letters for letter in text)


def _paired(mine: Units, theirs: Units, budget: _Budget) -> list[tuple[str, str]]:
    """Versions of one sentence side by side, in the order of both texts; what has no counterpart stands alone."""
    alone = [(unit, "") for unit in mine] + [("", unit) for unit in theirs]
    if not mine or not theirs or len(mine) * len(theirs) > budget.steps:
        return alone
    bags, others = ([_bag(unit) for unit in side] for side in (mine, theirs))
    budget.steps -= len(mine) * (len(theirs) + sum(map(len, others)))
    if budget.steps < 0:
        return alone
    likeness = [
        [1.0 if _the_longer(one, other) else _alike(bag, others[j]) for j, other in enumerate(theirs)]
        for one, bag in zip(mine, bags, strict=True)
    ]
    return _best_pairs(mine, theirs, likeness)


def _bag(unit: str) -> set[str]:
    return {word.lower() for word in WORDS.findall(unit) if word[0].isalnum()}


def _alike(one: set[str], other: set[str]) -> float:
    share = 2 * len(one & other) / ((len(one) + len(other)) or 1)
    return share if share >= LIKE else 0.0


def _best_pairs(mine: Units, theirs: Units, likeness: list[list[float]]) -> list[tuple[str, str]]:
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for i in range(len(mine) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            alike = likeness[i][j]
            both = best[i + 1][j + 1] + alike if alike else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(mine) and j < len(theirs):
        if likeness[i][j] and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            pairs.append((mine[i], theirs[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((mine[i], ""))
            i += 1
        else:
            pairs.append(("", theirs[j]))
            j += 1
    return pairs + [(unit, "") for unit in mine[i:]] + [("", unit) for unit in theirs[j:]]
