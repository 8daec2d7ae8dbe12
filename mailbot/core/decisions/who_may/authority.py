"""Authority: who may do what. One table, and the one judge that reads it.

Every act, by whatever road it comes (a reply, a button, a line of the office's, an answer to a question of ours, a
message moved by hand), is one ``Request``; ``judge`` says whether it is allowed, put to somebody else, kept as a view,
or refused, and why. Nothing else decides that. The table is data: it is printed into ``docs/authority.md`` and tested
cell by cell. Three things make a cell:

- the act, and whose thing it is about (``On``): a side speaks for its own people, proposals and facts;
- in which capacity its writer speaks (``Capacity``): what is recorded of them in this dispute, never what they say;
- what shows that they wrote it (``Proof``): whatever changes something is asked of the address on record first.

The rules are those of the five published procedures read together: a resolution needs both sides, the raiser may
always object, only those whom the text names decide, and somebody of another agency who was brought in speaks and
decides nothing. What the table has no row for is done for nobody.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.absences import left_for_good
from mailbot.core.clocks.case import Case
from mailbot.core.clocks.silence import may_move_on
from mailbot.core.decisions.who_may.by_the_file import says_alone, takes_route, was_told
from mailbot.core.decisions.who_may.table import (
    ANYBODY_IN_IT,
    END_ALONE,
    NAME_PERSON,
    OFFICE,
    RAISING,
    RECEIVING,
    RECORD_FACT,
    Capacity,
    On,
    Rule,
    Verdict,
    needs_proof,
    rule_for,
    verdict,
)
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Effect, Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, final_route
from mailbot.core.record.events import PersonRemoved
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.core.record.intents import Act, Person, Proof
from mailbot.core.record.parties import Party, Voice


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    why: str = ""

    @property
    def is_allowed(self) -> bool:
        return self.verdict is Verdict.YES


_C = Capacity
NO_ROW = "nothing in the procedure says who may do that, so nobody does"


def judge(request: Request, case: Case, act: str = "", on: On | None = None) -> Judgement:
    """Has the writer the authority, may this be done? ``act`` and ``on`` where they are not the request's own: one name
    or value of a message."""
    act = act or request.intent.act
    about = on or object_of(act, request, case)
    held = capacities(case, request.by.address)
    held |= _by_the_file(act, request, held, case)
    return _judged(act, about, held, request, case.dispute, case.partnership)


def judge_outside(request: Request, partnership: Partnership, act: str = "") -> Judgement:
    """Has the writer the authority for what is about no dispute yet, or about none at all: to raise one, a line of the
    office's, a list of people?"""
    held = capacities_outside(partnership, request.by.address)
    return _judged(act or request.intent.act, On.IT, held, request, None, partnership)


def judge_of(act: str, capacity: Capacity, proof: Proof, on: On = On.IT) -> Judgement:
    """The judge's word where who somebody is here is known by something else than a dispute: a server that had a
    letter, whom a letter asked, a hand in the mailbox."""
    rule = rule_for(act, on)
    if rule is None:
        return Judgement(Verdict.NO, NO_ROW)
    return Judgement(verdict(rule, {capacity}, proof), rule.why)


def lacks_proof(request: Request, case: Case | None) -> bool:
    """Must its writer be asked before this is judged: for the act itself, or for what it brings with it?"""
    intent, proof = request.intent, request.proof
    rule = rule_for(
        intent.act,
        object_of(intent.act, request, case) if case is not None else On.IT,
    )
    if proof not in rule.proof if rule is not None else needs_proof(intent.act, proof):
        return True
    told = {key.partition(":")[0] for key in intent.fields} - (_OF_MOVING_UP if intent.act is Act.MOVE_UP else set())
    return bool(told and needs_proof(RECORD_FACT, proof)) or bool(intent.people and needs_proof(NAME_PERSON, proof))


_OF_MOVING_UP = frozenset({"unresolved", "stage", "as_far_as", "said"})  # the act's own, and no fact beside it


def _judged(
    act: str,
    on: On,
    held: frozenset[Capacity],
    request: Request,
    dispute: Dispute | None,
    partnership: Partnership,
) -> Judgement:
    rule = rule_for(act, on)
    if rule is None:
        return Judgement(Verdict.NO, NO_ROW)
    said = verdict(rule, held, request.proof)
    return Judgement(said) if said is Verdict.YES else Judgement(said, _why(rule, held, request, dispute, partnership))


