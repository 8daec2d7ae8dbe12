"""Small numbers hidden: what is not shown cannot be worked out from what is."""

from itertools import product
from random import Random

from mailbot.core.reports.small_numbers import Hidden, is_derivable, suppressed_grid, suppressed_row

UNDER_FIVE = range(5)


def test_a_small_number_is_not_shown_and_a_large_one_is() -> None:
    assert suppressed_row([12, 3, 0, 7, 2]) == ("12", "under 5", "under 5", "7", "under 5")


def test_one_small_number_alone_would_be_the_sum_less_the_rest() -> None:
    assert suppressed_row([12, 3, 7]) == ()


def test_two_that_make_eight_are_four_and_four() -> None:
    assert suppressed_row([4, 4, 9]) == ()
    assert suppressed_row([4, 3, 9]) == ("under 5", "under 5", "9")


def test_totals_are_left_out_where_they_would_tell() -> None:
    """The first row has one small number beside a large one: its total gives it away."""
    grid = suppressed_grid([[None, 3, 8], [2, None, 1], [1, 2, None]])
    assert grid.cells == (("", "under 5", "8"), ("under 5", "", "under 5"), ("under 5", "under 5", ""))
    assert (grid.row_totals, grid.column_totals) == ((), ())


def test_totals_are_told_where_they_give_nothing_away() -> None:
    """A total under five is hidden as any other count is."""
    grid = suppressed_grid([[3, 1], [2, 2]])
    assert (grid.row_totals, grid.column_totals, grid.total) == (("under 5", "under 5"), ("5", "under 5"), "8")


def _feasible(numbers: list[list[int | None]], totals: bool) -> dict[tuple[int, int], set[int]]:
    """Every value each hidden cell can have, by trying all of them: what a patient reader could find out."""
    places = [(r, c) for r, row in enumerate(numbers) for c, n in enumerate(row) if n is not None and n < 5]
    true = [numbers[r][c] or 0 for r, c in places]
    found: dict[tuple[int, int], set[int]] = {place: set() for place in places}
    for tried in product(UNDER_FIVE, repeat=len(places)):
        if sum(tried) != sum(true):
            continue
        if totals and any(
            sum(t for t, p in zip(tried, places, strict=True) if p[axis] == line)
            != sum(t for t, p in zip(true, places, strict=True) if p[axis] == line)
            for axis in (0, 1)
            for line in {p[axis] for p in places}
        ):
            continue
        for place, value in zip(places, tried, strict=True):
            found[place].add(value)
    return found


def test_no_hidden_number_can_be_worked_out_by_trying_everything() -> None:
    """150 small tables: whatever was shown, each hidden number that is not nought could be another."""
    draw, shown = Random(20260907), 0
    for _ in range(150):
        size = draw.choice((2, 3))
        numbers: list[list[int | None]] = [
            [None if r == c and draw.random() < 0.5 else draw.choice((0, 0, 1, 2, 4, 6, 11)) for c in range(size)]
            for r in range(size)
        ]
        if sum(n is not None and n < 5 for row in numbers for n in row) > 6:
            continue
        grid = suppressed_grid(numbers)
        if not grid.cells:
            continue
        shown += 1
        for (row, column), values in _feasible(numbers, bool(grid.row_totals)).items():
            assert numbers[row][column] == 0 or len(values) > 1, (numbers, row, column)
    assert shown > 60, "most tables can be shown one way or another"


def test_the_cycle_rule_agrees_with_trying_everything() -> None:
    draw = Random(7)
    for _ in range(100):
        numbers: list[list[int | None]] = [[draw.choice((0, 1, 3, 4, 9)) for _ in range(2)] for _ in range(3)]
        hidden = [
            Hidden(r, c, n) for r, row in enumerate(numbers) for c, n in enumerate(row) if n is not None and n < 5
        ]
        tried = _feasible(numbers, totals=True)
        derivable = any((numbers[r][c] or 0) > 0 and len(values) == 1 for (r, c), values in tried.items())
        assert is_derivable(hidden) is derivable, numbers
