"""What holds for every form and every course, whoever fills it in."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outcomes.measures import MEASURES, Measure
from outcomes.scoring import change, first_and_last, outcome, prorated, score

OPPOSITE = {"improved": "deteriorated", "deteriorated": "improved", "none": "none"}

measures = st.sampled_from(MEASURES)
phq9_totals = st.one_of(st.none(), st.integers(0, 27))
gad7_totals = st.one_of(st.none(), st.integers(0, 21))
totals = st.fixed_dictionaries({"phq9": phq9_totals, "gad7": gad7_totals})


def answers_to(measure: Measure) -> st.SearchStrategy[list[int]]:
    answer = st.sampled_from([option.value for option in measure.options])
    return st.lists(answer, min_size=len(measure.items), max_size=len(measure.items))


@given(measures.flatmap(lambda measure: st.tuples(st.just(measure), answers_to(measure))))
def test_a_total_lies_within_its_range_and_in_a_band_that_holds_it(form: tuple) -> None:
    measure, answers = form
    result = score(measure, answers)
    assert measure.lowest_total <= result.total <= measure.highest_total
    assert [band.label for band in measure.bands if band.low <= result.total <= band.high] == (
        [result.band] if measure.bands else []
    )


@given(measures.flatmap(lambda measure: st.tuples(st.just(measure), answers_to(measure))), st.data())
def test_one_more_point_on_an_item_is_one_more_point_in_all_or_one_less_where_it_is_reversed(
    form: tuple, data: st.DataObject
) -> None:
    measure, answers = form
    number = data.draw(st.integers(1, len(answers)))
    if answers[number - 1] == measure.highest_answer:
        return
    higher = [*answers]
    higher[number - 1] += 1
    step = -1 if measure.code == "core10" and number in (2, 3) else 1
    assert score(measure, higher).total == score(measure, answers).total + step


@given(measures.flatmap(lambda measure: st.tuples(st.just(measure), answers_to(measure))), st.randoms())
def test_the_order_of_answers_that_are_not_reversed_does_not_matter(form: tuple, random) -> None:
    measure, answers = form
    movable = [at for at in range(len(answers)) if not (measure.code == "core10" and at in (1, 2))]
    order = [*movable]
    random.shuffle(order)
    shuffled = [*answers]
    for to, origin in zip(movable, order, strict=True):
        shuffled[to] = answers[origin]
    assert score(measure, shuffled).total == score(measure, answers).total


@given(measures.flatmap(lambda measure: st.tuples(st.just(measure), answers_to(measure))), st.data())
def test_leaving_an_answer_out_takes_the_total_away_and_never_raises_an_alert(
    form: tuple, data: st.DataObject
) -> None:
    measure, answers = form
    gap = data.draw(st.integers(0, len(answers) - 1))
    holed = [*answers[:gap], None, *answers[gap + 1 :]]
    assert score(measure, holed).total is None
    assert score(measure, holed).is_risk <= score(measure, answers).is_risk
    estimate = prorated(measure, holed)
    assert (estimate is not None) == (measure.code == "core10")
    assert estimate is None or 0 <= estimate.total <= 40


@given(st.sampled_from([("phq9", 27), ("gad7", 21), ("core10", 40), ("wsas", 40)]), st.data())
def test_the_way_back_is_the_opposite_change(measure: tuple[str, int], data: st.DataObject) -> None:
    code, highest = measure
    before, after = data.draw(st.integers(0, highest)), data.draw(st.integers(0, highest))
    assert change(code, after, before) == OPPOSITE[change(code, before, after)]


@given(totals, totals)
def test_a_course_run_backwards_changes_the_opposite_way(first: dict, last: dict) -> None:
    assert outcome(first=last, last=first).change == OPPOSITE[outcome(first=first, last=last).change]


@given(totals, totals)
def test_recovery_is_only_ever_said_of_a_case_and_reliable_recovery_only_of_a_recovered_one(
    first: dict, last: dict
) -> None:
    result = outcome(first=first, last=last)
    assert (result.recovered is None) == (result.was_case is not True)
    assert (result.reliably_recovered is None) == (result.recovered is None)
    if result.reliably_recovered:
        assert result.recovered
        assert result.change == "improved"


@given(totals, totals, st.sampled_from([("phq9", 27), ("gad7", 21)]))
def test_one_point_less_at_the_end_never_makes_an_outcome_worse(
    first: dict, last: dict, measure: tuple[str, int]
) -> None:
    code, _ = measure
    if not last[code]:
        return
    better = outcome(first=first, last={**last, code: last[code] - 1})
    before = outcome(first=first, last=last)
    order = ("deteriorated", "none", "improved")
    assert order.index(better.change) >= order.index(before.change)
    assert bool(better.recovered) >= bool(before.recovered)
    assert bool(better.reliably_recovered) >= bool(before.reliably_recovered)


@given(totals, totals, st.sampled_from(["phq9", "gad7"]))
def test_a_score_that_is_missing_at_the_end_never_makes_a_course_recovered(
    first: dict, last: dict, code: str
) -> None:
    if first[code] is None:
        return
    assert not outcome(first=first, last={**last, code: None}).recovered


days = st.integers(0, 30).map(lambda day: date(2026, 6, 1) + timedelta(days=day))
forms = st.lists(st.tuples(days, phq9_totals), max_size=8)


@given(forms, days, days, st.integers(0, 27))
def test_what_is_taken_after_the_last_treatment_day_changes_no_last_score(
    taken: list, until: date, after: date, total: int
) -> None:
    if after <= until:
        return
    _, last = first_and_last(taken, until)
    assert first_and_last([*taken, (after, total)], until)[1] == last


@given(forms, st.one_of(st.none(), days))
def test_a_last_score_needs_two_complete_forms_and_a_treatment_session(
    taken: list, until: date | None
) -> None:
    first, last = first_and_last(taken, until)
    complete = [total for _, total in taken if total is not None]
    assert (first is None) == (not complete)
    if last is not None:
        assert until is not None
        assert len(complete) > 1
        assert last in complete
