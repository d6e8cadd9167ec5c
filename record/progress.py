"""Symptoms over the sessions of one course: what the chart draws and the table beside it says, from the same numbers.
Nothing is asked of the database here, and no score is worked out: what scores mean is in outcomes.scoring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone

from courses import protocol
from courses.models import Course
from outcomes import scoring
from outcomes.measures import BY_CODE
from outcomes.models import ExpectedBand
from record.chart_events import ChartEvent
from sessions.models import TherapySession

# Drawn: the two that a course is reported by. Their lines differ in dash and name, not in colour alone.
DRAWN = ("phq9", "gad7")
NOT_TAKEN = "not taken"


@dataclass(frozen=True)
class Form:
    """One questionnaire answered once, and in which session, None for none."""

    session_id: UUID | None
    measure: str
    answers: list[int | None]
    total: int | None
    taken_at: datetime
    without_work: bool = False
    is_total_only: bool = False
    came: str = "typed"
    response_id: UUID | None = None


HOW_IT_CAME: tuple[tuple[str, Callable[[Form], bool]], ...] = (
    ("total only", lambda form: form.is_total_only),
    ("by link", lambda form: form.came == "link"),
)


@dataclass(frozen=True)
class Reading:
    """One measure on one occasion, as the table says it: `total` is None where it was not taken, or not in full."""

    name: str
    total: int | None
    words: str
    expected: str = ""
    response_id: UUID | None = None  # the questionnaire behind the number


@dataclass(frozen=True)
class Trend:
    """A measure that the chart does not draw, as a small line of its own. Totals out of 32 and out of 40 are two lines."""

    name: str
    totals: list[int]
    top: int
    cut_off: int | None


@dataclass(frozen=True)
class Expected:
    """The band of the clinic's own courses with this start, of the measure that the chart draws it for."""

    name: str
    words: str
    bands: list[ExpectedBand]


@dataclass(frozen=True)
class Occasion:
    """A session, or a day between sessions, on which something was measured. `place` is where it stands on the chart:
    the number of the session, or between two numbers."""

    place: float
    session: TherapySession | None
    at: datetime
    words: str
    readings: list[Reading]


@dataclass(frozen=True)
class Progress:
    """`names` heads the columns of the table; `chart` is what the script draws, as plain values. `adults_only` is said of a
    client under 18."""

    names: list[str]
    occasions: list[Occasion]
    change: str
    chart: dict[str, Any]
    trends: list[Trend]
    expected: Expected | None
    adults_only: str
    events: Sequence[ChartEvent] = ()


def progress_of(
    course: Course,
    sessions: Sequence[TherapySession],
    forms: Sequence[Form],
    bands: Sequence[ExpectedBand] = (),
    *,
    is_adult: bool = True,
    events: Sequence[ChartEvent] = (),
) -> Progress | None:
    """None where nothing was measured yet. Sessions and forms in the order of their dates; bands are those of the first scores,
    in the order of the sessions."""
    if not forms:
        return None
    codes = [code for code in BY_CODE if any(form.measure == code for form in forms)]
    occasions = _occasions(sessions, forms, codes, bands)
    expected = _expected(bands)
    return Progress(
        names=[BY_CODE[code].name for code in codes],
        occasions=occasions,
        change=_change(forms, last_treatment_day(sessions)),
        chart=_chart(course, sessions, occasions, codes)
        | {"band": _drawn(expected), "events": [event.drawn for event in events]},
        trends=_trends(forms),
        expected=expected,
        adults_only="" if is_adult else _adults_only(codes),
        events=events,
    )


def first_scores(forms: Sequence[Form]) -> dict[str, int | None]:
    """Of each measure that the chart draws, as `scoring.first_and_last` has it."""
    first, _ = scoring.first_and_last_of(_taken(forms), None)
    return first


def _taken(forms: Sequence[Form]) -> dict[str, list[scoring.Taken]]:
    return {
        code: [(timezone.localdate(form.taken_at), form.total) for form in forms if form.measure == code]
        for code in DRAWN
    }


