"""Days on which nobody works: bank holidays, the partnership's own closures and those of one agency, into a
calendar.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import holidays

from mailbot.core.procedure.working_days import Calendar, CalendarRule
from mailbot.shell.config.toml_with_faults import TomlTable, nearest, parse_toml
from mailbot.shell.errors import BadConfiguration, Fault

# Days on which nobody works, besides bank holidays: the partnership's own, and those of one agency.
#
# ``closures.toml`` is a list of ``[[closed]]`` tables with ``from``, perhaps ``to``, ``why``, and perhaps ``agency``.
# The partnership's move its limits. An agency's do not (another agency's term dates must not lengthen a child's
# wait): they are shown where that agency is asked for something.

_LONGEST = 62  # days in one entry: a longer one is a year mistyped, and would move every limit


@dataclass(frozen=True, slots=True)
class Closures:
    """``partnership``: day -> why; ``agencies``: the same for each agency by its name."""

    partnership: Mapping[date, str] = field(default_factory=dict)
    agencies: Mapping[str, Mapping[date, str]] = field(default_factory=dict)


def read_closures(path: Path, agencies: Collection[str]) -> Closures:
    """The file of closures, read. Raises BadConfiguration with every fault, each with its line."""
    try:
        sheet = parse_toml(str(path), path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration([Fault(str(path), 0, f"cannot be read: {error}")]) from None
    root = sheet.root()
    own: dict[date, str] = {}
    theirs: dict[str, dict[date, str]] = {}
    for row in root.rows("closed"):
        agency = row.text("agency", "")
        if agency and agencies and agency not in agencies:  # where none is known, that is fault enough
            row.fault("agency", f'"{agency}" is not an agency of the directory.{nearest(agency, agencies)}')
        into = theirs.setdefault(agency, {}) if agency else own
        why = row.text("why")
        into.update(dict.fromkeys(_days(row), why))
        row.finish()
    root.finish()
    sheet.raise_faults()
    return Closures(own, theirs)


def _days(row: TomlTable) -> list[date]:
    first = row.day("from")
    last = row.day("to", first)
    if first is None or last is None:
        return []
    if not 0 <= (last - first).days < _LONGEST:
        row.fault("to", f'"to" must be the same day as "from" or later, and at most {_LONGEST} days on')
        return []
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# Bank holidays into a ``Calendar``: the only place that asks the ``holidays`` library.
#
# The library works lazily and is mutable; here every year is filled at once and frozen, so that a limit worked out
# twice is the same twice. Which list is in use is the protocol's choice.

# What the protocol file says -> the library's subdivision of "GB". None: no bank holidays at all.
NATIONS: Mapping[str, str | None] = MappingProxyType(
    {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR", "none": None}
)
YEARS_BACK, YEARS_AHEAD = 2, 8
# The library's names, as the government publishes them: a working is read by people who know only these.
PUBLISHED_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "May Day": "Early May bank holiday",
        "Spring Bank Holiday": "Spring bank holiday",
        "Late Summer Bank Holiday": "Summer bank holiday",
        "Summer Bank Holiday": "Summer bank holiday",
    }
)


@lru_cache(maxsize=50)
def bank_holidays(nation: str, years: range) -> Mapping[date, str]:
    """Bank holidays of a nation: days closed by law, with their names. Raises KeyError for a nation that is not in
    ``NATIONS``."""
    subdivision = NATIONS[nation]
    if subdivision is None:
        return MappingProxyType({})
    found = holidays.country_holidays("GB", subdiv=subdivision, years=years, expand=False, language="en_GB")
    return MappingProxyType({day: _published(name) for day, name in sorted(found.items()) if day.year in years})


def _published(name: str) -> str:
    return PUBLISHED_NAMES.get(name, name).replace("(observed)", "(substitute day)")


def calendar_for(rule: CalendarRule, today: date) -> Calendar:
    """A calendar with its bank holidays and closures: the calendar from two years before ``today``'s year to eight
    after it; beyond them it refuses to count."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    return Calendar(
        rule, bank_holidays(rule.bank_holidays, years), date(years.start, 1, 1), date(years.stop - 1, 12, 31)
    )
