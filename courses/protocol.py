"""The treatment as data: programmes and their phases, focus areas, kinds of session, attendance.

No Django and no clients here. The numbers of a programme are what a new course begins with; every course may
change its own split. The life of a course (status, what may follow what) is in `courses.lifecycle`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "APPOINTMENT_TYPES",
    "ATTENDANCE",
    "CANCELLED",
    "FOCUS_AREAS",
    "MISSED",
    "NOT_SEEN",
    "PHASES",
    "PRESETS",
    "SEEN",
    "SESSION_KINDS",
    "AppointmentType",
    "Attendance",
    "FocusArea",
    "Kind",
    "Preset",
    "counts_as_treatment",
    "last_initial_session",
    "phase_of",
    "planned_sessions",
    "split_of",
    "takes_number",
]

Split = tuple[int, int, int]

PHASES = {"initial": "Initial", "middle": "Middle", "end": "End"}


@dataclass(frozen=True)
class Preset:
    """A programme: how many sessions in the initial, middle and end phase; None where it has no phases."""

    code: str
    name: str
    split: Split | None
    source: str


# Splits other than the standard one are general knowledge, not checked against the publication named.
PRESETS = {
    preset.code: preset
    for preset in (
        Preset(
            "ipt16",
            "IPT, 16 sessions",
            (4, 8, 4),
            "IPT-UK, stages of IPT: sessions 1 to 4 and 5 to 12; the end is what remains",
        ),
        Preset(
            "ipt12",
            "IPT, 12 sessions",
            (3, 6, 3),
            "Perinatal IPT: O'Hara 2000; Weissman, Markowitz and Klerman 2018 for 12 to 16 sessions",
        ),
        Preset("brief8", "Brief IPT, 8 sessions", (2, 4, 2), "Swartz 2004"),
        Preset(
            "counselling6",
            "Interpersonal counselling, 6 sessions",
            (2, 3, 1),
            "Weissman and Verdeli: 3 to 6 sessions, 6 in the UK course",
        ),
        Preset("adolescent12", "IPT for adolescents, 12 sessions", (4, 5, 3), "Mufson 2004"),
        Preset("maintenance", "Maintenance IPT, monthly", None, "Frank 1990: monthly, up to 36"),
    )
}


def split_of(preset: str | Sequence[int]) -> Split | None:
    """The three phase lengths of a preset's code or of a course's own split; None for maintenance.

    An unknown code, or a split that is not three whole numbers from 0 up with one session at least, raises
    `ValueError`.
    """
    if isinstance(preset, str):
        if preset not in PRESETS:
            raise ValueError(f"Unknown programme: {preset!r}")
        return PRESETS[preset].split
    if not isinstance(preset, list | tuple) or len(preset) != 3:
        raise ValueError("A split has three numbers: initial, middle and end sessions")
    initial, middle, end = preset
    if not all(map(_is_count, preset)) or initial + middle + end == 0:
        raise ValueError("Each number of a split is a whole number of sessions, and not all are 0")
    return (initial, middle, end)


def phase_of(preset: str | Sequence[int], n: int) -> str:
    """The phase of attended treatment session `n`, counted from 1.

    "end" beyond the last planned session, "middle" throughout a programme without phases. Anything but a
    whole number from 1 up raises `ValueError`.
    """
    split = split_of(preset)
    if not _is_count(n) or n == 0:
        raise ValueError("Sessions are numbered from 1")
    if split is None:
        return "middle"
    initial, middle, _ = split
    if n <= initial:
        return "initial"
    return "middle" if n <= initial + middle else "end"


def planned_sessions(preset: str | Sequence[int]) -> int | None:
    """How many treatment sessions the contract holds; None for a programme without an agreed number."""
    split = split_of(preset)
    return None if split is None else sum(split)


def last_initial_session(preset: str | Sequence[int]) -> int | None:
    """The session by whose end the focus should be agreed; None for a programme without phases."""
    split = split_of(preset)
    return None if split is None else split[0]


def _is_count(value: object) -> bool:
    # bool is an int to Python, but True is no number of sessions.
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@dataclass(frozen=True)
class FocusArea:
    """One of IPT's four problem areas, in the clinic's words, with the name of the textbooks."""

    code: str
    label: str
    formal_name: str
    help_text: str


# Four areas: Klerman, Weissman and others 1984; plain words after the World Health Organization's group IPT.
FOCUS_AREAS = {
    area.code: area
    for area in (
        FocusArea(
            "conflict",
            "Conflict",
            "Interpersonal role dispute",
            "A disagreement with someone who matters, where the two expect different things of each other.",
        ),
        FocusArea(
            "life_change",
            "Life change",
            "Role transition",
            "Hard to cope with a change in work, health, home or family. Losses other than a death, such as "
            "divorce or a lost job, belong here.",
        ),
        FocusArea(
            "grief",
            "Grief",
            "Grief (complicated bereavement)",
            "The low mood began with, or is kept going by, the death of someone close.",
        ),
        FocusArea(
            "isolation",
            "Isolation",
            "Interpersonal sensitivities",
            "Few or difficult relationships over a long time. Only where none of the other three fits.",
        ),
    )
}


@dataclass(frozen=True)
class AppointmentType:
    """An appointment type of the NHS Talking Therapies data set; `is_treatment` ones use up the contract."""

    code: str
    label: str
    is_treatment: bool


# Which count as treatment: NHS Digital, IAPT v2.0 monthly metadata. The labels are general knowledge.
APPOINTMENT_TYPES = {
    kind.code: kind
    for kind in (
        AppointmentType("01", "Assessment", is_treatment=False),
        AppointmentType("02", "Treatment", is_treatment=True),
        AppointmentType("03", "Assessment and treatment", is_treatment=True),
        AppointmentType("04", "Review", is_treatment=False),
        AppointmentType("05", "Review and treatment", is_treatment=True),
        AppointmentType("06", "Follow-up after the end of treatment", is_treatment=False),
    )
}


@dataclass(frozen=True)
class Kind:
    """A kind of session, and the appointment type that it proposes."""

    code: str
    label: str
    appointment_type: str


SESSION_KINDS = {
    kind.code: kind
    for kind in (
        Kind("assessment", "Assessment", "01"),
        Kind("treatment", "Treatment", "02"),
        Kind("review", "Review", "04"),
        Kind("follow_up", "Follow-up", "06"),
        Kind("with_other", "With a parent or partner", "02"),
    )
}


@dataclass(frozen=True)
class Attendance:
    """How an appointment went: an attendance code of the NHS data set, in plain words."""

    code: str
    label: str
    long_label: str


# NHS Digital, IAPT v2.0 monthly metadata, AttendOrDNACode; in the order in which a page offers them.
ATTENDANCE = {
    attendance.code: attendance
    for attendance in (
        Attendance("5", "Attended", "Attended on time"),
        Attendance("6", "Came late", "Came late, but was seen"),
        Attendance("3", "Did not attend", "Did not attend, and gave no notice"),
        Attendance("7", "Came too late", "Came too late to be seen"),
        Attendance("2", "Client cancelled", "Cancelled by the client, or for them"),
        Attendance("4", "Clinic cancelled", "Cancelled or moved by the clinic"),
    )
}
SEEN = frozenset({"5", "6"})
MISSED = frozenset({"3", "7"})
CANCELLED = frozenset({"2", "4"})
# The client was not there, whether they had said so or not; what the clinic cancelled is no act of theirs.
NOT_SEEN = MISSED | {"2"}


def counts_as_treatment(appointment_type: str) -> bool:
    """Whether an appointment of this type is treatment; an unknown type raises `ValueError`."""
    if appointment_type not in APPOINTMENT_TYPES:
        raise ValueError(f"Unknown appointment type: {appointment_type!r}")
    return APPOINTMENT_TYPES[appointment_type].is_treatment


def takes_number(appointment_type: str, attendance: str | None) -> bool:
    """Whether a session takes a number in its course: treatment, and the client was seen.

    `attendance` is empty while the session lies ahead. Unknown codes raise `ValueError`.
    """
    if attendance and attendance not in ATTENDANCE:
        raise ValueError(f"Unknown attendance: {attendance!r}")
    return counts_as_treatment(appointment_type) and attendance in SEEN
