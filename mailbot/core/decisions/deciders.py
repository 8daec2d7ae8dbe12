"""Who decides, where it is not for the two sides to agree: the stage's own deciders, whoever takes their place, or
those to whom a route with a final decision has brought it."""

from datetime import datetime

from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Effect, Source
from mailbot.core.procedure.directory import Directory
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol, Role, Route, Stage

CONCERNED = "the agencies concerned"  # among the members of a role: an officer of each agency in the dispute


def deciders(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """The roles that may decide now; () where nobody does."""
    route = final_route(dispute, protocol)
    if route is not None:
        return route.to
    stage = protocol.stages[dispute.stage]
    instead = dispute.fields.get(_key(stage), "")
    named = (instead,) if instead in protocol.roles else stage.decided_by
    return tuple(name for name in named if _is_there(name, dispute, protocol))


def _is_there(name: str, dispute: Dispute, protocol: Protocol) -> bool:
    """A panel that is named at the time exists when its members are named: until then nobody decides."""
    return protocol.roles[name].source is not Source.NAMED or bool(dispute.filling(name))


def lacking_members(dispute: Dispute, role: Role, directory: Directory) -> tuple[str, ...]:
    """Of whom the people named for ``role`` have nobody yet: statutory partners, and the agencies concerned (GL-21)."""
    there = {p.person.agency for p in dispute.filling(role.id)}
    partners = {a.partner.casefold() for a in directory.agencies if a.name in there and a.partner}
    lacking = [m for m in role.members if m not in (CONCERNED, *partners) and m.casefold() not in partners]
    if CONCERNED in role.members:
        lacking += [a for a in (dispute.raising, *dispute.receiving_agencies) if a and a not in there]
    return tuple(lacking)


def final_route(dispute: Dispute, protocol: Protocol) -> Route | None:
    """The route with a final decision that was taken, if one was."""
    taken = (protocol.routes.get(name) for name, _ in dispute.routes)
    return next((route for route in taken if route is not None and route.effect is Effect.FINAL), None)


def is_final(dispute: Dispute, protocol: Protocol) -> bool:
    """Is a decision made here final and binding?"""
    return protocol.stages[dispute.stage].final_and_binding or final_route(dispute, protocol) is not None


def outcome_of_decision(dispute: Dispute, protocol: Protocol) -> str:
    """What the protocol calls a decision made here: the route's own outcome, the stage's, else "decided"."""
    route = final_route(dispute, protocol)
    if route is not None and route.outcome:
        return route.outcome
    return next((o.id for o in protocol.outcomes.values() if dispute.stage in o.stages and not o.given_by), "decided")


def substituted(dispute: Dispute, stage: Stage, at: datetime, partnership: Partnership) -> list[e.Event]:
    """A deciding partner that is itself a party does not decide: who does instead is put on the record as the stage
    begins, so that a directory changed later changes nothing that was begun (SU-10; hazard G7)."""
    instead = stage.if_party_then
    if instead is None:
        return []
    if instead.role not in stage.decided_by:
        return []
    members = {member.casefold() for member in partnership.protocol.roles[instead.role].members}
    sides = {dispute.raising, *dispute.receiving_agencies}
    parties = {agency.partner.casefold() for agency in partnership.directory.agencies if agency.name in sides}
    if not members & parties:
        return []
    return [e.FieldRecorded(at=at, key=_key(stage), value=instead.use, by="the directory")]


def _key(stage: Stage) -> str:
    return f"decided_by:{stage.id}"
