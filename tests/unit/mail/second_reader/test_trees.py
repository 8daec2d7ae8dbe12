"""Trees that add up: what they make of what speaks, why, and which tables are none."""

from math import exp

import pytest

from mailbot.mail.second_reader.trees import Trees

# Before anything: -1. The first tree asks for "own", and where it is loud for "question"; the second for "alone".
TABLE = "-1.0\n\nown\t0.5\t2\t0.2\n-0.4\nquestion\t0.0\t4\t0.9\n1.5\n-0.8\n\nalone\t0.0\t2\t0.1\n0.0\n0.3\n"


@pytest.mark.parametrize(
    ("speaks", "weight"),
    [
        ({}, -1.4),
        ({"own": 0.5}, -1.4),  # "at most" is still the next line
        ({"own": 2.0}, 0.5),
        ({"own": 2.0, "question": 1.0}, -1.8),
        ({"own": 2.0, "alone": 1.0}, 0.8),
        ({"of something else": 9.0}, -1.4),
    ],
)
def test_the_ends_of_all_trees_are_added_up(speaks: dict[str, float], weight: float) -> None:
    assert Trees(TABLE).likely(speaks) == pytest.approx(1 / (1 + exp(-weight)))


def test_what_was_asked_last_is_told_by_how_much_it_changed_the_weight_the_most_first() -> None:
    because = Trees(TABLE).because({"own": 2.0, "question": 1.0})
    assert [(name, round(by, 2)) for name, by in because] == [("question", -1.7), ("own", 0.7), ("alone", -0.1)]


@pytest.mark.parametrize(
    "table", ["", "own\t0.5\t2\t0.2", "-1.0\n\nown\t0.5\t9\t0.2\n-0.4\n1.5", "-1.0\n\nown\t0.5\n1"]
)
def test_a_table_that_leads_nowhere_is_none(table: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Trees(table)
