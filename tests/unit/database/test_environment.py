"""A second start does not ask pip anything; a changed pin is noticed."""

import sys
from pathlib import Path

import pytest

from script import _environment


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that holds what its two files of pins name."""
    monkeypatch.setattr(_environment, "CHECKOUT", tmp_path)
    monkeypatch.setattr(_environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(_environment, "VENV_PYTHON", Path(sys.executable))
    (tmp_path / ".venv").mkdir()
    version = "{}.{}".format(*sys.version_info)
    for name in (_environment.RUN, _environment.POSTGRES):
        (tmp_path / name).write_text("Django==5.2.19\n")
        _environment.stamp_of(name).write_text(_environment.wanted_stamp(name, version))
    return tmp_path


def test_a_second_start_installs_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_environment, "install", pytest.fail)
    _environment.main(for_tests=False)


def test_a_changed_pin_is_installed_and_nothing_else(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(_environment, "install", installed.append)
    (checkout / "requirements.txt").write_text("Django==5.2.20\n")
    _environment.main(for_tests=False)
    assert installed == ["requirements.txt"]


def test_an_environment_whose_python_is_gone_holds_nothing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_environment, "VENV_PYTHON", checkout / "gone")
    assert _environment.missing([_environment.RUN]) == ["requirements.txt"]
