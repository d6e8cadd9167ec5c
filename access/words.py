"""What came as text, whichever form, address or program sent it: words as they are kept, and keys."""

from typing import TypeVar
from uuid import UUID

V = TypeVar("V")
HOLDS_NUL = "This text holds a NUL character, which cannot be kept. Take it out."


def tidied(value: V) -> V:
    """With one kind of line end and nothing around the words; a value that is no text as it is."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value  # type: ignore[return-value]  # a str


def wrong_with(text: str, *, longest: int) -> str:
    """Why this text cannot be kept, in a sentence; empty where it can. `longest` in characters."""
    if "\x00" in text:
        return HOLDS_NUL
    return f"This text is longer than {longest:,} characters." if len(text) > longest else ""


def uuid_of(word: str) -> UUID | None:
    """A key that came in an address or on a button; None for what is none."""
    try:
        return UUID(word)
    except ValueError:
        return None
