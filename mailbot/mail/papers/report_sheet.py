"""The report for a meeting as a spreadsheet: a sheet for each table, with how it is counted.

Nothing in it is a formula. Words that people wrote may begin with "=", "+", "-" or "@"; they are written as strings,
and begin with an apostrophe besides, for whoever saves the sheet as CSV and opens that (OWASP ASVS 1.2.10).
"""

import io
import re
import unicodedata
from datetime import UTC, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mailbot.core.telling.report_values import Report, Table
from mailbot.mail.papers.report_words import measures, period

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_CELL, LONGEST_NAME = 32_767, 31  # Excel's own


def guarded(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula, however it gets there. Some fold full-width and small
    forms into the plain sign (NFKC), and pass over blanks and controls before it."""
    plain = text[: LONGEST_CELL - 1]
    seen = "".join(c for c in unicodedata.normalize("NFKC", plain[:40]) if unicodedata.category(c)[0] not in "ZC")
    return f"'{plain}" if seen.startswith(("=", "+", "-", "@")) or (plain[:1] in "\t\r\n\x00" and plain) else plain


def report_sheet(report: Report) -> bytes:
    """The whole report as an .xlsx; counts are numbers, all else is text."""
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
    for table in (measures(report), report.matrix, *report.tables, *_lists(report)):
        sheet = book.add_worksheet(_NO_SHEET_NAME.sub("", table.title)[:LONGEST_NAME].strip())
        _lay_out(sheet, table, title, head, cell, wrap)
    book.close()
    return made.getvalue()


def _lists(report: Report) -> tuple[Table, ...]:
    lists = (
        ("Nothing heard of", report.silent), ("Received and did not raise", report.only_receiving),
        ("The partnership's own stage", tuple(f"{case.title}. {case.words}" for case in report.cases)),
        ("Learning", report.learning), ("Ideas", report.ideas), ("References", report.references),
    )  # fmt: skip
    return tuple(Table(title, (title,), tuple((one,) for one in rows), "") for title, rows in lists if rows)


def _lay_out(sheet: Worksheet, table: Table, title: str, head: Format, cell: Format, wrap: Format) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    widths = max(len(table.head), 1)
    sheet.set_column(0, 0, 44 if widths > 1 else 100)
    sheet.set_column(1, max(widths - 1, 1), 24)
    sheet.write_string(0, 0, guarded(title))
    sheet.write_string(1, 0, guarded(table.title))
    for column, words in enumerate(table.head):
        sheet.write_string(3, column, guarded(words), head)
    for place, row in enumerate(table.rows):
        for column, words in enumerate(row):
            if column and words.isascii() and words.isdigit():
                sheet.write_number(4 + place, column, int(words), cell)
            else:
                sheet.write_string(4 + place, column, guarded(words), cell)
    if table.rows:
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)
    sheet.write_string(5 + len(table.rows), 0, guarded(table.note), wrap)
