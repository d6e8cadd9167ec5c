"""`script/server` says in one sentence what contradicts itself, before it starts anything."""

import socket

import pytest

from database.binaries import LauncherError
from script._server import Choices, environments, wait_for_port

NAMES = (
    "DEMO",
    "BIND",
    "PORT",
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "IPT_DATA_DIR",
)


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_without_a_word_it_is_the_demo_on_loopback() -> None:
    choices = Choices.read()
    assert (choices.demo, choices.bind, choices.port) == (True, "127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"BIND": "0.0.0.0"}, r"listens on this machine alone and not on 0\.0\.0\.0"),
        ({"BIND": "192.0.2.7"}, r"listens on this machine alone and not on 192\.0\.2\.7"),
        ({"DEMO": "maybe"}, "DEMO is maybe: write 1"),
        ({"PORT": "70000"}, "PORT is 70000: write a number"),
        (
            {"DATABASE_URL": "postgresql://ipt_app@db/ipt"},
            "needs both DATABASE_URL .* and OWNER_DATABASE_URL",
        ),
        ({"OWNER_DATABASE_URL": "postgresql://ipt_owner@db/ipt"}, "needs both DATABASE_URL"),
        ({"DEMO": "0", "ALLOWED_HOSTS": "clinic.example"}, "needs the environment variable SECRET_KEY"),
        ({"DEMO": "0", "SECRET_KEY": "long"}, "needs the environment variable ALLOWED_HOSTS"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_one_sentence(
    words: dict[str, str], refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in words.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(LauncherError, match=refusal) as caught:
        Choices.read()
    assert "\n" not in str(caught.value)


def test_a_real_clinic_may_listen_where_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DEMO": "0",
        "BIND": "0.0.0.0",
        "SECRET_KEY": "s",
        "ALLOWED_HOSTS": "clinic.example",
    }.items():
        monkeypatch.setenv(name, value)
    assert Choices.read().bind == "0.0.0.0"


def test_the_web_never_learns_the_owners_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ipt_app:a@db/ipt")
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://ipt_owner:secret@db/ipt")
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://ipt_test:secret@db/ipt")
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", "secret")
    monkeypatch.setenv("SECRET_KEY", "s")
    choices = Choices.read()
    web, owner = environments(choices, choices.database_url, choices.owner_url)
    assert not any("secret" in value for value in web.values())
    assert web["IPT_DB_ROLE"] == "app"
    assert owner["OWNER_DATABASE_URL"] == "postgresql://ipt_owner:secret@db/ipt"


def test_a_port_in_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("script._server.PORT_PATIENCE", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LauncherError, match=rf"127\.0\.0\.1:{port} cannot be used .*set PORT to another"):
            wait_for_port("127.0.0.1", port)