def _expected(bands: Sequence[ExpectedBand]) -> Expected | None:
    """Of the first measure that has one: two bands over one another could not be told apart."""
    for code in DRAWN:
        ours = [band for band in bands if band.measure == code]
        if ours:
            model = ours[0].model
            words = (
                f"Band: where 80% of the clinic’s courses with this {BY_CODE[code].name} at the start have been"
                f" · model {model.pk} of {_day(model.made_at)}, {model.courses:,} courses"
            )
            return Expected(BY_CODE[code].name, words, ours)
    return None


def _drawn(expected: Expected | None) -> dict[str, Any] | None:
    if expected is None:
        return None
    points = [
        {"session": band.session_number, "low": float(band.low), "high": float(band.high)}
        for band in expected.bands
    ]
    return {"name": f"Expected {expected.name}", "points": points}


def _trends(forms: Sequence[Form]) -> list[Trend]:
    trends = []
    for code, measure in BY_CODE.items():
        if code in DRAWN:
            continue
        for without_work in (False, True):
            totals = [
                form.total
                for form in forms
                if form.measure == code and form.without_work == without_work and form.total is not None
            ]
            if totals:
                top = measure.highest_total - measure.highest_answer * without_work
                name = f"{measure.name} out of {top}" if code == "wsas" else measure.name
                trends.append(Trend(name, totals, top, None if without_work else measure.cut_off))
    return trends


def _adults_only(codes: Sequence[str]) -> str:
    """One sentence for all measures that say the same."""
    return " ".join(dict.fromkeys(BY_CODE[code].adults_only for code in codes if BY_CODE[code].adults_only))


def _occasions(
    sessions: Sequence[TherapySession],
    forms: Sequence[Form],
    codes: list[str],
    bands: Sequence[ExpectedBand],
) -> list[Occasion]:
    by_id: dict[UUID | None, TherapySession] = {session.pk: session for session in sessions}

    def when(form: Form) -> datetime:
        return by_id[form.session_id].starts_at if form.session_id in by_id else form.taken_at

    together = [
        (at, row) for at, group in groupby(sorted(forms, key=when), key=when) for row in _apart(group)
    ]
    measured = [by_id.get(next(iter(row.values())).session_id) for _, row in together]
    places = _places([session.number if session else None for session in measured])
    occasions = []
    for (at, forms_of), session, place in zip(together, measured, places, strict=True):
        number = session.number if session else None
        readings = [_reading(code, forms_of.get(code), _range(bands, code, number)) for code in codes]
        occasions.append(Occasion(place, session, at, _words(session), readings))
    return occasions


def _apart(forms: Iterable[Form]) -> list[dict[str, Form]]:
    """The forms of one moment, by measure: of one session together, and a second one of the same measure on a row of its own,
    since neither hides the other."""
    rows: list[tuple[UUID | None, dict[str, Form]]] = []
    for form in forms:
        row = next((row for at, row in rows if at == form.session_id and form.measure not in row), None)
        if row is None:
            rows.append((form.session_id, row := {}))
        row[form.measure] = form
    return [row for _, row in rows]


def _range(bands: Sequence[ExpectedBand], code: str, number: int | None) -> str:
    """What the band says at a session: "expected 8 to 17"."""
    for band in bands:
        if band.measure == code and band.session_number == number:
            return f"expected {band.low:.0f} to {band.high:.0f}"
    return ""


def _places(numbers: list[int | None]) -> list[float]:
    """Where each stands on the chart: at its number; those without one share the gap after the number before them."""
    places: list[float] = []
    before = 0
    for has_number, run in groupby(numbers, key=lambda number: number is not None):
        members = list(run)
        if has_number:
            numbered = [number for number in members if number is not None]
            places += numbered
            before = numbered[-1]
        else:
            places += [round(before + i / (len(members) + 1), 3) for i in range(1, len(members) + 1)]
    return places


def _words(session: TherapySession | None) -> str:
    if session is None:
        return "Between sessions"
    return f"Session {session.number}" if session.number else session.get_kind_display()


