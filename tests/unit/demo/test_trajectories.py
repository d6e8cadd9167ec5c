"""Invented scores add up and go where they were meant to go."""

import pytest

from demo.chance import Chance, Deck
from demo.trajectories import SHAPES, Answers, totals, with_gap


@pytest.mark.parametrize("shape", SHAPES)
def test_a_run_of_totals_begins_and_ends_where_it_was_planned(shape: str) -> None:
    run = totals(shape, 12, 19, 8, highest=27, chance=Chance(3))
    assert (len(run), run[0], run[-1]) == (12, 19, 8)
    assert all(0 <= total <= 27 for total in run)


def test_a_run_of_one_form_or_none_is_that_short() -> None:
    assert totals("flat", 1, 19, 8, highest=27, chance=Chance(3)) == [8]
    assert totals("flat", 0, 19, 8, highest=27, chance=Chance(3)) == []


@pytest.mark.parametrize(("measure", "count", "highest"), [("phq9", 9, 27), ("gad7", 7, 21)])
def test_answers_from_nought_to_three_add_up_to_the_total(measure: str, count: int, highest: int) -> None:
    filler = Answers(measure, Chance(5))
    for total in range(highest + 1):
        answers = filler.adding_up_to(total)
        assert (len(answers), sum(answers)) == (count, total)
        assert all(0 <= answer <= 3 for answer in answers)


def test_item_nine_is_only_what_was_planned() -> None:
    filler = Answers("phq9", Chance(5))
    assert [filler.adding_up_to(total)[8] for total in range(25)] == [0] * 25
    answers = filler.adding_up_to(14, risk=2)
    assert (answers[8], sum(answers)) == (2, 14)


def test_a_form_with_a_gap_keeps_its_last_item() -> None:
    gapped = with_gap([1, 1, 1, 1, 1, 1, 1, 1, 2], Chance(5))
    assert gapped.count(None) == 1
    assert gapped[8] == 2


def test_chance_repeats_itself_down_to_the_keys() -> None:
    one, two, other = Chance(7), Chance(7), Chance(8)
    assert [one.key() for _ in range(3)] == [two.key() for _ in range(3)]
    assert one.key() != other.key()
    assert [one.between(1, 99) for _ in range(5)] == [two.between(1, 99) for _ in range(5)]


def test_a_deck_gives_every_card_before_any_comes_again() -> None:
    deck = Deck("abc", Chance(1))
    assert sorted(deck.next() for _ in range(3)) == ["a", "b", "c"]
    assert sorted(deck.next() for _ in range(3)) == ["a", "b", "c"]
