"""Letters of a course to the client or the GP: what the record holds for one, what is printed of a draft or of a signed letter,
and lists of them. Questions only; the writes are in letter_actions.py, the PDF in letter_pdf.py."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.utils import timezone

from clients.models import Client
from courses import techniques
from courses.ending import standing_ending, what_it_says
from courses.models import Course, Focus, Formulation
from interpersonal.models import Person
from outcomes import goals, scoring
from outcomes.models import Response
from referrals.models import ReferralWords
from sessions import letter_prose
from sessions.letter_names import Other, named_in
from sessions.letter_parts import ABOUT, PARTS, title_of
from sessions.letter_prose import Material, Scored, in_words
from sessions.life import State
from sessions.models import CoSignature, LetterGiven, Note, NoteKind, TherapySession
from sessions.note_states import NoteState, states_of
from staff.models import Clinic, User

MOST_TECHNIQUES = 5
# What stands across each page of a letter that does not go out.
MARKS = {
    State.AWAITING_COSIGN: "Waits for a co-signature",
    State.RETURNED: "Waits for a co-signature",
    State.ENTERED_IN_ERROR: "Entered in error",
}


# --- What the record holds --------------------------------------------------------------------------------------------


def material_of(course: Course, user: User) -> Material:
    """About ten questions, whatever the length of the course."""
    client = course.client
    sessions = list(TherapySession.objects.visible_to(user).filter(course=course).numbered())
    days = sorted(timezone.localdate(session.starts_at) for session in sessions)
    foci = Focus.objects.visible_to(user).filter(course=course).current().order_by("position")
    formulation = Formulation.objects.visible_to(user).filter(course=course).order_by("-number").first()
    referral = ReferralWords.objects.visible_to(user).filter(course=course).exclude(problem="")
    return Material(
        called=client.called,
        full_name=client.name,
        referred_on=course.referred_on,
        source=course.referral_source,
        problem=referral.order_by("at").values_list("problem", flat=True).first() or "",
        planned=course.planned_sessions if course.split else None,
        held=len(sessions),
        first_session=days[0] if days else None,
        last_session=days[-1] if days else None,
        foci=list(foci.values_list("area", "about")),
        formulation=formulation.text if formulation else "",
        scores=_scores(course, user, until=days[-1] if days else None),
        goals=[
            (line.goal.text, line.values)
            for line in goals.goals_of(course, user)
            if line.goal.ended_at is None or line.values
        ],
        ending=what_it_says(standing_ending(course)),
        techniques=_most_used(course, user),
        others=others_of(course, user),
    )


def others_of(course: Course, user: User) -> list[Other]:
    """Everybody who ever stood on the inventory: who was taken off it is a third party still."""
    rows = Person.objects.visible_to(user).filter(course=course).order_by("added_at", "pk")
    return [Other(name, relationship) for name, relationship in rows.values_list("name", "relationship")]


def _scores(course: Course, user: User, *, until: date | None) -> list[Scored]:
    """PHQ-9 and GAD-7, first and last as every list has them."""
    rows = Response.objects.visible_to(user).standing().filter(course=course).exclude(total=None)
    rows = rows.filter(measure__in=("phq9", "gad7")).order_by("taken_at", "entered_at")
    taken: dict[str, list[tuple[date, int]]] = {}
    for code, total, at in rows.values_list("measure", "total", "taken_at"):
        taken.setdefault(code, []).append((timezone.localdate(at), total))
    found = []
    for code in ("phq9", "gad7"):
        forms = taken.get(code, [])
        first, last = scoring.first_and_last(forms, until)
        if first is not None:
            last_on = max((day for day, _ in forms[1:] if until and day <= until), default=None)
            found.append(Scored(code, first, forms[0][0], last, last_on if last is not None else None))
    return found


def _most_used(course: Course, user: User) -> list[str]:
    rows = Note.objects.visible_to(user).signed().standing().of_sessions().filter(course=course)
    counted = Counter(code for codes in rows.values_list("techniques", flat=True) for code in codes)
    known = [code for code, _ in counted.most_common() if code in techniques.BY_CODE]
    return [techniques.BY_CODE[code].label for code in known[:MOST_TECHNIQUES]]


# --- How a letter begins ----------------------------------------------------------------------------------------------


def begun(course: Course, user: User, *, about: str, to: str, old: Note | None = None) -> dict[str, Any]:
    """What the page of a new letter begins with: the parts as proposed, those ticked of which the record says something; from
    an old letter its parts as they were signed."""
    client = course.client
    first: dict[str, Any] = {
        "about": about,
        "to": to,
        "address": "\n".join(address_of(client, to)),
        "greeting": f"Dear {client.called}" if to == "client" else f"Dear {client.gp_name or 'Doctor'}",
    }
    if old is not None:
        texts = {code: text for code, _, text in old.letter.get("parts", [])}
        first["kept_names"] = list(old.letter.get("kept_names", []))
    else:
        texts = letter_prose.proposed(material_of(course, user), about=about, to=to)
    for part in PARTS:
        first[f"part_{part.code}"] = texts.get(part.code, "")
        first[f"use_{part.code}"] = bool(texts.get(part.code))
    return first


def address_of(client: Client, to: str) -> list[str]:
    """As on an envelope; who is not safe to write home gets a letter by hand."""
    if to == "gp":
        return [line for line in (client.gp_name, client.gp_practice) if line]
    lines = [client.name]
    if client.may_write_home:
        lines += [line.strip() for line in client.address.splitlines() if line.strip()] + [client.postcode]
    return [line for line in lines if line]


# --- What is printed --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A letter as it is printed. `mark` stands across each page while it is no letter that may go out; `signed` is the line
    under it, empty for a draft."""

    about: str
    to: str
    address: list[str]
    day: date
    greeting: str
    parts: list[tuple[str, str]]
    client: str
    born: date
    clinic: str
    clinic_address: list[str]
    phone: str
    footer: str
    author: str
    role: str
    signed: str = ""
    cosigned: str = ""
    mark: str = ""

    @property
    def title(self) -> str:
        return f"{ABOUT.get(self.about, 'Letter')}: {self.client}"

    @property
    def date_in_words(self) -> str:
        return in_words(self.day)

    @property
    def born_in_words(self) -> str:
        return in_words(self.born)

    @classmethod
    def of(cls, facts: Mapping[str, Any], **more: Any) -> Self:
        """From what a signed letter holds (`facts_of`)."""
        return cls(
            about=facts["about"],
            to=facts["to"],
            address=list(facts["address"]),
            day=date.fromisoformat(facts["day"]),
            greeting=facts["greeting"],
            parts=[(heading, text) for _, heading, text in facts["parts"]],
            client=facts["client"],
            born=date.fromisoformat(facts["born"]),
            clinic=facts["clinic"],
            clinic_address=list(facts["clinic_address"]),
            phone=facts["phone"],
            footer=facts["footer"],
            author=facts["author"],
            role=facts["role"],
            **more,
        )


