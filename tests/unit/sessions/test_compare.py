"""Two versions of one text, marked word by word and joined: nothing is lost, and a person can read it."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sessions.compare import joined, marked

HERE = (
    'Communication analysis of Tuesday\'s argument, line by line. Maya saw that she stops at "fine" and waits to be asked.'
    " Tried two other openings in role play; the second felt like her own words."
)
SAVED = (
    'Communication analysis of Tuesday\'s argument, line by line. Maya saw that she stops at "fine" and leaves the room.'
    " Tried two other openings in role play. Link to how her mother ended quarrels."
)

# Whatever a page can send: emoji with joiners and skin colours, Arabic and Hebrew, letters with loose accents, characters
# without width, both ends of line, words of Chinese, and what a sentence is cut at.
MORSELS = [
    "Maya",
    "she",
    "waits",
    "the",
    "room",
    "asked",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    ". ",
    "! ",
    '?" ',
    ", ",
    "…",
]
MORSELS += [
    "👩🏽‍⚕️",
    "🙂",
    "سلام",
    "שלום",
    "e\u0301",
    "\u0301",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "我们",
    "。",
    "'",
    "’",
    "-",
]
TEXTS = st.lists(st.one_of(st.sampled_from(MORSELS), st.text(max_size=3)), max_size=40).map("".join)


@st.composite
def two_versions(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and the same with some of it changed."""
    pieces = draw(st.lists(st.sampled_from(MORSELS), max_size=60))
    sides = []
    for _ in range(2):
        keep = draw(st.lists(st.integers(0, 9), min_size=len(pieces), max_size=len(pieces)))
        new = draw(st.sampled_from(MORSELS))
        sides.append(
            "".join(piece if often else new for piece, often in zip(pieces, keep, strict=True) if often != 1)
        )
    return sides[0], sides[1]


PAIRS = st.one_of(st.tuples(TEXTS, TEXTS), two_versions())


def can_be_read_in(text: str, longer: str) -> bool:
    letters = iter(longer)
    return all(letter in letters for letter in text)


def shown(text: str, other: str) -> str:
    return "".join(f"[{piece}]" if differs else piece for piece, differs in marked(text, other)[0])


@given(PAIRS)
@example(("", ""))
@example(("one", ""))
def test_the_pieces_of_a_side_are_that_side_exactly(pair: tuple[str, str]) -> None:
    for side, pieces in zip(pair, marked(*pair), strict=True):
        assert "".join(piece for piece, _ in pieces) == side
        assert all(piece for piece, _ in pieces)


@given(PAIRS)
def test_what_is_not_marked_is_the_same_on_both_sides(pair: tuple[str, str]) -> None:
    mine, theirs = ("".join(piece for piece, differs in side if not differs) for side in marked(*pair))
    assert mine == theirs


@given(PAIRS)
@example(("a ", "a; b"))
def test_not_one_character_of_either_side_is_lost_by_joining(pair: tuple[str, str]) -> None:
    both = joined(*pair)
    assert can_be_read_in(pair[0], both)
    assert can_be_read_in(pair[1], both)


@given(TEXTS)
def test_what_is_the_same_is_neither_marked_nor_doubled(text: str) -> None:
    assert not any(differs for side in marked(text, text) for _, differs in side)
    assert joined(text, text) == text


@given(PAIRS)
def test_joining_again_with_one_side_adds_nothing_that_was_not_there(pair: tuple[str, str]) -> None:
    assert joined(pair[0], "") == pair[0]
    assert joined("", pair[1]) == pair[1]


def test_the_words_that_differ_are_marked_as_a_person_reads_them() -> None:
    assert shown(HERE, SAVED) == HERE.replace("waits to be asked", "[waits to be asked]").replace(
        "; the second felt like her own words", "[; the second felt like her own words]"
    )
    assert shown(SAVED, HERE) == SAVED.replace("leaves the room", "[leaves the room]").replace(
        ". Link to how her mother ended quarrels", "[. Link to how her mother ended quarrels]"
    )


def test_the_space_around_words_that_differ_is_not_marked() -> None:
    assert shown("Ask Tom about weekends.", "Open the talk about weekends with him.") == (
        "[Ask Tom] about weekends."
    )


