"""The table of authority as data: in which capacity somebody speaks, whose the thing is, what is done then.

One row is one act on one kind of object; ``judge`` (``authority``) reads it, and nothing else does. What has no row is
done for nobody. ``clause`` is where the published texts say so, or which of two readings was taken and why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mailbot.core.record.intents import Act, Proof


class Capacity(StrEnum):
    """As what somebody speaks in a dispute. One person may have several."""

    RAISER = "the raiser"
    RAISER_ACTING = "the raiser, while it is with practitioners"
    RAISING_MANAGER = "the raiser's line manager"
    RAISING_ACTING = "manager of the raising side, of this stage"
    RAISING_ABOVE = "manager of the raising side, of a later stage"
    RAISING_BEFORE = "manager of the raising side, of an earlier stage"
    RAISING_COLLEAGUE = "raising side, otherwise recorded"
    RESPONDER = "practitioner of the side asked"
    RESPONDER_ACTING = "practitioner of the side asked, while it is with practitioners"
    RECEIVING_ACTING = "manager of the side asked, of this stage"
    RECEIVING_ABOVE = "manager of the side asked, of a later stage"
    RECEIVING_BEFORE = "manager of the side asked, of an earlier stage"
    RECEIVING_COLLEAGUE = "side asked, otherwise recorded"
    ALONE = "was last with it, of a side that has nobody acting"
    WAS_ASKED = "asked to confirm before it moved on"
    SUPPORTER = "brought in from another agency"
    INFORMED = "recorded on neither side"
    MOVES_ON = "may move on what nobody moves"
    DATES_WITH = "agrees dates with the stage's own"
    TAKES_ROUTE = "whom the file names for that route"
    GIVES = "whom the file lets say so alone"
    DECIDER = "decides at this stage"
    OFFICE = "the partnership's office"
    PARTNERSHIP = "another address of the partnership that was told"
    WRITTEN_TO = "anybody the partnership may write to"
    ASKED = "whom that letter asked"
    CONTACT = "who answers for an agency's list"
    SERVER = "a mail server that had the letter"
    HAND = "somebody with access to the mailbox"
    NOBODY = "not recorded in it"


class On(StrEnum):
    """Whose the thing is that a request is about, seen from its writer."""

    IT = "the dispute"
    OURS = "own agency's"
    THEIRS = "other side's"
    SHARED = "a domain's of several agencies"
    THIRD = "another agency's"
    BOTH = "somebody's who stands on the other side"
    NEITHER = "of neither side"
    PANEL = "of those who decide for the partnership"
    SUPPORT = "own agency's, as supporter"
    THIRD_ACTING = "another agency's, in a role of a side"
    JOINS = "a further agency's, in a role of the side that was asked"
    JUDGES = "somebody's who decides and is of a side"
    TWICE = "somebody's who acts at another stage"
    HELD = "own agency's, in a place that somebody of it gave to another"
    UNMET = "other side's, of whom nobody is known"
    WITHIN = "put within one side"
    CLOSED = "a closed dispute"
    ONE_SIDED = "a stage of one agency"
    MONITORED = "one that the office only monitors"
    PROTECTS = "a status that protects more"


class Verdict(StrEnum):
    """``PUT``: put to whoever it belongs to. ``VIEW``: kept as its writer's view, and the raising side is asked.
    ``PROVE``: asked of the address on record before anything is done."""

    YES = "yes"
    PUT = "asked of others"
    VIEW = "as a view"
    NO = "no"
    PROVE = "asked of the address on record"


ANY_PROOF, PROVEN_ALONE = frozenset(Proof), frozenset({Proof.PROVEN})
# To move it up, with what remains unresolved, is the one act for which the office's own proven RELEASE is enough: a
# child waits for nobody's yes there, its writer hears of it at once, and WRONG takes it back.
RELEASED = frozenset({Proof.PROVEN, Proof.RELEASED})
BY_LETTER = frozenset({Proof.PROVEN, Proof.BY_LETTER})


@dataclass(frozen=True, slots=True)
class Rule:
    """One act on one kind of object: by whom it is done, put to others, or kept as a view; ``why`` it is not, for
    everybody else. ``proof``: what must show who asks; what gives nobody anything needs none (``ANY_PROOF``)."""

    act: str
    on: On = On.IT
    yes: frozenset[Capacity] = frozenset()
    put: frozenset[Capacity] = frozenset()
    view: frozenset[Capacity] = frozenset()
    why: str = ""
    proof: frozenset[Proof] = PROVEN_ALONE
    clause: str = ""


def verdict(rule: Rule, capacities: Iterable[Capacity], proof: Proof) -> Verdict:
    """One cell of the table."""
    held = frozenset(capacities)
    if proof not in rule.proof:
        return Verdict.PROVE
    for who, said in ((rule.yes, Verdict.YES), (rule.put, Verdict.PUT), (rule.view, Verdict.VIEW)):
        if held & who:
            return said
    return Verdict.NO


# Acts that are part of a message rather than its wish: a labelled line's name or value, an answer, words passed on.
NAME_PERSON, RECORD_FACT, RECORD_BOX = "name_person", "record_fact", "record_box"
AGENCY_OUT = "agency_out"  # one of several agencies that it is with is taken out of it
ANSWER_QUESTION, PASS_ON, END_ALONE = "answer_question", "pass_on", "end_alone"
# What is no wish about a dispute, and is done or recorded all the same.
ANSWER_HELD, PLACE_BY_HAND, CORRECT_LIST, PUT_BACK = "answer_held", "place_by_hand", "correct_list", "put_back"
# Lines that only the partnership's office has a word for (``core.decisions.office_acts.OfficeAct``).
FILE_HELD, RELEASE_HELD, DISMISS_HELD = HELD_ACTS = ("file_held", "release_held", "dismiss_held")
OFFICE_ACTS = (*HELD_ACTS, "hold_move", "go_on", "link", "keep_apart", "redact")
# What may still be asked once a dispute is closed; anything else is told how to reopen it.
AFTER_CLOSING = frozenset(
    {
        Act.NOTE,
        Act.FEEDBACK,
        Act.REOPEN,
        Act.STATUS,
        Act.QUESTION,
        Act.ACTION_DONE,
        Act.UNDO,
        Act.IMMEDIATE_RISK,
        Act.OBJECT_RESOLUTION,
        Act.AUTO_REPLY,
        Act.BOUNCE,
        Act.HOLD,
        Act.ROUTE,
        Act.FORM,
        Act.HAPPENED,
        Act.NOT_HAPPENED,
        Act.REMOVE_PERSON,  # G5: whoever was named in error has no more letters about the child
    }
)
_C = Capacity
RAISING = frozenset(
    {
        _C.RAISER,
        _C.RAISER_ACTING,
        _C.RAISING_MANAGER,
        _C.RAISING_ACTING,
        _C.RAISING_ABOVE,
        _C.RAISING_BEFORE,
        _C.RAISING_COLLEAGUE,
    }
)
RECEIVING = frozenset(
    {
        _C.RESPONDER,
        _C.RESPONDER_ACTING,
        _C.RECEIVING_ACTING,
        _C.RECEIVING_ABOVE,
        _C.RECEIVING_BEFORE,
        _C.RECEIVING_COLLEAGUE,
    }
)
RAISING_MANAGERS = frozenset({_C.RAISING_ACTING, _C.RAISING_ABOVE})
RECEIVING_MANAGERS = frozenset({_C.RECEIVING_ACTING, _C.RECEIVING_ABOVE})
MANAGERS = RAISING_MANAGERS | RECEIVING_MANAGERS
ACTING = MANAGERS | {_C.RAISER_ACTING, _C.RESPONDER_ACTING}
PRACTITIONERS = frozenset({_C.RAISER, _C.RESPONDER})
EITHER_SIDE = RAISING | RECEIVING
OFFICE = frozenset({_C.OFFICE})
DECIDES = frozenset({_C.DECIDER})
# Of no dispute: what ``capacities`` never finds there.
_BESIDE_IT = frozenset({_C.WRITTEN_TO, _C.ASKED, _C.CONTACT, _C.SERVER, _C.HAND})
ANYBODY_IN_IT = frozenset(Capacity) - _BESIDE_IT - {_C.NOBODY}
_REOPENS = frozenset({_C.RAISER, _C.RAISING_ACTING, _C.RECEIVING_ACTING}) | OFFICE
_MOVES_UP = RAISING_MANAGERS | {_C.RAISER_ACTING, _C.MOVES_ON}
# Whose wish to have it moved up, at a stage of others, is put to those: of whoever raised it, or had it before.
_ASKS_FOR_IT = frozenset({_C.RAISER, _C.RAISING_MANAGER, _C.RAISING_BEFORE})
_NOT_A_PARTY = "you are not recorded as a party to this dispute"
_FOR_THE_SIDES = "that is for the two sides of the dispute; what you wrote is filed"
_FOR_THE_RAISER = "that is for the agency that raised it"
_AGAIN = "whether it is opened again is for the agency that raised it, and what you wrote is put to them"
_MONITORS = (
    "by this procedure your office records what others decide. It closes when both sides agree, when whoever raised it "
    "withdraws it, or when those who decide have decided; CLOSE records it once each side has written of an agreement"
)
_OFFICE_ONLY = "it asks for what only the partnership's own office may do"
_DATES = "a date is agreed by the people this stage is with"
_PEOPLE = "people are added or removed by their side's own manager, or by the Business Manager"
_BOTH_SIDES = "they stand on the other side of this dispute, and nobody stands on both"
_TWO_STAGES = "one person cannot act at two stages of a side"
_PANEL = "those who decide are named by the partnership's own office"
_JUDGES = "whoever decides a dispute stands on no side of it; name somebody else, of the same agency if need be"
_AGENCY_OUT = "with which agencies it is, is for whoever raised it, or for the Business Manager, to say"
_THEIR_PEOPLE = "a side names, adds and removes its own people only"
_THIRD = "a side's people are of its own agency; somebody of another may come in as a supporter"
_SAME_AGENCY = "a handover is to a colleague in the same agency, at an address the partnership knows"
_UP = "moving it up is for the people this stage is with, on the side that raised it"
_REOPEN = "it is reopened by whoever raised it, by a manager of the last stage, or by the Business Manager"
_NOTHING_WAITS = "no resolution is waiting to be confirmed"
_NO_DATE = "no date is waiting for an answer"
_REVIEWER = "the reviewing officer is replaced by naming another, or taken out by the Business Manager"
_A_VIEW = "that is changed by the side that raised it, or by the Business Manager"
_BY_THE_RAISING_SIDE = "that is named by the side that raised it, or by the Business Manager"


def _told(act: str) -> Rule:
    """The authority to tell and ask, which changes nothing: anybody in the dispute."""
    return Rule(act, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY, proof=ANY_PROOF, clause="D2 STATUS, NOTE: any party")


TABLE: tuple[Rule, ...] = (
    Rule(
        Act.OPEN,
        yes=frozenset({_C.WRITTEN_TO, _C.PARTNERSHIP}) | OFFICE,
        why="a dispute is raised by somebody of an agency of the directory",
        clause="D2 Opening; also for a colleague: whoever is named as the raiser has its first letter",
    ),
    _told(Act.NOTE),
    _told(Act.STATUS),
    _told(Act.QUESTION),
    Rule(Act.FORM, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY, clause="read; its boxes by the rows record box"),
    Rule(Act.IMMEDIATE_RISK, yes=frozenset(Capacity), proof=ANY_PROOF, clause="G2"),
    Rule(Act.FEEDBACK, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.MET, yes=EITHER_SIDE | OFFICE, why=_FOR_THE_SIDES, clause="D2: either side; the office keeps the record"),
    Rule(
        Act.CHILD_STATUS,
        yes=ANYBODY_IN_IT,
        why=_NOT_A_PARTY,
        clause="D2: any party; heard, and recorded by the rows record fact (H9)",
    ),
    Rule(Act.CORRECT, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY, clause="heard, and recorded by the rows record fact"),
    Rule(Act.ACTION_DONE, yes=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(Act.HAPPENED, yes=RAISING | OFFICE, why=_FOR_THE_RAISER),
    Rule(Act.NOT_HAPPENED, yes=_REOPENS - RECEIVING, put=RECEIVING | RAISING - _REOPENS, why=_AGAIN, clause="H11"),
    Rule(Act.ROUTE, yes=frozenset({_C.TAKES_ROUTE})),
    Rule(
        Act.PROTECTIVE_DATE,
        yes=EITHER_SIDE | OFFICE,
        why=_FOR_THE_SIDES,
        clause="D2: either side; an earlier date for the child is the office's to give as well",
    ),
    Rule(
        Act.PROPOSE_RESOLUTION,
        yes=ACTING | PRACTITIONERS | {_C.ALONE},
        why="a resolution is reported by the people this stage is with, or by the practitioners",
        clause="it ends nothing: the other side confirms it",
    ),
    Rule(
        Act.PROPOSE_RESOLUTION,
        On.ONE_SIDED,
        yes=RAISING_MANAGERS | {_C.RAISER, _C.RAISER_ACTING},
        why="a resolution is reported by the people this stage is with, or by the practitioners",
        clause="PL-02: it closes, for nobody else was told",
    ),
    Rule(END_ALONE, yes=frozenset({_C.GIVES}), clause="SU-05: the file's given_by, at the file's stage, with reasons"),
    Rule(
        Act.CONFIRM_RESOLUTION,
        On.THEIRS,
        yes=ACTING | {_C.ALONE, _C.WAS_ASKED},
        why="it is for the people this stage is with",
    ),
    Rule(Act.CONFIRM_RESOLUTION, On.OURS, why="the other side confirms what one side has reported"),
    Rule(Act.CONFIRM_RESOLUTION, why=_NOTHING_WAITS),
    Rule(Act.OBJECT_RESOLUTION, On.THEIRS, yes=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(
        Act.OBJECT_RESOLUTION,
        On.OURS,
        yes=frozenset({_C.RAISER}),
        why="your own side reported this; whoever did may reply WRONG to take it back",
        clause="G12: the raiser may always disagree",
    ),
    Rule(Act.OBJECT_RESOLUTION, why=_NOTHING_WAITS),
    Rule(Act.OBJECT_RESOLUTION, On.CLOSED, yes=_REOPENS, why=_REOPEN, clause="H11: it is REOPEN then"),
    Rule(Act.MOVE_UP, yes=_MOVES_UP, put=_ASKS_FOR_IT, view=RECEIVING, why=_UP, proof=RELEASED, clause="D2; H8"),
    Rule(Act.REFER, yes=_MOVES_UP, put=_ASKS_FOR_IT, view=RECEIVING, why=_UP, clause="D2; H8; NS-23"),
    Rule(
        Act.DECISION,
        yes=frozenset({_C.DECIDER}),
        why="only those who decide at this stage can do that",
    ),
    Rule(Act.PROPOSE_DATE, yes=ACTING, why=_DATES),
    Rule(Act.PROPOSE_DATE, On.WITHIN, yes=ACTING | {_C.DATES_WITH}, why=_DATES, clause="SU step 2"),
    Rule(Act.ACCEPT_DATE, On.THEIRS, yes=ACTING, why=_DATES),
    Rule(Act.ACCEPT_DATE, On.WITHIN, yes=frozenset({_C.RAISING_ACTING, _C.DATES_WITH}), why=_DATES, clause="SU step 2"),
    Rule(Act.ACCEPT_DATE, On.OURS, why="a date is agreed by the other side"),
    Rule(Act.ACCEPT_DATE, why=_NO_DATE),
    Rule(Act.REFUSE_DATE, On.THEIRS, yes=ACTING, why=_DATES),
    Rule(Act.REFUSE_DATE, On.WITHIN, yes=frozenset({_C.RAISING_ACTING, _C.DATES_WITH}), why=_DATES, clause="SU step 2"),
    Rule(Act.REFUSE_DATE, On.OURS, yes=ACTING | {_C.DATES_WITH}, why=_DATES),
    Rule(Act.REFUSE_DATE, why=_NO_DATE),
    Rule(
        Act.WITHDRAW,
        yes=frozenset({_C.RAISER, _C.RAISING_MANAGER}),
        why="it is withdrawn by whoever raised it or by their line manager",
        clause="D2: raiser or raising manager",
    ),
    Rule(Act.CLOSE, yes=OFFICE, why=_OFFICE_ONLY, clause="PL-19: neither side withdrew it"),
    Rule(Act.CLOSE, On.MONITORED, why=_MONITORS, clause="GL 2.3e: monitoring purposes only"),
    Rule(
        Act.REOPEN,
        yes=_REOPENS,
        put=(RECEIVING | RAISING) - _REOPENS,
        why=_REOPEN,
        clause="H11; at once, and the reason is kept where one is given: to look again never waits (D3)",
    ),
    Rule(
        Act.UNDO,
        yes=EITHER_SIDE | DECIDES | OFFICE | {_C.SUPPORTER, _C.INFORMED, _C.PARTNERSHIP},
        why=_NOT_A_PARTY,
        clause="H11: one's own message",
    ),
    # People. Whose somebody is, the directory says; where agencies share a domain and it is silent, the office.
    Rule(Act.HANDOVER, On.OURS, yes=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(Act.HANDOVER, On.SHARED, put=EITHER_SIDE, why=_FOR_THE_SIDES),
    Rule(Act.HANDOVER, On.THEIRS, why=_SAME_AGENCY),
    Rule(Act.HANDOVER, On.THIRD, why=_SAME_AGENCY),
    Rule(Act.HANDOVER, On.BOTH, why=_BOTH_SIDES),
    Rule(Act.HANDOVER, On.JUDGES, why=_JUDGES),
    Rule(Act.HANDOVER, On.TWICE, why=_TWO_STAGES, clause="G7, B2.4"),
    Rule(Act.ADD_PERSON, On.OURS, yes=MANAGERS | OFFICE, why=_PEOPLE, clause="G5, D2"),
    Rule(
        Act.ADD_PERSON,
        On.SUPPORT,
        yes=MANAGERS | OFFICE | {_C.RAISER, _C.RAISER_ACTING, _C.RESPONDER_ACTING},
        why=_PEOPLE,
        clause="G12: the raiser may name a supporter",
    ),
    Rule(Act.ADD_PERSON, On.SHARED, yes=OFFICE, put=ACTING | {_C.RAISER}, why=_PEOPLE),
    Rule(Act.ADD_PERSON, On.THEIRS, yes=OFFICE, put=ACTING | {_C.RAISER}, why=_PEOPLE),
    Rule(
        Act.ADD_PERSON,
        On.THIRD,
        yes=RAISING_MANAGERS | OFFICE | {_C.RAISER_ACTING},
        put=RECEIVING_MANAGERS | {_C.RAISER, _C.RESPONDER_ACTING},
        why=_PEOPLE,
        clause="D2; they speak, and decide nothing",
    ),
    Rule(Act.ADD_PERSON, On.THIRD_ACTING, why=_THIRD, clause="H9: its own agency's"),
    Rule(
        Act.ADD_PERSON,
        On.JOINS,
        yes=RAISING | OFFICE,
        put=RECEIVING,
        why=_PEOPLE,
        clause="PL “agency/agencies as appropriate”; NS-07 “all parties involved”: their agency is asked too",
    ),
    Rule(Act.ADD_PERSON, On.BOTH, why=_BOTH_SIDES),
    Rule(Act.ADD_PERSON, On.TWICE, why=_TWO_STAGES, clause="G7, B2.4"),
    Rule(Act.ADD_PERSON, On.PANEL, yes=OFFICE, why=_PANEL),
    Rule(Act.ADD_PERSON, On.JUDGES, why=_JUDGES, clause="G7, B2.4"),
    Rule(Act.ADD_PERSON, On.NEITHER, yes=RAISING | OFFICE, why=_BY_THE_RAISING_SIDE, clause="H9"),
    Rule(Act.REMOVE_PERSON, On.OURS, yes=MANAGERS | OFFICE, why=_PEOPLE, clause="G5, D2"),
    Rule(Act.REMOVE_PERSON, On.THEIRS, yes=OFFICE, why=_THEIR_PEOPLE),
    Rule(Act.REMOVE_PERSON, On.NEITHER, yes=OFFICE, why=_REVIEWER, clause="G22: cannot be skipped"),
    Rule(Act.REMOVE_PERSON, On.PANEL, yes=OFFICE, why=_PANEL),
    Rule(
        AGENCY_OUT,
        yes=RAISING_MANAGERS | OFFICE | {_C.RAISER, _C.RAISER_ACTING, _C.RAISING_MANAGER},
        put=RECEIVING | RAISING,
        why=_AGENCY_OUT,
        clause="NS-07 “all parties involved”; PL “agencies as appropriate”: with whom it is, is its raiser's to say",
    ),
    Rule(NAME_PERSON, On.OURS, yes=EITHER_SIDE | OFFICE, why=_THEIR_PEOPLE, clause="NS-08: who is missing"),
    Rule(
        NAME_PERSON,
        On.HELD,
        yes=MANAGERS | OFFICE,
        put=EITHER_SIDE - MANAGERS,
        why=_THEIR_PEOPLE,
        clause="G5: whom somebody of that side named is replaced by whoever named them, themselves, or a manager",
    ),
    Rule(
        NAME_PERSON,
        On.UNMET,
        yes=EITHER_SIDE | OFFICE,
        why=_THEIR_PEOPLE,
        clause="H9; D3 “who is it with?” is answered by whoever was asked",
    ),
    Rule(NAME_PERSON, On.SHARED, yes=OFFICE, put=EITHER_SIDE, why=_THEIR_PEOPLE),
    Rule(NAME_PERSON, On.THEIRS, yes=OFFICE, put=EITHER_SIDE, why=_THEIR_PEOPLE),
    Rule(NAME_PERSON, On.THIRD, why=_THIRD, clause="H9"),
    Rule(NAME_PERSON, On.BOTH, why=_BOTH_SIDES),
    Rule(NAME_PERSON, On.TWICE, why=_TWO_STAGES, clause="G7, B2.4"),
    Rule(NAME_PERSON, On.PANEL, yes=OFFICE, why=_PANEL),
    Rule(NAME_PERSON, On.JUDGES, why=_JUDGES, clause="G7, B2.4"),
    Rule(NAME_PERSON, On.NEITHER, yes=RAISING | OFFICE, view=ANYBODY_IN_IT - RAISING - OFFICE, why=_NOT_A_PARTY),
    # Facts. What nobody has recorded yet is for the sides and the office; the raising side's own stay its own.
    Rule(
        RECORD_FACT,
        yes=EITHER_SIDE | OFFICE | DECIDES,
        view=ANYBODY_IN_IT - EITHER_SIDE - OFFICE - DECIDES,
        why=_NOT_A_PARTY,
    ),
    Rule(RECORD_FACT, On.OURS, yes=EITHER_SIDE | OFFICE, why=_NOT_A_PARTY),
    Rule(RECORD_FACT, On.THEIRS, view=ANYBODY_IN_IT, why=_NOT_A_PARTY),
    Rule(
        RECORD_FACT,
        On.NEITHER,
        yes=RAISING | OFFICE,
        view=ANYBODY_IN_IT - RAISING - OFFICE,
        why=_NOT_A_PARTY,
        clause="H9",
    ),
    Rule(
        RECORD_FACT,
        On.PROTECTS,
        yes=ANYBODY_IN_IT - {_C.SUPPORTER},
        view=frozenset({_C.SUPPORTER}),
        why=_NOT_A_PARTY,
        clause="G22 before H9: it must not wait for an answer; of an agency that only supports a side it is a view",
    ),
    Rule(
        RECORD_BOX,
        yes=RAISING | OFFICE,
        view=ANYBODY_IN_IT - RAISING - OFFICE,
        why=_NOT_A_PARTY,
        proof=RELEASED,
        clause="NS-14: the agency raising",
    ),
    Rule(ANSWER_QUESTION, yes=RAISING | OFFICE, why=_FOR_THE_RAISER, clause="G22, GL-11: whom it was put to"),
    Rule(PASS_ON, yes=EITHER_SIDE | DECIDES, why=_FOR_THE_SIDES, clause="GL 2.4d; WO written representation"),
    *(
        Rule(act, yes=OFFICE | {_C.HAND}, why=_OFFICE_ONLY, clause="H10: where it belongs, and never who wrote it")
        for act in HELD_ACTS
    ),
    *(Rule(act, yes=OFFICE, why=_OFFICE_ONLY) for act in (*OFFICE_ACTS, PUT_BACK) if act not in HELD_ACTS),
    # What is no wish about a dispute.
    *(Rule(act, yes=frozenset(Capacity), proof=ANY_PROOF) for act in (Act.HOLD, Act.OUT_OF_SCOPE, Act.QUARANTINE)),
    Rule(Act.AUTO_REPLY, yes=ANYBODY_IN_IT, clause="D3: noticed, never obeyed"),
    Rule(Act.BOUNCE, yes=frozenset({_C.SERVER}), clause="G18: noticed, never obeyed"),
    Rule(ANSWER_HELD, yes=frozenset({_C.ASKED}), proof=BY_LETTER, clause="D2 OPEN, IGNORE, YES, NO: sender"),
    Rule(CORRECT_LIST, yes=OFFICE, put=frozenset({_C.CONTACT}), why=_OFFICE_ONLY),
    Rule(PLACE_BY_HAND, yes=frozenset({_C.HAND}), proof=ANY_PROOF, clause="kept as a note, and obeyed in nothing"),
)
_ROWS: Mapping[tuple[str, On], Rule] = {(str(rule.act), rule.on): rule for rule in TABLE}


def rule_for(act: str, on: On = On.IT) -> Rule | None:
    """The row of the table of authority, who may do what; None for what has none, which is done for nobody."""
    return _ROWS.get((str(act), on))


def needs_proof(act: str, proof: Proof = Proof.UNPROVEN) -> bool:
    """By the table of authority, is there anything that this act changes, so that mail which shows no more than
    ``proof`` must be asked about first?"""
    rows = [rule for (name, _), rule in _ROWS.items() if name == str(act)]
    return not rows or any(proof not in rule.proof for rule in rows)
