"""The parts of a letter: their headings, what each is for, and in which letter each is proposed. Data only; the prose that is
proposed is composed in letter_prose.py."""

from dataclasses import dataclass

ABOUT = {"assessment": "Assessment letter", "ending": "Ending letter"}
TO = {"client": "the client", "gp": "the GP"}


@dataclass(frozen=True)
class Part:
    """`to_client` and `to_gp` are its headings; `asks` says what belongs to it; `kinds` are the letters that begin with it."""

    code: str
    to_client: str
    to_gp: str
    asks: str
    kinds: tuple[str, ...] = ("assessment", "ending")

    def heading(self, to: str) -> str:
        return self.to_client if to == "client" else self.to_gp

    @property
    def label(self) -> str:
        """As the page of the letter names it, whoever it is for."""
        return self.to_gp


PARTS = (
    Part(
        "reason",
        "Why you came to us",
        "Reason for referral",
        "Who referred and when, and what the difficulty was then.",
    ),
    Part(
        "findings",
        "What we found",
        "What we found",
        "The diagnosis in plain words, and how severe it was.",
        ("assessment",),
    ),
    Part(
        "focus",
        "What we chose to work on",
        "Focus and formulation",
        "The focus that was agreed, and why the client feels low, in their words.",
    ),
    Part(
        "worked",
        "What we did together",
        "Treatment given",
        "How often you met, and what was worked on.",
        ("ending",),
    ),
    Part(
        "symptoms",
        "How you have been feeling",
        "Symptoms, first and last",
        "The first and the last scores, in words the reader understands.",
        ("ending",),
    ),
    Part("goals", "Your goals", "Goals", "What the client wanted to be different, and how near it is."),
    Part(
        "changed",
        "What has changed",
        "What has changed",
        "In mood, with people, in what is done in a day, and what the client can do now.",
        ("ending",),
    ),
    Part(
        "signs",
        "Early signs, and what to do",
        "Early signs, and what to do",
        "How a low spell would begin, and what helps then.",
        ("ending",),
    ),
    Part(
        "supports", "Who is there for you", "Support", "People and places, without their names.", ("ending",)
    ),
    Part(
        "returning",
        "How to come back",
        "How to refer again",
        "Whom to call, and whether follow-up is agreed.",
        ("ending",),
    ),
    Part(
        "recommendations",
        "What we suggest",
        "Recommendations",
        "What the reader is asked to do, or may do next.",
    ),
)
BY_CODE = {part.code: part for part in PARTS}


def title_of(about: str | None, to: str | None) -> str:
    """Ending letter to the GP."""
    known = ABOUT.get(about or "", "Letter")
    return f"{known} to {TO[to]}" if to in TO else known
