"""What a letter's parts propose to say, as prose, from what the record holds. The therapist changes it as they like; nothing
goes out that they have not signed. Pure: `letters.material_of` asks the database.

To the client it says "you", without codes and without the name of a questionnaire; to the GP it names the measures. Neither
names anybody of the inventory."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from courses.protocol import FOCUS_AREAS
from outcomes import scoring
from outcomes.measures import BY_CODE
from sessions.letter_names import Other, without_names
from sessions.letter_parts import PARTS

QUOTES = '“”"'
DISORDERS = {"phq9": "depression", "gad7": "anxiety"}
FELT_AS = {"phq9": "low mood", "gad7": "worry and anxiety"}
# The four areas as a client would say them.
IN_PLAIN_WORDS = {
    "conflict": "a conflict with somebody who matters to you",
    "life_change": "a change in your life",
    "grief": "the death of somebody close to you",
    "isolation": "feeling alone, and how hard it has been to be close to people",
}
BY_WHOM = {
    "A1": "by your GP",
    "A2": "by your health visitor",
    "A4": "by the maternity service",
    "B2": "by somebody close to you",
    "D1": "by your employer",
    "H1": "by the hospital",
    "I1": "by another mental health service",
    "N1": "by NHS Talking Therapies",
}
CLEARLY_BETTER = "That is a clear change for the better, more than chance would explain"
NOT_HELPED_CLIENT = (
    "Your answers have not changed as much as we hoped. That is a failure of this treatment and not of you. There are other"
    " treatments that help many people whom the first one did not: another talking therapy, medication, or both."
)
NOT_HELPED_GP = (
    "The treatment has not brought a reliable improvement. We would ask you to look with {called} at what else may help:"
    " another psychological therapy, medication or a review of it, and physical health."
)


@dataclass(frozen=True)
class Scored:
    """One measure, first and last by the rule of every list."""

    code: str
    first: int
    first_on: date
    last: int | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Material:
    """What the record holds for a letter."""

    called: str
    full_name: str
    referred_on: date
    source: str = ""
    problem: str = ""
    planned: int | None = None
    held: int = 0
    first_session: date | None = None
    last_session: date | None = None
    foci: Sequence[tuple[str, str]] = ()
    formulation: str = ""
    scores: Sequence[Scored] = ()
    goals: Sequence[tuple[str, Sequence[int]]] = ()
    ending: Mapping[str, str] = field(default_factory=dict)
    techniques: Sequence[str] = ()
    others: Sequence[Other] = ()


def proposed(material: Material, *, about: str, to: str) -> dict[str, str]:
    """By code of the part, empty where the record says nothing. Of a kind of letter only the parts that it begins with."""
    voice = _ToClient(material) if to == "client" else _ToGP(material)
    return {
        part.code: getattr(voice, part.code)(about).strip() if about in part.kinds else "" for part in PARTS
    }


def in_words(day: date) -> str:
    """3 September 2026."""
    return f"{day.day} {day:%B %Y}"


class _Voice:
    """What both letters say alike."""

    whose = ""

    def __init__(self, material: Material) -> None:
        self.m = material

    def shown(self, text: str, whose: str = "") -> str:
        return without_names(text.strip(), self.m.others, whose=whose or self.whose)

    def within(self, text: str) -> str:
        """Words that stand in the middle of a sentence."""
        return self.shown(f", {text.strip()}").removeprefix(", ")

    def quoted(self, text: str) -> str:
        """The client's own words, in which they say I and my."""
        return f"“{self.shown(text, 'my').strip(QUOTES)}”"

    def plan(self, part: str) -> str:
        return self.shown(self.m.ending.get(part, ""))

    @property
    def has_not_helped(self) -> bool:
        first = {score.code: score.first for score in self.m.scores}
        last = {score.code: score.last for score in self.m.scores}
        if all(total is None for total in last.values()):
            return False
        outcome = scoring.outcome(first, last)
        return outcome.change != "improved" and not outcome.recovered

    @property
    def outcome(self) -> scoring.Outcome:
        return scoring.outcome(
            {score.code: score.first for score in self.m.scores},
            {score.code: score.last for score in self.m.scores},
        )

    def signs(self, about: str) -> str:
        return _joined(self.plan("early_signs"), _after("What to do then: ", self.plan("what_to_do")))

    def supports(self, about: str) -> str:
        return self.plan("supports")

    def returning(self, about: str) -> str:
        return self.plan("how_to_return")


