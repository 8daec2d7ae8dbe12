"""Protocol files (``config/protocols/*.toml``) into ``Protocol`` values: every fault at once, with file and line.

A file may begin ``like = "north-somerset"`` and hold only what differs; ``remove = ["notice.s2-bm"]`` takes a part of
the other one away. A file is read whole even where it is wrong, so that one run shows everything there is to mend.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.core.procedure.protocol import Protocol, Published
from mailbot.core.procedure.working_days import CalendarRule, Counting
from mailbot.shell.config.closures_and_bank_holidays import NATIONS
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.config.toml_with_faults import Layer, TomlSheet, TomlTable, nearest, parse_toml
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.protocol_files import inheritance
from mailbot.shell.protocol_files import tables as papers
from mailbot.shell.protocol_files import tables as parts
from mailbot.shell.protocol_files.doubts import warnings_of
from mailbot.shell.protocol_files.faults import protocol_faults
from mailbot.shell.protocol_files.roles_by_place import by_place
from mailbot.shell.protocol_files.tables import route

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHEMA = 1
UNDATED = date(1, 1, 1)
COUNTING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "day_one": ("next_working_day", "same_day"),
        "after_hours": ("same_day", "next_working_day"),
        "hours": ("working_days", "same_time", "clock"),
        "month_lands_on_closed_day": ("working_day_before", "working_day_after"),
    }
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``check`` found: ``protocol`` None when there are faults; warnings do not stop a service from starting."""

    protocol: Protocol | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def load_protocol(path: Path) -> Protocol:
    """Reads a protocol file: the protocol in ``path``. Raises BadConfiguration with every fault; OSError's kinds are
    among them."""
    checked = check_protocol(path)
    if checked.protocol is None:
        raise BadConfiguration(checked.faults)
    return checked.protocol


def check_protocol(path: Path) -> Checked:
    """Reads a protocol file for a check: everything wrong with the file, and everything worth a second look; raises
    nothing. One that stands alone and says what it said before has been read."""
    try:
        text = _text_of(path)
    except BadConfiguration as bad:
        return Checked(None, bad.faults, ())
    if (before := _READ_BEFORE.get((path, text))) is not None:
        return before
    found, alone = _checked(path, text)
    if alone:
        while len(_READ_BEFORE) >= _MOST_READ:
            _READ_BEFORE.pop(next(iter(_READ_BEFORE)), None)
        _READ_BEFORE[path, text] = found
    return found


_READ_BEFORE: dict[tuple[Path, str], Checked] = {}  # a file of this text, and what it came to
_MOST_READ = 20


def _checked(path: Path, text: str) -> tuple[Checked, bool]:
    """What a protocol file of this text comes to, and whether no other file has a part in it."""
    warnings: tuple[Fault, ...] = ()
    alone = False
    try:
        sheet = _sheet(path, (), text)
        alone = len(sheet.layers) == 1
        sheet.values = by_place(sheet.values)
        protocol = read_protocol(sheet.root())
        sheet.faults += protocol_faults(protocol, sheet)
        warnings = (*warnings_of(protocol, sheet), *inheritance.doubts(protocol, sheet))
        sheet.raise_faults()
    except BadConfiguration as bad:
        return Checked(None, bad.faults, warnings), alone
    return Checked(protocol, (), warnings), alone


def load_all(folder: Path) -> dict[str, Protocol]:
    """Reads a folder of protocol files: every ``*.toml`` in ``folder`` by protocol id. Raises BadConfiguration with the
    faults of all of them."""
    found: dict[str, Protocol] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        checked = check_protocol(path)
        faults += checked.faults
        if checked.protocol is not None:
            if checked.protocol.id in found:
                faults.append(Fault(str(path), 1, f'another file here already has the id "{checked.protocol.id}"'))
            found[checked.protocol.id] = checked.protocol
    prefixes = [protocol.prefix for protocol in found.values()]
    for name, protocol in found.items():
        if prefixes.count(protocol.prefix) > 1:
            said = f'the reference prefix "{protocol.prefix}" is used by more than one protocol'
            faults.append(Fault(str(folder / f"{name}.toml"), 1, said))
    if faults:
        raise BadConfiguration(faults)
    return found


