"""A list that opens in a spreadsheet, as rows of named cells, with everything wrong with the file and with single rows.

Spreadsheets save what they please: a byte order mark, semicolons for commas, CRLF, empty rows, columns in another
order. All of that is read; what cannot be meant is a fault with its row.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.shell.config.toml_with_faults import nearest
from mailbot.shell.errors import Fault

_SAVE = 'in the spreadsheet, save it as "CSV UTF-8"'
_LOOKED_AT = 20  # rows in which the heads of the columns are looked for, where they are not in the first
_MOST_CELLS = 1_000_000  # characters of one cell: csv's own limit would be told as an error of the program


@dataclass(frozen=True, slots=True)
class CsvRow:
    """``line`` is the spreadsheet's row number where no cell holds a line break; ``kind`` the list it is a row of, as
    ``keys.toml`` names it."""

    file: str
    line: int
    cells: Mapping[str, str]
    kind: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def several(self, column: str, also: str = ",") -> tuple[str, ...]:
        """What stands in a cell with ; or | between, or with what is named ``also``."""
        return tuple(part.strip() for part in re.split(f"[;|{also}]", self[column]) if part.strip())

    def fault(self, message: str, column: str = "") -> Fault:
        return Fault(self.file, self.line, message, f"{self.kind}.{column}" if column else self.kind)


@dataclass(frozen=True, slots=True)
class CsvKind:
    """A kind of list: its name in ``keys.toml``, its columns, and those that no row can do without."""

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """``faults`` are of the file as a whole, ``unsound`` of rows that are not in ``rows``."""

    rows: tuple[CsvRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    unsound: tuple[Fault, ...] = ()


def read_csv_table(path: Path, kind: CsvKind, others: Sequence[CsvKind]) -> CsvTable:
    """The rows of a list that have something in them. ``others`` are the lists that it may be taken for."""
    text = _text(path)
    if isinstance(text, tuple):
        line, said = text
        return CsvTable(faults=(Fault(str(path), line, said, kind.name),))
    first = text.split("\n", 1)[0]
    # Excel writes semicolons wherever the decimal sign is a comma, and tabs when one copies by hand.
    mark = max((",", ";", "\t"), key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), _MOST_CELLS))
    try:
        reader = csv.reader(io.StringIO(text), delimiter=mark)
        lines = [(reader.line_num, [" ".join(cell.split()) for cell in cells]) for cells in reader]
    except csv.Error:
        said = f"a quotation mark is opened in it and not closed: {_SAVE}"
        return CsvTable(faults=(Fault(str(path), 0, said, kind.name),))
    heads = [head.casefold() for head in lines[0][1]] if lines else []
    told = tuple(Fault(str(path), 1, said, kind.name) for said in _wrong_heads(heads, lines[1:], kind, others))
    if any(name not in heads for name in kind.needed):
        return CsvTable(faults=told)
    rows: list[CsvRow] = []
    unsound: list[Fault] = []
    for line, cells in lines[1:]:
        if not any(cells):
            continue
        row = CsvRow(str(path), line, dict(zip(heads, cells, strict=False)), kind.name)
        wrong = [row.fault(said) for said in _wrong_cells(row, cells, heads, kind)]
        unsound += wrong
        if not wrong:
            rows.append(row)
    return CsvTable(tuple(rows), told, tuple(unsound))


def _text(path: Path) -> str | tuple[int, str]:
    """The text of a list; or the row, and why it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return 0, f"cannot be read: {error.strerror}"
    if raw.startswith(b"PK\x03\x04"):
        return 0, f"is a workbook and not a list, whatever it is called: {_SAVE}"
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else raw[: error.start].count(b"\n") + 1
        return line, f"is not UTF-8: {_SAVE}"


def _wrong_heads(
    heads: Sequence[str], lines: Sequence[tuple[int, list[str]]], kind: CsvKind, others: Sequence[CsvKind]
) -> Iterator[str]:
    """What is wrong with the first row of a list: one thing where one thing explains it."""
    missing = [name for name in kind.needed if name not in heads]
    strange = [head for head in heads if head and head not in kind.columns]
    for line, cells in lines[:_LOOKED_AT] if missing else ():
        if {*kind.needed} <= {cell.casefold() for cell in cells}:
            yield f"the heads of the columns stand in row {line}: take away the rows above, so that they are the first"
            return
    for other in others if missing else ():
        if {*other.needed} <= {*heads}:
            yield f"these are the columns of {other.name}: the names of the two files may be exchanged"
            return
    instead = f'; "{strange[0]}" is not a column' if len(strange) == len(missing) == 1 else ""
    yield from (f'the column "{name}" is missing{instead}' for name in missing)
    if not instead:
        yield from (f'"{head}" is not a column.{nearest(head, kind.columns)}' for head in strange)


def _wrong_cells(row: CsvRow, cells: Sequence[str], heads: Sequence[str], kind: CsvKind) -> Iterator[str]:
    """What keeps a row of a list from being read at all."""
    if any(cells[len(heads) :]):
        yield (
            f"has {len(cells)} cells, and there are {len(heads)} columns: a name with a comma in it stands between "
            'quotation marks: "Farrow, Ottilie"'
        )
        return
    yield from (f'"{name}" is empty' for name in kind.needed if not row[name])
