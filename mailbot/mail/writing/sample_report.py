"""Invented reports for a meeting: one with everything in it, one of a period in which nothing happened."""

from dataclasses import replace
from datetime import date

from mailbot.core.telling.report_values import Case, Line, Report, Table
from mailbot.mail.writing.sample import RISK


def full_report() -> Report:
    lines = (
        Line("Raised", "12", "9", "by the date raised, not when it was first seen"),
        Line("Moved by the limit", "3 of 7", "none to count", "moves because nobody had answered, of all moves"),
    )
    return Report(
        partnership="Northshire Safeguarding Children Partnership", short="NSCP", procedure="Issue Resolution",
        risk=RISK, first=date(2026, 7, 1), last=date(2026, 9, 30), before_first=date(2026, 4, 1),
        before_last=date(2026, 6, 30), full=True, headline=lines, lines=lines,
        matrix=Table("Who raised with whom", ("Raised by", "Northshire Police", "Schools", "Total"),
                     (("Schools", "7", "under 5", "9"), ("Total", "7", "under 5", "9")), "By the date raised."),
        tables=(Table("Stage reached", ("Stage", "Disputes"), (("Stage 1", "8"), ("Stage 2", "4")), "Of 12.", bars=1),),
        silent=("Northshire Police: nothing on record yet. No disagreements, or is the procedure not used?",),
        only_receiving=("Northshire NHS Trust",), cases=(Case("Case 1 (NC-26-0012)", "It went from Stage 1 to 4."),),
        ideas=("Ask for the manager's name first.",), learning=("Thresholds were read in two ways.",),
        references=("Raised: NC-26-0012",),
    )  # fmt: skip


def bare_report() -> Report:
    nothing = Table("Who raised with whom", (), (), "Nothing was raised in this period.")
    return replace(
        full_report(), full=False, headline=(), lines=(), matrix=nothing, tables=(), silent=(), only_receiving=(),
        cases=(), ideas=(), learning=(), references=(),
    )  # fmt: skip
