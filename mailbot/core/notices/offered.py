"""What is offered, to whom, at which stage: the one list of the replies that somebody may make, each with the act that
it asks.

A letter's buttons are this list, and so is what is said of a button that was pressed out of its time. Nothing is
offered that the judge of authority would refuse its reader, and nothing is decided here: what a reply brings is decided
as if it had been typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.silence import may_move_on
from mailbot.core.decisions.after_closing import asks_for_feedback
from mailbot.core.decisions.resolution import is_binding
from mailbot.core.decisions.stages import is_partnership_stage, stage_after
from mailbot.core.decisions.who_may.authority import deciders, is_final
from mailbot.core.decisions.who_may.replies_taken import FEEDBACK, longer_may_be_agreed, may_reply
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.events import ResolutionConfirmed, ResolutionProposed
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Party

# Letters whose replies do not depend on the stage.
_FIXED: Mapping[str, tuple[str, ...]] = {
    "refer_question": ("REFER", "RESOLVED"),
    "date_proposed": ("AGREE", "NO"),
}
# Letters after the end.
AFTER: Mapping[str, tuple[str, ...]] = {
    "feedback_asked": (FEEDBACK,),
    "action_due": ("DONE",),
    "action_unreported": ("DONE", "NOT HAPPENED"),
    "did_it_happen": ("HAPPENED", "NOT HAPPENED"),
    "did_not_happen": ("DONE",),
}
SILENT = frozenset(
    {
        "urgent",
        "urgent_told",
        "outsider",
        "outsider_told",
        "held_told",
        "roster_proposed",
        "was_it_you",
        "thanks",
        "received",
        "guide",
        "out_of_scope",
        "not_delivered",
        "unreachable_told",
        "trouble_told",
        "summary",
        "stage_told",
        "transcript",
    }
)


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom something is offered: who a letter is to, by their party entry if they have one, else by the
    partnership's role they fill. ``instead``: they are asked in place of somebody who is not known, or has left."""

    person: Person
    party: Party | None
    office: str  # id of the partnership's role, "" for a party
    acts: bool
    instead: bool = False

    @property
    def side(self) -> Side | None:
        return self.party.side if self.party else None

    def decides(self, deciding: tuple[str, ...]) -> bool:
        """Offered to decide: is it this reader's turn: the partnership's own, or somebody named for it?"""
        return bool({self.office, self.party.role if self.party else ""} & set(deciding))

    def has_said(self, dispute: Dispute) -> bool:
        """Offered nothing more: has this reader's side, or their agency of several, said that it was agreed?"""
        party = self.party
        return party is not None and dispute.voice(party.side, dispute.agency_of(party)) in dispute.confirmed


def reader_of(person: Person, dispute: Dispute | None, protocol: Protocol, acts: bool) -> Reader:
    """Who somebody is to whom something is offered; ``acts``: a letter gives them a turn."""
    party = dispute.party(person.address) if dispute else None
    office = "" if party else _office(person.address, protocol)
    if office and not person.name:
        person = Person(person.address, protocol.roles[office].title)
    return Reader(party.person if party and party.person.name else person, party, office, acts)


def _office(address: str, protocol: Protocol) -> str:
    return next((r.id for r in protocol.roles.values() if address and r.address.lower() == address), "")


def replies_offered(letter: str, reader: Reader, case: Case) -> tuple[str, ...]:
    """What a letter offers its reader: the words of the replies, the likeliest first; none that would be refused."""
    words = _wanted(letter, reader, case.dispute, case.protocol)
    taken = tuple(word for word in words if may_reply(word, reader.person, case))
    # An act of one's own that a file's clock waits for, at a stage of others, who alone may say that it is resolved, is
    # done by whatever tells of it.
    tells = letter == "limit_passed" and reader.acts and case.dispute.is_open and "RESOLVED" not in taken
    return ("NOTE", *taken) if tells and "NOTE" not in taken else taken


