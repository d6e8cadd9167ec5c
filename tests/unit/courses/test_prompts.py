"""What the log page suggests to ask."""

import pytest

from courses.models import Stage
from courses.prompts import ANY_FOCUS, PROMPTS, STAGE_AIMS, questions_for
from courses.protocol import FOCUS_AREAS, PHASES


def test_each_focus_area_and_phase_has_two_or_three_short_questions() -> None:
    for area in FOCUS_AREAS:
        for phase in PHASES:
            questions = questions_for(area, phase)
            assert 2 <= len(questions) <= 3
            assert all(question.endswith("?") and len(question) <= 90 for question in questions)
            assert questions is PROMPTS[area][phase]


def test_while_no_focus_is_agreed_they_fit_any() -> None:
    assert questions_for("", "initial") == ANY_FOCUS["initial"]
    assert questions_for("item2", "end") == ANY_FOCUS["end"]


def test_each_stage_of_a_dispute_has_an_aim_of_its_own() -> None:
    assert set(STAGE_AIMS) == set(Stage.values)
    assert STAGE_AIMS["impasse"].startswith("Bring the disagreement into the open")


@pytest.mark.parametrize("phase", ["", "follow_up"])
def test_without_a_phase_there_is_nothing_to_ask(phase: str) -> None:
    assert questions_for("grief", phase) == ()
