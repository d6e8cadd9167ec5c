"""What the template of the log page states, worked out beforehand: what the form begins with, and what stands beside it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils import timezone

from courses import protocol, tasks
from courses.ending import countdown
from courses.models import Course
from courses.strip import Strip, strip_of
from outcomes.measures import Measure
from sessions import agreed, beside, contacts, mentions, phase_tasks
from sessions.actions import LONGEST_EVENT
from sessions.forms import CAME_OF, MEASURES, DraftForm, LogForm
from sessions.log_tasks import Checklist, checklist
from sessions.models import RiskAnswer, TherapySession
from sessions.phase_tasks import MidPoint, Standing
from staff.models import User

# Groups of radios and boxes have no single field to go to; their fieldset carries this id.
Problem = tuple[str, str]
BOOK_ANOTHER = (("book", "Book another"), ("none", "Nothing more to book"))


class Beside:
    """What stands beside a page on which something is written: the course so far, last time, what was told since, safety.
    `session` is the one that is written about, or this moment."""

    def __init__(self, course: Course, session: TherapySession, *, user: User) -> None:
        self.course, self.session, self.user = course, session, user
        self.so_far = beside.so_far(course, session, user)
        self.earlier = beside.earlier_scores(session, user)
        self.notes = beside.signed_before(session, user)
        self.signals = beside.open_signals(course, user)
        self.told = contacts.told_since(
            course, user, since=self.last.session.starts_at if self.last else None
        )

    @property
    def prompts(self) -> list[beside.Prompt]:
        """What to ask in a session; beside a note of a contact nothing."""
        return []

    @property
    def last(self) -> Any:
        """The last signed note of an attended session, None before the first."""
        return self.notes[0] if self.notes else None

    @property
    def last_risks(self) -> list[tuple[Any, str]]:
        """Day and answer, the last three, newest first."""
        return [(note.event_at, beside.risk_in_words(note)) for note in self.notes]

    @property
    def strip(self) -> Strip:
        """Up to this session, which is the one that comes next."""
        held = [one for one in self.so_far.sessions if one.pk != self.session.pk]
        return strip_of(self.course.plan, self.course.planned_sessions, held)

    @property
    def trend(self) -> list[int]:
        return self.earlier["phq9"].totals

    @property
    def change_words(self) -> str:
        return beside.change_in_words(self.earlier, self.so_far.last_treatment_day)


class LogPage(Beside):
    """One session's page. The form gets its first values from the appointment, and the draft lies over them: nothing clinical
    is chosen beforehand."""

    def __init__(self, course: Course, session: TherapySession, form: LogForm, *, user: User) -> None:
        super().__init__(course, session, user=user)
        self.form = form
        self.foci = beside.agreed_focus(course, user)
        self.slot = beside.next_slot(session)
        form.initial = {**self._booked(), **form.initial}
        if self.so_far.booked_next:
            form.fields["next_choice"].choices = BOOK_ANOTHER  # type: ignore[attr-defined]  # a field of choices
        form.fields["risk_answer"].choices = self._risk_choices()  # type: ignore[attr-defined]  # a field of choices

    def _booked(self) -> dict[str, Any]:
        session, slot = self.session, self.slot
        starts_at = timezone.localtime(slot.starts_at)
        is_last = self.so_far.number >= self.so_far.planned
        return {
            "attendance": session.attendance or "",
            "mode": session.mode,
            "minutes": session.minutes,
            "kind": session.kind,
            "appointment_type": session.appointment_type,
            "phase": self.so_far.phase,
            "next_choice": "none" if self.so_far.booked_next or is_last else "book",
            "next_on": f"{starts_at:%Y-%m-%d}",
            "next_at": f"{starts_at:%H:%M}",
            "next_mode": slot.mode,
            "next_room": str(slot.room_id or ""),
        }

    longest_event = LONGEST_EVENT

    @property
    def opening(self) -> str:
        """How a session of IPT begins."""
        if self.last is None:
            return "To open: “How have things been for you lately, and with the people around you?”"
        day = beside.short(timezone.localdate(self.last.session.starts_at))
        return f"To open: “How have things been since we met on {day}?”"

    @property
    def last_task(self) -> str:
        """What was agreed in the last signed session, empty where nothing was."""
        return self.last.next_time.strip() if self.last else ""

    @property
    def takes_number(self) -> bool:
        return protocol.counts_as_treatment(self.session.appointment_type)

    @property
    def title(self) -> str:
        if self.takes_number:
            return f"Log session {self.so_far.number}"
        return f"Log {self.session.get_kind_display().lower()}"

    # --- The form -----------------------------------------------------------------------------------------------------

    @property
    def answers(self) -> dict[str, list[int | None]]:
        """What is in the digits now: what was just typed, else what the draft holds."""
        if self.form.is_bound:
            return self.form.answers()
        begun = self.form.initial
        return {
            one.code: [_digit(begun.get(f"{one.code}_{number}")) for number in range(1, len(one.items) + 1)]
            for one in MEASURES
        }

    @property
    def digits(self) -> list[tuple[Measure, list[dict[str, Any]]]]:
        """Each measure with its boxes: name, wording, what is in it, and whether it is no answer."""
        return [
            (
                measure,
                [
                    {
                        "name": f"{measure.code}_{number}",
                        "label": f"{measure.name} item {number} of {len(measure.items)}: {wording}",
                        "number": number,
                        "wording": wording,
                        "value": _shown(self.form[f"{measure.code}_{number}"].value()),
                        "is_wrong": f"{measure.code}_{number}" in self.form.errors,
                    }
                    for number, wording in enumerate(measure.items, start=1)
                ],
            )
            for measure in MEASURES
        ]

    @cached_property
    def offered(self) -> beside.Offered:
        typed = self.form["focus"].value() or []
        areas = [*(focus.area for focus in self.foci), *typed]
        return beside.techniques_for(areas, self.form["techniques"].value() or [])

    @cached_property
    def people(self) -> mentions.Offered:
        return mentions.offered(self.course, self.user, chosen=self.form["people"].value() or [])

    @cached_property
    def agreed(self) -> list[agreed.Line]:
        """What supervision asked somebody to do about this course."""
        names = [name for name in self.form.fields if name.startswith(CAME_OF)]
        words = {name.removeprefix(CAME_OF): str(self.form[name].value() or "") for name in names}
        said = {key: typed for key, typed in words.items() if typed.strip()}
        errors = {
            name.removeprefix(CAME_OF): " ".join(map(str, self.form.errors.get(name, []))) for name in names
        }
        ticked = [str(key) for key in self.form["actions_done"].value() or []]
        return agreed.lines(self.course, self.user, ticked=ticked, words=said, errors=errors)

    # --- Tasks, half-way, ending --------------------------------------------------------------------------------------

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        return phase_tasks.standings_of(self.course, self.user)

    @cached_property
    def mid_point(self) -> MidPoint | None:
        """The review at half-way, from that session on until it was done."""
        if not self.takes_number:
            return None
        number = self.so_far.number
        return phase_tasks.mid_point_of(self.course, self.user, attended=number, standings=self.standings)

    mid_point_code = tasks.MID_POINT

    @cached_property
    def to_do(self) -> Checklist:
        """Of the phase that is chosen on the page, else of that in which the session falls."""
        chosen = self.form["phase"].value()
        phase = chosen if chosen in protocol.PHASES else self.so_far.phase
        ticked = self.form["tasks"].value() or []
        shown = [self.mid_point_code] if self.mid_point else []
        return checklist(phase, self.standings, ticked=ticked, without=shown)

    @property
    def ending_words(self) -> str:
        """How many sessions are left after this one, from four before the end on."""
        count = countdown(self.course, attended=self.so_far.number)
        if not self.takes_number or count.left is None or not count.is_near:
            return ""
        if count.left > 0:
            return f"After this session {count.left} {'is' if count.left == 1 else 'are'} left."
        return "This is the last session that is planned." if count.left == 0 else f"{count.words}."

    @property
    def phase_words(self) -> str:
        falls = self.so_far.phase_in_words
        return falls if self.takes_number else f"This one takes no number. {falls}"

    @property
    def kinds(self) -> list[tuple[str, str, str]]:
        """Code, label, and the appointment type that it proposes."""
        return [(kind.code, kind.label, kind.appointment_type) for kind in protocol.SESSION_KINDS.values()]

    @property
    def save_words(self) -> str:
        return save_words(self.form)

    @property
    def problems(self) -> list[Problem]:
        return problems_of(self.form)

    def _risk_choices(self) -> list[tuple[str, str]]:
        since = (
            f"since {beside.short(timezone.localdate(self.last.session.starts_at))}"
            if self.last
            else "since the referral"
        )
        return [
            (RiskAnswer.UNCHANGED.value, f"Asked, unchanged {since}"),
            (RiskAnswer.CHANGED.value, "Changed, describe"),
            (RiskAnswer.NOT_ASKED.value, "Not asked, why"),
        ]

    @property
    def prompts(self) -> list[beside.Prompt]:
        return beside.prompts_for(self.foci, self.so_far.phase)

    @property
    def phase_name(self) -> str:
        return protocol.PHASES[self.so_far.phase].lower()

    @property
    def focus_words(self) -> str:
        return beside.focus_in_words(self.foci)


def signed_sentence(course: Course, session: TherapySession, wanted: Mapping[str, Any] | None) -> str:
    """What the next page says when all is done."""
    if session.was_seen:
        what = f"Session {session.number}" if session.number else session.get_kind_display()
        done = f"{what} of {course.client.name} is signed."
    else:
        how = protocol.ATTENDANCE[session.attendance or ""].label.lower()
        done = (
            f"Signed for {course.client.name}: {how}, {beside.long(timezone.localtime(session.starts_at))}."
        )
    if wanted is None:
        return done
    return f"{done} Next appointment {beside.long(timezone.localtime(wanted['starts_at']))}."


def save_words(form: DraftForm) -> str:
    """The state of the draft when its page opens; the script goes on from there."""
    if form.is_bound:
        return "Kept as a draft, not signed"
    saved_at = form.initial.get("saved_at")
    if saved_at is None:
        return "Nothing to save yet"
    saved_at = timezone.localtime(saved_at)
    today = saved_at.date() == timezone.localdate()
    return f"✓ Draft saved {f'{saved_at:%H:%M:%S}' if today else beside.long(saved_at)}"


def problems_of(form: DraftForm) -> list[Problem]:
    """Every refusal with the field that it goes to, in the order of the page."""
    on_top = [("", str(sentence)) for sentence in form.errors.get("__all__", [])]
    return on_top + [
        (f"id_{name}", str(sentence)) for name in form.fields for sentence in form.errors.get(name, [])
    ]


def _digit(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
