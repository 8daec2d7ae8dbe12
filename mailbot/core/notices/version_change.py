"""A change of version: moving an open dispute to another version of its protocol, what would change, why it
may not be, and the events.

A dispute keeps the version it was opened under. Moving it is a person's recorded act, looked at first. It never makes
anybody late: a limit that the other version would already have let pass refuses the move (A6.7: never born overdue).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.due import Moment, What, moments
from mailbot.core.notices.announcements import announce
from mailbot.core.notices.notice import Notice, settle
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.stage_ends import deciding_clock
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage as each version has it, its length included; "" where a version does not have it."""

    shown: str
    was: str
    becomes: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit of the present stage under each version; None where that version has no such clock."""

    label: str
    was: datetime | None
    becomes: datetime | None


@dataclass(frozen=True, slots=True)
class VersionMove:
    """A move as it would be made now. ``refused`` says why it cannot be; then there are no events and no notices."""

    reference: str
    stages: tuple[StageRow, ...]
    limits: tuple[LimitRow, ...]
    refused: str = ""
    events: tuple[e.Event, ...] = ()
    notices: tuple[Notice, ...] = ()


def is_older(case: Case, new: Partnership) -> bool:
    """Is it under a version that came into force before ``new``?"""
    old, protocol = case.protocol, new.protocol
    same = old.id == protocol.id and case.dispute.version != protocol.version
    return same and old.published.in_force < protocol.published.in_force


def move_to_version(case: Case, new: Partnership, by: str, why: str) -> VersionMove:
    """The change of version by which a case, as its own version has it, moves to ``new`` now. ``by`` and ``why`` go
    into the record."""
    stages = tuple(_stages(case.dispute, case.protocol, new.protocol))
    if refused := _refused_for_its_parts(case, new):
        return VersionMove(case.dispute.reference, stages, (), refused)
    version = e.VersionMoved(at=case.now, version=new.protocol.version, by=by, why=why)
    moved = Case(case.dispute.after(version), new, case.now)
    rows = tuple(_limits(case.limits, moved.limits))
    if refused := _refused_for_its_limits(case, moved):
        return VersionMove(case.dispute.reference, stages, rows, refused)
    events = (version, *_limit_moved(case, moved))
    for event in events[1:]:
        moved = moved.after(event)
    told = settle(n for event in events for n in announce(event, moved) if new.may_write_to(n.to.address))
    return VersionMove(case.dispute.reference, stages, rows, events=events, notices=told)


def _refused_for_its_parts(case: Case, new: Partnership) -> str:
    """Why a change of version is refused: what the record of the dispute names and the new version does not have."""
    dispute, old, protocol = case.dispute, case.protocol, new.protocol
    version = protocol.version
    if not dispute.is_open:
        return "it is closed, and stays as it was closed"
    if dispute.version == version:
        return f"it follows version {version} already"
    if protocol.published.in_force > new.calendar.local(case.now).date():
        return f"version {version} is not in force yet"
    missing = [visit.stage for visit in dispute.visits if visit.stage not in protocol.stages]
    if missing:
        been = "is at" if dispute.stage == missing[-1] else "has been at"
        return f"it {been} {old.stage_name(missing[-1])}, which version {version} does not have"
    for party in dispute.parties:
        if party.role in old.roles and party.role not in protocol.roles:
            title = old.roles[party.role].title
            return f"somebody is recorded as {title}, a role version {version} does not have"
    outcome = dispute.proposal.outcome if dispute.proposal else ""
    if outcome in old.outcomes and outcome not in protocol.outcomes:
        label = old.outcomes[outcome].label
        return f'"{label}" waits to be confirmed, an outcome version {version} does not have'
    return ""


def _refused_for_its_limits(case: Case, moved: Case) -> str:
    if any(_come(case)):
        return "a limit has just come that has not been acted on: let the service, or mailbot once, make a turn first"
    gone = {m.clock: m.limit for m in _come(moved)}
    before, after = case.stage_limit, moved.stage_limit
    if after is not None and after.holds <= case.now and (before is None or before.holds > case.now):
        gone.setdefault(after.clock, after.holds)  # one side waits for the other's word: its old limit may come back
    for clock, limit in gone.items():
        found = moved.protocol.clocks.get(clock) or moved.protocol.caps.get(clock)
        local = moved.calendar.local(limit)
        when = f"{local:%H:%M} on {local:%a} {local.day} {local:%b}"
        return (
            f'under version {moved.protocol.version} "{found.label if found else clock}" would have ended at {when}, '
            "and nobody is late by a rule that did not hold for them"
        )
    return ""


def _come(case: Case) -> Iterator[Moment]:
    """Limits that have come and were not acted on."""
    return (m for m in moments(case) if m.what is not What.REMIND and m.at <= case.now)


def _limit_moved(case: Case, moved: Case) -> Iterator[e.Event]:
    """The event of a stage's limit that moves with a change of version; one that has passed stays passed (A6.8)."""
    before, after = case.stage_limit, moved.stage_limit
    if before is None or after is None or before.holds == after.holds or before.holds <= case.now:
        return
    version, day = moved.protocol.version, moved.protocol.published.in_force
    why = f"it now follows the version in force from {day.day} {day:%B %Y}"
    yield e.CalendarMoved(
        at=case.now, stage=case.dispute.stage, was=before.holds, becomes=after.holds, why=why, version=version
    )


def _stages(dispute: Dispute, old: Protocol, new: Protocol) -> Iterator[StageRow]:
    for stage in dict.fromkeys((*old.stages, *new.stages)):
        shown = (old if stage in old.stages else new).stage_name(stage)
        yield StageRow(shown, _stage(stage, old), _stage(stage, new), stage == dispute.stage)


def _stage(stage: str, protocol: Protocol) -> str:
    """ "Managers, 2 working days"."""
    if stage not in protocol.stages:
        return ""
    clock = deciding_clock(protocol, stage)
    return protocol.stages[stage].name + (f", {clock.within.text}" if clock else "")


def _limits(before: tuple[Limit, ...], after: tuple[Limit, ...]) -> Iterator[LimitRow]:
    was, becomes = ({limit.clock: limit for limit in some} for some in (before, after))
    for clock in dict.fromkeys((*was, *becomes)):
        old, new = was.get(clock), becomes.get(clock)
        label = next(limit.label for limit in (new, old) if limit is not None)
        yield LimitRow(label, old.holds if old else None, new.holds if new else None)