def test_one_word_that_differs_is_marked_alone() -> None:
    assert shown("Slept badly on Tuesday.", "Slept well on Tuesday.") == "Slept [badly] on Tuesday."


def test_a_letter_keeps_its_accent_and_an_emoji_its_parts() -> None:
    assert shown("Her cafe\u0301 was shut.", "Her cafe was shut.") == "Her [cafe\u0301] was shut."
    assert shown("Felt 👩🏽‍⚕️ today", "Felt 👩🏻‍⚕️ today") == "Felt [👩🏽‍⚕️] today"


def test_two_versions_of_a_sentence_follow_each_other_and_the_rest_stands_once() -> None:
    assert joined(HERE, SAVED) == (
        "Communication analysis of Tuesday's argument, line by line."
        ' Maya saw that she stops at "fine" and waits to be asked.'
        ' Maya saw that she stops at "fine" and leaves the room.'
        " Tried two other openings in role play; the second felt like her own words."
        " Link to how her mother ended quarrels."
    )


def test_whole_paragraphs_that_differ_follow_each_other() -> None:
    mine = "We began late.\n\nMaya spoke of her mother.\n\nAgreed to ring on Friday.\n"
    theirs = "We began late.\n\nTom moved out at the weekend, quite suddenly.\n\nAgreed to ring on Friday.\n"
    assert joined(mine, theirs) == (
        "We began late.\n\nMaya spoke of her mother.\nTom moved out at the weekend, quite suddenly.\n\n"
        "Agreed to ring on Friday.\n"
    )


def test_a_text_that_only_one_side_went_on_with_is_not_doubled() -> None:
    assert joined("Went through Tuesday.", "Went through Tuesday, line by line. Then role play.") == (
        "Went through Tuesday, line by line. Then role play."
    )


@pytest.mark.parametrize("longer", ["She can not go.", "She cannot go.", "She no longer can."])
def test_a_word_put_in_that_turns_the_sense_around_keeps_both_sentences(longer: str) -> None:
    assert joined("She can go.", longer) == f"She can go. {longer}"


def test_text_at_the_end_of_one_side_does_not_run_into_the_other() -> None:
    assert joined("She waits", "He leaves") == "She waits\nHe leaves"


_WORDS = [f"word{letter}" for letter in "ABCDEFGHIJKLM"]
PROSE = " ".join(
    _WORDS[(place * place + place // 7) % len(_WORDS)] + ("." * (place % 9 == 0)) for place in range(210_000)
)
OTHER = " ".join(
    _WORDS[(place * 5 + place // 3) % len(_WORDS)] + "?" * (place % 11 == 0) for place in range(210_000)
)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        pytest.param(PROSE, PROSE.replace("Tom on Tuesday", "Tim on Tuesday", 40), id="forty words"),
        pytest.param(PROSE, OTHER, id="nothing in common"),
        pytest.param("x" * 1_000_000, "x" * 999_999 + "y", id="one word"),
        pytest.param("a " * 500_000, "a b " * 250_000, id="one word again and again"),
        pytest.param(".!" * 500_000, "!.," * 333_333, id="signs"),
        pytest.param("\n" * 1_000_000, "\na" * 500_000, id="empty lines"),
    ],
)
def test_a_megabyte_is_compared_in_seconds_and_whole(mine: str, theirs: str) -> None:
    began = time.process_time()
    pieces = marked(mine, theirs)
    both = joined(mine, theirs)
    took = time.process_time() - began
    assert ["".join(piece for piece, _ in side) for side in pieces] == [mine, theirs]
    assert can_be_read_in(mine, both)
    assert can_be_read_in(theirs, both)
    assert took < 15, took


def test_forty_words_of_a_megabyte_are_marked_one_by_one() -> None:
    days = [f"On day {day} Maya spoke of Tom. " for day in range(35_000)]
    theirs = "".join(text.replace("Tom", "Tim") if day % 875 == 7 else text for day, text in enumerate(days))
    changed = [piece for piece, differs in marked("".join(days), theirs)[1] if differs]
    assert changed == ["Tim"] * 40
