"""``mailbot timeline`` and ``mailbot protocol``: the rules shown before anybody relies on them, and a version
changed.
"""

import argparse
import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from mailbot.commands.terminal import PIPED, Commands, new_parser
from mailbot.core.procedure.new_protocol_questions import TEN_QUESTIONS, new_file, problem
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.reports.protocol_in_plain_english import protocol_in_plain_english
from mailbot.core.reports.timeline import TimelineRow, timeline, where_it_stays
from mailbot.shell.config.closures_and_bank_holidays import NATIONS, calendar_for
from mailbot.shell.config.toml_with_faults import day, nearest, wall_time
from mailbot.shell.errors import BadConfiguration
from mailbot.shell.protocol_files.author_page import page
from mailbot.shell.protocol_files.json_schema import SCHEMA_FILE, schema_text
from mailbot.shell.protocol_files.protocol_reader import (
    COUNTING,
    DAYS,
    check_protocol,
    find_protocol,
    load_protocol,
    shipped_protocols,
)

# ``mailbot timeline`` and ``mailbot protocol``: the rules shown before anybody relies on them.

WRONG_INPUT = 2
TABLE_WIDTH = 120  # in a narrower window a table of four columns is a column of single words


def add_parsers(subparsers: Any) -> None:
    """Adds ``mailbot protocol`` and ``mailbot timeline``; each sets ``run``, a function from the arguments to an exit
    code. (Any: argparse's own type for this is private.)"""
    line = subparsers.add_parser("timeline", help="every limit of a dispute, with its working shown day by day")
    line.add_argument("protocol", metavar="PROTOCOL", help="a protocol's id or its file")
    line.add_argument("--start", required=True, metavar="ISO", help="when it is raised, or the decision it disputes")
    line.add_argument("--event", action="append", default=[], metavar='"ISO WHAT"', help='"… stage 2 entered"')
    line.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings", help=", ".join(SETS))
    line.add_argument("--json", action="store_true", help="one JSON object a line")
    line.set_defaults(run=run_timeline)
    protocol = subparsers.add_parser("protocol", help="check a protocol file, or show it in plain English")
    which = protocol.add_subparsers(required=True, metavar="check | show | new | move | page | schema")
    checking = which.add_parser("check", help="every fault at once, with file and line")
    checking.add_argument("files", nargs="+", metavar="FILE", help="a protocol's file (.toml)")
    checking.set_defaults(run=run_protocol_check)
    showing = which.add_parser("show", help="the procedure in plain English")
    showing.add_argument("protocol", metavar="ID", help="a protocol's id or its file")
    showing.set_defaults(run=run_protocol_show)
    making = which.add_parser("new", help="ten questions to a new file")
    making.add_argument(
        "folder", nargs="?", default="config/protocols", metavar="FOLDER", help="where it is written (config/protocols)"
    )
    making.set_defaults(run=run_protocol_new)
    add_move(which)
    describing = which.add_parser("schema", help="a JSON Schema of protocol files, for editors")
    describing.set_defaults(run=run_protocol_schema)
    explaining = which.add_parser("page", help="every table and key of a protocol file, with an example")
    explaining.set_defaults(run=run_protocol_page)


def run_timeline(args: argparse.Namespace) -> int:
    """0 and the rows; 2 and why not, for what cannot be read."""
    try:
        protocol = adjusted(load_protocol(find_protocol(args.protocol)), args.settings)
        start = _instant(args.start, "--start")
        calendar = calendar_for(protocol.calendar, start.date())
        events = [_event(one, calendar) for one in args.event]
        rows = timeline(protocol, calendar, _placed(start, calendar), events)
        _, stays = where_it_stays(protocol, calendar, _placed(start, calendar), events)
    except (BadConfiguration, ValueError) as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    if args.json:
        print(json.dumps([as_json(row, calendar) for row in rows], ensure_ascii=False, indent=1))
        if stays:  # beside the rows, not one of them: whoever reads them with a program counts limits alone
            print(f"{stays[:1].upper()}{stays[1:]}, so the timeline ends there.", file=sys.stderr)
        return 0
    in_time = sorted(rows, key=lambda row: row.effective)
    width = Console().width if sys.stdout.isatty() else PIPED
    if TABLE_WIDTH <= width < PIPED:
        Console().print(_table(in_time, protocol, calendar))
    else:
        print("\n".join(fitted for line in _lines(in_time, protocol, calendar) for fitted in _fitted(line, width)))
    if stays:
        print(f"{stays[:1].upper()}{stays[1:]}, so the timeline ends there.")
    return 0


def _fitted(line: str, width: int) -> list[str]:
    """A line of ``mailbot timeline`` broken between words where the terminal is too narrow for it."""
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(line, width, subsequent_indent=indent, drop_whitespace=True, break_on_hyphens=False)


