"""Invented notes read like notes: every text finds its names, and what was agreed is taken up."""

import re

import pytest

from demo.chance import Chance
from demo.words import frame
from demo.words.parts import Beat, Story, Task
from demo.words.stories import BY_AREA, NAMED, suiting
from demo.words.writer import Writer, pronoun_of

STORIES = [*NAMED.values(), *suiting("life_change", they="she", age=15)]


def beats_of(story: Story) -> tuple[Beat, ...]:
    return (*story.middle, *frame.INITIAL, *frame.END, *frame.FOLLOW_UP, *frame.MAINTENANCE)


def writer(story: Story, pronouns: str = "she/her", shape: str = "improving", seed: int = 1) -> Writer:
    return Writer(
        story,
        called="May",
        pronouns=pronouns,
        programme="ipt16",
        split=(4, 8, 4),
        shape=shape,
        chance=Chance(seed),
        told=set(),
    )


def every_text(task: Task) -> tuple[str, ...]:
    return (*task.agreed, *task.done, *task.partly, *task.not_done)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.code)
def test_every_text_of_a_story_finds_its_names(story: Story) -> None:
    for seed, pronouns in enumerate(("she/her", "he/him", "they/them")):
        teller = writer(story, pronouns, seed=seed)
        for beat in beats_of(story):
            for text in (*beat.week, *beat.work, *every_text(beat.task)):
                assert "{" not in teller.fill(text)
        assert "{" not in teller.about


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.code)
def test_each_task_knows_how_it_may_be_found_next_time(story: Story) -> None:
    for beat in beats_of(story):
        task = beat.task
        assert len(task.agreed) == len(task.done) == len(task.partly) == len(task.not_done)


def test_every_focus_area_has_stories_for_a_client_of_any_age() -> None:
    for area in BY_AREA:
        for age in (14, 17, 18, 19, 25, 40, 60, 78):
            for they in ("she", "he", "they"):
                assert suiting(area, they=they, age=age), (area, age, they)


def test_what_was_agreed_last_time_is_taken_up_next() -> None:
    teller = writer(NAMED["partner"])
    before = [teller.treatment(number, 0) for number in range(1, 6)]
    after = teller.treatment(6, 0)
    task = next(
        beat.task
        for beat in NAMED["partner"].middle
        if before[-1].next_time in [teller.fill(text) for text in beat.task.agreed]
    )
    place = [teller.fill(text) for text in task.agreed].index(before[-1].next_time)
    names = r"(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
    outcomes = [
        re.sub(names, "a day", teller.fill(texts[place])) for texts in (task.done, task.partly, task.not_done)
    ]
    assert any(re.sub(names, "a day", after.work).startswith(outcome) for outcome in outcomes)


def test_a_word_about_them_is_one_that_fits_her_as_well() -> None:
    wrong = re.compile(
        r"their\}s\b|\{[Tt]hey\} (is|are|was|were|has|have|does|do|wants|needs|says|feels|knows|thinks)\b"
    )
    for story in STORIES:
        for beat in beats_of(story):
            for text in (*beat.week, *beat.work, *every_text(beat.task)):
                assert not wrong.search(text), text


def test_who_is_they_or_she_is_written_of_as_she() -> None:
    assert pronoun_of("they/she") == "she"
    assert pronoun_of("they/them") == "they"
    assert pronoun_of("he/him") == "he"
    assert pronoun_of("") == "they"
