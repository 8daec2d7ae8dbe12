"""An agency's own numbers for its own lead, and the agencies of which nothing is heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute

# How many disputes each agency raised and received in a month, by the highest stage they reached: an agency's own
# numbers, for its own lead, and nobody else's (GL-24). No reference, no child, no person.


@dataclass(frozen=True, slots=True)
class StageCount:
    """``raised`` and ``received``: disputes begun in the month whose highest stage so far is ``stage``."""

    stage: str
    raised: int
    received: int


@dataclass(frozen=True, slots=True)
class Counts:
    """One agency's month. ``month`` is its first day; ``closed`` counts what ended in it, whenever it began."""

    partnership: str
    short: str
    risk: str
    agency: str
    month: date
    raised: int
    received: int
    closed: int
    open_now: int
    stages: tuple[StageCount, ...]
    why: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.raised or self.received or self.closed or self.open_now)


def agency_counts(
    disputes: Sequence[Dispute], agency: str, month: date, protocol: Protocol, calendar: Calendar, why: str = ""
) -> Counts:
    """``agency``'s numbers for the month that begins on ``month``, by the day each dispute was raised."""
    mine = [d for d in disputes if agency in (d.raising, *d.receiving_agencies)]
    begun = [d for d in mine if _first_of(calendar.local(d.raised).date()) == month]
    raised = [d for d in begun if d.raising == agency]
    received = [d for d in begun if agency in d.receiving_agencies]
    rows = tuple(
        StageCount(
            protocol.stage_name(stage),
            sum(1 for d in raised if _highest(d, protocol) == stage),
            sum(1 for d in received if _highest(d, protocol) == stage),
        )
        for stage in protocol.order()
    )
    return Counts(
        partnership=protocol.partnership,
        short=protocol.short,
        risk=protocol.risk.line,
        agency=agency,
        month=month,
        raised=len(raised),
        received=len(received),
        closed=sum(1 for d in mine if d.closed and _first_of(calendar.local(d.closed).date()) == month),
        open_now=sum(1 for d in mine if d.is_open),
        stages=rows,
        why=why,
    )


def _first_of(day: date) -> date:
    return day.replace(day=1)


def _highest(dispute: Dispute, protocol: Protocol) -> str:
    return max((visit.stage for visit in dispute.visits), key=protocol.order().index)


# Agencies of which nothing is heard: "a lack of appropriate challenge" shows in reports that never come (PL-14).
#
# Put as a question, never as a verdict: an agency may have no disagreements. Asked once a month, for a list that
# comes every week is not read.

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Silent:
    """``last`` is the day of the last dispute it raised or received, None for never."""

    agency: str
    last: date | None


def silent_agencies(
    disputes: Sequence[Dispute], agencies: Sequence[str], calendar: Calendar, now: datetime
) -> tuple[Silent, ...]:
    """The silent agencies, whose counts are nought: those of the directory with nothing raised and nothing received in
    the year before ``now``."""
    rows = []
    for agency in agencies:
        days = [d.raised for d in disputes if agency in (d.raising, *d.receiving_agencies)]
        if not any(day > now - _YEAR for day in days):
            rows.append(Silent(agency, calendar.local(max(days)).date() if days else None))
    return tuple(rows)


def is_first_of_month(start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Is this week's digest the first in its month, with which each agency's counts go out?"""
    return calendar.local(start).month != calendar.local(end).month
