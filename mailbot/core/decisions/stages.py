"""Entering and leaving stages: the one way a dispute moves, whoever or whatever moves it."""

from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.authority import substituted
from mailbot.core.decisions.roles import holders_of, sides_of, stand_ins
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Person


def is_partnership_stage(stage: Stage) -> bool:
    """Is a stage one where the partnership itself decides, so that getting there is a referral and
    needs a person (A6.11)?"""
    return bool(stage.decided_by or stage.sent_through)


def partnership_stage(protocol: Protocol) -> Stage | None:
    """The first stage at which the partnership decides; None in a protocol that has none (Plymouth)."""
    return next((s for s in protocol.stages.values() if is_partnership_stage(s)), None)


def next_stage(case: Case) -> Stage | None:
    return stage_after(case.dispute, case.protocol)


def stage_after(dispute: Dispute, protocol: Protocol) -> Stage | None:
    """The stage after the present one, passing over those that may be skipped and have nobody in them."""
    stages = protocol.stages
    stage = stages.get(stages[dispute.stage].next)
    while stage is not None and stage.optional and not _has_anybody(dispute, stage):
        stage = stages.get(stage.next)
    return stage


def _has_anybody(dispute: Dispute, stage: Stage) -> bool:
    return any(p.role in (*stage.raising, *stage.receiving) and p.person.address for p in dispute.parties)


def enter(case: Case, stage: Stage, how: str, at: datetime, by: str = "") -> list[e.Event]:
    """The events that end the present stage and begin ``stage``: its people from the directory
    where nobody named them."""
    events: list[e.Event] = [e.StageEnded(at=at, stage=case.dispute.stage, how="moved up")]
    events += find_people(case, stage, at)
    events += substituted(case, stage, at)
    events.append(e.StageEntered(at=at, stage=stage.id, how=how, by=by))
    return events


def find_people(case: Case, stage: Stage, at: datetime) -> list[e.Event]:
    """On entering a stage, the events that fill its empty roles from the directory, when it has exactly one answer:
    never on a guess."""
    events: list[e.Event] = []
    for name in dict.fromkeys((*stage.raising, *stage.receiving)):
        role = case.protocol.roles[name]
        for side, agency in ((one, agency) for one in sides_of(role) for agency in case.dispute.agencies(one)):
            if role.source is Source.ADDRESS or holders_of(case.dispute, name, side, agency):
                continue
            holders = case.partnership.officers_in(role, role.agency or agency)
            holders = tuple(h for h in holders if case.dispute.party(h.address) is None)
            holders = holders or stand_ins(agency, role, case.partnership)
            if len(holders) == 1:
                events.append(_by_directory(at, role, side, holders[0]))
    return events


def _by_directory(at: datetime, role: Role, side: Side, person: Person) -> e.PersonRecorded:
    beside = role.side is Side.EACH
    return e.PersonRecorded(at=at, role=role.id, side=side, person=person, by="the directory", beside=beside)


def close_dispute(
    dispute: Dispute, outcome: str, at: datetime, by: str, words: str = "", stage: str = ""
) -> list[e.Event]:
    return [
        e.StageEnded(at=at, stage=dispute.stage, how="closed"),
        e.DisputeClosed(at=at, outcome=outcome, stage=stage or dispute.stage, by=by, words=words),
    ]
