"""Which actions there are, found in the rooms themselves, and the cases that the harness runs for each."""

import inspect
import pkgutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from tests.cast import Cast
from tests.db.whole.harness import Case


@dataclass(frozen=True)
class Registered:
    """`build` makes the rows that one call needs, as the owner, and says with what it is called."""

    act: Callable[..., Any]
    build: Callable[[Cast], Case]

    def __str__(self) -> str:
        return f"{name_of(self.act)}-{self.build.__name__}"

    def on(self, cast: Cast) -> Case:
        case = self.build(cast)
        case.act = self.act
        return case


CASES: list[Registered] = []


def case_of(act: Callable[..., Any]) -> Callable[[Callable[[Cast], Case]], Callable[[Cast], Case]]:
    """Puts the action into the harness. The function that follows is a sentence about the clinic."""

    def register(build: Callable[[Cast], Case]) -> Callable[[Cast], Case]:
        CASES.append(Registered(act, build))
        return build

    return register


def actions() -> Iterator[str]:
    """Every public function of a room that takes `by` as a keyword alone: that is what an action is."""
    for module in _modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            by = inspect.signature(function).parameters.get("by")
            if by is not None and by.kind is by.KEYWORD_ONLY:
                yield name_of(function)


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"


def _modules() -> Iterator[Any]:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        rooms = tomllib.load(file)["tool"]["importlinter"]["root_packages"]
    for room in rooms:
        package = import_module(room)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" not in found.name:
                yield import_module(found.name)
