"""Plainness: is an outcome told so plainly, and everything else that was said so harmless, that it may be acted on?"""

import re
from dataclasses import dataclass
from unicodedata import category, name

from mailbot.core.record.intents import Act, Intent
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Names, Sense
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.phrases import Heard, hear, traps_in
from mailbot.mail.text.spelling_and_sentences import sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.questions import ask

# Is an outcome told so plainly that it may be acted on? A closed list, not an open one.
#
# ``traps.py`` lists what makes words mean less; people always find another ("resolved, my foot"). So it is asked from
# the other end as well: the words round the phrase must all be of kinds that are known to take nothing away. Whoever
# writes something richer is asked one question.
#
# Three parts: what may stand before the phrase in its clause, how it may go on, and, where a resolution goes on
# freely, that it goes on with something that can be agreed: somebody does something, or there is a date.

WORDS = re.compile(r"[a-z']+")
_SUBJECTS = lexicon.vocabulary_in_order("plain_subjects")
_LINKS = lexicon.vocabulary_in_order("plain_links")
_MANNERS = lexicon.vocabulary_in_order("plain_manners")
_YES = lexicon.vocabulary_in_order("plain_yes")
_NO = lexicon.vocabulary_in_order("plain_no")
_REASONS = lexicon.vocabulary_in_order("plain_reasons")
_MONTHS = lexicon.vocabulary_in_order("month")
PARTS_OF_DAYS = (
    *lexicon.vocabulary_in_order("plain_days"),
    *_MONTHS,
    *(month[:3] for month in _MONTHS),
    *lexicon.vocabulary_in_order("weekday"),
)
_UP = lexicon.vocabulary_in_order("plain_up")


def _of(*lists: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for one in lists for word in one)


@dataclass(frozen=True, slots=True)
class Shape:
    """``senses`` that support the outcome; ``before`` the words that may precede the phrase in its clause; ``after``
    how the sentence may go on; ``free`` that it may go on with what was agreed."""

    senses: frozenset[Sense]
    before: frozenset[str]
    after: re.Pattern[str]
    free: bool = False


_END = r"[\s.!,;:)]*$"
# A reason or a next step may follow a refusal in any words: it does not make it less of one.
_REASON = lexicon.pattern("told.reason", cased=True)
_CONTENT = lexicon.pattern("told.content", cased=True)
_OUTCOME = _of(_SUBJECTS, _LINKS, _MANNERS)
_SHAPES: dict[Act, Shape] = {
    Act.PROPOSE_RESOLUTION: Shape(
        frozenset({Sense.SETTLED}), _OUTCOME | _of(("agreed", "accept", "accepted"), _REASONS), _CONTENT, True
    ),
    Act.CONFIRM_RESOLUTION: Shape(
        frozenset({Sense.SETTLED, Sense.ASSENT}),
        _of(_SUBJECTS, _LINKS, _MANNERS, _YES, ("they", "these")),
        re.compile(r"(?s).*"),
    ),
    Act.ACCEPT_DATE: Shape(
        frozenset({Sense.ASSENT, Sense.TIME_AGREED, Sense.DEADLINE_AGREED}),
        _of(_SUBJECTS, _LINKS, _MANNERS, _YES, PARTS_OF_DAYS),
        re.compile(r"(?s).*"),
    ),
    Act.OBJECT_RESOLUTION: Shape(
        frozenset({Sense.OBJECTION, Sense.UNSETTLED, Sense.CONTRARY}), _of(_SUBJECTS, _LINKS, _NO, _YES), _REASON
    ),
    Act.MOVE_UP: Shape(
        frozenset({Sense.UP, Sense.UNSETTLED, Sense.REFER}), _of(_SUBJECTS, _LINKS, _MANNERS, _NO, _UP), _REASON
    ),
    Act.REFER: Shape(frozenset({Sense.UP, Sense.REFER, Sense.UNSETTLED}), _of(_SUBJECTS, _LINKS, _UP, _NO), _REASON),
    Act.WITHDRAW: Shape(
        frozenset({Sense.WITHDRAWN}), _of(_SUBJECTS, _LINKS, _MANNERS, ("like", "wish", "want")), _REASON
    ),
    Act.REOPEN: Shape(frozenset({Sense.REOPEN}), _of(_SUBJECTS, _LINKS, ("want", "like", "need", "you")), _REASON),
}
# "Resolved the confusion about the address" is news of something else.
_MENDED = ("resolved", "sorted", "settled")
_OBJECT = re.compile(r"\s+(?:a|an|the|his|her|their)\b")
_WHOLE = frozenset({Sense.SETTLED, Sense.UNSETTLED})  # nothing else may come first: "Ha, resolved"
_PLAIN_ANSWERS = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_CLAUSE = re.compile(r"[,;:.(]\s|\s-+\s|\s(?:so|and|because|but|as|since|therefore)\s")
# "Rosalind and I", "with Ms Peake", "between Rosalind and me": who was spoken to, not who says so.
_COMPANY = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)? and (?:I|me|myself)\b"
    r"|\b(?:I|me|myself) and [A-Z][a-z]+\b"
    r"|\b(?i:with|to|rang|met|between|from|phoned) (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)?\b"
    r"|\b[a-z]+ and i\b"
    r"|\b(?i:thanks|thank you|cheers),? (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)?\b"
)
_DOES = lexicon.pattern("told.does")


