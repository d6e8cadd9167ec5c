"""Starts programs for the scripts and makes sure that none outlives them."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from database.processes import end_with_parent


class Ended(Exception):
    """Somebody asked the script to end, by this signal: Ctrl-C, TERM, or the terminal was closed."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


def end_on_signals() -> None:
    """The first signal raises Ended where the script stands; later ones are not heard while things end."""

    def end(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Ended(number)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup: to outlive the terminal
        signal.signal(signal.SIGHUP, end)


def start(
    command: Sequence[str], environment: Mapping[str, str], says: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """A program that is told to end when this script dies, however it dies. What it `says` may go into a file; its errors are
    always shown."""
    return subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=says,
        start_new_session=True,  # Ctrl-C reaches the script alone, which ends things in order
        preexec_fn=end_with_parent(signal.SIGTERM),
    )


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs a program to its end and returns its exit code. It keeps the terminal, to ask questions on it."""
    program = subprocess.Popen(command, env=dict(environment), preexec_fn=end_with_parent(signal.SIGTERM))
    try:
        return program.wait()
    finally:
        stop(program, seconds=10)


def stop(program: subprocess.Popen[bytes], seconds: float) -> None:
    """Asks it to end, and ends it after the given time."""
    if program.poll() is not None:
        return
    program.terminate()
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


class Repeated:
    """A program that runs again and again, never twice at once, and ends with the script. It says what it does in a file, and
    what it ends with is its own concern: the script goes on."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, every: float, log: Path
    ) -> None:
        self._command, self._environment, self._every, self._log = command, environment, every, log
        self._log.unlink(missing_ok=True)
        self._program: subprocess.Popen[bytes] | None = None
        self._next = time.monotonic()

    def start_if_due(self) -> None:
        """At once when asked first, then every so many seconds. Does not wait for it."""
        is_running = self._program is not None and self._program.poll() is None
        if time.monotonic() >= self._next and not is_running:
            self._next = time.monotonic() + self._every
            try:
                with self._log.open("ab") as log:
                    self._program = start(self._command, self._environment, says=log)
            except OSError as error:  # a full disk, no memory for another process
                print(f"{self._command[-1]} could not be started: {error}", file=sys.stderr)

    def stop(self) -> None:
        if self._program is not None:
            stop(self._program, seconds=5)


def without(environment: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}
