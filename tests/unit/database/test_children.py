"""What `script/server` runs again and again beside the web: at once, then when its time has come, never twice at once."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from script._children import Repeated

PATIENCE = 20.0
Begin = Callable[[str, float], Repeated]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Something repeated that adds a line to `runs` and then does what it is told."""
    begun: list[Repeated] = []

    def make(then: str, every: float) -> Repeated:
        note_it = f"open({str(tmp_path / 'runs')!r}, 'a').write('ran\\n'); "
        command = [sys.executable, "-c", f"import time; print('I am here'); {note_it}{then}"]
        begun.append(Repeated(command, os.environ, every=every, log=tmp_path / "log"))
        return begun[-1]

    yield make
    for each in begun:
        each.stop()


def runs(folder: Path) -> int:
    file = folder / "runs"
    return len(file.read_text().splitlines()) if file.exists() else 0


def look_until(reached: Callable[[], bool], program: Repeated) -> None:
    gives_up = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < gives_up
        program.start_if_due()
        time.sleep(0.02)


def test_it_runs_at_once_and_is_not_waited_for(begin: Begin, tmp_path: Path) -> None:
    program = begin("time.sleep(60)", 300)
    began = time.monotonic()
    program.start_if_due()
    assert time.monotonic() - began < 2
    look_until(lambda: runs(tmp_path) == 1, program)


def test_it_runs_again_when_its_time_has_come_also_after_a_failure(begin: Begin, tmp_path: Path) -> None:
    program = begin("raise SystemExit(1)", 0.05)
    look_until(lambda: runs(tmp_path) == 3, program)


def test_what_it_says_stands_in_a_file_from_this_start_on(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("of the last start\n")
    program = begin("pass", 0.05)
    look_until(lambda: runs(tmp_path) == 2, program)
    program.stop()
    assert set((tmp_path / "log").read_text().splitlines()) == {"I am here"}


def test_it_does_not_run_before_its_time(begin: Begin, tmp_path: Path) -> None:
    program = begin("pass", 300)
    look_until(lambda: runs(tmp_path) == 1, program)
    for _ in range(20):
        program.start_if_due()
        time.sleep(0.02)
    assert runs(tmp_path) == 1


def test_the_script_goes_on_where_it_cannot_be_started(
    begin: Begin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = begin("pass", 0.05)
    (tmp_path / "log").mkdir()
    program.start_if_due()
    assert "could not be started" in capsys.readouterr().err
    (tmp_path / "log").rmdir()
    look_until(lambda: runs(tmp_path) == 1, program)


def test_it_never_runs_twice_at_once_and_ends_with_the_script(begin: Begin, tmp_path: Path) -> None:
    program = begin("time.sleep(60)", 0.05)
    look_until(lambda: runs(tmp_path) == 1, program)
    for _ in range(20):
        program.start_if_due()
        time.sleep(0.02)
    assert runs(tmp_path) == 1
    began = time.monotonic()
    program.stop()
    assert time.monotonic() - began < 5
    program.stop()
