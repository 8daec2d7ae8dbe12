"""What people write instead of the command words: phrases with their senses, the traps beside them, and how they are
heard.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from mailbot.mail import lexicon
from mailbot.mail.lexicon import NOBODY, Names, Sense
from mailbot.mail.text.sieve import Met, Wordings, every, small
from mailbot.mail.text.spelling_and_sentences import sentences

# What people write instead of the command words: each phrase, and the sense it has when nothing clouds it.
#
# The words stand in ``phrases.toml``; which senses rule each other out is decided in ``intents_in_prose.py``.


_SENSES = tuple(Sense(row.name) for row in lexicon.rows("phrase"))


@cache
def _phrases(names: Names) -> Wordings:
    """The phrases in the order in which they are looked for, under one procedure's names."""
    return Wordings([[lexicon.loaded().filled(one, names) for one in row.wordings] for row in lexicon.rows("phrase")])


# What makes the same words mean less than they say: a question, a hope, hearsay, a part, a joke.
#
# The words stand in ``traps.toml``, and which senses they do not cloud in ``immune.toml``. They are applied here
# sentence by sentence, and by ``plainness.py`` across the whole text. A trap costs its writer one more short letter. A
# trap that is missing costs a dispute closed or moved by nobody.

# What makes a phrase in the same sentence mean less than it says.
_TRAPS = tuple(row.name for row in lexicon.rows("trap"))
_OF_TRAPS = Wordings([[lexicon.loaded().filled(one) for one in row.wordings] for row in lexicon.rows("trap")])
_EVERY = frozenset(_TRAPS)
_SHORT = {"every trap": _EVERY, "every trap but joke": _EVERY - {"joke"}}
# Traps that do not cloud these: to ask for time or the guide is to ask a question.
IMMUNE: dict[Sense, frozenset[str]] = {
    Sense(sense): frozenset().union(*(_SHORT.get(name, {name}) for name in names))
    for sense, names in lexicon.tables("immune").items()
}
# Somebody else does it: "Iris is happy with this", "she will escalate", "school can escalate". Looked for just before
# the phrase. "Rosalind and I", "both of us", "the matter" are not somebody else.
SOMEBODY_ELSE = lexicon.pattern("traps.somebody_else", cased=True)
DENIES = lexicon.vocabulary("denies")
# The phrase is not this dispute's end but an arrangement: a time, a venue, a talk.
ARRANGEMENT = lexicon.pattern("traps.arrangement")

# Phrases heard in sentences, with the traps beside them.
#
# A sense is *clear* when its phrase stands in a sentence with no trap, *clouded* when the sentence asks, supposes,
# looks ahead or takes a part back. A negation just before it turns agreement round, and leaves nothing of the rest.

_NEGATION = lexicon.pattern("traps.negation")
_NOT = lexicon.pattern("traps.refusal")
_GREETING = lexicon.pattern("courtesies.greeting_before")
_BUT = re.compile(r"[,;:] | - | (?:but|so|and|because|as) ")
_NEAR, _FAR = 24, 60  # characters before a phrase in which a negation turns it: an agreement can be denied from afar
_TURNED = {Sense.SETTLED: Sense.UNSETTLED, Sense.ASSENT: Sense.CONTRARY, Sense.TIME_AGREED: Sense.CONTRARY}
_NOT_NEGATED = frozenset(
    {
        Sense.UNSETTLED,
        Sense.CONTRARY,
        Sense.MORE_TIME,
        Sense.STATUS,
        Sense.GUIDE,
        Sense.LEFT,
        Sense.REFUSAL,
        Sense.UNDO,
        Sense.HANDOVER,
        Sense.MEETING_AGREED,
        Sense.OBJECTION,
        Sense.CANNOT_WAIT,
    }
)


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


@lru_cache(maxsize=64)  # one message is heard from several sides
def hear(text: str, names: Names = NOBODY) -> tuple[Heard, ...]:
    """The phrases heard in ``text``, every one, sentence by sentence, with what clouds it."""
    pieces = (" ".join(sentence.split())[:2000] for sentence in sentences(text))
    return tuple(heard for piece in pieces for heard in _in_sentence(_GREETING.sub("", piece), names))


