"""What every draft has in common, of a session, a contact or an addendum: text that can be kept, the version that a save was
based on, and the history of what was written. Which facts a kind of note has is not said here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from access.refusals import refused
from access.words import HOLDS_NUL
from courses import tasks, techniques
from database import locks
from sessions.models import DraftVersion, Note, RiskAnswer, Went
from staff.models import User

Answers = Mapping[str, Sequence[int | None]]

WORDS = ("week", "work", "next_time", "risk", "went_words")
LONGEST_TEXT = 2_000_000  # characters; beyond it the page says so and keeps the text


class StaleDraft(ValidationError):
    """Another window or device saved a newer version; `current` is that version. What was sent is kept in the history."""

    is_kept = False

    def __init__(self, current: Note) -> None:
        super().__init__(
            "A newer version of this draft was saved in another window. Nothing was overwritten."
        )
        self.current = current


class AlreadySigned(ValidationError):
    """The note was signed meanwhile, or entered in error, so nothing more is written into it. What was sent is kept in the
    history of the writer's own note; `is_kept` says whether there is one."""

    is_kept = False

    @property
    def words(self) -> str:
        """Why, and where what was sent is now."""
        kept = "What you wrote since is kept among the earlier versions."
        return f"{self.messages[0]} {kept if self.is_kept else 'What you wrote stands on this page alone: copy it.'}"


class DraftOfAnother(ValidationError):
    """Somebody else has begun a note of this session; its words are theirs alone until it is signed."""


@dataclass(frozen=True)
class Typed:
    """All that stands on a draft's page, as it was sent.

    `based_on` is the version that the writer saw, 0 or None before the first save; `window` the page that sends and `edits` how
    far its writer had come, so that a save whose answer was lost can be sent again; `is_pause` says that the writer paused."""

    based_on: int | None
    words: Mapping[str, Any]
    form: Mapping[str, Any]
    answers: Answers = field(default_factory=dict)
    reflection: str = ""
    window: UUID | None = None
    edits: int = 0
    is_pause: bool = True

    def cleaned(self) -> "Typed":
        """The same, once it is sure that all of it can be kept. Raises ValidationError by field where it cannot."""
        risk_answer = self.words.get("risk_answer", "")
        words: dict[str, Any] = {name: clean(name, self.words.get(name, "")) for name in WORDS}
        words["risk_answer"] = risk_answer if risk_answer in RiskAnswer.values else ""
        went = self.words.get("went", "")
        words["went"] = went if went in Went.values else ""
        words["techniques"] = _known(self.words.get("techniques", []), techniques.BY_CODE)
        words["tasks"] = _known(self.words.get("tasks", []), tasks.BY_CODE)
        words["people"] = keys_in(self.words.get("people", []))
        return replace(
            self,
            words=words,
            form={name: clean_value(name, value) for name, value in self.form.items()},
            reflection=clean("reflection", self.reflection),
        )

    @property
    def parts(self) -> dict[str, Any]:
        """One flat mapping by the names of the page's fields, as the history keeps it."""
        return {
            **self.form,
            **self.words,
            **{measure: list(given) for measure, given in self.answers.items()},
            "people": [str(key) for key in self.words.get("people", [])],
            "reflection": self.reflection,
        }


def whose(author_id: UUID) -> str:
    """All that is said of somebody else's draft."""
    author = User.objects.filter(pk=author_id).values_list("full_name", flat=True).first()
    return f"{author} has an unsigned draft of this session. Its words are theirs alone until it is signed."


def hold(note_id: UUID) -> None:
    """Whoever writes, adds to, decides about or strikes out this note waits here for the one before. A row lock would not do:
    before the first save there is no row, and who adds to a signed note may not change it."""
    locks.hold(str(note_id))


def write(note: Note, typed: Typed, *, at: datetime) -> bool:
    """Puts what was typed, cleaned, into the draft and saves it, and remembers a version for each pause; False where the same
    page has saved something newer already. Raises StaleDraft when another page has. Call it with the note held, or its session
    locked."""
    if note.version != (typed.based_on or 0):
        if typed.window is None or typed.window != note.window:
            raise StaleDraft(note)
        if typed.edits <= note.edits:
            return False
    is_new = any(getattr(note, name) != value for name, value in typed.words.items())
    for name, value in typed.words.items():
        setattr(note, name, value)
    note.form = dict(typed.form)
    note.window, note.edits = typed.window, typed.edits
    note.version += 1
    note.saved_at = at
    note.save()
    if typed.is_pause:
        # Other words than a moment ago need not be compared with the last version.
        _keep(note, typed, version=note.version, at=at, was_refused=False, is_new=is_new)
    return True


def remember(note: Note, typed: Typed, *, at: datetime) -> None:
    """What the draft says now becomes a version of its history, unless the last version says the same."""
    _keep(note, typed, version=note.version, at=at, was_refused=False)


def remember_refused(note: Note | None, typed: Typed, *, by: User, at: datetime) -> bool:
    """What was sent and could not be written into the note is not lost either. Only the author has a history: False where
    there is none."""
    if note is None or note.author_id != by.pk:
        return False
    _keep(note, typed, version=typed.based_on or 0, at=at, was_refused=True)
    return True


@contextmanager
def kept_when_refused(typed: Typed, *, by: User, at: datetime, **of_note: Any) -> Iterator[None]:
    """What another window has overtaken, or signed, is kept in the draft's history once the refusal has taken all back.
    `of_note` says which note: pk, or session."""
    try:
        yield
    except (StaleDraft, AlreadySigned) as refusal:
        with refused():
            note = Note.objects.filter(**of_note).first()
            refusal.is_kept = remember_refused(note, typed, by=by, at=at)
        raise


def _keep(
    note: Note, typed: Typed, *, version: int, at: datetime, was_refused: bool, is_new: bool = False
) -> None:
    parts = typed.parts
    if not is_new:
        same_kind = DraftVersion.objects.filter(note=note, was_refused=was_refused)
        last = same_kind.order_by("-saved_at", "-version").values("pk")[:1]
        if DraftVersion.objects.filter(pk__in=last, parts=parts).exists():
            return
    DraftVersion.objects.create(
        note=note,
        course_id=note.course_id,
        author_id=note.author_id,
        version=version,
        saved_at=at,
        parts=parts,
        was_refused=was_refused,
    )


def clean(name: str, text: Any) -> str:
    """The text as typed, or a refusal in words, by the name of its field, for what PostgreSQL cannot keep."""
    text = str(text)
    if "\x00" in text:
        raise ValidationError({name: HOLDS_NUL})
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValidationError({name: "This text holds half a character, which cannot be kept."}) from None
    if len(text) > LONGEST_TEXT:
        raise ValidationError({name: f"This text is longer than {LONGEST_TEXT:,} characters."})
    return text


def keys_in(typed: Iterable[Any]) -> list[UUID]:
    """The keys among what was sent, each once; what is no key is left out."""
    found = []
    for one in typed:
        try:
            found.append(one if isinstance(one, UUID) else UUID(str(one)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _known(typed: Iterable[Any], codes: Mapping[str, Any]) -> list[str]:
    return [code for code in dict.fromkeys(map(str, typed)) if code in codes]


def clean_value(name: str, value: Any) -> Any:
    """As above, for what may be a list."""
    if isinstance(value, str):
        return clean(name, value)
    if isinstance(value, list | tuple):
        return [clean_value(name, part) for part in value]
    return value
