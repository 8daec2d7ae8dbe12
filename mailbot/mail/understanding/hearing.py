"""Phrases heard in sentences, with the traps beside them.

A sense is *clear* when its phrase stands in a sentence with no trap, *clouded* when the sentence asks, supposes,
looks ahead or takes a part back. A negation just before it turns agreement round, and leaves nothing of the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.mail.understanding.phrases import PHRASES, Sense
from mailbot.mail.understanding.spelling import sentences
from mailbot.mail.understanding.traps import ARRANGEMENT, DENIES, IMMUNE, SOMEBODY_ELSE, TRAPS

_BARE = re.compile(r"\b(?:resolved|sorted|settled)\b", re.IGNORECASE)
_COMPILED = (
    *((sense, re.compile(pattern, re.IGNORECASE)) for sense, pattern in PHRASES),
    (Sense.SETTLED, _BARE),
)

_TRAPS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in TRAPS)
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no|nor|hardly|cannot|without|nothing|nobody|neither|far from)\b|n't\b)[^,;:.]{0,48}$", re.I
)
_NOT = re.compile(
    r"(?:\b(?:not|never|cannot|without|no (?:need|reason|wish|plans?|intention))\b|n't\b)[^,;:.]*$|\bno\s*$", re.I
)
_GREETING = re.compile(
    r"^(?:hi|hello|hiya|dear|morning|afternoon)(?: (?:all|both|there|[A-Z][a-z]+))?, (?=\w)", re.IGNORECASE
)
_BUT = re.compile(r"[,;:] | - | (?:but|so|and|because|as) ")
_NEAR, _FAR = 24, 60  # characters before a phrase in which a negation turns it: an agreement can be denied from afar
_TURNED = {Sense.SETTLED: Sense.UNSETTLED, Sense.ASSENT: Sense.CONTRARY, Sense.TIME_AGREED: Sense.CONTRARY}
_NOT_NEGATED = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.MORE_TIME, Sense.STATUS, Sense.GUIDE, Sense.LEFT,
                          Sense.REFUSAL, Sense.UNDO, Sense.HANDOVER, Sense.MEETING_AGREED,
                          Sense.OBJECTION})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase in one sentence. ``traps`` empty means it is clear; ``start`` is where it stands in the sentence."""

    sense: Sense
    words: str
    sentence: str
    start: int
    traps: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        return not self.traps


def hear(text: str) -> tuple[Heard, ...]:
    """Every phrase in ``text``, sentence by sentence, with what clouds it."""
    pieces = (" ".join(sentence.split())[:2000] for sentence in sentences(text))
    return tuple(heard for piece in pieces for heard in _in_sentence(_GREETING.sub("", piece)))


def traps_in(sentence: str) -> frozenset[str]:
    """The names of the traps that stand in one sentence."""
    return frozenset(name for name, pattern in _TRAPS if pattern.search(sentence))


def _in_sentence(sentence: str) -> Iterator[Heard]:
    left = sentence
    traps = tuple((name, m.start()) for name, pattern in _TRAPS if (m := pattern.search(sentence)))
    for sense, pattern in _COMPILED:
        for match in pattern.finditer(left):
            if not match[0].strip():
                continue
            meant = _as_meant(sense, sentence, match)
            left = left[: match.start()] + "\0" * len(match[0]) + left[match.end() :]
            if meant is not None:
                kept = tuple(t for t, at in traps if t not in _immune(meant, at > match.end()))
                more = _round_about(sense, sentence, match)
                yield Heard(meant, match[0], sentence, match.start(), (*kept, *more))


_ELSE = re.compile(SOMEBODY_ELSE)
_ARRANGED = re.compile(ARRANGEMENT, re.IGNORECASE)
_SPOKEN_FOR = frozenset({Sense.SETTLED, Sense.ASSENT, Sense.UP, Sense.REFER, Sense.WITHDRAWN, Sense.REOPEN,
                         Sense.CONTRARY, Sense.REFUSAL})  # fmt: skip
_DENIED_TWICE = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.OBJECTION, Sense.REFUSAL})
_DENIAL = re.compile(r"\b(?:not|never|no|nor|hardly|cannot|without|nothing|nobody|neither)\b|n't\b", re.IGNORECASE)


def _round_about(sense: Sense, sentence: str, match: re.Match[str]) -> tuple[str, ...]:
    """What clouds a phrase by where it stands: whose it is, how it is denied, what it is about."""
    before = sentence[: match.start()]
    clause = _BUT.split(before[-_FAR:])[-1]
    found = []
    if sense in _SPOKEN_FOR and _ELSE.search(clause):
        found.append("somebody else's")
    if sense in _TURNED and (denial := _last_denial(clause)) and not _denies_plainly(clause[denial.end() :]):
        found.append("denied in a roundabout way")
    if sense is Sense.UP and "escalated" in match[0].lower() and not re.search(r"\b(?:be|this|it)\b", clause[-12:]):
        found.append("done already")
    if sense in _DENIED_TWICE and _DENIAL.search(clause):
        found.append("denied twice")
    if sense is Sense.SETTLED and not _is_about_this(sentence, match):
        found.append("another matter")
    if sense is Sense.SETTLED and _ARRANGED.match(sentence[match.end() :]):
        found.append("an arrangement")
    return tuple(found)


def _last_denial(clause: str) -> re.Match[str] | None:
    return max(_DENIAL.finditer(clause), key=lambda m: m.start(), default=None)


def _denies_plainly(between: str) -> bool:
    return all(word in DENIES for word in re.findall(r"[a-z']+", between.lower()))


_PASSIVE = re.compile(r"(?:been|is|are|was|all|now)\b", re.IGNORECASE)
_THIS = re.compile(
    r"(?:^|\b(?:this|it|that|everything|all|we|matters?|things|now|(?:the|our) (?:matter|issue|dispute"
    r"|disagreement|escalation"
    r"|concern|difference)s?))\W*(?:(?:has|have|had|is|are|was|now|all|finally|also|been|s|ve|fully"
    r"|both)\b\W*)*$",
    re.IGNORECASE,
)


def _is_about_this(sentence: str, match: re.Match[str]) -> bool:
    """ "The transport issue has been resolved" is news of something else; "this has been resolved" is not."""
    if not _PASSIVE.match(match[0]):
        return True
    return bool(_THIS.search(_BUT.split(sentence[max(0, match.start() - _FAR) : match.start()])[-1]))


def _immune(sense: Sense, is_after: bool) -> frozenset[str]:
    """A promise after the phrase is what was agreed ("we have agreed that it will be done"), not a doubt about it."""
    return IMMUNE.get(sense, frozenset()) | (frozenset({"promise"}) if is_after else frozenset())


def _as_meant(sense: Sense, sentence: str, match: re.Match[str]) -> Sense | None:
    """``sense``, turned round by a negation just before it; None when the negation leaves nothing."""
    if sense in _NOT_NEGATED or match[0].lower().startswith("no "):
        return sense
    reach = _FAR if sense in _TURNED else _NEAR
    clause = _BUT.split(sentence[max(0, match.start() - reach) : match.start()])[-1]
    denied = _NEGATION.search(clause) if sense in _TURNED else _NOT.search(clause)
    if denied or re.search(r"\bdisagree|\bnot\b|n't\b", match[0], re.I):
        return _TURNED.get(sense)
    return sense