def traps_in(sentence: str) -> frozenset[str]:
    """Of the phrases found in a sentence, the names of the traps that stand beside one."""
    return frozenset(name for name, _ in _traps_of(sentence))


def traps_in_request(sentence: str) -> frozenset[str]:
    """The traps in a phrase, where what is asked for politely in it is asked for in earnest."""
    return traps_in(_as_request(sentence))


_IN_MOOD = lexicon.pattern("traps.withdrawn_in_mood")
_URGED = lexicon.pattern("traps.urged")


def is_withdrawn_otherwise(sentence: str) -> bool:
    """Of phrases of withdrawing: is somebody withdrawn in their mood, or told that they should withdraw?"""
    return _IN_MOOD.search(sentence) is not None or _URGED.search(sentence) is not None


def _in_sentence(sentence: str, names: Names) -> Iterator[Heard]:
    left = sentence
    traps = _traps_of(sentence)
    asked = _traps_of(_as_request(sentence))
    for place, wordings in _phrases(names).standing(sentence):
        sense = _SENSES[place]
        for met in every(wordings, left):
            if not met.words.strip():
                continue
            meant = _as_meant(sense, sentence, met)
            left = left[: met.start] + "\0" * len(met.words) + left[met.end :]
            if meant is not None:
                stands = asked if meant in _REQUESTED else traps
                kept = tuple(t for t, at in stands if t not in _immune(meant, at > met.end))
                more = _round_about(sense, sentence, met)
                yield Heard(meant, met.words, sentence, met.start, (*kept, *more))


@lru_cache(maxsize=256)  # whoever listens for phrases, for clauses or for what takes them back asks again
def _traps_of(sentence: str) -> tuple[tuple[str, int], ...]:
    """The traps of one sentence, each with where it stands first."""
    low, standing = small(sentence), _OF_TRAPS.standing(sentence)
    found = ((_TRAPS[place], [one.search(sentence, low) for one in wordings]) for place, wordings in standing)
    first = ((name, min((met.start() for met in some if met is not None), default=-1)) for name, some in found)
    return tuple((name, at) for name, at in first if at >= 0)


# What is asked for politely is asked for: "I'd be grateful if this could go up", "Would you kindly reopen it?".
_REQUESTED = frozenset({Sense.UP, Sense.REFER, Sense.WITHDRAWN, Sense.REOPEN})
_REQUEST = lexicon.pattern("courtesies.request")


def _as_request(sentence: str) -> str:
    """A sentence in which phrases are heard, with the politeness of its request blanked, and its question mark with it;
    else as it is."""
    request = _REQUEST.search(sentence)
    if request is None:
        return sentence
    blanked = f"{sentence[: request.start()]}{' ' * len(request[0])}{sentence[request.end() :]}"
    return blanked.rstrip(" ?")


_SPOKEN_FOR = frozenset(
    {Sense.SETTLED, Sense.ASSENT, Sense.UP, Sense.REFER, Sense.WITHDRAWN, Sense.REOPEN, Sense.CONTRARY, Sense.REFUSAL}
)
_DENIED_TWICE = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.OBJECTION, Sense.REFUSAL})
_DENIAL = lexicon.pattern("traps.denial")
_TWICE = lexicon.pattern("traps.twice")


def _round_about(sense: Sense, sentence: str, met: Met) -> tuple[str, ...]:
    """The traps round about a phrase, by where it stands: whose it is, how it is denied, what it is about."""
    before = sentence[: met.start]
    clause = _BUT.split(before[-_FAR:])[-1]
    found = []
    if sense in _SPOKEN_FOR and (SOMEBODY_ELSE.search(clause) or _is_a_familys(clause, met.words)):
        found.append("somebody else's")
    if sense in _HAS_AN_OBJECT and _is_of_something_else(sentence, met):
        found.append("another matter")
    if sense is Sense.WITHDRAWN and is_withdrawn_otherwise(sentence):
        found.append("another matter")
    if sense is Sense.UP and _ARRANGED.match(met.words):
        found.append("an arrangement")
    if sense in _TURNED and (denial := _last_denial(clause)) and not _denies_plainly(clause[denial.end() :]):
        found.append("denied in a roundabout way")
    if sense is Sense.UP and "escalated" in met.words.lower() and not re.search(r"\b(?:be|this|it)\b", clause[-12:]):
        found.append("done already")
    if sense in _DENIED_TWICE and (_DENIAL.search(clause) or _TWICE.search(sentence)):
        found.append("denied twice")
    if sense is Sense.SETTLED and not _is_about_this(sentence, met):
        found.append("another matter")
    if sense is Sense.SETTLED and ARRANGEMENT.match(sentence[met.end :]):
        found.append("an arrangement")
    return tuple(found)


