"""Small numbers hidden, so that a published table points to no child, and cannot be worked back from its totals.

A count under five is shown as "under 5", nought too: then "under 5" does not say that somebody is there. The totals
beside a table can give a hidden number away all the same. Whether they do is found out exactly, and not by a rule of
thumb: a hidden number can be one more or one less, every total still right, if and only if it lies on a cycle of
hidden numbers along which the others give way (each is an edge between its row and its column).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

FEWEST_SHOWN = 5
UNDER = f"under {FEWEST_SHOWN}"
_MOST_HIDDEN = FEWEST_SHOWN - 1
Numbers = Sequence[Sequence[int | None]]  # None where there can be nothing: an agency does not dispute with itself


@dataclass(frozen=True, slots=True)
class Grid:
    """``cells`` as they may be shown, "" where there can be nothing. Totals are () where they would give a hidden
    number away; ``cells`` is () too where nothing may be shown at all."""

    cells: tuple[tuple[str, ...], ...]
    row_totals: tuple[str, ...] = ()
    column_totals: tuple[str, ...] = ()
    total: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A number that is not shown, with the two totals it is part of: by row and by column."""

    row: int
    column: int
    number: int


def number_shown(number: int) -> str:
    return UNDER if number < FEWEST_SHOWN else str(number)


def open_grid(numbers: Numbers) -> Grid:
    """Everything, for whoever may see the disputes themselves."""
    cells = tuple(tuple("" if n is None else str(n) for n in row) for row in numbers)
    return Grid(cells, *_totals(numbers, str), str(_sum(numbers)))


def suppressed_grid(numbers: Numbers) -> Grid:
    """A table's ``numbers`` with the small ones hidden, and as many totals as may be told, small ones
    hidden like any other count. The sum of all is taken as known."""
    present = ((r, c, n) for r, row in enumerate(numbers) for c, n in enumerate(row) if n is not None)
    hidden = [Hidden(r, c, n) for r, c, n in present if n < FEWEST_SHOWN]
    cells = tuple(tuple("" if n is None else number_shown(n) for n in row) for row in numbers)
    if not is_derivable(hidden):
        return Grid(cells, *_totals(numbers, number_shown), number_shown(_sum(numbers)))
    by_the_sum_alone = [Hidden(0, 0, one.number) for one in hidden]
    return Grid(()) if is_derivable(by_the_sum_alone) else Grid(cells)


def suppressed_row(numbers: Sequence[int]) -> tuple[str, ...]:
    """A list of counts with the small numbers hidden, its sum known; () where one that is hidden could be
    worked out from the rest."""
    hidden = [Hidden(0, 0, number) for number in numbers if number < FEWEST_SHOWN]
    return () if is_derivable(hidden) else tuple(number_shown(number) for number in numbers)


def is_derivable(hidden: Sequence[Hidden]) -> bool:
    """Can a hidden small number that is not nought be worked out from its totals, knowing that each is under five?"""
    return any(one.number and not _gives_way(hidden, place) for place, one in enumerate(hidden))


def _gives_way(hidden: Sequence[Hidden], place: int) -> bool:
    one = hidden[place]
    others = [*hidden[:place], *hidden[place + 1 :]]
    row, column = ("row", one.row), ("column", one.column)
    more = one.number < _MOST_HIDDEN and row in _reached(others, column)
    return more or column in _reached(others, row)


def _reached(hidden: Sequence[Hidden], start: tuple[str, int]) -> set[tuple[str, int]]:
    """How far a change of one hidden small number at ``start`` can be passed on: row to column by one more,
    column to row by one less."""
    found, waiting = {start}, [start]
    while waiting:
        kind, number = waiting.pop()
        for one in hidden:
            if kind == "row" and one.row == number and one.number < _MOST_HIDDEN:
                further = ("column", one.column)
            elif kind == "column" and one.column == number and one.number > 0:
                further = ("row", one.row)
            else:
                continue
            if further not in found:
                found.add(further)
                waiting.append(further)
    return found


def _totals(numbers: Numbers, shown: Callable[[int], str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = tuple(shown(sum(n or 0 for n in row)) for row in numbers)
    return rows, tuple(shown(sum(n or 0 for n in column)) for column in zip(*numbers, strict=True))


def _sum(numbers: Numbers) -> int:
    return sum(n or 0 for row in numbers for n in row)