def _reading(code: str, form: Form | None, expected: str) -> Reading:
    measure = BY_CODE[code]
    if form is None:
        return Reading(measure.name, None, NOT_TAKEN, expected)
    if form.total is None:
        estimate = None if form.is_total_only else scoring.prorated(code, form.answers)
        said = "incomplete" if estimate is None else f"incomplete, estimated {estimate.total}"
        return Reading(measure.name, None, f"{said}{_how(form)}", expected, form.response_id)
    if form.without_work:
        said = f"{form.total} out of {measure.highest_total - measure.highest_answer}"
    else:
        band = scoring.band_of(code, form.total)
        said = f"{form.total}, {band}" if band else str(form.total)
    return Reading(measure.name, form.total, f"{said}{_how(form)}", expected, form.response_id)


def _how(form: Form) -> str:
    """How it came, where that is not from the page of a session."""
    notes = [words for words, is_so in HOW_IT_CAME if is_so(form)]
    return f" ({', '.join(notes)})" if notes else ""


def last_treatment_day(sessions: Sequence[TherapySession]) -> date | None:
    """The day of the last attended treatment session: the last one with a number."""
    return max(
        (timezone.localdate(session.starts_at) for session in sessions if session.number), default=None
    )


def _change(forms: Sequence[Form], until: date | None) -> str:
    """What the course achieved, and each measure in points, by the first and last scores that lists show too."""
    first, last = scoring.first_and_last_of(_taken(forms), until)
    differences = [
        words for code in DRAWN if (words := scoring.difference_in_words(code, first[code], last[code]))
    ]
    return ": ".join([scoring.course_in_words(first, last), ", ".join(differences)]) if differences else ""


def _summary(occasions: list[Occasion], codes: list[str]) -> str:
    """The chart in a sentence, for those who do not see it."""
    sentences = []
    for column, code in enumerate(codes):
        if code not in DRAWN:
            continue
        taken = [
            (occasion, reading.total)
            for occasion in occasions
            if (reading := occasion.readings[column]).total is not None
        ]
        if not taken:
            continue
        (start, before), (end, after) = taken[0], taken[-1]
        name = BY_CODE[code].name
        if len(taken) == 1:
            sentences.append(f"{name} {after} at {_in_sentence(end)}.")
        else:
            sentences.append(
                f"{name} {before} at {_in_sentence(start)}, {after} at {_in_sentence(end)},"
                f" {len(taken)} times in all."
            )
    return " ".join(sentences)


def _in_sentence(occasion: Occasion) -> str:
    return occasion.words[0].lower() + occasion.words[1:]


def _chart(
    course: Course, sessions: Sequence[TherapySession], occasions: list[Occasion], codes: list[str]
) -> dict[str, Any]:
    cut_off = BY_CODE["phq9"].cut_off
    return {
        "title": "Symptoms over sessions",
        "summary": _summary(occasions, codes),
        "phases": phase_bands(course, sessions),
        "planned": course.planned_sessions,
        "highest": max(BY_CODE[code].highest_total for code in DRAWN),
        "caseness": {"value": cut_off, "words": f"PHQ-9 caseness {cut_off}"},
        "lines": [
            {
                "code": code,
                "name": BY_CODE[code].name,
                "points": [
                    {
                        "place": occasion.place,
                        "total": reading.total,
                        "words": f"{occasion.words}, {_day(occasion.at)}: {BY_CODE[code].name} {reading.words}",
                    }
                    for occasion in occasions
                    if (reading := occasion.readings[codes.index(code)]).total is not None
                ],
            }
            for code in DRAWN
            if code in codes
        ],
    }


def phase_bands(course: Course, sessions: Sequence[TherapySession]) -> list[dict[str, Any]]:
    """From which session to which each phase runs: as the sessions were held, then as the plan has it."""
    held = {session.number: session.phase for session in sessions if session.number}
    count = max([course.planned_sessions, *held])
    numbered = [(n, held.get(n) or protocol.phase_of(course.plan, n)) for n in range(1, count + 1)]
    bands = []
    for phase, run in groupby(numbered, key=lambda pair: pair[1]):
        members = [n for n, _ in run]
        bands.append(
            {"code": phase, "name": protocol.PHASES[phase], "first": members[0], "last": members[-1]}
        )
    return bands


def _day(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%a} {local.day} {local:%b %Y}"