_ARRANGED = re.compile(r"agreed\b", re.IGNORECASE)
_FAMILYS = lexicon.pattern("traps.familys")
_WITH_FAMILY = lexicon.pattern("traps.with_family")


def _is_a_familys(clause: str, phrase: str) -> bool:
    """Is a phrase said of the family, or of the writer and one of it? "Mum and I have agreed" are not the two
    agencies."""
    return _FAMILYS.search(clause) is not None or _WITH_FAMILY.match(f"{clause[-12:]}{phrase}".lstrip()) is not None


_HAS_AN_OBJECT = frozenset({Sense.UP, Sense.WITHDRAWN, Sense.REOPEN, Sense.SETTLED})
_OBJECT = lexicon.pattern("traps.object")
_OWN_OBJECT = lexicon.pattern("traps.own_object")
_NAMES_ITS_END = re.compile(r"stage|step|level|manager|service|leader", re.IGNORECASE)


def _is_of_something_else(sentence: str, met: Met) -> bool:
    """Does a phrase go on with an object of its own that is not this dispute: "withdraw from the trip", "escalate the
    broken heating", "resolved the confusion"? What names no object is said of the dispute."""
    if _NAMES_ITS_END.search(met.words):
        return False
    last = re.search(r"\b(?:the|our|my|an?)$", met.words, re.IGNORECASE)
    said = sentence[met.start + last.start() if last else met.end :]
    return _OBJECT.match(said) is not None and _OWN_OBJECT.match(said) is None


_DONE_TO_SOMETHING = lexicon.pattern("traps.done_to_something")


def is_of_another(sentence: str) -> bool:
    """A phrase of another matter: is something settled, withdrawn or taken higher in a sentence that is not this
    dispute: "got the bus sorted"?"""
    for verb in _DONE_TO_SOMETHING.finditer(sentence):
        said = sentence[verb.start("to") if verb["to"] else verb.end() :]
        if _OBJECT.match(said) and not _OWN_OBJECT.match(said):
            return True
    return False


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


def _is_about_this(sentence: str, met: Met) -> bool:
    """Is a phrase about this dispute? "The transport issue has been resolved" is news of something else; "this has
    been resolved" is not."""
    if not _PASSIVE.match(met.words):
        return True
    return bool(_THIS.search(_BUT.split(sentence[max(0, met.start - _FAR) : met.start])[-1]))


def _immune(sense: Sense, is_after: bool) -> frozenset[str]:
    """The traps a phrase is immune to: a promise after it is what was agreed ("it will be
    done"), not a doubt about it."""
    return IMMUNE.get(sense, frozenset()) | (frozenset({"promise"}) if is_after else frozenset())


def _as_meant(sense: Sense, sentence: str, met: Met) -> Sense | None:
    """A phrase's sense as meant, turned round by a negation just before it; None when that leaves nothing."""
    if sense in _NOT_NEGATED or met.words.lower().startswith("no "):
        return sense
    reach = _FAR if sense in _TURNED else _NEAR
    clause = _BUT.split(sentence[max(0, met.start - reach) : met.start])[-1]
    denied = _NEGATION.search(clause) if sense in _TURNED else _NOT.search(clause)
    within = sense is not Sense.WITHDRAWN and re.search(r"\bdisagree|\bnot\b|n't\b", met.words, re.I)
    if denied or within:
        return _TURNED.get(sense)
    return sense
