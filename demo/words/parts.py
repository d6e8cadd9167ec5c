"""What a story is made of. A story is data: who is in it, and one beat for each session of the middle phase.

Texts name their people and things in braces. The client is {name}, {they}, {them}, {their}; after {they} stands a verb in
the past, which is the same for she, he and they. A text is one of several that say the same, so that no two notes read alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Texts = tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """What was agreed for the week, and how the next session finds it: done, half done, not done. The same place in each of
    the four belongs together."""

    agreed: Texts
    done: Texts
    partly: Texts
    not_done: Texts


@dataclass(frozen=True)
class Beat:
    """One session: what the week brought, what was worked on, what was agreed."""

    week: Texts
    work: Texts
    task: Task
    techniques: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One way in which a focus area is lived. `props` are the people and things, each one of several that fit; a prop that
    holds a bar gives two names at once: "Tom|he" is a name and its pronoun."""

    code: str
    area: str
    about: str
    situation: str
    onset: str
    goals: Texts
    props: Mapping[str, Texts]
    middle: tuple[Beat, ...]
    pronouns: tuple[str, ...] = ("she", "he", "they")
    ages: tuple[int, int] = (0, 120)
