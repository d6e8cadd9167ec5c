"""A letter as PDF on A4: letterhead, address, date, whom it is about, its parts, the line of the signature, page n of m. The
same letter gives the same bytes."""

from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from sessions.letter_fonts import BOLD, PLAIN, as_written, printable, registered
from sessions.letters import Printed

MARGIN = 24 * mm
FOOT = 24 * mm
INK, QUIET, RULE = Color(0.1, 0.12, 0.14), Color(0.36, 0.4, 0.44), Color(0.72, 0.76, 0.79)
MARK = Color(0.62, 0.1, 0.1, alpha=0.2)

TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=10.5, leading=15.2, textColor=INK, spaceAfter=5)
LINE = ParagraphStyle("line", parent=TEXT, spaceAfter=0, leading=14)
RIGHT = ParagraphStyle("right", parent=LINE, alignment=TA_RIGHT, textColor=QUIET, fontSize=9, leading=12)
HEAD = ParagraphStyle("head", parent=TEXT, fontName=BOLD, fontSize=11, spaceBefore=9, spaceAfter=3)
HOUSE = ParagraphStyle("house", parent=LINE, fontName=BOLD, fontSize=15, leading=18)
ABOUT = ParagraphStyle("about", parent=TEXT, fontName=BOLD, spaceBefore=2, spaceAfter=6)


def pdf_of(letter: Printed) -> bytes:
    """The document, with its title and language for readers that speak."""
    registered()
    out = BytesIO()
    width, height = A4
    frame = Frame(MARGIN, FOOT, width - 2 * MARGIN, height - FOOT - 20 * mm, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=as_written(letter.title),
        author=as_written(letter.author),
        subject=as_written(letter.clinic),
        creator="IPT clinic",
        lang="en-GB",
        invariant=1,
    )
    document.addPageTemplates([PageTemplate("page", [frame])])
    document.build(_story(letter), canvasmaker=partial(_Pages, letter=letter))
    return out.getvalue()


# --- What stands in it ------------------------------------------------------------------------------------------------


def _story(letter: Printed) -> list[Flowable]:
    story: list[Flowable] = [
        _head(letter),
        _Rule(),
        *(Paragraph(_name(line), LINE) for line in letter.address),
        Spacer(0, 5 * mm),
        Paragraph(escape(letter.date_in_words), LINE),
        Spacer(0, 5 * mm),
    ]
    if letter.to == "gp":
        story += [Paragraph(f"About {_name(letter.client)}, born {escape(letter.born_in_words)}", ABOUT)]
    story += [Paragraph(f"{_name(letter.greeting.rstrip(','))},", TEXT)]
    if letter.to != "gp":
        story += [Paragraph(f"{_name(letter.client)}, born {escape(letter.born_in_words)}", ABOUT)]
    for heading, text in letter.parts:
        lines = [line for line in printable(text).split("\n") if line.strip()]
        # A heading never stands alone at the foot of a page.
        story += [CondPageBreak(24 * mm), Paragraph(escape(heading), HEAD)]
        story += [Paragraph(escape(line), TEXT) for line in lines]
    story.append(KeepTogether(_ending(letter)))
    return story


def _head(letter: Printed) -> Flowable:
    """The clinic at the left, where it is found at the right."""
    where = [Paragraph(_name(line), RIGHT) for line in [*letter.clinic_address, letter.phone] if line]
    width = A4[0] - 2 * MARGIN
    top = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    style = TableStyle([*top, ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
    return Table([[Paragraph(_name(letter.clinic), HOUSE), where]], [0.6 * width, 0.4 * width], style=style)


def _ending(letter: Printed) -> list[Flowable]:
    lines = [
        f"<font name='{BOLD}'>{_name(letter.author)}</font>",
        escape(f"{letter.role}, ") + _name(letter.clinic),
    ]
    return [
        Spacer(0, 4 * mm),
        Paragraph("Yours sincerely,", TEXT),
        Spacer(0, 3 * mm),
        *(Paragraph(line, LINE) for line in lines),
        Spacer(0, 2 * mm),
        *(Paragraph(_name(line), LINE) for line in (letter.signed, letter.cosigned) if line),
    ]


def _name(text: str) -> str:
    return escape(as_written(text))


class _Rule(Flowable):
    """A thin line under the letterhead."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, 9 * mm

    def draw(self) -> None:
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.8)
        self.canv.line(0, 6 * mm, self.width, 6 * mm)


class _Pages(Canvas):
    """Knows how many pages there are before it writes the foot of the first."""

    def __init__(self, *args: Any, letter: Printed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._letter = letter
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # the library calls it so
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._held, start=1):
            self.__dict__.update(state)
            self._foot(number, len(self._held))
            super().showPage()
        super().save()

    def _foot(self, number: int, pages: int) -> None:
        letter, (width, height) = self._letter, A4
        self.saveState()
        self.setStrokeColor(RULE)
        self.setLineWidth(0.5)
        self.line(MARGIN, 18 * mm, width - MARGIN, 18 * mm)
        self.setFillColor(QUIET)
        self.setFont(PLAIN, 8)
        whose = as_written(f"{letter.client}, born {letter.born_in_words}")
        self.drawString(MARGIN, 13.5 * mm, _cut(whose, 0.7 * width))
        self.drawRightString(width - MARGIN, 13.5 * mm, f"Page {number} of {pages}")
        if letter.footer:
            self.setFont(PLAIN, 7)
            self.drawString(MARGIN, 9 * mm, _cut(as_written(letter.footer), width - 2 * MARGIN, size=7))
        self.restoreState()
        if letter.mark:
            self._across(letter.mark, width, height)

    def _across(self, words: str, width: float, height: float) -> None:
        self.saveState()
        self.setFillColor(MARK)
        self.setFont(BOLD, 46)
        self.translate(width / 2, height / 2)
        self.rotate(52)
        self.drawCentredString(0, 0, words)
        self.restoreState()


def _cut(text: str, width: float, *, size: float = 8) -> str:
    """As much of it as there is room for."""
    if stringWidth(text, PLAIN, size) <= width:
        return text
    while text and stringWidth(f"{text}…", PLAIN, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