def _by_the_file(act: str, request: Request, held: frozenset[Capacity], case: Case) -> frozenset[Capacity]:
    """Authority that the procedure's file alone gives, for this request."""
    fields, protocol = request.intent.fields, case.protocol
    if act == Act.ROUTE:
        route = protocol.routes.get(fields.get("route", ""))
        if route is not None and takes_route(route, held, request.by, case):
            return frozenset({_C.TAKES_ROUTE})
    if act == END_ALONE and says_alone(
        protocol.outcomes.get(fields.get("outcome", "")), request.by.address, case.dispute
    ):
        return frozenset({_C.GIVES})
    return frozenset()


def _why(
    rule: Rule, held: frozenset[Capacity], request: Request, dispute: Dispute | None, partnership: Partnership
) -> str:
    protocol, fields = partnership.protocol, request.intent.fields
    if rule.act in (Act.MOVE_UP, Act.REFER) and held & RECEIVING:
        return "moving it up is for the agency that raised it; your view has been recorded"
    if rule.act in (Act.MOVE_UP, Act.REFER) and held & RAISING and dispute is not None:
        here = protocol.stages[dispute.stage].raising
        now = [p.person.shown for p in dispute.parties if p.role in here and p.side is Side.RAISING]
        return f"moving it up from here is for {' or '.join(dict.fromkeys(now))}, and what you wrote is put to them"
    if rule.act == Act.WITHDRAW and held & OFFICE and dispute is not None:
        return f"it is withdrawn by whoever raised it. To close it yourself, write CLOSE {dispute.reference} because …"
    if rule.act == Act.ROUTE and (route := protocol.routes.get(fields.get("route", ""))) is not None:
        role = protocol.roles.get(route.who)
        return f"“{route.name}” is for{':' if role else ''} {role.title if role else route.who or 'the two sides'}"
    if rule.act == END_ALONE and (outcome := protocol.outcomes.get(fields.get("outcome", ""))) is not None:
        said = outcome.label[:1].lower() + outcome.label[1:]
        titles = " or ".join(protocol.roles[name].title for name in outcome.given_by)
        return f"“{said}” is for the {titles.lower()} to say, on the side that raised it"
    if rule.act == Act.DECISION and dispute is not None and not deciders(dispute, protocol):
        return "nobody decides at this stage; it is for the two sides to agree"
    if held == {_C.NOBODY} and rule.yes <= ANYBODY_IN_IT:
        return "you are not recorded as a party to this dispute"
    return rule.why


# Who somebody is here


def capacities(case: Case, address: str) -> frozenset[Capacity]:
    """The authority, or capacities, in which the holder of ``address`` speaks: by what is recorded of them, or of the
    officer whose deputy the directory has them for, and by the partnership's own roles. Whose row was struck out of the
    directory, or set inactive, is nobody any more."""
    found = set(_of_the_partnership(case.dispute, case.partnership, address))
    if address and not has_left(address, case.partnership):
        for party in standing_for(address, case):
            found |= _of_a_party(party, case)
    if may_move_on(case.dispute, case.protocol, address):
        found.add(_C.MOVES_ON)
    return frozenset(found or {_C.NOBODY})


def capacities_outside(partnership: Partnership, address: str) -> frozenset[Capacity]:
    """The authority, or capacities, of the holder of ``address`` where no dispute is meant: by the partnership's own
    roles, and as somebody to whom it may write."""
    found = set(_of_the_partnership(None, partnership, address))
    if address and not has_left(address, partnership) and partnership.may_write_to(address):
        found.add(_C.WRITTEN_TO)
    return frozenset(found or {_C.NOBODY})


def standing_for(address: str, case: Case) -> tuple[Party, ...]:
    """The entries on which somebody's authority rests: their own; where they have none, those of an officer who is not
    active any more and whose deputy they are, for the letters that ask are written to them."""
    own = tuple(party for party in case.dispute.parties if party.person.address == address)
    if own or not address:
        return own
    return tuple(
        p
        for p in case.dispute.parties
        if p.person.address and case.partnership.in_place_of(p.person).address == address
    )


def has_left(address: str, partnership: Partnership) -> bool:
    """Set inactive in the directory, or struck out of it, themselves or the domain of their agency."""
    return not partnership.may_write_to(address)


