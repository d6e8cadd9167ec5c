"""Programmes and their phases, kinds of session and attendance. Expected tables are written by hand."""

import pytest

from courses.protocol import (
    APPOINTMENT_TYPES,
    ATTENDANCE,
    CANCELLED,
    FOCUS_AREAS,
    MISSED,
    PHASES,
    PRESETS,
    SEEN,
    SESSION_KINDS,
    counts_as_treatment,
    last_initial_session,
    phase_of,
    planned_sessions,
    split_of,
    takes_number,
)

# One letter for each session, counted from 1, with two beyond the last planned one.
PHASES_BY_SESSION = {
    "ipt16": "IIII MMMMMMMM EEEE EE",  # IPT-UK: 1 to 4, 5 to 12, the rest
    "ipt12": "III MMMMMM EEE EE",
    "brief8": "II MMMM EE EE",
    "counselling6": "II MMM E EE",
    "adolescent12": "IIII MMMMM EEE EE",
    "maintenance": "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM MM",
}
PHASE = {"I": "initial", "M": "middle", "E": "end"}


@pytest.mark.parametrize(("preset", "letters"), PHASES_BY_SESSION.items())
def test_each_session_of_each_programme_has_its_phase(preset: str, letters: str) -> None:
    expected = [PHASE[letter] for letter in letters.replace(" ", "")]
    assert [phase_of(preset, n) for n in range(1, len(expected) + 1)] == expected


def test_there_is_a_table_for_every_programme() -> None:
    assert list(PRESETS) == list(PHASES_BY_SESSION)


@pytest.mark.parametrize(
    ("split", "letters"),
    [
        ((3, 10, 3), "IIIMMMMMMMMMMEEE"),
        ([2, 4, 2], "IIMMMMEE"),
        ((1, 1, 1), "IME"),
        ((0, 2, 1), "MME"),
        ((2, 0, 1), "IIE"),
    ],
)
def test_a_course_may_have_a_split_of_its_own(split: tuple | list, letters: str) -> None:
    assert [phase_of(split, n) for n in range(1, len(letters) + 1)] == [PHASE[letter] for letter in letters]


def test_sessions_beyond_the_contract_belong_to_the_end() -> None:
    assert phase_of("ipt16", 17) == "end"
    assert phase_of("ipt16", 1000) == "end"


@pytest.mark.parametrize("n", [0, -1, True, 1.0, "1", None])
@pytest.mark.parametrize("preset", ["ipt16", "maintenance"])
def test_a_session_number_that_cannot_be_is_refused(preset: str, n: object) -> None:
    with pytest.raises(ValueError, match="numbered from 1"):
        phase_of(preset, n)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    "preset",
    [
        "ipt20",
        "",
        None,
        16,
        (4, 8),
        (4, 8, 4, 0),
        (0, 0, 0),
        (4, -8, 4),
        (4, 8.0, 4),
        (True, 8, 4),
        ("4", 8, 4),
    ],
)
def test_a_programme_that_cannot_be_is_refused(preset: object) -> None:
    with pytest.raises(ValueError, match=r"programme|split"):
        phase_of(preset, 1)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("preset", "split", "planned", "last_initial"),
    [
        ("ipt16", (4, 8, 4), 16, 4),
        ("ipt12", (3, 6, 3), 12, 3),
        ("brief8", (2, 4, 2), 8, 2),
        ("counselling6", (2, 3, 1), 6, 2),
        ("adolescent12", (4, 5, 3), 12, 4),
        ("maintenance", None, None, None),
        ([3, 10, 3], (3, 10, 3), 16, 3),
    ],
)
def test_a_programme_says_how_many_sessions_it_plans_and_when_the_focus_is_due(
    preset: str | list, split: tuple | None, planned: int | None, last_initial: int | None
) -> None:
    assert split_of(preset) == split
    assert planned_sessions(preset) == planned
    assert last_initial_session(preset) == last_initial


def test_programmes_are_named_in_plain_words_and_name_their_source() -> None:
    assert [preset.name for preset in PRESETS.values()] == [
        "IPT, 16 sessions",
        "IPT, 12 sessions",
        "Brief IPT, 8 sessions",
        "Interpersonal counselling, 6 sessions",
        "IPT for adolescents, 12 sessions",
        "Maintenance IPT, monthly",
    ]
    assert all(preset.source for preset in PRESETS.values())


def test_phases_have_labels_in_their_order() -> None:
    assert list(PHASES.items()) == [("initial", "Initial"), ("middle", "Middle"), ("end", "End")]


def test_there_are_four_focus_areas_in_the_clinics_words() -> None:
    assert [(area.code, area.label, area.formal_name) for area in FOCUS_AREAS.values()] == [
        ("conflict", "Conflict", "Interpersonal role dispute"),
        ("life_change", "Life change", "Role transition"),
        ("grief", "Grief", "Grief (complicated bereavement)"),
        ("isolation", "Isolation", "Interpersonal sensitivities"),
    ]


def test_each_kind_of_session_proposes_its_appointment_type() -> None:
    assert {kind.code: kind.appointment_type for kind in SESSION_KINDS.values()} == {
        "assessment": "01",
        "treatment": "02",
        "review": "04",
        "follow_up": "06",
        "with_other": "02",
    }
    assert SESSION_KINDS["with_other"].label == "With a parent or partner"


# NHS Digital, IAPT v2.0 monthly metadata: 02, 03 and 05 are treatment.
def test_treatment_and_both_mixtures_with_it_count_as_treatment() -> None:
    assert {code: counts_as_treatment(code) for code in APPOINTMENT_TYPES} == {
        "01": False,
        "02": True,
        "03": True,
        "04": False,
        "05": True,
        "06": False,
    }


# NHS Digital, IAPT v2.0 monthly metadata, AttendOrDNACode.
def test_the_six_attendance_codes_are_seen_missed_or_cancelled() -> None:
    assert sorted(ATTENDANCE) == ["2", "3", "4", "5", "6", "7"]
    assert sorted(SEEN) == ["5", "6"]
    assert sorted(MISSED) == ["3", "7"]
    assert sorted(CANCELLED) == ["2", "4"]


@pytest.mark.parametrize(
    ("appointment_type", "attendance", "expected"),
    [
        ("02", "5", True),
        ("02", "6", True),
        ("03", "5", True),
        ("05", "6", True),
        ("02", "7", False),
        ("02", "3", False),
        ("02", "2", False),
        ("02", "4", False),
        ("02", "", False),
        ("02", None, False),
        ("01", "5", False),
        ("04", "5", False),
        ("06", "6", False),
    ],
)
def test_a_session_takes_a_number_when_it_is_treatment_and_the_client_was_seen(
    appointment_type: str, attendance: str | None, expected: bool
) -> None:
    assert takes_number(appointment_type, attendance) is expected


@pytest.mark.parametrize(
    ("appointment_type", "attendance"), [("07", "5"), ("", "5"), ("02", "1"), ("02", "x")]
)
def test_codes_that_nobody_knows_are_refused(appointment_type: str, attendance: str) -> None:
    with pytest.raises(ValueError, match="Unknown"):
        takes_number(appointment_type, attendance)