def facts_of(course: Course, form: Mapping[str, Any], *, author: User, on: date) -> dict[str, Any]:
    """All that is printed, from a draft's form: what signing keeps for ever, whatever becomes of the client's or the clinic's
    name afterwards."""
    clinic, client = Clinic.objects.first() or Clinic(), course.client
    to = str(form.get("to", ""))
    return {
        "about": str(form.get("about", "")),
        "to": to,
        "address": _lines(form.get("address")),
        "day": on.isoformat(),
        "greeting": str(form.get("greeting", "")).strip(),
        "parts": [
            [part.code, part.heading(to), text]
            for part in PARTS
            if form.get(f"use_{part.code}") and (text := str(form.get(f"part_{part.code}", "")).strip())
        ],
        "kept_names": [str(name) for name in form.get("kept_names") or []],
        "client": client.name,
        "born": client.date_of_birth.isoformat(),
        "clinic": clinic.name,
        "clinic_address": _lines(clinic.letterhead_address),
        "phone": clinic.letterhead_phone,
        "footer": clinic.letter_footer,
        "author": author.full_name,
        "role": "Trainee therapist" if author.is_trainee else "Therapist",
    }


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def words_of(facts: Mapping[str, Any]) -> str:
    """The letter as plain text: what a note holds as its words."""
    parts = [f"{heading}\n{text}" for _, heading, text in facts["parts"]]
    return "\n\n".join([facts["greeting"], *parts])


