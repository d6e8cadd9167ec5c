"""Folders and servers for the launcher's tests; they never touch the server that the other tests use."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from database.embedded import Cluster

CHECKOUT = Path(__file__).resolve().parents[3]

LAUNCHER = """
import sys, time
from pathlib import Path
from database.embedded import Cluster
with Cluster(Path(sys.argv[1]), say=lambda line: None) as cluster:
    print(cluster.url("ipt_owner"), flush=True)
    time.sleep(600)
"""


def make_home() -> Path:
    """Not pytest's own folder: for root the server runs as another user, who may not enter that."""
    folder = Path(tempfile.mkdtemp(prefix="ipt-launcher-", dir="/tmp"))
    folder.chmod(0o755 if os.getuid() == 0 else 0o700)
    return folder


@pytest.fixture
def home() -> Iterator[Path]:
    folder = make_home()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A running server, as a clinic has it, for tests that only look at it."""
    folder = make_home()
    with Cluster(folder, say=lambda line: None) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def launcher(home: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], str]]]:
    """Starts a launcher in a process of its own; gives the process and the owner's address."""
    started = []

    def start() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(home)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.terminate()
        process.wait()
        assert process.stdout
        process.stdout.close()
