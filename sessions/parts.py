"""The parts of a draft in words: what each is called, how its value is said, where two versions differ, and what the page of
a draft would send. Works for the form of any draft; the texts themselves are compared in compare.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any

from django import forms
from django.utils.dateparse import parse_date

from outcomes.measures import BY_CODE, Measure
from sessions.compare import Piece, joined, marked
from sessions.drafts import Typed
from sessions.forms import AnswerField, DraftForm, ProseField, words_of
from sessions.models import Note, Reflection, SessionResponse
from staff.models import User

Parts = Mapping[str, Any]
Line = tuple[str, str, bool]
NO_ANSWER = "no answer"
MINE, THEIRS, BOTH = "mine", "theirs", "both"


class Kind(Enum):
    TEXT = "text"
    LIST = "list"
    ANSWERS = "answers"
    VALUE = "value"


@dataclass(frozen=True)
class Part:
    """One field of the page, or all answers of one questionnaire."""

    name: str
    label: str
    kind: Kind
    field: forms.Field | None = None
    measure: Measure | None = None

    @property
    def is_text(self) -> bool:
        return self.kind is Kind.TEXT

    def value(self, parts: Parts) -> Any:
        """What a version says here, blank where it says nothing: a text, a list of codes, or an answer for each item (as
        typed where it is no answer)."""
        given = parts.get(self.name)
        if self.measure is not None:
            answers = list(given or [None] * len(self.measure.items))
            return [parts.get(f"{self.name}_{at}") or answer for at, answer in enumerate(answers, start=1)]
        if self.kind is Kind.LIST:
            return list(given or [])
        return str(given or "")

    def is_blank(self, value: Any) -> bool:
        return not value or (self.kind is Kind.ANSWERS and all(answer in (None, "") for answer in value))

    def words(self, value: Any) -> list[tuple[str, str]]:
        """A line for each thing said, in words and not in codes, with the question that it answers, if it is one; none for a
        blank. The words of a text are not its concern."""
        if self.measure is not None:
            options = {option.value: option.label.lower() for option in self.measure.options}
            items = zip(self.measure.items, value, strict=True)
            return [
                (f"{at}. {item}: ", _answer(one, options)) for at, (item, one) in enumerate(items, start=1)
            ]
        if self.kind is Kind.LIST:
            return [("", self._choice(code)) for code in value]
        return [("", self._said(value))] if value else []

    def _choice(self, code: str) -> str:
        choices = getattr(self.field, "choices", ())
        return {str(value): str(label) for value, label in choices}.get(code, code)

    def _said(self, value: str) -> str:
        if isinstance(self.field, forms.BooleanField):
            return "Yes"
        if isinstance(self.field, forms.ChoiceField):
            return self._choice(value)
        if isinstance(self.field, forms.DateField):
            return _day(value)
        return value


def _answer(answer: Any, options: Mapping[int, str]) -> str:
    if answer in (None, ""):
        return NO_ANSWER
    return f"{answer}, {options[answer]}" if answer in options else str(answer)


def _day(typed: str) -> str:
    try:
        day: date | None = parse_date(typed)
    except ValueError:
        day = None
    return f"{day:%a} {day.day} {day:%b %Y}" if day else typed


def parts_of_page(form: DraftForm) -> list[Part]:
    """In the order of the page, the questionnaires last."""
    found: dict[str, Part] = {}
    for name, field in form.fields.items():
        if name in form.OF_THE_PAGE:
            continue
        if isinstance(field, AnswerField):
            measure = BY_CODE[name.rpartition("_")[0]]
            found.setdefault(measure.code, Part(measure.code, measure.name, Kind.ANSWERS, measure=measure))
        else:
            found[name] = Part(name, str(form[name].label), _kind(field), field=field)
    return list(found.values())


def _kind(field: forms.Field) -> Kind:
    if isinstance(field, ProseField):
        return Kind.TEXT
    return Kind.LIST if isinstance(field, forms.MultipleChoiceField) else Kind.VALUE


# --- What a version says ----------------------------------------------------------------------------------------------


def parts_of(form: DraftForm) -> Parts:
    """What was sent from the page of a draft. Raises ValidationError where it cannot be kept."""
    return Typed(**form.kept()).cleaned().parts


def parts_now(note: Note, user: User) -> Parts:
    """What the draft says as it is kept now."""
    parts: dict[str, Any] = {**note.form, **words_of(note)}
    if note.event:
        parts["event"] = note.event  # of a signed note; a draft has it in its form
    if note.session_id:
        linked = SessionResponse.objects.visible_to(user).filter(session=note.session_id)
        parts |= {link.measure: link.response.answers for link in linked.select_related("response")}
        reflection = Reflection.objects.visible_to(user).filter(session=note.session_id, author=user).first()
        parts["reflection"] = reflection.text if reflection else ""
    return parts


def as_sent(form_class: Callable[..., DraftForm], parts: Parts, *, based_on: int) -> DraftForm:
    """The form as the page would send it with these parts in it."""
    data: dict[str, Any] = {"based_on": based_on}
    for part in parts_of_page(form_class()):
        value = part.value(parts)
        if part.kind is Kind.ANSWERS:
            data |= {f"{part.name}_{at}": _typed(answer) for at, answer in enumerate(value, start=1)}
        else:
            data[part.name] = value
    return form_class(data)


def _typed(answer: Any) -> str:
    return "" if answer is None else str(answer)


# --- Where two versions differ ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """What one version says: its text in pieces, or lines of (question, words); both with whether they differ."""

    pieces: Sequence[Piece] = ()
    lines: Sequence[Line] = ()

    @property
    def is_blank(self) -> bool:
        return not self.pieces and not self.lines


@dataclass(frozen=True)
class Difference:
    """One part that two versions say differently."""

    part: Part
    mine: Any
    theirs: Any

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """Mine and theirs; of a questionnaire only the answers that differ."""
        if self.part.kind is Kind.TEXT:
            mine, theirs = marked(self.mine, self.theirs)
            return Side(pieces=mine), Side(pieces=theirs)
        return self._shown(self.mine, self.theirs), self._shown(self.theirs, self.mine)

    def _shown(self, one: Any, other: Any) -> Side:
        if self.part.is_blank(one):
            return Side()
        lines = self._lines(one, other)
        if self.part.kind is Kind.ANSWERS and not self.part.is_blank(other):
            lines = [line for line in lines if line[2]]
        return Side(lines=lines)

    @property
    def whole(self) -> Side:
        """All of mine."""
        if self.part.kind is Kind.TEXT:
            return self.sides[0]
        return Side() if self.part.is_blank(self.mine) else Side(lines=self._lines(self.mine, self.theirs))

    def _lines(self, one: Any, other: Any) -> list[Line]:
        others = set(self.part.words(other))
        return [(*line, line not in others) for line in self.part.words(one)]

    @property
    def is_spacing(self) -> bool:
        """The words are the same, and only the space between them is not."""
        return self.part.kind is Kind.TEXT and self.mine.split() == self.theirs.split()

    @property
    def leaves_out(self) -> bool:
        """Some answers of the questionnaire are the same, and so not shown."""
        mine, theirs = (len(side.lines) for side in self.sides)
        return self.part.measure is not None and 0 < min(mine, theirs) < len(self.part.measure.items)

    @property
    def may_be_joined(self) -> bool:
        return self.part.kind in (Kind.TEXT, Kind.LIST)

    @property
    def proposed(self) -> str:
        """What is ticked before anybody chooses: both, or the one that was filled in, of two mine."""
        if self.may_be_joined:
            return BOTH
        return THEIRS if self.part.is_blank(self.mine) else MINE

    @property
    def is_contested(self) -> bool:
        """Both were filled in, and only one can stand."""
        if self.part.kind is Kind.ANSWERS:
            pairs = zip(self.mine, self.theirs, strict=True)
            return any(one != other and "" not in (_typed(one), _typed(other)) for one, other in pairs)
        return not self.may_be_joined and bool(self.mine and self.theirs)


def differences(form: DraftForm, mine: Parts, theirs: Parts) -> list[Difference]:
    """Only the parts that are not the same; a blank and nothing at all are the same."""
    found = [Difference(part, part.value(mine), part.value(theirs)) for part in parts_of_page(form)]
    return [one for one in found if one.mine != one.theirs]


# --- One of two versions ----------------------------------------------------------------------------------------------


def settled(
    form: DraftForm, mine: Parts, theirs: Parts, choice: Callable[[str], str], seen: Parts
) -> dict[str, Any]:
    """Both versions as one, each part as chosen: "mine", "theirs" or "both". Where only one value can stand, "both" takes the
    one that was filled in, of two the one that was changed since `seen`, the version that mine began with, and else mine."""
    parts = {part.name: part.value(theirs) for part in parts_of_page(form)}
    for one in differences(form, mine, theirs):
        chosen = choice(one.part.name)
        if chosen == MINE:
            parts[one.part.name] = one.mine
        elif chosen == BOTH:
            parts[one.part.name] = _both(one, one.part.value(seen) if seen else None)
    return parts


def _both(one: Difference, seen: Any) -> Any:
    if one.part.kind is Kind.TEXT:
        return joined(one.mine, one.theirs)
    if one.part.kind is Kind.LIST:
        return list(dict.fromkeys([*one.mine, *one.theirs]))
    if one.part.kind is Kind.ANSWERS:
        before = seen or [object()] * len(one.mine)
        return [_one_of(*answers) for answers in zip(one.mine, one.theirs, before, strict=True)]
    return _one_of(one.mine, one.theirs, seen)


def _one_of(mine: Any, theirs: Any, seen: Any) -> Any:
    if mine in (None, "") or mine == seen:
        return theirs if theirs not in (None, "") else mine
    return mine