class _ToClient(_Voice):
    whose = "your"

    def reason(self, about: str) -> str:
        day = in_words(self.m.referred_on)
        if self.m.source == "B1":
            first = f"You asked us for help on {day}."
        else:
            by = BY_WHOM.get(self.m.source, "")
            first = f"You were referred to us{' ' + by if by else ''} on {day}."
        # What somebody else wrote about them is written for colleagues.
        own = self.quoted(self.m.problem) if self.m.source == "B1" and self.m.problem.strip() else ""
        return _joined(first, _after("As you put it then: ", own))

    def findings(self, about: str) -> str:
        said = [
            f"{_band(score.code, score.first)} {DISORDERS[score.code]}"
            for score in self.m.scores
            if score.code in DISORDERS and _is_case(score.code, score.first)
        ]
        if not self.m.scores:
            return ""
        if not said:
            return "Your answers at the beginning were in the range of most people’s."
        spoke = f"What you told us, and your answers at the beginning, spoke of {' and '.join(said)}."
        return (
            f"{spoke} That is an illness and nobody’s fault, it is common, and it can be treated."
            if any("depression" in words for words in said)
            else spoke
        )

    def focus(self, about: str) -> str:
        areas = [
            IN_PLAIN_WORDS[area] + (f" ({self._said_to_you(about_it)})" if about_it.strip() else "")
            for area, about_it in self.m.foci
        ]
        chosen = f"Together we chose to work on {' and on '.join(areas)}." if areas else ""
        words = _after(
            "In your own words: ", self.quoted(self.m.formulation) if self.m.formulation.strip() else ""
        )
        return _joined(chosen, words)

    def _said_to_you(self, about_it: str) -> str:
        """What a focus is about is written of the client: "with her mother"."""
        return re.sub(
            r"(?<!\w)(?:her|his|their)(?=\s+\w)", "your", self.within(about_it), flags=re.IGNORECASE
        )

    def worked(self, about: str) -> str:
        if not self.m.held:
            return ""
        return (
            f"We met {_times(self.m.held)}{_between(self.m)}. This treatment is called interpersonal psychotherapy: it looks"
            " at how mood and what happens with other people go together, and at what can be changed between people."
        )

    def symptoms(self, about: str) -> str:
        lines = []
        for score in self.m.scores:
            if score.code not in FELT_AS or score.last is None:
                continue
            highest = BY_CODE[score.code].highest_total
            lines.append(
                f"{FELT_AS[score.code].capitalize()}: your answers came to {score.first} of {highest} at the beginning"
                f" ({_band(score.code, score.first)}) and to {score.last} at the end ({_band(score.code, score.last)})."
            )
        if not lines:
            return ""
        return _joined(*lines, self._what_it_means())

    def _what_it_means(self) -> str:
        outcome = self.outcome
        if outcome.reliably_recovered:
            return f"{CLEARLY_BETTER}, and you are in the range of most people now."
        if outcome.recovered:
            return "You are in the range of most people now."
        if outcome.change == "improved":
            return f"{CLEARLY_BETTER}, though not everything is as it should be yet."
        return NOT_HELPED_CLIENT

    def goals(self, about: str) -> str:
        if not self.m.goals:
            return ""
        if about == "assessment" or not any(values for _, values in self.m.goals):
            return _joined("This is what you want to be different:", *_listed(self, rated=False))
        return _joined(
            "This is what you wanted to be different, and how near you felt to it from 0 to 10:",
            *_listed(self, rated=True),
        )

    def changed(self, about: str) -> str:
        return _joined(self.plan("what_changed"), _after("What you can do now: ", self.plan("skills")))

    def recommendations(self, about: str) -> str:
        if about == "assessment":
            return (
                f"We have planned {_sessions(self.m.planned)} of interpersonal psychotherapy. It helps to come to each of"
                " them, to fill in the questionnaires, and to try between sessions what we have planned together."
                if self.m.planned
                else ""
            )
        return self.plan("unresolved")


