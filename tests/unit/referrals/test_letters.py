"""A letter is a PDF or a JPEG by its own bytes, from the first to the last, and has a name that is safe everywhere."""

import pytest
from django.core.exceptions import ValidationError

from referrals.letters import read_letter
from tests.cast import A_PDF

A_JPEG = (
    b"\xff\xd8"
    + b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    + b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00\xd2"
    + b"\xff\xd9"
)


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (A_PDF, "application/pdf", "Dr_Shah_s letter.pdf"),
        (A_PDF + b"\r\n \0", "application/pdf", "Dr_Shah_s letter.pdf"),
        (A_JPEG, "image/jpeg", "Dr_Shah_s letter.jpg"),
        (A_JPEG + b"\0\0", "image/jpeg", "Dr_Shah_s letter.jpg"),
    ],
)
def test_the_content_says_what_a_letter_is_whatever_its_name(content: bytes, kind: str, name: str) -> None:
    letter = read_letter("C:\\letters\\Dr/Shah's letter.exe".replace("/", "_"), content)
    assert (letter.kind, letter.name, letter.content) == (kind, name, content)


REFUSED = {
    "a program renamed": b"MZ" + b"\0" * 200,
    "a page of the web": b"<html><script>alert(1)</script></html>",
    "a page that a PDF stands in": b"<script>1</script>" + A_PDF,
    "a PDF behind a space": b" " + A_PDF,
    "the beginning of a PDF": A_PDF[:-7],
    "a PDF with a page of the web at its end": A_PDF + b"<script>alert(1)</script>",
    "a PDF in name only": b"%PDF-\n%%EOF",
    "a PDF that says where nothing begins": b"%PDF-1.4\n%%EOF",
    "the beginning of a JPEG": A_JPEG[:-2],
    "a JPEG with something behind it": A_JPEG + b"PK",
    "a JPEG of no frame": b"\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00?\x00\xd2\xff\xd9",
    "a JPEG of two marks": b"\xff\xd8\xff\xd9",
    "a JPEG whose parts are not where they say": A_JPEG.replace(b"\x00\x10JFIF", b"\x00\x11JFIF"),
    "a JPEG of a part without an end": b"\xff\xd8\xff\xe0\x00\x00" * 3 + b"\xff\xd9",
    "a PDF that is an archive as well": A_PDF[:-7] + b"PK\x05\x06" + b"\0" * 16 + b"\x06\x00%%EOF",
    "a PNG": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_neither_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError, match=r"neither a PDF nor a JPEG|archive as well"):
        read_letter("letter.pdf", content)


def test_a_letter_has_something_in_it_and_at_most_ten_megabytes() -> None:
    with pytest.raises(ValidationError, match="nothing in this file"):
        read_letter("letter.pdf", b"")
    filling = 10 * 1024 * 1024 - len(A_PDF)
    start, rest = A_PDF[:9], A_PDF[9:]
    assert read_letter("letter.pdf", start + b"\n" * filling + rest).kind == "application/pdf"
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        read_letter("letter.pdf", start + b"\n" * (filling + 1) + rest)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("letter.pdf\r\nSet-Cookie: a=b", "letter.pdf"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("", "letter.pdf"),
        ("....", "letter.pdf"),
        ("Überweisung (Dr Shah), 3.pdf", "Überweisung (Dr Shah), 3.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_a_name_is_safe_and_ends_as_its_content_does(typed: str, kept: str) -> None:
    assert read_letter(typed, A_PDF).name == kept
