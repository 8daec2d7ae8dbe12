"""Reading a TOML file so that every fault is told at once, each with its file, its line and the nearest right name.

Whoever edits these files is no programmer and gets one try at a time if only the first fault is shown. So a reader
never raises half-way: it notes the fault, answers a harmless value and reads on; ``Sheet.raise_faults`` ends it.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from mailbot.shell.errors import BadConfiguration, Fault

Path = tuple[str | int, ...]
FoundFault = Iterator[tuple[Path, str]]  # faults as they are found: where in the file, and what is said
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")
_PART = r'(?:"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+)'
_KEYS = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]")
_PAIR = re.compile(rf"\s*({_KEYS})\s*=(.*)")


def _split(keys: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, keys)]


def _without_strings(line: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', '""', line).split("#", 1)[0]


@lru_cache(maxsize=32)
def lines_of(text: str) -> Mapping[Path, int]:
    """Line numbers in a TOML file: the line each table and each key of a TOML text stands on, by its path; items of an
    array of tables by number.

    ``tomllib`` keeps no positions. This knows only the outer shape of the language: enough to point at a line.
    """
    found: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    here: Path = ()
    depth, quote = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quote:
            quote = "" if quote in line else quote
            continue
        if depth == 0 and (header := _HEADER.match(line)):
            here = _place(_split(header[2]), arrays, is_item=header[1] == "[[")
            found.setdefault(here, number)
            continue
        if depth == 0 and (pair := _PAIR.match(line)):
            found.setdefault((*here, *_split(pair[1])), number)
            line = pair[2]
        opened = re.search(r'"""|\'\'\'', line)
        if opened and line.count(opened[0]) == 1:
            quote = opened[0]
            continue
        bare = _without_strings(line)
        depth = max(0, depth + sum(map(bare.count, "[{")) - sum(map(bare.count, "]}")))
    return found


def _place(keys: list[str], arrays: dict[Path, int], *, is_item: bool) -> Path:
    """Where a header of a TOML file stands: the path a header opens: under the newest item wherever an array of tables
    stands above it."""
    place: Path = ()
    for at, key in enumerate(keys):
        place = (*place, key)
        if is_item and at == len(keys) - 1:
            arrays[place] = arrays.get(place, -1) + 1
        if place in arrays:
            place = (*place, arrays[place])
    return place


@dataclass
class Layer:
    """One file: its name, and where its keys stand. A file that is ``like`` another has the other's layer below it."""

    file: str
    lines: Mapping[Path, int]


@dataclass
class TomlSheet:
    """One configuration being read, from one file or from one laid over another."""

    values: dict[str, Any]
    layers: list[Layer]
    faults: list[Fault] = field(default_factory=list)
    inherited: tuple[tuple[Path, str], ...] = ()  # texts that are the other file's, by their path
    noted: list[tuple[Path, str]] = field(default_factory=list)  # what is worth a second look
    as_in: dict[str, str] = field(default_factory=dict)  # tables that are another file's: "clock.s1": "sunderland"
    left_out: set[str] = field(default_factory=set)  # keys that stand in none of the files: "clock.s1.agreed"
    about: dict[Fault, Path] = field(default_factory=dict)  # what each fault is about
    slips: list[Path] = field(default_factory=list)  # what misspelt names stood for
    clauses: dict[str, str] = field(default_factory=dict)  # which paragraph each table obeys: "calendar", "route.x"

    def root(self) -> "TomlTable":
        return TomlTable(self, (), self.values)

    def where(self, path: Path) -> tuple[str, int]:
        """Where a fault of a TOML file is: file and line of ``path``, or of the nearest table around it."""
        for end in range(len(path), 0, -1):
            for layer in self.layers:
                if path[:end] in layer.lines:
                    return layer.file, layer.lines[path[:end]]
                inside = [line for at, line in layer.lines.items() if end == len(path) and at[:end] == path]
                if inside:  # [timescale.s1] stands there, and [timescale] does not
                    return layer.file, min(inside)
        return self.layers[0].file, 1

    def is_told(self, *paths: Path) -> bool:
        """Is something wrong at one of these places of a TOML file already? What follows from it is then not told."""
        told = {(fault.file, fault.line) for fault in self.faults}
        own = {(layer.file, layer.lines[path]) for path in paths for layer in self.layers if path in layer.lines}
        return bool(told & own)

    def fault(self, path: Path, message: str) -> None:
        if self.has_slip(path):
            return
        fault = Fault(*self.where(path), message, _key(path))
        if fault not in self.faults:
            self.faults.append(fault)
            self.about[fault] = path

    def slip(self, meant: Path) -> None:
        """The name of a table or key in a TOML file was misspelt: that it is missing then, and what that leads to, is
        no fault of its own."""
        gone = [fault for fault, path in self.about.items() if path[: len(meant)] == meant]
        self.faults = [fault for fault in self.faults if fault not in gone]
        self.slips.append(meant)

    def has_slip(self, *paths: Path) -> bool:
        """Was one of these places of a TOML file meant by a name that was misspelt?"""
        return any(path[: len(meant)] == meant for meant in self.slips for path in paths)

    def raise_faults(self) -> None:
        """A TOML file's faults, raised together: raises BadConfiguration with everything found, in the order of the
        lines, when anything was."""
        if self.faults:
            raise BadConfiguration(sorted(self.faults, key=lambda fault: (fault.file, fault.line)))


