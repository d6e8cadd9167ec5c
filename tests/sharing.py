"""Loaded by pytest: how the tests are dealt out when several processes run them (`script/test` says how many).

A file stays in one process, for what its tests share is made once. Everything that drives a browser or kills servers stays in
one process too: beside each other they would disturb what the other measures. Each process has a database of its own."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

ONE_AFTER_THE_OTHER = {PurePosixPath("tests/browser"), PurePosixPath("tests/faults")}


def share_of(nodeid: str) -> str:
    """What goes to one process as a whole."""
    file = PurePosixPath(nodeid.split("::")[0])
    return "browser" if ONE_AFTER_THE_OTHER.intersection(file.parents) else str(file)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest share begins first, or everybody would wait for it at the end. The rest stays as chance put it."""
    items.sort(key=lambda item: share_of(item.nodeid) != "browser")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share_of(nodeid)

    config.option.loadscopereorder = False  # they come in the order of chance, not of their size
    return Shares(config, log)
