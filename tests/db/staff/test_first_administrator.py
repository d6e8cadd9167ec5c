"""A real clinic begins with one command, which works as the database's owner."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from staff.models import Clinic, Holiday, User
from tests.cast import person
from tests.roles import as_owner


@pytest.fixture(autouse=True)
def _environment(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_ADMIN_NAME", "Sheila Marsh")
    monkeypatch.setenv("FIRST_ADMIN_EMAIL", "Sheila.Marsh@clinic.example")
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", "tea at four in the garden")


def begin() -> str:
    said = StringIO()
    with as_owner():
        call_command("first_administrator", stdout=said)
    return said.getvalue()


def test_the_first_administrator_signs_in_with_the_email_and_is_no_superuser() -> None:
    assert "Sheila Marsh is the clinic's first administrator" in begin()
    sheila = User.objects.get(email="sheila.marsh@clinic.example")
    assert sheila.roles == ["administrator"]
    assert sheila.check_password("tea at four in the garden")
    assert not sheila.is_superuser
    assert not sheila.is_staff


def test_a_clinic_begins_with_its_row_and_the_bank_holidays() -> None:
    begin()
    assert Clinic.objects.get().name == "IPT Clinic"
    assert Holiday.objects.filter(name="Good Friday").count() == 3


def test_a_clinic_with_an_administrator_is_refused() -> None:
    with as_owner():
        person("Ada Admin", "administrator")
    with pytest.raises(CommandError, match="has an administrator already"):
        begin()
    assert not User.objects.filter(full_name="Sheila Marsh").exists()


def test_an_administrator_who_has_ended_does_not_stand_in_the_way() -> None:
    with as_owner():
        person("Ada Admin", "administrator", is_active=False)
    assert "Sheila Marsh" in begin()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FIRST_ADMIN_PASSWORD", "short", "too short"),
        ("FIRST_ADMIN_PASSWORD", "password1234", "too common"),
        ("FIRST_ADMIN_EMAIL", "not an email", "valid email"),
    ],
)
def test_a_weak_password_or_a_wrong_email_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match=sentence):
        begin()
    assert not User.objects.filter(is_system=False).exists()


def test_at_a_terminal_it_asks_again_until_the_answers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRST_ADMIN_PASSWORD")
    answers = iter(["Sheila Marsh", "sheila@clinic.example", "Sheila Marsh", "sheila@clinic.example"])
    passwords = iter(["short", "short", "tea at four in the garden", "tea at four in the garden"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("staff.management.commands.first_administrator.getpass", lambda _: next(passwords))
    refusals = StringIO()
    with as_owner():
        call_command("first_administrator", stdout=StringIO(), stderr=refusals)
    assert "too short" in refusals.getvalue()
    assert User.objects.get(is_system=False).email == "sheila@clinic.example"


def test_without_a_terminal_and_without_the_variables_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FIRST_ADMIN_NAME")

    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="FIRST_ADMIN_NAME"):
        begin()
