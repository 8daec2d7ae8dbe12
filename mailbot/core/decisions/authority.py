"""Authority: who may do what, at which stage. One table; each rule answers "" for yes, or the reason said to the
person. An address is authority only when the message it came on was authenticated
(``mailbot.mail.incoming.sender_and_authentication``); that is settled before anything here is asked. The rules are
those of the five published procedures read together: a resolution needs both sides, the raiser may always object,
only the partnership decides.

An address is authority only when the message it came on was authenticated
(``mailbot.mail.incoming.sender_and_authentication``); that is settled before anything here is asked. The rules are
those of the five published procedures read together: a resolution needs both sides, the raiser may always object,
only the partnership decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.silence import may_move_on
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Party, final_route
from mailbot.core.record.intents import Act

# Who decides, where it is not for the two sides to agree: the stage's own deciders, whoever takes their place, or
# those to whom a route with a final decision has brought it.


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


def _key(stage: Stage) -> str:
    return f"decided_by:{stage.id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who ``address`` is in this dispute: their party entries, and the partnership roles whose address it is."""

    address: str
    parties: tuple[Party, ...]
    offices: tuple[str, ...]
    stage: Stage
    above: tuple[str, ...]  # roles of this stage and the later ones
    deciders: tuple[str, ...] = ()
    is_office: bool = False  # the partnership's own office, whatever its file calls it
    may_move_on: bool = False  # in place of somebody silent
    dates_with: bool = False  # somebody with whom a date of this stage is agreed on their own side (SU step 2)

    @property
    def side(self) -> Side | None:
        return self.parties[-1].side if self.parties else None

    @property
    def agency(self) -> str:
        return self.parties[-1].person.agency if self.parties else ""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(party.role for party in self.parties)

    @property
    def is_party(self) -> bool:
        return bool(self.parties)

    @property
    def is_current(self) -> bool:
        """Has a person the authority of the present stage, or of one above it? An elder may
        always speak for the side."""
        return bool(self.roles & set(self.above))

    @property
    def is_raiser(self) -> bool:
        return "raiser" in self.roles

    @property
    def is_business_manager(self) -> bool:
        return self.is_office


def partnership_roles(protocol: Protocol, address: str) -> tuple[str, ...]:
    """The partnership's roles whose fixed address this is."""
    return tuple(
        role.id
        for role in protocol.roles.values()
        if role.source is Source.ADDRESS and role.address.lower() == address and address
    )


def standing(dispute: Dispute, protocol: Protocol, address: str) -> Standing:
    stage = protocol.stages[dispute.stage]
    order = protocol.order()
    later = [protocol.stages[s] for s in order[order.index(stage.id) :]]
    above = tuple(role for s in later for role in (*s.raising, *s.receiving))
    parties = tuple(p for p in dispute.parties if address and p.person.address == address)
    return Standing(
        address,
        parties,
        partnership_roles(protocol, address),
        stage,
        above,
        deciders(dispute, protocol),
        is_office=bool(address) and address in protocol.office_addresses,
        may_move_on=may_move_on(dispute, protocol, address),
        dates_with=bool(stage.agreed_with) and stage.agreed_with in {p.role for p in parties},
    )


Rule = Callable[[Dispute, Standing], str]


def _party(dispute: Dispute, who: Standing) -> str:
    return "" if who.is_party or who.offices else "you are not recorded as a party to this dispute"


def _resolver(dispute: Dispute, who: Standing) -> str:
    if who.is_current or who.roles & {"raiser", "responder"}:
        return ""
    return "a resolution is reported by the people this stage is with, or by the practitioners"


def _confirmer(dispute: Dispute, who: Standing) -> str:
    proposal = dispute.proposal
    if proposal is None:
        return "no resolution is waiting to be confirmed"
    if who.side is None or dispute.voice(who.side, who.agency) in dispute.confirmed:
        return "the other side confirms what one side has reported"
    return "" if who.is_current or not _somebody_current(dispute, who) else "it is for the people this stage is with"


def _somebody_current(dispute: Dispute, who: Standing) -> bool:
    """Does this person's side have anybody at the present stage or above, who could speak instead?"""
    mine = dispute.voice(who.side, who.agency) if who.side else None
    return any(
        p.role in who.above and p.person.address and dispute.voice(p.side, dispute.agency_of(p)) == mine
        for p in dispute.parties
    )


def _objector(dispute: Dispute, who: Standing) -> str:
    if who.is_raiser:
        return ""  # G12: the raiser may always disagree
    proposal = dispute.proposal
    if proposal is not None and who.side is proposal.side and who.agency in ("", proposal.by.agency):
        return "your own side reported this; reply WRONG to take it back"
    return _party(dispute, who)


