"""Prints the table of wrong settings, with the answers as ``mailbot check`` gives them, into the documents."""

import contextlib
import io
import tempfile
from contextlib import ExitStack
from pathlib import Path

from mailbot.checks.findings import Finding
from tests.deployment import in_maildirs
from tests.wrong_settings.bench import HEAD, bench
from tests.wrong_settings.spreadsheets_and_slips import SLIPS, SPREADSHEETS
from tests.wrong_settings.table import DNS, FILES, GRAPH, MACHINE, MODES, PEOPLE, REACHING, SERVERS, Wrong

PAGE = Path(__file__).parents[2] / "docs" / "wrong-settings.md"
PARTS = (
    ("The files", FILES),
    ("Slips of the pen", SLIPS),
    ("People and numbers", PEOPLE),
    ("The lists, as spreadsheets leave them", SPREADSHEETS),
    ("Rehearsal", MODES),
    ("This machine", MACHINE),
    ("Reaching the servers", REACHING),
    ("What the servers let us do, and whom they vouch for", SERVERS),
    ("Microsoft Graph", GRAPH),
    ("The DNS", DNS),
)
TOP = """\
# Wrong settings, and what `mailbot check` says to each

Printed by `python -m tests.wrong_settings`, from the program's own answers; the tests hold each of them to this. Every
setting was set wrongly alone, in a deployment in which nothing else is wrong, and the answer is the only one. The last
column is how the command ends: 2, a person must mend it; 3, trying again may do; 0, worth a second look.
"""


def page() -> str:
    """The whole page."""
    lines = [TOP]
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound"
        sound.mkdir()
        with contextlib.redirect_stdout(io.StringIO()):
            in_maildirs(sound)
        for title, table in PARTS:
            lines += [f"## {title}", "", "| set wrongly | answer | |", "|---|---|---|"]
            lines += [_row(sound, Path(folder) / f"{title} {number}", wrong) for number, wrong in enumerate(table)]
            lines.append("")
    return "\n".join(lines)


def _row(sound: Path, folder: Path, wrong: Wrong) -> str:
    folder.mkdir()
    with ExitStack() as stack:
        spoilt = bench(sound, folder, stack)
        if "nothing has come" not in wrong.setting:
            spoilt.deliver(HEAD)
        wrong.spoil(spoilt)
        found = spoilt.wrong()[0]
        return f"| {_cell(wrong.setting)} | {_cell(spoilt.plain(_told(found)))} | {wrong.ends} |"


def _told(found: Finding) -> str:
    parts = (f"**{found.what}:** {found.words}", *(f"*{w}:* {s}" for w, s in _more(found) if s))
    return "<br>".join(parts)


def _more(found: Finding) -> tuple[tuple[str, str], ...]:
    return (("where", found.where), ("why", found.why), ("do", found.do))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
