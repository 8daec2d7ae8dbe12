"""Entering and leaving stages: the one way a dispute moves, whoever or whatever moves it."""

from datetime import datetime

from mailbot.core.decisions.authority import substituted
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Party
from mailbot.core.record.intents import Person


def is_partnership_stage(stage: Stage) -> bool:
    """Is a stage one where the partnership itself decides, so that getting there is a referral and
    needs a person (A6.11)?"""
    return bool(stage.decided_by or stage.sent_through)


def partnership_stage(protocol: Protocol) -> Stage | None:
    """The first stage at which the partnership decides; None in a protocol that has none (Plymouth)."""
    return next((s for s in protocol.stages.values() if is_partnership_stage(s)), None)


def next_stage(dispute: Dispute, partnership: Partnership) -> Stage | None:
    return stage_after(dispute, partnership.protocol)


def stage_after(dispute: Dispute, protocol: Protocol) -> Stage | None:
    """The stage after the present one, passing over those that may be skipped and have nobody in them."""
    stages = protocol.stages
    stage = stages.get(stages[dispute.stage].next)
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
            holders = partnership.officers_in(role, role.agency or agency)
            holders = tuple(h for h in holders if dispute.party(h.address) is None)
            holders = holders or stand_ins(agency, role, partnership)
            if len(holders) == 1:
                events.append(_by_directory(at, role, side, holders[0]))
    return events


def _by_directory(at: datetime, role: Role, side: Side, person: Person) -> e.PersonRecorded:
    beside = role.side is Side.EACH
    return e.PersonRecorded(at=at, role=role.id, side=side, person=person, by="the directory", beside=beside)


def holders_of(dispute: Dispute, role: str, side: Side, agency: str) -> tuple[Party, ...]:
    """At a stage, whoever acts in ``role`` for ``agency``, and can be written to; for its side, where that has one
    agency alone."""
    there = [p for p in dispute.filling(role) if p.side is side and p.person.address]
    several = len(dispute.agencies(side)) > 1
    return tuple(p for p in there if not several or dispute.agency_of(p) == agency)


def stand_ins(name: str, role: Role, partnership: Partnership) -> tuple[Person, ...]:
    """At a stage, whoever acts in ``role`` for each agency of a sector that has no officer of its own (GPs,
    schools)."""
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
