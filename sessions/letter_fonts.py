"""The font of printed letters: DejaVu Sans Condensed, beside this file with its licence, since the fonts that every reader of
PDF has know no Polish, Greek or Cyrillic. What it cannot write is said, and never printed as an empty box.

Writing that runs from right to left, or joins its letters, would come out in a wrong order: it counts as what cannot be
written."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts" / "dejavu-2.37"
PLAIN, BOLD = "DejaVu", "DejaVuBold"
FILES = {PLAIN: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}
MOST_NAMED = 10
# Blocks whose letters are written one over or around another, which plain placing does not do.
_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
# Marks that other programs leave in a text and that print nothing.
_SILENT = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f")


@lru_cache(maxsize=1)
def registered() -> bool:
    """Both faces are known to the library."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / file)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    return True


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    registered()
    return frozenset(pdfmetrics.getFont(PLAIN).face.charToGlyph) & frozenset(
        pdfmetrics.getFont(BOLD).face.charToGlyph
    )


def printable(text: str) -> str:
    """As it is drawn: composed letters, plain spaces, no silent marks."""
    text = unicodedata.normalize("NFC", text.replace("\t", "    ").replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(character for character in text if character not in _SILENT)


def what_cannot_be_written(text: str) -> list[str]:
    """The characters, each once, in the order in which they stand; at most ten."""
    odd = [character for character in printable(text) if not _is_written(character)]
    return list(dict.fromkeys(odd))[:MOST_NAMED]


def as_written(text: str) -> str:
    """For names, which nobody rewrites for a font: what it lacks stands as its code, (U+4E2D)."""
    return "".join(
        character if _is_written(character) else f"(U+{ord(character):04X})" for character in printable(text)
    )


def _is_written(character: str) -> bool:
    code = ord(character)
    if character == "\n":
        return True
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me") or unicodedata.bidirectional(
        character
    ) in ("R", "AL"):
        return False
    return code in _known() and not any(low <= code <= high for low, high in _SHAPED)