def is_gone(address: str, case: Case) -> bool:
    """Has whoever had this authority left: by the directory, or by their own automatic reply, which takes nothing from
    somebody who writes after all?"""
    return has_left(address, case.partnership) or address in left_for_good(case.dispute)


def _of_the_partnership(dispute: Dispute | None, partnership: Partnership, address: str) -> Iterable[Capacity]:
    protocol = partnership.protocol
    held = partnership_roles(protocol, address)
    if not held:
        return
    if address in {person.address for person in partnership.alarmed()}:
        yield _C.OFFICE
    elif dispute is not None and not any(was_told(role, dispute, protocol) for role in held):
        return
    if dispute is not None and set(held) & set(deciders(dispute, protocol)):
        yield _C.DECIDER
    yield _C.PARTNERSHIP


def partnership_roles(protocol: Protocol, address: str) -> tuple[str, ...]:
    """The partnership's roles whose fixed address this is."""
    return tuple(
        role.id
        for role in protocol.roles.values()
        if role.source is Source.ADDRESS and role.address.lower() == address and address
    )


def _of_a_party(party: Party, case: Case) -> set[Capacity]:
    """Authority of a party beside that of their side: to decide, or to agree a date of it."""
    named = {_C.DECIDER} if party.role in deciders(case.dispute, case.protocol) else set()
    if party.role == case.stage.agreed_with:
        named.add(_C.DATES_WITH)
    return named | _by_side(party, case)


def _by_side(party: Party, case: Case) -> set[Capacity]:
    protocol = case.protocol
    if party.side not in (Side.RAISING, Side.RECEIVING):
        return {_C.INFORMED}
    if party.role == "supporter" and whose(party.person, case) is not party.side:
        return {_C.SUPPORTER}
    raises = party.side is Side.RAISING
    found = set()
    if party.role in ("raiser", "responder"):
        found |= _as_practitioner(party, case)
    elif party.role in roles_above(case.dispute, protocol):
        stage = protocol.stages[case.dispute.stage]
        here = party.role in (*stage.raising, *stage.receiving)
        acting, above = (_C.RAISING_ACTING, _C.RAISING_ABOVE) if raises else (_C.RECEIVING_ACTING, _C.RECEIVING_ABOVE)
        found.add(acting if here else above)
    elif any(party.role in (*s.raising, *s.receiving) for s in protocol.stages.values()):
        found.add(_C.RAISING_BEFORE if raises else _C.RECEIVING_BEFORE)
    if party.role == LINE_MANAGER:
        found.add(_C.RAISING_MANAGER)
    if party in in_the_raisers_place(case):
        found.add(_C.RAISER)
    if party in instead_of(case.dispute.voice(party.side, case.dispute.agency_of(party)), case):
        found |= {_C.ALONE, _C.MOVES_ON} if raises else {_C.ALONE}
    if not found:
        found.add(_C.RAISING_COLLEAGUE if raises else _C.RECEIVING_COLLEAGUE)
    return found | ({_C.WAS_ASKED} if _was_asked(party, case.dispute, protocol) else set())


LINE_MANAGER = "raising_manager"  # "My line manager", in every file


def in_the_raisers_place(case: Case) -> tuple[Party, ...]:
    """Who has the authority of whoever raised it, once they have left by their own automatic reply: the next above them
    who is there."""
    dispute, gone = case.dispute, left_for_good(case.dispute)
    raisers = [p.person.address for p in dispute.filling("raiser")]
    if not raisers or not gone.issuperset(raisers):
        return ()
    there = [p for p in dispute.parties if p.side is Side.RAISING and p.person.address not in {"", *gone}]
    stages = (case.protocol.stages[name].raising for name in case.protocol.order())
    return next((found for roles in stages if (found := tuple(p for p in there if p.role in roles))), ())


def _as_practitioner(party: Party, case: Case) -> set[Capacity]:
    """Authority of whoever raised it, or was first asked: more while the stage is with practitioners, or where their
    side has nobody else."""
    raises = party.side is Side.RAISING
    found = {_C.RAISER if raises else _C.RESPONDER}
    if party.role in roles_above(case.dispute, case.protocol):
        found.add(_C.RAISER_ACTING if raises else _C.RESPONDER_ACTING)
    return found


