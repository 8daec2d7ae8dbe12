"""What is told in a clause, by its kind: who does what with the dispute, in classes of words instead of whole phrases.

A phrase (``phrases.py``) is certain and rare; a clause is common and less certain. So nothing is done for a clause
alone: ``supposed.py`` says what it may mean, and ``agreeing.py`` whether the second reader firmly hears the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from mailbot.mail import lexicon
from mailbot.mail.lexicon import NOBODY, Names
from mailbot.mail.text.phrases import is_of_another, is_withdrawn_otherwise, traps_in, traps_in_request
from mailbot.mail.text.spelling_and_sentences import sentences


class ClauseKind(StrEnum):
    """What a clause tells. ``clauses.toml`` says by which words each is known."""

    UP = "up"
    SETTLED = "settled"
    ASSENT = "assent"
    CONTRARY = "contrary"
    HAPPENED = "happened"
    NOT_DONE = "not done"
    WITHDRAWN = "withdrawn"
    UNDO = "undo"
    MET = "met"
    STATUS = "status"
    DECIDED = "decided"


_SAYS_NO = frozenset({ClauseKind.CONTRARY, ClauseKind.NOT_DONE, ClauseKind.UNDO})  # a denial is what they are made of
_REQUESTS = frozenset(
    {ClauseKind.UP, ClauseKind.SETTLED, ClauseKind.WITHDRAWN, ClauseKind.UNDO}
)  # "could you please …?" asks for it
_WITH_AN_OBJECT = frozenset({ClauseKind.UP, ClauseKind.SETTLED, ClauseKind.WITHDRAWN})
_NEGATION = lexicon.pattern("traps.negation")
_TWICE = lexicon.pattern("traps.twice")
_DENIAL = lexicon.pattern("traps.denial")
_BREAK = re.compile(r"[,;:] | - | (?:but|so|and|because|as|since) ")
_REACH, _LONGEST = 60, 600  # characters


@dataclass(frozen=True, slots=True)
class Clause:
    """A kind told in one sentence. ``denied``: wherever it stands in the sentence, something denies it; ``traps`` are
    what makes the sentence mean less than it says."""

    kind: ClauseKind
    sentence: str
    denied: bool
    traps: frozenset[str]


@cache
def _kinds(names: Names) -> tuple[tuple[ClauseKind, re.Pattern[str]], ...]:
    """The kinds of clauses, under one procedure's names."""
    rows = lexicon.rows("clause")
    return tuple((ClauseKind(row.name), re.compile(lexicon.joined(row.wordings, names), re.IGNORECASE)) for row in rows)


def clauses(text: str, names: Names = NOBODY) -> tuple[Clause, ...]:
    """The clauses of ``text`` that tell something of a dispute, sentence by sentence; one of each kind in each."""
    pieces = (" ".join(piece.split())[:_LONGEST] for piece in sentences(text))
    return tuple(clause for piece in pieces for clause in _in_sentence(piece, names))


def _in_sentence(sentence: str, names: Names) -> Iterator[Clause]:
    traps, asked = traps_in(sentence), traps_in_request(sentence)
    for kind, wording in _kinds(names):
        told = [_is_denied(sentence, match) for match in wording.finditer(sentence)]
        if told:
            denied = kind not in _SAYS_NO and any(told)
            clouds = asked if kind in _REQUESTS else traps
            other = frozenset({"another matter"}) if _is_of_another(kind, sentence) else frozenset()
            twice = frozenset({"denied twice"}) if _TWICE.search(sentence) else frozenset()
            yield Clause(kind, sentence, denied, clouds | other | twice)


def _is_of_another(kind: ClauseKind, sentence: str) -> bool:
    if kind is ClauseKind.WITHDRAWN and is_withdrawn_otherwise(sentence):
        return True
    return kind in _WITH_AN_OBJECT and is_of_another(sentence)


def _is_denied(sentence: str, match: re.Match[str]) -> bool:
    if _DENIAL.search(match[0]):
        return False  # "no objection", "no longer disputed": its own denial is what it says
    before = _BREAK.split(sentence[max(0, match.start() - _REACH) : match.start()])[-1]
    return _NEGATION.search(before) is not None
