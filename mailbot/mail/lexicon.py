"""The lexicon: every wording the mailbox listens for, kept as data in ``mailbot/lexicon`` and loaded once.

A table is a list of wordings under its file's name ("danger.alarm"), each a regular expression with a line beside it of
what somebody wrote. What stands in several wordings stands once, as a slot: ``{greeting}`` is the list of that name in
``words.toml``, ``{us}`` a part named in the same file, and ``{partnership}``, ``{office}``, ``{agency}``, ``{route}``
and ``{stage}`` are filled from the protocol and the directory of whoever the mail is for. So no partnership's name
stands here or in code.

All faults of the files are told at once, before the first message is read. That each wording is a regular expression is
looked at by whoever is about to read mail (``must_be_sound``): it takes a third of a second, and whoever asks how the
mailbot is, or what has happened, needs none of them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib import resources

from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.protocol import Protocol


class Sense(StrEnum):
    """What a phrase means when nothing clouds it. ``phrases.toml`` says by which words it is known."""

    SETTLED = "settled"  # both have agreed, or the writer accepts
    ASSENT = "assent"  # "happy with that": agrees to whatever was put
    UNSETTLED = "unsettled"  # not agreed, and said so finally
    OBJECTION = "objection"  # what was reported as resolved is not
    CONTRARY = "contrary"  # still disagrees, without saying what next
    UP = "up"  # asks for the next stage
    REFER = "refer"
    MORE_TIME = "more time"
    REFUSAL = "refusal"
    HANDOVER = "handover"
    LEFT = "left"
    CONFERENCE = "conference"
    EXCEPTIONAL = "exceptional"
    WITHDRAWN = "withdrawn"
    REOPEN = "reopen"
    UNDO = "undo"
    MET = "met"
    DONE = "done"
    REMOVE = "remove"
    ADD = "add"
    CHILD_STATUS = "child status"
    DECISION = "decision"
    STATUS = "status"
    GUIDE = "guide"
    DEADLINE_AGREED = "deadline agreed"
    MEETING_AGREED = "meeting agreed"
    TIME_AGREED = "time agreed"  # agreement to a date and to nothing else
    CHILD_DATE = "child date"
    CANNOT_WAIT = "cannot wait"  # the child cannot wait for the limit, and no date for it is plain


@dataclass(frozen=True, slots=True)
class Names:
    """The names a procedure goes by, in lower case: what fills the slots that no file of ours can know."""

    partnership: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()


NOBODY = Names()
_OF_THE_PROTOCOL = frozenset(field.name for field in fields(Names))
_SLOT = re.compile(r"\{([a-z_]+)\}")


def names_of(protocol: Protocol, directory: Directory | None = None) -> Names:
    """The lexicon's names: those in a protocol's own file, and those of the agencies in its directory."""
    short = protocol.short
    offices = (role.title for role in map(protocol.roles.get, protocol.digest.to) if role is not None)
    agencies = (called for a in (directory.agencies if directory else ()) for called in (a.name, *a.also))
    return Names(
        partnership=_lower(short, protocol.partnership, protocol.partnership.removesuffix(" Partnership")),
        office=_lower(*(name for title in offices for name in (title, title.removeprefix(f"{short} ")))),
        agency=_lower(*agencies),
        route=_lower(*(name for r in protocol.routes.values() for name in (r.name, r.id.replace("-", " ")))),
        stage=_lower(*(protocol.stage_name(stage) for stage in protocol.stages)),
    )


def _lower(*names: str) -> tuple[str, ...]:
    """The lexicon's names in lower case, longest first, so that "Safeguarding Partnership Board" is not heard as
    "Safeguarding Partnership"."""
    return tuple(sorted({name.lower() for name in names if name}, key=lambda name: (-len(name), name)))


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a table whose entries have names: a phrase's sense, a trap, a command, a label's key, a route."""

    name: str
    wordings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``lists`` by "file.table"; ``rows`` by kind, in the order of their file; ``parts`` by the slot they fill."""

    lists: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[Row, ...]]
    parts: Mapping[str, str]

    def table(self, name: str) -> tuple[str, ...]:
        """The lexicon's list of this name ("words.month"). Raises BadLexicon where no file has it."""
        if name not in self.lists:
            raise BadLexicon([f"{name}: no file has this list"])
        return self.lists[name]

    def filled(self, wording: str, names: Names = NOBODY) -> str:
        """The lexicon's ``wording`` with its slots filled; a name that nobody has given matches nothing."""
        return _SLOT.sub(lambda slot: self._slot(slot[1], names), wording)

    def _slot(self, slot: str, names: Names) -> str:
        if slot in _OF_THE_PROTOCOL:
            given = [re.escape(name).replace(r"\ ", r"\s+") for name in getattr(names, slot)]
        elif slot in self.parts:
            return self.filled(self.parts[slot], names)
        else:
            given = [re.escape(word) for word in self.lists[f"words.{slot}"]]
        return f"(?:{'|'.join(given)})" if given else "(?!)"


