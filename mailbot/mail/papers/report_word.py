"""The report for a meeting as a Word document: a paper that goes into a board's pack as it is.

Only styles that Word and LibreOffice both have, real headings, header rows that repeat on the next page, A4, English
as it is spelt in Britain. The same report is the same bytes: the file's own dates are the period's.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, time

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.table import _Cell as Cell

from mailbot.core.telling.report_values import Report, Table
from mailbot.mail.papers.report_words import bold_of, contents

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHADE, _BAR, _INK = "E7EDF2", "2F6F9F", RGBColor(0x1B, 0x1F, 0x23)
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of the members of a zip: the time of making would make other bytes
LONGEST_BAR = 24  # characters


def report_word(report: Report) -> bytes:
    """The whole paper as a .docx."""
    paper = _blank(report)
    for kind, part in contents(report):
        if isinstance(part, Table):
            _table(paper, part)
        elif isinstance(part, int):
            for _ in range(part):
                paper.add_paragraph()
        elif kind == "item":
            paper.add_paragraph(part, style="List Bullet")
        elif kind == "words":
            _paragraph(paper, part)
        else:
            paper.add_heading(part, 0 if kind == "title" else 1)
    return _bytes(paper)


def _blank(report: Report) -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Arial", Pt(10.5), _INK
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 20), ("Heading 1", 13)):
        style = paper.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), _INK
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for mark in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font wins over a name
            fonts.attrib.pop(qn(f"w:{mark}"), None)
    language = OxmlElement("w:lang")  # what a screen reader pronounces it as
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    core = paper.core_properties
    core.title, core.author, core.last_modified_by = f"{report.short} {report.procedure}: report", report.short, ""
    core.created = core.modified = datetime.combine(report.last, time(), tzinfo=UTC)
    core.language, core.comments, core.revision = "en-GB", "", 1
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{report.partnership}. {'Business Manager only' if report.full else 'For the meeting'}.")
    footer.runs[0].font.size = Pt(8.5)
    return paper


def _paragraph(paper: Paper, words: str) -> None:
    bold, rest = bold_of(words)
    paragraph = paper.add_paragraph()
    if bold:
        paragraph.add_run(bold).bold = True
    paragraph.add_run(rest)


def _table(paper: Paper, table: Table) -> None:
    if table.rows:
        grid = paper.add_table(rows=1, cols=len(table.head) + bool(table.bars))
        grid.style, grid.alignment = "Table Grid", WD_TABLE_ALIGNMENT.LEFT
        most = max(_number(row[table.bars]) for row in table.rows) if table.bars else 0
        _row(grid.rows[0].cells, (*table.head, *(("",) if table.bars else ())), head=True)
        _repeat(grid)
        for row in table.rows:
            cells = grid.add_row().cells
            _row(cells, row)
            if table.bars:
                _bar(cells[-1], _number(row[table.bars]), most)
        paper.add_paragraph().paragraph_format.space_after = Pt(0)
    paper.add_paragraph().add_run(table.note).font.size = Pt(9)


def _number(shown: str) -> int:
    return int(shown) if shown.isascii() and shown.isdigit() else 0


def _row(cells: Sequence[Cell], words: Sequence[str], head: bool = False) -> None:
    for place, (cell, said) in enumerate(zip(cells, words, strict=False)):
        run = cell.paragraphs[0].add_run(said)
        run.font.size = Pt(9.5)
        run.bold = head or place == 0
        layout = cell.paragraphs[0].paragraph_format
        layout.space_before, layout.space_after = Pt(2), Pt(2)
        if head:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:color"), "auto")
            shade.set(qn("w:fill"), _SHADE)
            cell._tc.get_or_add_tcPr().append(shade)


def _bar(cell: Cell, number: int, most: int) -> None:
    """Full blocks in a colour: a picture that needs no alternative text, for the number stands beside it."""
    if number and most:
        run = cell.paragraphs[0].add_run("\u2588" * max(round(LONGEST_BAR * number / most), 1))
        run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(_BAR)


def _repeat(grid: Grid) -> None:
    """The head again on the next page, said to be one to a screen reader."""
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)


def _bytes(paper: Paper) -> bytes:
    made, same = io.BytesIO(), io.BytesIO()
    paper.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            target.writestr(zipfile.ZipInfo(name, _FIRST_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return same.getvalue()
