"""What is told in a clause, by its kind: who does what with the dispute, in classes of words instead of whole phrases.

A phrase (``phrases.py``) is certain and rare; a clause is common and less certain. So nothing is done for a clause
alone: ``supposed.py`` says what it may mean, and ``both_readers.py`` whether the second reader firmly hears the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from mailbot.mail import lexicon
from mailbot.mail.lexicon import NOBODY, Names
from mailbot.mail.text.phrases import is_of_another, is_withdrawn_otherwise, traps_in, traps_in_request
from mailbot.mail.text.sieve import Met, Wordings, every
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
    HANDOVER = "handover"
    PERSON = "person"
    REOPEN = "reopen"
    DATE = "date"
    REMOVAL = "removal"
    CORRECTION = "correction"
    OPINION = "opinion"
    CONFERENCE = "conference"
    NEEDED = "needed"
    UNAVAILABLE = "unavailable"


_SAYS_NO = frozenset(
    {
        ClauseKind.CONTRARY,
        ClauseKind.NOT_DONE,
        ClauseKind.UNDO,
        ClauseKind.REMOVAL,
        ClauseKind.CORRECTION,
        ClauseKind.UNAVAILABLE,
    }
)  # a denial is what they are made of
_REQUESTS = frozenset(
    {
        ClauseKind.UP,
        ClauseKind.SETTLED,
        ClauseKind.WITHDRAWN,
        ClauseKind.UNDO,
        ClauseKind.REOPEN,
        ClauseKind.PERSON,
        ClauseKind.HANDOVER,
        ClauseKind.REMOVAL,
        ClauseKind.CORRECTION,
        ClauseKind.CONFERENCE,
        ClauseKind.DATE,
    }
)  # "could you please …?" asks for it
_WITH_AN_OBJECT = frozenset({ClauseKind.UP, ClauseKind.SETTLED, ClauseKind.WITHDRAWN})
_SPOKEN_FOR = frozenset(
    {ClauseKind.UP, ClauseKind.SETTLED, ClauseKind.ASSENT, ClauseKind.WITHDRAWN, ClauseKind.CONTRARY, ClauseKind.REOPEN}
)
_ANOTHERS = lexicon.pattern("clauses.anothers", cased=True)
_NEGATION = lexicon.pattern("traps.negation")
_TWICE = lexicon.pattern("traps.twice")
_DENIAL = lexicon.pattern("traps.denial")
_BREAK = re.compile(r"[,;:] | - | (?:but|so|and|because|as|since) ")
_REACH, _LONGEST = 60, 600  # characters
# Where another clause of a sentence begins, with who says so; and what stands before all that follows it.
_BEGINS = lexicon.pattern("clauses.begins", cased=True)
# A denial that agrees ("Couldn't have put it better"), and what it says, in as many letters or fewer.
_IDIOMS = lexicon.pattern("clauses.agreeing_denials")
_MEANT = "agreed"
_GOVERNS = lexicon.pattern("clauses.governs")
_SHORTEST = 3  # words: fewer are no clause of their own ("We are agreed, I think")
# What makes less of its own clause alone: "Rosalind has said she will allocate, so there is nothing left to argue."
_OF_ITS_CLAUSE = frozenset(
    {"report", "belief", "own belief", "supposition", "future", "promise", "old", "history", "wish", "one side"}
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A kind told in one clause of a sentence. ``denied``: something denies it there; ``traps`` are what makes the
    clause mean less than it says."""

    kind: ClauseKind
    sentence: str
    denied: bool
    traps: frozenset[str]


_KINDS = tuple(ClauseKind(row.name) for row in lexicon.rows("clause"))


@cache
def _wordings(names: Names) -> Wordings:
    """What tells the kinds of clauses, under one procedure's names."""
    return Wordings([[lexicon.loaded().filled(one, names) for one in row.wordings] for row in lexicon.rows("clause")])


def clauses(text: str, names: Names = NOBODY) -> tuple[Clause, ...]:
    """The clauses of ``text`` that tell something of a dispute, sentence by sentence."""
    pieces = (" ".join(piece.split())[:_LONGEST] for piece in sentences(text))
    return tuple(dict.fromkeys(clause for piece in pieces for clause in _in_sentence(piece, names)))


def _in_sentence(sentence: str, names: Names) -> Iterator[Clause]:
    meant = _IDIOMS.sub(lambda said: _MEANT.ljust(len(said[0])), sentence)
    bounds: list[int] = []
    for place, wordings in _wordings(names).standing(meant):
        kind = _KINDS[place]
        for met in every(wordings, meant):
            bounds = bounds or _bounds(sentence)
            start = max(at for at in bounds if at <= met.start)
            near = sentence[start : min((at for at in bounds if at >= met.end), default=len(sentence))]
            clouds = _clouds(kind, sentence, near, sentence[start : met.start])
            yield Clause(kind, sentence, _is_denied(kind, meant, met), clouds)


def _clouds(kind: ClauseKind, sentence: str, near: str, before: str) -> frozenset[str]:
    """What makes a clause mean less than it says: in itself, or anywhere in its sentence."""
    traps = traps_in_request if kind in _REQUESTS else traps_in
    found = {trap for trap in traps(sentence) if trap not in _OF_ITS_CLAUSE} | (traps(near) & _OF_ITS_CLAUSE)
    if _is_of_another(kind, sentence):
        found.add("another matter")
    if _TWICE.search(sentence):
        found.add("denied twice")
    if kind in _SPOKEN_FOR and _ANOTHERS.search(before):
        found.add("somebody else's")
    return frozenset(found)


def _bounds(sentence: str) -> list[int]:
    """Where the clauses of a sentence begin. A few words are none ("…, I think"), and what governs all that follows it
    ("According to Tobias, …") belongs to what it governs."""
    found = [0]
    for begin in _BEGINS.finditer(sentence):
        before, after = sentence[found[-1] : begin.start()], sentence[begin.end() :]
        hedged = _GOVERNS.match(before) or _GOVERNS.match(after)
        if not hedged and min(len(before.split()), len(after.split())) >= _SHORTEST:
            found.append(begin.start())
    return found


def _is_of_another(kind: ClauseKind, sentence: str) -> bool:
    if kind is ClauseKind.WITHDRAWN and is_withdrawn_otherwise(sentence):
        return True
    return kind in _WITH_AN_OBJECT and is_of_another(sentence)


def _is_denied(kind: ClauseKind, sentence: str, met: Met) -> bool:
    if kind in _SAYS_NO:
        return False
    if (own := _DENIAL.search(met.words)) is not None:  # "no objection": its own denial is what it says
        return kind is ClauseKind.UP and " " in met.words[: own.start()].strip()  # "please don't send it up"
    before = _BREAK.split(sentence[max(0, met.start - _REACH) : met.start])[-1]
    return _NEGATION.search(before) is not None
