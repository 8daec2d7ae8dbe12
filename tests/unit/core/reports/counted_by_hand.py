"""The figures counted from the ledger's own text, the slow way: no dispute, no fold, none of the code that counts them.

It reads each entry's JSON with its time, puts aside what WRONG took back, and keeps a tally as a clerk would. It judges
``mailbot.core.telling.measures*``.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.core.record.ledger import Entry
from tests.unit.core.procedure.oracle import ONE_DAY, bank_holidays

LONDON = ZoneInfo("Europe/London")
Line = tuple[str, datetime, dict[str, Any]]  # kind, the instant it counts from, its contents


@dataclass
class Tally:
    """What a clerk with the ledger on the table comes to for one period."""

    raised: int = 0
    closed: Counter[str] = field(default_factory=Counter)  # by the stage at which it closed
    withdrawn: int = 0
    days: list[int] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)
    visits: int = 0
    visits_within: int = 0
    opened: int = 0
    answers: list[int] = field(default_factory=list)
    unanswered: int = 0
    confirmed: int = 0
    proposed_and_closed: int = 0
    proposals: int = 0
    put_back: int = 0
    urgent: int = 0
    marks: Counter[int] = field(default_factory=Counter)
    actions: int = 0
    actions_kept: int = 0
    open_at: Counter[str] = field(default_factory=Counter)  # by stage, at the end


def tally(ledgers: Sequence[Sequence[Entry]], start: datetime, end: datetime, known: datetime | None = None) -> Tally:
    """``known``: until when the ledger is read; ``end`` by default."""
    counted = Tally()
    for ledger in ledgers:
        lines = _standing([_line(entry) for entry in ledger], known or end)
        if lines:
            _one(lines, counted, start, end)
    return counted


def _line(entry: Entry) -> Line:
    contents = json.loads(entry.text)
    return entry.kind, datetime.fromisoformat(contents["at"]), contents


def _standing(lines: list[Line], end: datetime) -> list[Line]:
    struck = {place for kind, at, what in lines if kind == "MisreadUndone" and at < end for place in what["places"]}
    kept = [line for place, line in enumerate(lines) if place not in struck and line[1] < end]
    # Danger stays told, whatever else of its message was taken back.
    told = [line for place, line in enumerate(lines) if place in struck and line[0] == "RiskReported" and line[1] < end]
    return kept + told


def _one(lines: list[Line], counted: Tally, start: datetime, end: datetime) -> None:
    def inside(at: datetime) -> bool:
        return start <= at < end

    opened = lines[0]
    raised = datetime.fromisoformat(opened[2]["raised"])
    counted.raised += inside(raised)
    stage, entered, closed, proposal, sides, hopeful = "", raised, None, None, set[str](), False
    marks: dict[str, int] = {}
    for place, (kind, at, what) in enumerate(lines):
        match kind:
            case "StageEntered":
                if what["how"] in ("limit", "asked", "referred") and inside(at):
                    counted.moves[what["how"]] += 1
                stage, entered = what["stage"], at
                if what["how"] != "limit":  # a move by the limit leaves a proposal standing
                    proposal, sides = None, set()
            case "StageEnded":
                after = [w for k, a, w in lines[place + 1 : place + 5] if k == "StageEntered" and a == at]
                pushed = any(next_one["how"] == "limit" for next_one in after)
                rested = datetime.fromisoformat(proposal["at"]) if what["how"] == "closed" and proposal else at
                if inside(at):
                    counted.visits += 1
                    counted.visits_within += not pushed and rested <= _limit(lines[:place], raised, entered, stage)
            case "ResolutionProposed":
                proposal, sides, hopeful = what, {what["side"]}, inside(at)
                counted.proposals += inside(at)
            case "ResolutionConfirmed":
                sides = sides | {what["side"]}
            case "ResolutionObjected" | "DisputeReopened":
                counted.put_back += hopeful
                proposal, sides, hopeful = None, set(), False
                if kind == "DisputeReopened":
                    closed, entered = None, at
            case "DecisionMade":
                proposal = None
            case "DisputeClosed":
                closed = (at, what)
            case "RiskReported":
                counted.urgent += inside(at)
            case "FeedbackGiven" if inside(at):
                marks[what["by"]["address"]] = what["helpful"]
    counted.marks.update(marks.values())
    _ending(counted, closed, stage, proposal, sides, raised, inside)
    _answers(counted, lines, inside)
    if closed is not None and proposal is not None and closed[1]["outcome"] == proposal["outcome"]:
        _actions(counted, lines, proposal, inside)


def _ending(
    counted: Tally, closed: Any, stage: str, proposal: Any, sides: set[str], raised: datetime, inside: Any
) -> None:
    if closed is None:
        counted.open_at[stage] += 1
        return
    at, what = closed
    if not inside(at):
        return
    if what["outcome"] == "withdrawn":
        counted.withdrawn += 1
        return
    counted.closed[what["stage"]] += 1
    counted.days.append(working_days(raised, at))
    counted.proposed_and_closed += proposal is not None
    counted.confirmed += proposal is not None and sides == {"raising", "receiving"}


# The published lengths, in working days: by stage, and over several stages from the raising.
LENGTHS = {"NS": {"1": 1, "2": 2, "3": 2, "4": 3}, "GL": {"1": 5, "2": 5, "3": 5, "4": 10}}
CAPS = {"NS": (({"1", "2", "3"}, 5), ({"1", "2", "3", "4"}, 8)), "GL": ()}


def _limit(before: list[Line], raised: datetime, entered: datetime, stage: str) -> datetime:
    house = before[0][2]["reference"][:2]
    holds = _closes(entered, LENGTHS[house][stage])
    for on, at in sorted((what["on"], at) for kind, at, what in before if kind == "ProtectiveDateSet"):
        close = _five_o_clock(date.fromisoformat(on))
        if close <= at:
            today = at.astimezone(LONDON).date()
            close = _five_o_clock(today) if _is_open(today) and at < _five_o_clock(today) else _closes(at, 1)
        if entered < close < holds:
            holds = close
            break
    ahead = [_closes(raised, days) for stages, days in CAPS[house] if stage in stages]
    return min([holds, *(cap for cap in ahead if entered < cap)])


def _closes(start: datetime, days: int) -> datetime:
    day = start.astimezone(LONDON).date()
    while days:
        day += ONE_DAY
        days -= _is_open(day)
    return _five_o_clock(day)


def _five_o_clock(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=LONDON)


def _is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays("england-and-wales", day.year)


def _answers(counted: Tally, lines: list[Line], inside: Any) -> None:
    opened = lines[0][1]
    if not inside(opened):
        return
    counted.opened += 1
    heard = [at for kind, at, what in lines if kind == "MessageFiled" and what["side"] == "receiving"]
    if heard:
        counted.answers.append(working_days(opened, min(heard)))
    else:
        counted.unanswered += 1


def _actions(counted: Tally, lines: list[Line], proposal: dict[str, Any], inside: Any) -> None:
    for action in proposal["actions"]:
        if not action["by"]:
            continue
        day = date.fromisoformat(action["by"])
        if inside(_five_o_clock(day)):
            counted.actions += 1
            done = [at for kind, at, what in lines if kind == "ActionReported" and what["what"] == action["what"]]
            counted.actions_kept += bool(done) and done[-1].astimezone(LONDON).date() <= day


def working_days(first: datetime, last: datetime) -> int:
    """Counted with a finger on the calendar: the first day is none."""
    day, until, number = first.astimezone(LONDON).date(), last.astimezone(LONDON).date(), 0
    while day < until:
        day += ONE_DAY
        number += _is_open(day)
    return number


def weeks_before(end: datetime, count: int) -> datetime:
    """The same hour on the wall ``count`` weeks earlier."""
    local = end.astimezone(LONDON)
    day = local.date() - timedelta(days=7 * count)
    return datetime.combine(day, local.time(), LONDON)
