"""Several disputes in one message: which words are said of which, by the reference or the child that they name.

"J.T. is settled. A.K. isn't, please escalate that one." A sentence that names one dispute is said of it, and so is what
follows until another is named; one that names both, side by side or with "both", is said of each. What names none is
said of the dispute in whose thread it stands. Where that cannot be told, nothing is taken apart.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from mailbot.core.record.dispute import Dispute
from mailbot.mail.text.spelling_and_sentences import sentences

_LETTERS = re.compile(r"\b([A-Z])(?:\.\s?|[a-z'-]*\s+)([A-Z])(?:\b|\.)")
_ALL_OF_THEM = re.compile(r"\b(?:both|each|all (?:two|three|four)|the (?:two|three|four))\b", re.I)
_SIDE_BY_SIDE = re.compile(r"\s*(?:,|/|&|\+|and|as well as|, and)\s*", re.I)
_NEXT_CLAUSE = re.compile(
    r"(?:[,;:]\s+|\s+[-–—]\s+|\s+)(?:but|while|whereas|however|though|and)\s+|;\s+|\s+[-–—]\s+|(?<=\.)\s+(?=(?-i:[A-Z]))",
    re.I,
)
_NOT_LETTERS = frozenset({"A", "I"})  # a word by itself: "a", "I"


def how_it_is_called(dispute: Dispute) -> re.Pattern[str] | None:
    """How several disputes are told apart in words: the reference of this one, and its child by their initials in any
    spelling ("J.T.", "JT", "J T", "J" alone); None where its child's initials are not known."""
    found = _LETTERS.search(dispute.child)
    if found is None:
        return None
    first, last = found[1], found[2]
    number = re.escape(dispute.reference).replace(r"\-", r"\s?[-–—‑ ]\s?")
    alone = rf"{first}(?=['’]s\b)" if first in _NOT_LETTERS else rf"{first}(?=['’]s\b|[\s,;:!?)]|\.\s|\.?$)"
    letters = rf"(?<![A-Za-z.])(?:{first}\.?\s?{last}(?![A-Za-z])\.?|{alone})"
    return re.compile(rf"(?<![A-Za-z0-9]){number}(?!\d)|{letters}", re.M)


def with_its_name_left_out(text: str, dispute: Dispute | None) -> str:
    """``text``, in which a dispute called by its name is "this dispute": "withdraw the one about A.K.", where others
    are open as well."""
    names = how_it_is_called(dispute) if dispute is not None else None
    if names is None:
        return text
    matter = r"(?:one|case|dispute|escalation|matter)"
    called = rf"(?:\bthe )?(?:{matter} (?:about|for|on|re|with) )?(?:{names.pattern})(?: {matter}\b)?"
    return re.sub(called, "this dispute", text, flags=re.M)


def words_of_each(own: str, here: Dispute, others: Iterable[Dispute]) -> Mapping[str, str]:
    """Of several disputes, by reference, what ``own`` says of each that it names, and of ``here``, in whose thread it
    stands; empty where it names none of ``others``, or cannot be taken apart."""
    known = {one.reference: names for one in (here, *others) if (names := how_it_is_called(one)) is not None}
    if not _can_be_told_apart(here, others) or not any(
        names.search(own) for reference, names in known.items() if reference != here.reference
    ):
        return {}
    said: dict[str, list[str]] = {}
    now: tuple[str, ...] = (here.reference,)
    for sentence in sentences(own):
        for piece in _pieces(sentence, known):
            now = _said_of(piece, known) or now
            if len(now) > 1 and not _is_said_of_all(piece, known):
                return {}
            for reference in now:
                said.setdefault(reference, []).append(piece)
    return {reference: "\n".join(pieces) for reference, pieces in said.items()}


_GOES_ON = re.compile(
    r"\W*(?:carr(?:y|ies) on|goes on|stays? (?:open|as it is|put)|remains? open|continues|no change|(?:is )?unchanged"
    r"|is (?:still )?(?:on|open|going|live)|isn['’]t|is not)"
    r"(?: (?:for now|as before|though|please|still|yet|as is))*\W*",
    re.I,
)


def goes_on_as_before(words: str, dispute: Dispute) -> bool:
    """Do words of a message about several disputes say of this one no more than that it goes on: "J's carries on"?"""
    names = how_it_is_called(dispute)
    return (
        names is not None
        and _GOES_ON.fullmatch(re.sub(rf"(?:for |to |in |on )?(?:{names.pattern})(?:['’]s)?", "", words, flags=re.M))
        is not None
    )


def _can_be_told_apart(here: Dispute, others: Iterable[Dispute]) -> bool:
    initials = [_LETTERS.search(one.child) for one in (here, *others)]
    known = [(found[1], found[2]) for found in initials if found is not None]
    return len(known) == len(initials) and len({first for first, _ in known}) == len(known)


def _said_of(piece: str, known: Mapping[str, re.Pattern[str]]) -> tuple[str, ...]:
    """Of which of several disputes a piece is said: those that it names; all of them, where it says so."""
    named = tuple(reference for reference, names in known.items() if names.search(piece))
    return tuple(known) if not named and len(known) > 1 and _BOTH_ALONE.search(piece) else named


_BOTH_ALONE = re.compile(r"\b(?:both|each) (?:of (?:them|these|those)|(?:cases|disputes|children))\b", re.I)


def _is_said_of_all(piece: str, known: Mapping[str, re.Pattern[str]]) -> bool:
    """Is a piece that names several disputes said of each: side by side ("J.T. and A.K."), or with "both"?"""
    if _ALL_OF_THEM.search(piece):
        return True
    places = sorted((found.start(), found.end()) for names in known.values() for found in names.finditer(piece))
    return all(_SIDE_BY_SIDE.fullmatch(piece[a[1] : b[0]]) for a, b in pairwise(places))


def _pieces(sentence: str, known: Mapping[str, re.Pattern[str]]) -> Sequence[str]:
    """A sentence that names several disputes, clause by clause, where each clause names no more than one."""
    if len(_said_of(sentence, known)) < 2 or _is_said_of_all(sentence, known):
        return (sentence,)
    clauses, start = [], 0
    for joint in _NEXT_CLAUSE.finditer(sentence):
        clauses.append(sentence[start : joint.start()])
        start = joint.end()
    clauses.append(sentence[start:])
    clauses = [clause.strip() for clause in clauses if clause.strip(" ,;:.-")]
    each = all(len(_said_of(clause, known)) <= 1 for clause in clauses)
    return clauses if each and len(clauses) > 1 else (sentence,)
