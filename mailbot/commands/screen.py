"""What a command shows: plain columns that fit eighty characters, bold only on a terminal.

Words that came by mail are shown with every control character taken out: a message must not be able to write to the
operator's terminal (ECMA-48 escape sequences move the cursor, and rename the window).
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailbot.core.clocks.calendar import Calendar

MARKS = {"ok": "green", "look": "yellow", "fault": "bold red"}


def clean(text: str) -> str:
    """One line, printable."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


PIPED = 10_000  # characters a line that is no terminal's may have: nothing is wrapped for a program


def _console() -> Console:
    width = None if sys.stdout.isatty() else PIPED
    return Console(highlight=False, markup=False, emoji=False, width=width)


def say(text: str = "", style: str = "") -> None:
    """A paragraph, its own line ends kept."""
    console = _console()
    for line in text.split("\n"):
        console.print(Text(clean(line), style=style))


def heading(text: str) -> None:
    say(text, "bold")


def columns(rows: Iterable[Sequence[str]], heads: Sequence[str] = (), indent: int = 2) -> None:
    """Columns of which the last takes the rest of the line and is wrapped inside itself; ok and fault are coloured."""
    shown = [[clean(cell) for cell in row] for row in rows]
    if not shown:
        return
    table = Table(box=None, show_header=bool(heads), pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number in range(len(shown[0])):
        last = number == len(shown[0]) - 1
        table.add_column(heads[number] if heads else "", no_wrap=not last, overflow="fold", ratio=1 if last else None)
    for row in shown:
        table.add_row(*(Text(cell, style=MARKS.get(cell, "")) for cell in row))
    console = _console()
    with console.capture() as captured:
        console.print(Padding(table, (0, 0, 0, indent)))
    print("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))


def when(instant: datetime | None, calendar: Calendar) -> str:
    """ "Mon 7 Sep 2026 16:05", in the partnership's own time; "never" for None."""
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
