"""A sieve of wordings: which of the lexicon's expressions can stand in a sentence at all, told in one pass over it.

Most wordings need some letters in a row ("res", "wit") without which they cannot match. The sieve knows three such
letters of each, or of each of its alternatives, and looks every three letters of a sentence up once; only what is left
is searched for. It sifts out nothing that could match: what needs no letters is always left.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as says  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_TOGETHER = 3  # letters
_OFTEN = "etaoinshrdlu "


class Sieve:
    """A sieve of ``wordings``, each by its place; what is left of them in a text is a number with a bit for each."""

    def __init__(self, wordings: Sequence[str]) -> None:
        self._always = 0
        self._by_letters: dict[str, int] = {}
        for place, wording in enumerate(wordings):
            letters = letters_needed(wording)
            if letters is None:
                self._always |= 1 << place
            for one in letters or ():
                self._by_letters[one] = self._by_letters.get(one, 0) | 1 << place

    def left(self, text: str) -> int:
        """What the sieve leaves of the wordings, as bits by their places."""
        low, known, found = text.casefold(), self._by_letters.get, self._always
        for at in range(len(low) - _TOGETHER + 1):
            found |= known(low[at : at + _TOGETHER], 0)
        return found


def letters_needed(wording: str) -> frozenset[str] | None:
    """For the sieve: groups of three letters, one of which stands in every text in which the wording does; None where
    there are none."""
    return _needed(_parser.parse(wording, re.IGNORECASE))


def _needed(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found: list[frozenset[str]] = []
    run = ""
    for kind, told in parsed:
        if kind is says.LITERAL:
            run += chr(told).casefold()
            continue
        if kind in (says.AT, says.ASSERT, says.ASSERT_NOT):
            continue  # they take up no room
        found += _rarest(run)
        run = ""
        inner = _inside(kind, told)
        found += [inner] if inner is not None else []
    found += _rarest(run)
    return min(found, key=lambda letters: (len(letters), sorted(letters)), default=None)


def _inside(kind: Any, told: Any) -> frozenset[str] | None:
    if kind is says.BRANCH:
        each = [_needed(branch) for branch in told[1]]
        known = [letters for letters in each if letters is not None]
        return frozenset().union(*known) if len(known) == len(each) else None
    if kind is says.SUBPATTERN:
        return _needed(told[-1])
    if kind in (says.MAX_REPEAT, says.MIN_REPEAT) and told[0] > 0:
        return _needed(told[2])
    return None


def _rarest(run: str) -> list[frozenset[str]]:
    """Of letters in a row, the three that stand together least often."""
    pieces = [run[at : at + _TOGETHER] for at in range(len(run) - _TOGETHER + 1)]
    return [frozenset({min(pieces, key=lambda piece: (sum(c in _OFTEN for c in piece), piece))})] if pieces else []
