"""Phrases heard in sentences, with the traps beside them.

A sense is *clear* when its phrase stands in a sentence with no trap, *clouded* when the sentence asks, supposes,
looks ahead or takes a part back. A negation just before it turns agreement round, and leaves nothing of the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.mail.understanding.phrases import PHRASES, Sense
from mailbot.mail.understanding.spelling import sentences

_BARE = re.compile(r"\b(?:resolved|sorted|settled)\b", re.IGNORECASE)
_COMPILED = (
    *((sense, re.compile(pattern, re.IGNORECASE)) for sense, pattern in PHRASES),
    (Sense.SETTLED, _BARE),
)

# What makes a phrase in the same sentence mean less than it says.
TRAPS: tuple[tuple[str, str], ...] = (
    ("question",
        r"\?\s*$|^(?:is|are|was|can|could|do|does|did|has|have|should|shall|would|will|when|what|who|why|how"
        r"|where) (?:this|that|it|we|i|you|they|there|the|everyone|anything)\b.*\?"),
    ("condition",
        r"\b(?:if|unless|provided(?: that)?|subject to(?! (?:an? )?(?:interim |initial )?(?:child|cp"
        r"|care))|assuming|depending|as long as|on condition|so long as"
        r"|in the event|conditional)\b"),
    ("future",
        r"\b(?:once|hopefully|hope(?: to| that)?|hoping|until (?:we|i|they|he|she|it|that|this"
        r"|the (?:visit|meeting|assessment|review))|when (?:it|this|we|i|the|they|you|he|she)"
        r"|(?:will|'ll) (?:get|soon|have|then|need|let|confirm|reply|see|consider|discuss|think"
        r"|decide|try|probably)|soon|before (?:it|this|we)|aim(?:ing)? to|try(?:ing)? to|expect"
        r"|nearly|almost|not far|close to|getting there|about to"
        r"|plan to|want(?:ed)? to (?:be|get)|in order to|likely)\b"),
    ("promise",
        r"\b(?:should be|(?:will|'ll) be|going to be|to be (?:agreed|resolved|sorted|confirmed)|needs? to be"
        r"|would be)\b"),
    ("part",
        r"\b(?:mostly|partly|partially|in part|apart from|except|other than|all but|largely|some of|most of"
        r"|half|in principle|for now|for the moment|provisional\w*|but not|aside from|bar the|the rest"
        r"|more or less|broadly|one (?:issue|point|part|thing)|still (?:need|waiting|outstanding)"
        r"|tentative\w*)\b"),
    ("supposition",
        r"\b(?:whether|might|may|maybe|perhaps|possibly|could be|would (?:like to think|have|say)|i think we(?:'re"
        r"| are)|not sure|unsure|seems?|appears?|thought|considering|thinking (?:about|of)|wonder\w*"
        r"|apparently|supposed|unclear|don't know|if anything)\b"),
    ("but", r"\b(?:but|however|although|though|yet)\b"),
    ("report",
        r"\b(?:told (?:me|us) (?:that )?(?:it|this)|says? (?:it|this)|said (?:it|this)|claims?|according to"
        r"|they (?:think|say|believe|feel))\b"),
    ("old",
        r"\b(?:previously|last (?:year|time|month)|back in|as before|used to|earlier dispute|other (?:case"
        r"|dispute|child))\b"),
)  # fmt: skip
_TRAPS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in TRAPS)
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no|nor|hardly|cannot|without|nothing|nobody|neither|far from)\b|n't\b)[^,;:.]{0,48}$", re.I
)
_NOT = re.compile(r"(?:\b(?:not|never|cannot|without|no need to)\b|n't\b)[^,;:.]*$", re.I)
_BUT = re.compile(r"[,;:] | - | (?:but|so|and|because|as) ")
_NEAR, _FAR = 24, 60  # characters before a phrase in which a negation turns it: an agreement can be denied from afar
# Traps that do not cloud these: to ask for time or the guide is to ask a question.
_IMMUNE: dict[Sense, frozenset[str]] = {
    Sense.MORE_TIME: frozenset(
        {"promise", "but", "question", "condition", "future", "supposition", "part", "report", "old"}
    ),
    Sense.STATUS: frozenset(
        {"promise", "but", "question", "supposition", "future", "part", "report", "old", "condition"}
    ),
    Sense.GUIDE: frozenset(
        {"promise", "but", "question", "supposition", "future", "part", "report", "old", "condition"}
    ),
    Sense.UP: frozenset({"report", "but", "old"}),
    Sense.HANDOVER: frozenset({"promise", "but", "future", "condition", "part", "old"}),
    Sense.REMOVE: frozenset({"promise", "question", "future"}),
    Sense.ADD: frozenset({"promise", "question", "future"}),
    Sense.CONFERENCE: frozenset({"promise", "future"}),
    Sense.CHILD_STATUS: frozenset({"old"}),
    Sense.DEADLINE_AGREED: frozenset({"promise", "future", "part"}),
    Sense.MEETING_AGREED: frozenset({t for t, _ in TRAPS}),
    Sense.UNSETTLED: frozenset({"report", "old", "part"}),
    Sense.OBJECTION: frozenset({"report", "old", "part", "but"}),
    Sense.CHILD_DATE: frozenset({"future", "promise", "supposition"}),
    Sense.REFUSAL: frozenset({"promise", "but", "future", "condition"}),
}
_TURNED = {Sense.SETTLED: Sense.UNSETTLED, Sense.ASSENT: Sense.CONTRARY}
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
    return tuple(heard for sentence in sentences(text) for heard in _in_sentence(" ".join(sentence.split())[:2000]))


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
                if sense is Sense.SETTLED and not _is_about_this(sentence, match):
                    kept = (*kept, "another matter")
                if sense is Sense.SETTLED and pattern is _BARE and len(sentence.split()) > 5:
                    kept = (*kept, "in passing")
                yield Heard(meant, match[0], sentence, match.start(), kept)


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
    return _IMMUNE.get(sense, frozenset()) | (frozenset({"promise"}) if is_after else frozenset())


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