def supports(act: Act, heard: Heard) -> bool:
    shape = _SHAPES.get(act)
    return shape is None or heard.sense in shape.senses


def is_plain(act: Act, heard: Heard) -> bool:
    """Is a phrase, where it stands, so plain that it tells ``act`` and nothing less?"""
    shape = _SHAPES.get(act)
    if shape is None:
        return True
    if heard.sense not in shape.senses:
        return False
    before, after = heard.sentence[: heard.start], heard.sentence[heard.start + len(heard.words) :]
    if act in _PLAIN_ANSWERS:
        return _only(shape.before, f"{before} {after}")
    clause = before if heard.sense in _WHOLE else _CLAUSE.split(before)[-1]
    named = heard.sense is Sense.CONTRARY and heard.words.lower().endswith(
        (" the", " this", " that", " any")
    )  # what it refuses follows, in any words
    return _only(shape.before, clause) and (named or _goes_on(shape, after, heard.words))


def goes_on_plainly(act: Act, after: str) -> bool:
    """Does a sentence go on plainly after its command word, and tell ``act`` and nothing less?"""
    shape = _SHAPES.get(act)
    if shape is None:
        return True
    return _only(shape.before, after) if act in _PLAIN_ANSWERS else _goes_on(shape, f" {after}", "resolved")


def _only(words: frozenset[str], text: str) -> bool:
    return all(word.strip("'") in words or word in words for word in WORDS.findall(_COMPANY.sub(" ", text).lower()))


def _goes_on(shape: Shape, after: str, phrase: str) -> bool:
    if not shape.free:
        return shape.after.match(after) is not None
    if _only(shape.before, after):
        return True
    if phrase.lower().endswith(_MENDED) and _OBJECT.match(after):
        return False
    return shape.after.match(after) is not None and _DOES.search(f"{phrase}{after}") is not None


# Is everything the writer said accounted for? Before a message acts, each of its sentences must either support what
# it was read as, or be of a kind that takes nothing back.
#
# ``hearing.py`` asks whether one phrase is clear in its own sentence. That is not enough: "Iris is happy with this. I
# haven't made my mind up." Agreement is held to more than refusal, because what is refused stays open and is looked
# at again, and what is agreed is closed.

