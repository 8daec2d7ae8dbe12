"""Which replies are taken here: the act that each word of a reply asks, and whether the judge of authority and the
procedure would take it of somebody at this stage. Nothing is offered, by a button or in a question, that is refused to
whoever is asked.
"""

import re
from collections.abc import Mapping
from typing import Final

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.resolution import is_binding
from mailbot.core.decisions.stages import stage_after, what_follows_the_last
from mailbot.core.decisions.who_may.authority import judge
from mailbot.core.decisions.who_may.table import AFTER_CLOSING, On, Verdict
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Agreed
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.intents import Act, Intent, Person

FEEDBACK = "(feedback)"  # no word to type: the labelled lines speak for themselves
# The act that each reply asks, by the word that it begins with. A word that is not here answers a question of ours, and
# asks what the question says.
REPLY_ACTS: Mapping[str, Act] = {
    "RESOLVED": Act.PROPOSE_RESOLUTION,
    "ESCALATE": Act.MOVE_UP,
    "NOT RESOLVED": Act.MOVE_UP,
    "REFER": Act.REFER,
    "CONFIRM": Act.CONFIRM_RESOLUTION,
    "DISAGREE": Act.OBJECT_RESOLUTION,
    "AGREE BY": Act.PROPOSE_DATE,
    "NEEDED BY": Act.PROTECTIVE_DATE,
    "AGREE": Act.ACCEPT_DATE,
    "NO": Act.REFUSE_DATE,
    "HANDOVER TO": Act.HANDOVER,
    "DECISION": Act.DECISION,
    "REOPEN": Act.REOPEN,
    "HAPPENED": Act.HAPPENED,
    "NOT HAPPENED": Act.NOT_HAPPENED,
    "DONE": Act.ACTION_DONE,
    FEEDBACK: Act.FEEDBACK,
}
UP: Final = ("ESCALATE", "NOT RESOLVED", "REFER")
_LONGER = frozenset({Agreed.ANY_DATE, Agreed.MUST_BE_SET, Agreed.MUST_BE_SET_ANY})


def verdict_of(word: str, person: Person, case: Case) -> Verdict:
    """What would be done with a reply: done, put to whoever it belongs to, kept as its writer's view, or refused."""
    act = REPLY_ACTS.get(word)
    if act is None:
        return Verdict.YES
    on = On.OURS if act is Act.HANDOVER else None  # to a colleague; to whom, the reply says
    return judge(Request(Intent(act), person, case.dispute.opened), case, on=on).verdict


def may_reply(word: str, person: Person, case: Case) -> bool:
    """Would a reply that is offered be taken: done, put to whoever it belongs to, or kept as its writer's view?"""
    return verdict_of(word, person, case) not in (Verdict.NO, Verdict.PROVE)


def longer_may_be_agreed(dispute: Dispute, protocol: Protocol) -> bool:
    """Is a reply with a date taken: does the procedure let one be agreed at this stage?"""
    return any(clock.agreed in _LONGER for clock in protocol.clocks_of(dispute.stage))


def without_the_refused(question: str, person: Person, case: Case) -> str:
    """A question of ours without the replies that would not be taken of whoever is asked, and with what the procedure
    has instead."""
    dispute, protocol = case.dispute, case.protocol
    if not dispute.is_open:
        return _once_closed(question, person, case)
    if dispute.state is not State.OPEN:
        return question
    gone = [word for word in _OFTEN if _has(question, word) and not _is_taken(word, person, case)]
    kept = [said for one in _SENTENCE.split(question) if (said := _without(one, gone))]
    if not any(_has(said, word) for said in kept for word in ("NOTE", *_OFTEN)):
        return question  # nothing that it asks for would be left
    stage = protocol.stage_name(dispute.stage)
    if set(gone) & set(UP) and stage_after(dispute, protocol) is None:
        kept.append(f"{what_follows_the_last(dispute, protocol)}.")
    if "AGREE BY" in gone and not longer_may_be_agreed(dispute, protocol):
        kept.append(f"A longer time cannot be agreed at {stage}.")
    return " ".join(kept)


_WHEN_OPEN: Final[Mapping[str, Act]] = {
    **REPLY_ACTS,
    "WITHDRAW": Act.WITHDRAW,
    "ADD": Act.ADD_PERSON,
    "CORRECT": Act.CORRECT,
}


def _once_closed(question: str, person: Person, case: Case) -> str:
    """A question of ours about a dispute that is closed: nothing that is taken of an open one alone, and what is."""
    gone = [word for word, act in _WHEN_OPEN.items() if act not in AFTER_CLOSING and _has(question, word)]
    if not gone:
        return question
    kept = " ".join(said for one in _SENTENCE.split(question) if (said := _without(one, gone)))
    note = "" if _has(kept, "NOTE") else " To add this to the record, reply NOTE."
    binding = is_binding(case.dispute, case.protocol)
    again = (
        ""
        if binding or not may_reply("REOPEN", person, case)
        else " To have it looked at again, reply REOPEN, then why."
    )
    return f"{kept} {case.dispute.reference} is closed.{again}{note}".strip()


_OFTEN: Final = ("RESOLVED", *UP, "AGREE BY", "NEEDED BY", "WITHDRAW", "DECISION")
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z])")
_WHAT = r"(?:,? (?:with|and|followed by) [^,.;]*)?"


def _is_taken(word: str, person: Person, case: Case) -> bool:
    if word in UP and stage_after(case.dispute, case.protocol) is None:
        return False
    if word == "AGREE BY" and not longer_may_be_agreed(case.dispute, case.protocol):
        return False
    if word == "WITHDRAW":
        return judge(Request(Intent(Act.WITHDRAW), person, case.dispute.opened), case).is_allowed
    return may_reply(word, person, case)


def _has(said: str, word: str) -> bool:
    return re.search(rf"(?<![A-Z] ){word}\b(?! [A-Z]{{2,}})", said) is not None


def _without(said: str, gone: list[str]) -> str:
    """One sentence without what it offers by these words; "" where it offers nothing else."""
    for word in gone:
        if not _has(said, word):
            continue
        for pattern in (
            rf"(?<=reply ){word}{_WHAT}, or (?=[A-Z]{{2}})",
            rf"{word}{_WHAT}, (?=or [A-Z]{{2}}|[A-Z]{{2}})",
            rf",? or {word}{_WHAT}",
        ):
            said = re.sub(pattern, "", said, count=1) if _has(said, word) else said
        if _has(said, word):
            return ""
    return said
