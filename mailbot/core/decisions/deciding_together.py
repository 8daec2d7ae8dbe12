"""Those who decide together: whose word a decision takes, whose is still awaited, and what it is once nobody's is."""

from collections.abc import Sequence
from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.who_may.authority import deciders, lacking_members
from mailbot.core.procedure.closed_lists import Source
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, final_route
from mailbot.core.record.events_of_mail import QuestionAsked


def nobody_from(case: Case) -> str:
    """Why a panel that was named cannot decide yet: nobody of one that must be on it (GL-21). "" when it can."""
    for name in deciders(case.dispute, case.protocol):
        role = case.protocol.roles[name]
        lacking = lacking_members(case.dispute, role, case.directory) if role.source is Source.NAMED else ()
        if lacking:
            return (
                f"The procedure wants a {role.title.lower()} from each of: {', '.join(lacking)}. Nobody of theirs is "
                "named yet."
            )
    return ""


def still_silent(said: Sequence[e.DecisionPut], dispute: Dispute, protocol: Protocol) -> list[tuple[str, str]]:
    """Of those who decide together, the seats (role, address) that have not said the last of these decisions."""
    words = said[-1].words.split()
    by_seat = {seat: p.words.split() for p in said for role in p.roles for seat in ((role, ""), (role, p.by.address))}
    return [seat for seat in _seats(dispute, protocol) if by_seat.get(seat) != words]


def asked_whether_decided(case: Case, at: datetime) -> list[e.Event]:
    """The question to those who decide together, where the only one whose word was awaited is one of them no longer:
    all who are have said the same. It is theirs to close, and not whoever's who took somebody out: another may come in
    that place."""
    dispute, protocol = case.dispute, case.protocol
    said = [past for past in dispute.lately if isinstance(past, e.DecisionPut)]
    if not said or not case.stage.together or nobody_from(case) or still_silent(said, dispute, protocol):
        return []
    first, words = said[0].by, " ".join(said[-1].words.split())
    others = list(dict.fromkeys(one.by for one in said if one.by.address != first.address))
    how = "reply DECISION to this letter" if others else "reply DECISION and the words again"
    question = (
        f"Is this decided now? Everybody who decides with you has said: “{words}” Somebody who had not is one of you "
        f"no longer. If it is decided, {how}, and it closes; if somebody else is to decide with you, please wait for "
        "them."
    )
    return [QuestionAsked(at=at, of=one, question=question, topic="decision") for one in others or [first]]


def _seats(dispute: Dispute, protocol: Protocol) -> list[tuple[str, str]]:
    """Everybody whose word a decision takes, where those who decide do so together: each role; of a panel, whose
    members are named at the time, each member."""
    seats = []
    for name in deciders(dispute, protocol):
        members = dispute.filling(name) if protocol.roles[name].source is Source.NAMED else ()
        seats += [(name, p.person.address) for p in members] or [(name, "")]
    return seats


def outcome_of_decision(dispute: Dispute, protocol: Protocol) -> str:
    """Decided by those who decide, what the outcome is called: the route's own outcome, the stage's, else "decided"."""
    route = final_route(dispute, protocol)
    if route is not None and route.outcome:
        return route.outcome
    return next((o.id for o in protocol.outcomes.values() if dispute.stage in o.stages and not o.given_by), "decided")
