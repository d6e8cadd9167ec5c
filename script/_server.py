"""Opens the clinic: database, migrations, the invented clinic at the first start, and the web.

`script/server` prepares the environment and runs this. It stays, watches what it started and ends all of it.
"""

import errno
import hashlib
import http.client
import os
import secrets
import shutil
import socket
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import psycopg2

from database.binaries import OLDEST_MAJOR, LauncherError
from database.embedded import Cluster, take_lock, write_private
from database.home import data_home, make_home
from database.kind import kind_of
from database.roles import APP, OWNER
from script._children import Ended, Repeated, end_on_signals, run, start, stop, without

CHECKOUT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEMO_PASSWORD = "ipt-demo-clinic"  # noqa: S105  # invented data on loopback alone: it is printed and documented
DEMO_PEOPLE = ("therapist", "trainee", "supervisor", "admin", "lead")
PORT_PATIENCE = 12.0  # a server whose launcher was killed ends the pages under way first
REMIND_EVERY = 5 * 60.0
FIRST_ADMIN = ("FIRST_ADMIN_EMAIL", "FIRST_ADMIN_NAME", "FIRST_ADMIN_PASSWORD")


def main() -> int:
    end_on_signals()
    try:
        with ExitStack() as stack:
            serve(Choices.read(), stack)
    except Ended:
        print("\nThe clinic is closed.", flush=True)
        return 0
    except LauncherError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True)
class Choices:
    """What the environment asks for; a contradiction is a LauncherError."""

    demo: bool
    bind: str
    port: int
    home: Path
    database_url: str
    owner_url: str

    @property
    def address(self) -> str:
        return f"http://{f'[{self.bind}]' if ':' in self.bind else self.bind}:{self.port}"

    @classmethod
    def read(cls) -> "Choices":
        demo, port = os.environ.get("DEMO", "").strip() or "1", os.environ.get("PORT", "").strip() or "8000"
        bind = os.environ.get("BIND", "").strip() or "127.0.0.1"
        if demo not in ("0", "1"):
            raise LauncherError(f"DEMO is {demo}: write 1 for the invented clinic or 0 for a real one.")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise LauncherError(f"PORT is {port}: write a number from 1 to 65535.")
        if demo == "1" and bind not in LOOPBACK:
            raise LauncherError(
                "The demo's passwords are known to everybody, so it listens on this machine alone "
                f"and not on {bind}: leave BIND away, or open a real clinic with DEMO=0."
            )
        database_url, owner_url = (
            os.environ.get(name, "").strip() for name in ("DATABASE_URL", "OWNER_DATABASE_URL")
        )
        if bool(database_url) != bool(owner_url):
            raise LauncherError(
                "A PostgreSQL of your own needs both DATABASE_URL (the app role, for the web) and "
                "OWNER_DATABASE_URL (the owner, for migrations): "
                "manage.py database roles prints the SQL that makes both."
            )
        if demo == "0":
            for name, meaning in (
                ("SECRET_KEY", "a long random text that signs people's sessions"),
                ("ALLOWED_HOSTS", "the clinic's host names, separated by commas"),
            ):
                if not os.environ.get(name, "").strip():
                    raise LauncherError(
                        f"A real clinic (DEMO=0) needs the environment variable {name}: {meaning}."
                    )
        return cls(demo == "1", bind, int(port), data_home(CHECKOUT), database_url, owner_url)


def serve(choices: Choices, stack: ExitStack) -> None:
    """Opens the clinic and stays until Ended, or until something died (LauncherError)."""
    wait_for_port(choices.bind, choices.port)
    cluster, app_url, owner_url = open_database(choices, stack)
    web, owner = environments(choices, app_url, owner_url)
    with closing(connect(owner_url)) as connection:
        refuse_mixing(choices.demo, connection)
        if migrations_are_new(choices.home, connection):
            step("Laying the tables", "migrate", owner)
            remember_migrations(choices.home, connection)
        collect_static_files(choices.home, web)
        fill(choices.demo, connection, owner)
    server = start_web(choices, web)
    stack.callback(stop, server, 15)
    wait_for_first_page(choices, server)
    greet(choices, embedded=cluster is not None)
    # After the first page, which is what somebody waits for. The mails that the demo prints would push the greeting away.
    command = [sys.executable, "manage.py", "remind"]
    remind = Repeated(command, web, every=REMIND_EVERY, log=choices.home / "remind.log")
    stack.callback(remind.stop)
    while server.poll() is None and not (cluster and cluster.has_ended()):
        remind.start_if_due()
        time.sleep(0.2)
    if server.poll() is None:
        raise LauncherError(
            f"PostgreSQL ended by itself, so the clinic closes: see {choices.home}/postgres.log."
        )
    raise LauncherError("The web server ended by itself, so the clinic closes: see what it says above.")


