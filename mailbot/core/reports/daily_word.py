"""The daily word to the office: on mornings on which a limit falls, mail waits for a person, or something is wrong, and
on no other (a letter that says nothing is soon not read, G20). Since it lists every open limit, whoever holds the last
one can go on by hand. That mailbot is at work is watched from outside (G3, F45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports.digest import Working
from mailbot.core.reports.digest_needs import acted_on_late
from mailbot.core.reports.digest_rows import Due, OpenRow, is_past, open_row
from mailbot.core.reports.measures import CountedBy, Period
from mailbot.core.reports.portions import AddedUp


@dataclass(frozen=True, slots=True)
class Passed:
    """``limit`` local: when it passed, while nothing was at work to see it."""

    reference: str
    stage: str
    limit: datetime


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """``today``: the limits of the day; ``later``: all the others ahead, by day; ``past``: those gone by.
    ``meanwhile``: limits that passed since the last word like this and were acted on only afterwards."""

    partnership: str
    short: str
    risk: str
    subject_word: str
    day: date
    working: Working
    open_now: int
    today: tuple[OpenRow, ...]
    later: tuple[Due, ...]
    past: tuple[OpenRow, ...]
    without: tuple[OpenRow, ...]  # open at a stage that sets no limit
    meanwhile: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class WordCounted(AddedUp):
    """What the daily word takes from disputes: ``rows`` of those that are open."""

    rows: tuple[OpenRow, ...]
    meanwhile: tuple[Passed, ...]


def word_counted(disputes: Sequence[Dispute], by: CountedBy, since: Period) -> WordCounted:
    """What the daily word of ``since``, which began with the last one, takes from ``disputes``."""
    protocol, calendar = by.protocol, by.calendar
    return WordCounted(
        tuple(open_row(d, protocol, calendar, by.limit_of(d), since[1]) for d in disputes if d.is_open),
        tuple(
            Passed(dispute.reference, protocol.stage_name(passed.stage), calendar.local(passed.limit))
            for dispute, passed in acted_on_late(disputes, since)
        ),
    )


def daily_word(
    counted: WordCounted, working: Working, protocol: Protocol, calendar: Calendar, now: datetime
) -> Heartbeat | None:
    """The daily word of what stands ``now``, ``counted`` of the disputes that are open and of whatever has changed
    since the last word; None on a day on which no limit falls, nothing waits for a person, and nothing is wrong."""
    rows, meanwhile = counted.rows, counted.meanwhile
    past = sorted((r for r in rows if is_past(r, now)), key=lambda r: (-r.days_over, r.reference))
    ahead: dict[date, list[OpenRow]] = {}
    for one in sorted(rows, key=lambda r: r.reference):
        if one.limit is not None and not is_past(one, now):
            ahead.setdefault(one.limit.date(), []).append(one)
    today = calendar.local(now).date()
    if not (ahead.get(today) or working.held or meanwhile or working.is_wrong):
        return None
    return Heartbeat(
        partnership=protocol.partnership,
        short=protocol.short,
        risk=protocol.risk.line,
        subject_word=protocol.subject,
        day=today,
        working=working,
        open_now=len(rows),
        today=tuple(ahead.get(today, ())),
        later=tuple(Due(day, tuple(ahead[day])) for day in sorted(ahead) if day != today),
        past=tuple(past),
        without=tuple(r for r in rows if r.limit is None),
        meanwhile=meanwhile,
    )
