"""Agencies of which nothing is heard: "a lack of appropriate challenge" shows in reports that never come (PL-14).

Put as a question, never as a verdict: an agency may have no disagreements. Asked once a month, for a list that comes
every week is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.happened.dispute import Dispute

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Silent:
    """``last`` is the day of the last dispute it raised or received, None for never."""

    agency: str
    last: date | None


def silent(
    disputes: Sequence[Dispute], agencies: Sequence[str], calendar: Calendar, now: datetime
) -> tuple[Silent, ...]:
    """The agencies of the directory with nothing raised and nothing received in the year before ``now``."""
    rows = []
    for agency in agencies:
        days = [d.raised for d in disputes if agency in (d.raising, *d.receiving_agencies)]
        if not any(day > now - YEAR for day in days):
            rows.append(Silent(agency, calendar.local(max(days)).date() if days else None))
    return tuple(rows)


def is_first_of_month(start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Is the digest of this week the first that comes out in its month?"""
    return calendar.local(start).month != calendar.local(end).month
