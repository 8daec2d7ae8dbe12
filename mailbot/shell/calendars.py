"""Bank holidays into a ``Calendar``: the only place that asks the ``holidays`` library.

The library works lazily and is mutable; here every year is filled at once and frozen, so that a limit worked out twice
is the same twice. Which list is in use is the protocol's choice.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import holidays

from mailbot.core.clocks.calendar import Calendar, CalendarRule

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


def bank_holidays(nation: str, years: range) -> dict[date, str]:
    """Days closed by law, with their names. Raises KeyError for a nation that is not in ``NATIONS``."""
    subdivision = NATIONS[nation]
    if subdivision is None:
        return {}
    found = holidays.country_holidays("GB", subdiv=subdivision, years=years, expand=False, language="en_GB")
    return {day: _published(name) for day, name in sorted(found.items()) if day.year in years}


def _published(name: str) -> str:
    return PUBLISHED_NAMES.get(name, name).replace("(observed)", "(substitute day)")


def calendar_for(rule: CalendarRule, today: date) -> Calendar:
    """The calendar from two years before ``today``'s year to eight after it; beyond them it refuses to count."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    closed = MappingProxyType(bank_holidays(rule.bank_holidays, years))
    return Calendar(rule, closed, date(years.start, 1, 1), date(years.stop - 1, 12, 31))