def open_database(choices: Choices, stack: ExitStack) -> tuple[Cluster | None, str, str]:
    """The embedded server and its two addresses, or those that were given, and then no server is touched."""
    if choices.database_url:
        make_home(choices.home)
        stack.enter_context(take_lock(choices.home))
        return None, choices.database_url, choices.owner_url
    cluster = stack.enter_context(Cluster(choices.home))
    return cluster, cluster.url(APP), cluster.url(OWNER)


def environments(choices: Choices, app_url: str, owner_url: str) -> tuple[dict[str, str], dict[str, str]]:
    """For the web, which never learns the owner's address, and for migrations and the demo, which need it."""
    web = without(os.environ, "OWNER_DATABASE_URL", "TEST_DATABASE_URL", *FIRST_ADMIN) | {
        "DEMO": "1" if choices.demo else "0",
        "DATABASE_URL": app_url,
        "IPT_DB_ROLE": "app",
        "STATIC_ROOT": str(choices.home / "static"),
        "PYTHONUNBUFFERED": "1",
    }
    if choices.demo:
        web |= {"ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]", "DEBUG": "0"}
        web["SITE_URL"] = os.environ.get("SITE_URL", "").strip() or choices.address
        web["SECRET_KEY"] = os.environ.get("SECRET_KEY", "").strip() or kept_secret(
            choices.home / "secret_key"
        )
    first_admin = {name: os.environ[name] for name in FIRST_ADMIN if os.environ.get(name)}
    return web, web | first_admin | {"OWNER_DATABASE_URL": owner_url, "IPT_DB_ROLE": "owner"}


def kept_secret(file: Path) -> str:
    """A random key, the same at each start, so that people stay signed in."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(64))
    return file.read_text()


def connect(owner_url: str) -> Any:
    try:
        connection = psycopg2.connect(owner_url, connect_timeout=10)
    except psycopg2.Error as error:
        words = " ".join(str(error).split())
        raise LauncherError(
            f"The database in OWNER_DATABASE_URL does not answer ({words}): mend the address."
        ) from error
    connection.autocommit = True
    if connection.server_version < OLDEST_MAJOR * 10000:
        raise LauncherError(
            f"The database server is too old: the clinic needs PostgreSQL {OLDEST_MAJOR} or newer."
        )
    return connection


def refuse_mixing(demo: bool, connection: Any) -> None:
    """Invented people in a real clinic, or real clients behind known passwords, are worse than no start."""
    kind = kind_of(connection)
    if demo and kind == "clinic":
        raise LauncherError(
            "This database holds a real clinic, so the demo does not open it: "
            "set DEMO=0, or name another folder in IPT_DATA_DIR (or another DATABASE_URL)."
        )
    if not demo and kind == "demo":
        raise LauncherError(
            "This database holds the invented clinic, so no real one opens in it: "
            "leave DEMO away, or name another folder in IPT_DATA_DIR (or another DATABASE_URL)."
        )


def migrations_are_new(home: Path, connection: Any) -> bool:
    """False when the last start of this very code left these very rows: Django need not be asked."""
    file = home / "migrated"
    return not file.exists() or file.read_text() != migration_state(connection)


def remember_migrations(home: Path, connection: Any) -> None:
    (home / "migrated").write_text(migration_state(connection))


def migration_state(connection: Any) -> str:
    files = [*CHECKOUT.glob("*/migrations/*.py"), *CHECKOUT.glob("*/*/*.sql"), CHECKOUT / "requirements.txt"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations')")
        if cursor.fetchone()[0] is None:
            return "none"
        cursor.execute(
            "SELECT count(*), max(applied), (SELECT oid FROM pg_database WHERE datname = current_database())"
            " FROM django_migrations"
        )
        return f"{fingerprint(files)} {cursor.fetchone()}"


def collect_static_files(home: Path, web: dict[str, str]) -> None:
    files = [file for file in CHECKOUT.glob("*/static/**/*") if file.is_file()]
    files += [file for file in (CHECKOUT / "static").rglob("*") if file.is_file()]
    wanted = fingerprint([*files, CHECKOUT / "requirements.txt", CHECKOUT / "ipt_clinic" / "settings.py"])
    stamp = home / "static.collected"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(home / "static", ignore_errors=True)
        step("Collecting styles and scripts", "collectstatic", web, "--no-input")
        stamp.write_text(wanted)


def fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(CHECKOUT)}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def fill(demo: bool, connection: Any, owner: dict[str, str]) -> None:
    """The invented clinic, or a real one's first administrator, when nobody works here yet. Each whole or not at all."""
    if kind_of(connection) is not None:
        return
    if demo:
        step("Filling the invented clinic", "demo", owner)
        return
    if not sys.stdin.isatty() and not all(owner.get(name) for name in FIRST_ADMIN):
        raise LauncherError(
            "Nobody works in this clinic yet: start on a terminal to name the first administrator, "
            f"or set {', '.join(FIRST_ADMIN[:-1])} and {FIRST_ADMIN[-1]}."
        )
    step("The first administrator", "first_administrator", owner)


