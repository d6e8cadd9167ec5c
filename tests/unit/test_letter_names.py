"""Third parties in a letter: whose name stands in a text, and the text without it. Answers written by hand."""

import pytest

from sessions.letter_names import Other, named_in, without_names

TOM = Other("Tom", "partner")
JEAN = Other("Auntie Jean", "aunt")
LUCJA = Other("Łucja", "sister")
HILL = Other("Dr Hill", "GP")
MUM = Other("Mum", "mum")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We spoke of Tom.", [TOM]),
        ("TOM's mother, and tom himself", [TOM]),
        ("A tomato, and Tommy", []),
        ("Jean came too", [JEAN]),
        ("auntie  jean", [JEAN]),
        ("An auntie of hers", []),
        ("Z łucją", []),
        ("ŁUCJA called", [LUCJA]),
        ("Dr Hill was told", []),
        ("Her mum was there", []),
        ("Tom and Łucja", [TOM, LUCJA]),
    ],
)
def test_a_name_is_found_by_whole_words_whatever_their_case(text: str, found: list[Other]) -> None:
    assert named_in(text, [TOM, JEAN, LUCJA, HILL, MUM]) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rows with Tom at night.", "Rows with your partner at night."),
        ("Tom’s silence. Tom left.", "Your partner’s silence. Your partner left."),
        ("with Tom (partner)", "with your partner"),
        ("her partner Tom, and sister Łucja", "Your partner, and your sister"),
        ("tom\nTOM", "Your partner\nYour partner"),
        ("Jean and Auntie Jean", "Your aunt and your aunt"),
        ("Nobody else.", "Nobody else."),
    ],
)
def test_the_relationship_stands_in_the_place_of_the_name(text: str, said: str) -> None:
    assert without_names(text, [TOM, JEAN, LUCJA], whose="your") == said


def test_a_relationship_that_names_somebody_gives_nobody_away() -> None:
    others = [TOM, Other("Bea", "Tom’s sister")]
    said = without_names("Bea rang.", others, whose="their")
    assert named_in(said, others) == []
    assert "tom" not in said.lower()