def instead_of(voice: Voice, case: Case) -> tuple[Party, ...]:
    """Who has the authority to answer for a side, or an agency of several, of which nobody is known for the present
    stage or a later one: the people with whom it was last, so that a name still missing locks nobody out."""
    if _anybody_acting(case, voice):
        return ()
    dispute, protocol = case.dispute, case.protocol
    theirs = [p for p in dispute.parties if p.person.address and dispute.voice(p.side, dispute.agency_of(p)) == voice]
    there = [p for p in theirs if not is_gone(p.person.address, case)]
    order = protocol.order()
    before = [protocol.stages[name] for name in reversed(order[: order.index(dispute.stage)])]
    for roles in (*((*stage.raising, *stage.receiving) for stage in before), ("raiser", "responder")):
        if found := tuple(p for p in there if p.role in roles):
            return found
    return ()


def _was_asked(party: Party, dispute: Dispute, protocol: Protocol) -> bool:
    """Authority to answer, as one of the stage that was current when the standing proposal was made, or at which it was
    reached: neither a move by the limit nor a late word of it takes an answer away."""
    proposal = dispute.proposal
    if proposal is None or dispute.voice(party.side, dispute.agency_of(party)) in dispute.confirmed:
        return False
    then = [visit.stage for visit in dispute.visits if visit.entered <= proposal.at]
    stages = [protocol.stages[name] for name in (*then[-1:], dispute.settled_before) if name]
    return any(party.role in (*stage.raising, *stage.receiving) for stage in stages)


def roles_above(dispute: Dispute, protocol: Protocol) -> frozenset[str]:
    """Roles with authority here, of the present stage and of those above: an elder may always speak for the side."""
    order = protocol.order()
    later = (protocol.stages[s] for s in order[order.index(dispute.stage) :])
    return frozenset(role for s in later for role in (*s.raising, *s.receiving))


def _anybody_acting(case: Case, voice: Voice) -> bool:
    dispute = case.dispute
    above = roles_above(dispute, case.protocol)
    acting = (
        p.person.address
        for p in dispute.parties
        if p.role in above and p.person.address and dispute.voice(p.side, dispute.agency_of(p)) == voice
    )
    return any(not is_gone(address, case) for address in acting)


def moves_up(party: Party, dispute: Dispute, protocol: Protocol) -> bool:
    """Has somebody who is recorded here the authority to move it up: of the raising side, at this stage or above; after
    silence, or where nobody there is known for it, whoever is left?"""
    above = roles_above(dispute, protocol)
    raising = [p for p in dispute.parties if p.side is Side.RAISING and p.person.address]
    if party.side is not Side.RAISING:
        return False
    mine = {p.role for p in raising if p.person.address == party.person.address}
    acting = any(p.role in above for p in raising)
    return bool(mine & above) or not acting or may_move_on(dispute, protocol, party.person.address)


def side_acted_for(case: Case, address: str) -> Side | None:
    """The side that this address has authority to speak for; None for the office, for those brought in, and
    strangers."""
    held = capacities(case, address)
    return Side.RAISING if held & RAISING else Side.RECEIVING if held & RECEIVING else None


# What a request is about


def office_only_monitors(protocol: Protocol) -> bool:
    """Has the office, whoever reads the digest, no authority by the file but to record what others decide?"""
    offices = [protocol.roles[name] for name in protocol.digest.to if name in protocol.roles]
    return bool(offices) and all(role.monitors_only for role in offices)


def _all_have_written(dispute: Dispute) -> bool:
    """Has each side written, with authority, since one reported an agreement that nobody has taken back? An office that
    only monitors may then record that it is over."""
    proposal = dispute.proposal
    if proposal is None:
        return False
    heard = {dispute.voice(proposal.side, proposal.by.agency), *dispute.confirmed}
    for filed in (past for past in dispute.history if isinstance(past, MessageFiled) and past.at > proposal.at):
        party = dispute.party(filed.by.address)
        if party is not None:
            heard.add(dispute.voice(party.side, dispute.agency_of(party)))
    return heard >= set(dispute.voices())