class BadLexicon(ValueError):
    """Every fault of the files, each with where it stands."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


# The tables whose entries have names, and what the name is called there.
_NAMED = {"phrase": "sense", "trap": "name", "command": "name", "label": "key", "route": "id", "clause": "kind"}
_KEYS = {"wordings", "words"}


def read(files: Mapping[str, str]) -> Lexicon:
    """Reads the lexicon: the texts of the files by name -> the lexicon. Raises ``BadLexicon`` with all that is
    wrong."""
    lexicon, faults = _read(files)
    if faults := [*faults, *_wrong_wordings(lexicon), *_wrong_senses(lexicon)]:
        raise BadLexicon([_placed(fault, files) for fault in faults])
    return lexicon


def _read(files: Mapping[str, str]) -> tuple[Lexicon, list[str]]:
    """The lexicon, and what is wrong with how its files are written."""
    faults: list[str] = []
    lists: dict[str, tuple[str, ...]] = {}
    rows: dict[str, list[Row]] = {}
    parts: dict[str, str] = {}
    for file, text in files.items():
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            faults.append(f"{file}: {fault}")
            continue
        for part, wording in tables.pop("part", {}).items():
            if part in parts:
                faults.append(f"{file}.part.{part}: stands twice")
            if not isinstance(wording, str):
                faults.append(f"{file}.part.{part}: must be one wording")
            parts[part] = str(wording)
        for table, value in tables.items():
            where = f"{file}.{table}"
            if table in _NAMED:
                rows.setdefault(table, []).extend(_rows(where, _NAMED[table], value, faults))
            else:
                lists[where] = _strings(where, value, faults)
    return Lexicon(lists, {kind: tuple(many) for kind, many in rows.items()}, parts), faults


def _placed(fault: str, files: Mapping[str, str]) -> str:
    """A fault of the lexicon with its file and line before it, "phrases.toml:57: …", as far as they can be told: by the
    wording that it quotes, else by the table that it names."""
    where, _, _ = fault.partition(": ")
    quoted = re.search("“(.+)”", fault)
    at = re.search(r"\(at line (\d+)", fault)
    named = where.split(".")
    own = [name for name in files if name == named[0]] or sorted(files)
    for name in own:
        lines = files[name].split("\n")
        if at is not None:
            return f"{name}.toml:{at[1]}: {fault}"
        for number, line in enumerate(lines, 1):
            if quoted is not None and quoted[1] in line:
                return f"{name}.toml:{number}: {fault}"
    for name in own:
        for number, line in enumerate(files[name].split("\n"), 1):
            if any(re.search(rf'(?:^|\[|"){re.escape(part)}\b', line) for part in named[1:2]):
                return f"{name}.toml:{number}: {fault}"
    return fault


def _strings(where: str, value: object, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        faults.append(f"{where}: must be a list of words, with at least one in it")
        return ()
    faults += [f"{where}: “{one}” stands twice" for one in dict.fromkeys(value) if value.count(one) > 1]
    return tuple(value)


def _rows(where: str, called: str, value: object, faults: list[str]) -> Iterator[Row]:
    if not isinstance(value, list):
        faults.append(f"{where}: must be a list of entries")
    for row in value if isinstance(value, list) else []:
        name = row.get(called, "") if isinstance(row, dict) else ""
        if not name or set(row) - _KEYS - {called}:
            faults.append(f"{where}: “{name}” must have “{called}”, “wordings” or “words”, and nothing else")
            continue
        given = {key: _strings(f"{where}.{name}.{key}", row[key], faults) for key in _KEYS & set(row)}
        yield Row(name, given.get("wordings", ()), given.get("words", ()))


_PLAIN = re.compile(r"[^\\.^$*+?{}\[\]|()]*")


def _wrong_wordings(lexicon: Lexicon) -> list[str]:
    """Slots that nothing fills, and what is no regular expression."""
    every = [(where, wording) for where, many in lexicon.lists.items() for wording in many]
    every += [(f"{kind}.{row.name}", w) for kind, many in lexicon.rows.items() for row in many for w in row.wordings]
    every += [(f"part.{part}", wording) for part, wording in lexicon.parts.items()]
    faults = []
    for where, wording in every:
        unknown = {s for s in _SLOT.findall(wording) if not lexicon.lists.get(f"words.{s}") and s not in lexicon.parts}
        if unknown - _OF_THE_PROTOCOL:
            faults.append(
                f"{where}: nothing fills {{{'}, {'.join(sorted(unknown - _OF_THE_PROTOCOL))}}} in “{wording}”"
            )
            continue
        filled = lexicon.filled(wording)
        if _PLAIN.fullmatch(filled):  # words alone: nothing in them could be wrong
            continue
        try:
            re.compile(filled)
        except re.error as fault:
            faults.append(f"{where}: “{wording}” is no wording: {fault}")
    return faults


def _wrong_senses(lexicon: Lexicon) -> list[str]:
    traps = {row.name for row in lexicon.rows.get("trap", ())} | {"every trap", "every trap but joke"}
    faults = [
        f"phrases.phrase: no such sense: {row.name}"
        for row in lexicon.rows.get("phrase", ())
        if row.name not in set(Sense)
    ]
    for where, many in lexicon.lists.items():
        if where.startswith("immune."):
            sense = where.removeprefix("immune.")
            faults += [f"{where}: no such sense"] if sense not in set(Sense) else []
            faults += [f"{where}: no such trap: {name}" for name in many if name not in traps]
    return faults


@cache
def loaded() -> Lexicon:
    """The lexicon of this installation. Raises ``BadLexicon`` where its files cannot be read."""
    files = _shipped()
    lexicon, faults = _read(files)
    return read(files) if faults else lexicon


@cache
def must_be_sound() -> None:
    """The lexicon of this installation looked at whole, before any mail is read by it. Raises ``BadLexicon`` with all
    that is wrong."""
    read(_shipped())


def _shipped() -> dict[str, str]:
    folder = resources.files("mailbot") / "lexicon"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name.removesuffix(".toml"): one.read_text(encoding="utf-8") for one in found}


def vocabulary(table: str) -> frozenset[str]:
    """The single words of a list in ``words.toml``."""
    return frozenset(loaded().table(f"words.{table}"))


def vocabulary_in_order(table: str) -> tuple[str, ...]:
    """The same, in the order of the file."""
    return loaded().table(f"words.{table}")


def rows(kind: str) -> tuple[Row, ...]:
    """The lexicon's entries of this kind, in the order of their file. Raises BadLexicon where no file has any."""
    if kind not in loaded().rows:
        raise BadLexicon([f"{kind}: no file has entries of this kind"])
    return loaded().rows[kind]


def tables(file: str) -> Mapping[str, tuple[str, ...]]:
    """Every list of one file, by its name there."""
    return {w.partition(".")[2]: many for w, many in loaded().lists.items() if w.startswith(f"{file}.")}


def joined(wordings: tuple[str, ...], names: Names = NOBODY) -> str:
    """One expression of many of the lexicon's wordings, tried in their order; of none, one that matches nothing."""
    return loaded().filled("|".join(wordings), names) if wordings else "(?!)"


@cache
def pattern(table: str, names: Names = NOBODY, *, cased: bool = False) -> re.Pattern[str]:
    """All the lexicon's wordings of a table as one pattern; capitals count only where ``cased`` says so."""
    return re.compile(joined(loaded().table(table), names), 0 if cased else re.IGNORECASE)