def _wanted(letter: str, reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    if letter in SILENT:
        return ()
    if letter == "absence":  # whoever is asked who has it now
        return ("HANDOVER TO",) if reader.acts and reader.party and dispute.is_open else ()
    if letter == "proposed_told":
        objects = reader.party and reader.party.role == "raiser" and not _said_so(reader, dispute)
        return ("DISAGREE",) if objects and dispute.proposal else ()  # the raiser may always (G12)
    if letter == "closed":
        again = ("REOPEN",) if reader.side is Side.RAISING and not is_binding(dispute, protocol) else ()
        debrief = ("DEBRIEF",) if reader.party and protocol.look_back else ()
        return (*again, *debrief, *_feedback(dispute, protocol, reader))
    if letter == "limit_passed" and reader.office and (moves := _moving_on(dispute, protocol, reader)):
        return moves
    if letter == "limit_passed" and not reader.acts:
        own = ("RESOLVED",) if reader.party and dispute.is_open else ()
        return (*_moving_on(dispute, protocol, reader), *own)
    if not dispute.is_open and letter in AFTER:
        return _after(letter, dispute, protocol, reader)
    if not reader.acts or not dispute.is_open:
        return ()
    return _FIXED.get(letter) or _at_stage(dispute, protocol, reader)


def _said_so(reader: Reader, dispute: Dispute) -> bool:
    """Offered no objection: has this reader said themselves that it was agreed? That their manager did binds nobody who
    raised it."""
    since = dispute.proposal.at if dispute.proposal else dispute.opened
    said = (p for p in dispute.history if isinstance(p, ResolutionProposed | ResolutionConfirmed) and p.at >= since)
    return any(past.by.address == reader.person.address for past in said)


def _moving_on(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """Offered to whoever may move it on in place of somebody silent: to refer it, or to move it up."""
    following = stage_after(dispute, protocol)
    if following is None or not dispute.is_open or not may_move_on(dispute, protocol, reader.person.address):
        return ()
    return ("REFER" if is_partnership_stage(following) else "ESCALATE",)


def _after(letter: str, dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """What is offered after closing: whether it happened is for the raising side and the partnership to say."""
    says = reader.side is Side.RAISING or bool(reader.office)
    words = tuple(word for word in AFTER[letter] if word != "NOT HAPPENED" or says) if reader.acts else ()
    return (*words, FEEDBACK) if letter == "did_it_happen" and asks_for_feedback(dispute, protocol) else words


def _feedback(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """Feedback is offered in a closing letter to the managers of the last stage, whose form asks for it at close.
    Whoever raised it is asked later, beside the question whether it happened."""
    stage = protocol.stages[dispute.stage]
    here = reader.party is not None and reader.party.role in (*stage.raising, *stage.receiving)
    is_raiser = any(p.person.address == reader.person.address for p in dispute.filling("raiser"))
    return (FEEDBACK,) if here and not is_raiser and asks_for_feedback(dispute, protocol) else ()


def _at_stage(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    if dispute.state is State.PROPOSED:
        return () if reader.has_said(dispute) else ("CONFIRM", "DISAGREE")
    decide = deciders(dispute, protocol)
    if decide:
        if reader.decides(decide):
            return ("DECISION",)
        here = protocol.stages[dispute.stage]
        settles = (
            reader.party and reader.party.role in (*here.raising, *here.receiving) and not is_final(dispute, protocol)
        )
        return ("RESOLVED",) if settles else ()
    following = stage_after(dispute, protocol)
    words = ["RESOLVED"]
    if following and reader.side is Side.RAISING:
        words.append("REFER" if is_partnership_stage(following) else "ESCALATE")
    elif following and reader.side is Side.RECEIVING:
        words.append("NOT RESOLVED")
    return tuple(words)


def offered_beside(words: tuple[str, ...], reader: Reader, case: Case) -> tuple[str, ...]:
    """What is offered besides a letter's first answers, to those with whom the stage is: a date, a colleague."""
    if "RESOLVED" not in words or not reader.acts or case.dispute.state is not State.OPEN:
        return ()
    longer = ("AGREE BY",) if longer_may_be_agreed(case.dispute, case.protocol) else ()
    beside = ("NEEDED BY", *longer, "HANDOVER TO")
    return tuple(word for word in beside if may_reply(word, reader.person, case))
