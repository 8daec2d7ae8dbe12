"""Acts by their words: how much the words of a sentence, and those of the message round it, speak for one act there.

The second reader's own weights tell what a sentence means to say, whoever writes it and whenever. This table was learnt
from whole messages, in the state of things that they came into, and weighs runs of up to three words for one act at a
time: "yes" is worth more beside a proposal than beside a date. What it says is one of the things that the small trees
ask about; it decides nothing by itself.

The table can be read line by line (``mailbot/reader/acts.tsv``): a run of words, then its weight for each act, in
hundredths. ``w``, ``b``, ``t`` are runs of one, two, three words of the sentence, ``o`` a word anywhere in the message.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt

BEFORE_ANYTHING = "any"  # before anything is asked
_HUNDREDTHS = 100.0


def runs_of(words: Sequence[str]) -> Iterator[str]:
    """The runs of words of a sentence by which acts are weighed; ``<`` and ``>`` stand for its ends."""
    ended = ("<", *words, ">")
    yield from (f"w {word}" for word in words)
    yield from (f"b {a} {b}" for a, b in pairwise(ended))
    yield from (f"t {a} {b} {c}" for a, b, c in zip(ended, ended[1:], ended[2:], strict=False))


def words_beside(words: Sequence[str]) -> Iterator[str]:
    """The words of the whole message by which acts are weighed."""
    return (f"o {word}" for word in words)


class ActsByWords:
    """The table. Its first line gives each act a letter ("confirm_resolution=a")."""

    def __init__(self, table: str) -> None:
        """Raises ValueError for a table that is not one."""
        head, *rows = table.split("\n")
        feature, _, named = head.partition("\t")
        self._letters = {act: letter for act, _, letter in (one.partition("=") for one in named.split())}
        if feature != "feature" or not all(self._letters.values()):
            raise ValueError("its first line does not name the acts")
        self._rows = dict(row.split("\t", 1) for row in rows if row)
        self._known: dict[str, dict[str, float]] = {}

    def speak(self, act: str, said: Sequence[str], own: Sequence[str]) -> float:
        """How much the words ``said`` in a sentence, of a message whose words are ``own``, speak for an act: over 0 for
        it, under 0 against it."""
        letter = self._letters.get(act, "")
        here, beside = frozenset(runs_of(said)), frozenset(words_beside(own))
        return (
            self._weight(BEFORE_ANYTHING).get(letter, 0.0)
            + sum(self._weight(one).get(letter, 0.0) for one in here) / sqrt(len(here) or 1)
            + sum(self._weight(one).get(letter, 0.0) for one in beside) / sqrt(len(beside) or 1)
        )

    def _weight(self, feature: str) -> dict[str, float]:
        found = self._known.get(feature)
        if found is None:
            row = self._rows.get(feature)
            if row is None:
                return _NONE
            found = {cell[0]: int(cell[1:]) / _HUNDREDTHS for cell in row.split()}
            self._known[feature] = found
        return found


_NONE: dict[str, float] = {}
