"""The summary of a therapist's supervised practice on the clinic's paper, ready to be signed and sent in: hours, supervisors,
cases by number without any client's name, the criteria and where they stand."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from sessions.letter_fonts import BOLD
from sessions.letter_prose import in_words
from sessions.paper import ABOUT, HEAD, INK, LINE, MARGIN, RULE, TEXT, Sheet, name, printed
from supervision.accreditation import CaseStanding, Rule, Standing, counted, duration
from supervision.practice import AREAS, Practice

WIDTH = A4[0] - 2 * MARGIN


@dataclass(frozen=True)
class Summary:
    """All that is printed."""

    therapist: str
    role: str
    standing: Standing
    rule: Rule
    ratings: int
    passed: int
    on: date
    clinic: str
    clinic_address: list[str]
    phone: str
    footer: str


def summary_of(practice: Practice, rule: Rule, clinic: Any, *, on: date) -> Summary:
    """From what is known of the therapist, on the clinic's letterhead."""
    return Summary(
        therapist=practice.person.full_name,
        role="Trainee therapist" if practice.person.is_trainee else "Therapist",
        standing=practice.standing,
        rule=rule,
        ratings=len(practice.ratings),
        passed=sum(rated.overall == "pass" for rated in practice.ratings),
        on=on,
        clinic=clinic.name,
        clinic_address=[line.strip() for line in clinic.letterhead_address.splitlines() if line.strip()],
        phone=clinic.letterhead_phone,
        footer=clinic.letter_footer,
    )


def pdf_of(summary: Summary) -> bytes:
    """The document. The same summary gives the same bytes."""
    sheet = Sheet(
        title=f"Supervised practice: {summary.therapist}",
        author=summary.clinic,
        clinic=summary.clinic,
        clinic_address=summary.clinic_address,
        phone=summary.phone,
        whose=f"Supervised practice of {summary.therapist}, {in_words(summary.on)}",
        footer=summary.footer,
    )
    return printed(sheet, partial(_story, summary))


# --- What stands in it ------------------------------------------------------------------------------------------------


def _story(summary: Summary) -> list[Flowable]:
    standing = summary.standing
    return [
        Paragraph("Supervised practice in interpersonal psychotherapy", ABOUT),
        _facts(summary),
        *_part("Criteria"),
        _table([("Criterion", "There is", "Still missing"), *_criteria(standing)], (0.5, 0.28, 0.22)),
        Paragraph(escape(how_counted(summary.rule)), _small()),
        *_part("Cases"),
        *_cases(standing),
        KeepTogether(_signatures()),
    ]


def how_counted(rule: Rule) -> str:
    """The rule's small print, as the page and the paper say it."""
    return (
        "A session counts as supervised when its case was discussed in a signed supervision meeting within "
        f"{counted(rule.within_days, 'day')} after it. The minutes of a meeting are divided equally among the cases that it "
        "discussed."
    )


def _small() -> Any:
    return LINE.clone("small", fontSize=8.5, leading=12, spaceBefore=4)


def _part(heading: str) -> list[Flowable]:
    return [CondPageBreak(34 * mm), Paragraph(escape(heading), HEAD)]


def _facts(summary: Summary) -> Flowable:
    standing = summary.standing
    rows = [
        ("Therapist", f"{summary.therapist}, {summary.role.lower()}"),
        ("Period", _period(standing)),
        (
            "Supervision",
            f"{duration(standing.minutes)} in {counted(standing.meetings, 'meeting')}: {duration(standing.individual)} "
            f"individual, {duration(standing.group)} in a group",
        ),
        ("Supervisors", ", ".join(standing.supervisors) or "none recorded"),
        ("Sessions rated", f"{summary.ratings}, of which {summary.passed} passed"),
    ]
    cells = [[_cell(f"<font name='{BOLD}'>{label}</font>"), _cell(name(words))] for label, words in rows]
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return Table(cells, [0.22 * WIDTH, 0.78 * WIDTH], style=style)


def _period(standing: Standing) -> str:
    if standing.first is None or standing.last is None:
        return "no supervision meeting is signed"
    first, last = in_words(standing.first.date()), in_words(standing.last.date())
    return first if standing.is_of_one_day else f"{first} to {last}"


def _criteria(standing: Standing) -> list[tuple[str, str, str]]:
    return [
        (criterion.asks, criterion.there_is, criterion.missing or "reached")
        for criterion in standing.criteria
    ]


def _cases(standing: Standing) -> list[Flowable]:
    if not standing.cases:
        return [Paragraph("No case was discussed in a signed supervision meeting yet.", TEXT)]
    head = ("Case", "Focus", "Sessions", "Supervised", "Hours", "Recordings rated", "Counts")
    return [_table([head, *map(_case, standing.cases)], (0.11, 0.22, 0.12, 0.15, 0.14, 0.14, 0.12))]


def _case(case: CaseStanding) -> tuple[str, ...]:
    return (
        case.name,
        ", ".join(AREAS.get(area, area) for area in case.areas) or "–",
        str(case.attended),
        str(case.supervised),
        duration(case.minutes),
        str(case.recordings),
        "yes" if case.counts else "not yet",
    )


def _table(rows: list[tuple[str, ...]], widths: tuple[float, ...]) -> Flowable:
    head = [_cell(f"<font name='{BOLD}'>{escape(words)}</font>") for words in rows[0]]
    body = [[_cell(name(words)) for words in row] for row in rows[1:]]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ]
    )
    return Table([head, *body], [share * WIDTH for share in widths], style=style, repeatRows=1)


def _cell(words: str) -> Paragraph:
    return Paragraph(words, LINE.clone("cell", fontSize=9.5, leading=13, textColor=INK))


def _signatures() -> list[Flowable]:
    who = [[_cell("Supervisor, date"), "", _cell("Therapist, date")]]
    style = TableStyle(
        [
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("LINEABOVE", (0, 0), (0, 0), 0.6, INK),
            ("LINEABOVE", (2, 0), (2, 0), 0.6, INK),
        ]
    )
    return [
        Spacer(0, 8 * mm),
        Paragraph("I confirm that this summary agrees with the records of supervision.", TEXT),
        Spacer(0, 14 * mm),
        Table(who, [0.46 * WIDTH, 0.08 * WIDTH, 0.46 * WIDTH], style=style),
    ]
