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
decides nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailbot.core.clocks.silence import may_move_on
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Effect, Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Party, Voice, final_route
from mailbot.core.record.events import PersonRemoved
from mailbot.core.record.intents import Act, Person, Proof


class Capacity(StrEnum):
    """As what somebody speaks in a dispute. One person may have several."""

    RAISER = "the raiser"
    RAISING_ACTING = "raising side, of this stage or above"
    RAISING_BEFORE = "raising side, of an earlier stage"
    RAISING_COLLEAGUE = "raising side, otherwise recorded"
    RESPONDER = "practitioner of the side asked"
    RECEIVING_ACTING = "side asked, of this stage or above"
    RECEIVING_BEFORE = "side asked, of an earlier stage"
    RECEIVING_COLLEAGUE = "side asked, otherwise recorded"
    ALONE = "practitioner whose side has nobody acting"
    WAS_ASKED = "asked to confirm before it moved on"
    SUPPORTER = "brought in from another agency"
    INFORMED = "recorded on neither side"
    MOVES_ON = "may move on what nobody moves"
    DATES_WITH = "agrees dates with the stage's own"
    DECIDER = "decides at this stage"
    OFFICE = "the partnership's office"
    PARTNERSHIP = "another address of the partnership"
    NOBODY = "not recorded in it"


class On(StrEnum):
    """Whose the thing is that a request is about, seen from its writer."""

    IT = "the dispute"
    OURS = "own side's"
    THEIRS = "other side's"
    SHARED = "a domain's of several agencies"
    THIRD = "another agency's"
    BOTH = "somebody's who stands on the other side"
    NEITHER = "of neither side"
    PANEL = "of those who decide for the partnership"


class Verdict(StrEnum):
    """``PUT``: put to whoever it belongs to. ``VIEW``: kept as its writer's view, and the raising side is asked.
    ``PROVE``: asked of the address on record before anything is done."""

    YES = "yes"
    PUT = "asked of others"
    VIEW = "as a view"
    NO = "no"
    PROVE = "asked of the address on record"


@dataclass(frozen=True, slots=True)
class Rule:
    """One act on one kind of object: by whom it is done, put to others, or kept as a view; ``why`` it is not, for
    everybody else. ``proof``: what must show who asks; what gives nobody anything needs none (``ANY_PROOF``)."""

    act: str
    on: On
    yes: frozenset[Capacity] = frozenset()
    put: frozenset[Capacity] = frozenset()
    view: frozenset[Capacity] = frozenset()
    why: str = ""
    proof: frozenset[Proof] = frozenset({Proof.PROVEN, Proof.VOUCHED})


ANY_PROOF, PROVEN_ALONE = frozenset(Proof), frozenset({Proof.PROVEN})


def verdict(rule: Rule, capacities: Iterable[Capacity], proof: Proof) -> Verdict:
    """One cell of the table."""
    held = frozenset(capacities)
    if proof not in rule.proof:
        return Verdict.PROVE
    for who, said in ((rule.yes, Verdict.YES), (rule.put, Verdict.PUT), (rule.view, Verdict.VIEW)):
        if held & who:
            return said
    return Verdict.NO


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    why: str = ""

    @property
    def is_allowed(self) -> bool:
        return self.verdict is Verdict.YES