def run_protocol_check(args: argparse.Namespace) -> int:
    """2 when any file has a fault; warnings alone are 0."""
    faulty = False
    for name in args.files:
        try:
            checked = check_protocol(find_protocol(name))
        except BadConfiguration as bad:
            print(bad)
            faulty = True
            continue
        faulty |= bool(checked.faults)
        for fault in checked.faults:
            print(fault)
        for warning in checked.warnings:
            print(f"{warning.file}:{warning.line}: warning: {warning.message}")
        if checked.protocol is not None:
            print(f"{name}: no faults ({checked.protocol.name}, version {checked.protocol.version})")
    return WRONG_INPUT if faulty else 0


def run_protocol_show(args: argparse.Namespace) -> int:
    try:
        print(protocol_in_plain_english(load_protocol(find_protocol(args.protocol))), end="")
    except (BadConfiguration, ValueError) as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    return 0


def run_protocol_page(args: argparse.Namespace) -> int:
    print(page(), end="")
    return 0


def run_protocol_schema(args: argparse.Namespace) -> int:
    print(schema_text(), end="")
    return 0


def run_protocol_new(args: argparse.Namespace) -> int:
    return new_protocol(Path(args.folder), sys.stdin)


KEPT_ANSWERS = "new-protocol-answers.json"


def new_protocol(folder: Path, answers_in: TextIO) -> int:
    """``mailbot protocol new``: asks on the terminal (or reads ten lines of standard input); never writes over a file
    that is there. Answers that end too soon are kept beside it, and not asked again."""
    known = {name: load_protocol(path) for name, path in shipped_protocols().items()}
    kept = folder / KEPT_ANSWERS
    answers = _kept_answers(kept, known)
    if answers:
        print(f"Going on from the answers kept in {kept}. Remove it to begin anew.")
    try:
        _ask_what_is_left(answers, folder, known, answers_in)
    except (EOFError, KeyboardInterrupt):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(answers, indent=1), encoding="utf-8")
        print(f"\nThe answers ended too soon. They are kept in {kept}: run this again to go on.", file=sys.stderr)
        return WRONG_INPUT
    path = folder / f"{answers['id']}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(new_file(answers, known.get(answers["like"])), encoding="utf-8")
    beside = path.parent / SCHEMA_FILE
    if not beside.exists():
        beside.write_text(schema_text(), encoding="utf-8")  # the file's first line names it, for editors
    kept.unlink(missing_ok=True)
    then = "Compare it with the published text: mailbot protocol show"
    if answers["like"] not in known:
        then = "What stands empty in it is named by: mailbot protocol check"
    print(f"\nWritten to {path}. {then} {path}")
    return 0


def _ask_what_is_left(answers: dict[str, str], folder: Path, known: Mapping[str, Protocol], answers_in: TextIO) -> None:
    """Puts a usable answer to each question of a new protocol into ``answers``. EOFError where they end."""
    for question in TEN_QUESTIONS:
        while question.key not in answers:
            print(question.ask, end=f" ({', '.join(known)}): " if question.key == "like" else ": ", flush=True)
            line = answers_in.readline()
            if not line:
                raise EOFError
            wrong = problem(question, line.strip(), known)
            if not wrong and question.key == "id" and (folder / f"{line.strip()}.toml").exists():
                wrong = f"{folder / line.strip()}.toml is already there. Give another name."
            if wrong:
                print(wrong)
            else:
                answers[question.key] = line.strip()


def _kept_answers(kept: Path, known: Mapping[str, Protocol]) -> dict[str, str]:
    """The answers about a new protocol that were given before, those that are usable still."""
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    given = found if isinstance(found, dict) else {}
    said = {q.key: given[q.key] for q in TEN_QUESTIONS if isinstance(given.get(q.key), str)}
    usable = {q.key: said[q.key] for q in TEN_QUESTIONS if q.key in said and not problem(q, said[q.key], known)}
    if (kept.parent / f"{usable.get('id', '')}.toml").exists():
        del usable["id"]
    return usable


def as_json(row: TimelineRow, calendar: Calendar) -> dict[str, str]:
    """A row of ``mailbot timeline --json``: one limit under the keys that are promised to whoever reads this with a
    program."""
    return {
        "clock": row.clock,
        "stage": row.stage,
        "label": row.label,
        "from": calendar.local(row.start).isoformat(),
        "due": calendar.local(row.due).isoformat(),
        "effective": calendar.local(row.effective).isoformat(),
        "because": row.because,
    }


def _closed(text: str) -> Mapping[date, str]:
    return MappingProxyType({day(one.strip()): "closed locally" for one in text.split(",") if one.strip()})


def _weekdays(text: str) -> frozenset[int]:
    names = [_among(DAYS)(one.strip().casefold()[:3]) for one in text.split(",")]
    return frozenset(DAYS.index(name) for name in names)


