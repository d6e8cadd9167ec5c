"""The life of a course as one table. A status moves only along it, and each move is remembered with who and why."""

from django.db import models


class Status(models.TextChoices):
    REFERRED = "referred", "Referred"
    WAITING = "waiting", "Waiting"
    IN_TREATMENT = "in_treatment", "In treatment"
    PAUSED = "paused", "Paused"
    FOLLOW_UP = "follow_up", "Follow-up"
    ENDED = "ended", "Ended"
    NOT_TAKEN_ON = "not_taken_on", "Not taken on"


MOVES: dict[str, set[str]] = {
    Status.REFERRED: {Status.WAITING, Status.NOT_TAKEN_ON},
    Status.WAITING: {Status.IN_TREATMENT, Status.NOT_TAKEN_ON},
    Status.IN_TREATMENT: {Status.PAUSED, Status.ENDED, Status.FOLLOW_UP},
    Status.PAUSED: {Status.IN_TREATMENT, Status.ENDED, Status.FOLLOW_UP},
    Status.FOLLOW_UP: {Status.ENDED},
    Status.ENDED: {Status.WAITING},
    Status.NOT_TAKEN_ON: {Status.WAITING},
}
CLOSED = (Status.ENDED, Status.NOT_TAKEN_ON)
OPEN = tuple(status for status in Status if status not in CLOSED)
# Treatment has not begun: the days are counted.
WAIT = (Status.REFERRED, Status.WAITING)
REASON_NEEDED = {Status.PAUSED, Status.NOT_TAKEN_ON}


def may_move(before: str, after: str) -> bool:
    return after in MOVES[before]


def needs_reason(before: str, after: str) -> bool:
    """A pause, a refusal and a re-opening say why."""
    return after in REASON_NEEDED or before in CLOSED


# Why a course ended, in the NHS Talking Therapies EndCode and in plain words (docs: IAPT v2.1 data set).
END_REASONS_NOT_TAKEN_ON = (
    ("10", "Not suitable; back to the referrer"),
    ("11", "Not suitable; pointed to another service"),
    ("12", "Advice given, ended by agreement"),
    ("13", "Referred to another therapy service"),
    ("14", "Suitable, but declined"),
    ("16", "Assessment not completed"),
    ("17", "Died before treatment"),
    ("50", "Not assessed"),
    ("95", "Not known (not taken on)"),
)
# Whether IPT suits is a clinician's to say; these reasons the office may write down too.
ADMINISTRATIVE_REASONS = ("14", "16", "17", "50", "95")
END_REASONS_TREATED = (
    ("46", "Completed, agreed by both"),
    ("47", "Ended earlier than the therapist planned"),
    ("48", "Ended earlier than the client asked"),
    ("49", "Died during treatment"),
    ("96", "Not known (treated)"),
)
END_REASONS = END_REASONS_NOT_TAKEN_ON + END_REASONS_TREATED

# SourceOfReferralMH (NHS data dictionary), as a clinic meets them.
REFERRAL_SOURCES = (
    ("A1", "GP"),
    ("A2", "Health visitor"),
    ("A3", "Other primary care"),
    ("A4", "Maternity service"),
    ("B1", "Self"),
    ("B2", "Carer or relative"),
    ("C1", "Local authority"),
    ("D1", "Employer"),
    ("E1", "Justice system"),
    ("F1", "Child health"),
    ("G1", "Voluntary or independent service"),
    ("H1", "Hospital"),
    ("I1", "Another mental health service"),
    ("N1", "NHS Talking Therapies"),
    ("P1", "Internal"),
    ("M1", "Other"),
)
