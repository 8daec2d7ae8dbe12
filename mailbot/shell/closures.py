"""Days on which nobody works, besides bank holidays: the partnership's own, and those of one agency.

``closures.toml`` is a list of ``[[closed]]`` tables with ``from``, perhaps ``to``, ``why``, and perhaps ``agency``.
The partnership's move its limits. An agency's do not (another agency's term dates must not lengthen a child's wait):
they are shown where that agency is asked for something.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.sheet import Table, nearest, parse

LONGEST = 62  # days in one entry: a longer one is a year mistyped, and would move every limit


@dataclass(frozen=True, slots=True)
class Closures:
    """``partnership``: day -> why; ``agencies``: the same for each agency by its name."""

    partnership: Mapping[date, str] = field(default_factory=dict)
    agencies: Mapping[str, Mapping[date, str]] = field(default_factory=dict)


def read_closures(path: Path, agencies: Collection[str]) -> Closures:
    """Raises BadConfiguration with every fault, each with its line."""
    try:
        sheet = parse(str(path), path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration([Fault(str(path), 0, f"cannot be read: {error}")]) from None
    root = sheet.root()
    own: dict[date, str] = {}
    theirs: dict[str, dict[date, str]] = {}
    for row in root.rows("closed"):
        agency = row.text("agency", "")
        if agency and agency not in agencies:
            row.fault("agency", f'"{agency}" is not an agency of the directory.{nearest(agency, agencies)}')
        into = theirs.setdefault(agency, {}) if agency else own
        why = row.text("why")
        into.update(dict.fromkeys(_days(row), why))
        row.finish()
    root.finish()
    sheet.raise_faults()
    return Closures(own, theirs)


def _days(row: Table) -> list[date]:
    first = row.day("from")
    last = row.day("to", first)
    if first is None or last is None:
        return []
    if not 0 <= (last - first).days < LONGEST:
        row.fault("to", f'"to" must be the same day as "from" or later, and at most {LONGEST} days on')
        return []
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
