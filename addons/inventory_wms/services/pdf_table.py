"""Tables on paper: one page style for the accountant's reports, drawn without a browser."""

import io
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=8, leading=10)
_NUMBER = ParagraphStyle("number", _TEXT, alignment=TA_RIGHT)
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=15, leading=19)
_SECTION = ParagraphStyle("section", fontName="Helvetica-Bold", fontSize=10, leading=13)
_LINE = colors.HexColor("#bbbbbb")


@dataclass(frozen=True)
class Column:
    """``title``; ``width`` as a share of the page; ``number``: set to the right."""

    title: str
    width: float
    number: bool = False


@dataclass
class Section:
    """A table with its heading; ``total``: a last row in bold, or None."""

    title: str
    columns: list[Column]
    rows: list[list[str]]
    total: list[str] | None = None


@dataclass
class Document:
    """``notes``: paragraphs below the title; ``footer``: at the foot of each page."""

    title: str
    notes: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    footer: str = ""


def draw(document: Document) -> bytes:
    """The document as a PDF in A4."""
    target = io.BytesIO()
    template = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=document.title,
    )
    flow = [Paragraph(escape(document.title), _TITLE), Spacer(1, 2 * mm)]
    flow += [Paragraph(escape(note), _TEXT) for note in document.notes]
    for section in document.sections:
        flow += [Spacer(1, 5 * mm), Paragraph(escape(section.title), _SECTION), Spacer(1, 1 * mm)]
        flow.append(_table(section, template.width))

    def foot(canvas, page):
        canvas.saveState()
        canvas.setFont("Helvetica", 7)
        canvas.drawString(16 * mm, 10 * mm, document.footer)
        canvas.drawRightString(A4[0] - 16 * mm, 10 * mm, str(page.page))
        canvas.restoreState()

    template.build(flow, onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


def _table(section: Section, width: float) -> Table:
    def cells(row, head=False):
        return [
            Paragraph(
                f"<b>{escape(text)}</b>" if head else escape(text),
                _NUMBER if column.number else _TEXT,
            )
            for text, column in zip(row, section.columns, strict=True)
        ]

    rows = [cells([column.title for column in section.columns], head=True)]
    rows += [cells(row) for row in section.rows]
    if section.total:
        rows.append(cells(section.total, head=True))
    whole = sum(column.width for column in section.columns)
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, _LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    if section.total:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.black))
    return Table(
        rows,
        colWidths=[width * column.width / whole for column in section.columns],
        repeatRows=1,
        style=TableStyle(style),
    )
