"""An item over time: gaps stay gaps, a new name keeps the line, another scale is shown on its own."""

from datetime import datetime

from supervision.competence import Rated, lines
from supervision.rating_form import DEFAULT, Item, code_for, packed, unpacked

FOCUS, ALLIANCE = Item("focus", "Focus", "", 6), Item("alliance", "Alliance", "", 6)


def rated(day: int, form: int = 0, **points: int | None) -> Rated:
    return Rated(datetime(2026, 3, day), form, points, "pass")


def test_a_rating_that_was_left_out_is_a_gap_and_no_zero() -> None:
    found = lines([rated(1, focus=2), rated(2, focus=None), rated(3, focus=4)], {0: (FOCUS,)})
    assert found[0].scaled == [2, None, 4]
    assert (found[0].first.points, found[0].last.points) == (2, 4)  # type: ignore[union-attr]  # there are two


def test_nothing_is_drawn_of_an_item_that_nobody_rated() -> None:
    found = lines([rated(1, focus=2, alliance=None)], {0: (FOCUS, ALLIANCE)})
    assert [line.item.label for line in found] == ["Focus"]
    assert found[0].first is None


def test_an_item_keeps_its_line_under_a_new_name_and_a_new_scale() -> None:
    forms = {0: (FOCUS,), 1: (Item("focus", "Focus kept", "", 4),)}
    found = lines([rated(1, focus=6), rated(2, 1, focus=2)], forms)
    assert found[0].item.label == "Focus kept"
    assert found[0].scaled == [4, 2]
    assert [(point.points, point.most) for point in found[0].points] == [(6, 6), (2, 4)]


def test_an_item_that_left_the_form_is_shown_after_those_on_it() -> None:
    found = lines([rated(1, focus=6, alliance=3)], {0: (FOCUS, ALLIANCE), 1: (ALLIANCE,)})
    assert [line.item.label for line in found] == ["Alliance", "Focus"]


def test_the_form_that_every_clinic_begins_with() -> None:
    assert [item.label for item in DEFAULT] == [
        "Tasks of the phase",
        "Focus maintained",
        "Mood and events linked",
        "Work with affect",
        "Techniques",
        "Structure and time",
        "Alliance",
        "Ending in sight",
    ]
    assert {item.most for item in DEFAULT} == {6}
    assert unpacked(packed(DEFAULT)) == DEFAULT


def test_no_two_items_have_one_code() -> None:
    assert code_for("Warmth & humour", []) == "warmth_humour"
    assert code_for("Warmth, humour", ["warmth_humour"]) == "warmth_humour_2"
    assert code_for("温", []) == "item"
