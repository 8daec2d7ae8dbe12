"""The directory's file, changed: rows that an agency's contact proposed and the office allowed, or a spreadsheet that
came back.

The file stays as it is but for the rows concerned: its columns, its marks, its line ends. What would make it unsound is
not written.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.core.partnership.roster import RosterChange, RosterKind
from mailbot.shell.config.directory_csv import NO, OFFICER_COLUMNS, YES, read_directory
from mailbot.shell.errors import Fault


@dataclass(frozen=True, slots=True)
class DirectoryFiles:
    """Where the directory's two lists are, and what they are read by."""

    agencies: Path
    officers: Path
    approved: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()

    def change(self, changes: Sequence[RosterChange]) -> str:
        """Changes the directory's list of people: all of them or none; "" where it was done, else why not."""
        try:
            text = self.officers.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            return f"{self.officers.name} cannot be read: {error}"
        made = changed_list(text, changes)
        faults = self.faults_in(made, before=text)
        return str(faults[0]) if faults else self.write(made)

    def faults_in(self, text: str, before: str = "") -> tuple[Fault, ...]:
        """What would be wrong with the list if it read so, and is not so in ``before``."""
        trial = self.officers.with_name(f".{self.officers.name}.trial~")
        try:
            known = self._faults(trial, before) if before else set()
            return tuple(one for one in self._read(trial, text) if one.message not in known)
        except OSError as error:
            return (Fault(str(self.officers), 0, f"cannot be written: {error.strerror}"),)
        finally:
            trial.unlink(missing_ok=True)

    def _faults(self, trial: Path, text: str) -> set[str]:
        return {one.message for one in self._read(trial, text)}

    def _read(self, trial: Path, text: str) -> Iterator[Fault]:
        trial.write_text(text, encoding="utf-8", newline="")
        read = read_directory(self.agencies, trial, self.approved, self.posts)
        for fault in (*read.faults, *read.unsound):
            yield Fault(str(self.officers) if fault.file == str(trial) else fault.file, fault.line, fault.message)

    def write(self, text: str) -> str:
        """Changes the directory's file: puts ``text`` in the place of the list at once, with what was there beside it;
        "" or why not."""
        beside = self.officers.with_name(f"{self.officers.name}~")
        new = self.officers.with_name(f".{self.officers.name}.new~")
        try:
            mode = self.officers.stat().st_mode & 0o777
            beside.write_bytes(self.officers.read_bytes())
            new.write_text(text, encoding="utf-8", newline="")
            for path in (beside, new):
                path.chmod(mode)
            os.replace(new, self.officers)
        except OSError as error:
            new.unlink(missing_ok=True)
            return (
                f"{self.officers.name} cannot be written by this user ({error.strerror}): change it there, or by import"
            )
        return ""


def changed_list(text: str, changes: Sequence[RosterChange]) -> str:
    """The text of the directory's list with the changes in their rows; somebody new stands at the end."""
    head, rows, write = _opened(text)
    columns = [name.strip().casefold() for name in head]
    for change in changes:
        if change.kind is RosterKind.NEW:
            rows.append([change.values.get(name, "yes" if name == "active" else "") for name in columns])
            continue
        values = {"active": "no"} if change.kind is RosterKind.LEFT else dict(change.values)
        if values.get("active", "").casefold() in NO:
            _without_them(rows, columns, change.address)
        for name in values:
            if name not in columns:
                columns.append(name)
                head.append(name)
        for row in rows:
            if _cell(row, columns, "email").casefold() == change.address:
                row += [""] * (len(columns) - len(row))
                for name, value in values.items():
                    row[columns.index(name)] = value
    return write([head, *rows])


def _without_them(rows: Sequence[list[str]], columns: Sequence[str], address: str) -> None:
    """Takes whoever leaves the directory out of the rows that name them as a deputy, or speak for them."""
    for row in rows:
        if _cell(row, columns, "deputy").casefold() == address:
            row[columns.index("deputy")] = ""
        spoken = [one.strip() for one in re.split("[;|]", _cell(row, columns, "speaks for"))]
        if address in (one.casefold() for one in spoken):
            row[columns.index("speaks for")] = "; ".join(one for one in spoken if one.casefold() != address)


