"""All stories, and which of them suit a client."""

from demo.words import conflict, grief, isolation, life_change
from demo.words.parts import Story

BY_AREA: dict[str, tuple[Story, ...]] = {
    "conflict": conflict.STORIES,
    "life_change": life_change.STORIES,
    "grief": grief.STORIES,
    "isolation": isolation.STORIES,
}
NAMED = {story.code: story for stories in BY_AREA.values() for story in stories}


def suiting(area: str, *, they: str, age: int) -> tuple[Story, ...]:
    """The stories of a focus area that this client could live."""
    if age < 18 and area == "life_change":
        return life_change.FOR_THE_YOUNG
    stories = [story for story in BY_AREA[area] if they in story.pronouns]
    return tuple(story for story in stories if story.ages[0] <= age <= story.ages[1])
