"""The hash of a signed note: over its words, the facts and answers of its session, its author and the time of signing.

The session's number is left out: it follows the dates and may change. The private reflection enters by a hash of its own, so
that a reader who may not see it can check the note."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from sessions.models import Note, Reflection, SessionFocus, SessionResponse, TherapySession

SCHEME = 1


def reflection_sha256_of(reflection: Reflection) -> str:
    """64 hexadecimal digits over key and text; the random key keeps a short text from being guessed."""
    return hashlib.sha256(f"{reflection.pk}\n{reflection.text}".encode()).hexdigest()


def sha256_of(
    note: Note,
    *,
    session: TherapySession,
    areas: Iterable[str],
    answers: Mapping[str, Sequence[int | None]],
) -> str:
    """64 hexadecimal digits. `areas` are the session's focus areas, `answers` its responses by measure. The note carries
    `signed_at` and `reflection_sha256` already. Raises ValueError on a draft."""
    if note.signed_at is None:
        raise ValueError("a draft has no hash")
    signed: dict[str, Any] = {
        "scheme": SCHEME,
        "note": str(note.pk),
        "session": str(note.session_id),
        "course": str(note.course_id),
        "author": str(note.author_id),
        "signed_at": note.signed_at.astimezone(UTC).isoformat(),
        "words": [note.week, note.work, note.next_time, note.risk_answer, note.risk],
        "techniques": list(note.techniques),
        "reflection": note.reflection_sha256,
        "facts": [
            session.starts_at.astimezone(UTC).isoformat(),
            session.minutes,
            session.mode,
            session.kind,
            session.appointment_type,
            session.attendance,
            session.phase,
            session.phase_reason,
        ],
        "focus": sorted(areas),
        "answers": {measure: list(given) for measure, given in sorted(answers.items())},
    }
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def holds(note: Note) -> bool:
    """What the page shows is what was signed."""
    return note.is_signed and note.sha256 == sha256_now(note)


def sha256_now(note: Note) -> str:
    """The hash of the rows as they stand; three queries."""
    areas = SessionFocus.objects.filter(session_id=note.session_id).values_list("area", flat=True)
    linked = SessionResponse.objects.filter(session_id=note.session_id).select_related("response")
    return sha256_of(
        note,
        session=note.session,
        areas=areas,
        answers={link.measure: link.response.answers for link in linked},
    )
