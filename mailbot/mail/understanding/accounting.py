"""Is everything the writer said accounted for? Before a message acts, each of its sentences must either support what
it was read as, or be of a kind that takes nothing back.

``hearing.py`` asks whether one phrase is clear in its own sentence. That is not enough: "Iris is happy with this. I
haven't made my mind up." Agreement is held to more than refusal, because what is refused stays open and is looked at
again, and what is agreed is closed.
"""

import re

from mailbot.core.happened.intents import Act, Intent
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Names, Sense
from mailbot.mail.understanding import asking
from mailbot.mail.understanding.asking import ask
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.hearing import Heard, hear, traps_in
from mailbot.mail.understanding.plainly import goes_on_plainly, is_plain, supports
from mailbot.mail.understanding.spelling import sentences

_AGREES = frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_ANSWERS = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})  # to words of ours: nothing needs adding to a yes
QUESTIONS: dict[Act, str] = {
    Act.PROPOSE_RESOLUTION: asking.RESOLVED_OR_NOT,
    Act.CONFIRM_RESOLUTION: asking.CONFIRM_OR_NOT,
    Act.OBJECT_RESOLUTION: asking.CONFIRM_OR_NOT,
    Act.ACCEPT_DATE: asking.WHICH_DATE,
    Act.REFUSE_DATE: asking.WHICH_DATE,
    Act.MOVE_UP: asking.UP_OR_NOT,
    Act.REFER: asking.UP_OR_NOT,
    Act.WITHDRAW: asking.WITHDRAW_OR_NOT,
    Act.REOPEN: asking.REOPEN_OR_NOT,
}
_AGAINST = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.OBJECTION, Sense.UP, Sense.REFER, Sense.REFUSAL})
_FOR = frozenset({Sense.SETTLED, Sense.ASSENT})
# Traps that take an agreement back from the sentence next to it; a plan or a promise does not.
_TAKES_BACK = frozenset({"joke", "quoted", "supposition", "belief", "own belief", "condition", "part", "but"})
_STANCE = lexicon.pattern("told.stance")
_ERRAND = lexicon.pattern("told.errand")
_DENIAL = lexicon.pattern("told.denial")
# "Nobody has visited since", "I haven't seen it": said of what has happened, not of what was agreed.
_UNMET = lexicon.pattern("told.unmet")
_DEMANDS = lexicon.pattern("told.demands")
_LABELLED = re.compile(r"[A-Z][\w' ]{2,40}: ?")
_WAITS = lexicon.pattern("told.waits")
_RIVALS: dict[str, frozenset[Act]] = {
    "ESCALATE": frozenset({Act.MOVE_UP, Act.REFER}), "REFER": frozenset({Act.MOVE_UP, Act.REFER}),
    "RESOLVED": frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION}),
    "CONFIRM": frozenset({Act.CONFIRM_RESOLUTION, Act.PROPOSE_RESOLUTION, Act.OBJECT_RESOLUTION}),
    "DISAGREE": frozenset({Act.OBJECT_RESOLUTION, Act.REFUSE_DATE, Act.MOVE_UP}),
    "WITHDRAW": frozenset({Act.WITHDRAW}),
}  # fmt: skip


def accounted(intent: Intent, own: str, names: Names, command: Command | None = None) -> Intent:
    """``intent``, or the question to ask instead of it.

    ``command`` is the word on the first line that gave it. In capitals, as the letters print it, what follows a
    "RESOLVED" is what was agreed, in whatever words; only a second answer or a joke in it is asked about.
    """
    question = QUESTIONS.get(intent.act)
    if question is None:
        return intent
    parts = [" ".join(piece.split())[:2000] for piece in sentences(own)]
    lenient = command is not None and command.is_in_capitals and intent.act not in _ANSWERS
    judge = _contradicts if lenient else _undermines
    plain = lenient or _is_told(intent.act, own, names, command)
    if not plain or _shouts_another(intent.act, parts) or any(judge(intent.act, part, names) for part in parts):
        return ask(question, intent.words or own, *intent.flags)
    return intent


def _is_told(act: Act, own: str, names: Names, command: Command | None) -> bool:
    """Is there a sentence that tells ``act`` plainly? Of an agreement, does every sentence that agrees do so?"""
    if command is not None:
        first = next(iter(sentences(command.after)), "")
        return goes_on_plainly(act, first if command.after.lstrip().startswith(first) else "")
    told = [is_plain(act, heard) for heard in hear(own, names) if heard.is_clear and supports(act, heard)]
    return bool(told) and (all(told) if act in _AGREES else any(told))


def _shouts_another(act: Act, parts: list[str]) -> bool:
    """ "RESOLVED on the visits. ESCALATE on the plan." """
    words = [re.match(r"[A-Z]{5,10}\b", part) for part in parts[1:]]
    names = {w[0].rstrip("D") + "D" if w[0].startswith("RESOLV") else w[0] for w in words if w}
    return any(act not in _RIVALS[name] for name in names if name in _RIVALS)


def _contradicts(act: Act, part: str, names: Names) -> bool:
    """Of a word in capitals: does this sentence give the other answer, or laugh at it?"""
    if "joke" in traps_in(part):
        return True
    if _LABELLED.match(part):
        return False  # "Agreed: none" fills in the form
    return any(h.sense in _rivals(act) and h.is_clear for h in hear(part, names))


def _rivals(act: Act) -> frozenset[Sense]:
    """What cannot be meant along with it. A dispute may well be withdrawn because it is settled."""
    if act is Act.WITHDRAW:
        return frozenset({Sense.UP, Sense.REFER})
    return _AGAINST if act in _AGREES else _FOR


def _undermines(act: Act, part: str, names: Names) -> bool:
    heard = hear(part, names)
    traps = traps_in(part)
    if "joke" in traps:
        return True
    if act in _AGREES:
        return _unsettles(act, part, heard, traps)
    if "question" in traps and _STANCE.search(part):
        return True
    return any(h.sense in _rivals(act) and h.is_clear for h in heard) or _WAITS.search(part) is not None


def _unsettles(act: Act, part: str, heard: tuple[Heard, ...], traps: frozenset[str]) -> bool:
    """Does this sentence leave an agreement open?"""
    if any(h.sense in _AGAINST for h in heard):
        return True
    if "question" in traps:
        return not _ERRAND.search(part) or bool(_STANCE.search(part))
    if any(h.sense in _FOR and h.is_clear for h in heard):
        return False
    if traps & _TAKES_BACK or _UNMET.search(part):
        return True
    return act in _ANSWERS and bool("report" in traps or _DENIAL.search(part) or _DEMANDS.search(part))