def _among(words: Iterable[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in tuple(words):
            raise ValueError(f'cannot be "{text}".{nearest(text, words)}')
        return text

    return read


# --set KEY=VALUE: where the key lives, its name there, and how its value is read.
SETS: Mapping[str, tuple[str, str, Callable[[str], object]]] = MappingProxyType(
    {
        **{key: ("counting", key, _among(words)) for key, words in COUNTING.items()},
        "month_lands": ("counting", "month_lands_on_closed_day", _among(COUNTING["month_lands_on_closed_day"])),
        "timezone": ("calendar", "timezone", str),
        "day_ends": ("calendar", "day_ends", wall_time),
        "bank_holidays": ("calendar", "bank_holidays", _among(NATIONS)),
        "also_closed": ("calendar", "also_closed", _closed),
        "working_days": ("calendar", "working_days", _weekdays),
    }
)


def adjusted(protocol: Protocol, settings: Iterable[str]) -> Protocol:
    """``mailbot timeline --set``: the protocol with its calendar and counting changed by "key=value". Raises
    ValueError, in words."""
    rule, counting = protocol.calendar, protocol.counting
    for setting in settings:
        key, found, value = setting.partition("=")
        if key not in SETS or not found:
            raise ValueError(f'--set "{setting}": write KEY=VALUE.{nearest(key, SETS)}')
        where, name, read = SETS[key]
        try:
            changed: Any = {name: read(value)}
        except ValueError as error:
            raise ValueError(f"--set {key}: {error}") from None
        if where == "calendar":
            rule = replace(rule, **changed)
        else:
            counting = replace(counting, **changed)
    return replace(protocol, calendar=rule, counting=counting)


def _instant(text: str, what: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{what}: "{text}" is not a date and time: write 2026-09-07T10:00:00+01:00') from None


def _placed(instant: datetime, calendar: Calendar) -> datetime:
    """An instant given to ``mailbot timeline``: one written without an offset is meant in the partnership's own
    time."""
    if instant.tzinfo is not None:
        return instant
    return calendar.at(instant.date(), time(instant.hour, instant.minute, instant.second))


def _event(text: str, calendar: Calendar) -> tuple[datetime, str]:
    at, _, words = text.strip().partition(" ")
    return _placed(_instant(at, "--event"), calendar), words


def _said(instant: datetime, calendar: Calendar) -> str:
    local = calendar.local(instant)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M %Z}"


def _name(row: TimelineRow, protocol: Protocol) -> str:
    return f"{protocol.stage_name(row.stage)}. {row.label}" if row.stage else row.label


def _working(row: TimelineRow) -> list[str]:
    return [f"{step.day:%a} {step.day.day} {step.day:%b}  {step.why}" for step in row.working]


def _lines(rows: list[TimelineRow], protocol: Protocol, calendar: Calendar) -> Iterable[str]:
    for row in rows:
        yield f"{_said(row.effective, calendar)}  {_name(row, protocol)}"
        if row.due != row.effective:
            yield f"    by its own clock: {_said(row.due, calendar)}"
        yield f"    {row.because}"
        yield from (f"        {line}" for line in _working(row))


def _table(rows: list[TimelineRow], protocol: Protocol, calendar: Calendar) -> Table:
    table = Table(title=f"{protocol.partnership}: {protocol.name}", show_lines=True)
    for title in ("What", "By", "Why", "Day by day"):
        table.add_column(title, no_wrap=title == "By", overflow="fold")
    for row in rows:
        own = "" if row.due == row.effective else f"\n(own clock: {_said(row.due, calendar)})"
        when = f"{_said(row.effective, calendar)}{own}"
        table.add_row(_name(row, protocol), when, row.because, "\n".join(_working(row)))
    return table


# ``mailbot protocol move``: an open dispute on to another version of its protocol. A look first; ``--yes`` does it.


def add_move(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "move",
        "move open disputes to another version of their protocol",
        "Shows what would change, and changes nothing until --yes is said. A dispute otherwise keeps the version it "
        "was opened under. A service that was started before this version's file was there must be started again "
        "first.",
    )
    parser.add_argument("reference", nargs="?", default="", metavar="REF", help="the dispute (or --all)")
    parser.add_argument("version", metavar="VERSION", help="the day the version came into force: 2026-10-01")
    parser.add_argument("--all", action="store_true", help="every open dispute of an older version")
    parser.add_argument("--why", required=True, help="the reason, for the record")
    parser.add_argument("--by", default="", help="your name or address, for the record (default: your login)")
    parser.add_argument("--yes", action="store_true", help="do it; without this it is only shown")
    parser.set_defaults(run=_move)


def _move(args: argparse.Namespace) -> int:
    """``mailbot protocol move``, imported when it is asked for: it alone opens the store, and the others start five
    times as fast without what it imports."""
    from mailbot.commands.protocol_move import run_move

    return run_move(args)
