"""The hash of a signed note: over its words, its author and the time of signing, and over what belongs to it: of a session the
facts and answers, of a contact when, with whom and how, of an addendum the note that it adds to, as that was signed, of
a letter all that is printed, of a supervision record the facts of the meeting.

What a note may hold since a later release (event of the week, last task, tasks, people) enters only where it is there, so that
what was signed before keeps its hash.

The session's number is left out: it follows the dates and may change. The private reflection enters by a hash of its own, so
that a reader who may not see it can check the note. A decision of a supervisor has a hash of its own, over what was read."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from outcomes.models import Response
from sessions.models import CoSignature, Note, NoteKind, Reflection, SessionFocus, SessionResponse

SCHEME = 1  # of session notes as they were first signed; it stays, so that they can be checked for ever
SCHEME_OF_OTHERS = 2  # of contact notes and addenda


def reflection_sha256_of(reflection: Reflection) -> str:
    """64 hexadecimal digits over key and text; the random key keeps a short text from being guessed."""
    return hashlib.sha256(f"{reflection.pk}\n{reflection.text}".encode()).hexdigest()


def sha256_of(
    note: Note,
    *,
    areas: Iterable[str] = (),
    answers: Mapping[str, Sequence[int | None]] | None = None,
    beside: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """64 hexadecimal digits. `areas` are the focus areas of the note's session, `answers` its responses by measure and `beside`
    what else stands on those forms. The note carries `signed_at`, `needs_cosign` and `reflection_sha256` already. Raises
    ValueError on a draft."""
    if note.signed_at is None:
        raise ValueError("a draft has no hash")
    signed: dict[str, Any] = {
        "note": str(note.pk),
        "course": str(note.course_id),
        "author": str(note.author_id),
        "signed_at": _moment(note.signed_at),
        "words": [note.week, note.work, note.next_time, note.risk_answer, note.risk],
    }
    signed |= _of_the_week(note)
    if note.kind == NoteKind.SESSION:
        signed |= _of_session(note, areas, answers or {})
        if beside:
            signed["beside"] = {measure: dict(facts) for measure, facts in sorted(beside.items())}
    else:
        signed |= _of_other(note)
    return digest(signed)


def holds(note: Note) -> bool:
    """What the page shows is what was signed."""
    return note.is_signed and note.sha256 == sha256_now(note)


def sha256_now(note: Note) -> str:
    """The hash of the rows as they stand; three queries for a session's note."""
    if note.kind != NoteKind.SESSION:
        return sha256_of(note)
    areas = SessionFocus.objects.filter(session_id=note.session_id).values_list("area", flat=True)
    linked = SessionResponse.objects.filter(session_id=note.session_id).select_related("response")
    responses = {link.measure: link.response for link in linked}
    return sha256_of(
        note,
        areas=areas,
        answers={measure: response.answers for measure, response in responses.items()},
        beside={measure: facts for measure, response in responses.items() if (facts := _beside(response))},
    )


def _beside(response: Response) -> dict[str, Any]:
    """What stands on a form beside its answers. Left out where it is not set, so that what was signed before there was such a
    thing keeps its hash."""
    facts: dict[str, Any] = {}
    if response.unscored is not None:
        facts["unscored"] = response.unscored
    if response.without_work:
        facts["without_work"] = True
    if response.is_total_only:
        facts["total"] = response.total
    if response.link_id is not None:
        facts["link"] = str(response.link_id)
    return facts


def decision_sha256_of(decision: CoSignature, *, read: Sequence[str]) -> str:
    """64 hexadecimal digits. `read` are the hashes of what lay before the supervisor: the note and its signed addenda in the
    order of their signing."""
    return digest(
        {
            "scheme": SCHEME_OF_OTHERS,
            "decision": [str(decision.pk), decision.decision, decision.comment],
            "note": str(decision.note_id),
            "course": str(decision.course_id),
            "by": str(decision.by_id),
            "at": _moment(decision.at),
            "read": list(read),
        }
    )


def _of_session(
    note: Note, areas: Iterable[str], answers: Mapping[str, Sequence[int | None]]
) -> dict[str, Any]:
    session = note.session
    if session is None:
        raise ValueError("a session note without its session")
    signed: dict[str, Any] = {
        "scheme": SCHEME,
        "session": str(note.session_id),
        "techniques": list(note.techniques),
        "reflection": note.reflection_sha256,
        "facts": [
            _moment(session.starts_at),
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
    # Left out where they are not set, so that what was signed before they existed keeps its hash.
    if note.needs_cosign:
        signed["needs_cosign"] = True
    if note.carried_from:
        signed["carried_from"] = str(note.carried_from)
    return signed


def _of_the_week(note: Note) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "event": note.event,
        "went": note.went,
        "went_words": note.went_words,
        "tasks": list(note.tasks),
        "people": [str(key) for key in note.people],
    }
    return {name: value for name, value in facts.items() if value}


def _of_other(note: Note) -> dict[str, Any]:
    return {
        "scheme": SCHEME_OF_OTHERS,
        "kind": note.kind,
        "needs_cosign": note.needs_cosign,
        "carried_from": str(note.carried_from or ""),
        "facts": [_moment(note.happened_at) if note.happened_at else "", note.with_whom, note.who, note.how],
        "adds_to": [str(note.adds_to_id), note.adds_to.sha256] if note.adds_to else [],
        "reason": note.reason,
        # Left out of other kinds, so that what was signed before there were any keeps its hash.
        **({"letter": note.letter} if note.kind == NoteKind.LETTER else {}),
        **({"supervision": note.supervision} if note.kind == NoteKind.SUPERVISION else {}),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def digest(signed: Mapping[str, Any]) -> str:
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