class _ToGP(_Voice):
    whose = "their"

    def reason(self, about: str) -> str:
        day, name = in_words(self.m.referred_on), self.m.full_name
        if self.m.source == "B1":
            first = f"{name} referred themself to us on {day}."
        elif self.m.source == "A1":
            first = f"Thank you for the referral of {name}, which we received on {day}."
        else:
            first = f"{name} was referred to us on {day}."
        problem = self.m.problem.strip()
        said = self.quoted(problem) if self.m.source == "B1" else f"“{self.shown(problem)}”"
        return _joined(first, _after("The difficulty as it was put then: ", said if problem else ""))

    def findings(self, about: str) -> str:
        if not self.m.scores:
            return ""
        said = ", ".join(
            f"{BY_CODE[score.code].name} {_of(score.code, score.first)} on {in_words(score.first_on)}"
            for score in self.m.scores
        )
        cases = [
            DISORDERS[score.code]
            for score in self.m.scores
            if score.code in DISORDERS and _is_case(score.code, score.first)
        ]
        finding = f"The presentation is one of {' and '.join(cases)}." if cases else ""
        return _joined(f"At the start: {said}.", finding)

    def focus(self, about: str) -> str:
        areas = [
            FOCUS_AREAS[area].formal_name.lower()
            + (f" ({self.within(about_it)})" if about_it.strip() else "")
            for area, about_it in self.m.foci
        ]
        agreed = f"The focus agreed with {self.m.called} is {' and '.join(areas)}." if areas else ""
        words = (
            f"The formulation, in their own words: {self.quoted(self.m.formulation)}"
            if self.m.formulation.strip()
            else ""
        )
        return _joined(agreed, words)

    def worked(self, about: str) -> str:
        if not self.m.held:
            return ""
        of = f" of {self.m.planned} planned" if self.m.planned and self.m.planned >= self.m.held else ""
        came = (
            f"{self.m.called} attended {self.m.held}{of} sessions of interpersonal psychotherapy (IPT)"
            f"{_between(self.m)}."
        )
        used = [words[:1].lower() + words[1:] for words in self.m.techniques]
        return _joined(came, f"The work included {_and(used)}." if used else "")

    def symptoms(self, about: str) -> str:
        lines = [
            f"{BY_CODE[score.code].name}: {_of(score.code, score.first)} on {in_words(score.first_on)},"
            f" {_of(score.code, score.last)} on {in_words(score.last_on)}."
            for score in self.m.scores
            if score.last is not None and score.last_on is not None
        ]
        if not lines:
            return ""
        said = scoring.outcome_in_words(self.outcome)
        return _joined(
            *lines, f"Outcome by the rules of NHS Talking Therapies: {said[:1].lower()}{said[1:]}."
        )

    def goals(self, about: str) -> str:
        if not self.m.goals:
            return ""
        rated = about == "ending" and any(values for _, values in self.m.goals)
        head = f"{self.m.called}’s goals" + (", rated by them from 0 to 10:" if rated else ":")
        return _joined(head, *_listed(self, rated=rated))

    def changed(self, about: str) -> str:
        return _joined(
            self.plan("what_changed"), _after(f"What {self.m.called} can do now: ", self.plan("skills"))
        )

    def recommendations(self, about: str) -> str:
        if about == "assessment":
            return (
                f"We have offered {_sessions(self.m.planned)} of interpersonal psychotherapy, and will write again at the end."
                if self.m.planned
                else ""
            )
        more = NOT_HELPED_GP.format(called=self.m.called) if self.has_not_helped else ""
        return _joined(self.plan("unresolved"), more)


# --- Words ------------------------------------------------------------------------------------------------------------


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _after(head: str, text: str) -> str:
    return f"{head}{text}" if text else ""


def _band(code: str, total: int) -> str:
    return scoring.band_of(code, total) or "no band"


def _is_case(code: str, total: int) -> bool:
    cut_off = BY_CODE[code].cut_off
    return cut_off is not None and total >= cut_off


def _of(code: str, total: int) -> str:
    band = scoring.band_of(code, total)
    return f"{total} of {BY_CODE[code].highest_total}" + (f" ({band})" if band else "")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _sessions(count: int | None) -> str:
    return "one session" if count == 1 else f"{count} sessions"


def _between(material: Material) -> str:
    if material.first_session is None or material.last_session is None:
        return ""
    if material.first_session == material.last_session:
        return f" on {in_words(material.first_session)}"
    return f" between {in_words(material.first_session)} and {in_words(material.last_session)}"


def _listed(voice: _Voice, *, rated: bool) -> list[str]:
    return [f"• {voice.quoted(text)}{_rated(values) if rated else ''}" for text, values in voice.m.goals]


def _rated(values: Sequence[int]) -> str:
    if not values:
        return ", not rated"
    if len(values) == 1:
        return f": {values[0]}"
    return f": {values[0]} at first, {values[-1]} at the last rating"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
