"""Small trees that add up: how likely something is, beside what the second reader hears, by what speaks for and against
it.

Each tree asks a few times whether one thing speaks more than so much, and ends at a number; the numbers of all trees,
added up, are the weight of it all. ``make train`` grows them; the table can be read line by line
(``mailbot/reader/trees.tsv``)::

    -2.31                                   before anything is asked
    own	1.24	3	0.02               tree 1, line 0: "own" at most 1.24? The next line; else line 3. So far: 0.02
    -0.05                                   an end

A tree's lines are counted from 0, and an empty line stands between two trees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any


@dataclass(frozen=True, slots=True)
class Fork:
    """One line of a tree: what it asks for (``name`` "" at an end), up to which value the next line follows, which line
    follows otherwise, and what all that comes here is worth on the whole."""

    name: str
    most: float
    otherwise: int
    worth: float


class Trees:
    """All trees of a table, in which a thing that does not speak counts as 0."""

    def __init__(self, table: str) -> None:
        """Raises ValueError for a table that is not one."""
        head, *blocks = table.strip("\n").split("\n\n")
        self._before = float(head)
        self._trees = tuple(tuple(map(_fork, block.split("\n"))) for block in blocks)
        for tree in self._trees:
            if any(fork.name and not at < fork.otherwise < len(tree) for at, fork in enumerate(tree)):
                raise ValueError("a line of a tree leads nowhere")
        self._names = tuple(dict.fromkeys(fork.name for tree in self._trees for fork in tree if fork.name))
        places = {name: place for place, name in enumerate(self._names)}
        self._followed = tuple(_followed(tree, 0, places) for tree in self._trees)

    def likely(self, speaks: Mapping[str, float]) -> float:
        """How likely it is, 0 to 1, when this speaks for and against it."""
        total = self._before
        values = [speaks.get(name, 0.0) for name in self._names]
        for node in self._followed:
            while node.__class__ is tuple:
                place, most, below, above = node
                node = below if values[place] <= most else above
            total += node
        return 1 / (1 + exp(-max(min(total, 30.0), -30.0)))

    def because(self, speaks: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """What each thing adds to the weight, or takes from it, the most first: each answer changes what is to be
        expected, and the change is put down to what was asked."""
        added: dict[str, float] = {}
        for tree in self._trees:
            fork, at = tree[0], 0
            while fork.name:
                at = at + 1 if speaks.get(fork.name, 0.0) <= fork.most else fork.otherwise
                added[fork.name] = added.get(fork.name, 0.0) + tree[at].worth - fork.worth
                fork = tree[at]
        return tuple(sorted(added.items(), key=lambda one: (-abs(one[1]), one[0])))


def _followed(tree: tuple[Fork, ...], at: int, places: Mapping[str, int]) -> Any:
    """One of the small trees as it is followed in half the time that it takes line by line: the place of what is
    asked, up to which value, and what follows below and above it; at an end, what it is worth."""
    fork = tree[at]
    if not fork.name:
        return fork.worth
    below, above = _followed(tree, at + 1, places), _followed(tree, fork.otherwise, places)
    return places[fork.name], fork.most, below, above


def _fork(line: str) -> Fork:
    cells = line.split("\t")
    if len(cells) == 1:
        return Fork("", 0.0, 0, float(line))
    name, most, otherwise, worth = cells
    return Fork(name, float(most), int(otherwise), float(worth))