# Acts that are part of a message rather than its wish: a name or a value in a labelled line.
NAME_PERSON, RECORD_FACT, RECORD_BOX = "name_person", "record_fact", "record_box"
# Lines that only the partnership's office has a word for (``core.decisions.office.OfficeAct``).
OFFICE_ACTS = ("file_held", "release_held", "dismiss_held", "hold_move", "go_on", "link", "keep_apart", "redact")
_C = Capacity
RAISING = frozenset({_C.RAISER, _C.RAISING_ACTING, _C.RAISING_BEFORE, _C.RAISING_COLLEAGUE})
RECEIVING = frozenset({_C.RESPONDER, _C.RECEIVING_ACTING, _C.RECEIVING_BEFORE, _C.RECEIVING_COLLEAGUE})
ACTING = frozenset({_C.RAISING_ACTING, _C.RECEIVING_ACTING})
PRACTITIONERS = frozenset({_C.RAISER, _C.RESPONDER})
EITHER_SIDE = RAISING | RECEIVING
OFFICE = frozenset({_C.OFFICE})
_BROUGHT_IN = frozenset({_C.SUPPORTER, _C.INFORMED, _C.ALONE, _C.WAS_ASKED})
ANYBODY_IN_IT = frozenset(Capacity) - {_C.NOBODY}
_NOT_A_PARTY = "you are not recorded as a party to this dispute"
_FOR_THE_SIDES = "that is for the two sides of the dispute; what you wrote is filed"
_FOR_THE_RAISER = "that is for the agency that raised it"
_OFFICE_ONLY = "it asks for what only the partnership's own office may do"
_DATES = "a date is agreed by the people this stage is with"
_PEOPLE = "people are added or removed by their side's own manager, or by the Business Manager"
_BOTH_SIDES = "they stand on the other side of this dispute, and nobody stands on both"
_PANEL = "those who decide are named by the partnership's own office"
_THEIR_PEOPLE = "a side names, adds and removes its own people only"


def _told(act: str, on: On = On.IT) -> Rule:
    """The authority to tell and ask, which changes nothing: anybody in the dispute."""
    return Rule(act, on, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY, proof=ANY_PROOF)


