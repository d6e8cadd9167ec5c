"""What the launcher must know about processes: who lives, who is only a zombie, who works in a folder.

PostgreSQL takes a process id in `postmaster.pid` for a living server even when that process is a zombie
or the number has gone to another program; after `kill -9` in a container, where nobody buries the dead,
it would then refuse to start for ever.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PROC = Path("/proc")
_HAS_PROC = (_PROC / "self" / "stat").exists()
_PR_SET_PDEATHSIG = 1


def is_alive(pid: int) -> bool:
    """False when there is no such process or it is a zombie."""
    return _state(pid) not in ("", "Z", "X")


def is_server_of(pid: int, data: Path) -> bool:
    """True when the process is a living PostgreSQL that serves this data folder."""
    if not is_alive(pid) or not _command(pid).startswith("postgres"):
        return False
    if not _HAS_PROC:
        return True
    works_in = _working_folder(pid)
    # Another user's process hides its folder: better to take it for the server than to start a second.
    return works_in is None or works_in == data.resolve()


def servers_in(data: Path) -> list[int]:
    """Living PostgreSQL processes in this data folder (children outlive a killed parent a moment)."""
    if not _HAS_PROC:
        return []
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]
    here = data.resolve()
    return [
        pid
        for pid in pids
        if is_alive(pid) and _command(pid).startswith("postgres") and _working_folder(pid) == here
    ]


def end_with_parent(signal_number: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: on Linux the child gets this signal when its parent dies, however it dies."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signal_number))
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def _state(pid: int) -> str:
    """One letter as in ps; empty when there is no such process."""
    if not _HAS_PROC:
        return _ps(pid, "stat")[:1]
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return ""
    # The name stands in brackets and may itself hold spaces and brackets.
    return stat.rpartition(")")[2].split()[0]


def _command(pid: int) -> str:
    if not _HAS_PROC:
        return Path(_ps(pid, "comm")).name
    try:
        return (_PROC / str(pid) / "comm").read_text(errors="replace").strip()
    except OSError:
        return ""


def _working_folder(pid: int) -> Path | None:
    try:
        return Path(os.readlink(_PROC / str(pid) / "cwd"))
    except OSError:
        return None


def _ps(pid: int, column: str) -> str:
    answer = subprocess.run(
        ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()