_AGREES = frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_ANSWERED_BY = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})  # to words of ours: nothing needs adding to a yes
_QUESTIONS: dict[Act, str] = {
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
# What closes a dispute closes all of it, so a part that is not agreed is asked about.
_PARTS: dict[Act, str] = {
    Act.PROPOSE_RESOLUTION: asking.PART_OR_ALL,
    Act.CONFIRM_RESOLUTION: asking.CONFIRM_PART_OR_ALL,
}
_AGAINST = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.OBJECTION, Sense.UP, Sense.REFER, Sense.REFUSAL})
_FOR = frozenset({Sense.SETTLED, Sense.ASSENT})
# Traps that take an agreement back from the sentence next to it; a plan or a promise does not.
_TAKES_BACK = frozenset({"joke", "quoted", "supposition", "belief", "own belief", "condition", "part", "but"})
STANCE = lexicon.pattern("told.stance")
ERRAND = lexicon.pattern("told.errand")
_DENIAL = lexicon.pattern("told.denial")
# "Nobody has visited since", "I haven't seen it": said of what has happened, not of what was agreed.
_UNMET = lexicon.pattern("told.unmet")
_DEMANDS = lexicon.pattern("told.demands")
_LABELLED = re.compile(r"[A-Z][\w' ]{2,40}: ?")
_RECEIVED = lexicon.pattern("told.received")
_WAITS = lexicon.pattern("told.waits")
_RIVALS: dict[str, frozenset[Act]] = {
    "ESCALATE": frozenset({Act.MOVE_UP, Act.REFER}),
    "REFER": frozenset({Act.MOVE_UP, Act.REFER}),
    "RESOLVED": frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION}),
    "CONFIRM": frozenset({Act.CONFIRM_RESOLUTION, Act.PROPOSE_RESOLUTION, Act.OBJECT_RESOLUTION}),
    "DISAGREE": frozenset({Act.OBJECT_RESOLUTION, Act.REFUSE_DATE, Act.MOVE_UP}),
    "WITHDRAW": frozenset({Act.WITHDRAW}),
}


def accounted(intent: Intent, own: str, names: Names, command: Command | None = None) -> Intent:
    """An intent told plainly enough to act on, with every sentence accounted for, or the question to ask instead of it.

    ``command`` is the word on the first line that gave it. In capitals, as the letters print it, what follows a
    "RESOLVED" is what was agreed, in whatever words; only a second answer or a joke in it is asked about.
    """
    question = _QUESTIONS.get(intent.act)
    if question is None:
        return intent
    if intent.act in _PARTS and intent.fields.get("outcome") != "understood" and is_left_open(own):
        return ask(_PARTS[intent.act], intent.words or own, *intent.flags)
    if intent.act in _ANSWERED_BY and is_receipt(own):
        return ask(question, intent.words or own, *intent.flags)
    parts = [" ".join(piece.split())[:2000] for piece in sentences(own)]
    lenient = command is not None and command.is_in_capitals and intent.act not in _ANSWERED_BY
    judge = _contradicts if lenient else undermines
    plain = lenient or _is_told(intent.act, own, names, command)
    if not plain or _shouts_another(intent.act, parts) or any(judge(intent.act, part, names) for part in parts):
        return ask(question, intent.words or own, *intent.flags)
    return intent


def is_receipt(own: str) -> bool:
    """Does a yes say no more plainly than that the letter has come, "Yes, received."?"""
    first = next(iter(sentences(own)), "")
    return _RECEIVED.search(first) is not None


def _is_told(act: Act, own: str, names: Names, command: Command | None) -> bool:
    """Is an act told plainly in some sentence? Of an agreement, does every sentence that agrees do so?"""
    if command is not None:
        first = next(iter(sentences(command.after)), "")
        return goes_on_plainly(act, first if command.after.lstrip().startswith(first) else "")
    told = [is_plain(act, heard) for heard in hear(own, names) if heard.is_clear and supports(act, heard)]
    return bool(told) and (all(told) if act in _AGREES else any(told))


