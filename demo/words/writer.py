"""Tells a course session by session: the same people throughout, and what was agreed last time is taken up next."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from courses import protocol
from demo.chance import Chance
from demo.words import frame
from demo.words.parts import Beat, Story, Task, Texts

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CASES = {"she": ("her", "her"), "he": ("him", "his"), "they": ("them", "their")}
# How likely a task was done, half done, or not done, by how the course goes.
_KEPT = {"improving": (0.62, 0.24), "flat": (0.3, 0.35), "worsening": (0.2, 0.3), "uneven": (0.42, 0.3)}
# How a week's text begins when it says itself how the mood was.
_UP = re.compile(
    r"(Better|A (little )?(better|lighter|good)|Good|Even\b|Steady|Steadier|Up\b|Well\b|Calm|Ordinary|Fine"
    r"|Mood (up|even|steady|level)|Slept( through|\.|,| better| well| six)|Slightly better|Busy, and"
    r"|More (even|present)|Two (better|good)|Laughed)"
)
_DOWN = re.compile(
    r"(Low\b|Lower|Worst|Tearful|Flat\b|Tired\b|Down\b|A bad|Some worry|Dry-eyed|Cried|Dip\b|Much the same|No change|Mixed)"
)


@dataclass(frozen=True)
class Words:
    """What a note says, in its parts."""

    week: str
    work: str
    next_time: str
    techniques: list[str]
    event: str = ""
    went: str = ""


class Writer:
    """One client's story. Ask for the sessions in their order."""

    def __init__(
        self,
        story: Story,
        *,
        called: str,
        pronouns: str,
        programme: str,
        split: tuple[int, int, int] | None,
        shape: str,
        chance: Chance,
        told: set[str],
        props: dict[str, str] | None = None,
    ) -> None:
        self._story = story
        self._chance = chance
        self._told = told
        self._shape = shape
        self._split = split
        self._task: tuple[Task, int] | None = None
        self._agreed = ""
        self._went = ""
        self._used: set[str] = set()
        they = pronoun_of(pronouns)
        them, their = _CASES[they]
        planned = protocol.planned_sessions(programme) or 12
        self._names = {
            "name": called,
            "they": they,
            "They": they.capitalize(),
            "them": them,
            "their": their,
            "Their": their.capitalize(),
            "planned": str(planned),
            "programme": protocol.PRESETS[programme].name,
            "area_word": protocol.FOCUS_AREAS[story.area].label.lower(),
        }
        self._cast(props or {})
        self._days()

    def _cast(self, given: dict[str, str]) -> None:
        for keys, choices in self._story.props.items():
            chosen = given.get(keys.split("|")[0]) or self._chance.one_of(choices)
            for key, text in zip(keys.split("|"), chosen.split("|"), strict=True):
                self._names[key] = text
        for key in [key for key in self._names if key.endswith("_they")]:
            who = key.removesuffix("_they")
            self._names[f"{who}_them"], self._names[f"{who}_their"] = _CASES[self._names[key]]
        self._names["situation"] = self._story.situation
        self._names["onset"] = self._story.onset
        self._names["about"] = self._story.about
        self._names["goal"] = self._chance.one_of(self._story.goals)
        self._names["other_or_ally"] = "{other}" if "other" in self._names else "{ally_short}"
        self._names["situation_cap"] = self.fill("{situation}")[:1].upper() + self.fill("{situation}")[1:]

    @property
    def about(self) -> str:
        """With whom or about what the focus is, in a few words."""
        return self.fill(self._story.about)

    # --- Sessions -----------------------------------------------------------------------------------------------------

    def assessment(self) -> Words:
        return self._once(
            lambda: Words(
                self._say(frame.ASSESSMENT_WEEK),
                self._say(frame.ASSESSMENT),
                self._say(frame.ASSESSMENT_NEXT),
                ["exploring"],
            )
        )

    def treatment(
        self, number: int, change: int | None, *, settled: bool = True, last: bool = False
    ) -> Words:
        """Session `number`; `change` in points since last time (up is worse); `settled` where the focus "
        "has been agreed."""
        beat = self._beat(number, last=last)
        phase = protocol.phase_of(self._split, number) if self._split else "middle"
        if number == 1:
            change = None  # its text speaks of the months before
        return self._tell(
            beat, change, unsettled=not settled and phase == "initial" and self._is_last_initial(number)
        )

    def follow_up(self) -> Words:
        return self._tell(self._chance.one_of(frame.FOLLOW_UP), None)

    def _beat(self, number: int, *, last: bool) -> Beat:
        if self._split is None:
            return frame.MAINTENANCE[(number - 1) % len(frame.MAINTENANCE)]
        initial, middle, end = self._split
        if number <= initial:
            chosen = {1: (0,), 2: (0, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3)}.get(initial, (0, 1, 2, 3))
            return frame.INITIAL[chosen[min(number, len(chosen)) - 1]]
        if number <= initial + middle:
            beats = self._story.middle
            place = number - initial - 1
            return beats[min(len(beats) - 1, place * len(beats) // max(middle, 1))]
        place = number - initial - middle
        beats = frame.END[-end:] if end else frame.END
        return frame.END[-1] if last else beats[min(place, len(beats)) - 1]

    def _is_last_initial(self, number: int) -> bool:
        return self._split is not None and number == self._split[0]

    def _tell(self, beat: Beat, change: int | None, *, unsettled: bool = False) -> Words:
        def once() -> Words:
            week = self._say(self._weeks(beat.week, change))
            mood = self._say(self._mood(change or 0)) if self._needs_mood(week, change) else ""
            taken_up = self._taken_up()
            work = self._say(frame.UNSETTLED if unsettled else beat.work)
            if beat is frame.END[-1] and self._shape in ("flat", "worsening"):
                work = f"{work} {self._say(frame.NOT_BETTER)}"
            self._agreed = self._pick(beat.task.agreed)
            agreed = _begin_sentences(self.fill(self._agreed))
            techniques = list(beat.techniques)
            return Words(
                _join(mood, week), _join(taken_up, work), agreed, techniques, _event(week), self._went
            )

        words = self._once(once)
        self._task = beat.task, beat.task.agreed.index(self._agreed)
        return words

    def _taken_up(self) -> str:
        self._went = ""
        if self._task is None:
            return ""
        task, place = self._task
        done, partly = _KEPT[self._shape]
        draw = self._chance.random()
        self._went = "done" if draw < done else "partly" if draw < done + partly else "not_done"
        texts = {"done": task.done, "partly": task.partly, "not_done": task.not_done}[self._went]
        return _begin_sentences(self.fill(texts[place]))

    def _weeks(self, texts: Texts, change: int | None) -> Texts:
        """Those that do not speak against the scores."""
        wrong = _UP if (change or 0) >= 2 else _DOWN if (change or 0) <= -2 else None
        fitting = tuple(text for text in texts if not (wrong and wrong.match(text)))
        return fitting or texts

    def _needs_mood(self, week: str, change: int | None) -> bool:
        if change is None or _UP.match(week) or _DOWN.match(week):
            return False
        return self._chance.happens(0.6)

    def _mood(self, change: int) -> Texts:
        return frame.BETTER if change <= -2 else frame.WORSE if change >= 2 else frame.SAME

    # --- Other words --------------------------------------------------------------------------------------------------

    def risk(self, value: int) -> str:
        if not value:
            return self._say(frame.RISK_QUIET)
        return self._say(frame.RISK_RAISED, value=str(value), when=self._chance.one_of(frame.RISK_WHEN))

    def not_asked(self) -> str:
        return self._say(frame.RISK_NOT_ASKED)

    def reflection(self) -> str:
        return _join(self._say(frame.REFLECT), self._say(frame.REFLECT_END))

    def say(self, texts: Texts, **more: str) -> str:
        return self._say(texts, **more)

    # --- Telling ------------------------------------------------------------------------------------------------------

    def _once(self, tell: Callable[[], Words]) -> Words:
        """Tells it again until nobody's note has said it before."""
        for _ in range(40):
            self._days()
            words = tell()
            whole = f"{words.week}|{words.work}"
            if whole not in self._told:
                break
        self._told.add(whole)
        return words

    def _days(self) -> None:
        first = self._chance.randrange(5)
        self._names["day"] = _WEEKDAYS[first]
        self._names["day2"] = _WEEKDAYS[min(6, first + self._chance.between(1, 2))]

    def _say(self, texts: Texts, **more: str) -> str:
        return _begin_sentences(self.fill(self._pick(texts), **more))

    def _pick(self, texts: Texts) -> str:
        """One of the texts, and not one that this client's record has had as long as another is left."""
        fresh = [text for text in texts if text not in self._used]
        if not fresh:
            self._used.difference_update(texts)
            fresh = list(texts)
        text = self._chance.one_of(fresh)
        self._used.add(text)
        return text

    def fill(self, text: str, **more: str) -> str:
        for _ in range(4):
            if "{" not in text:
                break
            text = text.format_map({**self._names, **more})
        return text


def _event(week: str) -> str:
    """What happened on a day of the week, in one line; empty where nothing did."""
    clauses = [clause.rstrip(".;:") for clause in re.split(r"(?<=[.;:])\s+", week)]
    told = (one for one in clauses if len(one) <= 140 and any(day in one for day in _WEEKDAYS))
    event = next((one for one in told if one.count(" ") >= 4), "")  # “Low on Tuesday” is a mood
    return event[:1].upper() + event[1:]


def pronoun_of(pronouns: str) -> str:
    """How notes speak of a client: “she”, “he” or “they”; of “they/she” as “she”."""
    given = pronouns.split("/")
    return next((one for one in ("she", "he") if one in given), "they")


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _begin_sentences(text: str) -> str:
    """A name of lower case (“their sister Joan”) may have come to stand first."""
    return re.sub(r"(^|[.?!]\s+)([a-z])", lambda found: found[1] + found[2].upper(), text)
