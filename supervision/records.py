"""What a supervision record says beside its words: the facts of the meeting as they are signed, what is missing before that,
and the hash of a therapist's own signature. No page and no write."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_date

from sessions.models import Note
from sessions.signing import digest
from staff.models import User
from supervision.models import Case, CaseSignature, Meeting

MOST_ACTIONS = 12
LONGEST_ACTION = 300  # as the column
FOCUS = {"kept": "Yes", "changes": "Changes", "not_agreed": "Not yet agreed"}
RISK = {"discussed": "Yes", "not_needed": "Not needed"}
NO_WORDS = "Write what was discussed, or empty this case: it is carried over then."


class Agreed(NamedTuple):
    """A row of what is to be done, as it was typed."""

    number: int
    what: str
    owner: str
    due: str


def actions_in(form: Mapping[str, Any]) -> list[Agreed]:
    """The rows in which something stands. Who it is for is chosen beforehand, and says nothing by itself."""
    rows = []
    for number in range(1, MOST_ACTIONS + 1):
        what = " ".join(str(form.get(f"action_{number}_what", "") or "").split())
        due = str(form.get(f"action_{number}_due", "") or "").strip()
        if what or due:
            rows.append(Agreed(number, what, str(form.get(f"action_{number}_owner", "") or ""), due))
    return rows


def is_empty(note: Note | None) -> bool:
    """Nothing was said about this case: it was not reached."""
    if note is None:
        return True
    said = (
        note.work,
        note.next_time,
        *(note.form.get(name, "") for name in ("focus_kept", "risk_said", "risk_why")),
    )
    return not any(str(words).strip() for words in said) and not actions_in(note.form)


def missing_in(note: Note, *, owners: Iterable[User], held_on: date) -> dict[str, str]:
    """What stands in the way of signing, by field of the case's page."""
    form, missing = note.form, {}
    if not note.work.strip():
        missing["work"] = NO_WORDS
    if form.get("focus_kept") not in FOCUS:
        missing["focus_kept"] = "Say whether the focus is kept."
    if form.get("risk_said") not in RISK:
        missing["risk_said"] = "Say whether risk was discussed."
    elif form.get("risk_said") == "not_needed" and not str(form.get("risk_why", "")).strip():
        missing["risk_why"] = "Say why risk needed no discussion."
    known = {str(owner.pk) for owner in owners}
    for row in actions_in(form):
        missing |= _missing_in_row(row, known, held_on)
    return missing


def _missing_in_row(row: Agreed, known: set[str], held_on: date) -> dict[str, str]:
    missing, name = {}, f"action_{row.number}"
    if not row.what:
        missing[f"{name}_what"] = f"Action {row.number}: write what is to be done, or take the day away."
    elif len(row.what) > LONGEST_ACTION:
        missing[f"{name}_what"] = f"Action {row.number}: use at most {LONGEST_ACTION} characters."
    if row.owner not in known:
        missing[f"{name}_owner"] = f"Action {row.number}: choose who does it."
    day = day_of(row.due)
    if day is None:
        missing[f"{name}_due"] = f"Action {row.number}: write by which day, as 23/11/2026."
    elif day < held_on:
        missing[f"{name}_due"] = f"Action {row.number}: this day lies before the meeting. Check it."
    return missing


def day_of(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


def facts_of(note: Note, case: Case, meeting: Meeting, *, owners: Iterable[User]) -> dict[str, Any]:
    """What is signed beside the words. `missing_in` has found nothing."""
    names = {str(owner.pk): owner.full_name for owner in owners}
    return {
        "focus": note.form["focus_kept"],
        "risk": note.form["risk_said"],
        "risk_words": str(note.form.get("risk_why", "")).strip(),
        "actions": [
            {"what": row.what, "owner": row.owner, "owner_name": names[row.owner], "due": row.due}
            for row in actions_in(note.form)
        ],
        "minutes": meeting.minutes,
        "kind": meeting.kind,
        "meeting": str(meeting.pk),
        "therapist": str(case.therapist_id),
    }


def signature_sha256_of(signature: CaseSignature, *, read: Sequence[str]) -> str:
    """64 hexadecimal digits. `read` are the hashes of what the therapist had before them: the record and its signed addenda in
    the order of their signing."""
    return digest(
        {
            "signature": str(signature.pk),
            "note": str(signature.note_id),
            "course": str(signature.course_id),
            "by": str(signature.by_id),
            "comment": signature.comment,
            "at": signature.at.astimezone(UTC).isoformat(),
            "read": list(read),
        }
    )


def held_on(meeting: Meeting) -> date:
    return timezone.localdate(meeting.held_at)
