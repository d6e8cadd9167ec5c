"""Tables of a referral, of two kinds that never mix: what an administrator keeps (arrival, waiting) and what is clinical
(words, letters, screening). All of them hang on the course, which begins with its referral."""

from referrals.models.arrival import Referral, Way
from referrals.models.clinical import ReferralLetter, ReferralWords, Screening, Suitability
from referrals.models.waiting import (
    AttemptHow,
    AttemptResult,
    ContactAttempt,
    LetterKind,
    LetterTo,
    OutcomeLetter,
    WaitPause,
)

__all__ = [
    "AttemptHow",
    "AttemptResult",
    "ContactAttempt",
    "LetterKind",
    "LetterTo",
    "OutcomeLetter",
    "Referral",
    "ReferralLetter",
    "ReferralWords",
    "Screening",
    "Suitability",
    "WaitPause",
    "Way",
]
