"""The NHS number and its check digit (NHS Data Dictionary, NHS NUMBER: modulus 11 over the first nine digits)."""

import re


def cleaned(number: str) -> str:
    """Ten digits without spaces. Raises ValueError where the check digit does not fit."""
    digits = re.sub(r"[\s-]", "", number)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise ValueError("An NHS number has ten digits.")
    remainder = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    check = 0 if remainder == 11 else remainder
    if check == 10 or check != int(digits[9]):
        raise ValueError(
            "This is not an NHS number: its last digit does not fit the others. Check each digit."
        )
    return digits
