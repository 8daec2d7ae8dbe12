"""Entering and leaving stages: the one way a dispute moves, whoever or whatever moves it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from mailbot.core.decisions.authority import substituted
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import AtLimit, Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Party
from mailbot.core.record.events import AbsenceNoticed
from mailbot.core.record.intents import Person


def is_partnership_stage(stage: Stage) -> bool:
    """Is a stage one where the partnership itself decides, so that getting there is a referral and
    needs a person (A6.11)?"""
    return bool(stage.decided_by or stage.sent_through)


def partnership_stage(partnership: Partnership) -> Stage | None:
    """The first stage at which the partnership decides; None in a protocol that has none (Plymouth)."""
    return next((s for s in partnership.protocol.stages.values() if is_partnership_stage(s)), None)


def next_stage(dispute: Dispute, partnership: Partnership) -> Stage | None:
    """The stage after the present one, passing over those that may be skipped and have nobody in them."""
    stages = partnership.protocol.stages
    stage = stages.get(partnership.stage_of(dispute).next)
    while stage is not None and stage.optional and not _has_anybody(dispute, stage):
        stage = stages.get(stage.next)
    return stage


def _has_anybody(dispute: Dispute, stage: Stage) -> bool:
    return any(p.role in (*stage.raising, *stage.receiving) and p.person.address for p in dispute.parties)


def enter(
    dispute: Dispute, stage: Stage, how: str, at: datetime, partnership: Partnership, by: str = ""
) -> list[e.Event]:
    """The events that end the present stage and begin ``stage``: its people from the directory
    where nobody named them."""
    events: list[e.Event] = [e.StageEnded(at=at, stage=dispute.stage, how="moved up")]
    events += find_people(dispute, stage, at, partnership)
    events += substituted(dispute, stage, at, partnership)
    events.append(e.StageEntered(at=at, stage=stage.id, how=how, by=by))
    return events


def find_people(dispute: Dispute, stage: Stage, at: datetime, partnership: Partnership) -> list[e.Event]:
    """The events that fill a stage's empty roles from the directory, when it has exactly one
    answer: never on a guess."""
    events: list[e.Event] = []
    for name in dict.fromkeys((*stage.raising, *stage.receiving)):
        role = partnership.protocol.roles[name]
        for side, agency in ((one, agency) for one in sides_of(role) for agency in dispute.agencies(one)):
            if role.source is Source.ADDRESS or holders_of(dispute, name, side, agency):
                continue
            holders = partnership.directory.holders(role.agency or agency, role.post)
            holders = tuple(h for h in holders if dispute.party(h.address) is None)
            holders = holders or stand_ins(agency, role, partnership)
            if len(holders) == 1:
                events.append(e.PersonRecorded(at=at, role=name, side=side, person=holders[0], by="the directory"))
    return events


def holders_of(dispute: Dispute, role: str, side: Side, agency: str) -> tuple[Party, ...]:
    """Whoever acts in ``role`` for ``agency``, and can be written to; for its side, where that has one agency alone."""
    there = [p for p in dispute.filling(role) if p.side is side and p.person.address]
    several = len(dispute.agencies(side)) > 1
    return tuple(p for p in there if not several or dispute.agency_of(p) == agency)


def stand_ins(name: str, role: Role, partnership: Partnership) -> tuple[Person, ...]:
    """Whoever acts in ``role`` for each agency of a sector that has no officer of its own (GPs, schools)."""
    agency = next((a for a in partnership.directory.agencies if a.name == name), None)
    if agency is None or not agency.sector:
        return ()
    named = [one for one in role.stand_in if one.sector.casefold() == agency.sector.casefold() and one.address]
    return tuple(Person(one.address.lower(), one.title, agency.name, one.title) for one in named)


def sides_of(role: Role) -> tuple[Side, ...]:
    """RAISING, RECEIVING, or both for a role that each agency has."""
    if role.side is Side.EACH:
        return (Side.RAISING, Side.RECEIVING)
    return (role.side,) if role.side in (Side.RAISING, Side.RECEIVING) else ()


def close_dispute(
    dispute: Dispute, outcome: str, at: datetime, by: str, words: str = "", stage: str = ""
) -> list[e.Event]:
    return [
        e.StageEnded(at=at, stage=dispute.stage, how="closed"),
        e.DisputeClosed(at=at, outcome=outcome, stage=stage or dispute.stage, by=by, words=words),
    ]


# Where nobody answers: who may move a dispute on in place of somebody who is silent, away or not known. One silent
# person never locks anybody out; the protocol's file says who may act once the time has passed ([silence]).
RAISING_SIDE, OFFICE = "raising side", "office"  # words of ``may_move_on`` beside the file's own roles
SILENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {RAISING_SIDE: "anybody recorded on the side that raised it", OFFICE: "the partnership's own office"}
)


def may_move_on(dispute: Dispute, protocol: Protocol, address: str) -> bool:
    """May this person move it up, or refer it, though the stage is not with them?"""
    return bool(address) and waits_for_nobody(dispute, protocol) and _is_named(dispute, protocol, address)


def waits_for_nobody(dispute: Dispute, protocol: Protocol) -> bool:
    """Has the time of the present stage, or one that points beyond it, passed; or is there nobody on the raising side
    to wait for?"""
    passed = (p for p in dispute.lately if isinstance(p, e.LimitPassed))
    if any(p.then in (AtLimit.ASK, AtLimit.FLAG, AtLimit.MOVE_UP) and _ends(p, protocol) for p in passed):
        return True
    roles = protocol.stages[dispute.stage].raising
    here = [p.person.address for p in dispute.parties if p.role in roles and p.side is Side.RAISING]
    away = {p.person.address for p in dispute.lately if isinstance(p, AbsenceNoticed)}
    return not {address for address in here if address} - away


def _ends(passed: e.LimitPassed, protocol: Protocol) -> bool:
    """Was it a limit of the stage itself, or a length over several that points to a later one?"""
    clock = protocol.clocks.get(passed.clock)
    return bool(passed.points_to) or (clock is not None and clock.done_when is None and clock.counts)


def _is_named(dispute: Dispute, protocol: Protocol, address: str) -> bool:
    named = protocol.silence.may_move_on
    mine = [p for p in dispute.parties if p.person.address == address]
    if RAISING_SIDE in named and mine and mine[-1].side is Side.RAISING:
        return True
    if OFFICE in named and address in protocol.office_addresses:
        return True
    offices = {r.id for r in protocol.roles.values() if r.address.lower() == address}
    return bool(({p.role for p in mine} | offices) & set(named))
