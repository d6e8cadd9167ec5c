"""The NHS number carries its own check."""

import pytest

from clients.nhs_number import cleaned


@pytest.mark.parametrize("typed", ["9434765919", "943 476 5919", "943-476-5919", " 9434765919 "])
def test_a_number_is_kept_as_ten_digits_however_it_is_typed(typed: str) -> None:
    assert cleaned(typed) == "9434765919"


def test_a_remainder_of_eleven_is_a_check_digit_of_nought() -> None:
    # 4 × 10 + 2 × 2 = 44, which eleven divides.
    assert cleaned("4000000020") == "4000000020"


@pytest.mark.parametrize("last", range(10))
def test_no_digit_fits_a_remainder_of_ten(last: int) -> None:
    # 4 × 10 + 1 × 5 = 45, one more than eleven divides.
    with pytest.raises(ValueError, match="last digit does not fit"):
        cleaned(f"400001000{last}")


@pytest.mark.parametrize("typed", ["9434765918", "9434765991", "4934765919"])
def test_a_mistyped_or_swapped_digit_is_caught(typed: str) -> None:
    with pytest.raises(ValueError, match="last digit does not fit"):
        cleaned(typed)


@pytest.mark.parametrize("typed", ["", "943476591", "94347659190", "94347659l9", "٩٤٣٤٧٦٥٩١٩"])
def test_anything_but_ten_digits_is_no_number(typed: str) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        cleaned(typed)