TABLE: tuple[Rule, ...] = (
    Rule(Act.OPEN, On.IT, yes=frozenset(Capacity)),  # whoever may be written to at all (``Directory.is_approved``)
    _told(Act.NOTE),
    _told(Act.STATUS),
    _told(Act.QUESTION),
    Rule(Act.FORM, On.IT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.IMMEDIATE_RISK, On.IT, yes=frozenset(Capacity), proof=ANY_PROOF),
    Rule(Act.FEEDBACK, On.IT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.MET, On.IT, yes=EITHER_SIDE | OFFICE, why=_FOR_THE_SIDES),
    Rule(Act.CHILD_STATUS, On.IT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.CORRECT, On.IT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.ACTION_DONE, On.IT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.HAPPENED, On.IT, yes=RAISING | OFFICE, why=_FOR_THE_RAISER),
    Rule(Act.NOT_HAPPENED, On.IT, yes=RAISING | OFFICE, why=_FOR_THE_RAISER),
    Rule(Act.ROUTE, On.IT, yes=frozenset(Capacity)),  # whose it is, the route itself says
    Rule(Act.CONFERENCE_REQUEST, On.IT, yes=EITHER_SIDE | OFFICE, why=_FOR_THE_SIDES),
    Rule(Act.PROTECTIVE_DATE, On.IT, yes=EITHER_SIDE | OFFICE, why=_FOR_THE_SIDES),
    Rule(
        Act.PROPOSE_RESOLUTION,
        On.IT,
        yes=ACTING | PRACTITIONERS,
        why="a resolution is reported by the people this stage is with, or by the practitioners",
    ),
    Rule(
        Act.CONFIRM_RESOLUTION,
        On.THEIRS,
        yes=ACTING | {_C.ALONE, _C.WAS_ASKED},
        why="it is for the people this stage is with",
    ),
    Rule(Act.CONFIRM_RESOLUTION, On.OURS, why="the other side confirms what one side has reported"),
    Rule(Act.CONFIRM_RESOLUTION, On.IT, why="no resolution is waiting to be confirmed"),
    Rule(Act.OBJECT_RESOLUTION, On.THEIRS, yes=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(
        Act.OBJECT_RESOLUTION,
        On.OURS,
        yes=frozenset({_C.RAISER}),  # G12: the raiser may always disagree
        why="your own side reported this; reply WRONG to take it back",
    ),
    Rule(Act.OBJECT_RESOLUTION, On.IT, yes=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(
        Act.MOVE_UP,
        On.IT,
        yes=frozenset({_C.RAISING_ACTING, _C.MOVES_ON}),
        view=RECEIVING,
        why="moving it up is for the people this stage is with, on the side that raised it",
    ),
    Rule(
        Act.REFER,
        On.IT,
        yes=frozenset({_C.RAISING_ACTING, _C.MOVES_ON}),
        view=RECEIVING,
        why="moving it up is for the people this stage is with, on the side that raised it",
    ),
    Rule(
        Act.DECISION,
        On.IT,
        yes=frozenset({_C.DECIDER}),
        why="only those who decide at this stage can do that",
    ),
    Rule(Act.PROPOSE_DATE, On.IT, yes=ACTING | {_C.DATES_WITH}, why=_DATES),
    Rule(Act.ACCEPT_DATE, On.THEIRS, yes=ACTING | {_C.DATES_WITH}, why=_DATES),
    Rule(Act.ACCEPT_DATE, On.OURS, why="a date is agreed by the other side"),
    Rule(Act.ACCEPT_DATE, On.IT, yes=ACTING | {_C.DATES_WITH}, why=_DATES),
    Rule(Act.REFUSE_DATE, On.THEIRS, yes=ACTING | {_C.DATES_WITH}, why=_DATES),
    Rule(Act.REFUSE_DATE, On.OURS, yes=ACTING, why=_DATES),
    Rule(Act.REFUSE_DATE, On.IT, yes=ACTING | {_C.DATES_WITH}, why=_DATES),
    Rule(
        Act.WITHDRAW,
        On.IT,
        yes=frozenset({_C.RAISER, _C.RAISING_ACTING, _C.RAISING_BEFORE}) | OFFICE,
        why="it is withdrawn by whoever raised it or by their manager",
    ),
    Rule(
        Act.REOPEN,
        On.IT,
        yes=frozenset({_C.RAISER, _C.RAISING_ACTING, _C.RAISING_BEFORE, _C.RECEIVING_ACTING}) | OFFICE,
        why="it is reopened by whoever raised it, by a manager of the last stage, or by the Business Manager",
    ),
    Rule(Act.UNDO, On.IT, yes=EITHER_SIDE | {_C.SUPPORTER, _C.INFORMED, _C.DECIDER} | OFFICE, why=_NOT_A_PARTY),
    # People. Whose somebody is, the directory says; where agencies share a domain and it is silent, the office.
    Rule(Act.HANDOVER, On.OURS, yes=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(Act.HANDOVER, On.SHARED, put=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(
        Act.HANDOVER,
        On.THEIRS,
        why="a handover is to a colleague in the same agency, at an address the partnership knows",
    ),
    Rule(
        Act.HANDOVER,
        On.THIRD,
        why="a handover is to a colleague in the same agency, at an address the partnership knows",
    ),
    Rule(Act.HANDOVER, On.BOTH, why=_BOTH_SIDES),
    Rule(Act.ADD_PERSON, On.OURS, yes=ACTING | OFFICE, why=_PEOPLE),
    Rule(Act.ADD_PERSON, On.SHARED, yes=OFFICE, put=ACTING, why=_PEOPLE),
    Rule(Act.ADD_PERSON, On.THEIRS, yes=OFFICE, put=ACTING, why=_PEOPLE),
    Rule(
        Act.ADD_PERSON,
        On.THIRD,
        yes=frozenset({_C.RAISING_ACTING}) | OFFICE,
        put=frozenset({_C.RECEIVING_ACTING}),
        why=_PEOPLE,
    ),
    Rule(Act.ADD_PERSON, On.BOTH, why=_BOTH_SIDES),
    Rule(Act.ADD_PERSON, On.PANEL, yes=OFFICE, why=_PANEL),
    Rule(Act.REMOVE_PERSON, On.OURS, yes=ACTING | OFFICE, why=_PEOPLE),
    Rule(Act.REMOVE_PERSON, On.THEIRS, yes=OFFICE, why=_THEIR_PEOPLE),
    Rule(Act.REMOVE_PERSON, On.NEITHER, yes=frozenset({_C.RAISING_ACTING}) | OFFICE, why=_PEOPLE),
    Rule(NAME_PERSON, On.OURS, yes=EITHER_SIDE | OFFICE, why=_THEIR_PEOPLE),
    Rule(NAME_PERSON, On.SHARED, yes=OFFICE, put=EITHER_SIDE, why=_THEIR_PEOPLE),
    Rule(NAME_PERSON, On.THEIRS, yes=OFFICE, put=EITHER_SIDE, why=_THEIR_PEOPLE),
    Rule(NAME_PERSON, On.THIRD, yes=OFFICE, why="a side's people are of its own agency"),
    Rule(NAME_PERSON, On.BOTH, why=_BOTH_SIDES),
    Rule(NAME_PERSON, On.PANEL, yes=OFFICE, why=_PANEL),
    Rule(NAME_PERSON, On.NEITHER, yes=RAISING | OFFICE, view=ANYBODY_IN_IT - RAISING - OFFICE, why=_NOT_A_PARTY),
    # Facts. What nobody has recorded yet is anybody's to tell (``On.IT``): a status that protects must not wait.
    Rule(RECORD_FACT, On.IT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(RECORD_FACT, On.OURS, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(RECORD_FACT, On.THEIRS, view=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(RECORD_FACT, On.NEITHER, yes=RAISING | OFFICE, view=ANYBODY_IN_IT - RAISING - OFFICE, why=_NOT_A_PARTY),
    Rule(
        RECORD_BOX, On.OURS, yes=ANYBODY_IN_IT - RECEIVING - _BROUGHT_IN, view=RECEIVING | _BROUGHT_IN, why=_NOT_A_PARTY
    ),
    *(Rule(act, On.IT, yes=OFFICE, why=_OFFICE_ONLY, proof=PROVEN_ALONE) for act in OFFICE_ACTS),
)
_ROWS: Mapping[tuple[str, On], Rule] = {(str(rule.act), rule.on): rule for rule in TABLE}
# Why not, said otherwise to some.
_WHY_TO: Mapping[tuple[str, Capacity], str] = {
    (
        Act.MOVE_UP,
        _C.RESPONDER,
    ): "moving it up is for the agency that raised it; your view has been recorded",
}


def rule_for(act: str, on: On = On.IT) -> Rule | None:
    """The row of the table of authority, who may do what; None for what is no act at all (a message held, a
    machine's)."""
    return _ROWS.get((str(act), on)) or (_ROWS.get((str(act), On.IT)) if on is not On.IT else None)


def judge(
    request: Request, dispute: Dispute | None, partnership: Partnership, act: str = "", on: On | None = None
) -> Judgement:
    """Has the writer the authority, may this be done? ``act`` and ``on`` where they are not the request's own: one name
    or value of a message."""
    act = act or request.intent.act
    about = on or (object_of(act, request, dispute) if dispute is not None else On.IT)
    rule = rule_for(act, about)
    if rule is None:
        return Judgement(Verdict.YES)
    held = capacities(dispute, partnership, request.by.address)
    said = verdict(rule, held, request.proof)
    return Judgement(said) if said is Verdict.YES else Judgement(said, _why(rule, held, dispute, partnership))


def needs_proof(act: str) -> bool:
    """Does this change anything, so that its writer must be known?"""
    return any(rule.proof != ANY_PROOF for (name, _), rule in _ROWS.items() if name == str(act))


def _why(rule: Rule, held: frozenset[Capacity], dispute: Dispute | None, partnership: Partnership) -> str:
    if rule.act in (Act.MOVE_UP, Act.REFER) and held & RECEIVING:
        return _WHY_TO[(Act.MOVE_UP, _C.RESPONDER)]
    if rule.act == Act.DECISION and dispute is not None and not deciders(dispute, partnership.protocol):
        return "nobody decides at this stage; it is for the two sides to agree"
    if held == {_C.NOBODY}:
        return _NOT_A_PARTY
    return rule.why


# Who somebody is here


def capacities(dispute: Dispute | None, partnership: Partnership, address: str) -> frozenset[Capacity]:
    """The authority, or capacities, in which the holder of ``address`` speaks: by what is recorded of them, and by the
    partnership's own roles. Whose row was struck out of the directory, or set inactive, is nobody any more."""
    found = set(_of_the_partnership(dispute, partnership, address))
    if dispute is not None and address and not has_left(address, partnership):
        for party in dispute.parties:
            if party.person.address == address:
                found |= _of_a_party(party, dispute, partnership)
    if dispute is not None and may_move_on(dispute, partnership.protocol, address):
        found.add(_C.MOVES_ON)
    return frozenset(found or {_C.NOBODY})


def has_left(address: str, partnership: Partnership) -> bool:
    """Set inactive in the directory, or struck out of it."""
    officer = partnership.directory.find_officer(address)
    return not officer.active if officer is not None else address.lower() in partnership.directory.struck_out


def _of_the_partnership(dispute: Dispute | None, partnership: Partnership, address: str) -> Iterable[Capacity]:
    held = partnership_roles(partnership.protocol, address)
    if not held:
        return
    if address in {person.address for person in partnership.alarmed()}:
        yield _C.OFFICE
    if dispute is not None and set(held) & set(deciders(dispute, partnership.protocol)):
        yield _C.DECIDER
    yield _C.PARTNERSHIP


def partnership_roles(protocol: Protocol, address: str) -> tuple[str, ...]:
    """The partnership's roles whose fixed address this is."""
    return tuple(
        role.id
        for role in protocol.roles.values()
        if role.source is Source.ADDRESS and role.address.lower() == address and address
    )


def _of_a_party(party: Party, dispute: Dispute, partnership: Partnership) -> set[Capacity]:
    """Authority of a party beside that of their side: to decide, or to agree a date of it."""
    named = {_C.DECIDER} if party.role in deciders(dispute, partnership.protocol) else set()
    if party.role == partnership.protocol.stages[dispute.stage].agreed_with:
        named.add(_C.DATES_WITH)
    return named | _by_side(party, dispute, partnership)


def _by_side(party: Party, dispute: Dispute, partnership: Partnership) -> set[Capacity]:
    if party.side not in (Side.RAISING, Side.RECEIVING):
        return {_C.INFORMED}
    if party.role == "supporter" and whose(party.person, dispute, partnership) is not party.side:
        return {_C.SUPPORTER}
    raises = party.side is Side.RAISING
    found = set()
    if party.role in roles_above(dispute, partnership.protocol):
        found.add(_C.RAISING_ACTING if raises else _C.RECEIVING_ACTING)
    if party.role in ("raiser", "responder"):
        found.add(_C.RAISER if raises else _C.RESPONDER)
        if not _anybody_acting(dispute, dispute.voice(party.side, dispute.agency_of(party)), partnership):
            found.add(_C.ALONE)
    if _was_asked(party, dispute, partnership.protocol):
        found.add(_C.WAS_ASKED)
    if not found - {_C.WAS_ASKED} and any(
        party.role in (*s.raising, *s.receiving) for s in partnership.protocol.stages.values()
    ):
        found.add(_C.RAISING_BEFORE if raises else _C.RECEIVING_BEFORE)
    return found or {_C.RAISING_COLLEAGUE if raises else _C.RECEIVING_COLLEAGUE}


def _was_asked(party: Party, dispute: Dispute, protocol: Protocol) -> bool:
    """Authority to answer, as one of the stage that was current when the standing proposal was made: a move by the
    limit takes no answer away."""
    proposal = dispute.proposal
    if proposal is None or dispute.voice(party.side, dispute.agency_of(party)) in dispute.confirmed:
        return False
    then = [visit.stage for visit in dispute.visits if visit.entered <= proposal.at]
    stage = protocol.stages[then[-1]] if then else None
    return stage is not None and party.role in (*stage.raising, *stage.receiving)


def roles_above(dispute: Dispute, protocol: Protocol) -> frozenset[str]:
    """Roles with authority here, of the present stage and of those above: an elder may always speak for the side."""
    order = protocol.order()
    later = (protocol.stages[s] for s in order[order.index(dispute.stage) :])
    return frozenset(role for s in later for role in (*s.raising, *s.receiving))


def _anybody_acting(dispute: Dispute, voice: Voice, partnership: Partnership) -> bool:
    above = roles_above(dispute, partnership.protocol)
    acting = (
        p.person.address
        for p in dispute.parties
        if p.role in above and p.person.address and dispute.voice(p.side, dispute.agency_of(p)) == voice
    )
    return any(not has_left(address, partnership) for address in acting)


def side_acted_for(dispute: Dispute, partnership: Partnership, address: str) -> Side | None:
    """The side that this address has authority to speak for; None for the office, for those brought in, and
    strangers."""
    held = capacities(dispute, partnership, address)
    return Side.RAISING if held & RAISING else Side.RECEIVING if held & RECEIVING else None


# What a request is about


def object_of(act: str, request: Request, dispute: Dispute) -> On:
    """Whose proposal or date an answer is about, to judge the authority for it. People and facts are weighed one by
    one, where they are recorded."""
    if act in (Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION):
        proposal = dispute.proposal
        said = dispute.confirmed if act == Act.CONFIRM_RESOLUTION else frozenset()
        put = frozenset({dispute.voice(proposal.side, proposal.by.agency)}) if proposal else frozenset()
        return _seen_from(request, dispute, said | put if proposal else None)
    if act in (Act.ACCEPT_DATE, Act.REFUSE_DATE):
        waiting = dispute.open_date
        if waiting is not None and waiting.within:  # between two people of one side
            return On.OURS if request.by.address == waiting.by.address else On.THEIRS
        return _seen_from(request, dispute, waiting.accepted if waiting else None)
    return On.IT


def _seen_from(request: Request, dispute: Dispute, said: frozenset[Voice] | None) -> On:
    """Which case of authority a proposal is, seen from one side; ``said``: those whose word it is already, the one who
    put it among them."""
    if said is None:
        return On.IT
    mine = {
        dispute.voice(p.side, dispute.agency_of(p)) for p in dispute.parties if p.person.address == request.by.address
    }
    return On.OURS if said & mine else On.THEIRS


def sides_at(person: Person, dispute: Dispute, partnership: Partnership) -> frozenset[Side]:
    """The sides of whose agencies somebody may be, on which their authority rests: by the directory's row for them,
    else by every agency that uses their domain. OTHER for an agency of neither; several, where the directory is silent
    and agencies share a domain; none, where nothing is known of it."""
    officer = partnership.directory.find_officer(person.address)
    names = {officer.person.agency} if officer else {a.name for a in partnership.directory.agencies_at(person.address)}
    both = {side: agencies_of(dispute, side) for side in (Side.RAISING, Side.RECEIVING)}
    found = {side for side, theirs in both.items() if names & theirs}
    beside = names - {""} - both[Side.RAISING] - both[Side.RECEIVING]
    return frozenset(found | {Side.OTHER} if beside and (found or _all_known(dispute, partnership)) else found)


def whose(person: Person, dispute: Dispute, partnership: Partnership) -> Side | None:
    """For authority, the side whose agency somebody certainly is of: EACH where the directory leaves that open, OTHER
    for a third agency, None where nothing is known of their address's domain. Authority rests on what is certain."""
    sides = sides_at(person, dispute, partnership)
    return Side.EACH if len(sides) > 1 else next(iter(sides), None)


def agencies_of(dispute: Dispute, side: Side) -> frozenset[str]:
    return frozenset(dispute.agencies(side))


def _all_known(dispute: Dispute, partnership: Partnership) -> bool:
    """To judge authority: are both sides' agencies in the directory, so that another one is certainly a third?"""
    listed = {agency.name for agency in partnership.directory.agencies}
    return all(agencies_of(dispute, s) and agencies_of(dispute, s) <= listed for s in (Side.RAISING, Side.RECEIVING))


def on_person(person: Person, mine: Side | None, dispute: Dispute, partnership: Partnership, theirs: Side) -> On:
    """Which case of authority it is to name ``person`` for a place on ``theirs``, seen from somebody of the side
    ``mine``."""
    sides = sides_at(person, dispute, partnership)
    other = Side.RECEIVING if theirs is Side.RAISING else Side.RAISING
    if any(p.person.address == person.address and p.side is other for p in dispute.parties if person.address):
        return On.BOTH
    if sides and theirs not in sides:
        return On.THIRD
    if theirs is not mine:
        return On.THEIRS
    return On.SHARED if len(sides) > 1 else On.OURS


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


def _key(stage: Stage) -> str:
    return f"decided_by:{stage.id}"