def _shouts_another(act: Act, parts: list[str]) -> bool:
    """Is an act not plain because another is shouted beside it, "RESOLVED on the visits. ESCALATE on the plan."?"""
    words = [re.match(r"[A-Z]{5,10}\b", part) for part in parts[1:]]
    names = {w[0].rstrip("D") + "D" if w[0].startswith("RESOLV") else w[0] for w in words if w}
    return any(act not in _RIVALS[name] for name in names if name in _RIVALS)


def _contradicts(act: Act, part: str, names: Names) -> bool:
    """Is an act told by a word in capitals not plain because this sentence gives the other answer, or laughs at it?"""
    if "joke" in traps_in(part):
        return True
    if _LABELLED.match(part):
        return False  # "Agreed: none" fills in the form
    return any(h.sense in _rivals(act) and h.is_clear for h in hear(part, names))


def _rivals(act: Act) -> frozenset[Sense]:
    """The senses that make an act less than plain, since they cannot be meant along with it. A dispute may well be
    withdrawn because it is settled."""
    if act is Act.WITHDRAW:
        return frozenset({Sense.UP, Sense.REFER})
    return _AGAINST if act in _AGREES else _FOR


def undermines(act: Act, part: str, names: Names) -> bool:
    """Is an act not plain because of what this sentence says beside it?"""
    heard = hear(part, names)
    traps = traps_in(part)
    if "joke" in traps:
        return True
    if act in _AGREES:
        return _unsettles(act, part, heard, traps)
    if "question" in traps and STANCE.search(part):
        return True
    return any(h.sense in _rivals(act) and h.is_clear for h in heard) or _WAITS.search(part) is not None


def _unsettles(act: Act, part: str, heard: tuple[Heard, ...], traps: frozenset[str]) -> bool:
    """Is an agreement not plain because this sentence leaves it open?"""
    if any(h.sense in _AGAINST for h in heard):
        return True
    if "question" in traps:
        return not ERRAND.search(part) or bool(STANCE.search(part))
    if any(h.sense in _FOR and h.is_clear for h in heard):
        return False
    if traps & _TAKES_BACK or _UNMET.search(part):
        return True
    return act in _ANSWERED_BY and bool("report" in traps or _DENIAL.search(part) or _DEMANDS.search(part))


# Is it settled in part? Whoever reports an agreement may say beside it that something is not agreed.

_LEFT_OPEN = lexicon.pattern("told.left_open")
_DENIED = lexicon.pattern("told.left_open_denied")
_LABEL = re.compile(r"\W*([A-Za-z][\w' ]{2,50}?)\s*[:=]\s*(.*)", re.DOTALL)
_NOTHING = re.compile(r"\W*(?:none|nothing|nil|no|n/?a|not applicable)\b", re.IGNORECASE)


def is_left_open(own: str) -> bool:
    """Do a writer's own words say that part of what was raised is not settled? A line "Outstanding issues:" is where
    the procedures ask how a smaller point is followed up, and leaves nothing open; "What remains unresolved:" does."""
    return any(_leaves_open(" ".join(piece.split())[:2000]) for piece in sentences(own))


def _leaves_open(said: str) -> bool:
    label = _LABEL.match(said)
    key = field_for(label[1]) if label is not None else ""
    if key == "follow_up":
        return False
    if label is not None and key == "unresolved":
        return bool(label[2].strip()) and _NOTHING.match(label[2]) is None
    return any(_DENIED.search(said[: found.start()]) is None for found in _LEFT_OPEN.finditer(said))


_FRIENDLY = lexicon.vocabulary("friendly_signs")
_READ = ("LATIN", "MODIFIER LETTER", "MASCULINE ORDINAL", "FEMININE ORDINAL")


def shows_doubt(said: str) -> bool:
    """Does it show a sign that stands for a word and is none of the friendly ones (a thumb down), or a letter of a
    script that is not read here, in which people refuse as well as in English ("нет")?"""
    return any(
        (category(sign) == "So" and sign not in _FRIENDLY)
        or (category(sign).startswith("L") and not name(sign, "").startswith(_READ))
        for sign in said
        if not sign.isascii()
    )
