"""What may stand in a wording of the clinic's own."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from staff import wordings

LETTERS = (
    wordings.LETTER_ACCEPTED,
    wordings.LETTER_NOT_SUITABLE,
    wordings.LETTER_SIGNPOSTED,
    wordings.LETTER_NO_CONTACT,
)
SHOWN = (
    wordings.SELF_REFERRAL_INTRO,
    wordings.SELF_REFERRAL_EXPECT,
    wordings.CONSENT_WORDS,
    wordings.ACKNOWLEDGEMENT_WORDS,
)


@pytest.mark.parametrize("words", LETTERS)
def test_a_letter_of_the_beginning_passes_its_own_rule(words: str) -> None:
    wordings.letter_placeholders(words)
    assert len(words) <= wordings.LONGEST


@pytest.mark.parametrize("words", SHOWN)
def test_a_page_of_the_beginning_passes_its_own_rule(words: str) -> None:
    wordings.no_placeholders(words)
    assert len(words) <= wordings.LONGEST


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Dear {first_name},", "{first_name}"),
        ("Dear {name},\n{score} points", "{score}"),
        ("Dear {Name},", "{Name}"),
        ("Dear { name },", "{ name }"),
        ("Dear {name,", "{"),
        ("Dear name},", "}"),
        ("Dear {{name}},", "{"),
        ("Dear {},", "{}"),
        ("Dear {name!r},", "{name!r}"),
    ],
)
def test_a_letter_takes_no_other_placeholder(words: str, found: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        wordings.letter_placeholders(words)
    assert refusal.value.messages == [
        f"{found} is not known here. A letter may use {{name}}, {{clinic}} and {{date}}."
    ]


def test_what_is_shown_as_it_stands_takes_none() -> None:
    with pytest.raises(ValidationError, match="would be shown as it stands"):
        wordings.no_placeholders("Thank you, {name}.")


def test_a_letter_is_filled_in_once() -> None:
    words = "Dear {name}, of {date}. {clinic}"
    filled = wordings.filled(words, name="May {clinic}", clinic="Elm Street", referred_on=date(2026, 3, 4))
    assert filled == "Dear May {clinic}, of 4 March 2026. Elm Street"
