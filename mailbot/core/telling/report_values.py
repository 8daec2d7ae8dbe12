"""The report for a meeting as values: lines and tables in words, for an email, a document and a spreadsheet alike."""

from dataclasses import dataclass
from datetime import date

TOTAL = "Total"
_NOTHING = ("", "0")


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of the period and of the period before, each shown as it may be, with how it is counted."""

    label: str
    now: str
    before: str
    definition: str

    @property
    def change(self) -> str:
        """ "up from 4", "as before": of plain counts; of all else what it was."""
        if not (self.now.isdigit() and self.before.isdigit()):
            return f"before: {self.before}"
        now, past = int(self.now), int(self.before)
        return "as before" if now == past else f"{'up' if now > past else 'down'} from {past}"


@dataclass(frozen=True, slots=True)
class Table:
    """``head`` names the columns; each of ``rows`` begins with its own name. ``note`` says how it is counted; with no
    rows there was nothing, or too little to be told, which ``note`` says too. ``bars`` is the column drawn as bars."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    bars: int = 0

    @property
    def spoken(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each row with its columns said in a line, for a screen too narrow for the table: ("Schools", ("Police 7",)).
        Totals, and where there is nothing, are left out."""
        rows = (row for row in self.rows if row[0] != TOTAL)
        told = ((row[0], zip(self.head[1:], row[1:], strict=True)) for row in rows)
        return tuple(
            (name, tuple(f"{c} {n}" for c, n in cells if n not in ("", "0") and c != TOTAL)) for name, cells in told
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute that the partnership itself had, told without anybody in it."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """``full``: the Business Manager's own copy, with references, single schools and small numbers."""

    partnership: str
    short: str
    procedure: str
    risk: str
    first: date
    last: date
    before_first: date
    before_last: date
    full: bool
    headline: tuple[Line, ...]
    lines: tuple[Line, ...]
    matrix: Table
    tables: tuple[Table, ...]
    silent: tuple[str, ...]
    only_receiving: tuple[str, ...]
    cases: tuple[Case, ...]
    ideas: tuple[str, ...]
    learning: tuple[str, ...]
    references: tuple[str, ...] = ()  # in the full copy alone: what the Business Manager may want to look up