def _raising_current(dispute: Dispute, who: Standing) -> str:
    if (who.side is Side.RAISING and who.is_current) or who.may_move_on:
        return ""
    if who.side is Side.RECEIVING:
        return "moving it up is for the agency that raised it; your view has been recorded and they have been told"
    return "moving it up is for the people this stage is with, on the side that raised it"


def _decider(dispute: Dispute, who: Standing) -> str:
    if not who.deciders:
        return "nobody decides at this stage; it is for the two sides to agree"
    return (
        "" if (set(who.offices) | who.roles) & set(who.deciders) else "only those who decide at this stage can do that"
    )


def _current(dispute: Dispute, who: Standing) -> str:
    if who.is_current or who.dates_with:
        return ""
    return "a date is agreed by the people this stage is with"


def _raising_side(dispute: Dispute, who: Standing) -> str:
    if who.side is Side.RAISING or who.is_business_manager:
        return ""
    return "that is for the agency that raised it"


def _own_side_manager(dispute: Dispute, who: Standing) -> str:
    if who.is_business_manager or (who.is_current and who.is_party):
        return ""
    return "people are added or removed by their side's own manager, or by the Business Manager"


MAY: Mapping[Act, Rule] = {
    Act.NOTE: _party,
    Act.MET: _party,
    Act.CHILD_STATUS: _party,
    Act.STATUS: _party,
    Act.QUESTION: _party,
    Act.FEEDBACK: _party,
    Act.ACTION_DONE: _party,
    Act.HAPPENED: _raising_side,
    Act.NOT_HAPPENED: _raising_side,
    Act.PROTECTIVE_DATE: _party,
    Act.CORRECT: _party,
    Act.FORM: _party,
    Act.ROUTE: _party,
    Act.HANDOVER: _party,
    Act.PROPOSE_RESOLUTION: _resolver,
    Act.CONFIRM_RESOLUTION: _confirmer,
    Act.OBJECT_RESOLUTION: _objector,
    Act.MOVE_UP: _raising_current,
    Act.REFER: _raising_current,
    Act.DECISION: _decider,
    Act.PROPOSE_DATE: _current,
    Act.ACCEPT_DATE: _current,
    Act.REFUSE_DATE: _current,
    Act.ADD_PERSON: _own_side_manager,
    Act.REMOVE_PERSON: _own_side_manager,
    Act.WITHDRAW: _raising_side,
    Act.REOPEN: _raising_side,
    Act.UNDO: _party,
}


def why_not(dispute: Dispute, protocol: Protocol, address: str, act: Act) -> str:
    """The reason why ``address`` has no authority to do ``act`` now, as said to them; "" when it may."""
    rule = MAY.get(act)
    return rule(dispute, standing(dispute, protocol, address)) if rule else ""


CONCERNED = "the agencies concerned"  # among the members of a role: an officer of each agency in the dispute


def lacking_members(dispute: Dispute, role: Role, directory: Directory) -> tuple[str, ...]:
    """Of whom the people named for ``role`` have nobody yet: statutory partners, and the agencies concerned (GL-21)."""
    there = {p.person.agency for p in dispute.filling(role.id)}
    partners = {a.partner.casefold() for a in directory.agencies if a.name in there and a.partner}
    lacking = [m for m in role.members if m not in (CONCERNED, *partners) and m.casefold() not in partners]
    if CONCERNED in role.members:
        lacking += [a for a in (dispute.raising, *dispute.receiving_agencies) if a and a not in there]
    return tuple(lacking)


def is_final(dispute: Dispute, protocol: Protocol) -> bool:
    """Is a decision made here final and binding?"""
    return protocol.stages[dispute.stage].final_and_binding or final_route(dispute, protocol) is not None


def outcome_of_decision(dispute: Dispute, protocol: Protocol) -> str:
    """What a decision by whoever has authority to decide is called: the route's own outcome, the
    stage's, else "decided"."""
    route = final_route(dispute, protocol)
    if route is not None and route.outcome:
        return route.outcome
    return next((o.id for o in protocol.outcomes.values() if dispute.stage in o.stages and not o.given_by), "decided")


def substituted(dispute: Dispute, stage: Stage, at: datetime, partnership: Partnership) -> list[e.Event]:
    """Who decides in place of a deciding partner that is itself a party and so has no authority: put on the record as
    the stage begins, so that a directory changed later changes nothing that was begun (SU-10; hazard G7)."""
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
