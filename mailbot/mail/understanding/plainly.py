"""Is an outcome told so plainly that it may be acted on? A closed list, not an open one.

``traps.py`` lists what makes words mean less; people always find another ("resolved, my foot"). So it is asked from
the other end as well: the words round the phrase must all be of kinds that are known to take nothing away. Whoever
writes something richer is asked one question.

Three parts: what may stand before the phrase in its clause, how it may go on, and, where a resolution goes on freely,
that it goes on with something that can be agreed: somebody does something, or there is a date.
"""

import re
from dataclasses import dataclass

from mailbot.core.happened.intents import Act
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Sense
from mailbot.mail.understanding.hearing import Heard

_WORDS = re.compile(r"[a-z']+")
_SUBJECTS = lexicon.in_order("plain_subjects")
_LINKS = lexicon.in_order("plain_links")
_MANNERS = lexicon.in_order("plain_manners")
_YES = lexicon.in_order("plain_yes")
_NO = lexicon.in_order("plain_no")
_REASONS = lexicon.in_order("plain_reasons")
_DAYS = lexicon.in_order("plain_days")
_UP = lexicon.in_order("plain_up")


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
        frozenset({Sense.SETTLED, Sense.ASSENT}), _of(_SUBJECTS, _LINKS, _MANNERS, _YES), re.compile(r"(?s).*")
    ),
    Act.ACCEPT_DATE: Shape(
        frozenset({Sense.ASSENT, Sense.TIME_AGREED, Sense.DEADLINE_AGREED}),
        _of(_SUBJECTS, _LINKS, _MANNERS, _YES, _DAYS), re.compile(r"(?s).*"),
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
}  # fmt: skip
# "Resolved the confusion about the address" is news of something else.
_MENDED = ("resolved", "sorted", "settled")
_OBJECT = re.compile(r"\s+(?:a|an|the|his|her|their)\b")
_WHOLE = frozenset({Sense.SETTLED, Sense.UNSETTLED})  # nothing else may come first: "Ha, resolved"
_ANSWERS = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_CLAUSE = re.compile(r"[,;:.(]\s|\s-+\s|\s(?:so|and|because|but|as|since|therefore)\s")
# "Rosalind and I", "with Ms Peake", "between Rosalind and me": who was spoken to, not who says so.
_COMPANY = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)? and (?:I|me|myself)\b"
    r"|\b(?:I|me|myself) and [A-Z][a-z]+\b"
    r"|\b(?i:with|to|rang|met|between|from|phoned) (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)?\b"
    r"|\b[a-z]+ and i\b"
)
_DOES = lexicon.pattern("told.does")


def supports(act: Act, heard: Heard) -> bool:
    shape = _SHAPES.get(act)
    return shape is None or heard.sense in shape.senses


def is_plain(act: Act, heard: Heard) -> bool:
    """Does this phrase, where it stands, tell ``act`` and nothing less?"""
    shape = _SHAPES.get(act)
    if shape is None:
        return True
    if heard.sense not in shape.senses:
        return False
    before, after = heard.sentence[: heard.start], heard.sentence[heard.start + len(heard.words) :]
    if act in _ANSWERS:
        return _only(shape.before, f"{before} {after}")
    clause = before if heard.sense in _WHOLE else _CLAUSE.split(before)[-1]
    named = heard.sense is Sense.CONTRARY and heard.words.lower().endswith(
        (" the", " this", " that", " any")
    )  # what it refuses follows, in any words
    return _only(shape.before, clause) and (named or _goes_on(shape, after, heard.words))


def goes_on_plainly(act: Act, after: str) -> bool:
    """The same of what follows a command word in its own sentence."""
    shape = _SHAPES.get(act)
    if shape is None:
        return True
    return _only(shape.before, after) if act in _ANSWERS else _goes_on(shape, f" {after}", "resolved")


def _only(words: frozenset[str], text: str) -> bool:
    return all(word.strip("'") in words or word in words for word in _WORDS.findall(_COMPANY.sub(" ", text).lower()))


def _goes_on(shape: Shape, after: str, phrase: str) -> bool:
    if not shape.free:
        return shape.after.match(after) is not None
    if _only(shape.before, after):
        return True
    if phrase.lower().endswith(_MENDED) and _OBJECT.match(after):
        return False
    return shape.after.match(after) is not None and _DOES.search(f"{phrase}{after}") is not None
