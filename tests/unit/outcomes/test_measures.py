"""The instruments as data: their words and numbers, checked against what was read in the sources."""

import pytest

from outcomes.measures import BY_CODE, GOAL_SCALE, MEASURES, Measure


def test_the_clinic_knows_these_five_measures() -> None:
    assert list(BY_CODE) == ["phq9", "gad7", "core10", "wsas", "ucla3"]


@pytest.mark.parametrize(
    ("code", "items", "lowest", "highest"),
    [("phq9", 9, 0, 27), ("gad7", 7, 0, 21), ("core10", 10, 0, 40), ("wsas", 5, 0, 40), ("ucla3", 3, 3, 9)],
)
def test_each_measure_has_its_number_of_items_and_its_range(
    code: str, items: int, lowest: int, highest: int
) -> None:
    measure = BY_CODE[code]
    assert (len(measure.items), measure.lowest_total, measure.highest_total) == (items, lowest, highest)


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.bands], ids=lambda measure: measure.code)
def test_bands_follow_each_other_without_a_gap_over_the_whole_range(measure: Measure) -> None:
    totals = [total for band in measure.bands for total in range(band.low, band.high + 1)]
    assert totals == list(range(measure.lowest_total, measure.highest_total + 1))


def test_the_zero_option_of_the_gad7_is_not_at_all() -> None:
    assert [(option.value, option.label) for option in BY_CODE["gad7"].options] == [
        (0, "Not at all"),
        (1, "Several days"),
        (2, "More than half the days"),
        (3, "Nearly every day"),
    ]


def test_item_9_of_the_phq9_and_item_6_of_the_core10_ask_about_risk() -> None:
    assert BY_CODE["phq9"].risk_items == (9,)
    assert BY_CODE["phq9"].items[8] == (
        "Thoughts that you would be better off dead or of hurting yourself in some way"
    )
    assert BY_CODE["core10"].risk_items == (6,)
    assert BY_CODE["core10"].items[5] == "I made plans to end my life"
    assert [m.code for m in MEASURES if m.risk_items] == ["phq9", "core10"]


def test_the_reversed_items_of_the_core10_are_the_two_good_ones() -> None:
    core10 = BY_CODE["core10"]
    assert [core10.items[number - 1] for number in core10.reversed_items] == [
        "I have felt I have someone to turn to for support when needed",
        "I have felt able to cope when things go wrong",
    ]
    assert [m.code for m in MEASURES if m.reversed_items] == ["core10"]


def test_the_phq9_asks_an_unscored_tenth_question() -> None:
    tenth = BY_CODE["phq9"].unscored
    assert [option.label for option in tenth.options] == [
        "Not difficult at all",
        "Somewhat difficult",
        "Very difficult",
        "Extremely difficult",
    ]


def test_the_direct_question_on_loneliness_is_not_one_of_the_three() -> None:
    direct = BY_CODE["ucla3"].unscored
    assert direct.wording == "How often do you feel lonely?"
    assert direct.wording not in BY_CODE["ucla3"].items
    assert [option.label for option in direct.options] == [
        "Often/always",
        "Some of the time",
        "Occasionally",
        "Hardly ever",
        "Never",
    ]


def test_the_wsas_ships_labels_only_since_its_text_is_copyright() -> None:
    assert [measure.code for measure in MEASURES if not measure.has_exact_wording] == ["wsas"]
    assert BY_CODE["wsas"].items == (
        "Work",
        "Home management",
        "Social leisure",
        "Private leisure",
        "Close relationships",
    )


def test_every_measure_names_its_licence_and_its_source() -> None:
    assert all(measure.licence and measure.source and measure.version for measure in MEASURES)


# Cut-off, bands and reliable change as the sources beside them in measures.py print them, copied by hand.
@pytest.mark.parametrize(
    ("code", "cut_off", "reliable_change", "bands"),
    [
        # Kroenke, Spitzer and Williams 2001; Clark 2018, table 2
        ("phq9", 10, 6, ["0-4", "5-9", "10-14", "15-19", "20-27"]),
        # Spitzer and others 2006; Clark 2018, table 2
        ("gad7", 8, 4, ["0-4", "5-9", "10-14", "15-21"]),
        # CORE System Trust; socasresourcehub.com, section 5b; Barkham and others 2013
        ("core10", 11, 6, ["0-10", "11-14", "15-19", "20-24", "25-40"]),
        # rehabmeasures; Zahra and others 2014
        ("wsas", None, 8, ["0-9", "10-20", "21-40"]),
        ("ucla3", None, None, []),
    ],
)
def test_the_numbers_of_each_measure_are_those_of_its_sources(
    code: str, cut_off: int | None, reliable_change: int | None, bands: list[str]
) -> None:
    measure = BY_CODE[code]
    assert (measure.cut_off, measure.reliable_change) == (cut_off, reliable_change)
    assert [f"{band.low}-{band.high}" for band in measure.bands] == bands


def test_the_cut_offs_of_the_phq9_and_the_gad7_are_marked_as_those_of_adults() -> None:
    assert [measure.code for measure in MEASURES if measure.adults_only] == ["phq9", "gad7"]
    assert BY_CODE["phq9"].adults_only == "Cut-offs and bands are for adults (18 and over)."


def test_only_the_core10_may_miss_an_answer() -> None:
    assert {measure.code: measure.may_miss for measure in MEASURES if measure.may_miss} == {"core10": 1}


def test_a_goal_is_rated_from_0_to_10_with_half_way_at_5() -> None:
    assert (GOAL_SCALE.lowest, GOAL_SCALE.highest) == (0, 10)
    assert [anchor.value for anchor in GOAL_SCALE.anchors] == [0, 5, 10]
    assert "Law and Jacob" in GOAL_SCALE.source
