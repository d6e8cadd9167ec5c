"""The launcher keeps what was acknowledged, lets nobody in without a password and ends only its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from database.binaries import LauncherError
from database.embedded import Cluster
from database.processes import is_alive, servers_in

ROOT = os.getuid() == 0
LINUX = sys.platform.startswith("linux")
Launch = Callable[[], tuple[subprocess.Popen[str], str]]


def quiet(home: Path, *, durable: bool = False) -> Cluster:
    """Not durable unless the test is about that: a dozen servers that wait for the disk take a minute."""
    return Cluster(home, testing=not durable, say=lambda line: None)


def ask(url: str, question: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def write_rows_until_it_dies(url: str, acknowledged: list[int]) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for number in range(1_000_000):
            try:
                cursor.execute("INSERT INTO written VALUES (%s)", [number])
            except psycopg2.Error:
                connection.close()
                return
            acknowledged.append(number)


@pytest.mark.skipif(not LINUX, reason="finds the server's processes in /proc")
def test_after_kill_9_while_rows_are_written_no_acknowledged_row_is_lost(home: Path) -> None:
    first = quiet(home, durable=True)
    first.start()
    url = first.url("ipt_owner")
    ask(url, "CREATE TABLE written (number integer)")
    acknowledged: list[int] = []
    writer = threading.Thread(target=write_rows_until_it_dies, args=[url, acknowledged])
    writer.start()
    while len(acknowledged) < 300:
        time.sleep(0.01)
    # The dead server stays a zombie: its parent, this test, has not looked at it yet.
    for pid in [first._process.pid, *servers_in(first.data)]:
        os.kill(pid, signal.SIGKILL)
    writer.join()
    first._lock.close()

    with quiet(home, durable=True) as second:
        kept = {number for (number,) in ask(second.url("ipt_owner"), "SELECT number FROM written")}
    first.stop()
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1


@pytest.mark.skipif(not LINUX, reason="only Linux tells a child that its parent died")
def test_a_launcher_that_was_killed_alone_leaves_a_folder_that_starts_again(
    home: Path, launcher: Launch
) -> None:
    process, url = launcher()
    ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    process.kill()
    process.wait()
    with quiet(home, durable=True) as again:
        assert ask(again.url("ipt_owner"), "SELECT number FROM kept") == [(7,)]
        assert not again.started_by_another


@pytest.mark.parametrize("left_by", ["a zombie", "another program", "nobody", "a cut file"])
def test_a_dead_servers_process_number_does_not_block_the_start(home: Path, left_by: str) -> None:
    with quiet(home) as first:
        pid_file = (first.data / "postmaster.pid").read_text().splitlines(keepends=True)
    zombie = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert zombie.stdout
    zombie.stdout.read()  # it has ended, and nobody has asked how
    while is_alive(zombie.pid):
        time.sleep(0.01)
    pid = {"a zombie": zombie.pid, "another program": os.getpid(), "nobody": 4_194_300, "a cut file": 1}[
        left_by
    ]
    lines = pid_file[1:] if left_by != "a cut file" else []
    (first.data / "postmaster.pid").write_text("".join([f"{pid}\n", *lines]))
    with quiet(home) as second:
        assert ask(second.url("ipt_app"), "SELECT 1") == [(1,)]
    zombie.wait()
    zombie.stdout.close()


def test_an_interrupted_first_start_is_begun_again(home: Path) -> None:
    (home / "postgres.unfinished").mkdir()
    (home / "postgres.unfinished" / "PG_VERSION").write_text("half of it")
    with quiet(home) as cluster:
        assert ask(cluster.url("ipt_app"), "SELECT 1") == [(1,)]


def test_a_second_start_finds_the_same_rows_and_passwords(home: Path) -> None:
    with quiet(home) as first:
        url = first.url("ipt_owner")
        ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    with quiet(home) as second:
        assert second.url("ipt_owner") == url
        assert ask(url, "SELECT number FROM kept") == [(7,)]


def test_nothing_it_started_is_left_when_it_stops(home: Path) -> None:
    with quiet(home) as cluster:
        pid = cluster._process.pid
    assert not is_alive(pid)
    assert not (cluster.data / "postmaster.pid").exists()


def test_a_second_launcher_on_the_same_folder_is_refused_in_one_sentence(cluster: Cluster) -> None:
    with pytest.raises(LauncherError, match=rf"Another launcher \(process {os.getpid()}\) serves .*: end it"):
        quiet(cluster.home).start()


def test_a_server_that_somebody_else_started_is_used_and_not_ended(home: Path) -> None:
    with quiet(home) as theirs:
        theirs._lock.close()
        with quiet(home) as ours:
            assert ours.started_by_another
            assert ask(ours.url("ipt_app"), "SELECT 1") == [(1,)]
        assert ask(theirs.url("ipt_app"), "SELECT 1") == [(1,)]


def test_a_command_beside_a_running_clinic_uses_its_server(cluster: Cluster, home: Path) -> None:
    beside = quiet(cluster.home)
    assert beside.join()
    assert ask(beside.url("ipt_owner"), "SELECT current_user") == [("ipt_owner",)]
    beside.stop()
    assert not cluster.has_ended()
    assert not quiet(home).join()


def test_only_the_servers_user_reaches_the_socket_the_data_and_the_passwords(cluster: Cluster) -> None:
    assert cluster._socket_folder.stat().st_mode & 0o777 == 0o700
    assert (cluster._socket_folder / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_mode & 0o777 == 0o700
    for private in ("passwords.json", "postgres.log"):
        assert (cluster.home / private).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not ROOT, reason="only root starts it as another user")
def test_started_by_root_it_runs_as_a_user_without_rights(cluster: Cluster) -> None:
    assert cluster.account.uid != 0
    assert cluster.data.stat().st_uid == cluster.account.uid
    assert (cluster.home / "passwords.json").stat().st_uid == 0


@pytest.mark.parametrize("password", ["wrong", ""])
@pytest.mark.parametrize("role", ["ipt_superuser", "ipt_owner", "ipt_app"])
def test_nobody_enters_without_the_password(cluster: Cluster, role: str, password: str, monkeypatch) -> None:
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    url = cluster.url(role).replace(cluster.passwords[role], password)
    with pytest.raises(
        psycopg2.OperationalError, match=r"password authentication failed|no password supplied"
    ):
        psycopg2.connect(url)


def test_every_way_in_asks_for_a_scram_password(cluster: Cluster) -> None:
    superuser = cluster.url("ipt_superuser")
    assert set(ask(superuser, "SELECT auth_method FROM pg_hba_file_rules")) == {("scram-sha-256",)}
    assert ask(
        superuser, "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256%' ORDER BY 1"
    ) == [
        ("ipt_app",),
        ("ipt_owner",),
        ("ipt_superuser",),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("server_encoding", "UTF8"),
    ],
)
def test_a_clinics_server_is_durable_and_has_no_network_port(
    cluster: Cluster, setting: str, value: str
) -> None:
    assert ask(cluster.url("ipt_app"), f"SHOW {setting}") == [(value,)]


def test_owner_and_app_role_pass_no_wall_and_the_tests_role_is_not_there(cluster: Cluster) -> None:
    columns = "rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
    assert ask(
        cluster.url("ipt_app"), f"SELECT {columns} FROM pg_roles WHERE rolname LIKE 'ipt%' ORDER BY 1"
    ) == [
        ("ipt_app", False, False, False, False),
        ("ipt_owner", False, False, True, False),
        ("ipt_superuser", True, True, True, True),
    ]


def test_the_owner_may_lay_what_the_tables_need(cluster: Cluster) -> None:
    ask(cluster.url("ipt_owner"), "CREATE EXTENSION IF NOT EXISTS btree_gist")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster.url("ipt_app"), "CREATE TABLE mine (number integer)")


def test_a_data_folder_may_lie_deeper_than_a_socket_path_is_long(home: Path) -> None:
    deep = home.joinpath(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True)
    with quiet(deep) as cluster:
        socket_folder = cluster._socket_folder
        assert ask(cluster.url("ipt_app"), "SELECT 1") == [(1,)]
        assert len(str(socket_folder / ".s.PGSQL.5432")) <= 107
        assert socket_folder.stat().st_mode & 0o777 == 0o700
    assert not socket_folder.exists()


def test_data_of_another_major_version_is_refused_in_one_sentence(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(
        LauncherError, match=r"made by PostgreSQL 9, but only PostgreSQL .* install PostgreSQL 9 or"
    ):
        quiet(home).start()


def test_lost_passwords_are_named_and_the_data_is_not_touched(home: Path) -> None:
    with quiet(home):
        pass
    (home / "passwords.json").unlink()
    with pytest.raises(LauncherError, match=r"passwords.json is missing"):
        quiet(home).start()
    assert (home / "postgres" / "PG_VERSION").exists()


def test_rights_of_folders_that_were_there_before_are_not_changed(home: Path) -> None:
    mine = home / "mine"
    mine.mkdir(mode=0o755)
    before = [folder.stat().st_mode for folder in (home, mine)]
    with quiet(mine / "clinic"):
        assert [folder.stat().st_mode for folder in (home, mine)] == before


@pytest.mark.skipif(not ROOT, reason="only root starts it as another user")
def test_a_folder_closed_to_the_servers_user_is_named_with_the_mend(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LauncherError, match=rf"may not enter {closed}: let it pass \(chmod o\+x {closed}\)"):
        quiet(closed / "clinic").start()
