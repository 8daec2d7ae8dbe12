"""The report's document and spreadsheet: whole, the same bytes each time, and without a single formula."""

import io
from dataclasses import replace
from random import Random

from docx import Document
from openpyxl import load_workbook

from mailbot.core.reports.meeting_report import Report, ReportedCase, ReportTable
from mailbot.mail.documents.meeting_report import guarded, report_sheet, report_word
from mailbot.mail.letters.sample_letters import bare_report, full_report

BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "\u00a0=",
    "\u200b=",
    "\ufeff@",
    "＝",
    "＋",
    "－",
    "＠",
    "﹢",
    "﹣",
    "﹫",
)
PAYLOADS = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://127.0.0.1/?x="&A1,"open")',
    "1+1",
    "SUM(A1:A9)",
    'DDE("a";"b")',
    "²",
    'IMPORTXML("http://127.0.0.1","//a")',
    'WEBSERVICE("http://127.0.0.1")',
    "\u202e=1",
    "",
)


def _hostile() -> list[str]:
    draw = Random(5)
    return [
        draw.choice(BEGINNINGS) + draw.choice(PAYLOADS) + draw.choice(("", " ", "\n", "x" * 40)) for _ in range(500)
    ]


def _with(words: list[str]) -> Report:
    """A report with ``words`` wherever something that somebody wrote could stand."""
    some = iter(words * 2)

    def taken(number: int) -> tuple[str, ...]:
        return tuple(next(some) for _ in range(number))

    rows = tuple(taken(4) for _ in range(40))
    themes = ReportTable("Themes", ("", "Disputes"), tuple((next(some), next(some)) for _ in range(100)), next(some))
    return replace(
        full_report(),
        matrix=replace(full_report().matrix, rows=rows),
        tables=(themes,),
        silent=taken(40),
        cases=tuple(ReportedCase(next(some), next(some)) for _ in range(40)),
        ideas=taken(60),
        learning=taken(60),
        references=taken(20),
        only_receiving=taken(20),
    )


def hostile_report() -> Report:
    return _with(_hostile())


def test_no_cell_is_a_formula_whatever_people_wrote() -> None:
    book = load_workbook(io.BytesIO(report_sheet(hostile_report())))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 600
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if cell.hyperlink] == []
    begins = [str(cell.value) for cell in cells if isinstance(cell.value, str) and cell.value.lstrip()[:1] in "=+-@"]
    assert [value for value in begins if value] == []


def test_what_people_wrote_is_there_behind_the_guard() -> None:
    assert guarded("=1+1") == "'=1+1"
    assert guarded("＝1+1") == "'＝1+1"
    assert guarded("\u200b @x") == "'\u200b @x"
    assert guarded("Ring first.") == "Ring first."
    assert guarded("") == ""


def test_the_same_report_is_the_same_bytes() -> None:
    assert report_word(full_report()) == report_word(full_report())
    assert report_sheet(full_report()) == report_sheet(full_report())


def test_the_document_has_real_headings_and_header_rows_that_repeat() -> None:
    paper = Document(io.BytesIO(report_word(full_report())))
    headings = [p.text for p in paper.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == [
        "The figures",
        "Who raised with whom",
        "Agencies with nothing on record",
        "Agencies that received and did not raise, in twelve months",
        "Stage reached",
        "All measures",
        "Disputes at the partnership's own stage",
        "Learning recorded",
        "Ideas for the procedure",
        "References behind the figures",
        "What was changed because of it",
    ]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in paper.tables)
    assert paper.tables[0].cell(1, 1).text == "12"


def test_a_period_without_anything_still_makes_both_papers() -> None:
    paper = Document(io.BytesIO(report_word(bare_report())))
    assert "Nothing was raised in this period." in [p.text for p in paper.paragraphs]
    assert load_workbook(io.BytesIO(report_sheet(bare_report()))).sheetnames == ["All measures"]
