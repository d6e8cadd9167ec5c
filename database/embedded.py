"""The embedded PostgreSQL: one server over one data folder, started and stopped by the program that needs it.

    with Cluster(data_home(checkout)) as cluster:
        cluster.url("ipt_app")

It speaks over a socket that only its user (and root) can reach, with passwords, and opens no network port.
It ends only what it started. Finding the programs is `binaries.py`, the users and folders `home.py`,
looking at processes `processes.py`, the roles `roles.py`. Django is not needed here.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote, urlencode

import psycopg2

from database import roles
from database.binaries import Binaries, LauncherError, find_binaries
from database.home import account_for, check_reach, make_folder_for, make_home
from database.processes import end_with_parent, is_alive, is_server_of, servers_in

SUPERUSER = "ipt_superuser"
PORT = 5432  # names the socket file; no network port is opened for it
START_TIMEOUT = 900.0  # recovery after a crash may take minutes, and ending it half-way helps nobody
STOP_TIMEOUT = 120.0
LONGEST_SOCKET_PATH = 100  # Linux takes 107 bytes, macOS 103
LARGEST_LOG = 20 * 1024 * 1024

Say = Callable[[str], None]


def _print(line: str) -> None:
    print(line, flush=True)


class Cluster:
    """One PostgreSQL server and its folder `home`; safe against a second launcher on the same folder.

    `testing` adds the tests' role and gives up durability for speed: never for data that matters.
    `say` receives progress lines.
    Every failure is a LauncherError whose text is one sentence with its mend.
    """

    def __init__(self, home: Path, *, testing: bool = False, say: Say = _print):
        self.home = home
        self.data = home / "postgres"
        self.testing = testing
        self.say = say
        self.started_by_another = False
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._lock: IO[str] | None = None
        self._socket_folder = home / "socket"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when the server answers and the roles and the database are there."""
        self.account = account_for(self.data)
        check_reach(self.account, self.home, "IPT_DATA_DIR")
        make_home(self.home)
        try:
            self._start()
        except BaseException as error:
            self.stop()
            if isinstance(error, PermissionError):
                raise LauncherError(
                    f"This user may not use {error.filename}: start as the user who made {self.home}, "
                    "or name another folder in IPT_DATA_DIR."
                ) from error
            raise

    def _start(self) -> None:
        self._lock = take_lock(self.home)
        self.binaries = self._choose_binaries()
        self.say(f"PostgreSQL {self.binaries.version} from {self.binaries.source}, data in {self.home}")
        self.passwords = self._read_or_make_passwords()
        if not self.data.exists():
            self._make_data_folder()
        if not self._find_running():
            self._start_server()
        self._make_roles()

    def join(self) -> bool:
        """Instead of `start`: uses the server that another launcher runs here; False when none does."""
        running = self._read_pid_file()
        if running is None or not is_server_of(running[0], self.data):
            return False
        self.passwords = self._read_or_make_passwords()
        self._pid, self._socket_folder = running
        self.started_by_another = True
        return self._answers() is None

    def stop(self) -> None:
        """Ends the server if this object started it, in order, and lets the folder go."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown": no waiting for its users
            if not self._wait_for_end(STOP_TIMEOUT):
                self.say(
                    "PostgreSQL does not end in order; ending it at once, it will recover at the next start"
                )
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        if self._process and self._socket_folder.parent != self.home:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        self._process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def has_ended(self) -> bool:
        """True when the server is gone though nobody here stopped it."""
        if self._process:
            return self._process.poll() is not None
        return not is_alive(self._pid)

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """The address for a role, in the form that the settings and libpq read."""
        where = urlencode({"host": str(self._socket_folder), "port": str(PORT)})
        return f"postgresql://{role}:{quote(self.passwords[role])}@/{database}?{where}"

    def _choose_binaries(self) -> Binaries:
        version_file = self.data / "PG_VERSION"
        wanted = int(version_file.read_text()) if version_file.exists() else None
        binaries = find_binaries(wanted)
        if self.account.is_me:
            return binaries
        if binaries.wheel:
            return _copy_wheel(binaries, self.home)
        check_reach(self.account, binaries.folder, "IPT_POSTGRES_BIN")
        return binaries

    def _read_or_make_passwords(self) -> dict[str, str]:
        """The passwords are on the disk before a server that needs them is."""
        file = self.home / "passwords.json"
        if not file.exists():
            if self.data.exists():
                raise LauncherError(
                    f"{file} is missing, and without it nobody can enter the database: put it back."
                )
            names = [SUPERUSER, roles.OWNER, roles.APP, *([roles.TEST] if self.testing else [])]
            write_private(file, json.dumps({name: secrets.token_urlsafe(32) for name in names}, indent=1))
        return dict(json.loads(file.read_text()))

    def _make_data_folder(self) -> None:
        """Made beside its place and moved there when whole: an interrupted one is never taken for good."""
        self.say("Making a new database folder …")
        unfinished = self.home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_folder_for(self.account, unfinished)
        with tempfile.TemporaryDirectory(dir=self.home) as secret:
            password = Path(secret, "password")
            write_private(password, self.passwords[SUPERUSER])
            for path in (password, Path(secret)):
                os.chown(path, self.account.uid, self.account.gid)
            command = [self.binaries.program("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8"]
            command += [
                "-A",
                "scram-sha-256",
                f"--pwfile={password}",
                "--data-checksums",
                "--no-instructions",
            ]
            command += ["--no-sync"] if self.testing else []
            for locale in ("C.UTF-8", "C"):  # not every system has the first
                made = self._run_as_account([*command, f"--locale={locale}"])
                if made.returncode == 0:
                    break
        if made.returncode:
            raise LauncherError(f"PostgreSQL's initdb failed and said: {' '.join(made.stderr.split())}")
        unfinished.rename(self.data)

    def _find_running(self) -> bool:
        """True when an earlier launcher's server still runs here and answers; clears what a dead one left.

        A launcher that was killed alone leaves a server that is ending: it is waited for.
        """
        waited = _Patience(STOP_TIMEOUT, "Waiting for an earlier PostgreSQL to end", self.say)
        while True:
            running = self._read_pid_file()
            if running is None or not is_server_of(running[0], self.data):
                break
            self._pid, self._socket_folder = running
            if self._answers() is None:
                self.started_by_another = True
                self.say(
                    f"PostgreSQL already runs for this folder (process {self._pid}) and is left running."
                )
                return True
            waited.pause(
                f"PostgreSQL process {self._pid} serves {self.data} but does not answer: end it first."
            )
        while workers := servers_in(self.data):
            processes = ", ".join(map(str, workers))
            waited.pause(
                f"An earlier PostgreSQL's processes still work in {self.data} ({processes}): end them first."
            )
        if running:
            # A dead server's file, which PostgreSQL obeys when the process is a zombie or its number reused.
            (self.data / "postmaster.pid").unlink()
            left_socket = running[1]
            if left_socket.parent != self.home and left_socket.name.startswith("ipt-clinic-"):
                shutil.rmtree(left_socket, ignore_errors=True)
        self._socket_folder = self._make_socket_folder()
        for left in self._socket_folder.glob(".s.PGSQL.*"):
            left.unlink()
        return False

    def _start_server(self) -> None:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self._socket_folder),
            "unix_socket_permissions": "0700",
            "jit": "off",  # our questions are short: compiling them costs more than it gains
        }
        if self.testing:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [self.binaries.program("postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        log = self.home / "postgres.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.rename(log.with_suffix(".log.1"))
        # An error's detail may hold a client's words.
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which ends things in order
                preexec_fn=end_with_parent(signal.SIGINT),
                **self._as_account(),
            )
        waited = _Patience(START_TIMEOUT, "PostgreSQL is starting", self.say)
        while refusal := self._answers():
            if self._process.poll() is not None:
                last_lines = " / ".join(log.read_text(errors="replace").splitlines()[-3:])
                raise LauncherError(f"PostgreSQL did not start; the end of {log} says: {last_lines}")
            waited.pause(f"PostgreSQL did not answer in {START_TIMEOUT:.0f} seconds ({refusal}); see {log}.")

    def _answers(self) -> str | None:
        """None when the server takes our superuser; else why not."""
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LauncherError(
                    f"{self.home}/passwords.json does not fit the database beside it: put the right one back."
                ) from error
            return " ".join(str(error).split())
        return None

    def _make_roles(self) -> None:
        connection = self._connect()
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolname FROM pg_roles")
                already = {name for (name,) in cursor}
                mine = {name: word for name, word in self.passwords.items() if name != SUPERUSER}
                for statement in roles.role_statements(mine, already):
                    cursor.execute(statement)
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [roles.DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(roles.database_statement())
        finally:
            connection.close()

    def _connect(self) -> Any:
        return psycopg2.connect(
            host=str(self._socket_folder),
            port=PORT,
            user=SUPERUSER,
            password=self.passwords[SUPERUSER],
            dbname="postgres",
            connect_timeout=10,
        )

    def _make_socket_folder(self) -> Path:
        """In the data folder, or in /tmp when the path would be longer than a socket's may be."""
        folder = self.home / "socket"
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            make_folder_for(self.account, folder)
            return folder
        # mkdtemp makes a folder that nobody else can have laid there before us.
        short = Path(tempfile.mkdtemp(prefix="ipt-clinic-", dir="/tmp"))
        os.chown(short, self.account.uid, self.account.gid)
        return short

    def _read_pid_file(self) -> tuple[int, Path] | None:
        """Process and socket folder from postmaster.pid; process 0 when the file is cut short."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 5 or not lines[0].isdecimal():
            return 0, self.home / "socket"
        return int(lines[0]), Path(lines[4])

    def _wait_for_end(self, seconds: float) -> bool:
        assert self._process
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                self._process.wait(timeout=10)
                return True
            except subprocess.TimeoutExpired:
                self.say("PostgreSQL is writing its data before it ends …")
        return False

    def _as_account(self) -> dict[str, Any]:
        """Keyword arguments of subprocess: as the account, from a folder that everyone may enter."""
        environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C", "TZ": "UTC"}
        common: dict[str, Any] = {"cwd": "/", "env": environment, "umask": 0o077}
        if self.account.is_me:
            return common
        return common | {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def _run_as_account(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, check=False, **self._as_account())


class _Patience:
    """Waits in short steps, says so now and then, and in the end gives up."""

    def __init__(self, seconds: float, doing: str, say: Say):
        self._begun = time.monotonic()
        self._seconds, self._doing, self._say = seconds, doing, say
        self._said = 0.0

    def pause(self, giving_up: str) -> None:
        passed = time.monotonic() - self._begun
        if passed > self._seconds:
            raise LauncherError(giving_up)
        if passed - self._said >= 5:
            self._said = passed
            self._say(f"{self._doing} … {passed:.0f} s")
        time.sleep(0.05)


def take_lock(home: Path) -> IO[str]:
    """Holds the data folder until the file is closed or this process ends, however it ends."""
    try:
        lock = (home / "launcher.lock").open("a+")
    except PermissionError as error:
        raise LauncherError(
            f"The data folder {home} belongs to another user: "
            "start as that user, or name another folder in IPT_DATA_DIR."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise LauncherError(
            f"Another launcher (process {holder}) serves {home}: "
            "end it first, or name another folder in IPT_DATA_DIR."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def write_private(file: Path, text: str) -> None:
    """The whole text or nothing, readable by its owner alone."""
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    new.rename(file)


def _copy_wheel(binaries: Binaries, home: Path) -> Binaries:
    """The wheel's programs where PostgreSQL's own user can read them; the checkout may be closed to it."""
    package = binaries.folder.parent.parent
    copy = home / f"postgresql-{binaries.wheel}"
    if not copy.exists():
        unfinished = home / "postgresql.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries in the folder beside the package's.
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(copy)
    return Binaries(
        copy / package.name / "pginstall" / "bin", binaries.version, binaries.source, binaries.wheel
    )
