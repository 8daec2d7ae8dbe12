"""The report for a meeting as a Word document and as a spreadsheet: its words in order, then each laid out."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

import xlsxwriter
from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.table import _Cell as Cell
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mailbot.core.reports.meeting_report import Report, ReportTable
from mailbot.mail.letters.wording import date_words

# What stands in a report, in its order: headings, sentences, lists and tables, for a document to lay out.

# ("title" | "heading" | "words" | "item", text), ("table", Table) or ("room", empty lines to write in)
Part = tuple[str, str | ReportTable | int]
_OWN = "For the Business Manager alone: it holds references, single schools and small numbers. Do not pass it on."
_A_QUESTION = "A lack of reports may mean a lack of challenge, or of disagreement: it is a question."
_FOR_THE_MEETING = "It names no child, nobody who works with one, and no dispute. Please keep it so in the minutes."


def contents(report: Report) -> Iterator[Part]:
    yield "title", f"{report.procedure}: report"
    yield "words", f"{report.partnership}. {period(report)}, compared with {before_words(report)}."
    yield "words", report.risk
    yield "words", _OWN if report.full else _FOR_THE_MEETING
    yield from _titled(headline(report))
    yield from _titled(report.matrix)
    yield from _listed("Agencies with nothing on record", report.silent, _A_QUESTION)
    yield from _listed("Agencies that received and did not raise, in twelve months", report.only_receiving, "")
    for table in report.tables:
        yield from _titled(table)
    yield from _titled(measures(report))
    yield "heading", "Disputes at the partnership's own stage"
    for case in report.cases:
        yield "words", f"**{case.title}.** {case.words}"
    if not report.cases:
        yield "words", "None in this period."
    yield from _listed("Learning recorded", report.learning, "In the words of those who wrote it, without names.")
    yield from _listed("Ideas for the procedure", report.ideas, "In the words of those who wrote them, without names.")
    yield from _listed("References behind the figures", report.references, "")
    yield "heading", "What was changed because of it"
    yield "words", "For the meeting to fill in: you said, we did."
    yield "room", 4


def period(report: Report) -> str:
    return f"{date_words(report.first)} to {date_words(report.last)}"


def before_words(report: Report) -> str:
    return f"{date_words(report.before_first)} to {date_words(report.before_last)}"


_COLUMNS = ("Measure", "This period", "The period before")
COUNTED = "How it is counted"


def headline(report: Report) -> ReportTable:
    rows = tuple((line.label, line.now, line.before) for line in report.headline)
    return ReportTable("The figures", _COLUMNS, rows, "How each is counted stands under “All measures”.")


def measures(report: Report) -> ReportTable:
    rows = tuple((line.label, line.now, line.before, line.definition) for line in report.lines)
    return ReportTable("All measures", (*_COLUMNS, COUNTED), rows, "No averages, and no percentage under ten.")


def bold_of(words: str) -> tuple[str, str]:
    """ "**Case 1.** It went …" as what is bold and the rest."""
    if not words.startswith("**") or "**" not in words[2:]:
        return "", words
    bold, _, rest = words[2:].partition("**")
    return bold, rest


def _titled(table: ReportTable) -> Iterator[Part]:
    yield "heading", table.title
    yield "table", table


def _listed(title: str, items: tuple[str, ...], note: str) -> Iterator[Part]:
    if items:
        yield "heading", title
        if note:
            yield "words", note
        for item in items:
            yield "item", item


# The report for a meeting as a Word document: a paper that goes into a board's pack as it is.
#
# Only styles that Word and LibreOffice both have, real headings, header rows that repeat on the next page, A4,
# English as it is spelt in Britain. The same report is the same bytes: the file's own dates are the period's.

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHADE, _BAR, _INK = "E7EDF2", "2F6F9F", RGBColor(0x1B, 0x1F, 0x23)
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of the members of a zip: the time of making would make other bytes
LONGEST_BAR = 24  # characters


def report_word(report: Report) -> bytes:
    """The whole paper as a .docx."""
    paper = _blank(report)
    for kind, part in contents(report):
        if isinstance(part, ReportTable):
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


def _table(paper: Paper, table: ReportTable) -> None:
    if table.rows:
        grid = paper.add_table(rows=1, cols=len(table.head))
        grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.LEFT, False
        most = max(_number(row[table.bars]) for row in table.rows) if table.bars else 0
        _row(grid.rows[0].cells, table.head, head=True)
        _repeat(grid)
        for row in table.rows:
            cells = grid.add_row().cells
            _row(cells, row)
            if table.bars:
                _bar(cells[table.bars], _number(row[table.bars]), most)
        _whole_rows(grid, _WIDE if len(table.head) == len(_WIDE) and table.head[-1] == COUNTED else ())
        paper.add_paragraph().paragraph_format.space_after = Pt(0)
    paper.add_paragraph().add_run(table.note).font.size = Pt(9)


_WIDE = (Mm(42), Mm(34), Mm(30), Mm(64))  # the measures: the last column says how each is counted, in a sentence


def _whole_rows(grid: Grid, widths: Sequence[Mm]) -> None:
    """No row of a table in the meeting report is cut in two by the end of a page, and each column is as wide as its
    words need."""
    for column, width in zip(grid.columns, widths, strict=False):
        column.width = width
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=False):
            cell.width = width


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
    """In the meeting report's Word document, a bar: full blocks in a colour, a picture that needs no alternative text,
    for the number stands beside it."""
    if number and most:
        run = cell.paragraphs[0].add_run("   " + "\u2588" * max(round(LONGEST_BAR * number / most), 1))
        run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(_BAR)


def _repeat(grid: Grid) -> None:
    """In the meeting report's Word document, the head of a table again on the next page, said to be one to a screen
    reader."""
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


# The report for a meeting as a spreadsheet: a sheet for each table that has figures, with how it is counted, and one
# for what is said in words. Heights are given, for not every program works them out where words are wrapped.
#
# Nothing in it is a formula. Words that people wrote may begin with "=", "+", "-" or "@"; they are written as
# strings, and begin with an apostrophe besides, for whoever saves the sheet as CSV and opens that (OWASP ASVS
# 1.2.10).

SPREADSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_CELL, _LONGEST_NAME = 32_767, 31  # Excel's own


def guarded(text: str) -> str:
    """A cell of the meeting report's spreadsheet: ``text`` so that no spreadsheet takes it for a formula, however it
    gets there. Some fold full-width and small forms into the plain sign (NFKC), and pass over blanks and controls
    before it."""
    plain = text[: LONGEST_CELL - 1]
    seen = "".join(c for c in unicodedata.normalize("NFKC", plain[:40]) if unicodedata.category(c)[0] not in "ZC")
    return f"'{plain}" if seen.startswith(("=", "+", "-", "@")) or (plain[:1] in "\t\r\n\x00" and plain) else plain


def report_sheet(report: Report) -> bytes:
    """The meeting report as a spreadsheet: the whole report as an .xlsx; counts are numbers, all else is text."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    title = f"{report.short} {report.procedure}: {period(report)}"
    created = datetime.combine(report.last, time(), tzinfo=UTC)
    book.set_properties({"title": title, "author": report.short, "created": created})
    head = book.add_format({"bold": True, "bg_color": "#E7EDF2", "border": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for table in (_first_sheet(report), *(one for one in (report.matrix, *report.tables) if one.rows), *_lists(report)):
        sheet = book.add_worksheet(_NO_SHEET_NAME.sub("", table.title)[:_LONGEST_NAME].strip())
        _lay_out(sheet, table, title, head, cell, wrap)
    book.close()
    return made.getvalue()


def _lists(report: Report) -> tuple[ReportTable, ...]:
    lists = (
        ("Nothing on record", report.silent),
        ("Received and did not raise", report.only_receiving),
        ("The partnership's own stage", tuple(f"{case.title}. {case.words}" for case in report.cases)),
        ("Learning", report.learning),
        ("Ideas", report.ideas),
        ("References", report.references),
    )
    rows = tuple((title, one) for title, some in lists for one in some)
    return (ReportTable("In words", ("", "In words"), rows, ""),) if rows else ()


def _first_sheet(report: Report) -> ReportTable:
    """The meeting report's measures, and below them which tables have nothing to show, and why."""
    table = measures(report)
    empty = [f"{one.title}: {one.note}" for one in (report.matrix, *report.tables) if not one.rows]
    return replace(table, note="\n".join((table.note, *empty)))


def _lay_out(sheet: Worksheet, table: ReportTable, title: str, head: Format, cell: Format, wrap: Format) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    widths = [_FIRST_COLUMN, *[_COLUMN] * (len(table.head) - 1)]
    widths[-1] = _LAST_COLUMN if table.head[-1] in (COUNTED, "In words") else widths[-1]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, guarded(title))
    sheet.write_string(1, 0, guarded(table.title))
    sheet.set_row(3, _height(table.head, widths))
    for column, words in enumerate(table.head):
        sheet.write_string(3, column, guarded(words), head)
    for place, row in enumerate(table.rows):
        sheet.set_row(4 + place, _height(row, widths))
        for column, words in enumerate(row):
            if column and words.isascii() and words.isdigit():
                sheet.write_number(4 + place, column, int(words), cell)
            else:
                sheet.write_string(4 + place, column, guarded(words), cell)
    if table.rows:
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)
    for below, line in enumerate(table.note.split("\n"), start=5 + len(table.rows)):
        sheet.set_row(below, _height((line,), (sum(widths),)))
        if len(widths) > 1:
            sheet.merge_range(below, 0, below, len(widths) - 1, "", wrap)
        sheet.write_string(below, 0, guarded(line), wrap)


_FIRST_COLUMN, _COLUMN, _LAST_COLUMN, _LINE = 40, 24, 64, 16.0  # characters, and points


def _height(words: Sequence[str], widths: Sequence[int]) -> float:
    """How high a row of the meeting report's spreadsheet is: as many lines as its longest cell, at its width, in a font
    whose letters may be a fifth wider than Excel's own."""
    lines = (-(-len(cell) * 6 // (width * 5)) for cell, width in zip(words, widths, strict=False))
    return _LINE * max(1, *lines)
