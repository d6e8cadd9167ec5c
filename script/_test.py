"""Runs the checks, then pytest on a PostgreSQL of its own and with a browser; with arguments pytest alone.

`script/test` makes the environment for it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from database.binaries import LauncherError
from database.embedded import Cluster, take_lock
from database.home import data_home, make_home
from database.processes import end_with_parent
from database.roles import TEST
from script._children import Ended, end_on_signals, run, stop, without

CHECKOUT = Path(__file__).resolve().parent.parent
MOST_PROCESSES = 2
TIME_TO_TIDY = 30.0  # s; a process of the tests that does not hear is ended by pytest itself in 10
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    end_on_signals()
    try:
        with ExitStack() as stack:
            environment = without(os.environ, "DATABASE_URL", "OWNER_DATABASE_URL", "DEMO", "DEBUG") | {
                "IPT_DB_ROLE": "test",
                "SECRET_KEY": "for-tests-only-for-tests-only-for-tests-only-0123456789",
                "IPT_CHROMIUM": find_browser(),
            }
            if not environment.get("TEST_DATABASE_URL"):
                environment["TEST_DATABASE_URL"] = stack.enter_context(new_cluster()).url(TEST)
            checked = 0 if arguments else run(["script/check"], os.environ)
            if checked:
                print("A check failed (see above); the tests run all the same.", flush=True)
            return run_pytest(arguments or shared_out(), environment) or checked
    except Ended:
        return 130
    except LauncherError as error:
        print(error, file=sys.stderr)
        return 1


def run_pytest(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Where it is interrupted it ends its own servers and browsers before anything else is ended."""
    command = [sys.executable, "-m", "pytest", *arguments]
    program = subprocess.Popen(command, env=dict(environment), preexec_fn=end_with_parent(signal.SIGTERM))
    try:
        return program.wait()
    except Ended as ended:
        # The terminal sends Ctrl-C to all, and a second one would break off the tidying.
        if ended.number != signal.SIGINT:
            program.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            program.wait(TIME_TO_TIDY)
        raise
    finally:
        stop(program, seconds=10)


def shared_out() -> list[str]:
    """The whole suite takes as many processes as there are cores to run them (tests/sharing.py)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ["-n", str(min(cores, MOST_PROCESSES))]


@contextmanager
def new_cluster() -> Iterator[Cluster]:
    """A server for this run alone; what killed runs left behind is cleared away."""
    folder = data_home(CHECKOUT) / "tests"
    make_home(folder)
    for left in folder.iterdir():
        try:
            with take_lock(left):
                shutil.rmtree(left)
        except LauncherError:
            continue  # another run's
    mine = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    mine.chmod(0o711)
    try:
        with Cluster(mine, testing=True) as cluster:
            yield cluster
    finally:
        shutil.rmtree(mine)


def find_browser() -> str:
    """The path of a Chromium; empty for Playwright's own, which Playwright finds by itself."""
    named = os.environ.get("IPT_CHROMIUM", "").strip()
    found = named or next(filter(None, map(shutil.which, BROWSERS)), "")
    if found:
        return found
    if os.getuid() == 0 and shutil.which("apt-get"):
        print("Installing a browser for the tests (apt-get install chromium) …", flush=True)
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        if installed := shutil.which("chromium"):
            return installed
    print("Fetching Playwright's own browser for the tests …", flush=True)
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode:
        raise LauncherError(
            "No browser for the tests was found: install Chromium (on Debian: apt-get install chromium) "
            "or name its program in IPT_CHROMIUM."
        )
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