def shipped_protocols() -> dict[str, Path]:
    """Reads the protocol files that come with mailbot, by the name of their file."""
    folder = data_dir("config") / "protocols"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find_protocol(name: str, folder: Path | None = None) -> Path:
    """Which protocol file is meant, for reading: the file meant by an id or a path: the operator's ``folder``, then
    ./config/protocols, then the shipped ones.

    Raises BadConfiguration, with the names there are, when there is none.
    """
    if name.endswith(".toml") or Path(name).is_file():
        return Path(name)
    for place in (folder, Path("config/protocols")):
        if place is not None and (place / f"{name}.toml").is_file():
            return place / f"{name}.toml"
    known = shipped_protocols()
    if name in known:
        return known[name]
    raise BadConfiguration([Fault(name, 0, f'there is no protocol "{name}".{nearest(name, known)}')])


def _text_of(path: Path) -> str:
    """What stands in a protocol file. Raises BadConfiguration where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadConfiguration([Fault(str(path), 0, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise BadConfiguration([Fault(str(path), 0, "is not UTF-8 text: save it as UTF-8")]) from None


def _sheet(path: Path, below: tuple[str, ...], text: str) -> TomlSheet:
    """Reads a protocol file of this text, laid over the one it is ``like``. Raises BadConfiguration."""
    sheet = parse_toml(str(path), text)
    like = sheet.values.pop("like", "")
    removed = sheet.values.pop("remove", [])
    if not like:
        return sheet
    line = sheet.layers[0].lines.get(("like",), 1)
    if not isinstance(like, str) or like in below or like == path.stem:
        raise BadConfiguration([Fault(str(path), line, f'"like" cannot be {like!r}: name another protocol file')])
    beside = path.parent / f"{like}.toml"
    try:
        other = beside if beside.is_file() else find_protocol(like)
        under = _sheet(other, (*below, path.stem), _text_of(other))
    except BadConfiguration as bad:
        raise BadConfiguration([Fault(str(path), line, '"like" names a file with faults'), *bad.faults]) from None
    base = _without(under.values, removed, sheet)
    _same_as_it_was(sheet, under, line)
    layers: list[Layer] = [*sheet.layers, *under.layers]
    another = _id_of(sheet.values) not in ("", _id_of(under.values))
    base, inherited = inheritance.rules_alone(base, sheet.values) if another else (base, ())
    made = TomlSheet(_laid_over(base, sheet.values), layers, [*sheet.faults])
    if another:
        found = inheritance.still_the_others(base, sheet.values, under.layers[0].file.rpartition("/")[2][:-5])
        made.as_in = {path: under.as_in.get(path, name) for path, name in found.items()}
    made.inherited, made.noted = (*under.inherited, *inherited), [*sheet.noted]
    return made


def _id_of(values: dict[str, Any]) -> str:
    about = values.get("protocol")
    return str(about.get("id", "")) if isinstance(about, dict) else ""


def _same_as_it_was(sheet: TomlSheet, under: TomlSheet, line: int) -> None:
    """Reading ``like_version`` of a protocol file: the other file as it was when this one was written. Without it a
    change of the other file changes this one, and its running disputes, and nobody knows."""
    said, mark = sheet.values.pop("like_version", ""), inheritance.fingerprint_of(under.values)
    if not said:
        what = f'a change of that file changes this one: write like_version = "{mark}" to be told of it'
        sheet.noted.append((("like",), what))
    elif said != mark:
        where = sheet.layers[0].lines.get(("like_version",), line)
        what = f"the other file has changed since: look at what is different, and then write like_version = {mark!r}"
        sheet.faults.append(Fault(sheet.layers[0].file, where, what))


def _without(values: dict[str, Any], removed: object, sheet: TomlSheet) -> dict[str, Any]:
    for name in removed if isinstance(removed, list) else [removed]:
        kind, _, part = str(name).partition(".")
        if not isinstance(values.get(kind), dict) or part not in values[kind]:
            sheet.fault(("remove",), f'"remove" names "{name}", which the other file does not have')
            continue
        values = {**values, kind: {key: value for key, value in values[kind].items() if key != part}}
    return values


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _laid_over(merged[key], value) if both else value
    return merged


def _calendar(table: TomlTable) -> CalendarRule:
    days = table.list("working_days", ("mon", "tue", "wed", "thu", "fri"))
    for day in days:
        if day.casefold()[:3] not in DAYS:
            table.fault("working_days", f'"{day}" is not a day of the week.{nearest(day, DAYS)}')
    zone = table.text("timezone", "Europe/London")
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        table.fault("timezone", f'"{zone}" is not a time zone: in the United Kingdom it is "Europe/London"')
        zone = "Europe/London"
    parts.clause(table)
    return CalendarRule(
        working_days=frozenset(DAYS.index(day.casefold()[:3]) for day in days if day.casefold()[:3] in DAYS),
        bank_holidays=table.one_of("bank_holidays", NATIONS, "england-and-wales"),
        also_closed=parts.closures(table),
        timezone=zone,
        day_ends=table.clock_time("day_ends", time(17)),
    )


def _counting(table: TomlTable) -> Counting:
    chosen = {key: table.one_of(key, words, words[0]) for key, words in COUNTING.items()}
    parts.clause(table)
    return Counting(**chosen)


def _published(table: TomlTable, name: str) -> Published:
    parts.clause(table)
    return Published(
        title=table.text("title", name),
        in_force=table.day("in_force", None) or UNDATED,
        url=table.text("url", ""),
        read_on=table.day("read_on", None),
    )


def read_protocol(root: TomlTable) -> Protocol:
    """Reads a protocol from a file's TOML: the protocol of a file's outermost table; every fault is noted on its sheet,
    and none raised."""
    if root.whole("schema", SCHEMA) != SCHEMA:
        root.fault("schema", f"this mailbot reads files of schema {SCHEMA}")
    about, mailbox, scope = root.table("protocol"), root.table("mailbox"), root.table("scope")
    privacy, categories, source = root.table("privacy"), root.table("categories"), root.table("source")
    calendar, counting = root.table("calendar"), root.table("counting")
    published = _published(source, about.text("name"))
    moving = _moving(root)
    protocol = Protocol(
        id=about.text("id"),
        version=published.in_force.isoformat() if published.in_force != UNDATED else "undated",
        name=about.text("name"),
        partnership=about.text("partnership"),
        short=about.text("short", ""),
        subject=about.one_of("subject", ("child", "adult", "person"), "child"),
        stage_word=about.text("stage_word", "Stage"),
        formal_from=about.one_of("formal_from", moving["stages"], next(iter(moving["stages"]), "")),
        mailbox=mailbox.text("address").lower(),
        prefix=mailbox.text("ref_prefix"),
        tags=mailbox.list("tags"),
        calendar=_calendar(calendar),
        counting=_counting(counting),
        in_scope=scope.text("in_scope", ""),
        out_of_scope=tuple(parts.out_of_scope(row) for row in scope.rows("out")),
        principles=tuple(parts.principle(row) for row in root.rows("principle")),
        risk=parts.risk(root.table("risk")),
        categories=categories.list("list"),
        published=published,
        silence=parts.silence(root.table("silence"), moving["roles"]),
        child_shown_as=privacy.one_of("child_shown_as", ("initials", "reference"), "initials"),
        **moving,
    )
    for table in (about, mailbox, scope, privacy, categories, source, calendar, counting, root):
        parts.clause(table)
        table.finish()
    return _with_origins(protocol, root.sheet)


def _with_origins(protocol: Protocol, sheet: TomlSheet) -> Protocol:
    """The protocol of a file, with the paragraphs its tables obey, the keys left out, and what is another file's."""
    return replace(
        protocol,
        clauses=MappingProxyType(dict(sheet.clauses)),
        left_out=frozenset(sheet.left_out),
        as_in=MappingProxyType(dict(sheet.as_in)),
    )


def _moving(root: TomlTable) -> dict[str, Any]:
    """Reads what of a protocol file moves a dispute: the parts that point at each other by name, in the order in which
    the names become known.

    Any: they are handed on to ``Protocol`` by keyword, whose own types hold them.
    """
    roles = parts.each(root, "role", parts.role)
    stages = parts.each(root, "stage", parts.stage(roles))
    clocks = parts.each(root, "clock", parts.clock(roles, stages))
    return {
        "roles": roles,
        "stages": stages,
        "clocks": clocks,
        "caps": parts.each(root, "cap", parts.cap(stages, clocks)),
        "notices": parts.each(root, "notice", parts.notice(stages)),
        "forms": parts.each(root, "form", papers.form_table(stages)),
        "routes": parts.each(root, "route", route(roles, stages)),
        "outcomes": papers.outcomes(root, stages, roles),
        "digest": papers.digest_rule(root.table("digest"), roles),
    }