def _opened(text: str) -> tuple[list[str], list[list[str]], Callable[[Sequence[Sequence[str]]], str]]:
    """Of a directory to be changed, the list's heads and rows, and what writes them as they were: the same marks and
    line ends."""
    mark = max((",", ";", "\t"), key=text.split("\n", 1)[0].count)
    ends = "\r\n" if "\r\n" in text else "\n"
    first = "\ufeff" if text.startswith("\ufeff") else ""
    found = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=mark) if any(row)]

    def write(rows: Sequence[Sequence[str]]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=mark, lineterminator=ends).writerows(rows)
        return first + out.getvalue()

    return found[0] if found else list(OFFICER_COLUMNS), found[1:], write


def _cell(row: Sequence[str], columns: Sequence[str], name: str) -> str:
    at = columns.index(name) if name in columns else len(row)
    return row[at].strip() if at < len(row) else ""


# A list that comes back as a spreadsheet: what differs, row by row, by the address that stays the same.


@dataclass(frozen=True, slots=True)
class RowTold:
    """One row of a spreadsheet that came back: its number there, and in words what would change."""

    line: int
    words: str


def of_agency(text: str, agency: str) -> str:
    """Of the directory's file, the list's rows of one agency, with its head; all of it for "" ."""
    head, rows, write = _opened(text)
    columns = [name.strip().casefold() for name in head]
    return write([head, *(row for row in rows if not agency or _cell(row, columns, "agency") == agency)])


def laid_in(text: str, sent: str, agency: str = "") -> tuple[str, tuple[RowTold, ...]]:
    """The directory changed by a list that came back: ``text`` with the rows of ``sent`` laid in by their addresses;
    and what changes. Whoever is in the list, of the agencies that ``sent`` is about, and not in ``sent``, is set
    inactive: nobody is forgotten silently."""
    head, rows, _ = _opened(text)
    columns = [name.strip().casefold() for name in head]
    sent_head, sent_rows, _ = _opened(sent)
    sent_columns = [name.strip().casefold() for name in sent_head]
    known = {_cell(row, columns, "email").casefold(): row for row in rows}
    about = {agency} if agency else {_cell(row, sent_columns, "agency") for row in sent_rows}
    changes: list[RosterChange] = []
    told: list[RowTold] = []
    for line, row in enumerate(sent_rows, 2):
        values = {name: _cell(row, sent_columns, name) for name in sent_columns if name}
        for change, words in _differences(values, known.get(values.get("email", "").casefold()), columns):
            changes.append(change)
            told.append(RowTold(line, words))
    there = {_cell(row, sent_columns, "email").casefold() for row in sent_rows}
    for address, row in known.items():
        gone = address not in there and _cell(row, columns, "agency") in about
        if gone and _cell(row, columns, "active").casefold() not in NO:
            changes.append(RosterChange(RosterKind.LEFT, address))
            told.append(RowTold(0, f"{address} is not in it, and is set inactive"))
    return changed_list(text, changes), tuple(told)


def _differences(
    values: Mapping[str, str], row: Sequence[str] | None, columns: Collection[str]
) -> Iterator[tuple[RosterChange, str]]:
    address, names = values.get("email", "").casefold(), list(columns)
    if row is None:
        yield RosterChange(RosterKind.NEW, address, values), f"{address} is new"
        return
    for name, value in values.items():
        was = _cell(row, names, name)
        same = value == was or (name == "email" and value.casefold() == was.casefold())
        if name == "active":
            same = (value.casefold() in YES) == (was.casefold() in YES)
        if not same:
            yield (
                RosterChange(RosterKind.SET, address, {name: value}),
                f"{address}: {name} “{value}” instead of “{was}”",
            )
