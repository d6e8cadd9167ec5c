"""Whose names could be mistaken for one another's."""

from datetime import date

import pytest

from clients import similar

BORN = date(1990, 5, 17)


def alike(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return bool(set(similar.keys(*one, date(1990, 5, 17))) & set(similar.keys(*other, date(1970, 1, 1))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Maya", "Fielding", ""), ("Mia", "Fielding", "")),
        (("Maya", "Fielding", ""), ("Fielding", "Maya", "")),
        (("Zoë", "Müller", ""), ("Zoe", "Muller", "")),
        (("Catherine", "Nowak", ""), ("Katherine", "Nowack", "")),
        (("Philip", "Stone", ""), ("Filip", "Stone", "")),
        (("Robert", "Shaw", "Bob"), ("Bob", "Shaw", "")),
        (("Aaron", "O'Neil", ""), ("Aron", "ONeill", "")),
    ],
)
def test_names_that_sound_alike_share_a_key(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Maya", "Fielding", ""), ("Owen", "Pritchard", "")),
        (("Maya", "Fielding", ""), ("Maya", "Bowen", "")),
        (("Noor", "Jabari", ""), ("Elsie", "Jabari", "")),
    ],
)
def test_different_people_share_none(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert not alike(one, other)


def test_one_surname_and_one_birthday_are_alike_whatever_the_first_name() -> None:
    assert set(similar.keys("Jo", "Fielding", "", BORN)) & set(similar.keys("Maya", "Fielding", "", BORN))


def test_a_name_in_another_script_has_keys_too() -> None:
    assert similar.keys("玛雅", "李", "", BORN)
    assert not alike(("玛雅", "李", ""), ("伟", "王", ""))
