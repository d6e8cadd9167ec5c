"""A clinic as `script/server` brings it up, with a data folder and a port of its own, for tests that use it from outside.

Killing parts of it is in tests/faults; this knows which processes are its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from database.embedded import Cluster
from database.roles import OWNER
from tests.unit.database.conftest import make_home

ROOT = Path(__file__).parents[1]
# What script/test sets for the tests would lead the clinic to their database.
OURS = ("DATABASE_URL", "OWNER_DATABASE_URL", "TEST_DATABASE_URL", "IPT_DB_ROLE", "SECRET_KEY", "STATIC_ROOT")
PATIENCE = 300.0  # s; a clinic comes up in twenty, on a busy machine in a hundred and more


class RunningClinic:
    """The invented clinic behind one web worker. `close` ends it and removes all that it wrote."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.home = make_home()
        self._environment = {name: value for name, value in os.environ.items() if name not in OURS}
        self._environment |= {"PORT": str(port), "IPT_DATA_DIR": str(self.home / "clinic")}
        self._environment |= {"DEMO": "1", "WEB_WORKERS": "1"}
        try:
            self.open()
        except BaseException:
            self.close()
            raise

    def open(self) -> None:
        """Starts `script/server` as a person does; returns when the first page is answered."""
        with (self.home / "log").open("a") as log:
            command = [str(ROOT / "script" / "server")]
            self.launcher = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        gives_up = time.monotonic() + PATIENCE
        while self.launcher.poll() is None and time.monotonic() < gives_up:
            try:
                with urllib.request.urlopen(f"{self.address}/account/login/", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"script/server did not come up:\n{self.said()}")

    def close(self) -> None:
        self.launcher.send_signal(signal.SIGTERM)
        self.launcher.wait(timeout=PATIENCE)
        shutil.rmtree(self.home)

    def said(self) -> str:
        """What `script/server` printed, all its starts together."""
        return (self.home / "log").read_text()

    def owners_address(self) -> str:
        """The database, past the walls."""
        cluster = Cluster(self.home / "clinic", say=lambda line: None)
        assert cluster.join()
        return cluster.url(OWNER)

    def postmaster(self) -> int:
        """The process that the others of PostgreSQL are children of."""
        first_line = (self.home / "clinic" / "postgres" / "postmaster.pid").read_text().splitlines()[0]
        (found,) = [pid for pid in children_of(self.launcher.pid) if pid == int(first_line)]
        return found

    def web_master(self) -> int:
        """The launcher's other child, beside which `manage.py remind` comes and goes."""
        (found,) = [
            pid
            for pid in children_of(self.launcher.pid)
            if pid != self.postmaster() and b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        return found

    def web_worker(self) -> int:
        (found,) = children_of(self.web_master())
        return found


def children_of(pid: int) -> list[int]:
    """By the kernel's word, never by a program's name: another clinic may run on this machine. Linux alone tells."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (thread / "children").read_text().split())
    return found


def descendants_of(pid: int) -> list[int]:
    found = children_of(pid)
    for child in list(found):
        try:
            found += descendants_of(child)
        except FileNotFoundError:  # ended meanwhile
            continue
    return found