def object_of(act: str, request: Request, case: Case) -> On:
    """Whose proposal or date an answer is about, to judge the authority for it. People and facts are weighed one by
    one, where they are recorded."""
    dispute = case.dispute
    stage = case.stage
    if act == Act.PROPOSE_RESOLUTION and not stage.receiving:
        return On.ONE_SIDED
    if act == Act.OBJECT_RESOLUTION and not dispute.is_open:
        return On.CLOSED
    if act == Act.CLOSE and office_only_monitors(case.protocol) and not _all_have_written(dispute):
        return On.MONITORED
    if act in (Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION):
        proposal = dispute.proposal
        said = dispute.confirmed if act == Act.CONFIRM_RESOLUTION else frozenset()
        put = frozenset({dispute.voice(proposal.side, proposal.by.agency)}) if proposal else frozenset()
        return _seen_from(request, case, said | put if proposal else None)
    if act == Act.PROPOSE_DATE and stage.agreed_with and not is_for_the_reply(request):
        return On.WITHIN
    if act in (Act.ACCEPT_DATE, Act.REFUSE_DATE):
        waiting = dispute.open_date
        if waiting is not None and waiting.within:  # between two people of one side
            return On.OURS if request.by.address == waiting.by.address else On.WITHIN
        return _seen_from(request, case, waiting.accepted if waiting else None)
    return On.IT


# What follows the date in "AGREE BY 14 September for the other manager's reply".
_FOR_THE_REPLY = re.compile(r"\W*for (?:the|their|your|his|her|a)\b[^.]{0,30}\b(?:reply|response|answer)\b", re.I)


def is_for_the_reply(request: Request) -> bool:
    """Is a date asked for the other manager's reply, which only the two managers have authority to agree (SU-06)?"""
    return bool(_FOR_THE_REPLY.match(request.intent.fields.get("reason", "")))


def _seen_from(request: Request, case: Case, said: frozenset[Voice] | None) -> On:
    """Which case of authority a proposal is, seen from one side; ``said``: those whose word it is already, the one who
    put it among them."""
    if said is None:
        return On.IT
    dispute, entries = case.dispute, standing_for(request.by.address, case)
    return On.OURS if said & {dispute.voice(p.side, dispute.agency_of(p)) for p in entries} else On.THEIRS


def sides_at(person: Person, case: Case) -> frozenset[Side]:
    """The sides of whose agencies somebody may be, on which their authority rests: by the directory's row for them,
    else by every agency that uses their domain. OTHER for an agency of neither; several, where the directory is silent
    and agencies share a domain; none, where nothing is known of it."""
    officer = case.directory.find_officer(person.address)
    names = {officer.person.agency} if officer else {a.name for a in case.directory.agencies_at(person.address)}
    both = {side: agencies_of(case.dispute, side) for side in (Side.RAISING, Side.RECEIVING)}
    found = {side for side, theirs in both.items() if names & theirs}
    beside = names - {""} - both[Side.RAISING] - both[Side.RECEIVING]
    return frozenset(found | {Side.OTHER} if beside and (found or _all_known(case)) else found)


def whose(person: Person, case: Case) -> Side | None:
    """For authority, the side whose agency somebody certainly is of: EACH where the directory leaves that open, OTHER
    for a third agency, None where nothing is known of their address's domain. Authority rests on what is certain."""
    sides = sides_at(person, case)
    return Side.EACH if len(sides) > 1 else next(iter(sides), None)


def agencies_of(dispute: Dispute, side: Side) -> frozenset[str]:
    return frozenset(dispute.agencies(side))


def _all_known(case: Case) -> bool:
    """To judge authority: are both sides' agencies in the directory, so that another one is certainly a third?"""
    listed = {agency.name for agency in case.directory.agencies}
    return all(
        agencies_of(case.dispute, s) and agencies_of(case.dispute, s) <= listed for s in (Side.RAISING, Side.RECEIVING)
    )


def on_person(person: Person, mine: Voice | None, case: Case, theirs: Side) -> On:
    """Which case of authority it is to name ``person`` for a place on ``theirs``, seen from somebody who speaks for
    ``mine``: a side, or one of several agencies of it."""
    sides = sides_at(person, case)
    other = Side.RECEIVING if theirs is Side.RAISING else Side.RAISING
    entries = [p for p in case.dispute.parties if person.address and p.person.address == person.address]
    brought_in = entries and sides == {Side.OTHER} and all(p.role == "supporter" for p in entries)
    if any(p.side is other for p in entries) and not brought_in:  # of a further agency, on no side by what they are
        return On.BOTH
    if any(decides_anywhere(p.role, case.protocol) and p.side is Side.PARTNERSHIP for p in entries):
        return On.JUDGES
    if sides and theirs not in sides:
        return On.THIRD
    if mine is None or theirs is not mine.side:
        return On.THEIRS
    if len(sides) > 1:
        return On.SHARED
    return On.OURS if not mine.agency or person.agency in ("", mine.agency) else On.THEIRS


