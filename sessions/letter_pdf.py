"""A letter as PDF on the clinic's paper: address, date, whom it is about, its parts, the line of the signature. The same letter
gives the same bytes."""

from functools import partial
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer

from sessions.letter_fonts import BOLD, printable
from sessions.letters import Printed
from sessions.paper import ABOUT, HEAD, LINE, TEXT, Sheet, name, printed


def pdf_of(letter: Printed) -> bytes:
    """The document, with its title and language for readers that speak."""
    sheet = Sheet(
        title=letter.title,
        author=letter.author,
        clinic=letter.clinic,
        clinic_address=letter.clinic_address,
        phone=letter.phone,
        whose=f"{letter.client}, born {letter.born_in_words}",
        footer=letter.footer,
        mark=letter.mark,
    )
    return printed(sheet, partial(_story, letter))


# --- What stands in it ------------------------------------------------------------------------------------------------


def _story(letter: Printed) -> list[Flowable]:
    story: list[Flowable] = [
        *(Paragraph(name(line), LINE) for line in letter.address),
        Spacer(0, 5 * mm),
        Paragraph(escape(letter.date_in_words), LINE),
        Spacer(0, 5 * mm),
    ]
    if letter.to == "gp":
        story += [Paragraph(f"About {name(letter.client)}, born {escape(letter.born_in_words)}", ABOUT)]
    story += [Paragraph(f"{name(letter.greeting.rstrip(','))},", TEXT)]
    if letter.to != "gp":
        story += [Paragraph(f"{name(letter.client)}, born {escape(letter.born_in_words)}", ABOUT)]
    for heading, text in letter.parts:
        lines = [line for line in printable(text).split("\n") if line.strip()]
        # A heading never stands alone at the foot of a page.
        story += [CondPageBreak(24 * mm), Paragraph(escape(heading), HEAD)]
        story += [Paragraph(escape(line), TEXT) for line in lines]
    story.append(KeepTogether(_ending(letter)))
    return story


def _ending(letter: Printed) -> list[Flowable]:
    lines = [
        f"<font name='{BOLD}'>{name(letter.author)}</font>",
        escape(f"{letter.role}, ") + name(letter.clinic),
    ]
    return [
        Spacer(0, 4 * mm),
        Paragraph("Yours sincerely,", TEXT),
        Spacer(0, 3 * mm),
        *(Paragraph(line, LINE) for line in lines),
        Spacer(0, 2 * mm),
        *(Paragraph(name(line), LINE) for line in (letter.signed, letter.cosigned) if line),
    ]
