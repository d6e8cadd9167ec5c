"""An error at any statement of any action leaves all of it or nothing."""

import sys
from contextlib import nullcontext

import pytest

from tests.cast import Cast
from tests.db.whole import (
    cases_of_allocation,
    cases_of_courses,
    cases_of_inventory,
    cases_of_links,
    cases_of_measures,
    cases_of_merging,
    cases_of_notes,
    cases_of_people,
    cases_of_plans,
    cases_of_practice,
    cases_of_referrals,
    cases_of_screenings,
    cases_of_sessions,
    cases_of_supervision,
    cases_of_timelines,
    cases_of_waiting,
    cases_of_work,
)
from tests.db.whole.harness import Break, interrupted
from tests.db.whole.registry import CASES, Registered, actions, name_of
from tests.roles import as_owner

SOURCES = (
    cases_of_allocation,
    cases_of_courses,
    cases_of_inventory,
    cases_of_links,
    cases_of_measures,
    cases_of_merging,
    cases_of_notes,
    cases_of_notes,
    cases_of_people,
    cases_of_plans,
    cases_of_practice,
    cases_of_referrals,
    cases_of_screenings,
    cases_of_sessions,
    cases_of_supervision,
    cases_of_timelines,
    cases_of_waiting,
    cases_of_work,
)  # imported, each puts its cases in

# They take `by` too, but are parts of an action's transaction and never its beginning.
PARTS = {
    "audit.trail.record",
    "outcomes.recording.raise_alerts",
    "outcomes.recording.record_response",
    "outcomes.recording.record_total",
    "sessions.drafts.kept_when_refused",
    "sessions.drafts.remember_refused",
}


def test_every_action_has_a_case() -> None:
    assert set(actions()) - PARTS == {name_of(case.act) for case in CASES}


def broken(registered: Registered, cast: Cast, how: Break) -> None:
    with as_owner():
        case = registered.on(cast)
    assert interrupted(case, how)


@pytest.mark.parametrize("registered", CASES, ids=str)
def test_an_exception_after_any_statement_leaves_all_or_nothing(registered: Registered, cast: Cast) -> None:
    broken(registered, cast, Break.AFTER)


@pytest.mark.long
@pytest.mark.parametrize("how", [Break.BEFORE, Break.LOST, Break.REFUSED], ids=lambda how: how.name)
@pytest.mark.parametrize("registered", CASES, ids=str)
def test_every_other_way_to_break_leaves_all_or_nothing(
    registered: Registered, how: Break, cast: Cast
) -> None:
    broken(registered, cast, how)


@pytest.mark.long
@pytest.mark.parametrize("registered", CASES, ids=str)
def test_without_its_transaction_no_action_would_pass(
    registered: Registered, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the one line that protects them taken away, every case is caught."""
    for module in {sys.modules[case.act.__module__] for case in CASES}:
        monkeypatch.setattr(module, "refused", nullcontext)
    with pytest.raises(AssertionError, match="left behind"):
        broken(registered, cast, Break.AFTER)