def voice_of(address: str, case: Case) -> Voice | None:
    """For whom this address has authority to speak: a side, or its own agency of several; None for the office, for
    those brought in, and strangers."""
    side = side_acted_for(case, address)
    if side is None:
        return None
    entries = [p for p in standing_for(address, case) if p.side is side]
    return case.dispute.voice(side, case.dispute.agency_of(entries[-1]) if entries else "")


def why_not_sent(address: str, dispute: Dispute | None, partnership: Partnership) -> str:
    """By its holder's authority to see it, why a letter written to this address must not go now; "" where it may."""
    if has_left(address, partnership) or not partnership.may_write_to(address):
        return "they are not entitled to it any more"
    if dispute is None or dispute.party(address) is not None:
        return ""
    removed = (past.person.address for past in dispute.history if isinstance(past, PersonRemoved))
    return "they were taken out of the dispute" if address in removed else ""


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


def decides_anywhere(role: str, protocol: Protocol) -> bool:
    """Has whoever fills this role the authority to decide, at any stage or by any route of the file?"""
    by_stage = any(
        role in (*s.decided_by, s.if_party_then.role if s.if_party_then else "") for s in protocol.stages.values()
    )
    return by_stage or any(role in route.to for route in protocol.routes.values() if route.effect is Effect.FINAL)


def _is_there(name: str, dispute: Dispute, protocol: Protocol) -> bool:
    """Authority of a panel: one that is named at the time exists when its members are named: until then nobody
    decides."""
    return protocol.roles[name].source is not Source.NAMED or bool(dispute.filling(name))


CONCERNED = "the agencies concerned"  # among the members of a role: an officer of each agency in the dispute


def lacking_members(dispute: Dispute, role: Role, directory: Directory) -> tuple[str, ...]:
    """Whom a panel named for ``role`` lacks before it has authority to decide: statutory partners, and the agencies
    concerned (GL-21)."""
    there = {p.person.agency for p in dispute.filling(role.id)}
    partners = {a.partner.casefold() for a in directory.agencies if a.name in there and a.partner}
    lacking = [m for m in role.members if m not in (CONCERNED, *partners) and m.casefold() not in partners]
    if CONCERNED in role.members:
        lacking += [a for a in (dispute.raising, *dispute.receiving_agencies) if a and a not in there]
    return tuple(lacking)


def is_final(dispute: Dispute, protocol: Protocol) -> bool:
    """Is a decision made here final and binding?"""
    return protocol.stages[dispute.stage].final_and_binding or final_route(dispute, protocol) is not None


def asked_to_decide(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """Of the roles with authority to decide now, those that are asked to: not whoever stands ready to decide in place
    of another that is a party, where it is none ("If the matter concerns one or more of those …")."""
    instead = protocol.stages[dispute.stage].if_party_then
    named = deciders(dispute, protocol)
    if instead is None or instead.role not in named:
        return named
    return tuple(name for name in named if name != instead.use)


def substituted(case: Case, stage: Stage, at: datetime) -> list[e.Event]:
    """Who decides in place of a deciding partner that is itself a party and so has no authority: put on the record as
    the stage begins, so that a directory changed later changes nothing that was begun (SU-10; hazard G7)."""
    instead = stage.if_party_then
    if instead is None:
        return []
    if instead.role not in stage.decided_by:
        return []
    members = {member.casefold() for member in case.protocol.roles[instead.role].members}
    sides = {case.dispute.raising, *case.dispute.receiving_agencies}
    parties = {agency.partner.casefold() for agency in case.directory.agencies if agency.name in sides}
    if not members & parties:
        return []
    return [e.FieldRecorded(at=at, key=_key(stage), value=instead.use, by="the directory")]


def _key(stage: Stage) -> str:
    return f"decided_by:{stage.id}"
