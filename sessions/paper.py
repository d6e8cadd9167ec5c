"""The clinic's paper: what every printed A4 page of it has, whatever stands on it. Letterhead, styles, the foot with its line
and page n of m, words across a page that may not go out. The same content gives the same bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table, TableStyle

from sessions.letter_fonts import BOLD, PLAIN, as_written, registered

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


@dataclass(frozen=True)
class Sheet:
    """What stands around the content: who answers for it, the line at the foot (`whose`), the clinic's own words under it, and
    `mark` across each page while it may not go out."""

    title: str
    author: str
    clinic: str
    clinic_address: Sequence[str]
    phone: str
    whose: str
    footer: str = ""
    mark: str = ""


def printed(sheet: Sheet, story: Callable[[], list[Flowable]]) -> bytes:
    """The document, with its title and language for readers that speak. `story` is asked once the fonts are known."""
    registered()
    out = BytesIO()
    width, height = A4
    frame = Frame(MARGIN, FOOT, width - 2 * MARGIN, height - FOOT - 20 * mm, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=as_written(sheet.title),
        author=as_written(sheet.author),
        subject=as_written(sheet.clinic),
        creator="IPT clinic",
        lang="en-GB",
        invariant=1,
    )
    document.addPageTemplates([PageTemplate("page", [frame])])
    document.build([letterhead(sheet), Rule(), *story()], canvasmaker=partial(_Pages, sheet=sheet))
    return out.getvalue()


def letterhead(sheet: Sheet) -> Flowable:
    """The clinic at the left, where it is found at the right."""
    where = [Paragraph(name(line), RIGHT) for line in [*sheet.clinic_address, sheet.phone] if line]
    width = A4[0] - 2 * MARGIN
    top = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    style = TableStyle([*top, ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
    return Table([[Paragraph(name(sheet.clinic), HOUSE), where]], [0.6 * width, 0.4 * width], style=style)


def name(text: str) -> str:
    """As it is written into a paragraph."""
    return escape(as_written(text))


class Rule(Flowable):
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

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sheet = sheet
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
        sheet, (width, height) = self._sheet, A4
        self.saveState()
        self.setStrokeColor(RULE)
        self.setLineWidth(0.5)
        self.line(MARGIN, 18 * mm, width - MARGIN, 18 * mm)
        self.setFillColor(QUIET)
        self.setFont(PLAIN, 8)
        self.drawString(MARGIN, 13.5 * mm, _cut(as_written(sheet.whose), 0.7 * width))
        self.drawRightString(width - MARGIN, 13.5 * mm, f"Page {number} of {pages}")
        if sheet.footer:
            self.setFont(PLAIN, 7)
            self.drawString(MARGIN, 9 * mm, _cut(as_written(sheet.footer), width - 2 * MARGIN, size=7))
        self.restoreState()
        if sheet.mark:
            self._across(sheet.mark, width, height)

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
