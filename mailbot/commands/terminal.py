"""What commands share: options, the configuration, and plain columns that fit eighty characters."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailbot.core.procedure.working_days import Calendar
from mailbot.shell.clock import elapsed
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import clean_for_terminal

# What a command shows: plain columns that fit eighty characters, bold only on a terminal.

_Portion = TypeVar("_Portion")
_MARKS = {"ok": "green", "look": "yellow", "fault": "bold red"}


PIPED = 10_000  # characters a line that is no terminal's may have: nothing is wrapped for a program


def _console() -> Console:
    width = None if sys.stdout.isatty() else PIPED
    return Console(highlight=False, markup=False, emoji=False, width=width)


def say(text: str = "", style: str = "") -> None:
    """A paragraph, its own line ends kept."""
    console = _console()
    for line in text.split("\n"):
        console.print(Text(clean_for_terminal(line), style=style))


_EVERY = 1.0  # seconds between two words of how far a command has come


def progress(
    what: str, portions: Iterable[_Portion], count: Callable[[_Portion], int], total: int
) -> Iterator[_Portion]:
    """``portions`` as they come, with a line on the terminal of how many of ``total`` have; nothing is said of what
    takes less than a second, nor to a program."""
    began = said = elapsed()
    done = 0
    for portion in portions:
        yield portion
        done += count(portion)
        if sys.stderr.isatty() and elapsed() - said > _EVERY:
            said = elapsed()
            print(f"\r{what}: {done:,} of {total:,}", end="", file=sys.stderr, flush=True)
    if said > began:
        print("\r" + " " * 60, end="\r", file=sys.stderr, flush=True)


def heading(text: str) -> None:
    say(text, "bold")


def columns(rows: Iterable[Sequence[str]], heads: Sequence[str] = (), indent: int = 2) -> None:
    """Columns on a terminal, of which the last takes the rest of the line and is wrapped inside itself; ok and fault
    are coloured."""
    shown = [[clean_for_terminal(cell) for cell in row] for row in rows]
    if not shown:
        return
    table = Table(box=None, show_header=bool(heads), pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number in range(len(shown[0])):
        last = number == len(shown[0]) - 1
        table.add_column(heads[number] if heads else "", no_wrap=not last, overflow="fold", ratio=1 if last else None)
    for row in shown:
        table.add_row(*(Text(cell, style=_MARKS.get(cell, "")) for cell in row))
    console = _console()
    with console.capture() as captured:
        console.print(Padding(table, (0, 0, 0, indent)))
    print("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))


def when(instant: datetime | None, calendar: Calendar) -> str:
    """An instant as commands show it on a terminal: "Mon 7 Sep 2026 16:05", in the partnership's own time; "never" for
    None."""
    if instant is None:
        return "never"
    local = calendar.local(instant)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def ago(then: datetime | None, now: datetime) -> str:
    """ "3 minutes ago"."""
    if then is None:
        return "never"
    seconds = max(0, int((now - then).total_seconds()))
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count != 1 else ''} ago"
    return "just now"


# What every command that needs the configuration begins with.

Commands = argparse._SubParsersAction


def new_parser(
    commands: "Commands[argparse.ArgumentParser]", name: str, says: str, more: str = ""
) -> argparse.ArgumentParser:
    """The terminal's parser for a command that reads the configuration: ``--config`` and ``--partnership`` belong to
    it."""
    parser = commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}. {more}".strip())
    with_configuration(parser)
    return parser


HERE, ON_THIS_MACHINE = Path("config/mailbot.toml"), Path("/etc/mailbot/mailbot.toml")


def usual_place() -> Path:
    """For a command at the terminal, where the configuration is when nobody names it: in the folder one stands in, else
    the machine's own."""
    return HERE if os.path.exists(HERE) or not os.path.exists(ON_THIS_MACHINE.parent) else ON_THIS_MACHINE


def with_configuration(parser: argparse.ArgumentParser, nested: bool = False) -> None:
    """Options at the terminal that commands share. ``nested``: under a command that has these too, whose values a
    default here would overwrite (bpo-9351)."""
    default = Path(os.environ.get("MAILBOT_CONFIG", "") or usual_place())
    config: object = argparse.SUPPRESS if nested else default
    partnership: object = argparse.SUPPRESS if nested else ""
    says = f"the configuration (default: {default}, or what MAILBOT_CONFIG names)"
    parser.add_argument("--config", metavar="FILE", type=Path, default=config, help=says)
    parser.add_argument("--partnership", metavar="ID", default=partnership, help="only this partnership of several")


def settings_of(args: argparse.Namespace, now: datetime, lenient: bool = False) -> Settings:
    """For a command at the terminal, the configuration's settings. Raises BadConfiguration with every fault of every
    file. ``lenient``: a row of a directory that is wrong stops its own person only: for whoever is at work, or looks
    on."""
    # Reading it imports the database's library: half a second, which commands that read none are spared.
    from mailbot.shell.config import configuration

    return configuration.only(configuration.load_settings(args.config, now.date(), lenient), args.partnership)
