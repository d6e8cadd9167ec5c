"""Every write to a letter: its draft, its signature, and that it was given to somebody. Each is one transaction, says by whom,
and leaves a row on the trail. Adding to a signed letter, co-signing it and entering it in error are those of every note
(note_actions.py)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from access import policy
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.models import Course
from sessions import drafts, letters, life
from sessions.actions import seal
from sessions.drafts import Typed
from sessions.letter_fonts import what_cannot_be_written
from sessions.letter_parts import ABOUT, PARTS, TO
from sessions.models import LetterGiven, Note, NoteKind
from sessions.note_actions import draft_of, state_of
from staff.models import User

LONGEST_NAME = 120  # as the column


def save_letter(*, note_id: UUID, course: Course, by: User, at: datetime | None = None, **typed: Any) -> Note:
    """Keeps everything that was typed of a letter, complete or not. `note_id` is a key that the page made: the first save
    begins the letter. The form of `drafts.Typed` carries about, to, address, greeting, kept_names and, of each part, whether it
    is used and its text (use_…, part_…). Raises what `sessions.actions.save_draft` raises."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=note_id), refused():
        return _save(note_id, course, by, sent, at)


def sign_letter(*, note_id: UUID, course: Course, by: User, at: datetime | None = None, **typed: Any) -> Note:
    """Saves, checks and signs: whole or not at all. From then on the letter says the same for ever. Raises ValidationError by
    field for what is missing, for a name of the inventory that nobody ticked, and for what the printed font cannot write."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=note_id), refused():
        note = _save(note_id, course, by, sent, at)
        facts = letters.facts_of(course, note.form, author=by, on=timezone.localdate(at))
        missing = _missing(facts, note.form) | _not_printable(note.form)
        if not missing:
            missing |= _names(facts, course, by)
        if missing:
            raise ValidationError(missing)
        note.letter, note.work = facts, letters.words_of(facts)
        note = seal(note, at=at)
        record(Action.SIGN, "Signed a letter", by=by, about=note, client_id=course.client_id)
    return note


def record_giving(
    *, note: Note, to: str, how: str, given_on: date, by: User, to_name: str = ""
) -> LetterGiven:
    """That a signed letter was handed over or sent. Not before it is co-signed, where it needs that, and never once it was
    entered in error. ValidationError by field."""
    with refused():
        drafts.hold(note.pk)
        state = state_of(note)
        if note.kind != NoteKind.LETTER or not policy.carries(by, note.course):
            raise ValidationError(NOT_YOURS, code="not_yours")
        if state not in (life.State.SIGNED, life.State.COSIGNED):
            raise ValidationError(f"This letter does not go out yet: {state.label.lower()}.")
        wrong = {}
        to_name = drafts.clean("to_name", to_name).strip()
        if to not in LetterGiven.To.values:
            wrong["to"] = "Say to whom the letter was given."
        elif to == LetterGiven.To.OTHER and not to_name:
            wrong["to_name"] = "Write to whom the letter was given."
        if len(to_name) > LONGEST_NAME:
            wrong["to_name"] = f"A name has at most {LONGEST_NAME} characters."
        if how not in LetterGiven.How.values:
            wrong["how"] = "Say how: by hand, by post, by email."
        if given_on > timezone.localdate():
            wrong["given_on"] = "This day lies ahead."
        elif note.signed_at and given_on < timezone.localdate(note.signed_at):
            wrong["given_on"] = "The letter was signed later. Check the day."
        if wrong:
            raise ValidationError(wrong)
        given = LetterGiven.objects.create(
            note=note, course_id=note.course_id, to=to, to_name=to_name, how=how, given_on=given_on, by=by
        )
        record(Action.CHANGE, "Gave out a letter", by=by, about=note, client_id=note.course.client_id)
    return given


# --- Inside a transaction ---------------------------------------------------------------------------------------------


def _save(note_id: UUID, course: Course, by: User, typed: Typed, at: datetime) -> Note:
    drafts.hold(note_id)
    note = draft_of(note_id, NoteKind.LETTER, course, by) or Note(
        id=note_id, kind=NoteKind.LETTER, course_id=course.pk, author=by, version=0, started_at=at
    )
    drafts.write(note, typed, at=at)
    return note


def _missing(facts: dict[str, Any], form: dict[str, Any]) -> dict[str, str]:
    missing = {}
    if facts["about"] not in ABOUT or facts["to"] not in TO:
        missing[""] = "Say what kind of letter this is, and to whom: begin it anew from the list of letters."
    if not facts["address"]:
        missing["address"] = "Write to whom the letter goes: a name, and the address if it is posted."
    if not facts["greeting"]:
        missing["greeting"] = "Write how the letter begins: Dear …"
    for part in PARTS:
        if form.get(f"use_{part.code}") and not str(form.get(f"part_{part.code}", "")).strip():
            missing[f"part_{part.code}"] = f"{part.label}: write it, or leave this part out."
    if not facts["parts"] and len(missing) == 0:
        missing[f"part_{PARTS[0].code}"] = "Choose at least one part of the letter, and write it."
    return {field or "__all__": words for field, words in missing.items()}


def _names(facts: dict[str, Any], course: Course, by: User) -> dict[str, str]:
    found = letters.named_and_not_kept(facts, letters.others_of(course, by))
    if not found:
        return {}
    who = ", ".join(f"{other.name} ({other.relationship})" for other in found)
    return {"kept_names": f"The letter names {who}. Take the name out, or tick that it is to stand."}


def _not_printable(form: dict[str, Any]) -> dict[str, str]:
    """What was typed and would be printed as nothing, by field."""
    fields = ["address", "greeting", *(f"part_{part.code}" for part in PARTS if form.get(f"use_{part.code}"))]
    wrong = {}
    for name in fields:
        if odd := what_cannot_be_written(str(form.get(name, ""))):
            wrong[name] = f"The printed letter cannot show {' '.join(odd)}: write it in another way."
    return wrong
