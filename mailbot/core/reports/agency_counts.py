"""An agency's own numbers for its own lead, and the agencies of which nothing is heard."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports.portions import AddedUp

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


@dataclass(frozen=True, slots=True)
class MonthCounted(AddedUp):
    """What agencies are told of a month, each counter by agency; ``raised`` and ``received`` by the highest stage so
    far too, of disputes begun in it; ``closed`` ended in it, whenever they began."""

    raised: "Counter[tuple[str, str]]"
    received: "Counter[tuple[str, str]]"
    closed: "Counter[str]"
    open_now: "Counter[str]"


def month_counted(disputes: Sequence[Dispute], month: date, protocol: Protocol, calendar: Calendar) -> MonthCounted:
    """What agencies are told of the month that begins on ``month``, by the day each dispute was raised."""
    begun = [d for d in disputes if _first_of(calendar.local(d.raised).date()) == month]
    closed = [d for d in disputes if d.closed and _first_of(calendar.local(d.closed).date()) == month]
    return MonthCounted(
        raised=Counter((d.raising, _highest(d, protocol)) for d in begun),
        received=Counter(
            (agency, _highest(d, protocol)) for d in begun for agency in dict.fromkeys(d.receiving_agencies)
        ),
        closed=Counter(agency for d in closed for agency in _agencies(d)),
        open_now=Counter(agency for d in disputes if d.is_open for agency in _agencies(d)),
    )


def _agencies(dispute: Dispute) -> frozenset[str]:
    return frozenset((dispute.raising, *dispute.receiving_agencies))


def agency_counts(counted: MonthCounted, agency: str, month: date, protocol: Protocol, why: str = "") -> Counts:
    """``agency``'s own numbers for the month that begins on ``month``."""
    rows = tuple(
        StageCount(protocol.stage_name(stage), counted.raised[agency, stage], counted.received[agency, stage])
        for stage in protocol.order()
    )
    return Counts(
        partnership=protocol.partnership,
        short=protocol.short,
        risk=protocol.risk.line,
        agency=agency,
        month=month,
        raised=sum(row.raised for row in rows),
        received=sum(row.received for row in rows),
        closed=counted.closed[agency],
        open_now=counted.open_now[agency],
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


@dataclass(frozen=True, slots=True)
class LastHeard:
    """When each agency last raised or received a dispute."""

    days: Mapping[str, datetime]

    def __add__(self, other: "LastHeard") -> "LastHeard":
        later = {name: day for name, day in other.days.items() if name not in self.days or day > self.days[name]}
        return LastHeard({**self.days, **later})


def last_heard(disputes: Iterable[Dispute]) -> LastHeard:
    days: dict[str, datetime] = {}
    for dispute in disputes:
        for agency in (dispute.raising, *dispute.receiving_agencies):
            days[agency] = max(dispute.raised, days.get(agency, dispute.raised))
    return LastHeard(days)


def silent_agencies(heard: LastHeard, agencies: Sequence[str], calendar: Calendar, now: datetime) -> tuple[Silent, ...]:
    """The silent agencies, whose counts are nought: those of the directory with nothing raised and nothing received in
    the year before ``now``."""
    found = ((agency, heard.days.get(agency)) for agency in agencies)
    silent = ((agency, last) for agency, last in found if last is None or last <= now - _YEAR)
    return tuple(Silent(agency, calendar.local(last).date() if last else None) for agency, last in silent)


def is_first_of_month(start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Is this week's digest the first in its month, with which each agency's counts go out?"""
    return calendar.local(start).month != calendar.local(end).month
