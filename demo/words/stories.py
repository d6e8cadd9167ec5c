"""All stories by focus area."""

from demo.words import conflict
from demo.words.parts import Story

BY_AREA: dict[str, tuple[Story, ...]] = {
    "conflict": conflict.STORIES,
    "life_change": conflict.STORIES,
    "grief": conflict.STORIES,
    "isolation": conflict.STORIES,
}
