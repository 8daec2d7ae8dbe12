"""The picture of a protocol: each clock as a bar over working days, if everything runs to its limit; and where it would
not go on by itself, that it would not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.stage_ends import follows_resolution
from mailbot.core.procedure.working_days import Calendar, CalendarRule
from mailbot.core.reports.timeline import TimelineRow, timeline, where_it_stays

# A week without a holiday, to count days on: what is shown is "Day 5", not a date.
_ANY_MONDAY = date(2026, 9, 7)
WIDTH = 80  # characters: a terminal as it opens, and a sheet of A4
_NAMES = 36  # of them for the names beside the picture


def picture(protocol: Protocol) -> Iterator[str]:
    """The picture of the protocol in its plain English: each clock as a bar over working days, if everything runs to
    its limit; where nothing limits a stage it says so, and goes on with the next; then each other beginning."""
    yield "If everything runs to its limit (working days, counted from the start):"
    yield from _drawn(protocol, _parts(protocol, protocol.usual_start()))
    reached = {row.stage for part in _parts(protocol, protocol.usual_start()) for row in part.rows}
    ahead = {stage.id for stage in protocol.stages.values() if protocol.leads(protocol.usual_start(), stage.id)}
    for stage in protocol.stages.values():
        if (
            stage.start_here
            and stage.id not in reached | ahead
            and not protocol.leads(stage.id, protocol.usual_start())
        ):
            yield f"If it begins at {protocol.stage_name(stage.id)}:"
            yield from _drawn(protocol, _parts(protocol, stage.id))


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of the picture; ``then`` says why it does not go on from there by itself."""

    rows: tuple[TimelineRow, ...]
    then: str


def _parts(protocol: Protocol, start: str) -> list[_Part]:
    """The picture's rows from a stage on, in parts: a new one where nothing limits the stage before it."""
    calendar = plain_calendar(protocol)
    begins = calendar.morning_of(_ANY_MONDAY)
    said = [] if start == protocol.usual_start() else [(begins, f"opened at {protocol.stage_word} {start}")]
    parts: list[_Part] = []
    while True:  # no stages go round in a circle: such a file is refused
        rows = _clocks(protocol, timeline(protocol, calendar, begins, said))
        drawn = {(row.clock, row.stage) for part in parts for row in part.rows}
        new = tuple(row for row in rows if (row.clock, row.stage) not in drawn)
        stage, why = where_it_stays(protocol, calendar, begins, said)
        following = protocol.stages[stage].next
        parts.append(_Part(new, why))
        if not why or following not in protocol.stages:
            return parts
        at = max([row.effective for row in rows if row.stage], default=begins)
        said = [*said, (at, f"{protocol.stage_word} {following} entered")]


def _drawn(protocol: Protocol, parts: list[_Part]) -> Iterator[str]:
    calendar = plain_calendar(protocol)
    every = [row for part in parts for row in part.rows]
    names = _apart([f"{protocol.stage_name(row.stage)}: {row.label}" if row.stage else row.label for row in every])
    days = {row: _day(calendar, _ANY_MONDAY, row.effective) for row in every}
    width = max(days.values(), default=0)
    cell = max(1, min(3, (WIDTH - _NAMES - len("  Day 100")) // max(width, 1)))
    if every:
        yield f"{'':{_NAMES}} " + _scale(width, cell)
    for part in parts:
        for row in part.rows:
            begins, ends = _day(calendar, _ANY_MONDAY, row.start), days[row]
            bar = "".join(("■" if begins < day <= ends else " ").rjust(cell) for day in range(1, width + 1)).rstrip()
            yield f"{names[every.index(row)]:{_NAMES}} {bar}  Day {ends}"
        if part.then:
            more = "; what follows is drawn as if it went on there at once" if part is not parts[-1] else ""
            yield f"  {part.then[:1].upper()}{part.then[1:]}{more}."


def _apart(names: list[str]) -> list[str]:
    """In the protocol's picture, names cut to the width there is; two that would look alike are cut in the middle."""
    cut = [_short(name, _NAMES) for name in names]
    half = _NAMES // 2
    return [
        f"{name[: half - 1]}…{name[-half:]}" if cut.count(short) > 1 and len(name) > _NAMES else short
        for name, short in zip(names, cut, strict=True)
    ]


def _scale(width: int, cell: int) -> str:
    """The scale of the protocol's picture, days under which the bars stand: the first, every fifth and the last, where
    there is room for them."""
    marks = [" "] * (width * cell)
    for day in (1, *range(5, width + 1, 5), width):
        end, said = day * cell, str(day)
        if end >= len(said) and not "".join(marks[max(0, end - len(said) - 1) : end]).strip():
            marks[end - len(said) : end] = said
    return "".join(marks)


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def plain_calendar(protocol: Protocol) -> Calendar:
    """The protocol's week, with no day closed besides."""
    rule = CalendarRule(
        protocol.calendar.working_days, "none", {}, protocol.calendar.timezone, protocol.calendar.day_ends
    )
    return Calendar(rule, {}, date(2026, 1, 1), date(2045, 12, 31))


def _clocks(protocol: Protocol, rows: list[TimelineRow]) -> list[TimelineRow]:
    after_it = {clock.id for clock in protocol.clocks.values() if follows_resolution(protocol, clock)}
    return [row for row in rows if row.working and row.clock not in after_it]


def _day(calendar: Calendar, first: date, instant: datetime) -> int:
    return calendar.working_days_between(first, calendar.local(instant).date())