def step(title: str, command: str, environment: dict[str, str], *options: str) -> None:
    """Runs one of Django's commands and says how long it took."""
    print(f"{title} …", flush=True)
    begun = time.monotonic()
    if run([sys.executable, "manage.py", command, *options], environment):
        raise LauncherError(f"{title} failed (manage.py {command}): see what it says above.")
    print(f"{title}: done in {time.monotonic() - begun:.0f} s", flush=True)


def wait_for_port(bind: str, port: int) -> None:
    """A server that was just killed may hold its port a moment longer."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    gives_up = time.monotonic() + PORT_PATIENCE
    said = False
    while True:
        with socket.socket(family) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((bind, port))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > gives_up:
                    raise LauncherError(
                        f"{bind}:{port} cannot be used ({error.strerror}): "
                        "end what uses it, or set PORT to another number."
                    ) from error
        if not said:
            said = True
            print(f"{bind}:{port} is in use; waiting a moment, in case it is just being left …", flush=True)
        time.sleep(0.2)


def start_web(choices: Choices, web: dict[str, str]) -> Popen[bytes]:
    host = f"[{choices.bind}]" if ":" in choices.bind else choices.bind
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "ipt_clinic.wsgi:application",
        "--bind",
        f"{host}:{choices.port}",
    ]
    # Loaded once and then split, so that two workers share what they have in common.
    command += ["--preload", "--workers", os.environ.get("WEB_WORKERS", "2"), "--worker-class", "gthread"]
    command += ["--threads", "4", "--timeout", "60", "--graceful-timeout", "10", "--log-level", "warning"]
    command += ["--no-control-socket"]
    if os.access("/dev/shm", os.W_OK):  # noqa: S108  # gunicorn's heartbeat files: a slow disk must not look like a dead worker
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108  # as above
    return start(command, web)


def wait_for_first_page(choices: Choices, server: Popen[bytes]) -> None:
    host = "127.0.0.1" if choices.bind in ("0.0.0.0", "localhost") else choices.bind  # noqa: S104  # compared, not bound
    name = "127.0.0.1" if choices.demo else os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".*")
    for _ in range(600):
        if server.poll() is not None:
            raise LauncherError("The web server did not start: see what it says above.")
        try:
            with closing(http.client.HTTPConnection(host, choices.port, timeout=30)) as page:
                page.request("GET", "/", headers={"Host": name})
                if page.getresponse().status < 500:
                    return
            raise LauncherError("The clinic answers its first page with an error: see what it says above.")
        except OSError:
            time.sleep(0.1)
    raise LauncherError("The web server did not answer within a minute: see what it says above.")


def greet(choices: Choices, embedded: bool) -> None:
    print(f"\nThe clinic is open on {choices.address}/ (Ctrl-C closes it)")
    if choices.demo:
        password = os.environ.get("DEMO_PASSWORD", "").strip() or DEMO_PASSWORD
        print(f"All in it is invented. Sign in with the password {password} as")
        for person in DEMO_PEOPLE:
            print(f"  {person}@clinic.example")
    elif embedded:
        print(f"Its records lie in {choices.home}: back them up.")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
