"""What a therapist may tick as done in a session."""

from collections import Counter

import pytest

from courses.techniques import BY_CODE, STRATEGIES, TECHNIQUES, offered_for


def test_each_focus_area_has_strategies_of_its_own() -> None:
    assert {area: len(strategies) for area, strategies in STRATEGIES.items()} == {
        "conflict": 9,
        "life_change": 8,
        "grief": 8,
        "isolation": 7,
    }


def test_no_two_techniques_share_a_code() -> None:
    codes = Counter(technique.code for group in (*STRATEGIES.values(), TECHNIQUES) for technique in group)
    assert set(codes.values()) == {1}
    assert len(BY_CODE) == 45


def test_codes_stored_with_signed_notes_keep_their_meaning() -> None:
    assert BY_CODE["conflict_stage"].label == "Found its stage: renegotiation, impasse or dissolution"
    assert BY_CODE["grief_mourning"].label == "Helped the mourning and the feelings that come with it"
    assert BY_CODE["communication_analysis"].label == "Communication analysis"


@pytest.mark.parametrize(
    ("areas", "headings"),
    [
        ([], ["In any session"]),
        (["grief"], ["Grief", "In any session"]),
        (["grief", "conflict"], ["Conflict", "Grief", "In any session"]),
        (("isolation", "isolation"), ["Isolation", "In any session"]),
    ],
)
def test_a_form_offers_what_belongs_to_the_agreed_focus(areas: list[str], headings: list[str]) -> None:
    assert [offer.label for offer in offered_for(areas)] == headings


def test_a_focus_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown focus area: deficits"):
        offered_for(["deficits"])