def _key(path: Path) -> str:
    """The path of a TOML key as ``keys.toml`` has it: without numbers, and without the name a partnership was given."""
    parts = [part for part in path if isinstance(part, str)]
    return ".".join([*parts[:1], *parts[2:]] if parts[:1] == ["partnership"] else parts)


def parse_toml(file: str, text: str) -> TomlSheet:
    """Parses TOML. Raises BadConfiguration, with the line, where ``text`` is not TOML at all."""
    text = text.removeprefix("\ufeff")  # some editors put this mark before the first line, where nobody sees it
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = int(at[1]) if at and at[1] else text.count("\n") + 1
        plain = str(error).split(" (at", 1)[0]
        said = f"this line cannot be read: {_hint(plain, [*text.splitlines(), ''][line - 1])}"
        raise BadConfiguration([Fault(file, line, said)]) from None
    return TomlSheet(values, [Layer(file, lines_of(text))])


_CURLY = re.compile(r"[\u2018\u2019\u201c\u201d\u00ab\u00bb]")
_DAY = re.compile(r"=\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_COUNTED = re.compile(r"=\s*\d+\s*[A-Za-z]+\s*(?:#.*)?$")
_NO_FLAG = re.compile(r"=\s*(?:yes|no|on|off|true|false)\s*(?:#.*)?$", re.IGNORECASE)


def _hint(plain: str, line: str) -> str:
    """What whoever wrote a line of a TOML file that cannot be read may have meant by it."""
    if "overwrite" in plain or "twice" in plain:
        return "the same name stands twice"
    if _CURLY.search(line):
        return 'its quotes are the curly ones of a word processor: type straight ones, name = "words"'
    if _NO_FLAG.search(line):
        return "yes and no are written true and false here, in small letters and without quotes"
    if _DAY.search(line):
        return "a date is written with its year first and without quotes: 2026-09-01"
    if _COUNTED.search(line):
        return "a number stands alone, without a unit: 60"
    if "\\" in line and "string" in plain:
        return "write / in the place of \\ in the names of files and folders"
    if "=" not in line:
        return 'there is nothing here but name = "words", [the name of a table], and # a remark'
    if any(found in plain for found in ("Unclosed", "Unbalanced", "Unterminated", "Illegal character '\\n'")):
        return "something is opened in it with a quote or a bracket, and not closed"
    return 'text stands between quotes: name = "words"'


def nearest(name: str, known: Iterable[str]) -> str:
    """What a misspelt name of a TOML file may have meant: " Did you mean "stage 2"?", or the whole list when nothing is
    near and the list is short."""
    names = sorted(set(known))
    if close := close_to(name, names):
        return f' Did you mean "{close}"?'
    shown = ", ".join((f'"{name}"' for name in names) if any("," in name for name in names) else names)
    return f" It may be: {shown}." if 0 < len(shown) <= _MOST_SHOWN else ""


def close_to(name: str, known: Iterable[str]) -> str:
    """The name that a misspelt one in a TOML file stands for, or ""."""
    return next(iter(difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)), "")


MISSING_VALUE: Any = object()
_MOST_SHOWN = 400  # characters of a list of names that may be meant


@dataclass
class TomlTable:
    """One table. Every reader takes a key; without a default the key must be there. ``finish`` finds unknown keys."""

    sheet: TomlSheet
    path: Path
    values: Mapping[str, Any]
    asked: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """ "[clock.s1]", as it stands in the file."""
        parts = ".".join(part for part in self.path if isinstance(part, str))
        return f"[{parts}]" if parts else "this file"

    def fault(self, key: str, message: str) -> None:
        self.sheet.fault((*self.path, key) if key else self.path, message)

    def has(self, key: str) -> bool:
        return key in self.values

    def _value(self, key: str, default: object, wanted: type | tuple[type, ...], says: str) -> Any:
        """A value of a TOML table, checked for its type: the value, or the default, or None once a fault has been
        noted. Any: tomllib's values are untyped."""
        self.asked.add(key)
        if key not in self.values:
            if default is MISSING_VALUE:
                self.fault(key, f'"{key}" is missing from {self.name}')
            self.sheet.left_out.add(".".join(map(str, (*self.path, key))))
            return None if default is MISSING_VALUE else default
        value = self.values[key]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is int):
            quoted = isinstance(value, int | float) and not isinstance(value, bool) and wanted is not bool
            bare = f'text between quotes: {key} = "{value}"' if quoted and wanted not in (int, dict, list) else says
            self.fault(key, f'"{key}" must be {bare}')
            return None
        return value

    def text(self, key: str, default: str = MISSING_VALUE) -> str:
        value = self._value(key, default, str, "text between quotes")
        if default is MISSING_VALUE and value is not None and not value.strip():
            self.fault(key, f'"{key}" must not be empty')
        return value or ""

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self._value(key, default, bool, "true or false"))

    def whole(self, key: str, default: int | None = MISSING_VALUE) -> int | None:
        value = self._value(key, default, int, "a whole number, without quotes")
        return value if isinstance(value, int) else None

    def list(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        value = self._value(key, default, (list, tuple, str), 'a list of texts: ["one", "two"]')
        items = [value] if isinstance(value, str) else (value or [])
        if not all(isinstance(item, str) for item in items):
            self.fault(key, f'"{key}" must be a list of texts: ["one", "two"]')
        return tuple(item for item in items if isinstance(item, str))

    def names(self, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        """A TOML table's names of other things: a list of names that must each be among ``known``; ``what`` says of
        what ("role")."""
        known = tuple(known)
        names = self.list(key)
        for name in names:
            if name not in known:
                self.fault(key, f'"{key}" names the {what} "{name}", which is not in this file.{nearest(name, known)}')
        return tuple(name for name in names if name in known)

    def one_of(self, key: str, known: Iterable[str], default: str = MISSING_VALUE) -> str:
        known = tuple(known)
        value = self.text(key, default)
        if value in known:
            return value
        if value and key in self.values:
            self.fault(key, f'"{key}" cannot be "{value}".{nearest(value, known)}')
        return default if default is not MISSING_VALUE else next(iter(known), "")

    def choice(self, key: str, of: type[_E], default: _E = MISSING_VALUE) -> _E:
        """A word of a closed list."""
        words = [str(member.value) for member in of]
        value = self.one_of(key, words, MISSING_VALUE if default is MISSING_VALUE else default.value)
        return of(value) if value in words else (next(iter(of)) if default is MISSING_VALUE else default)

    def parsed(self, key: str, read: Callable[[str], _T], default: _T = MISSING_VALUE) -> _T | None:
        """A value of a TOML table, parsed: a text that ``read`` turns into a value; the words of its ValueError become
        the fault."""
        value = self._value(key, default, str, "text between quotes")
        if value is None or key not in self.values:
            return value if value is not None else None
        try:
            return read(value)
        except ValueError as error:
            self.fault(key, f'"{key}": {error}')
            return None

    def day(self, key: str, default: date | None = MISSING_VALUE) -> date | None:
        """A date, with or without quotes."""
        if type(self.values.get(key)) is date:
            self.asked.add(key)
            return self.values[key]  # type: ignore[no-any-return]
        return self.parsed(key, day, default)

    def clock_time(self, key: str, default: time = MISSING_VALUE) -> time:
        value = self.values.get(key)
        if isinstance(value, time):
            self.asked.add(key)
            return value
        return self.parsed(key, wall_time, default) or time(0)

    def table(self, key: str) -> "TomlTable":
        """The table under ``key``; an empty one where it is missing."""
        value = self._value(key, {}, dict, f"a table: [{key}]")
        return TomlTable(self.sheet, (*self.path, key), value or {})

    def tables(self, key: str) -> dict[str, "TomlTable"]:
        """TOML tables under one name: ``[key.one]``, ``[key.two]``: the tables under ``key`` by their names, in the
        order written."""
        under = self.table(key)
        return {name: under.table(name) for name in under.values}

    def rows(self, key: str) -> tuple["TomlTable", ...]:
        """``[[key]]`` repeated, or ``key = [ { … }, { … } ]``."""
        value = self._value(key, [], list, "a list of tables: [ { … }, { … } ]") or []
        rows = [(at, item) for at, item in enumerate(value) if isinstance(item, dict)]
        if len(rows) != len(value):
            self.fault(key, f'"{key}" must be a list of tables: [ {{ … }}, {{ … }} ]')
        return tuple(TomlTable(self.sheet, (*self.path, key, at), item) for at, item in rows)

    def finish(self) -> None:
        """A TOML table is finished with: a key nobody asked for is a fault: a misspelt "witin" would otherwise be a
        rule silently not kept."""
        for key in self.values:
            if key not in self.asked:
                self.fault(key, f'"{key}" is not a name that {self.name} has.{nearest(key, self.asked)}')
                near = close_to(key, self.asked)
                if near and near not in self.values:
                    self.sheet.slip((*self.path, near))


def day(text: str) -> date:
    """Raises ValueError, in words, for what is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{text!r} is not a date: write it as "2026-12-29"') from None


def wall_time(text: str) -> time:
    """Raises ValueError, in words, for what is no time of day."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{text!r} is not a time of day: write it as "17:00"') from None