def named_and_not_kept(facts: Mapping[str, Any], others: Sequence[Other]) -> list[Other]:
    """Whose name stands in the letter without having been ticked."""
    kept = {name.casefold() for name in facts["kept_names"]}
    return [other for other in named_in(words_of(facts), others) if other.name.casefold() not in kept]


def printed_draft(course: Course, form: Mapping[str, Any], *, author: User, on: date) -> Printed:
    return Printed.of(facts_of(course, form, author=author, on=on), mark="Draft, not signed")


def printed(note: Note, state: State, decisions: Sequence[CoSignature] = ()) -> Printed:
    """A signed letter. It may go out once nobody's co-signature is waited for, and while it is not struck out."""
    cosigned = next(
        (each for each in reversed(decisions) if each.decision == CoSignature.Decision.COSIGNED), None
    )
    shown = cosigned if state == State.COSIGNED else None
    return Printed.of(
        note.letter,
        signed=f"Signed by {note.letter['author']} on {_moment(note.signed_at)}.",
        cosigned=f"Co-signed by {shown.by.full_name} on {_moment(shown.at)}." if shown else "",
        mark=MARKS.get(state, ""),
    )


def decisions_of(note: Note, user: User) -> list[CoSignature]:
    rows = CoSignature.objects.visible_to(user).filter(note=note).select_related("by")
    return list(rows.order_by("at", "pk"))


def _moment(at: datetime | None) -> str:
    local = timezone.localtime(at)
    return f"{in_words(local.date())} at {local:%H:%M}"


# --- Lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One letter on the list of a course, `state` as every note's. Of somebody else's draft only that it is there."""

    note_id: Any
    title: str
    at: datetime
    author: str
    is_own: bool
    state: NoteState
    given: list[LetterGiven]


def lines_of(course: Course, user: User) -> list[Line]:
    """The newest first; four questions, however many there are."""
    states = [state for state in states_of(course.pk) if state.kind == NoteKind.LETTER]
    if not states:
        return []
    rows = Note.objects.visible_to(user).filter(course=course, kind=NoteKind.LETTER)
    notes = {
        note.pk: note
        for note in rows.select_related("author").only("letter", "form", "author", "kind", "course")
    }
    given: dict[Any, list[LetterGiven]] = {}
    for row in LetterGiven.objects.visible_to(user).filter(course=course).order_by("given_on", "at"):
        given.setdefault(row.note_id, []).append(row)
    return [
        _line(state, notes.get(state.note_id), given.get(state.note_id, []), user)
        for state in sorted(states, key=lambda state: state.signed_at or state.started_at, reverse=True)
        if state.note_id in notes or not state.is_in_error
    ]


def _line(state: NoteState, note: Note | None, given: list[LetterGiven], user: User) -> Line:
    facts = (note.letter or note.form) if note else {}
    return Line(
        note_id=state.note_id if note else None,
        title=title_of(facts.get("about", ""), facts.get("to", "")),
        at=state.signed_at or state.started_at,
        author=note.author.full_name if note else "",
        is_own=state.author_id == user.pk,
        state=state,
        given=given,
    )


def old_letters(course: Course, user: User) -> list[Note]:
    """Signed ones that stand, from which a new one may be begun, the newest first."""
    rows = Note.objects.visible_to(user).signed().standing().filter(course=course, kind=NoteKind.LETTER)
    return list(rows.select_related("author").order_by("-signed_at"))
